package servicestest

import (
	"slices"

	"countersign/services/gateway/sandbox"
)

// Merchants are the town's customers of the sandbox, for a proof that builds a
// sandbox of its own over the town's accounts.
func Merchants() []sandbox.Merchant { return slices.Clone(merchants) }
