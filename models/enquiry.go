package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// Enquiry is a letter to a gateway's staff about an order in doubt, and what they
// wrote back (features.md X3). It proves nothing by itself: its reply is evidence
// for two people.
type Enquiry struct {
	ID        int64
	PayoutID  PayoutID
	Language  string
	Channel   string
	Person    string // at the gateway
	Text      string
	SentAt    time.Time `gorm:"serializer:ms"`
	SentBy    PersonID
	NotedAt   time.Time `gorm:"serializer:ms"`
	Reply     string
	RepliedBy string    // at the gateway
	RepliedAt time.Time `gorm:"serializer:ms"`
	FiledBy   *PersonID
}

// Channels are the ways in which a gateway's staff are written to.
var Channels = []string{"mail", "chat", "phone", "portal"}

// Waits says whether nobody has answered yet.
func (e Enquiry) Waits() bool { return e.RepliedAt.IsZero() }

// InWriting says whether the reply can be evidence that a verdict calls "in
// writing" (screens.md 4): what was heard on the phone is not.
func (e Enquiry) InWriting() bool { return e.Channel != "phone" }

// CheckEnquire says whether the person may tell that the gateway's staff were
// asked about the order. Not its maker: the reply becomes evidence (I4).
func (p Payout) CheckEnquire(by Person) error {
	if err := may(by, VerbVerdict); err != nil {
		return err
	}
	switch {
	case p.MadeBy(by.ID):
		return Refuse(Forbidden, "verdict.maker")
	case p.Outcome != Unclear && !p.Clash:
		return Refuse(Conflict, "verdict.not_in_doubt")
	}
	return nil
}

// CheckReply says whether the person may file what the staff answered. It may
// come when the order is settled already, and is kept all the same.
func (p Payout) CheckReply(by Person, e Enquiry) error {
	if err := may(by, VerbVerdict); err != nil {
		return err
	}
	switch {
	case p.MadeBy(by.ID):
		return Refuse(Forbidden, "verdict.maker")
	case !e.Waits():
		return Refuse(Conflict, "enquiry.answered")
	}
	return nil
}

// AddEnquiry keeps a letter that was sent.
func AddEnquiry(tx *gorm.DB, e *Enquiry) error { return tx.Create(e).Error }

// FileReply keeps what the staff answered, once.
func FileReply(tx *gorm.DB, e *Enquiry) error {
	result := tx.Model(e).Where("replied_at = 0").Select("reply", "replied_by", "replied_at", "filed_by").Updates(e)
	if result.Error != nil {
		return result.Error
	}
	if result.RowsAffected != 1 {
		return Refuse(Conflict, "enquiry.answered")
	}
	return nil
}

// Enquiries lists the letters about an order, the newest first.
func Enquiries(db *gorm.DB, id PayoutID) ([]Enquiry, error) {
	var all []Enquiry
	err := db.Where("payout_id = ?", id).Order("id DESC").Find(&all).Error
	return all, err
}

// FindEnquiry reads one letter about the order.
func FindEnquiry(db *gorm.DB, payout PayoutID, id int64) (Enquiry, error) {
	all, err := Enquiries(db, payout)
	if err != nil {
		return Enquiry{}, err
	}
	at := slices.IndexFunc(all, func(e Enquiry) bool { return e.ID == id })
	if at < 0 {
		return Enquiry{}, Refuse(Missing, "enquiry.missing")
	}
	return all[at], nil
}

// LastEnquiries gives the newest letter about each of the orders that has one,
// without its text.
func LastEnquiries(db *gorm.DB, ids []PayoutID) (map[PayoutID]Enquiry, error) {
	var all []Enquiry
	err := db.Omit("text", "reply").Where("payout_id IN ?", ids).Order("id").Find(&all).Error
	last := map[PayoutID]Enquiry{}
	for _, e := range all {
		last[e.PayoutID] = e
	}
	return last, err
}
