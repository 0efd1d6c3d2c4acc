package models

import "gorm.io/gorm"

// EventsOf lists the past of an order, the first event first.
func EventsOf(db *gorm.DB, id PayoutID) ([]Event, error) {
	var all []Event
	err := db.Where("payout_id = ? AND payout_id > 0", id).Order("seq").Find(&all).Error // as the index says it
	return all, err
}

// QuestionsOf lists what was asked about an order, the newest first, without the
// answers' bodies: there may be hundreds of them.
func QuestionsOf(db *gorm.DB, id PayoutID) ([]Question, error) {
	var all []Question
	err := db.Omit("response").Where("payout_id = ?", id).Order("id DESC").Find(&all).Error
	return all, err
}

// Responses reads the bodies of the answers to the named questions.
func Responses(db *gorm.DB, ids []int64) (map[int64][]byte, error) {
	var found []Question
	bodies := make(map[int64][]byte, len(ids))
	if len(ids) == 0 {
		return bodies, nil
	}
	err := db.Select("id", "response").Where("id IN ?", ids).Find(&found).Error
	for _, q := range found {
		bodies[q.ID] = q.Response
	}
	return bodies, err
}

// Names are what people are called, by their id.
func Names(db *gorm.DB) (map[PersonID]string, error) {
	var all []Person
	err := db.Select("id", "name").Find(&all).Error
	names := make(map[PersonID]string, len(all))
	for _, p := range all {
		names[p.ID] = p.Name
	}
	return names, err
}
