package imap

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"mailroom/backend/core/dialing"
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
		return nil, nil, dialing.Fault("connect", a.cfg.Host, a.cfg.addr(), err)
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
	c := tls.Client(p, a.trust.Config())
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Timeouts.Dial)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		if ctx.Err() != nil && !dialing.HasCode(err) {
			err = ctx.Err()
		}
		return nil, dialing.Fault("tls handshake", a.cfg.Host, a.cfg.addr(), err)
	}
	return c, nil
}
