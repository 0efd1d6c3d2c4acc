package ui

import "countersign/models"

func whole(m models.Money) string {
	digits, _ := m.Grouped()
	return digits
}

func fraction(m models.Money) string {
	_, cents := m.Grouped()
	return cents
}
