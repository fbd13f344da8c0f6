package main

import (
	"fmt"
	"os"
)

// isVerb says whether the arguments ask for work in the terminal.
func isVerb(args []string) bool { return len(args) > 0 && args[0] == "version" }

// runVerb runs a verb and returns the exit code.
func runVerb([]string) int {
	fmt.Fprintln(os.Stdout, "mailroom", version)
	return 0
}
