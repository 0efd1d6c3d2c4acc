package gateway

import (
	"errors"
	"fmt"
	"regexp"
)

// Errors of Create, Query and Balance: our side is not fit to be sent, so
// nothing is. Their texts carry no values.
var (
	ErrCannotCarry = errors.New("gateway: the wire cannot carry this order exactly")
	ErrAccount     = errors.New("gateway: the account is not set up for this call")
)

var (
	orderNo = regexp.MustCompile(`^[A-Za-z0-9]{1,32}$`)
	nonces  = regexp.MustCompile(`^[A-Za-z0-9]{1,32}$`)
)

// CheckOrderNo refuses numbers outside I2.
func CheckOrderNo(no string) error {
	if !orderNo.MatchString(no) {
		return fmt.Errorf("%w: order number", ErrCannotCarry)
	}
	return nil
}

// CheckNonce refuses what is no nonce for a wire.
func CheckNonce(nonce string) error {
	if !nonces.MatchString(nonce) {
		return fmt.Errorf("%w: nonce", ErrCannotCarry)
	}
	return nil
}

// CheckCarried is the last look before an order becomes bytes: the rail's own
// checks once more, warnings aside.
func (r Rail) CheckCarried(o Order) error {
	if err := CheckOrderNo(o.OrderNo); err != nil {
		return err
	}
	for _, wrong := range r.Validate(o.Amount, o.Fields) {
		if !wrong.Warning {
			return fmt.Errorf("%w: %s, %s", ErrCannotCarry, wrong.Field, wrong.Key)
		}
	}
	return nil
}

// FindRail finds a rail by its id.
func FindRail(rails []Rail, id string) (Rail, error) {
	for _, rail := range rails {
		if rail.ID == id {
			return rail, nil
		}
	}
	return Rail{}, fmt.Errorf("%w: rail %q", ErrCannotCarry, id)
}
