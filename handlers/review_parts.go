package handlers

import (
	"context"
	"errors"
	"strings"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// reviewRecords adds the files, the orders that this one is like, and the request.
func (h *Handlers) reviewRecords(ctx context.Context, db *gorm.DB, page *views.Review, p models.Payout) error {
	files, err := models.Files(db, p.ID)
	if err != nil {
		return err
	}
	page.Files = orderFiles(files)
	twins, err := h.Payouts.TwinsOf(ctx, p)
	if err != nil {
		return err
	}
	page.Twins = twinLines(twins)
	if page.Limits, _, err = models.MetersNow(db, p, h.Now()); err != nil {
		return err
	}
	if page.Like, err = replacedOrder(ctx, db, p); err != nil {
		return err
	}
	if page.Blocked, err = h.onListWords(ctx, db, p); err != nil {
		return err
	}
	page.Wire, err = h.wire(ctx, p)
	return err
}

// replacedOrder is the failed order that this one takes the place of, or nil.
func replacedOrder(ctx context.Context, db *gorm.DB, p models.Payout) (*views.LikeOrder, error) {
	if p.ReplacesID == nil {
		return nil, nil
	}
	old, err := models.FindPayout(db, *p.ReplacesID)
	if err != nil {
		return nil, err
	}
	like := likeOrder(ctx, old)
	like.Replaces = true
	return &like, nil
}

// wire is the request that sending the order makes, to the byte but for time,
// nonce and sign; or why the account as it stands cannot make it.
func (h *Handlers) wire(ctx context.Context, p models.Payout) (w views.Wire, err error) {
	request, err := h.Payouts.Preview(ctx, p)
	switch {
	case errors.Is(err, gateway.ErrAccount):
		return views.Wire{Cannot: i18n.T(ctx, "review.cannot_account")}, nil
	case errors.Is(err, gateway.ErrCannotCarry):
		return views.Wire{Cannot: i18n.T(ctx, "review.cannot_carry")}, nil
	case err != nil:
		return w, err
	}
	w.Head = i18n.T(ctx, "review.wire_head", "Method", request.Method, "URL", request.URL, "Bytes", len(request.Body))
	w.Fields = wireFields(request.Lines)
	return w, nil
}

// answerLines are the form's answers in its order, each with the way back to it.
func answerLines(ctx context.Context, rail gateway.Rail, form services.PayoutForm, p models.Payout) []views.AnswerLine {
	edit := templ.SafeURL("/payouts/" + p.OrderNo + "/edit#")
	own := func(id, key, value string) views.AnswerLine {
		return views.AnswerLine{Name: i18n.T(ctx, key), Value: value, Change: edit + templ.SafeURL(id)}
	}
	lines := railAnswers(ctx, rail, form.Values, true, edit)
	lines = append(lines, own("amount", "review.amount", p.Amount().String()), own("reference", "draft.reference", p.Reference))
	if p.Purpose != "" {
		lines = append(lines, own("purpose", "draft.purpose", p.Purpose))
	}
	return append(lines, railAnswers(ctx, rail, form.Values, false, edit)...)
}

func railAnswers(ctx context.Context, rail gateway.Rail, values map[string]string, payee bool, edit templ.SafeURL) (lines []views.AnswerLine) {
	for _, field := range rail.Fields {
		value := values[field.Name]
		if field.Payee != payee || value == "" {
			continue
		}
		line := views.AnswerLine{
			Name: i18n.T(ctx, field.KeyFor(values)), Value: value, Code: field.Kind == gateway.KindAccount,
			Change: edit + templ.SafeURL(questionID(field.Name)),
		}
		if choice, ok := field.Option(value); ok {
			line.Value = choiceName(ctx, choice)
			if field.Kind == gateway.KindSearch {
				line.Value = choiceWords(ctx, choice)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// reviewSigners say who has to sign, and what follows.
func (h *Handlers) reviewSigners(c *gin.Context, db *gorm.DB, page *views.Review, account models.GatewayAccount) error {
	ctx, p := c.Request.Context(), page.Payout
	policy, err := models.CurrentPolicy(db)
	if err != nil {
		return err
	}
	people, err := models.People(db)
	if err != nil {
		return err
	}
	facts, err := models.FindFacts(db, p, h.Now())
	if err != nil {
		return err
	}
	a := askedFor{models.Asked{Policy: policy, Facts: facts}}
	if a.Answer, err = policy.Need(facts); err != nil {
		return err
	}
	need := a.Answer.Need
	able := p.CouldSign(people, nil)
	page.NobodyToSign = !need.Met(signersAmong(able))
	page.Leaves = i18n.T(ctx, "review.leaves", "Need", views.NeedWords(ctx, need))
	why := joinedWords(a.whyWords(ctx, person(c).Name, map[models.AccountID]models.GatewayAccount{account.ID: account}))
	page.Steps = []ui.Step{
		{State: "now", Title: i18n.T(ctx, "review.step_submit"), Text: i18n.T(ctx, "review.step_submit_text", "Name", person(c).Name)},
		{Title: i18n.T(ctx, "review.step_sign", "Need", views.NeedWords(ctx, need)),
			Text: i18n.T(ctx, "review.step_sign_text", "Names", namesOf(ctx, able), "Policy", policy.Version, "Why", why)},
		{Title: i18n.T(ctx, "draft.next_send"), Text: i18n.T(ctx, "review.step_send_text", "Account", account.Name)},
		{Title: i18n.T(ctx, "draft.next_proof"), Text: i18n.T(ctx, "draft.next_proof_text")},
	}
	return nil
}

func signersAmong(people []models.Person) (signers []models.Signer) {
	for _, p := range people {
		signers = append(signers, p.Signer())
	}
	return signers
}

// namesMost is how many people are named before the rest is counted.
const namesMost = 4

// namesOf lists people as a choice: Lin Yu-ting or Ana Vargas.
func namesOf(ctx context.Context, people []models.Person) string {
	if len(people) == 0 {
		return i18n.T(ctx, "review.nobody_able")
	}
	var names []string
	for _, p := range people[:min(namesMost, len(people))] {
		names = append(names, p.Name)
	}
	if more := len(people) - namesMost; more > 0 {
		return strings.Join(names, ", ") + " " + i18n.N(ctx, "review.more_people", more)
	}
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + i18n.T(ctx, "role.or") + " " + names[last]
}
