// Package families is the list of all protocols that the product speaks. A new
// gateway is a folder beside this one and a line here.
package families

import (
	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/cashy"
)

// All are the families, in the order in which people see them.
func All() []gateway.Family { return []gateway.Family{apay.New(), cashy.New()} }

// Find gives a family by its name.
func Find(name string) (gateway.Family, bool) {
	for _, family := range All() {
		if family.Name() == name {
			return family, true
		}
	}
	return nil, false
}

// Rail gives a rail by its id, with the family that offers it.
func Rail(id string) (gateway.Family, gateway.Rail, bool) {
	for _, family := range All() {
		for _, rail := range family.Rails() {
			if rail.ID == id {
				return family, rail, true
			}
		}
	}
	return nil, gateway.Rail{}, false
}
