package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"countersign/models"
	"countersign/views"
)

// policyForm is the policy as it is typed. Each row of the bands is one way: two that
// begin at the same sum are two ways.
type policyForm struct {
	Do         string            `form:"do"`
	Bands      map[string]string `form:"band.*"`      // 0.currency, 0.from, 0.anyone, 0.approver, 0.controller
	Conditions map[string]string `form:"condition.*"` // 0.when, 0.of, 0.then
	ToAccount  bool              `form:"sum_account"`
	ByMaker    bool              `form:"sum_maker"`
	Zone       string            `form:"zone"`
	Opens      string            `form:"opens"`
	Closes     string            `form:"closes"`
	Content    string            `form:"content"` // what was looked at
	Reason     string            `form:"reason"`
}

// policyRowsMost bounds the rows of each kind.
const policyRowsMost = 30

// fields are the form's answers as its page shows them again.
func (f policyForm) fields() (p views.PolicyFields) {
	for i := range policyRowsMost {
		at := strconv.Itoa(i) + "."
		if _, there := f.Bands[at+"currency"]; there {
			p.Ways = append(p.Ways, views.WayRow{Currency: f.Bands[at+"currency"], From: f.Bands[at+"from"],
				Anyone: f.Bands[at+"anyone"], Approver: f.Bands[at+"approver"], Controller: f.Bands[at+"controller"]})
		}
		if _, there := f.Conditions[at+"when"]; there {
			p.Conditions = append(p.Conditions, views.ConditionRow{When: f.Conditions[at+"when"], Of: f.Conditions[at+"of"], Then: f.Conditions[at+"then"]})
		}
	}
	p.ToAccount, p.ByMaker, p.Zone, p.Opens, p.Closes = f.ToAccount, f.ByMaker, f.Zone, f.Opens, f.Closes
	return p
}

// withRows adds a row or takes one away, as the button says; done is false for other
// buttons.
func withRows(p *views.PolicyFields, do string) (done bool) {
	name, figure, _ := strings.Cut(do, ".")
	at, _ := strconv.Atoi(figure)
	switch {
	case name == "add_band" && len(p.Ways) < policyRowsMost:
		p.Ways = append(p.Ways, views.WayRow{Anyone: "1"})
	case name == "add_condition" && len(p.Conditions) < policyRowsMost:
		p.Conditions = append(p.Conditions, views.ConditionRow{})
	case name == "drop_band" && 0 <= at && at < len(p.Ways):
		p.Ways = slices.Delete(p.Ways, at, at+1)
	case name == "drop_condition" && 0 <= at && at < len(p.Conditions):
		p.Conditions = slices.Delete(p.Conditions, at, at+1)
	default:
		return false
	}
	return true
}

// policyFields are a policy as the form shows it.
func policyFields(t models.PolicyTerms) (p views.PolicyFields) {
	for _, band := range t.Bands {
		for _, way := range band.Need {
			row := views.WayRow{Currency: band.Currency, From: band.From().Decimal()}
			for _, step := range way {
				*row.Of(step.Role) = strconv.Itoa(step.Count)
			}
			p.Ways = append(p.Ways, row)
		}
	}
	for _, c := range t.Rules.Conditions {
		p.Conditions = append(p.Conditions, views.ConditionRow{When: string(c.When), Of: c.Of, Then: c.Then()})
	}
	p.ToAccount, p.ByMaker = slices.Contains(t.Rules.Sums, models.ToAccount), slices.Contains(t.Rules.Sums, models.ByMaker)
	if h := t.Rules.Hours; h != (models.Hours{}) {
		p.Zone, p.Opens, p.Closes = h.Zone, strconv.Itoa(h.Opens), strconv.Itoa(h.Closes)
	}
	return p
}

// termsOf reads what was typed; what cannot be read is refused at its field.
func termsOf(p views.PolicyFields) (t models.PolicyTerms, refused models.Refusals) {
	for i, row := range p.Ways {
		if err := addWay(&t.Bands, row, i); err != nil {
			refused = append(refused, *err)
		}
	}
	for i, row := range p.Conditions {
		c, err := conditionOf(row, i)
		if err != nil {
			refused = append(refused, *err)
			continue
		}
		t.Rules.Conditions = append(t.Rules.Conditions, c)
	}
	if p.ToAccount {
		t.Rules.Sums = append(t.Rules.Sums, models.ToAccount)
	}
	if p.ByMaker {
		t.Rules.Sums = append(t.Rules.Sums, models.ByMaker)
	}
	if p.Zone != "" {
		opens, wrong := strconv.Atoi(p.Opens)
		closes, err := strconv.Atoi(p.Closes)
		if wrong != nil || err != nil {
			refused = append(refused, models.Refuse(models.Invalid, "policy.hours").On("opens"))
		}
		t.Rules.Hours = models.Hours{Zone: p.Zone, Opens: opens, Closes: closes}
	}
	return t, refused
}

// addWay adds a row to the band that begins where it does.
func addWay(bands *models.Bands, row views.WayRow, i int) *models.Refusal {
	field := fmt.Sprintf("band.%d.from", i)
	from, err := models.ParseMoney(row.From, row.Currency)
	if err != nil {
		no := models.Refuse(models.Invalid, "policy.from_shape").On(field)
		return &no
	}
	var way models.Way
	for _, role := range []models.Role{models.Anyone, models.Approver, models.Controller} {
		if count, err := strconv.Atoi(*row.Of(role)); err == nil && count > 0 {
			way = append(way, models.Step{Count: count, Role: role})
		}
	}
	if len(way) == 0 {
		no := models.Refuse(models.Invalid, "policy.no_step").On(field)
		return &no
	}
	at := slices.IndexFunc(*bands, func(b models.Band) bool { return b.From() == from })
	if at < 0 {
		*bands = append(*bands, models.Band{Currency: row.Currency, FromMinor: from.Minor, Need: models.Need{way}})
		return nil
	}
	(*bands)[at].Need = append((*bands)[at].Need, way)
	return nil
}

func conditionOf(row views.ConditionRow, i int) (c models.Condition, refused *models.Refusal) {
	c = models.Condition{When: models.Trigger(row.When), Next: row.Then == models.NextBand}
	if c.When.Named() {
		c.Of = row.Of
	}
	if c.Next {
		return c, nil
	}
	var err error
	if c.Add, err = models.ReadStep(row.Then); err != nil {
		no := models.Refuse(models.Invalid, "policy.condition_step").On(fmt.Sprintf("condition.%d.then", i))
		return c, &no
	}
	return c, nil
}
