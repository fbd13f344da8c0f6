package oauth

import (
	"context"
	"sync"
)

// Source gives one account's tokens to a mail client: a fresh one at each sign-in, and
// another where the server refused one that was kept. It is safe for concurrent use.
type Source struct {
	keeper *Keeper
	key    string
	fetch  func(context.Context) (Token, error)

	mu   sync.Mutex
	kept Token // the last one given that was not fetched for the purpose
}

// NewSource gives the tokens that a keeper has under a key, or that fetch gets.
func NewSource(k *Keeper, key string, fetch func(context.Context) (Token, error)) *Source {
	return &Source{keeper: k, key: key, fetch: fetch}
}

// Secret is the token for a sign-in now.
func (s *Source) Secret(ctx context.Context) (string, error) {
	token, fresh, err := s.keeper.Token(ctx, s.key, s.fetch)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = Token{}
	if err != nil {
		return "", err
	}
	if !fresh {
		s.kept = token
	}
	return string(token.Access), nil
}

// Renew is told that the sign-in was refused. It says whether a new token may help:
// not where the refused one was new.
func (s *Source) Renew(ctx context.Context) bool {
	s.mu.Lock()
	kept := s.kept
	s.kept = Token{}
	s.mu.Unlock()
	if kept.Access == "" {
		return false
	}
	s.keeper.Drop(ctx, s.key, kept)
	return true
}
