//go:build !linux || !production

package main

// loadWindow does nothing: the window's libraries come with the system or the program.
func loadWindow() error { return nil }
