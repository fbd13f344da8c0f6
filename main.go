// Command mailroom moves a company's mail and looks after it: without arguments it
// opens the window, with a verb it works in the terminal.
package main

import (
	"embed"
	"fmt"
	"os"

	"github.com/wailsapp/wails/v2"
)

//go:embed all:frontend/dist
var assets embed.FS

func main() {
	if err := wails.Run(window(newDesktop())); err != nil {
		fmt.Fprintln(os.Stderr, "mailroom:", err)
		os.Exit(1)
	}
}
