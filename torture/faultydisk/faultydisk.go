// Package faultydisk lets SQLite meet input and output errors: a layer before its
// own for files that fails at the n-th write or sync of the files in one folder.
// Only proofs use it.
package faultydisk

/*
#include <stdlib.h>
#include "vfs.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // has the symbols that are not resolved here
)

// Kind is what goes wrong.
type Kind int

// The kinds of fault.
const (
	Write Kind = iota // nothing of it is written
	Tear              // half of it is written
	Sync              // it is written, and nobody knows whether it is durable
)

func (k Kind) String() string { return [...]string{"write", "torn write", "sync"}[k] }

// Install puts the layer before every database that is opened from now on; it
// troubles those in this folder alone, and none until Break.
func Install(folder string) error {
	name := C.CString(folder)
	defer C.free(unsafe.Pointer(name))
	if code := C.faulty_install(name); code != 0 {
		return fmt.Errorf("register the layer for files: SQLite says %d", code)
	}
	return nil
}

// Break lets the n-th write or sync from now on fail: this one alone, or it and
// every one after it.
func Break(n int, kind Kind, forGood bool) {
	last := C.int(0)
	if forGood {
		last = 1
	}
	C.faulty_arm(C.int(n), C.int(kind), last)
}

// Mend ends it.
func Mend() { C.faulty_arm(0, 0, 0) }

// Hits counts the failures since Break.
func Hits() int { return int(C.faulty_hits()) }
