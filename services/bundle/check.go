package bundle

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"countersign/models"
	"countersign/services/notary"
)

// Refused is why a bundle proves nothing, as a sentence.
type Refused string

func (r Refused) Error() string { return string(r) }

func refused(format string, args ...any) error { return Refused(fmt.Sprintf(format, args...)) }

// Found is what a sound bundle shows.
type Found struct {
	Dossier   models.Dossier
	Events    []models.Event
	Files     int
	Head      notary.Head // inside the bundle
	Kept      notary.Head // that the outsider has kept
	Reckoned  bool        // the digest of the content was computed again
	Completed int         // events of the order up to the taking
	Signed    []SignedBy  // the approvals that count
	Deeds     []SignedBy  // what else people did who have to sign it
	keys      map[int64]models.Event
}

// Check holds a bundle against a head that was kept and the public key. Every error of
// type Refused is a reason not to believe it.
func Check(whole, keptHead []byte, verifier string) (f Found, err error) {
	files, err := read(whole)
	if err != nil {
		return f, err
	}
	if f.Head, err = notary.Open(files[HeadFile], verifier); err != nil {
		return f, refused("The head in the bundle cannot be believed: %v.", err)
	}
	if f.Kept, err = notary.Open(keptHead, verifier); err != nil {
		return f, refused("The head that was kept cannot be believed: %v.", err)
	}
	var proof Proof
	if err := decode(files[ProofFile], &proof); err != nil {
		return f, refused("%s was altered: %v.", ProofFile, err)
	}
	if err := checkKept(f.Head, f.Kept, proof.Links); err != nil {
		return f, err
	}
	if err := f.checkLeaves(proof.Leaves); err != nil {
		return f, err
	}
	if err := f.checkKeys(proof.Keys); err != nil {
		return f, err
	}
	if err := f.checkManifest(files); err != nil {
		return f, err
	}
	if err := decode(files[FactsFile], &f.Dossier); err != nil {
		return f, refused("%s was altered: %v.", FactsFile, err)
	}
	return f, f.agree(files)
}

// checkKept asks whether the head in the bundle is the kept one, or its continuation.
func checkKept(in, kept notary.Head, links []Link) error {
	switch {
	case kept.Size > in.Size:
		return refused("The kept head stands for %d events and is newer than the bundle, whose head stands for %d: check it with a head of that size, or take the bundle anew.", kept.Size, in.Size)
	case kept.Size == in.Size && kept.Root == in.Root:
		return nil
	case kept.Size == in.Size:
		return refused("The bundle was taken from another past: its head and the kept one stand for %d events each, and those are not the same.", in.Size)
	}
	at := slices.IndexFunc(links, func(l Link) bool { return l.Size == kept.Size })
	if at < 0 {
		return refused("The bundle does not show that its head continues the kept one of %d events: check it with the head of %d events, or take the bundle anew.", kept.Size, in.Size)
	}
	if err := tlog.CheckTree(links[at].Proof, in.Size, in.Root, kept.Size, kept.Root); err != nil {
		return refused("The bundle was taken from another past: its head does not continue the kept one of %d events.", kept.Size)
	}
	return nil
}

// checkLeaves asks of every event whether it says what its hash says, and whether it is
// where it says in the tree of the head.
func (f *Found) checkLeaves(leaves []Leaf) error {
	last := int64(0)
	for _, leaf := range leaves {
		e := leaf.Event
		if e.Seq <= last {
			return refused("Event %d of the bundle is out of its order.", e.Seq)
		}
		last = e.Seq
		if err := f.checkLeaf(leaf); err != nil {
			return err
		}
		f.Events = append(f.Events, e)
	}
	if len(f.Events) < 2 {
		return refused("The bundle holds no events of an order.")
	}
	return nil
}

func (f *Found) checkLeaf(leaf Leaf) error {
	e := leaf.Event
	if !e.Follows(leaf.Before) {
		return refused("Event %d was altered: what it says does not come to its hash.", e.Seq)
	}
	if err := tlog.CheckRecord(leaf.Proof, f.Head.Size, f.Head.Root, e.Seq-1, tlog.RecordHash(e.Hash)); err != nil {
		return refused("Event %d is not in the log that the head was signed over.", e.Seq)
	}
	return nil
}

// checkManifest asks whether the files are those that the last event names, and
// whether all events of the order are there.
func (f *Found) checkManifest(files map[string][]byte) error {
	taken, past := f.Events[len(f.Events)-1], f.Events[:len(f.Events)-1]
	if taken.Verb != "evidence_taken" || taken.Details["manifest"] != digest(files[ManifestFile]) {
		return refused("The manifest is not the one that the log names for this bundle.")
	}
	if taken.Details["events"] != fmt.Sprint(len(past)) || taken.Details["past"] != PastDigest(past) {
		return refused("The bundle does not hold all events of the order, or others.")
	}
	var listed []Listed
	if err := decode(files[ManifestFile], &listed); err != nil {
		return refused("%s was altered: %v.", ManifestFile, err)
	}
	for _, l := range listed {
		content, there := files[l.Name]
		if !there {
			return refused("The file %q is missing.", l.Name)
		}
		if len(content) != l.Size || digest(content) != l.SHA256 {
			return refused("The file %q was altered.", l.Name)
		}
	}
	named := func(name string) bool {
		return slices.ContainsFunc(listed, func(l Listed) bool { return l.Name == name })
	}
	for name := range files {
		if !named(name) && name != ManifestFile && name != ProofFile && name != HeadFile {
			return refused("The file %q does not belong to the bundle.", name)
		}
	}
	f.Files = len(listed)
	for _, e := range f.Events {
		if e.PayoutID != taken.PayoutID {
			return refused("Event %d is about another order.", e.Seq)
		}
	}
	return nil
}

// of lists the events of some verbs.
func (f *Found) of(verbs ...models.Move) (found []models.Event) {
	for _, e := range f.Events {
		if slices.Contains(verbs, models.Move(e.Verb)) {
			found = append(found, e)
		}
	}
	return found
}

// signatures are the approvals that count: those after the last change.
func (f *Found) signatures() (signed []models.Event) {
	for _, e := range f.Events {
		switch models.Move(e.Verb) {
		case models.MoveEdit, models.MoveStop, models.MoveExpire:
			signed = nil
		case models.MoveSign, models.MoveApprove:
			signed = append(signed, e)
		}
	}
	return signed
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Held says which checks hold, for people.
func (f *Found) Held() []string {
	lines := []string{
		fmt.Sprintf("The head in the bundle and the kept one are signed by the key, and the bundle's (%s) is the kept one (%s) or its continuation.",
			plural(int(f.Head.Size), "event", "events"), plural(int(f.Kept.Size), "event", "events")),
		fmt.Sprintf("All %d events in the bundle are leaves of the tree of the head. That the order has no others up to the taking is the word of the installation; a bundle of the period in which it was made shows it.", len(f.Events)),
		fmt.Sprintf("All %d files are, to the byte, those that the log names for this bundle.", f.Files),
		"The events, played through the table of moves, lead to the state that the bundle names.",
	}
	if f.Reckoned {
		lines = append(lines, "The digest that was approved is the digest of the content in the bundle; account numbers stand in it as marks.")
	} else {
		lines = append(lines, "The content was signed before account numbers stood as marks: its digest cannot be computed again without the whole number.")
	}
	lines = append(lines, f.Proofs()...)
	return append(lines, "Every approval and the request that left name that digest; nobody who approved made the order, and nobody approved twice.",
		strings.TrimSpace("What the order's outcome stands on is in the bundle."))
}
