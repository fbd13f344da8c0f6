//go:build !windows && !darwin

package main

// fileManager is the command that shows a folder.
const fileManager = "xdg-open"
