package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"countersign/models"
	"countersign/services/notary"
)

// FoundPeriod is what a sound bundle of a period shows.
type FoundPeriod struct {
	Period models.PeriodDossier
	Orders []models.PeriodOrder
	Taken  models.Event // that names the bundle
	Head   notary.Head  // inside the bundle
	Kept   notary.Head  // that the outsider has kept
	Start  notary.Head  // at the start of the span; the zero one where the log begins with it
	Files  int
	Told   int                       // events of the span that are told, in the log or in an order's folder
	Hidden int                       // events of it that are named by their hash alone
	Before int                       // events from before the span
	Ways   map[models.FactorKind]int // approvals, by how they were signed
	Deeds  map[models.FactorKind]int // and everything else that has to be
}

// periodCheck is a check under way.
type periodCheck struct {
	FoundPeriod
	entries []*zip.File
	files   map[string]*zip.File
	proof   PeriodProof
	index   map[models.PayoutID]int // of the orders
	numbers map[string]int
	counts  []int       // events of each order that the log names
	leaves  []tlog.Hash // hash of each event of the span
	owners  []int32     // whose folder it is in, counted from 1
	keptAt  *tlog.Hash  // root of the tree when it had the kept head's size
	keys    map[int64]models.Event
}

// CheckPeriod holds a bundle of a period against a head that was kept and the public key.
// each is given every order as soon as it is found sound. Every error of type Refused is a
// reason not to believe it.
func CheckPeriod(archive io.ReaderAt, size int64, keptHead []byte, verifier string, each func(Found)) (FoundPeriod, error) {
	c := periodCheck{files: map[string]*zip.File{}, index: map[models.PayoutID]int{}, numbers: map[string]int{}, keys: map[int64]models.Event{}}
	c.Ways, c.Deeds = map[models.FactorKind]int{}, map[models.FactorKind]int{}
	for _, step := range []func() error{
		func() error { return c.open(archive, size) },
		func() error { return c.checkHeads(keptHead, verifier) },
		c.checkFiles, c.readFacts, c.checkEarlier, c.checkLog,
		func() error { return c.checkOrders(each) },
	} {
		if err := step(); err != nil {
			return c.FoundPeriod, err
		}
	}
	return c.FoundPeriod, nil
}

// open reads which files there are; the archive must be exactly as this program writes it.
func (c *periodCheck) open(archive io.ReaderAt, size int64) error {
	if size > 2*MaxBytes {
		return errLarger
	}
	reader, err := zip.NewReader(archive, size)
	if err != nil {
		return refused("The file is not an evidence bundle, or it is damaged: %v.", err)
	}
	if err := checkEntries(reader.File, size); err != nil {
		return err
	}
	c.entries = reader.File
	for _, f := range reader.File {
		c.files[f.Name] = f
	}
	return sameBytes(archive, size, reader.File)
}

// sameBytes packs the files anew and compares, without keeping any.
func sameBytes(archive io.ReaderAt, size int64, files []*zip.File) error {
	is, again := sha256.New(), sha256.New()
	if _, err := io.Copy(is, io.NewSectionReader(archive, 0, size)); err != nil {
		return err
	}
	packed := zip.NewWriter(again)
	for _, f := range files {
		entry, err := createEntry(packed, f.Name)
		if err != nil {
			return err
		}
		if err := copyFile(entry, f); err != nil {
			return refused("The file %q in the bundle was altered: %v.", f.Name, err)
		}
	}
	if err := packed.Close(); err != nil {
		return err
	}
	if !bytes.Equal(is.Sum(nil), again.Sum(nil)) {
		return refused("The bundle holds bytes that this program does not write: it was altered or packed anew.")
	}
	return nil
}

func copyFile(to io.Writer, f *zip.File) error {
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.Copy(to, from)
	return err
}

// content reads a file that is small enough to be held.
func (c *periodCheck) content(name string) ([]byte, error) {
	f := c.files[name]
	if f == nil {
		return nil, refused("The file %q is missing.", name)
	}
	if f.UncompressedSize64 > maxReadable {
		return nil, refused("The file %q is larger than any of an evidence bundle.", name)
	}
	var whole bytes.Buffer
	err := copyFile(&whole, f)
	return whole.Bytes(), err
}

