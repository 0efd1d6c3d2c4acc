package handlers

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

func (r *payoutRows) brief() views.OrderBrief {
	return views.OrderBrief{
		OrderNo: r.payout.OrderNo, Gateway: r.account.Name, Zone: r.account.Location(), Amount: r.payout.Amount(),
		Maker: r.makers(),
	}
}

// makers are who made the order, and to whom it was given as a draft.
func (r *payoutRows) makers() string {
	var names []string
	for _, id := range r.payout.Makers() {
		names = append(names, r.names[id])
	}
	return strings.Join(names, ", ")
}

func (r *payoutRows) badge() models.Badge {
	return r.payout.Badge(models.Flags{HeldWhy: r.payout.HeldWhy, Blocked: models.Blocked(r.payout, models.SignersOf(r.approvals), r.people)})
}

// doubt is why the order is unclear, with what the last attempt saw.
func (r *payoutRows) doubt() views.Doubt {
	d := views.Doubt{Reason: r.payout.Unclear, Gateway: r.account.Name}
	if len(r.attempts) == 0 {
		return d
	}
	last := r.attempts[len(r.attempts)-1]
	d.Code, d.Took = strings.TrimSpace(last.Code+" "+last.Message), time.Duration(last.TookMS)*time.Millisecond
	if last.HTTPStatus > 0 {
		d.HTTP = strconv.Itoa(last.HTTPStatus)
	}
	return d
}

// means is the gateway's reason for a refusal or failure, in words.
func (r *payoutRows) means(ctx context.Context) string {
	return explain(ctx, r.family, r.payout.CodeText, r.payout.Code)
}

// explain is the first of the gateway's words that somebody documented, in ours.
func explain(ctx context.Context, family gateway.Family, words ...string) string {
	for _, word := range words {
		if word == "" || family == nil {
			continue
		}
		if key, args := family.Explain(word); key != "" {
			return i18n.T(ctx, key, args...)
		}
	}
	return ""
}

// waits is why an order that is ready does not leave; "" if it does.
func (r *payoutRows) waits(ctx context.Context) string {
	switch {
	case r.payout.Stage != models.Approved:
		return ""
	case len(models.ShortOf(r.meters)) > 0:
		return views.NoRoomWords(ctx, models.ShortOf(r.meters))
	case r.cord != "":
		return i18n.T(ctx, "order.waits_cord")
	case r.account.Paused != "":
		return i18n.T(ctx, "order.waits_paused", "Gateway", r.account.Name)
	case r.rests.After(i18n.Now(ctx)):
		return i18n.T(ctx, "order.waits_rest", "Until", dayClock(ctx, r.rests))
	}
	return ""
}

func (r *payoutRows) payeeCard(by models.Person) views.PayeeCard {
	card := views.PayeeCard{
		Number: r.version.Number, Since: r.version.CreatedAt, Bank: r.version.Bank, BankName: r.version.BankName,
		Reveal: r.payout.CheckReveal(by) == nil,
	}
	if r.newer != nil {
		card.Newer, card.NewerAt = r.newer.Number, r.newer.CreatedAt
	}
	return card
}

func (r *payoutRows) numbersCard() views.NumbersCard {
	card := views.NumbersCard{Rail: r.rail.Key, Files: orderFiles(r.files)}
	for _, field := range r.rail.Fields {
		if value := r.payout.Fields[field.Name]; value != "" && !field.Payee {
			card.Fields = append(card.Fields, views.NamedValue{Key: field.KeyFor(r.payout.Fields), Value: shownValue(field, value)})
		}
	}
	if r.predecessor != nil {
		card.Replaces = r.predecessor.OrderNo
	}
	if r.successor != nil {
		card.ReplacedBy, card.Successor = r.successor.OrderNo, statusOf(*r.successor)
	}
	return card
}

func shownValue(field gateway.Field, value string) string {
	if field.Secret {
		return gateway.Mask(value)
	}
	return value
}

// fileKinds are what people call the types of files that are no plain text.
var fileKinds = map[string]string{models.PDF: "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}

func orderFiles(files []models.File) (shown []views.OrderFile) {
	for _, f := range files {
		shown = append(shown, views.OrderFile{ID: f.ID, Name: f.Name, Kind: fileKinds[f.Type], Size: f.Size, Digest: hex.EncodeToString(f.Digest)})
	}
	return shown
}

func (r *payoutRows) foot() views.ChainFoot {
	foot := views.ChainFoot{Digest: hex.EncodeToString(r.payout.Digest), HeadSeq: r.headSeq, Head: hex.EncodeToString(r.head)}
	if len(r.events) > 0 {
		last := r.events[len(r.events)-1]
		foot.Seq, foot.Hash = last.Seq, hex.EncodeToString(last.Hash)
	}
	return foot
}

// sentAttempts opens what was sent, masked: the views get words only.
func (h *Handlers) sentAttempts(ctx context.Context, r *payoutRows) (shown []views.SentAttempt, err error) {
	for _, a := range r.attempts {
		sent, err := h.Payouts.Sent(ctx, r.payout, a)
		if err != nil {
			return nil, err
		}
		one := views.SentAttempt{
			Attempt: a, Digest: hex.EncodeToString(a.RequestDigest), Fields: sentFields(sent.Lines), Text: sent.Text, Broken: !sent.Whole,
		}
		one.SealedRequest = nil
		if len(a.Response) > 0 {
			one.Reply = r.raw("raw.reply", a.HTTPStatus, a.Response)
		}
		shown = append(shown, one)
	}
	return shown, nil
}

// masked is what a secret looks like after gateway.Mask: its last few letters
// behind dots.
const masked = "········"

func sentFields(lines []gateway.WireLine) (fields []ui.WireField) {
	for _, line := range lines {
		value, hidden := strings.CutPrefix(line.Value, masked)
		fields = append(fields, ui.WireField{Name: line.Name, Value: value, Note: line.Note, Number: line.Mark, Masked: hidden})
	}
	return fields
}

// onWire is the amount in the gateway's own unit, where that is another than ours.
func onWire(p models.Payout, sent []views.SentAttempt) (value, note string) {
	for _, a := range sent {
		for _, field := range a.Fields {
			if field.Number && field.Value != p.Amount().Decimal() && strings.HasPrefix(field.Note, p.Amount().String()) {
				return field.Value, field.Note
			}
		}
	}
	return "", ""
}
