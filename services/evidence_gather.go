package services

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

func sum(content []byte) []byte {
	digest := sha256.Sum256(content)
	return digest[:]
}

func hexOf(digest []byte) string { return fmt.Sprintf("%x", digest) }

// gathering reads one order from one snapshot, and the files beside its facts.
type gathering struct {
	db      *gorm.DB
	payout  models.Payout
	family  gateway.Family
	names   map[models.PersonID]string
	files   map[string][]byte
	events  []models.Event
	signed  []models.Signature // that the events name
	version models.PayeeVersion
	dossier models.Dossier
}

// gather reads all that a bundle holds of an order, and lets its pages be drawn.
func (s *Evidence) gather(ctx context.Context, by models.Actor, orderNo string, draw Draw) (map[string][]byte, []models.Event, models.Payout, error) {
	g := gathering{files: map[string][]byte{}}
	err := s.Store.Read(ctx).Transaction(func(tx *gorm.DB) (err error) {
		g.db = tx
		if g.payout, err = models.FindOrder(tx, orderNo); err != nil {
			return err
		}
		if err := s.readWhole(&g, by); err != nil {
			return err
		}
		return g.asWritten()
	})
	if err == nil {
		err = s.addRequests(ctx, &g)
	}
	if err != nil {
		return nil, nil, g.payout, err
	}
	g.files[bundle.FactsFile] = bundle.Encode(g.dossier)
	pages, err := draw(ctx, g.dossier, g.events)
	for name, page := range pages {
		g.files[name] = page
	}
	return g.files, g.events, g.payout, err
}

// readWhole reads the order's events, facts and attachments.
func (s *Evidence) readWhole(g *gathering, by models.Actor) (err error) {
	if g.events, err = models.EventsOf(g.db, g.payout.ID); err != nil {
		return err
	}
	if err := s.fill(g, by); err != nil {
		return err
	}
	g.addDeeds()
	return g.addFiles()
}

