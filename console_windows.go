package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// attachConsole gives the verbs the terminal that they were typed into: a program
// that is built for the window starts without one. Redirected streams are kept.
func attachConsole() {
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	if ok, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole").Call(parent); ok == 0 {
		return
	}
	for _, s := range []struct {
		file **os.File
		name string
		mode int
	}{{&os.Stdin, "CONIN$", os.O_RDONLY}, {&os.Stdout, "CONOUT$", os.O_RDWR}, {&os.Stderr, "CONOUT$", os.O_RDWR}} {
		if _, err := (*s.file).Stat(); err == nil {
			continue
		}
		if f, err := os.OpenFile(s.name, s.mode, 0); err == nil {
			*s.file = f
		}
	}
}
