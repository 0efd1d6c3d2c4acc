package torture

import (
	"fmt"
	"sync"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// refill lets people make some more orders.
func (k *killing) refill() {
	for range ordersALife {
		select {
		case k.room <- struct{}{}:
		default:
		}
	}
}

// people make orders through whatever program is alive, several at a time, until
// stop is closed.
func (k *killing) people(stop <-chan struct{}) (wait func()) {
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-k.room:
					k.makeOrder(stop)
				}
			}
		})
	}
	return group.Wait
}

// makeOrder takes one order through all hands. What the program does not answer is
// not asked again: nobody knows whether it happened.
func (k *killing) makeOrder(stop <-chan struct{}) {
	k.mu.Lock()
	k.serial++
	serial := k.serial
	k.mu.Unlock()
	rail := servicestest.Rails[serial%len(servicestest.Rails)]
	form := k.Form(rail, serial)
	form.Amount = smallAmount(serial, orderCents[serial%len(orderCents)])
	p := k.insist(stop, humanAct{Verb: "draft", By: k.Maker.Login, Form: form})
	if !p.won() {
		return
	}
	k.promise(p.Order, promisedDraft)
	silent := serial%13 == 5
	switch {
	case silent:
		k.Sandbox.Script(p.Order, paidUnsaid)
	case serial%17 == 0:
		fails, _ := sandbox.Find("fails")
		k.Sandbox.Script(p.Order, fails)
	}
	if !askProgram(k.address, humanAct{Verb: "submit", By: k.Maker.Login, Order: p.Order, Digest: p.Digest}).won() {
		return
	}
	k.promise(p.Order, promisedSubmitted)
	if askProgram(k.address, humanAct{Verb: "approve", By: k.Approver.Login, Order: p.Order, Digest: p.Digest}).won() {
		k.promise(p.Order, promisedApproved)
	}
	if silent {
		k.settleByHand(stop, p.Order, form.Amount)
	}
}

// paidUnsaid is an order of which the gateway never speaks, although it is paid:
// two people settle it, from a statement.
var paidUnsaid = sandbox.Scenario{
	Fate: sandbox.FatePaid, Create: sandbox.Create{Reply: sandbox.ReplyEmpty}, Query: []sandbox.Phase{{Hidden: true}}, Quiet: true,
}

// settleByHand has two people say that the order was paid, as soon as it is in doubt
// and the statement shows it.
func (k *killing) settleByHand(stop <-chan struct{}, order, sum string) {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for tries := 0; !k.proposed(order, sum); tries++ {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		if tries == 300 {
			return // it was cut off before anything left
		}
	}
	if askProgram(k.address, humanAct{Verb: "confirm", By: k.Second.Login, Order: order, Says: "paid"}).won() {
		k.promise(order, promisedPaid)
	}
}

// proposed says whether "paid" has been proposed.
func (k *killing) proposed(order, sum string) bool {
	if statement, _ := k.Sandbox.Order(order); statement.Word != sandbox.Paid {
		return false
	}
	said := askProgram(k.address, humanAct{Verb: "propose", By: k.Resolver.Login, Order: order, Says: "paid", Sum: sum})
	return said.won() || said.Refuse == "verdict.open_already"
}

// promise is what people were told of an order last.
type promise int

const (
	promisedDraft promise = iota
	promisedSubmitted
	promisedApproved
	promisedPaid // by two people
)

// kept says whether the record agrees.
func (told promise) kept(p models.Payout) bool {
	switch told {
	case promisedSubmitted:
		return !p.SubmittedAt.IsZero()
	case promisedApproved:
		return !p.ApprovedAt.IsZero()
	case promisedPaid:
		return p.Outcome == models.Paid && p.ByHand
	}
	return true
}

// smallAmount is one that needs a single signature and that no other order of the
// same rail has; cents may choose what the gateway does with it.
func smallAmount(serial, cents int) string {
	lap := serial / (1300 * len(servicestest.Rails))
	if lap > 0 {
		cents = 50 + lap
	}
	return fmt.Sprintf("%d.%02d", 100+serial/len(servicestest.Rails)%1300, cents)
}

// orderCents choose what becomes of the orders at the gateway: most are paid.
var orderCents = []int{50, 50, 50, 50, 50, 1, 50, 50, 50, 50, 3, 50, 50, 4, 50, 50, 50, 50, 50, 2, 50, 50, 50}

// insist tries until a program answers.
func (k *killing) insist(stop <-chan struct{}, a humanAct) told {
	ticker := time.NewTicker(3 * time.Millisecond)
	defer ticker.Stop()
	for {
		said := askProgram(k.address, a)
		if said.won() || said.Refuse != "" {
			return said
		}
		select {
		case <-stop:
			return said
		case <-ticker.C:
		}
	}
}

func (k *killing) promise(order string, what promise) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.promised[order] = what
}
