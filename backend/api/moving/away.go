package moving

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// network tells whether this computer or a server is away.
type network struct {
	dial   func(ctx context.Context, address string) error // connects and hangs up
	online func() bool                                     // this computer has a network
}

// dialLimit bounds a look at a server; a slow line takes a second.
const dialLimit = 4 * time.Second

var realNetwork = network{
	dial: func(ctx context.Context, address string) error {
		ctx, cancel := context.WithTimeout(ctx, dialLimit)
		defer cancel()
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	},
	online: func() bool {
		addresses, err := net.InterfaceAddrs()
		if err != nil {
			return true // not known: do not blame this computer
		}
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
				return true
			}
		}
		return false
	},
}

// address is where an endpoint's server listens; "" if it is none.
func (e *Endpoint) address() string {
	if e.Kind != "imap" && e.Kind != "pop3" {
		return ""
	}
	port := e.Port
	if port == 0 {
		port = e.usualPort()
	}
	return net.JoinHostPort(strings.Trim(e.Host, "[]"), strconv.Itoa(port))
}

// blame looks who is away when a mailbox's connection broke: [EventOffline], or
// [EventServerAway] with its host, or "": both sides answer.
func (n network) blame(ctx context.Context, mb *Mailbox) (EventKind, string) {
	from, to := mb.From.address(), mb.To.address()
	there := map[string]bool{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, address := range []string{from, to} {
		if address == "" {
			continue
		}
		group.Go(func() {
			err := n.dial(ctx, address)
			mu.Lock()
			defer mu.Unlock()
			there[address] = err == nil
		})
	}
	group.Wait()
	var gone []string
	for address, ok := range there {
		if !ok {
			gone = append(gone, address)
		}
	}
	switch {
	case len(gone) == 0:
		return "", ""
	case !n.online():
		return EventOffline, ""
	case len(gone) == 2: // two servers at different places do not fail together
		return EventOffline, ""
	}
	host, _, err := net.SplitHostPort(gone[0])
	if err != nil {
		host = gone[0]
	}
	return EventServerAway, host
}

// outage is who is away now, for all mailboxes of a move.
type outage struct {
	kind EventKind // "" nobody
	host string
}

// blamed takes over who is away and writes it once.
func (c *crew) blamed(kind EventKind, host string) {
	if kind == "" {
		return
	}
	c.mu.Lock()
	fresh := c.away.kind != kind || c.away.host != host
	c.away = outage{kind: kind, host: host}
	c.mu.Unlock()
	if fresh {
		c.say(func() { c.desk.tell(c.id, kind, nil, "host", host) })
	}
}

// met notes that both sides of a mailbox answer.
func (c *crew) met(i int) {
	c.mu.Lock()
	c.trialLocked(i).met = true
	was := c.away
	c.mu.Unlock()
	if was.kind == "" {
		return
	}
	m := c.move()
	if m == nil || was.host != "" && m.Mailboxes[i].From.Host != was.host && m.Mailboxes[i].To.Host != was.host {
		return // another server: it says nothing about the one that is away
	}
	c.mu.Lock()
	fresh := c.away == was
	c.away = outage{}
	for j, r := range c.rests { // whoever waited for the line need not wait longer
		if r.class == string(was.kind) {
			delete(c.rests, j)
		}
	}
	c.mu.Unlock()
	if fresh {
		c.say(func() { c.desk.tell(c.id, EventOnline, nil, "host", was.host) })
	}
}

// out tells who is away.
func (c *crew) out() (EventKind, string) {
	if c == nil {
		return "", ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.away.kind, c.away.host
}
