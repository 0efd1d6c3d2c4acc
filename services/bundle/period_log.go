package bundle

import (
	"bufio"
	"bytes"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"countersign/models"
)

// readFacts reads which orders there are, and of which span of the log.
func (c *periodCheck) readFacts() error {
	if err := c.decode(PeriodFile, &c.Period); err != nil {
		return err
	}
	if err := c.decode(OrdersFile, &c.Orders); err != nil {
		return err
	}
	s, d := c.Period.Span, c.Taken.Details
	if d["from"] != stamp(c.Period.From) || d["until"] != stamp(c.Period.Until) || d["orders"] != fmt.Sprint(len(c.Orders)) || d["last"] != fmt.Sprint(s.Last) {
		return refused("The bundle is not about the period that the log names for it.")
	}
	if s.Start != c.Start.Size || s.Last < s.Start || s.Last-s.Start > MaxEvents || s.Last >= c.Taken.Seq {
		return refused("The span of the log that the bundle names is not the one between its heads.")
	}
	if c.Start.Size > 0 && c.Start.At.Add(time.Second).After(c.Period.From) { // heads are stamped to the second
		return refused("The head at the start was signed after the period had begun: orders before it may be missing.")
	}
	for i, o := range c.Orders {
		if _, twice := c.numbers[o.OrderNo]; twice || c.index[o.PayoutID] > 0 {
			return refused("The order %s is listed twice.", o.OrderNo)
		}
		c.numbers[o.OrderNo], c.index[o.PayoutID] = i+1, i+1
	}
	c.counts = make([]int, len(c.Orders))
	return nil
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// Stamp is how the event of the taking writes a moment.
func Stamp(at time.Time) string { return stamp(at) }

// checkEarlier asks of what was put on record before the span whether it is under the
// head at the start.
func (c *periodCheck) checkEarlier() error {
	var earlier []Leaf
	if err := c.decode(EarlierFile, &earlier); err != nil {
		return err
	}
	f := Found{Head: c.Start}
	for _, leaf := range earlier {
		if c.Start.Size == 0 {
			return refused("Event %d cannot be from before the beginning of the log.", leaf.Event.Seq)
		}
		if err := f.checkLeaf(leaf); err != nil {
			return err
		}
		c.keep(leaf.Event)
	}
	c.Before = len(earlier)
	return nil
}

// keep remembers the events that put passkeys on record.
func (c *periodCheck) keep(e models.Event) {
	if e.Verb == "factor_added" {
		c.keys[e.Seq] = e
	}
}

// checkLog grows the tree from the head at the start by every event of the span, in its
// order, and holds it against the head at the end. So no event of the span is missing, and
// none is in it that was not.
func (c *periodCheck) checkLog() error {
	s := c.Period.Span
	tree, err := models.TreeOf(s.Start, s.Edge)
	if err != nil {
		return refused("The start of the span was altered: %v.", err)
	}
	if root, err := tree.Root(); s.Start > 0 {
		if err != nil || root != c.Start.Root {
			return refused("The start of the span is not the log that its head was signed over.")
		}
		c.passKept(s.Start, root)
	}
	before := s.Before
	for n := 1; c.files[LogFile(n)] != nil; n++ {
		if before, err = c.checkLogFile(n, &tree, before); err != nil {
			return err
		}
	}
	if tree.Size() != s.Last {
		return refused("The log in the bundle ends with event %d, and not with %d.", tree.Size(), s.Last)
	}
	if s.Last == 0 {
		return refused("The bundle holds no events.")
	}
	root, err := tree.Root()
	if err != nil || tlog.CheckTree(c.proof.Last, c.Head.Size, c.Head.Root, s.Last, root) != nil {
		return refused("The events of the span are not those that the head was signed over: one was altered, left out or put in.")
	}
	return c.checkKept()
}

// checkKept asks whether the kept head is one of this log: under the span it is found by
// growing the tree, else by the links.
func (c *periodCheck) checkKept() error {
	if c.keptAt == nil {
		return checkKept(c.Head, c.Kept, c.proof.Links)
	}
	if *c.keptAt != c.Kept.Root {
		return refused("The bundle was taken from another past: its first %d events are not those that the kept head was signed over.", c.Kept.Size)
	}
	return nil
}

func (c *periodCheck) checkLogFile(n int, tree *models.Tree, before []byte) ([]byte, error) {
	text, err := c.content(LogFile(n))
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxReadable)
	for lines.Scan() {
		var line Line
		if err := decodeLine(lines.Bytes(), &line); err != nil {
			return nil, refused("%s was altered: %v.", LogFile(n), err)
		}
		if before, err = c.checkLine(line, tree.Size()+1, before); err != nil {
			return nil, err
		}
		tree.Add(before)
		c.leaves = append(c.leaves, tlog.Hash(before))
		if tree.Size() == c.Kept.Size {
			root, err := tree.Root()
			if err != nil {
				return nil, err
			}
			c.passKept(tree.Size(), root)
		}
	}
	return before, lines.Err()
}

// passKept remembers the root of the tree at the size of the kept head.
func (c *periodCheck) passKept(size int64, root tlog.Hash) {
	if size == c.Kept.Size {
		c.keptAt = &root
	}
}

// checkLine gives the hash of the next event.
func (c *periodCheck) checkLine(line Line, seq int64, before []byte) ([]byte, error) {
	if e := line.Event; e != nil {
		c.owners = append(c.owners, 0)
		c.Told++
		return e.Hash, c.checkTold(*e, seq, before)
	}
	if line.Seq != seq || len(line.Hash) != tlog.HashSize {
		return nil, refused("The log in the bundle has no event %d in its place.", seq)
	}
	owner := c.numbers[line.Order]
	switch {
	case line.Order != "" && owner == 0:
		return nil, refused("Event %d is said to be in the folder of order %s, which the bundle does not have.", seq, line.Order)
	case owner > 0:
		c.counts[owner-1]++
		c.Told++
	case c.Period.Whole:
		return nil, refused("Event %d is named by its hash alone, in a bundle that is to tell every event.", seq)
	default:
		c.Hidden++
	}
	c.owners = append(c.owners, int32(owner))
	return line.Hash, nil
}

// checkTold asks of an event that the log tells whether it says what its hash says, and
// whether it should have been in the folder of an order.
func (c *periodCheck) checkTold(e models.Event, seq int64, before []byte) error {
	switch {
	case e.Seq != seq:
		return refused("The log in the bundle has no event %d in its place.", seq)
	case !e.Follows(before):
		return refused("Event %d was altered: what it says does not come to its hash.", seq)
	case e.PayoutID > 0 && c.index[e.PayoutID] > 0:
		return refused("Event %d is about order %s, and not in its folder.", seq, c.Orders[c.index[e.PayoutID]-1].OrderNo)
	case c.Period.Whole && e.Verb == string(models.MoveDraft) && c.Period.Holds(e.At):
		return refused("The order %s was made in the period and is not in the bundle.", e.SubjectID)
	}
	c.keep(e)
	return nil
}
