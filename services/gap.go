package services

import (
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/journal"
)

// Gap is what the journal of sends knows and a database does not.
type Gap struct {
	There   bool           // there is a journal
	Needed  bool           // this database has sent, or had a journal
	Last    string         // sum of the last line that was read
	Sends   []journal.Line // requests that left, or were about to, unknown here
	Damaged int            // lines that cannot be read
	BegunAt time.Time      // the journal began then, after the database's last event; zero is well
	Head    int64          // number of the database's last event
	HeadAt  time.Time      // its time
}

// Why is the reason to stop all sending; "" if there is none.
func (g Gap) Why() string {
	switch {
	case !g.There && g.Needed:
		return StopMissing
	case !g.BegunAt.IsZero():
		return StopGap
	case len(g.Sends) > 0:
		return StopRestored
	case g.Damaged > 0:
		return StopDamaged
	}
	return ""
}

// Compare holds a database against the journal and changes neither. The journal is read
// first: whatever it holds by then was committed before.
func Compare(db *gorm.DB, path string) (gap Gap, err error) {
	c := comparing{db: db}
	if gap.There, err = journal.Read(path, c.read); err != nil {
		return gap, err
	}
	if gap.Needed, err = needsJournal(db); err != nil {
		return gap, err
	}
	if gap.Head, gap.HeadAt, err = models.LastEventAt(db); err != nil {
		return gap, err
	}
	gap.Last = c.last
	for _, line := range c.lines {
		if err := gap.add(db, line); err != nil {
			return gap, err
		}
	}
	return gap, nil
}

func needsJournal(db *gorm.DB) (bool, error) {
	mark, err := models.ReadSetting(db, models.SettingJournal)
	if err != nil || mark != "" {
		return true, err
	}
	return models.AnyAttempt(db)
}

// comparing collects the lines of which the journal does not say itself that this
// database knows them.
type comparing struct {
	db    *gorm.DB
	lines []journal.Line
	last  string
}

func (c *comparing) read(line journal.Line) error {
	c.last = line.Sum
	if line.Kind == journal.Known {
		known, err := models.HasEvent(c.db, line.Seq, line.Hash)
		if err != nil {
			return err
		}
		if known {
			c.drop(line.After)
		}
	}
	c.lines = append(c.lines, line)
	return nil
}

// drop forgets the lines up to the one with this sum, the newest that has it.
func (c *comparing) drop(sum string) {
	for i := len(c.lines) - 1; i >= 0; i-- {
		if c.lines[i].Sum == sum {
			c.lines = append([]journal.Line(nil), c.lines[i+1:]...)
			return
		}
	}
}

// add weighs one line: the event that it names is in this database, or was dealt with,
// or the database is older than the line.
func (g *Gap) add(db *gorm.DB, line journal.Line) error {
	switch line.Kind {
	case journal.Known:
		return nil
	case journal.Damaged:
		g.Damaged++
		return nil
	}
	known, err := models.HasEvent(db, line.Seq, line.Hash)
	if err == nil && !known && line.Kind == journal.Sent {
		known, err = models.HasRestoredSend(db, line.OrderNo, line.RequestDigest)
	}
	if err != nil || known {
		return err
	}
	if line.Kind == journal.Begun {
		g.BegunAt = line.At
		return nil
	}
	g.Sends = append(g.Sends, line)
	return nil
}
