// Command mailroom moves a company's mail and looks after it: without arguments it
// opens the window, with a verb it works in the terminal.
package main

import (
	"embed"
	"fmt"
	"os"

	"github.com/wailsapp/wails/v2"
)

// version is set by the linker: -X main.version=1.2.3.
var version = "0.1.0"

//go:embed all:frontend/dist
var assets embed.FS

//go:embed build/icon-256.png
var icon []byte

func main() {
	if isVerb(os.Args[1:]) {
		os.Exit(runVerb(os.Args[1:]))
	}
	// Everything that touches a disk or a network begins in the startup callback: the
	// generator of the bindings runs this function too.
	if err := loadWindow(); err != nil {
		fmt.Fprintln(os.Stderr, "mailroom:", err)
		os.Exit(1)
	}
	if err := wails.Run(window(newDesktop())); err != nil {
		fmt.Fprintln(os.Stderr, "mailroom:", err)
		os.Exit(1)
	}
}
