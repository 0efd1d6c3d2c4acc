package demo

import (
	"fmt"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

// fate is how an ordinary order goes on once it is submitted.
type fate struct {
	lasts time.Duration // after the last signature
	live  func(l *life, signers []string, waits []time.Duration)
}

// fate draws one of a thousand.
func (s *story) fate(t trade, p *payee) fate {
	settles := max(s.about(t.settles), 25*time.Second)
	draw, other := s.random.IntN(1000), s.random.IntN(1000)
	switch {
	case draw < 20:
		return fate{0, rejection(other)}
	case draw < 35:
		return fate{0, withdrawal(other)}
	case draw < 65:
		return s.failing(p, refusal(t.desk, other), 0, other)
	case draw < 85:
		word := sandbox.Failed
		if other%3 == 0 {
			word = sandbox.Cancelled
		}
		return s.failing(p, fails(settles, word), settles, other)
	case draw < 112:
		found := settles + 4*time.Minute
		return fate{found, doubtful(other, found)}
	case draw < 140:
		return fate{2*settles + 15*time.Minute, sent(quiet(settles))}
	case draw < 145:
		return fate{8 * time.Hour, sent(pays(4*time.Hour + settles))}
	}
	return fate{settles + 5*time.Minute, asked(other, sent(pays(settles)))}
}

// sent lets everybody sign and the platform play.
func sent(play sandbox.Scenario) func(*life, []string, []time.Duration) {
	return func(l *life, signers []string, waits []time.Duration) {
		l.is(play)
		for i, who := range signers {
			l.signed(who, waits[i])
		}
	}
}

// asked puts a question to the maker first, once in sixty times.
func asked(draw int, then func(*life, []string, []time.Duration)) func(*life, []string, []time.Duration) {
	if draw >= 16 {
		return then
	}
	return func(l *life, signers []string, waits []time.Duration) {
		half := waits[0] / 2
		l.askedMaker(signers[0], half/2, "Is this the invoice that came twice?")
		l.noted(l.maker, half/2, fmt.Sprintf("No, the other one was to another firm. This one is %s.", l.purpose))
		waits[0] -= half
		then(l, signers, waits)
	}
}

func doubtful(draw int, found time.Duration) func(*life, []string, []time.Duration) {
	reply := doubts[draw%len(doubts)]
	return func(l *life, signers []string, waits []time.Duration) {
		l.late = reply == nil
		sent(answers(reply, found))(l, signers, waits)
	}
}

func rejection(draw int) func(*life, []string, []time.Duration) {
	reasons := []models.Rejection{
		{For: models.RejectAmount, Text: "The invoice is over another sum"}, {For: models.RejectPaid, Text: "Last week, under another number"},
		{For: models.RejectNotOurs, Text: "The contract ended in the summer"}, {For: models.RejectPapers, Text: "The delivery note is missing"},
		{For: models.RejectPayee, Text: "The firm has a new name"},
	}
	return func(l *life, signers []string, waits []time.Duration) {
		l.rejected(signers[0], waits[0], reasons[draw%len(reasons)])
	}
}

func withdrawal(draw int) func(*life, []string, []time.Duration) {
	reasons := []string{"Typed the sum without its discount", "The supplier asked to wait", "Entered twice by mistake"}
	return func(l *life, _ []string, waits []time.Duration) {
		l.withdrawn(waits[0]/2, reasons[draw%len(reasons)])
	}
}

// tooPoor is the code for a balance that is too low.
const tooPoor = "0018"

// refusal is a code with which the platform turns an order away.
func refusal(desk string, draw int) sandbox.Scenario {
	cashy := []string{"Params_accountNo_error", "Params_accountNo_error", "Params_idCard_error", "Params_bankId_error"}
	apay := []string{"0012", "0012", "0012", tooPoor}
	if desk == atTaipei {
		apay[1] = tooPoor
	}
	return refuses(apay[draw%4], cashy[draw%4])
}

// failing is proven to have failed; two in three are made again, with the number
// that the payee gave when asked.
func (s *story) failing(p *payee, play sandbox.Scenario, settles time.Duration, draw int) fate {
	pause := 40*time.Minute + s.about(50*time.Minute)
	if draw%3 == 0 || p.known {
		return fate{settles + 10*time.Minute, sent(play)}
	}
	return fate{settles + pause + 5*time.Hour, func(l *life, signers []string, waits []time.Duration) {
		sent(play)(l, signers, waits)
		if play.Create.Refuse.Apay != tooPoor {
			l.then(settles, l.asksForChange).then(pause/2, l.confirmsChange)
		} else {
			l.then(settles+pause/2, nothing)
		}
		next := l.again(pause / 2).submitted(2 * time.Minute)
		for i, who := range signers {
			wait := atWork(s.people[who].Location(), next.at.Add(15*time.Minute)).Sub(next.at)
			next.signed(who, wait+time.Duration(i)*9*time.Minute)
		}
	}}
}
