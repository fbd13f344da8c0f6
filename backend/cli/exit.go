package cli

import (
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
)

// The exit codes.
const (
	exitOK          = 0 // all arrived
	exitFault       = 1 // usage or own fault: arguments, files, disk, a second copy
	exitLeft        = 2 // finished, but messages were left behind
	exitRefused     = 3 // a sign-in was refused
	exitInterrupted = 4 // unreachable, told to wait for long, or stopped: run again to go on
)

// gravity puts exit codes in order: what needs a person comes before what another run
// may cure by itself.
var gravity = []int{exitOK, exitLeft, exitInterrupted, exitRefused, exitFault}

func worse(a, b int) int {
	if slices.Index(gravity, b) > slices.Index(gravity, a) {
		return b
	}
	return a
}

// exitOf is the exit code that an error's code stands for.
func exitOf(code core.Code) int {
	switch code {
	case "":
		return exitOK
	case core.OverQuota, core.TooBig, core.Rejected:
		return exitLeft
	case core.Unauthenticated, core.Forbidden:
		return exitRefused
	case core.Unreachable, core.Timeout, core.Canceled, core.RateLimited, core.UntrustedCert, core.Unsupported, core.Malformed:
		return exitInterrupted
	}
	return exitFault
}

// exitOfResult is the exit code of one mailbox.
func exitOfResult(res *outcome) int {
	if res.err != nil {
		return exitOf(core.CodeOf(res.err))
	}
	switch res.State {
	case migrate.StateLeftBehind:
		return exitLeft
	case migrate.StateFailed:
		return exitFault
	}
	return exitOK
}
