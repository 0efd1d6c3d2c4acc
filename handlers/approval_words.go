package handlers

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// inboxReader knows what every row of the inbox is read with.
type inboxReader struct {
	now      time.Time
	people   []models.Person
	names    map[models.PersonID]string
	accounts map[models.AccountID]models.GatewayAccount
	cutOffs  models.CutOffs
	policies map[int]models.Policy
	by       models.PersonID
	standing []models.StandIn // that concern the reader
}

func newInboxReader(db *gorm.DB, now time.Time) (*inboxReader, error) {
	r := &inboxReader{
		now: now, names: map[models.PersonID]string{}, policies: map[int]models.Policy{},
	}
	var err error
	if r.accounts, err = accountsByID(db); err != nil {
		return r, err
	}
	r.cutOffs = models.CutOffsOf(slices.Collect(maps.Values(r.accounts)), now)
	policies, err := models.Policies(db)
	if err != nil {
		return r, err
	}
	for _, p := range policies {
		r.policies[p.Version] = p
	}
	r.people, err = models.People(db)
	for _, p := range r.people {
		r.names[p.ID] = p.Name
	}
	return r, err
}

func accountsByID(db *gorm.DB) (map[models.AccountID]models.GatewayAccount, error) {
	all, err := models.Accounts(db)
	found := map[models.AccountID]models.GatewayAccount{}
	for _, a := range all {
		found[a.ID] = a
	}
	return found, err
}

// row is one order of the inbox.
func (r *inboxReader) row(ctx context.Context, db *gorm.DB, p models.Payout) (row views.InboxRow, err error) {
	account := r.accounts[p.AccountID]
	signed, err := models.Approvals(db, p)
	if err != nil {
		return row, err
	}
	version, err := models.FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil {
		return row, err
	}
	asked, err := askPolicy(db, r.policies[p.PolicyVersion], p)
	if err != nil {
		return row, err
	}
	handed, err := handedWords(ctx, db, p, r.by, r.names)
	if err != nil {
		return row, err
	}
	with, err := withWords(ctx, db, p, r.by, r.names)
	if err != nil {
		return row, err
	}
	unusual, err := models.FindUnusual(db, p, account.Location(), r.now)
	if err != nil {
		return row, err
	}
	alone, err := models.WhyAlone(db, p, asked.Answer, unusual)
	return views.InboxRow{
		Payout: p, Bank: version.BankName, Account: account.Name, CutOff: r.cutOffs[p.AccountID], Flags: flagWords(ctx, unusual, asked.Answer),
		Why:     joinedWords(asked.whyWords(ctx, r.names[p.MakerID], r.accounts), signedWords(ctx, signed, r.names), handed, with, forWords(ctx, r.standing, r.by, p, models.PeopleOf(signed))),
		Alone:   aloneWords(ctx, alone),
		Blocked: models.Blocked(p, models.SignersOf(signed), r.people),
	}, err
}

// aloneWords say why an order is in no list, "" where it may be in one.
func aloneWords(ctx context.Context, alone models.Alone) string {
	if alone == "" {
		return ""
	}
	return i18n.T(ctx, "list.alone_"+string(alone))
}

// signedWords say who has signed: Ortega signed 13:20.
func signedWords(ctx context.Context, signed []models.Approval, names map[models.PersonID]string) string {
	var words []string
	for _, a := range signed {
		words = append(words, i18n.T(ctx, "why.signed", "Name", names[a.PersonID], "At", nearClock(ctx, a.At)))
	}
	return strings.Join(words, " ")
}

// nearClock is a moment as short as it can be told: 13:20 of today, 13 Nov 13:20
// of another day.
func nearClock(ctx context.Context, at time.Time) string {
	if i18n.FullDay(ctx, at) == i18n.FullDay(ctx, i18n.Now(ctx)) {
		return at.In(i18n.Zone(ctx)).Format("15:04")
	}
	return dayClock(ctx, at)
}

// flagWords are what is unusual about an order, in the order of the card (screens.md 3).
func flagWords(ctx context.Context, u models.Unusual, a models.Answer) (flags []ui.FlagArgs) {
	add := func(there bool, icon, text string) {
		if there {
			flags = append(flags, ui.FlagArgs{Icon: icon, Text: text})
		}
	}
	add(u.NewDetails != nil, "id", i18n.T(ctx, "flag.new_details"))
	add(u.NewPayee, "user-plus", i18n.T(ctx, "flag.new_payee"))
	add(u.Colleague != "", "users", i18n.T(ctx, "flag.colleague", "Name", u.Colleague))
	add(u.Shared.Found, "users", namesakeWords(ctx, "flag.shared", u.Shared))
	add(u.Alike.Found, "users", namesakeWords(ctx, "flag.alike", u.Alike))
	add(u.Twin, "copy", i18n.T(ctx, "flag.twin"))
	add(a.By != models.OwnSum, "stack-2", i18n.T(ctx, "flag.split"))
	add(u.Times > 0, "alert-triangle", i18n.T(ctx, "flag.times", "Times", u.Times))
	add(u.OffHours, "moon", i18n.T(ctx, "flag.off_hours"))
	add(u.Warning, "info-circle", i18n.T(ctx, "flag.warning"))
	return flags
}

// namesakeWords name another payee, unless the reader may not know them.
func namesakeWords(ctx context.Context, key string, other models.Namesake) string {
	if other.Name == "" {
		return i18n.T(ctx, key+"_hidden")
	}
	return i18n.T(ctx, key, "Name", other.Name)
}
