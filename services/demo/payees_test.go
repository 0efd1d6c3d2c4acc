package demo

import (
	"os"
	"slices"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway/families"
)

func TestPayeesAreValid(t *testing.T) {
	for _, p := range payees() {
		_, rail, ok := families.Rail(p.rail)
		if !ok {
			t.Fatalf("%s: no rail %s", p.name, p.rail)
		}
		for p.moved = range 5 {
			values := p.answers()
			if p.desk == atLima {
				values["remark"] = "Servicio de almacen"
			}
			clean := rail.Clean(values)
			for _, wrong := range rail.Validate(models.Money{Minor: 100_00, Currency: rail.Currency}, clean) {
				t.Errorf("%s, variant %d: %s %s %v", p.name, p.moved, wrong.Field, wrong.Key, wrong.Args)
			}
			if clean[rail.NameField] != p.name {
				t.Errorf("%s is called %s", p.name, clean[rail.NameField])
			}
		}
	}
}

func TestPayeesAreManyAndDifferent(t *testing.T) {
	var names, numbers []string
	for _, p := range payees() {
		names, numbers = append(names, p.name), append(numbers, p.number(0), p.number(1))
	}
	slices.Sort(names)
	slices.Sort(numbers)
	if len(slices.Compact(names)) < 40 || len(slices.Compact(numbers)) != len(numbers) {
		t.Errorf("%d names, %d numbers", len(names), len(numbers))
	}
}

func TestPurposesFitTheWire(t *testing.T) {
	for _, trade := range trades {
		for _, purpose := range trade.purposes {
			if len(purpose) > 32 {
				t.Errorf("%q is too long for a remark", purpose)
			}
		}
	}
}

func TestEverybodyHasAStory(t *testing.T) {
	words, err := os.ReadFile("../../views/i18n/en/demo.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range People() {
		if !strings.Contains(string(words), `"`+p.Story+`"`) {
			t.Errorf("%s has no words", p.Story)
		}
	}
}
