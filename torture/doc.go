// Package torture proves the promises of docs/safety.md by breaking what can be
// broken: the program is killed, the gateway misbehaves, the network cuts, the disk
// fills up, people press at once. Each proof prints one line of figures, and each
// has a known-bad variant that it must catch.
//
// `make test` runs the everyday part, `make torture` the whole.
package torture
