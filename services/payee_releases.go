package services

import (
	"encoding/json"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// payeeReleases let money go to new details before their time and above their cap (D4).
// The subject is the version, the content whether it is released.
type payeeReleases struct{ *Core }

// released is the content of such a change.
type released struct {
	Version int64 `json:"version"`
	Free    bool  `json:"free"`
}

// VersionSubject names details as the subject of a change.
func VersionSubject(id models.PayeeVersionID) string { return strconv.FormatInt(int64(id), 10) }

func (k payeeReleases) version(db *gorm.DB, subject string) (models.PayeeVersion, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return models.PayeeVersion{}, models.Refuse(models.Missing, "payee.missing")
	}
	return models.FindPayeeVersion(db, models.PayeeVersionID(id))
}

// Subject is the payee; whoever entered the details neither asks for it nor decides it.
func (k payeeReleases) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	v, err := k.version(db, subject)
	return v.Name + " ····" + v.Last4, &v.CreatedBy, err
}

// Now says whether it was released already.
func (k payeeReleases) Now(tx *gorm.DB, subject string) (any, error) {
	v, err := k.version(tx, subject)
	if err != nil {
		return nil, err
	}
	var n int64
	err = tx.Model(&models.PayeeRelease{}).Where("version_id = ? AND why = ?", v.ID, models.ReleaseNew).Count(&n).Error
	return released{int64(v.ID), n > 0}, err
}

// Released is the content that asks for it.
func (s *Payees) Released(v models.PayeeVersion) any { return released{int64(v.ID), true} }

// Check refuses details that are not in use any more.
func (k payeeReleases) Check(tx *gorm.DB, c models.Change) error {
	v, err := k.version(tx, c.Subject)
	if err != nil {
		return err
	}
	_, changed, err := models.NewerVersion(tx, v)
	if err == nil && changed {
		err = models.Refuse(models.Conflict, "payee.changed_since")
	}
	if err == nil {
		err = k.CheckPaying(tx, v.ID)
	}
	return err
}

// Apply lifts it, and lets go on what waited for that.
func (k payeeReleases) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	v, err := k.version(tx, c.Subject)
	if err != nil {
		return err
	}
	err = k.release(tx, models.PayeeRelease{VersionID: v.ID, Why: models.ReleaseNew, ReleasedBy: by.ID, ProposedBy: &c.ProposedBy, Reason: c.Reason}, by)
	if err != nil {
		return err
	}
	if err := k.letGo(tx, v, by, c); err != nil {
		return err
	}
	return k.wake(tx, v)
}

// letGo resumes what was above the cap.
func (k payeeReleases) letGo(tx *gorm.DB, v models.PayeeVersion, by models.Actor, c models.Change) error {
	held, err := models.HeldTo(tx, v.ID, models.HeldStarter)
	for i := range held {
		p := &held[i]
		p.HeldWhy = ""
		if p.HeldFrom == models.Approved {
			p.NextActionAt = k.Core.Now()
		}
		if err := models.Record(tx, p, models.MoveResume, models.Effect{}, by, k.Core.Now(), models.Details{"reason_text": c.Reason, "change": fmt.Sprint(c.ID)}); err != nil {
			return err
		}
	}
	return err
}

// wake lets what rests be looked at again at once.
func (k payeeReleases) wake(tx *gorm.DB, v models.PayeeVersion) error {
	ready, err := models.ReadyTo(tx, v.ID)
	for i := range ready {
		ready[i].NextActionAt = k.Core.Now()
		if err := ready[i].Keep(tx); err != nil {
			return err
		}
	}
	return err
}

// Lines say what is lifted.
func (k payeeReleases) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	var to released
	if err := json.Unmarshal([]byte(c.Content), &to); err != nil {
		return nil, fmt.Errorf("read a release: %w", err)
	}
	return []models.ChangeLine{{Name: "payee.rest_and_cap", Before: models.Word("payee.rest_kept"), After: models.Word("payee.rest_lifted")}}, nil
}
