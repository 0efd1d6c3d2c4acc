package torture

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
)

// columnEdit alters a value by what it is.
const columnEdit = `UPDATE %[1]s SET "%[2]s" = CASE typeof("%[2]s") WHEN 'integer' THEN "%[2]s" + 1 WHEN 'blob' THEN CAST("%[2]s" || x'01' AS BLOB)
	WHEN 'text' THEN "%[2]s" || 'x' ELSE 1 END WHERE rowid = (SELECT max(rowid) FROM %[1]s WHERE %[3]s)`

// TestTamperingWithWhatEvidenceShows alters every column of every table that the evidence
// of an order is read from, one at a time, and takes the bundle: the taking refuses it, or
// the checker does (X14, I19). A new column is one of them by itself. The known-bad variant
// takes it without asking whether the rows are what was written: it has to miss some.
func TestTamperingWithWhatEvidenceShows(t *testing.T) { // not beside others: the known-bad variant changes what all go by
	g := newTamperGround(t)
	orders := g.ordersOfColumns()
	tried, missed := g.editColumns(orders)
	for _, what := range missed {
		t.Errorf("taken and believed though altered: %s", what)
	}
	whole := maps.Clone(models.OrderTables)
	clear(models.OrderTables)
	_, fooled := g.editColumns(orders)
	maps.Copy(models.OrderTables, whole)
	if len(fooled) == 0 {
		t.Error("the known-bad variant: a taking that asks about no row let nothing through")
	}
	report(t, "tampering, evidence", "%d columns of %d tables altered one at a time: none was taken and believed; without asking about the rows %d were", tried, len(whole), len(fooled))
}

// ordersOfColumns are an order that was paid by the gateway's word, and one by two people.
func (g *tamperGround) ordersOfColumns() []models.Payout {
	var paid, byHand models.Payout
	db := g.Store.Read(g.T.Context())
	g.Must(db.Where("outcome = 'paid' AND by_hand = 0 AND id IN (SELECT payout_id FROM files)").Order("id").Take(&paid).Error)
	g.Must(db.Where("outcome = 'paid' AND by_hand = 1").Take(&byHand).Error)
	return []models.Payout{paid, byHand}
}

// editColumns alters each column of each row that one of the orders depends on.
func (g *tamperGround) editColumns(orders []models.Payout) (tried int, missed []string) {
	tables := map[string]string{
		"payouts": "id = @order", "payee_versions": "id = (SELECT payee_version_id FROM payouts WHERE id = @order)",
		"policies":         "version = (SELECT policy_version FROM payouts WHERE id = @order)",
		"gateway_accounts": "id = (SELECT account_id FROM payouts WHERE id = @order)", "people": "id = (SELECT maker_id FROM payouts WHERE id = @order)",
		"signatures": "digest IN (SELECT unhex(details ->> 'signature') FROM events WHERE payout_id = @order AND payout_id > 0)",
	}
	for _, name := range []string{"approvals", "attempts", "questions", "notices", "verdicts", "files"} {
		tables[name] = "payout_id = @order"
	}
	for _, p := range orders {
		for _, table := range slices.Sorted(maps.Keys(tables)) {
			for n, column := range g.columns[table] {
				if (n+len(table))%size(5, 1) != 0 {
					continue // everyday, one of five
				}
				edit := fmt.Sprintf(columnEdit, table, column, strings.ReplaceAll(tables[table], "@order", fmt.Sprint(p.ID)))
				believed, done := g.takeAltered(p, table, edit)
				if done {
					tried++
				}
				if believed {
					missed = append(missed, fmt.Sprintf("%s.%s of %s", table, column, p.OrderNo))
				}
			}
		}
	}
	return tried, missed
}

// takeAltered carries out an edit, takes the bundle, has it checked, and takes it all back.
func (g *tamperGround) takeAltered(p models.Payout, table, edit string) (believed, done bool) {
	err := g.Store.AsOne(g.T.Context(), func(whole *models.Store) error {
		tx := whole.Read(g.T.Context())
		if err := tx.Exec("PRAGMA defer_foreign_keys = ON").Error; err != nil {
			return err
		}
		if err := g.change(tx, table, edit); err != nil {
			return err
		}
		done, believed = true, g.believedFrom(whole, tx, p)
		return errUndone
	})
	if !done && !refusedEdit(err) || done && !errors.Is(err, errUndone) {
		g.T.Fatal(table, edit, err)
	}
	return believed, done
}

// believedFrom takes the bundle and asks the checker.
func (g *tamperGround) believedFrom(whole *models.Store, tx *gorm.DB, p models.Payout) bool {
	core := *g.Core
	core.Store = whole
	payouts := *g.Evidence.Payouts
	payouts.Core = &core
	evidence := services.Evidence{Core: &core, Payouts: &payouts, Heads: &services.Heads{Core: &core}}
	taken, err := evidence.TakeAs(models.Everywhere(g.T.Context()), g.Auditor.As(models.VerbAudit), p.OrderNo, tamperPage)
	if err != nil {
		return false
	}
	head, _, err := models.LastHead(tx)
	g.Must(err)
	_, err = bundle.Check(taken, []byte(head.Note), g.verifier)
	return err == nil
}
