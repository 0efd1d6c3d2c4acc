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
func (w *walk) checkChain(sent eventRow) {
	for id, ok := w.replaced[PayoutID(sent.payoutID)]; ok; id, ok = w.replaced[id] {
		var before Payout
		if stood := w.folds[id]; stood != nil {
			before.State = *stood
		}
		if before.CheckSuccessor() != nil {
			w.report.find("I14", sent.subjectID, "event %d: it was sent while an order that it replaces was %s", sent.seq, plain(before.State.text()))
		}
		if id == PayoutID(sent.payoutID) {
			return // a chain bent into a ring would hold the check for ever
		}
	}
}
