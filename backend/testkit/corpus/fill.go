package corpus

import (
	"context"
	"fmt"

	"mailroom/backend/testkit/servers"
)

// Filled tells what a server took.
type Filled struct {
	Messages int
	Bytes    int64
	Refused  map[string]string // message name or "folder "+key: the server's words
}

// LoginOf is how to sign in to s as one of its accounts, in plain text.
func LoginOf(s *servers.Server, u servers.User) Login {
	return Login{Addr: s.Addr(), User: u.Name, Password: u.Password}
}

// Fill puts a corpus into an empty account: straight into the Maildir of a Dovecot,
// which holds every byte sequence, or by IMAP into the others.
func Fill(ctx context.Context, s *servers.Server, u servers.User, c Corpus) (Filled, error) {
	if s.Kind == "dovecot" {
		return fillMaildir(ctx, s, s.Maildir(u.Name), c)
	}
	return FillIMAP(ctx, LoginOf(s, u), c)
}

// ReadServer reads everything that an account of s holds.
func ReadServer(ctx context.Context, s *servers.Server, u servers.User) (Manifest, error) {
	m, err := Read(ctx, LoginOf(s, u))
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", u.Name, s.Kind, err)
	}
	return m, nil
}
