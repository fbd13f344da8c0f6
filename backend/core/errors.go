// Package core holds the words that every other package shares: error codes,
// special-use roles and nothing that does I/O. It imports the standard library
// only and leaves every sentence for people to the page.
package core

import (
	"context"
	"errors"
	"strings"
)

// Code says what kind of trouble an [Error] is. The set is closed: the page has
// one text per code in each language.
type Code string

// The closed set of codes.
const (
	Invalid         Code = "invalid"         // the caller's input is wrong; Args say where
	NotFound        Code = "not_found"       // no such thing
	Conflict        Code = "conflict"        // it exists already, or two things exclude each other
	Unauthenticated Code = "unauthenticated" // the sign-in was refused
	Forbidden       Code = "forbidden"       // signed in, but not allowed
	RateLimited     Code = "rate_limited"    // told to slow down
	Unsupported     Code = "unsupported"     // the other side cannot do this
	Unreachable     Code = "unreachable"     // no connection, or it broke
	Timeout         Code = "timeout"         // no answer in time
	Canceled        Code = "canceled"        // stopped on request
	UntrustedCert   Code = "untrusted_cert"  // the TLS certificate cannot be verified
	OverQuota       Code = "over_quota"      // the destination is full
	TooBig          Code = "too_big"         // larger than the destination accepts
	Rejected        Code = "rejected"        // the server refuses this one message or name
	DiskFull        Code = "disk_full"       // no room on this computer
	ReadOnly        Code = "read_only"       // a place on this computer cannot be written
	NewerData       Code = "newer_data"      // the data was written by a newer program
	InUse           Code = "in_use"          // another copy of the program holds the data
	Malformed       Code = "malformed"       // the other side's answer makes no sense
	Internal        Code = "internal"        // our own fault
)

// Error is a coded error. Args are short facts for the page's sentence (host,
// row, column, file …); they and Err never hold a secret.
type Error struct {
	Code Code
	Op   string            // the act, e.g. "select INBOX"
	Args map[string]string // facts for the sentence; may be nil
	Err  error             // the cause; may be nil
}

// E builds an [Error]. args are key, value pairs.
func E(code Code, op string, err error, args ...string) *Error {
	e := &Error{Code: code, Op: op, Err: err}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = make(map[string]string, len(args)/2)
		}
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// Error is for logs; people read the page's sentence for the code.
func (e *Error) Error() string {
	parts := []string{}
	if e.Op != "" {
		parts = append(parts, e.Op)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	} else {
		parts = append(parts, string(e.Code))
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the outermost [Error] in err's chain; a cancelled or
// timed-out context counts as [Canceled] or [Timeout]; anything else is [Internal].
// It returns "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	switch {
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	}
	return Internal
}

// ArgsOf merges the Args of every [Error] in err's chain, the outermost winning.
// The map is the caller's own and never nil.
func ArgsOf(err error) map[string]string {
	all := map[string]string{}
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			break
		}
		for k, v := range e.Args {
			if _, taken := all[k]; !taken {
				all[k] = v
			}
		}
		err = e.Err
	}
	return all
}
