//go:build unix

package bench

import "syscall"

// flushDisks lets no run pay for what the one before has left to be written.
func flushDisks() { syscall.Sync() }
