// Package bundle is the file that carries the evidence of one order, or of all orders of
// a period, out of this installation, and the checker that needs nothing but that file, a signed head and
// the public key: no database and no server (X14).
//
// Every byte of it hangs on the head. The head is signed; the events are proven to be
// leaves of its tree; the last of them names the digest of the manifest; the manifest
// names the digest of every other file; and the file itself can be written in only one
// way, so that nothing can hide between its parts.
package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"countersign/models"
)

// The parts that the manifest does not name: it is one of them, the others were made
// after it.
const (
	ManifestFile = "manifest.json"
	ProofFile    = "proof.json"
	HeadFile     = "head.txt"
	FactsFile    = "facts.json"
)

// Limits of what the checker reads.
const (
	maxFiles = 5000
	maxBytes = 512 << 20
)

// Listed is one file in the manifest.
type Listed struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Leaf is one event of the order, with what shows that it is a leaf of the tree.
type Leaf struct {
	Event  models.Event     `json:"event"`
	Before []byte           `json:"before"` // hash of the event before it
	Proof  tlog.RecordProof `json:"proof"`
}

// Link shows that an older head is the beginning of this bundle's.
type Link struct {
	Size  int64          `json:"size"`
	Proof tlog.TreeProof `json:"proof"`
}

// Proof is what holds the events to the head.
type Proof struct {
	Leaves []Leaf `json:"leaves"`
	Links  []Link `json:"links"`
	Keys   []Leaf `json:"keys,omitempty"` // events that put the passkeys of those who signed on record
}

// Manifest lists the files with their digests.
func Manifest(files map[string][]byte) []byte {
	listed := make([]Listed, 0, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		listed = append(listed, Listed{name, len(files[name]), digest(files[name])})
	}
	return Encode(listed)
}

// PastDigest stands for all events of the order up to now, so that none can be left out.
func PastDigest(events []models.Event) string {
	h := sha256.New()
	for _, e := range events {
		h.Write(e.Hash)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Encode writes a value in the one way that the checker takes.
func Encode(value any) []byte {
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		panic(err) // plain fields always marshal
	}
	return append(text, '\n')
}

// decode reads what Encode wrote, and nothing else.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if !bytes.Equal(Encode(into), text) {
		return fmt.Errorf("it is not written as this program writes it")
	}
	return nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Write puts the files into one, always in the same bytes.
func Write(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		entry, err := createEntry(archive, name)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}

// read takes a bundle apart; it must be exactly as Write makes it.
func read(whole []byte) (map[string][]byte, error) {
	if len(whole) > maxBytes {
		return nil, errLarger
	}
	archive, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		return nil, refused("The file is not an evidence bundle, or it is damaged: %v.", err)
	}
	if len(archive.File) > maxFiles {
		return nil, errLarger
	}
	if err := checkEntries(archive.File, int64(len(whole))); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		content, err := readEntry(f)
		if err != nil {
			return nil, refused("The file %q in the bundle was altered: %v.", f.Name, err)
		}
		files[f.Name] = content
	}
	again, err := Write(files)
	if err != nil || !bytes.Equal(again, whole) {
		return nil, refused("The bundle holds bytes that this program does not write: it was altered or packed anew.")
	}
	return files, nil
}

const errLarger = Refused("The file is larger than any evidence bundle.")

// checkEntries goes by the list of what is in the archive, before anything of it is read.
// Nothing in a bundle is packed, so all files together are no larger than it: where they
// are said to be, one part of it stands for several files.
func checkEntries(entries []*zip.File, size int64) error {
	seen, left := map[string]bool{}, uint64(size)
	for _, f := range entries {
		if seen[f.Name] || f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 {
			return refused("The file %q is in the bundle twice, or packed in a way that bundles are not.", f.Name)
		}
		if f.UncompressedSize64 > left {
			return refused("The files in the bundle are said to be larger than the bundle itself, in which nothing is packed.")
		}
		seen[f.Name], left = true, left-f.UncompressedSize64
	}
	return nil
}

func readEntry(f *zip.File) ([]byte, error) {
	entry, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer entry.Close()
	return io.ReadAll(io.LimitReader(entry, maxBytes))
}
