package demo

import (
	"context"
	"net/http"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
)

const (
	day      = 24 * time.Hour
	wuLeaves = 8 * day // before the present
)

// planHours looks at the clock as the timetable of the running program does: what
// was at risk in each of the last hours.
func (s *story) planHours() {
	for ago := 48; ago > 0; ago-- {
		at := s.ends.Truncate(time.Hour).Add(-time.Duration(ago)*time.Hour + 50*time.Minute)
		s.plan(at, s.proof.NoteRisk)
	}
}

// night is ten in the evening in Lima, some days ago.
func (s *story) night(ago int) time.Time {
	zone := zoneOf(lima)
	year, month, date := s.ends.In(zone).AddDate(0, 0, -ago).Date()
	return time.Date(year, month, date, 22, 0, 0, 0, zone)
}

// planMaintenance closes the desk in Lima for a night.
func (s *story) planMaintenance(at time.Time) {
	s.plan(at, func(ctx context.Context) error {
		return s.accounts.Pause(ctx, s.people[huang], s.desks[atLima].ID, "CASHY announced maintenance until five in the morning, Lima time")
	})
	s.plan(at.Add(8*time.Hour), func(ctx context.Context) error {
		_, err := s.accounts.ProposeReopening(ctx, s.people[tsai], s.desks[atLima].ID, "Maintenance is over, the balance query answers", s.stepUp.Click(s.people[tsai]))
		return err
	})
	s.plan(at.Add(8*time.Hour+6*time.Minute), func(ctx context.Context) error {
		c, _, err := models.WaitingChange(s.core.Store.Read(ctx), models.ChangeSending, services.AccountSubject(s.desks[atLima].ID))
		if err == nil {
			_, err = s.changes.Confirm(ctx, s.people[ho].As(models.VerbRestart), c.ID, c.Digest, s.stepUp.Click(s.people[ho]))
		}
		return err
	})
}

// planCases plans the orders of earlier weeks that a newcomer should look at.
func (s *story) planCases() {
	s.planPaidByVerdict()
	s.planNotPaidByVerdict()
	s.planReturned()
	s.planHeldOnce()
	s.planForgery()
	s.planContradiction()
}

// planForgery is a notice signed with another key, weeks ago; somebody has
// looked at it.
func (s *story) planForgery() {
	l := s.order(s.morning(16), wang, s.payee("孙浩"), "4350", "Samples").submitted(time.Minute).signed(lin, 12*time.Minute)
	l.told(30*time.Second, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterOtherKey, Once: true}).
		then(50*time.Minute, func(ctx context.Context) error {
			kept, err := models.QuarantinedAbout(s.core.Store.Read(ctx), l.no)
			if err != nil {
				return err
			}
			return s.notices.LookedAt(ctx, s.people[zhao], kept[0].ID, "APAY changed a key on one of its servers and changed it back. Their ticket 5512")
		})
}

// planPaidByVerdict was never answered; a statement showed it.
func (s *story) planPaidByVerdict() {
	s.order(s.morning(17), chen, s.payee("東昇報關行"), "73250", "Customs duties advanced").
		is(silent(nil)).unheard().submitted(2*time.Minute).signed(lin, 14*time.Minute).
		claimed(ortega, 50*time.Minute).
		noted(ortega, 3*time.Hour, "APAY support does not answer on Telegram. Waiting for the statement of the day.").
		proposed(ortega, 20*time.Hour, services.Proposal{
			Says: "paid", Evidence: "statement", Received: "73250.00",
			Text:   "APAY statement, line 118: 73,250.00 TWD to ····, merchant number %s",
			Reason: "The line carries our number and the whole sum",
		}).
		confirmed(tsai, 85*time.Minute, "Same line found in the file I exported myself")
}

