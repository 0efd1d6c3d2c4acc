package gateway

import (
	"fmt"
	"time"

	"countersign/models"
)

// Balance of an account as the gateway states it.
type Balance struct {
	Total  models.Money
	Frozen models.Money
	At     time.Time
}

// BalanceError is why a balance could not be had.
type BalanceError struct {
	Problem Problem
	Code    string // the gateway's own, if there was one
}

func (e *BalanceError) Error() string {
	return fmt.Sprintf("gateway: no balance: %s %s", e.Problem, e.Code)
}
