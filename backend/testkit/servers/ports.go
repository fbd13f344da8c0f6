package servers

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
)

// Ports that are handed to a server lie below those that the kernel gives to whoever
// asks for any one (net.ipv4.ip_local_port_range, 32768 and up): what other tests open
// between the choice and the server's own use of it, or while a server is down to be
// started again, is never one of them.
const (
	firstPort = 16384
	manyPorts = 16000
)

// freePorts finds n different ports of 127.0.0.1 that are free for TCP and UDP.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range 50 * n {
		if len(ports) == n {
			return ports, nil
		}
		port := firstPort + rand.IntN(manyPorts)
		held, err := hold(port)
		if err != nil {
			continue // somebody has it
		}
		defer held.Close()
		ports = append(ports, port)
	}
	return nil, errors.New("no port is free for both UDP and TCP")
}

// freePort finds one.
func freePort() (int, error) {
	ports, err := freePorts(1)
	if err != nil {
		return 0, err
	}
	return ports[0], nil
}

// hold takes a port for UDP and TCP until it is closed.
func hold(port int) (io.Closer, error) {
	at := fmt.Sprintf("127.0.0.1:%d", port)
	stream, err := net.Listen("tcp", at)
	if err != nil {
		return nil, err
	}
	packets, err := net.ListenPacket("udp", at)
	if err != nil {
		return nil, errors.Join(err, stream.Close())
	}
	return both{stream, packets}, nil
}

// both closes two.
type both [2]io.Closer

func (b both) Close() error { return errors.Join(b[0].Close(), b[1].Close()) }
