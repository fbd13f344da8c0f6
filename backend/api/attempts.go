package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/secret"
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

// attempts paces connections to one host, and makes the marks under which refusals are
// remembered ([refusalBook]): hashes under a key that only the vault holds.
type attempts struct {
	mu       sync.Mutex
	key      []byte // the vault's
	fleeting []byte // instead, while the vault is closed
	hosts    map[string]*hostPace
}

type hostPace struct {
	seats chan struct{}
	mu    sync.Mutex
	next  time.Time
}

// mark names one try.
type mark struct {
	try []byte // server, user and password
	who []byte // server and user
}

// refusalKeyName is the vault's name of the key of marks.
const refusalKeyName = "refusals/key"

// keyFrom is the key of marks, made at first use. As long as the vault does not give it
// out a key is used that holds until the program ends.
func (a *attempts) keyFrom(ctx context.Context, d *data) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.key != nil {
		return a.key
	}
	key, err := d.refusalKey(ctx)
	if err == nil {
		a.key = key
		return key
	}
	if a.fleeting == nil {
		a.fleeting = []byte(rand.Text() + rand.Text())
	}
	return a.fleeting
}

func (d *data) refusalKey(ctx context.Context) ([]byte, error) {
	vault, err := d.openVault(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := vault.Get(ctx, refusalKeyName)
	if core.CodeOf(err) == core.NotFound {
		kept = secret.NewValue(rand.Text() + rand.Text())
		err = vault.Set(ctx, refusalKeyName, kept)
	}
	if err != nil {
		return nil, err
	}
	return []byte(kept.Reveal()), nil
}

func (a *attempts) mark(ctx context.Context, d *data, e moving.Endpoint, password string) mark {
	return marked(a.keyFrom(ctx, d), e, password)
}

func marked(key []byte, e moving.Endpoint, password string) mark {
	who := []string{strings.ToLower(e.Host), strconv.Itoa(e.Port), strings.ToLower(e.User), strings.ToLower(e.Authz), e.Auth}
	return mark{try: hashed(key, append(who, password)), who: hashed(key, who)}
}

func hashed(key []byte, parts []string) []byte {
	sum := hmac.New(sha256.New, key)
	for _, part := range parts {
		_, _ = sum.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return sum.Sum(nil)
}

// before returns what the server said last if it has refused this twice.
func (a *attempts) before(ctx context.Context, d *data, m mark) (*Problem, error) {
	times, last, err := d.refusals.last(ctx, m)
	if err != nil || times < mostRefusals {
		return nil, err
	}
	return last, nil
}

// after records how a try ended.
func (a *attempts) after(ctx context.Context, d *data, m mark, problem *Problem) {
	var err error
	switch {
	case problem == nil:
		err = d.refusals.forget(ctx, m)
	case problem.Code == ErrorCode(core.Unauthenticated):
		err = d.refusals.add(context.WithoutCancel(ctx), m, problem)
	}
	if err != nil {
		slog.Error("a refused sign-in is not remembered", "err", err)
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
	var m mark
	if !byToken(target) { // what a vendor signed is no guess, and changes with the vendor's settings
		password, err := d.reveal(ctx, target.Secret)
		if err != nil {
			return SignInResult{Messages: -1}, err
		}
		m = e.tries.mark(ctx, d, target, password)
		last, err := e.tries.before(ctx, d, m)
		if err != nil {
			return SignInResult{Messages: -1}, err
		}
		if last != nil {
			return SignInResult{Messages: -1, Stopped: true, Problem: last}, nil
		}
	}
	leave, err := e.tries.enter(ctx, target.Host)
	if err != nil {
		return SignInResult{Messages: -1}, err
	}
	defer leave()
	result, err := e.signIn(ctx, target)
	if m.try != nil {
		e.tries.after(ctx, d, m, problemOf(err))
	}
	return result, err
}
