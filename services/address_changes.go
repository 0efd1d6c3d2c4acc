package services

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// addressChanges change where gateways reach this installation with their notices
// (invariants.md 3): whoever sets it hears first what became of the money. The subject is
// models.SettingPublicURL, the content a models.NoticeAddress.
type addressChanges struct{ *Core }

// Subject has no name of its own; it concerns nobody more than others.
func (k addressChanges) Subject(*gorm.DB, string) (string, *models.PersonID, error) {
	return "", nil, nil
}

// Now is the address as it stands.
func (k addressChanges) Now(tx *gorm.DB, _ string) (any, error) {
	address, err := models.ReadSetting(tx, models.SettingPublicURL)
	return models.NoticeAddress{Address: address}, err
}

// Check refuses what is no address.
func (k addressChanges) Check(_ *gorm.DB, c models.Change) error {
	after, err := readNoticeAddress(c.Content)
	if err != nil {
		return err
	}
	_, err = checkPublicURL(after)
	return err
}

// Apply lets orders carry the address from now on.
func (k addressChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	after, err := readNoticeAddress(c.Content)
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	return setPublicURL(tx, by, after, k.Core.Now(), models.Details{"proposed_by": proposer.Name, "reason_text": c.Reason})
}

// Lines are the address before and after.
func (k addressChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	before, err := readNoticeAddress(c.Before)
	if err != nil {
		return nil, err
	}
	after, err := readNoticeAddress(c.Content)
	return []models.ChangeLine{{Name: "address.public", Before: before, After: after}}, err
}

func readNoticeAddress(text string) (string, error) {
	var a models.NoticeAddress
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return "", fmt.Errorf("read an address for notices: %w", err)
	}
	return a.Address, nil
}

// SetPublicURL says at once where gateways reach this installation, as the commands on the
// machine do (of people it takes two, see ProposeAddress).
func (s *Accounts) SetPublicURL(ctx context.Context, machine models.Actor, address string) error {
	address, err := checkPublicURL(address)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		before, err := models.ReadSetting(tx, models.SettingPublicURL)
		if err != nil || before == address {
			return err
		}
		return setPublicURL(tx, machine, address, s.Now(), models.Details{})
	})
}

// ProposeAddress asks for a second person to let gateways post their notices elsewhere.
func (s *Accounts) ProposeAddress(ctx context.Context, by models.Person, address, reason string, signed Signed) (c models.Change, err error) {
	address, err = checkPublicURL(address)
	if errs := append(refusalsOf(err), refusalsOf(CheckReason(reason))...); len(errs) > 0 {
		return c, errs
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbGateway); err != nil {
			return err
		}
		c, err = (&Changes{Core: s.Core}).ProposeIn(tx, by.As(models.VerbGateway), models.ChangeAddress, models.SettingPublicURL, models.NoticeAddress{Address: address}, reason, signed)
		return err
	})
	return c, err
}

func checkPublicURL(address string) (string, error) {
	address = strings.TrimRight(strings.TrimSpace(address), "/")
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.RawQuery != "" || parsed.Fragment != "" {
		return "", models.Refuse(models.Invalid, "settings.public_url_shape").On("public_url")
	}
	return address, nil
}

func setPublicURL(tx *gorm.DB, by models.Actor, address string, at time.Time, details models.Details) error {
	before, err := models.ReadSetting(tx, models.SettingPublicURL)
	if err != nil {
		return err
	}
	if err := models.WriteSetting(tx, models.SettingPublicURL, address); err != nil {
		return err
	}
	details["before"], details["after"] = before, address
	return models.Append(tx, settingEvent("setting_changed", models.SettingPublicURL, by, at, details))
}
