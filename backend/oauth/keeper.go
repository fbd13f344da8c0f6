package oauth

import (
	"context"
	"sync"
	"time"

	"mailroom/backend/core"
)

// Margin is how long before its end a token counts as spent, so that it does not die
// on the way to the server.
const Margin = 5 * time.Minute

// Keeper remembers tokens in memory and gets a new one when one is nearly spent. For
// one key only one request is on its way at a time. The zero value is ready to use and
// safe for concurrent use.
type Keeper struct {
	Clock func() time.Time

	mu    sync.Mutex
	slots map[string]*slot
}

// slot is one account's token. Its door lets one caller in at a time.
type slot struct {
	door   chan struct{}
	token  Token
	margin time.Duration // a tenth of a short-lived token's life, else Margin
}

func (k *Keeper) slot(key string) *slot {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.slots == nil {
		k.slots = map[string]*slot{}
	}
	s, ok := k.slots[key]
	if !ok {
		s = &slot{door: make(chan struct{}, 1)}
		k.slots[key] = s
	}
	return s
}

func (k *Keeper) now() time.Time {
	if k.Clock != nil {
		return k.Clock()
	}
	return time.Now()
}

// Token returns the key's token, asking fetch for one where there is none or it ends
// soon. Those who come while one is being fetched wait for it. fresh says that the
// token was fetched by this very call.
func (k *Keeper) Token(ctx context.Context, key string, fetch func(context.Context) (Token, error)) (token Token, fresh bool, err error) {
	s := k.slot(key)
	select {
	case s.door <- struct{}{}:
		defer func() { <-s.door }()
	case <-ctx.Done():
		return Token{}, false, core.E(core.Canceled, "wait for token", ctx.Err())
	}
	if s.token.Access != "" && k.now().Add(s.margin).Before(s.token.Expires) {
		return s.token, false, nil
	}
	token, err = fetch(ctx)
	if err != nil {
		return Token{}, false, err
	}
	s.token = token
	s.margin = min(Margin, token.Expires.Sub(k.now())/10)
	return token, true, nil
}

// Drop forgets a token that a server refused, unless there is a newer one already.
func (k *Keeper) Drop(ctx context.Context, key string, token Token) {
	s := k.slot(key)
	select {
	case s.door <- struct{}{}:
		defer func() { <-s.door }()
	case <-ctx.Done():
		return
	}
	if s.token.Access == token.Access {
		s.token = Token{}
	}
}
