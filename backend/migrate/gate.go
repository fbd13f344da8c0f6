package migrate

import (
	"strings"
	"sync"
	"time"

	"mailroom/backend/preset"
)

// gates keep sign-ins at one host apart where its family asks for it: several
// mailboxes of one office sign in at the same provider from the same address, and
// a burst of sign-ins looks like an attack. The state belongs to the process, since
// that is what the provider sees.
var gates = struct {
	mu   sync.Mutex
	gap  map[string]time.Duration
	next map[string]time.Time
}{gap: map[string]time.Duration{}, next: map[string]time.Time{}}

// hostOf is the part of an account's key that names the server.
func hostOf(key string) string {
	if i := strings.LastIndexByte(key, '@'); i >= 0 && (strings.HasPrefix(key, "imap:") || strings.HasPrefix(key, "pop3:")) {
		return key[i+1:]
	}
	return ""
}

// signInPause is how long to wait before the next sign-in at a host, which it books.
func signInPause(host string, now time.Time) time.Duration {
	gates.mu.Lock()
	defer gates.mu.Unlock()
	gap := gates.gap[host]
	if gap == 0 || host == "" {
		return 0
	}
	at := gates.next[host]
	if at.Before(now) {
		at = now
	}
	gates.next[host] = at.Add(gap)
	return at.Sub(now)
}

// learnGap remembers what a host's family asks for, once a session has told it.
func learnGap(host, family string, now time.Time) {
	gap := preset.Engine(family, false).SignInGap
	gates.mu.Lock()
	defer gates.mu.Unlock()
	if _, known := gates.gap[host]; !known && gap > 0 && host != "" {
		gates.gap[host], gates.next[host] = gap, now.Add(gap)
	}
}
