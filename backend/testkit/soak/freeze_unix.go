//go:build unix

package soak

import (
	"os"
	"syscall"
)

// freeze stops a process where it is, or lets it go on.
func freeze(p *os.Process, on bool) error {
	if on {
		return p.Signal(syscall.SIGSTOP)
	}
	return p.Signal(syscall.SIGCONT)
}
