package checks

import (
	"context"
	"net"
	"net/netip"

	"mailroom/backend/doctor"
)

// connector opens connections to a port of a host.
func connector(x *doctor.Exam, host, port string) func(context.Context) (net.Conn, netip.Addr, error) {
	return func(ctx context.Context) (net.Conn, netip.Addr, error) { return x.Connect(ctx, host, port) }
}

// reachable says whether "host:port" takes a connection.
func reachable(ctx context.Context, x *doctor.Exam, at string) bool {
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return false
	}
	conn, _, err := x.Connect(ctx, host, port)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
