// Package static holds what browsers load: one style sheet joined from css/, the
// scripts, the font, the pictures. Each is named by its content, so that a browser
// may keep it for ever and a new version is a new name.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

//go:embed css fonts icons img js vendor
var files embed.FS

// prefix is where Handler is mounted.
const prefix = "/static/"

// served are the folders whose files a browser may ask for as they are.
var served = []string{"fonts", "img", "js", "vendor"}

// asset is one file in the form in which it leaves.
type asset struct {
	address string // /static/js/theme-1a2b3c4d5e6f.js
	kind    string // content type
	etag    string
	body    []byte
	gzipped []byte // nil where packing gains nothing
}

var byName, byAddress = load()

// Path gives the address of an asset by its name in this folder: "js/theme.js", or
// "app.css" for all style sheets in one. An unknown name is a mistake in our own
// page and stops it, because a page without its styles would look merely broken.
func Path(name string) string {
	found, ok := byName[name]
	if !ok {
		panic(fmt.Sprintf("static: there is no asset named %q", name))
	}
	return found.address
}

// load reads every asset once. The style sheet comes last, for it names the others.
func load() (names, addresses map[string]*asset) {
	names, addresses = map[string]*asset{}, map[string]*asset{}
	add := func(name string, body []byte) {
		made := newAsset(name, body)
		names[name], addresses[made.address] = made, made
	}
	for _, folder := range served {
		for _, name := range filesUnder(folder) {
			add(name, read(name))
		}
	}
	add("app.css", lean(joinCSS(func(name string) string { return names[name].address })))
	return names, addresses
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	return &asset{
		address: prefix + strings.TrimSuffix(name, ext) + "-" + digest + ext,
		kind:    contentType(ext),
		etag:    digest,
		body:    body,
		gzipped: pack(body, ext),
	}
}

// contentType answers for the few kinds we ship; the system's table may lack woff2.
func contentType(ext string) string {
	switch ext {
	case ".woff2":
		return "font/woff2"
	case "":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(ext)
}

func filesUnder(folder string) (names []string) {
	err := fs.WalkDir(files, folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return names
}

func read(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err) // as above
	}
	return body
}
