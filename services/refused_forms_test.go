package services_test

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// long is a text of so many characters, of three bytes each.
func long(characters int) string { return strings.Repeat("長", characters) }

// Each text that somebody types has a length, counted in characters, at which it is still
// taken and beyond which it is refused at its field.
func TestTextsOfAPayoutHaveTheirLengths(t *testing.T) {
	town := servicestest.New(t)
	for field, c := range map[string]struct {
		most int
		put  func(*services.PayoutForm, string)
	}{
		"reference":      {64, func(f *services.PayoutForm, text string) { f.Reference = text }},
		"purpose":        {280, func(f *services.PayoutForm, text string) { f.Purpose = text }},
		"twin_reason":    {1000, func(f *services.PayoutForm, text string) { f.TwinReason = text }},
		"warning_reason": {1000, func(f *services.PayoutForm, text string) { f.WarningReason = text }},
	} {
		for over, refused := range map[int]bool{0: false, 1: true} {
			form := town.Form("apay.taiwan", 1)
			c.put(&form, long(c.most+over))
			checked, err := town.Payouts.Check(t.Context(), form, 0)
			town.Must(err)
			told := false
			for _, wrong := range checked.Errors {
				told = told || wrong.Key == "text.too_long" && wrong.Field == field
			}
			if told != refused {
				t.Errorf("%s of %d characters: %v", field, c.most+over, checked.Errors)
			}
		}
	}
}

func TestNotesRepliesAndReasonsHaveTheirLengths(t *testing.T) {
	town := servicestest.New(t)
	ctx, p := t.Context(), town.Unclear(town.Form("apay.taiwan", 1))
	town.Must(town.Payouts.Note(ctx, town.Maker, p.OrderNo, long(1000), nil))
	refusedAs(t, town.Payouts.Note(ctx, town.Maker, p.OrderNo, long(1001), nil), "text.too_long")
	refusedAs(t, town.Payouts.Note(ctx, town.Maker, p.OrderNo, " ", nil), "note.empty")
	refusedAs(t, town.Accounts.Pause(ctx, town.Controller, town.Taipei.ID, long(1001)), "text.too_long")
	reply := func(text, person string) error {
		return town.Verdicts.FileReply(ctx, town.Resolver, p.OrderNo, 1, services.EnquiryReply{Text: text, Person: person})
	}
	refusedAs(t, reply(long(models.MostEvidence+1), "Ms Chen"), "text.too_long")
	refusedAs(t, reply("", "Ms Chen"), "enquiry.reply_needed")
	refusedAs(t, reply("it was paid", long(81)), "text.too_long")
	refusedAs(t, reply("it was paid", ""), "enquiry.person_needed")
	refusedAs(t, reply(long(models.MostEvidence), long(80)), "enquiry.missing") // the form is in order; nothing was asked
}

func TestD7_ABlockNamesSomebody(t *testing.T) {
	town := servicestest.New(t)
	block := func(b services.NewBlock) error {
		b.Reason = "a letter of the police"
		return town.Payees.Block(t.Context(), town.Controller, b)
	}
	refusedAs(t, block(services.NewBlock{Kind: models.BlockName, Name: " "}), "block.name_needed")
	refusedAs(t, block(services.NewBlock{Kind: models.BlockName, Name: long(65)}), "block.name_long")
	refusedAs(t, block(services.NewBlock{Kind: models.BlockNumber, Number: "1234"}), "block.number_needed")
	refusedAs(t, block(services.NewBlock{Kind: "colour", Name: "red"}), "block.kind_needed")
	town.Must(block(services.NewBlock{Kind: models.BlockName, Name: long(64)}))
}

func TestD3_ACallIsOnRecordWithAllThatAnAuditorAsksFor(t *testing.T) {
	town := servicestest.New(t)
	town.SetPayeeRules(models.PayeeRules{Calls: true})
	change := town.Moved(town.Maker, town.Sent(town.Form("apay.taiwan", 1)), movedTo)
	town.Pass(time.Hour)
	good := services.NewCall{
		Number: "+886 2 2712 0000", Source: models.FromContract, SourceNote: "Contract 118", KnownSince: town.Now().AddDate(0, -8, 0),
		CalledAt: town.Now().Add(-time.Minute), Reached: "Ms Chen", ReadBack: true, Note: long(1000),
	}
	for key, spoil := range map[string][]func(*services.NewCall){
		"call.number_needed":      {func(c *services.NewCall) { c.Number = "" }},
		"call.source_needed":      {func(c *services.NewCall) { c.Source = "" }, func(c *services.NewCall) { c.Source = "a dream" }},
		"call.source_note_needed": {func(c *services.NewCall) { c.SourceNote = "" }},
		"call.known_since_needed": {func(c *services.NewCall) { c.KnownSince = time.Time{} }},
		"call.called_at_needed":   {func(c *services.NewCall) { c.CalledAt = time.Time{} }},
		"call.reached_needed":     {func(c *services.NewCall) { c.Reached = "" }},
		"call.not_yet":            {func(c *services.NewCall) { c.CalledAt = town.Now().Add(time.Minute) }},
		"text.too_long": {
			func(c *services.NewCall) { c.Reached = long(281) }, func(c *services.NewCall) { c.SourceNote = long(281) },
			func(c *services.NewCall) { c.Number = long(281) }, func(c *services.NewCall) { c.Note = long(1001) },
		},
	} {
		for _, change1 := range spoil {
			call := good
			change1(&call)
			refusedAs(t, town.Payees.KeepCall(t.Context(), town.Approver, change.ID, call), key)
		}
	}
	town.Must(town.Payees.KeepCall(t.Context(), town.Approver, change.ID, good))
}

