package models_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// fillRow gives every field of a row a value of its own.
func fillRow(row any, serial int) { fillField(reflect.ValueOf(row).Elem(), &serial) }

func fillField(v reflect.Value, serial *int) {
	*serial++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(1_800_000_000_000 + int64(*serial)).UTC()))
		return
	case []byte:
		v.SetBytes([]byte{byte(*serial), 2})
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillField(v.Field(i), serial)
			}
		}
	case reflect.String:
		v.SetString(fmt.Sprint("text", *serial))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*serial))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("name"), reflect.ValueOf(fmt.Sprint(*serial)))
	}
}

// stored reads a row as GORM does.
func stored[T any](c *crowd, condition string, value any) T {
	c.t.Helper()
	var row T
	if err := c.db().Where(condition, value).Take(&row).Error; err != nil {
		c.t.Fatal(err)
	}
	return row
}

func same[T any](c *crowd, what string, got, want T) {
	c.t.Helper()
	if !reflect.DeepEqual(got, want) {
		c.t.Errorf("%s: got\n%+v, want\n%+v", what, got, want)
	}
}

// What goes around GORM writes what GORM reads, and reads what GORM writes, in
// every column.
func TestDirectAgreesWithGORM(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 1)
	c.payoutBothWays()
	c.accountRead()
	c.eventBothWays()
	c.noticeBothWays()
}

func (c *crowd) accountRead() {
	a := models.GatewayAccount{}
	fillRow(&a, 100)
	c.write(func(tx *gorm.DB) error { return tx.Create(&a).Error })
	found, err := models.FindAccount(c.db(), a.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	same(c, "account read directly", found, a)
}

func (c *crowd) payoutBothWays() {
	p := models.Payout{}
	fillRow(&p, 100)
	first := models.PayoutID(1)
	p.AccountID, p.PayeeID, p.PayeeVersionID, p.MakerID, p.ReplacesID = 1, 1, 1, c.maker.ID, &first
	c.write(func(tx *gorm.DB) error { return tx.Create(&p).Error })
	found, err := models.FindPayout(c.db(), p.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	same(c, "payout read directly", found, stored[models.Payout](c, "id = ?", p.ID))

	edited := found
	fillRow(&edited, 300)
	edited.ID, edited.AccountID, edited.PayeeID, edited.PayeeVersionID, edited.Moves = p.ID, 2, 2, 2, p.Moves
	edited.OrderNo, edited.MakerID, edited.ReplacesID, edited.CreatedAt, edited.GivenTo = p.OrderNo, p.MakerID, p.ReplacesID, p.CreatedAt, p.GivenTo
	c.write(func(tx *gorm.DB) error { return edited.Keep(tx) })
	kept := stored[models.Payout](c, "id = ?", p.ID)
	same(c, "payout written directly", models.Uncounted(kept), models.Uncounted(edited))
	for _, gatewayNo := range []string{"POT2", "POT2", "POT1"} {
		edited.GatewayNo, edited.Grade = gatewayNo, edited.Grade+1
		c.write(func(tx *gorm.DB) error { return edited.Keep(tx) })
		kept = stored[models.Payout](c, "id = ?", p.ID)
		same(c, "payout moved directly", models.Uncounted(kept), models.Uncounted(edited))
	}
}

func (c *crowd) eventBothWays() {
	e := models.Event{}
	fillRow(&e, 100)
	c.write(func(tx *gorm.DB) error { return models.Append(tx, e) })
	seq, hash, err := models.Head(c.db())
	if err != nil {
		c.t.Fatal(err)
	}
	kept := stored[models.Event](c, "seq = ?", seq)
	e.Seq, e.Hash = seq, hash
	same(c, "event written directly", kept, e)
	if before, err := models.HashBefore(c.db(), seq); err != nil || !kept.Follows(before) {
		c.t.Error("its hash does not fit what is stored")
	}
}

func (c *crowd) noticeBothWays() {
	n, order := models.Notice{}, models.PayoutID(1)
	fillRow(&n, 100)
	n.ID, n.AccountID, n.PayoutID = 0, 1, &order
	n.LookedBy, n.LookedAt, n.Applied = 0, time.Time{}, "" // come later
	again := n
	c.write(func(tx *gorm.DB) error { return models.KeepNotice(tx, &n) })
	same(c, "notice written directly", stored[models.Notice](c, "id = ?", n.ID), n)

	n.Applied, n.Seen, n.LastAt = "paid", 2, again.ReceivedAt.Add(time.Hour)
	again.ReceivedAt, again.Body = n.LastAt, n.Body
	c.write(func(tx *gorm.DB) error {
		if err := models.NoteApplied(tx, n); err != nil {
			return err
		}
		return models.KeepNotice(tx, &again)
	})
	same(c, "notice seen again", again, n)
	same(c, "notice written again", stored[models.Notice](c, "id = ?", n.ID), n)
}

// An event that was undone is no link of the chain, whoever undid it.
func TestTheChainHoldsAfterEventsWereUndone(t *testing.T) {
	t.Parallel()
	store := open(t)
	fault := errors.New("fault")
	add := func(tx *gorm.DB) error { return models.Append(tx, models.Event{Verb: "noted"}) }
	undone := func(tx *gorm.DB) error { return errors.Join(add(tx), add(tx), fault) }
	for range 3 {
		err := store.Write(t.Context(), func(tx *gorm.DB) error {
			return errors.Join(add(tx), onlyFault(models.Within(tx, undone), fault), add(tx))
		})
		if err != nil || store.Write(t.Context(), undone) == nil {
			t.Fatal(err)
		}
	}
	report, err := models.Verify(store.Read(t.Context()))
	if err != nil || report.Events != 6 || len(report.Findings) > 0 {
		t.Errorf("%d events, %v, %v", report.Events, report.Findings, err)
	}
}

func onlyFault(err, fault error) error {
	if errors.Is(err, fault) {
		return nil
	}
	return fmt.Errorf("it was not undone: %w", err)
}
