package torture

import (
	"context"
	"fmt"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// contest is a moment at which several want an order at once, and exactly one may
// have it.
type contest struct {
	name string
	// set makes the order that they want.
	set func(c *crowded, serial int) models.Payout
	// acts are what they do, one each, at the same time.
	acts func(c *crowded, p models.Payout) []humanAct
	// moves are the verbs of which the log may get one line.
	moves []string
	// never may not win, whoever else does.
	never string
	// pair says that two have to win: the policy asks for two people.
	pair bool
}

func (k contest) winners() int {
	if k.pair {
		return 2
	}
	return 1
}

// contests are those of the proof, in turn.
var contests = []contest{
	{
		name: "four approvals, one of them the maker's", set: (*crowded).othersSubmitted, moves: []string{"approved", "signed"}, never: "other",
		acts: func(c *crowded, p models.Payout) []humanAct {
			return []humanAct{c.approves("approver", p), c.approves("second", p), c.approves("approver", p), c.approves("second", p), c.approves("other", p)}
		},
	},
	{
		name: "two signatures, two people who both click twice", set: (*crowded).largeSubmitted, moves: []string{"approved", "signed"}, pair: true,
		acts: func(c *crowded, p models.Payout) []humanAct {
			return []humanAct{c.approves("approver", p), c.approves("approver", p), c.approves("second", p), c.approves("second", p)}
		},
	},
	{
		name: "an edit during the approval", set: (*crowded).submitted, moves: []string{"approved", "edited"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			return []humanAct{c.approves("approver", p), c.edits(p), c.approves("second", p)}[:2+p.ID%2]
		},
	},
	{
		name: "a double click on submit", set: (*crowded).draft, moves: []string{"submitted"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			return four(humanAct{Verb: "submit", By: "maker", Order: p.OrderNo, Digest: p.Digest})
		},
	},
	{
		name: "a double click on approve", set: (*crowded).submitted, moves: []string{"approved", "signed"},
		acts: func(c *crowded, p models.Payout) []humanAct { return four(c.approves("approver", p)) },
	},
	{
		name: "a double click on withdraw", set: (*crowded).submitted, moves: []string{"withdrawn"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			return four(humanAct{Verb: "withdraw", By: "maker", Order: p.OrderNo})
		},
	},
	{
		name: "hold against send", set: (*crowded).approved, moves: []string{"held", "sending"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			return []humanAct{c.sends(p), {Verb: "hold", By: "second", Order: p.OrderNo}, c.sends(p), c.sends(p)}
		},
	},
	{
		name: "withdraw against send", set: (*crowded).approved, moves: []string{"withdrawn", "sending"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			return []humanAct{{Verb: "withdraw", By: "maker", Order: p.OrderNo}, c.sends(p), c.sends(p)}
		},
	},
	{
		name: "two proposals", set: (*crowded).unclear, moves: []string{"verdict_proposed"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			return []humanAct{
				{Verb: "propose", By: "resolver", Order: p.OrderNo, Says: "paid", Sum: p.Amount().Decimal()},
				{Verb: "propose", By: "second", Order: p.OrderNo, Says: "look_again"},
				{Verb: "propose", By: "other", Order: p.OrderNo, Says: "paid", Sum: p.Amount().Decimal()},
			}
		},
	},
	{
		name: "two confirmations of a verdict", set: (*crowded).proposed, moves: []string{"verdict_paid", "verdict_disagreed"},
		acts: func(c *crowded, p models.Payout) []humanAct {
			number := c.verdictOf(p)
			confirm := func(by string, says models.Said) humanAct {
				return humanAct{Verb: "confirm", By: by, Order: p.OrderNo, Number: number, Says: says}
			}
			return []humanAct{confirm("second", "paid"), confirm("other", "paid"), confirm("second", "not_paid"), confirm("other", "not_paid")}
		},
	},
}

func four(a humanAct) []humanAct { return []humanAct{a, a, a, a} }

func (c *crowded) approves(by string, p models.Payout) humanAct {
	return humanAct{Verb: "approve", By: by, Order: p.OrderNo, Digest: p.Digest}
}

func (c *crowded) sends(p models.Payout) humanAct {
	return humanAct{Verb: "send", By: "maker", Order: p.OrderNo}
}

// edits is another sum, as no other order has it.
func (c *crowded) edits(p models.Payout) humanAct {
	form := c.Form(p.Rail, 1)
	form.Amount, form.Reference = fmt.Sprintf("%d.75", p.AmountMinor/100), p.Reference
	return humanAct{Verb: "edit", By: "maker", Order: p.OrderNo, Form: form}
}

// form is one that resembles no other.
func (c *crowded) form(serial int) services.PayoutForm {
	form := c.Form(servicestest.Rails[serial%len(servicestest.Rails)], serial)
	form.Amount = smallAmount(serial, 50)
	return form
}

// does is one that has to succeed, by whichever copy of the program is next.
func (c *crowded) does(serial int, a humanAct) told {
	said := c.copies[serial%len(c.copies)](a)
	if !said.won() {
		panic(fmt.Sprintf("%s by %s: %s%s", a.Verb, a.By, said.Refuse, said.Fault))
	}
	return said
}

func (c *crowded) look(order string) models.Payout {
	p, err := models.FindOrder(c.Store.Read(context.Background()), order)
	if err != nil {
		panic(err)
	}
	return p
}

func (c *crowded) draftBy(maker string, serial int, form services.PayoutForm) models.Payout {
	return c.look(c.does(serial, humanAct{Verb: "draft", By: maker, Form: form}).Order)
}

func (c *crowded) draft(serial int) models.Payout { return c.draftBy("maker", serial, c.form(serial)) }

func (c *crowded) submittedBy(maker string, serial int, form services.PayoutForm) models.Payout {
	p := c.draftBy(maker, serial, form)
	c.does(serial+1, humanAct{Verb: "submit", By: maker, Order: p.OrderNo, Digest: p.Digest})
	return c.look(p.OrderNo)
}

func (c *crowded) submitted(serial int) models.Payout {
	return c.submittedBy("maker", serial, c.form(serial))
}

func (c *crowded) othersSubmitted(serial int) models.Payout {
	return c.submittedBy("other", serial, c.form(serial))
}

// largeSubmitted is an order that two people have to sign.
func (c *crowded) largeSubmitted(serial int) models.Payout {
	form := c.Form("apay.taiwan", serial)
	form.Amount = fmt.Sprintf("%d.50", 600_000+serial)
	return c.submittedBy("maker", serial, form)
}

func (c *crowded) approved(serial int) models.Payout {
	p := c.submitted(serial)
	c.does(serial+2, c.approves("approver", p))
	return c.look(p.OrderNo)
}

// unclear is an order to which the gateway answered nothing.
func (c *crowded) unclear(serial int) models.Payout {
	p := c.approved(serial)
	empty, _ := sandbox.Find("empty")
	c.Sandbox.Script(p.OrderNo, empty)
	if err := c.Sender.Send(context.Background(), p.ID); err != nil {
		panic(err)
	}
	return c.look(p.OrderNo)
}

func (c *crowded) proposed(serial int) models.Payout {
	p := c.unclear(serial)
	c.does(serial, humanAct{Verb: "propose", By: "resolver", Order: p.OrderNo, Says: "paid", Sum: p.Amount().Decimal()})
	return c.look(p.OrderNo)
}

func (c *crowded) verdictOf(p models.Payout) int64 {
	v, ok, err := models.OpenVerdict(c.Store.Read(context.Background()), p.ID)
	if err != nil || !ok {
		panic(fmt.Sprintf("no verdict: %v", err))
	}
	return v.ID
}
