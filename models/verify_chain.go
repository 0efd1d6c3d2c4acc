package models

import "gorm.io/gorm"

// replacedBy says which order each one replaces, if it does.
func replacedBy(tx *gorm.DB) (map[PayoutID]PayoutID, error) {
	var links []struct{ ID, ReplacesID PayoutID }
	err := tx.Model(&Payout{}).Where("replaces_id IS NOT NULL").Select("id, replaces_id").Find(&links).Error
	replaced := make(map[PayoutID]PayoutID, len(links))
	for _, link := range links {
		replaced[link.ID] = link.ReplacesID
	}
	return replaced, err
}

// checkChain asks of an order that was sent whether every order before it in the
// chain was out of the way at that moment (I14). How they stand now says nothing:
// late news may have made one of them paid, and two people have settled it since.
// No chain has more links than there are: one bent into a ring ends there too.
func (w *walk) checkChain(sent *eventRow) {
	id := PayoutID(sent.payoutID)
	for range w.replaced {
		before, ok := w.replaced[id]
		if !ok {
			return
		}
		var stood Payout
		if told := w.folds.of(before); told != nil {
			stood.State = *told
		}
		if stood.CheckSuccessor() != nil {
			w.report.find("I14", sent.subjectID, "event %d: it was sent while an order that it replaces was %s", sent.seq, plain(stood.State.text()))
		}
		if id = before; id == PayoutID(sent.payoutID) {
			return
		}
	}
}
