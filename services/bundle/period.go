package bundle

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"countersign/models"
)

// This file and those beside it are the bundle of a period: many orders in one archive,
// with the whole log from a signed head before the period to the moment of the taking
// (docs/decisions/0014). Orders stand in folders of their own; every event of the span is
// in one of them, told in the log, or named there by its hash.

// The parts of a bundle of a period, beside those of every bundle.
const (
	PeriodFile  = "period.json"
	OrdersFile  = "orders.json"
	EarlierFile = "earlier.json" // what was put on record before the span, and orders depend on
	StartFile   = "start.txt"    // the signed head at its start
	EventsFile  = "events.json"  // of one order, in its folder
	orderFolder = "orders/"
)

// Limits of a bundle of a period. Beyond them take two of shorter periods.
const (
	MaxOrders   = 20_000
	MaxEvents   = 2_000_000
	MaxBytes    = 8 << 30
	LogLines    = 10_000 // events in one file of the log
	maxReadable = 256 << 20
)

// LogFile is the name of a file of the log, counted from 1.
func LogFile(n int) string { return fmt.Sprintf("log/%06d.jsonl", n) }

// OrderFolder is where an order's files are.
func OrderFolder(orderNo string) string { return orderFolder + orderNo + "/" }

// Line is one event of the span: told here, or in the folder of its order, or not at all.
type Line struct {
	Event *models.Event `json:"event,omitempty"`
	Seq   int64         `json:"seq,omitempty"`
	Hash  []byte        `json:"hash,omitempty"`
	Order string        `json:"order,omitempty"` // in whose folder it is
}

// Past is an event with the hash of the one before it.
type Past struct {
	Event  models.Event `json:"event"`
	Before []byte       `json:"before"`
}

// PeriodProof is what holds a bundle of a period to its head; it was made after it.
type PeriodProof struct {
	Taken Leaf           `json:"taken"` // the event that names the manifest
	Start tlog.TreeProof `json:"start"` // that the head continues the one at the start
	Last  tlog.TreeProof `json:"last"`  // that the head continues the last event of the span
	Links []Link         `json:"links"`
}