func (s *Evidence) fill(g *gathering, by models.Actor) (err error) {
	if g.names == nil {
		if g.names, err = models.Names(g.db); err != nil {
			return err
		}
	}
	if err := s.addOrder(g, by); err != nil {
		return err
	}
	for _, add := range []func() error{g.readSigned, g.addApprovals, g.addAttempts, g.addQuestions, g.addNotices, g.addVerdicts} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

// addOrder tells who is to get what; of the payee's number the last four and its mark.
func (s *Evidence) addOrder(g *gathering, by models.Actor) error {
	p := g.payout
	account, err := models.FindAccount(g.db, p.AccountID)
	if err != nil {
		return err
	}
	var known bool
	if g.family, known = families.Find(account.Family); !known {
		return fmt.Errorf("evidence of %s: there is no family %q", p.OrderNo, account.Family)
	}
	if g.version, err = models.FindPayeeVersion(g.db, p.PayeeVersionID); err != nil {
		return err
	}
	payee, err := s.payeeFields(g.version)
	if err != nil {
		return err
	}
	content, err := s.content(p, payee)
	if err != nil {
		return err
	}
	if content.Scheme < 2 { // as it was signed, but for what must not be seen
		content.Payee, content.Fields = masked(p.Rail, payee), masked(p.Rail, p.Fields)
	}
	g.dossier = models.Dossier{
		OrderNo: p.OrderNo, PayoutID: p.ID, Gateway: account.Name, Amount: p.Amount().String(), Payee: p.PayeeName, Last4: p.Last4,
		Maker: g.makers(p), GatewayNo: p.GatewayNo, State: p.State, Digest: hexOf(p.Digest), Content: content,
		TakenAt: s.Now().UTC(), TakenBy: by.Name,
	}
	details := detailsOf(g.version, g.names)
	g.dossier.Details = &details
	if p.PolicyVersion > 0 {
		policy, err := models.FindPolicy(g.db, p.PolicyVersion)
		if err != nil {
			return err
		}
		g.dossier.Policy = &policy
	}
	if p.ReplacesID == nil {
		return nil
	}
	old, err := models.FindPayout(g.db, *p.ReplacesID)
	g.dossier.Replaces = old.OrderNo
	return err
}

// detailsOf tell of a payee's details how they came to be, and no number.
func detailsOf(v models.PayeeVersion, names map[models.PersonID]string) models.DossierPayee {
	d := models.DossierPayee{
		Payee: v.PayeeID, Number: v.Number, Rail: v.Rail, Name: v.Name, Bank: v.BankName, Last4: v.Last4,
		CreatedBy: names[v.CreatedBy], CreatedAt: v.CreatedAt.UTC(),
	}
	if v.ChangeID != nil {
		d.Change = *v.ChangeID
	}
	if v.ConfirmedBy != nil {
		d.ConfirmedBy = names[*v.ConfirmedBy]
	}
	return d
}

func masked(railID string, fields models.Fields) models.Fields {
	_, rail, known := families.Rail(railID)
	all := models.Fields{}
	for name, value := range fields {
		if field, asked := rail.Field(name); !known || !asked || field.Secret || name == rail.AccountField {
			value = gateway.Mask(value)
		}
		all[name] = value
	}
	return all
}

// keep puts a text of the gateway's beside the facts, masked, and gives its name.
func (g *gathering) keep(name string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	g.files[name] = []byte(gateway.MaskedBody(body, g.family.Secrets()) + "\n")
	return name
}

func (g *gathering) addAttempts() error {
	attempts, err := models.Attempts(g.db, g.payout.ID)
	for _, a := range attempts {
		g.dossier.Attempts = append(g.dossier.Attempts, models.DossierAttempt{
			ID: a.ID, StartedAt: a.StartedAt.UTC(), Bytes: a.RequestBytes, RequestDigest: hexOf(a.RequestDigest), ContentDigest: hexOf(a.ContentDigest),
			NotSent: a.NotSent, Restored: a.Restored, HTTP: a.HTTPStatus, Fault: a.Fault, ReadAs: a.ReadAs, Code: a.Code,
			Response: g.keep(fmt.Sprintf("raw/attempt-%d-answer.txt", a.Number), a.Response),
		})
	}
	return err
}

// addRequests opens what was sent, masks it and puts it beside the facts.
func (s *Evidence) addRequests(ctx context.Context, g *gathering) error {
	attempts, err := models.Attempts(s.Store.Read(ctx), g.payout.ID)
	if err != nil {
		return err
	}
	for i, a := range attempts {
		if i >= len(g.dossier.Attempts) || a.Restored {
			continue
		}
		sent, err := s.Payouts.Sent(ctx, g.payout, a)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("raw/attempt-%d-request.txt", a.Number)
		g.files[name], g.dossier.Attempts[i].Request = []byte(sent.Text+"\n"), name
	}
	return nil
}

func (g *gathering) addQuestions() error {
	var questions []models.Question
	err := g.db.Where("payout_id = ?", g.payout.ID).Order("id").Find(&questions).Error
	for _, q := range questions {
		asked := models.DossierQuestion{
			ID: q.ID, At: q.AskedAt.UTC(), HTTP: q.HTTPStatus, Fault: q.Fault, Says: q.Says, Problem: q.Problem, Word: gateway.MaskSentence(q.Word),
			Effect: q.Effect, Response: g.keep(fmt.Sprintf("raw/question-%d-answer.txt", q.ID), q.Response),
		}
		if asked.Response != "" {
			asked.Digest = hexOf(sum(q.Response))
		}
		g.dossier.Questions = append(g.dossier.Questions, asked)
	}
	return err
}

func (g *gathering) addNotices() error {
	var notices []models.Notice
	err := g.db.Where("payout_id = ?", g.payout.ID).Order("id").Find(&notices).Error
	for _, n := range notices {
		g.dossier.Notices = append(g.dossier.Notices, models.DossierNotice{
			ID: n.ID, At: n.ReceivedAt.UTC(), Address: n.Address, Seen: n.Seen, Verified: n.Verified, Algorithm: n.Algorithm, Says: n.Says,
			Word: gateway.MaskSentence(n.Word), Quarantine: n.Quarantine, Digest: hexOf(n.BodyDigest),
			Body: g.keep(fmt.Sprintf("raw/notice-%d.txt", n.ID), n.Body),
		})
	}
	return err
}

// addFiles takes the attachments as they were attached: the log names their digests.
func (g *gathering) addFiles() error {
	files, err := models.Files(g.db, g.payout.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		whole, err := models.FindFile(g.db, g.payout.ID, f.ID)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("files/%d-%s", f.ID, safeName(f.Name))
		g.files[name] = whole.Content
		g.dossier.Files = append(g.dossier.Files, models.DossierFile{ID: f.ID, Name: f.Name, Digest: hexOf(f.Digest), Size: f.Size, File: name})
	}
	return nil
}

// makers are who made the order, and to whom it was given as a draft.
func (g *gathering) makers(p models.Payout) string {
	var names []string
	for _, id := range p.Makers() {
		names = append(names, g.names[id])
	}
	return strings.Join(names, ", ")
}
