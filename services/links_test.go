package services_test

import (
	"testing"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

const anew = "nine umbrellas at noon"

// letIn is a link under way: who asked, who confirms, and what each of both has of it.
type letIn struct {
	*servicestest.Town
	people  *services.People
	changes *services.Changes
	admin   models.Person
	of      models.Person
	secret  string
	change  models.Change
}

func linkAsked(t *testing.T) *letIn {
	t.Helper()
	town := servicestest.New(t)
	passwords, err := services.NewPasswords(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	town.Must(err)
	l := &letIn{Town: town, people: &services.People{Core: town.Core, Passwords: passwords}, changes: &services.Changes{Core: town.Core}}
	l.admin, l.of = town.AddPerson("Diego Flores", models.PeopleAdmin), town.Approver
	l.secret, err = l.people.Invite(t.Context(), l.admin.As(models.VerbPeople), l.of.ID, "lost the password", servicestest.Click(town.Core, l.admin))
	town.Must(err)
	l.change, _, err = models.WaitingChange(town.Store.Read(t.Context()), models.ChangeLink, services.PersonSubject(l.of.ID))
	town.Must(err)
	return l
}

func (l *letIn) confirm(t *testing.T, by models.Person) (services.Code, error) {
	t.Helper()
	return l.changes.ConfirmLink(t.Context(), by.As(models.VerbGrant), l.change.ID, l.change.Digest, servicestest.Click(l.Core, by))
}

// comesIn says whether somebody who has this of a link is let in as its person.
func (l *letIn) comesIn(t *testing.T, secret string, code services.Code) bool {
	t.Helper()
	_, err := l.people.Accept(t.Context(), secret, code, anew)
	return err == nil
}

// Neither of the two who let somebody in has enough to come in as them (decision 17).
func TestS3_NobodyComesInAsAnotherByHalfOfALink(t *testing.T) {
	l := linkAsked(t)
	if l.comesIn(t, l.secret, "") {
		t.Error("a link that nobody confirmed opens")
	}
	if _, err := l.confirm(t, l.admin); !refused(err, "change.own_proposal") {
		t.Errorf("whoever asked confirms: %v", err)
	}
	if _, err := l.confirm(t, l.of); !refused(err, "change.about_you") {
		t.Errorf("whoever is let in confirms: %v", err)
	}
	code, err := l.confirm(t, l.Controller)
	l.Must(err)
	if l.comesIn(t, l.secret, "") || l.comesIn(t, "", code) || l.comesIn(t, string(code), code) {
		t.Error("half of a link lets somebody in")
	}
	if !l.comesIn(t, l.secret, code) || l.comesIn(t, l.secret, code) {
		t.Error("both halves let their owner in once")
	}
	report, err := models.Verify(l.Store.Read(t.Context()))
	l.Must(err)
	if len(report.Findings) != 0 {
		t.Errorf("verify: %v", report.Findings)
	}
}

// The known-bad variant: a link as one person made them before is found to let its maker
// in. The database refuses to store one.
func TestS3_ALinkOfOnePersonIsFoundToLetTheirMakerIn(t *testing.T) {
	l := linkAsked(t)
	byOne := func(tx *gorm.DB) error {
		return tx.Exec("UPDATE invitations SET made_by = NULL, change_id = NULL").Error
	}
	if err := l.Store.Write(t.Context(), byOne); err == nil {
		t.Fatal("the database stores a link of one person")
	}
	l.Must(l.Store.Write(t.Context(), func(tx *gorm.DB) error { return servicestest.Unguarded(tx, byOne) }))
	if !l.comesIn(t, l.secret, "") {
		t.Error("the check does not see who comes in alone")
	}
}

// The database itself wants two people for a link, whatever the program says.
func TestI4_TheDatabaseItselfWantsTwoPeopleForALink(t *testing.T) {
	l := linkAsked(t)
	for name, statement := range map[string]string{
		"asked for by nobody":       "INSERT INTO invitations (digest, person_id, made_by, made_at, expires_at) VALUES (x'01', 1, 2, 1, 1)",
		"of another's change":       "INSERT INTO invitations (digest, person_id, made_by, made_at, expires_at, change_id) SELECT x'01', person_id + 1, made_by, 1, 1, change_id FROM invitations",
		"a code before it is due":   "UPDATE invitations SET code_digest = x'01'",
		"used before it is due":     "UPDATE invitations SET used_at = 1",
		"another link in its place": "UPDATE invitations SET digest = x'01'",
		"tries given back":          "UPDATE invitations SET wrong = -1",
	} {
		if err := l.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(statement).Error }); err == nil {
			t.Errorf("%s: the database takes it", name)
		}
	}
	_, err := l.confirm(t, l.Controller)
	l.Must(err)
	if err := l.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec("UPDATE invitations SET code_digest = x'02'").Error }); err == nil {
		t.Error("a code is exchanged")
	}
}