func (c *periodCheck) decode(name string, into any) error {
	text, err := c.content(name)
	if err != nil {
		return err
	}
	if err := decode(text, into); err != nil {
		return refused("%s was altered: %v.", name, err)
	}
	return nil
}

// checkHeads asks whether the heads can be believed, and whether the event that names the
// manifest is under them.
func (c *periodCheck) checkHeads(keptHead []byte, verifier string) (err error) {
	text, err := c.content(HeadFile)
	if err != nil {
		return err
	}
	if c.Head, err = notary.Open(text, verifier); err != nil {
		return refused("The head in the bundle cannot be believed: %v.", err)
	}
	if c.Kept, err = notary.Open(keptHead, verifier); err != nil {
		return refused("The head that was kept cannot be believed: %v.", err)
	}
	if start := c.files[StartFile]; start != nil {
		if text, err = c.content(StartFile); err != nil {
			return err
		}
		if c.Start, err = notary.Open(text, verifier); err != nil {
			return refused("The head at the start of the bundle cannot be believed: %v.", err)
		}
	}
	if err := c.decode(ProofFile, &c.proof); err != nil {
		return err
	}
	c.Taken = c.proof.Taken.Event
	f := Found{Head: c.Head}
	if err := f.checkLeaf(c.proof.Taken); err != nil {
		return err
	}
	if c.Start.Size > 0 && tlog.CheckTree(c.proof.Start, c.Head.Size, c.Head.Root, c.Start.Size, c.Start.Root) != nil {
		return refused("The head at the end does not continue the one at the start.")
	}
	return nil
}

// checkFiles asks whether the files are those that the log names for the bundle, each in
// its place, and no other.
func (c *periodCheck) checkFiles() error {
	manifest, err := c.content(ManifestFile)
	if err != nil {
		return err
	}
	if c.Taken.Verb != "evidence_taken" || c.Taken.Subject != "list" || c.Taken.Details["manifest"] != digest(manifest) {
		return refused("The manifest is not the one that the log names for this bundle.")
	}
	var listed []Listed
	if err := decode(manifest, &listed); err != nil {
		return refused("%s was altered: %v.", ManifestFile, err)
	}
	for _, l := range listed {
		if orderNo := orderOf(l.Name); orderNo != "" {
			if err := c.checkFolder(orderNo); err != nil {
				return err
			}
		}
		if err := c.checkNext(l); err != nil {
			return err
		}
	}
	for _, name := range []string{ManifestFile, HeadFile, ProofFile} {
		if err := c.isNext(name); err != nil {
			return err
		}
	}
	if c.Files < len(c.entries) {
		return refused("The file %q does not belong to the bundle.", c.entries[c.Files].Name)
	}
	return nil
}

// checkFolder asks the same of the files of one order.
func (c *periodCheck) checkFolder(orderNo string) error {
	var own []Listed
	if err := c.decode(OrderFolder(orderNo)+ManifestFile, &own); err != nil {
		return err
	}
	for _, l := range own {
		if err := c.checkNext(l); err != nil {
			return err
		}
	}
	return nil
}

// isNext asks whether the next file of the archive is this one.
func (c *periodCheck) isNext(name string) error {
	if c.files[name] == nil {
		return refused("The file %q is missing.", name)
	}
	if c.Files >= len(c.entries) || c.entries[c.Files].Name != name {
		return refused("The file %q does not belong to the bundle, or not there.", c.entries[min(c.Files, len(c.entries)-1)].Name)
	}
	c.Files++
	return nil
}

func (c *periodCheck) checkNext(l Listed) error {
	if err := c.isNext(l.Name); err != nil {
		return err
	}
	f, is := c.files[l.Name], sha256.New()
	if err := copyFile(is, f); err != nil {
		return refused("The file %q was altered: %v.", l.Name, err)
	}
	if f.UncompressedSize64 != uint64(l.Size) || hex.EncodeToString(is.Sum(nil)) != l.SHA256 {
		return refused("The file %q was altered.", l.Name)
	}
	return nil
}
