package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countersign/models"
)

// checkOrders asks of every order what is asked of one in a bundle of its own.
func (c *periodCheck) checkOrders(each func(Found)) error {
	for i, o := range c.Orders {
		f, err := c.checkOrder(i, o)
		if errors.As(err, new(Refused)) {
			return refused("Order %s: %v", o.OrderNo, err)
		}
		if err != nil {
			return err
		}
		for _, s := range f.Signed {
			c.Ways[s.Method]++
		}
		for _, s := range f.Deeds {
			c.Deeds[s.Method]++
		}
		if each != nil {
			each(f)
		}
	}
	return nil
}

func (c *periodCheck) checkOrder(i int, o models.PeriodOrder) (f Found, err error) {
	f = Found{Head: c.Head, Kept: c.Kept, keys: c.keys}
	files, err := c.folder(o.OrderNo)
	if err != nil {
		return f, err
	}
	f.Files = len(files)
	if err := c.checkPast(&f, i, files[EventsFile]); err != nil {
		return f, err
	}
	if err := decode(files[FactsFile], &f.Dossier); err != nil {
		return f, refused("%s was altered: %v.", FactsFile, err)
	}
	if err := f.agree(files); err != nil {
		return f, err
	}
	return f, c.agreeRow(o, f)
}

// folder reads the files of one order, by their names within it.
func (c *periodCheck) folder(orderNo string) (map[string][]byte, error) {
	var own []Listed
	folder := OrderFolder(orderNo)
	if err := c.decode(folder+ManifestFile, &own); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, l := range own {
		content, err := c.content(l.Name)
		if err != nil {
			return nil, err
		}
		name, within := strings.CutPrefix(l.Name, folder)
		if !within {
			return nil, refused("The file %q is not the order's.", l.Name)
		}
		files[name] = content
	}
	return files, nil
}

// checkPast asks whether the folder holds exactly the events that the log leaves to it,
// each to the bit, from the making of the order on.
func (c *periodCheck) checkPast(f *Found, i int, text []byte) error {
	var past []Past
	if err := decode(text, &past); err != nil {
		return refused("%s was altered: %v.", EventsFile, err)
	}
	start, last := c.Period.Span.Start, int64(0)
	for _, p := range past {
		e := p.Event
		at := e.Seq - start - 1
		switch {
		case e.Seq <= last || at < 0 || at >= int64(len(c.leaves)) || c.owners[at] != int32(i+1):
			return refused("Event %d is not one that the log of the bundle leaves to this order.", e.Seq)
		case !e.Follows(p.Before) || !bytes.Equal(e.Hash, c.leaves[at][:]):
			return refused("Event %d was altered: what it says does not come to the hash in the log.", e.Seq)
		case e.PayoutID != c.Orders[i].PayoutID:
			return refused("Event %d is about another order.", e.Seq)
		}
		last = e.Seq
		f.Events = append(f.Events, e)
	}
	if len(past) == 0 || len(past) != c.counts[i] {
		return refused("The log of the bundle leaves %d events to this order, and its folder holds %d.", c.counts[i], len(past))
	}
	if made := f.Events[0]; made.Verb != string(models.MoveDraft) || !c.Period.Holds(made.At) {
		return refused("It was not made in the period.")
	}
	return nil
}

