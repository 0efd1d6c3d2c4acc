package torture

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// tamperGround is a town with something of everything on record, whose head has left and
// of whose orders bundles were taken.
type tamperGround struct {
	*servicestest.Town
	columns  map[string][]string // that the log is held to
	bundles  [][]byte
	head     []byte // the last one that left
	verifier string
}

func newTamperGround(t *testing.T) *tamperGround {
	t.Helper()
	g := &tamperGround{Town: servicestest.New(t)}
	g.writePast()
	g.writeFactors()
	g.writePeople()
	g.writeRare()
	g.Sound()
	db := g.Store.Read(t.Context())
	var err error
	g.columns, err = models.Bound(db)
	g.Must(err)
	g.columns["events"] = []string{"seq", "at", "verb", "actor_id", "actor", "role", "subject", "subject_id", "payout_id", "before", "after", "details", "binds", "hash"}
	g.columns["tree_hashes"], g.columns["heads"] = []string{"idx", "hash"}, []string{"size", "root", "signed_at", "note"}
	g.columns["payout_counts"] = []string{"orders", "sum_minor"}
	g.columns["limit_uses"] = []string{"orders", "sum_minor"}
	var orders []string
	g.Must(db.Model(&models.Payout{}).Pluck("order_no", &orders).Error)
	for _, orderNo := range orders[:4] {
		whole, err := g.Evidence.Take(t.Context(), g.Auditor, orderNo, tamperPage)
		g.Must(err)
		g.bundles = append(g.bundles, whole)
	}
	signed, err := g.Heads.Sign(t.Context(), "asked")
	g.Must(err)
	g.head = []byte(signed.Note)
	g.verifier, err = g.Heads.Verifier(t.Context())
	g.Must(err)
	return g
}

func tamperPage(_ context.Context, d models.Dossier, events []models.Event) (map[string][]byte, error) {
	return map[string][]byte{"index.html": fmt.Appendf(nil, "<p>%s, %d events</p>", d.OrderNo, len(events))}, nil
}

// writePast lets the people of the town live for a while.
func (g *tamperGround) writePast() {
	ctx := g.T.Context()
	for i := range 4 {
		for _, rail := range servicestest.Rails {
			p := g.Submitted(g.Form(rail, i))
			g.Must(g.Payouts.Note(ctx, g.Maker, p.OrderNo, "the invoice", []services.Upload{{Name: "invoice.txt", Content: []byte("Freight " + rail)}}))
			g.Must(g.Approve(g.Approver, p.OrderNo, p.Digest))
			g.Must(g.Sender.Send(ctx, p.ID))
		}
	}
	g.Live(10*time.Minute, 10*time.Second)
	edited := g.Submitted(g.Form("apay.taiwan", 21))
	g.Must(g.Payouts.Edit(ctx, g.Maker, edited.OrderNo, g.Form("apay.taiwan", 22)))
	held := g.Approved(g.Form("cashy.peru", 23))
	g.Must(g.Payouts.Hold(ctx, g.Controller, held.OrderNo, "wait for the contract"))
	g.writeVerdict(24)
	g.Draft(g.Form("apay.unionpay", 25))
}

// writeVerdict is an order in doubt that two people called paid.
func (g *tamperGround) writeVerdict(serial int) {
	ctx, byHand := g.T.Context(), g.Unclear(g.Form("apay.taiwan", serial))
	g.Must(g.Verdicts.Propose(ctx, g.Resolver, byHand.OrderNo, services.Proposal{
		Says: "paid", Evidence: "payee_reply", Text: "the payee has it", Reason: "seen", Received: byHand.Amount().Decimal(),
		Files: []services.Upload{{Name: "reply.txt", Content: []byte("got it")}},
	}, servicestest.Click(g.Core, g.Resolver)))
	v, _, err := models.OpenVerdict(g.Store.Read(ctx), byHand.ID)
	g.Must(err)
	_, err = g.Verdicts.Confirm(ctx, g.Controller, byHand.OrderNo, v.ID, "paid", "I called the payee", servicestest.Click(g.Core, g.Controller))
	g.Must(err)
}

// writeFactors puts what people sign in with on record, as their own acts would.
func (g *tamperGround) writeFactors() {
	at := g.Now()
	g.Must(g.Store.Write(g.T.Context(), func(tx *gorm.DB) error {
		rows := []any{
			&models.Passkey{PersonID: g.Maker.ID, CredentialID: []byte("credential of the maker"), Owner: []byte("owner"), Name: "Laptop", Record: []byte(`{"publicKey":"x"}`), AddedAt: at},
			&models.Passkey{PersonID: g.Approver.ID, CredentialID: []byte("credential of the approver"), Owner: []byte("other"), Name: "Phone", Record: []byte(`{"publicKey":"y"}`), AddedAt: at},
			&models.CodeFactor{PersonID: g.Controller.ID, SealedSecret: []byte("sealed secret of the controller"), AddedAt: at},
			&models.RecoveryCode{PersonID: g.Controller.ID, Digest: []byte("digest of a code")},
		}
		for _, row := range rows {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}
