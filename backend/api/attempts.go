package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
)

// Bounds on tested sign-ins. Servers lock accounts after a handful of wrong passwords
// and addresses after a burst of connections; two tries and a few at once stay below
// whatever is known of any provider.
const (
	mostRefusals = 2
	perHost      = 4
	hostSpacing  = 120 * time.Millisecond
	mostKnown    = 50_000
)

// attempts remembers, while the program runs, which password a server has refused for
// which user, and paces connections to one host. It holds no passwords: only a hash
// under a key that is never written down.
type attempts struct {
	mu      sync.Mutex
	key     [32]byte
	keyed   bool
	refused map[string]refusals
	hosts   map[string]*hostPace
}

type refusals struct {
	n    int
	last *Problem
}

type hostPace struct {
	seats chan struct{}
	mu    sync.Mutex
	next  time.Time
}

// mark names one try: server, user and password.
func (a *attempts) mark(e moving.Endpoint, password string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.keyed {
		_, _ = rand.Read(a.key[:]) // never fails since Go 1.24
		a.keyed = true
	}
	sum := hmac.New(sha256.New, a.key[:])
	for _, part := range []string{strings.ToLower(e.Host), strconv.Itoa(e.Port), strings.ToLower(e.User), strings.ToLower(e.Authz), e.Auth, password} {
		_, _ = sum.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return string(sum.Sum(nil))
}

// before returns what the server said last if it has refused this twice.
func (a *attempts) before(mark string) *Problem {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.refused[mark]; r.n >= mostRefusals {
		return r.last
	}
	return nil
}

// after records how a try ended.
func (a *attempts) after(mark string, problem *Problem) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case problem == nil:
		delete(a.refused, mark)
	case problem.Code == ErrorCode(core.Unauthenticated):
		if a.refused == nil || len(a.refused) > mostKnown {
			a.refused = map[string]refusals{}
		}
		a.refused[mark] = refusals{n: a.refused[mark].n + 1, last: problem}
	}
}

// enter waits for a seat at a host and a moment since the last one; leave gives it back.
func (a *attempts) enter(ctx context.Context, host string) (leave func(), err error) {
	host = strings.ToLower(host)
	a.mu.Lock()
	if a.hosts == nil || len(a.hosts) > mostKnown {
		a.hosts = map[string]*hostPace{}
	}
	p := a.hosts[host]
	if p == nil {
		p = &hostPace{seats: make(chan struct{}, perHost)}
		a.hosts[host] = p
	}
	a.mu.Unlock()
	select {
	case p.seats <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(hostSpacing)
	p.mu.Unlock()
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return func() { <-p.seats }, nil
	case <-ctx.Done():
		<-p.seats
		return nil, ctx.Err()
	}
}

// careful runs a tested sign-in on a server: paced, and not at all where the same
// password was refused twice already.
func (e *Endpoints) careful(ctx context.Context, d *data, target moving.Endpoint) (SignInResult, error) {
	if kind := EndpointKind(target.Kind); kind != KindIMAP && kind != KindPOP3 {
		return e.signIn(ctx, target)
	}
	mark := ""
	if !byToken(target) { // what a vendor signed is no guess, and changes with the vendor's settings
		password, err := d.reveal(ctx, target.Secret)
		if err != nil {
			return SignInResult{Messages: -1}, err
		}
		mark = e.tries.mark(target, password)
		if last := e.tries.before(mark); last != nil {
			return SignInResult{Messages: -1, Stopped: true, Problem: last}, nil
		}
	}
	leave, err := e.tries.enter(ctx, target.Host)
	if err != nil {
		return SignInResult{Messages: -1}, err
	}
	defer leave()
	result, err := e.signIn(ctx, target)
	if mark != "" {
		e.tries.after(mark, problemOf(err))
	}
	return result, err
}
