package models_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

// inDoubt is an order of 1,000.00 TWD about which two people have something to settle.
func inDoubt(about models.Doubt) models.Payout {
	p := models.Payout{OrderNo: "01M6G5MGXDQNRB5W4F8J27CXK0", AmountMinor: 100000, Currency: "TWD"}
	p.Outcome, p.Clash = models.Unclear, about == models.Contradicted
	return p
}

// fit is a verdict with nothing wrong about it.
func fit(says models.Said, about models.Doubt) models.Verdict {
	v := models.Verdict{About: about, Says: says, Evidence: models.EvidenceGatewayReply, Reason: "they say so",
		Text: "Support writes of 01M6G5MGXDQNRB5W4F8J27CXK0."}
	switch says {
	case models.SaidPaid:
		v.ReceivedMinor = 100000
	case models.SaidLookAgain:
		v.Evidence, v.Text, v.LookAgainAt = models.EvidenceNone, "", noon.Add(time.Hour)
	}
	return v
}

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func TestWhichVerdictSettlesWhichDoubtByWhichMove(t *testing.T) {
	settled := map[models.Doubt]map[models.Said]models.Move{
		models.NoDoubt:   {},
		models.Unsettled: {models.SaidPaid: models.MoveVerdictPaid, models.SaidNotPaid: models.MoveVerdictFailed, models.SaidLookAgain: ""},
		models.Contradicted: {
			models.SaidPaid: models.MoveSettlePaid, models.SaidNotPaid: models.MoveSettleFailed, models.SaidReturned: models.MoveSettleReturned,
		},
	}
	for about, moves := range settled {
		for _, says := range append(slices.Clone(models.AllSaid), "", "failed") {
			want, answers := moves[says]
			v := fit(says, about)
			if says.Answers(about) != answers {
				t.Errorf("%q answers %q: %v", says, about, !answers)
			}
			if m, ok := v.Move(); m != want || ok != (want != "") {
				t.Errorf("%q about %q moves by %q", says, about, m)
			}
			if wrong := v.Check(inDoubt(about), 0, noon); (len(wrong) == 0) != answers {
				t.Errorf("%q about %q, all filled in: %v", says, about, wrong)
			}
		}
	}
}

func TestWhatIsWrongWithAVerdictIsToldAtItsField(t *testing.T) {
	other := func(change func(*models.Verdict)) func(models.Said, models.Doubt) models.Verdict {
		return func(says models.Said, about models.Doubt) models.Verdict {
			v := fit(says, about)
			change(&v)
			return v
		}
	}
	reason := other(func(v *models.Verdict) { v.Reason = "" })
	longReason := other(func(v *models.Verdict) { v.Reason = strings.Repeat("因", models.MostReason+1) })
	longText := other(func(v *models.Verdict) { v.Text = strings.Repeat("文", models.MostEvidence+1) })
	payeeSays := other(func(v *models.Verdict) { v.Evidence = models.EvidencePayeeReply })
	received := func(minor int64) func(models.Said, models.Doubt) models.Verdict {
		return other(func(v *models.Verdict) { v.ReceivedMinor = minor })
	}
	again := func(at time.Time) func(models.Said, models.Doubt) models.Verdict {
		return other(func(v *models.Verdict) { v.LookAgainAt = at })
	}
	for name, c := range map[string]struct {
		says  models.Said
		about models.Doubt
		v     func(models.Said, models.Doubt) models.Verdict
		files int
		want  string // the fields, in their order
	}{
		"no reason":                             {models.SaidNotPaid, models.Unsettled, reason, 0, "reason"},
		"a reason without end":                  {models.SaidPaid, models.Unsettled, longReason, 0, "reason"},
		"the longest reason":                    {models.SaidPaid, models.Unsettled, other(func(v *models.Verdict) { v.Reason = strings.Repeat("因", models.MostReason) }), 0, ""},
		"no reason to look again":               {models.SaidLookAgain, models.Unsettled, reason, 0, "reason"},
		"evidence without end":                  {models.SaidPaid, models.Unsettled, longText, 0, "text"},
		"evidence without end, to look again":   {models.SaidLookAgain, models.Unsettled, longText, 0, "text"},
		"the longest evidence":                  {models.SaidPaid, models.Unsettled, other(func(v *models.Verdict) { v.Text = strings.Repeat("文", models.MostEvidence) }), 0, ""},
		"nothing quoted":                        {models.SaidPaid, models.Unsettled, other(func(v *models.Verdict) { v.Text = "" }), 0, "text"},
		"a reply about no order of this number": {models.SaidNotPaid, models.Unsettled, other(func(v *models.Verdict) { v.Text = "It failed." }), 0, "text"},
		"a statement need not name the order":   {models.SaidNotPaid, models.Unsettled, other(func(v *models.Verdict) { v.Text, v.Evidence = "line 12", models.EvidenceStatement }), 0, ""},
		"the payee's word for not paid":         {models.SaidNotPaid, models.Unsettled, payeeSays, 1, "evidence"},
		"the payee's word without a file":       {models.SaidPaid, models.Unsettled, payeeSays, 0, "files"},
		"the payee's word with a file":          {models.SaidPaid, models.Unsettled, payeeSays, 1, ""},
		"no evidence at all":                    {models.SaidReturned, models.Contradicted, other(func(v *models.Verdict) { v.Evidence, v.Text = "", "" }), 0, "evidence text"},
		"paid, and nothing arrived":             {models.SaidPaid, models.Contradicted, received(0), 0, "received"},
		"paid, and another sum arrived":         {models.SaidPaid, models.Unsettled, received(99999), 0, "received"},
		"another sum, told by contrary news":    {models.SaidPaid, models.Contradicted, received(99999), 0, ""},
		"to look again now":                     {models.SaidLookAgain, models.Unsettled, again(noon), 0, "look_again_at"},
		"to look again in fourteen days":        {models.SaidLookAgain, models.Unsettled, again(noon.AddDate(0, 0, 14)), 0, ""},
		"to look again in more than that":       {models.SaidLookAgain, models.Unsettled, again(noon.AddDate(0, 0, 14).Add(time.Minute)), 0, "look_again_at"},
	} {
		var at []string
		for _, wrong := range c.v(c.says, c.about).Check(inDoubt(c.about), c.files, noon) {
			at = append(at, wrong.Field)
		}
		if got := strings.Join(at, " "); got != c.want {
			t.Errorf("%s: wrong at %q, want %q", name, got, c.want)
		}
	}
}
