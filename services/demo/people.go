package demo

import (
	"context"
	"crypto/rand"

	"github.com/alexedwards/argon2id"

	"countersign/models"
	"countersign/services"
)

// Person is somebody whom a visitor can be with one click.
type Person struct {
	Login string
	Name  string
	Zone  string
	Roles []models.Role
	Story string // catalogue key: what to try
}

// The people of the story, by short names.
const (
	chen   = "chen"
	wang   = "wang"
	ramos  = "ramos"
	lin    = "lin"
	wu     = "wu"
	ortega = "ortega"
	zhao   = "zhao"
	tsai   = "tsai"
	ho     = "ho"
	quispe = "quispe"
	huang  = "huang"
	flores = "flores"
)

const (
	taipei   = "Asia/Taipei"
	shanghai = "Asia/Shanghai"
	lima     = "America/Lima"
)

// roster is everybody, in the order in which work goes through their hands.
var roster = []struct {
	key, name, zone string
	roles           []models.Role
}{
	{chen, "Chen Wei-han 陳偉涵", taipei, []models.Role{models.Maker}},
	{wang, "Wang Hai-bo 王海波", shanghai, []models.Role{models.Maker, models.Resolver}},
	{ramos, "Julio Ramos", lima, []models.Role{models.Maker}},
	{lin, "Lin Yu-ting 林雨婷", taipei, []models.Role{models.Approver}},
	{ortega, "Lucía Ortega", lima, []models.Role{models.Approver, models.Resolver}},
	{zhao, "Zhao Li-na 赵丽娜", shanghai, []models.Role{models.Resolver}},
	{tsai, "Tsai Mei-ling 蔡美玲", taipei, []models.Role{models.Controller}},
	{ho, "Ho Mei-chun 何美君", taipei, []models.Role{models.Controller}},
	{quispe, "Rosa Quispe", lima, []models.Role{models.Auditor}},
	{huang, "Huang Pei-shan 黃佩珊", taipei, []models.Role{models.GatewayAdmin}},
	{flores, "Diego Flores", lima, []models.Role{models.PeopleAdmin}},
	{wu, "Wu Chia-hao 吳家豪", taipei, []models.Role{models.Approver}}, // leaves in the fifth week
}

// People are those whom a visitor can be.
func People() []Person {
	var all []Person
	for _, p := range roster {
		if p.key != wu {
			all = append(all, Person{Login: login(p.key), Name: p.name, Zone: p.zone, Roles: p.roles, Story: "demo.story." + p.key})
		}
	}
	return all
}

func login(key string) string { return key + "@harbourpine.example" }

// Forgotten hashes passwords that nobody knows: nothing is gained by making the
// start wait for it.
var Forgotten = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// engage brings the people in, and the policy that binds them.
func (s *story) engage(ctx context.Context) error {
	_, err := s.policy.Set(ctx, models.Machine("countersign demo"), models.Policy{Bands: models.DefaultBands}, "The bands that we begin with")
	if err != nil {
		return err
	}
	if err := s.payeeRules(ctx, models.PayeeRules{}); err != nil {
		return err
	}
	for _, p := range roster {
		person, err := s.staff.Add(ctx, models.Machine("countersign demo"), services.NewPerson{
			Login: login(p.key), Name: p.name, Zone: p.zone, Roles: p.roles, Password: rand.Text(),
		}, services.Signed{})
		if err != nil {
			return err
		}
		s.people[p.key] = person
	}
	return nil
}
