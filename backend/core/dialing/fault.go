package dialing

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"

	"mailroom/backend/core"
)

// HasCode says whether an error is ours already.
func HasCode(err error) bool {
	_, ok := errors.AsType[*core.Error](err)
	return ok
}

// Fault keeps coded errors and gives the others a code and a reason: no_such_host,
// refused, no_route, not_tls, tls_handshake, closed.
func Fault(op, host, address string, err error) error {
	if e, ok := errors.AsType[*core.Error](err); ok {
		return core.E(e.Code, op, err)
	}
	code, why := core.Unreachable, ""
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, isPlain := errors.AsType[tls.RecordHeaderError](err)
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		code = core.Canceled
	case isDNS && dns.IsNotFound:
		why = "no_such_host"
	case isPlain:
		why = "not_tls"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		code = core.Timeout
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		why = "refused"
	case isErrno(err, syscall.EHOSTUNREACH, 10065), isErrno(err, syscall.ENETUNREACH, 10051):
		why = "no_route"
	case strings.HasPrefix(op, "tls"):
		why = "tls_handshake"
	default:
		why = "closed"
	}
	args := []string{"host", host, "address", address}
	if why != "" {
		args = append(args, "why", why)
	}
	return core.E(code, op, err, args...)
}

// isErrno compares with the portable number and with the one that Windows' sockets use.
func isErrno(err error, portable, windows syscall.Errno) bool {
	e, ok := errors.AsType[syscall.Errno](err)
	return ok && (e == portable || e == windows)
}

// IsLoopback says whether host is this computer.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}
