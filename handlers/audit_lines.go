package handlers

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// lineReader tells what acts changed in the words of the pages on which it is changed. The
// log keeps it as it was written then, and those words stay in the details of the entry.
type lineReader struct {
	*Handlers
	ctx      context.Context
	db       *gorm.DB
	by       models.Person
	accounts map[models.AccountID]models.GatewayAccount
}

func (h *Handlers) readLines(ctx context.Context, db *gorm.DB, by models.Person) (*lineReader, error) {
	accounts, err := accountsByID(db)
	return &lineReader{h, ctx, db, by, accounts}, err
}

// of are the lines of one act; none where the log's own words are all there is.
func (r *lineReader) of(e models.Event) ([]views.ChangeLine, error) {
	switch {
	case e.Subject == "change" && e.Details["kind"] != "":
		return r.ofChange(e)
	case e.Verb == "limits_changed":
		return r.ofLimits(e)
	}
	lines, err := r.plain(e)
	return r.words("", lines), err
}

func (r *lineReader) plain(e models.Event) ([]models.ChangeLine, error) {
	before, after := e.Details["before"], e.Details["after"]
	switch {
	case e.Verb == "setting_changed" && e.SubjectID == models.SettingPayeeRules:
		return models.DiffPayeeRules(before, after)
	case e.Verb == "policy_changed":
		return r.ofPolicy(e)
	case e.Subject == "person" && after != "":
		return services.GrantLines(r.db, before, after)
	}
	return nil, nil
}

func (r *lineReader) words(of string, lines []models.ChangeLine) (rows []views.ChangeLine) {
	for _, line := range lines {
		row := changeLine(r.ctx, line, r.accounts)
		if of != "" {
			row.Name = i18n.T(r.ctx, "limits.line.of", "Limit", of, "Line", row.Name)
		}
		rows = append(rows, row)
	}
	return rows
}

// ofChange are the lines that both people looked at. Of a change that is not the one of
// the entry, or that the reader may not see, the entry says all.
func (r *lineReader) ofChange(e models.Event) ([]views.ChangeLine, error) {
	change, err := models.FindChange(r.db, asID(e.SubjectID))
	if err == nil {
		err = change.CheckSubject(r.db, r.by)
	}
	if err == nil {
		err = change.CheckSee(r.by)
	}
	if errors.As(err, &models.Refusal{}) || err == nil && hex.EncodeToString(change.Digest) != e.Details["digest"] {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := r.changes.Of(change.Kind).Lines(r.db, change)
	if errors.As(err, &models.Refusal{}) {
		return nil, nil
	}
	return r.words("", lines), err
}

// ofPolicy are the lines between two versions of the policy.
func (r *lineReader) ofPolicy(e models.Event) ([]models.ChangeLine, error) {
	version, err := strconv.Atoi(e.SubjectID)
	if err != nil {
		return nil, nil
	}
	is, err := models.FindPolicy(r.db, version)
	if err != nil || version == 1 {
		return models.DiffPolicies(models.PolicyTerms{}, is.Content()), err
	}
	was, err := models.FindPolicy(r.db, version-1)
	return models.DiffPolicies(was.Content(), is.Content()), err
}

// ofLimits are the lines between two versions of the limits, each with its limit's name.
func (r *lineReader) ofLimits(e models.Event) (rows []views.ChangeLine, err error) {
	before, after, err := models.LimitsAround(r.db, int(asID(e.SubjectID)))
	for _, diff := range models.DiffLimits(before, after) {
		of := ""
		if diff.Subject != "" {
			of = views.LimitWords(r.ctx, diff.Subject)
		}
		rows = append(rows, r.words(of, diff.Lines)...)
	}
	return rows, err
}
