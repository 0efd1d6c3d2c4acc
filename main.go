// Countersign pays money out through third-party gateways and proves afterwards
// what happened to every cent. This file reads the configuration and runs one
// command; the commands themselves are in the folder of that name.
package main

import (
	"os"
	_ "time/tzdata" // zones also where the system has none

	"countersign/commands"
)

func main() {
	os.Exit(commands.Main(os.Args[1:], os.Stdout, os.Stderr))
}
