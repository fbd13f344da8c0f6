package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"mailroom/backend/core"
)

// dial connects and, for implicit TLS, finishes the handshake.
func (a *Account) dial(ctx context.Context) (net.Conn, *pulse, error) {
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Timeouts.Dial)
	defer cancel()
	dial := a.cfg.Dial
	if dial == nil {
		d := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: 30 * time.Second, Interval: 15 * time.Second, Count: 6,
		}}
		dial = d.DialContext
	}
	raw, err := dial(ctx, "tcp", a.cfg.addr())
	if err != nil {
		return nil, nil, a.dialError("connect", err)
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		// When the connection ends, by us or with the process, nothing that still waits
		// in this computer's buffers may reach the server later: a move would by then
		// have looked what arrived and sent the rest again.
		_ = tcp.SetLinger(0)
	}
	p := newPulse(raw, a.cfg.Timeouts.Silence)
	if a.cfg.Security != TLS {
		return p, p, nil
	}
	c, err := a.handshake(ctx, p)
	if err != nil {
		_ = raw.Close()
		return nil, nil, err
	}
	return c, p, nil
}

func (a *Account) handshake(ctx context.Context, p *pulse) (net.Conn, error) {
	c := tls.Client(p, a.trust.config())
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Timeouts.Dial)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		if ctx.Err() != nil && !hasCode(err) {
			err = ctx.Err()
		}
		return nil, a.dialError("tls handshake", err)
	}
	return c, nil
}

func hasCode(err error) bool {
	_, ok := errors.AsType[*core.Error](err)
	return ok
}

// dialError keeps coded errors and gives the others a code and a reason: no_such_host,
// refused, no_route, not_tls, tls_handshake, closed.
func (a *Account) dialError(op string, err error) error {
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
	args := []string{"host", a.cfg.Host, "address", a.cfg.addr()}
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