// agreeRow holds the line of the list against the order's own facts.
func (c *periodCheck) agreeRow(o models.PeriodOrder, f Found) error {
	d := f.Dossier
	switch {
	case d.OrderNo != o.OrderNo || d.PayoutID != o.PayoutID || d.State != o.State || d.Content.Amount != o.Amount || d.Gateway != o.Gateway ||
		o.Events != len(f.Events) || o.Past != PastDigest(f.Events) || !o.MadeAt.Equal(f.Events[0].At):
		return refused("The list of the bundle says something else of it than its own facts.")
	case o.Payee != d.Payee || o.Last4 != d.Last4 || o.Maker != d.Maker || !slices.Equal(o.Signers, signersIn(d)),
		d.Details != nil && (o.Details != d.Details.Number || o.PayeeID != d.Details.Payee), d.Policy != nil && o.Policy != d.Policy.Version, d.Policy == nil && o.Policy != 0:
		return refused("The list of the bundle names other people, details or another policy of it than its own facts.")
	case len(c.Period.Accounts) > 0 && !slices.Contains(c.Period.Accounts, d.Gateway),
		len(c.Period.Currencies) > 0 && !slices.Contains(c.Period.Currencies, o.Amount.Currency):
		return refused("It is not one of those that the bundle is about.")
	}
	return nil
}

func signersIn(d models.Dossier) (names []string) {
	for _, a := range d.Approvals {
		names = append(names, a.Person)
	}
	return names
}

// EncodeLine writes a line of the log in the one way that the checker takes.
func EncodeLine(line Line) []byte {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // plain fields always marshal
	}
	return append(text, '\n')
}

func decodeLine(text []byte, into *Line) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if again := EncodeLine(*into); !bytes.Equal(again[:len(again)-1], text) {
		return fmt.Errorf("a line is not written as this program writes it")
	}
	return nil
}

// Held says which checks hold, for people.
func (f *FoundPeriod) Held() []string {
	lines := []string{f.heldHeads(), f.heldSpan()}
	if f.Hidden > 0 {
		lines = append(lines, fmt.Sprintf("%d events of the span are named by their hash alone, because whoever took the bundle, or its filter, leaves them out. That none of them is about one of these orders is the word of the installation, signed into its log with event %d.", f.Hidden, f.Taken.Seq))
	} else {
		lines = append(lines, "Every event of the span is told, so that you see for yourself: no order that was made in the period is missing, and no event of any of them.")
	}
	lines = append(lines,
		fmt.Sprintf("All %d files are, to the byte, those that event %d of the log names for this bundle.", f.Files-3, f.Taken.Seq),
		"Of every order: the events, played through the table of moves, lead to the state that it is said to be in; whoever approved it named the digest of exactly its content, as did the request, which left once at most; nobody approved what they made, or approved it twice; it left with no fewer signatures than its policy asked for; what it is called paid or failed by is in its folder; and every attachment is the one that was attached.")
	lines = append(lines, heldWays("approval was given", "approvals were given", f.Ways)...)
	return append(lines, heldWays("other act that has to be signed (a verdict, a rejection, a hold let go) was done", "other acts that have to be signed (verdicts, rejections, holds let go) were done", f.Deeds)...)
}

func (f *FoundPeriod) heldHeads() string {
	if f.Start.Size == 0 {
		return fmt.Sprintf("The head at the end (%s) is signed by the key, and the kept one (%s) is of the same log. No head was signed before the period, so the log is told from its first event.",
			plural(int(f.Head.Size), "event", "events"), plural(int(f.Kept.Size), "event", "events"))
	}
	return fmt.Sprintf("The head at the start (%s, signed %s) and the one at the end (%s, signed %s) are signed by the key; the second continues the first, and the kept one (%s) is of the same log.",
		plural(int(f.Start.Size), "event", "events"), f.Start.At.Format("2006-01-02 15:04 UTC"), plural(int(f.Head.Size), "event", "events"), f.Head.At.Format("2006-01-02 15:04 UTC"),
		plural(int(f.Kept.Size), "event", "events"))
}

func (f *FoundPeriod) heldSpan() string {
	s := f.Period.Span
	return fmt.Sprintf("The bundle accounts for every event of the log from %d to %d, up to %s: grown from the first head they come to the second.", s.Start+1, s.Last, s.LastAt.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// IsPeriod says whether the file is a bundle of a period.
func IsPeriod(name string) (bool, error) {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return false, refused("The file is not an evidence bundle, or it is damaged: %v.", err)
	}
	defer archive.Close()
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == PeriodFile }), nil
}
