package bundle

import (
	"archive/zip"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"time"
)

// ErrTooLarge is a bundle that grew beyond what the checker reads.
var ErrTooLarge = errors.New("the bundle is larger than 8 GB: take two of shorter periods")

// Archive writes a bundle of a period, file by file. It keeps no file, but its digest.
type Archive struct {
	Bytes  int64 // of the files so far
	Files  int
	zip    *zip.Writer
	listed []Listed
}

// NewArchive begins one.
func NewArchive(to io.Writer) *Archive { return &Archive{zip: zip.NewWriter(to)} }

// Add writes a file that the manifest names.
func (a *Archive) Add(name string, content []byte) error {
	a.listed = append(a.listed, Listed{name, len(content), digest(content)})
	return a.write(name, content)
}

// AddOrder writes the folder of an order. The manifest names the folder's own, which
// names its files.
func (a *Archive) AddOrder(orderNo string, files map[string][]byte) error {
	own := make([]Listed, 0, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content, name := files[name], OrderFolder(orderNo)+name
		own = append(own, Listed{name, len(content), digest(content)})
		if err := a.write(name, content); err != nil {
			return err
		}
	}
	return a.Add(OrderFolder(orderNo)+ManifestFile, Encode(own))
}

// Manifest lists what was added; from then on nothing can be.
func (a *Archive) Manifest() []byte { return Encode(a.listed) }

// Close writes what holds the files to the head.
func (a *Archive) Close(manifest []byte, head string, proof PeriodProof) error {
	for _, part := range []struct {
		name    string
		content []byte
	}{{ManifestFile, manifest}, {HeadFile, []byte(head)}, {ProofFile, Encode(proof)}} {
		if err := a.write(part.name, part.content); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

func (a *Archive) write(name string, content []byte) error {
	a.Files++
	if a.Bytes += int64(len(content)); a.Bytes > MaxBytes {
		return ErrTooLarge
	}
	entry, err := createEntry(a.zip, name)
	if err != nil {
		return err
	}
	_, err = entry.Write(content)
	return err
}

// createEntry is the one way in which a file stands in a bundle.
func createEntry(to *zip.Writer, name string) (io.Writer, error) {
	return to.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Time{}})
}

// orderOf is the order in whose folder the file is that the manifest names; "" for others.
func orderOf(name string) string {
	folder, file := path.Split(name)
	if file != ManifestFile || path.Dir(path.Clean(folder)) != path.Clean(orderFolder) {
		return ""
	}
	return path.Base(folder)
}
