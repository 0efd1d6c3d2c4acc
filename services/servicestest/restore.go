package servicestest

import (
	"context"
	"fmt"
	"path/filepath"

	"countersign/models"
	"countersign/services/journal"
)

// Backup copies the town's database to a file of its own.
func (t *Town) Backup() (path string) {
	t.T.Helper()
	path = filepath.Join(t.T.TempDir(), "backup.db")
	t.Must(t.Store.Backup(context.Background(), path))
	return path
}

// Restore lets the town live on from a copy of its database, beside the journal and the
// gateways that know what came after it. It starts as the program does.
func (t *Town) Restore(path string) {
	t.T.Helper()
	t.swap(path)
	t.openJournal()
	t.lead()
}

// RestoreUnguarded is Restore without holding the copy against the journal: what must
// never happen, for tests that are to find it out.
func (t *Town) RestoreUnguarded(path string) {
	t.T.Helper()
	t.swap(path)
	t.Journal = journal.Discard()
	t.Sender.Journal = t.Journal
	t.lead()
}

func (t *Town) swap(path string) {
	store, err := models.Open(path)
	t.Must(err)
	t.Must(t.Store.Close())
	t.Store, t.Core.Store, t.file = store, store, path
	t.Sender = t.newSender()
}

// lead is the beginning of a sender's life.
func (t *Town) lead() {
	ctx := context.Background()
	if held, err := t.Sender.Lead(ctx); err != nil || !held {
		t.Must(fmt.Errorf("the lease was not taken: %w", err))
	}
	_, err := t.Sender.Recover(ctx)
	t.Must(err)
}

// Cord is why all sending is stopped, "" if it is not.
func (t *Town) Cord() string {
	t.T.Helper()
	cord, err := models.ReadSetting(t.Store.Read(context.Background()), models.SettingCord)
	t.Must(err)
	return cord
}

// Order finds an order of the present database by its number.
func (t *Town) Order(number string) (models.Payout, bool) {
	t.T.Helper()
	p, found, err := models.LookForOrder(t.Store.Read(context.Background()), number)
	t.Must(err)
	return p, found
}
