//go:build !unix

package soak

import (
	"errors"
	"os"
)

// freeze cannot be had here; the servers neither.
func freeze(*os.Process, bool) error { return errors.ErrUnsupported }
