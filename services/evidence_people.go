package services

import (
	"encoding/hex"
	"fmt"
	"slices"

	"countersign/models"
	"countersign/services/gateway"
)

// This file gathers what people decided about an order, and what they signed.

// readSigned reads the signatures that the order's events name.
func (g *gathering) readSigned() (err error) {
	g.signed, err = models.SignaturesIn(g.db, g.events)
	return err
}

func (g *gathering) addApprovals() error {
	approvals, err := models.Approvals(g.db, g.payout)
	for _, a := range approvals {
		d := models.DossierApproval{
			Version: a.Version, Person: g.names[a.PersonID], Digest: hexOf(a.Digest), Policy: a.PolicyVersion, Roles: a.Roles, At: a.At.UTC(),
		}
		for i, s := range g.signed {
			if a.SignatureID != nil && *a.SignatureID == s.ID {
				d.Signature = &g.signed[i]
			}
		}
		g.dossier.Approvals = append(g.dossier.Approvals, d)
	}
	return err
}

// addDeeds takes what people signed beside the approvals that count.
func (g *gathering) addDeeds() {
	counts := func(s models.Signature) bool {
		return slices.ContainsFunc(g.dossier.Approvals, func(a models.DossierApproval) bool { return a.Signature != nil && a.Signature.ID == s.ID })
	}
	for _, e := range g.events {
		for _, s := range g.signed {
			if e.Details["signature"] == hex.EncodeToString(s.Digest) && !counts(s) {
				g.dossier.Deeds = append(g.dossier.Deeds, models.DossierDeed{Event: e.Seq, Signature: s})
			}
		}
	}
}

func (g *gathering) addVerdicts() error {
	verdicts, err := models.Verdicts(g.db, g.payout.ID)
	for _, v := range verdicts {
		d := models.DossierVerdict{
			ID: v.ID, About: string(v.About), Says: string(v.Says), Evidence: string(v.Evidence), Text: gateway.MaskSentence(v.Text), Reason: gateway.MaskSentence(v.Reason),
			Proposer: g.names[v.ProposerID], ProposedAt: v.ProposedAt.UTC(), State: string(v.State), ConfirmedAt: v.ConfirmedAt.UTC(),
			Answer: gateway.MaskSentence(v.Answer),
		}
		g.quote(&d)
		if d.Text != v.Text {
			d.Proposal = hexOf(v.Digest())
		}
		if v.ConfirmerID != nil {
			d.Confirmer = g.names[*v.ConfirmerID]
		}
		g.dossier.Verdicts = append(g.dossier.Verdicts, d)
	}
	return err
}

// quote takes the words of a verdict from the events that tell them: an outsider holds
// them against those, however this program masks by now.
func (g *gathering) quote(d *models.DossierVerdict) {
	words := map[string]*string{models.VerdictText: &d.Text, models.VerdictReason: &d.Reason, models.VerdictAnswer: &d.Answer}
	for _, e := range g.events {
		for name, shown := range words {
			if told, tells := e.Details[name]; tells && e.Details["verdict"] == fmt.Sprint(d.ID) {
				*shown = told
			}
		}
	}
}