// planNotPaidByVerdict never reached the platform; it was made again.
func (s *story) planNotPaidByVerdict() {
	l := s.order(s.morning(12), wang, s.payee("欧阳明哲"), "18600.50", "Inspection at the works").
		is(silent(sandbox.ReplyStatus(http.StatusBadGateway))).submitted(3*time.Minute).signed(lin, 9*time.Minute).
		proposed(zhao, 26*time.Hour, services.Proposal{
			Says: "not_paid", Evidence: "gateway_reply",
			Text:   "APAY support, Ms Gu, by e-mail: order %s was not received by us. No funds were moved.",
			Reason: "The gateway says in writing that it has no such order",
		}).
		confirmed(tsai, 40*time.Minute, "Read the mail with its headers; the statement of the day has no such line")
	l.again(30*time.Minute).submitted(2*time.Minute).signed(lin, 20*time.Minute)
}

// planReturned was paid and came back a day later.
func (s *story) planReturned() {
	s.order(s.morning(5), chen, s.payee("林志豪"), "22500", "Tour deposit returned").
		is(returns(4*time.Minute, 25*time.Hour)).submitted(2*time.Minute).signed(lin, 11*time.Minute).
		noted(tsai, 26*time.Hour, "The account was closed on the day of the payment. The bank sent it back.").
		proposed(tsai, 40*time.Minute, services.Proposal{
			Says: "returned", Evidence: "statement",
			Text:   "APAY statement, line 31: credit 22,500.00 TWD, return of %s",
			Reason: "The whole sum is back on our balance",
		}).
		confirmed(ho, 2*time.Hour, "The credit is there, same number, same sum")
}

// planHeldOnce was held for a call to the payee, and then went on.
func (s *story) planHeldOnce() {
	s.order(s.morning(9), wang, s.payee("杭州云杉软件有限公司"), "48000", "Licence for October").
		submitted(4*time.Minute).
		held(lin, 15*time.Minute, "Their mail has a new signature block. Calling them first").
		noted(lin, 45*time.Minute, "Reached Mr Shen at the number of the contract. He read the account back.").
		resumed(tsai, 10*time.Minute, "Called back by Lin, account confirmed").
		signed(tsai, 2*time.Minute)
}

// planContradiction was called not paid by two people; the platform says today
// that it was paid. What replaces it waits for a signature and is held.
func (s *story) planContradiction() {
	const told = 26 * time.Minute // before the present
	at := s.morning(6)
	l := s.order(at, chen, s.payee("鴻達物流股份有限公司"), "486000", "Freight to Keelung").unheard().
		submitted(2*time.Minute).signed(lin, 16*time.Minute)
	l.is(answers(nil, s.ago(told).Sub(l.at)-5*time.Second))
	l.claimed(ortega, 30*time.Minute).
		noted(ortega, 2*time.Hour, "Not in the gateway's back office. Support was asked in Chinese.").
		proposed(ortega, 21*time.Hour, services.Proposal{
			Says: "not_paid", Evidence: "gateway_reply",
			Text:   "APAY support, Mr Hsu, by Telegram: %s is not in our system, please create the order again.",
			Reason: "Support says in writing that the order does not exist",
			Files:  []services.Upload{reply("APAY support.txt", "Hsu: not in our system, please create the order again.\n")},
		}).
		confirmed(tsai, 95*time.Minute, "The reply names our order number. No line on two statements")
	again := l.again(s.ago(55 * time.Minute).Sub(l.at)).submitted(3 * time.Minute)
	again.noted(chen, time.Minute, "鴻達 asked for the freight twice. The order before this one was not paid.")
}

// morning is ten in Taipei on a working day about so many days ago.
func (s *story) morning(ago int) time.Time {
	zone := zoneOf(taipei)
	year, month, date := s.ends.In(zone).AddDate(0, 0, -ago).Date()
	at := time.Date(year, month, date, 10, s.random.IntN(40), s.random.IntN(60), 0, zone)
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// afternoon is the end of the last day of work in Taipei and Shanghai that is over.
func (s *story) afternoon() time.Time {
	now := s.ends.In(zoneOf(taipei))
	at := time.Date(now.Year(), now.Month(), now.Day(), 16, 20, 0, 0, now.Location())
	for at.After(now.Add(-time.Hour)) || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// reply is a text file as evidence.
func reply(name, text string) services.Upload {
	return services.Upload{Name: name, Content: []byte(text)}
}