func TestM05_APeriodHasBeginAndEndAndHasBegun(t *testing.T) {
	town := servicestest.New(t)
	now := town.Now()
	for key, wish := range map[string]services.PeriodWish{
		"evidence.period_open":     {From: now},
		"evidence.period_backward": {From: now, Until: now},
		"evidence.period_future":   {From: now, Until: now.Add(time.Hour)},
	} {
		refusedAs(t, town.Evidence.CheckWish(wish), key)
	}
	town.Must(town.Evidence.CheckWish(services.PeriodWish{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}))
}

func TestA6_KeysAreProposedWholeAndOnceAtATime(t *testing.T) {
	town := servicestest.New(t)
	admin := gatewayAdmin(t, town)
	propose := func(by models.Person, account models.GatewayAccount, keys services.Keys) error {
		_, err := town.Sender.ProposeKeys(t.Context(), by, account.ID, services.NewKeys{Keys: keys, Overlap: 1, Reason: "yearly change"}, servicestest.Click(town.Core, by))
		return err
	}
	refusedAs(t, propose(town.Maker, town.Lima, services.Keys{Key: "another key of lima"}), "role.gateway")
	refusedAs(t, propose(admin, town.Lima, services.Keys{}), "account.key_needed")
	refusedAs(t, propose(admin, town.Taipei, services.Keys{Key: "another key of taipei"}), "account.token_needed")
	town.Must(propose(admin, town.Lima, services.Keys{Key: "another key of lima"}))
	refusedAs(t, propose(admin, town.Lima, services.Keys{Key: "a third key of lima"}), "change.waits_already")
}

// Between a right password and the session it opens another change may have come: what
// counts is what stands when the session is written.
func TestS04_ASessionIsOpenedOnlyForWhoMaySignInThen(t *testing.T) {
	town := servicestest.New(t)
	signIn := services.SignIn{Core: town.Core, Idle: services.SessionIdle}
	open := func(p models.Person, digest string) (whole, half error) {
		session := models.Session{Digest: []byte(digest), Data: []byte{}}
		return signIn.Open(t.Context(), p, session), signIn.Halfway(t.Context(), p, []byte("half "+digest))
	}
	whole, half := open(town.Maker, "as it was")
	town.Must(whole)
	town.Must(half)

	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return models.SetPassword(tx, town.Maker.ID, "another", town.Now()) }))
	whole, half = open(town.Maker, "password changed")
	refusedAs(t, whole, "sign_in.wrong")
	refusedAs(t, half, "sign_in.wrong")

	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Person{ID: town.Resolver.ID}).Update("active", false).Error
	}))
	whole, half = open(town.Resolver, "gone")
	refusedAs(t, whole, "sign_in.wrong")
	refusedAs(t, half, "sign_in.wrong")
}

func TestD1_APickedPayeeIsOfTheRailAndAsItIsNow(t *testing.T) {
	town := servicestest.New(t)
	paid := town.Sent(town.Form("apay.taiwan", 1))
	form := town.Picked(paid, 2)
	other := town.Form("cashy.peru", 3)
	other.PayeeVersion = form.PayeeVersion
	_, err := town.Payouts.Check(t.Context(), other, 0)
	refusedAs(t, err, "payee.missing")

	town.Must(town.Confirmed(town.Approver, town.Moved(town.Maker, paid, movedTo)))
	checked, err := town.Payouts.Check(t.Context(), form, 0)
	town.Must(err)
	refusedAs(t, checked.Errors, "payee.changed_since")

	wrongRail := town.Form("apay.taiwan", 4)
	wrongRail.Rail = "cashy.peru"
	_, err = town.Payouts.Check(t.Context(), wrongRail, 0)
	refusedAs(t, err, "rail.missing")
}

func TestE10_NobodyHandsOverToNobody(t *testing.T) {
	town := servicestest.New(t)
	people := &services.People{Core: town.Core}
	err := people.Delegate(t.Context(), town.Approver, models.Delegation{Role: models.Approver, DelegateID: 999, FromAt: town.Now(), UntilAt: town.Now().Add(time.Hour)})
	refusedAs(t, err, "delegation.to_whom")
}

func TestE13_TheCommandSaysWhyItSetsAPolicyAndLimits(t *testing.T) {
	town := servicestest.New(t)
	policy, limits := &services.Policy{Core: town.Core}, &services.Limits{Core: town.Core}
	for note, taken := range map[string]bool{"": false, "ab": false, long(3): true, long(500): true, long(501): false} {
		_, one := policy.Set(t.Context(), models.Machine("command"), models.Policy{}, note)
		_, two := limits.Set(t.Context(), models.Machine("command"), models.Limits{Zone: "UTC"}, note)
		if refused(one, "policy.note_shape") == taken || refused(two, "policy.note_shape") == taken {
			t.Errorf("a note of %d bytes: %v, %v", len(note), one, two)
		}
	}
	_, err := policy.Set(t.Context(), town.Controller.As(models.VerbPolicy), models.Policy{}, "by one alone")
	refusedAs(t, err, "policy.two_people")
}
