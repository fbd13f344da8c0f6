package api

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/secret"
	"mailroom/frontend/src/i18n/locales"
)

// window stands for the person's desktop: it answers dialogs and hears events.
type window struct {
	t *testing.T

	mu      sync.Mutex
	events  []event
	news    chan struct{}
	picks   []string // answers to the next dialogs
	browsed []string
	visit   func(url string) // what the person does with a page in the browser
}

type event struct {
	name    string
	payload any
}

func (w *window) Emit(name string, payload any) {
	w.mu.Lock()
	w.events = append(w.events, event{name, payload})
	w.mu.Unlock()
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *window) pick() (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.picks) == 0 {
		return "", nil
	}
	path := w.picks[0]
	w.picks = w.picks[1:]
	return path, nil
}

func (w *window) PickFile(FileFilter) (string, error) { return w.pick() }
func (w *window) PickFiles(FileFilter) ([]string, error) {
	path, err := w.pick()
	if path == "" {
		return nil, err
	}
	return strings.Split(path, "\n"), err
}
func (w *window) PickFolder() (string, error)                { return w.pick() }
func (w *window) PickNew(string, FileFilter) (string, error) { return w.pick() }
func (w *window) ShowFolder(string) error                    { return nil }
func (w *window) Quit()                                      {}
func (w *window) Notify(string, string) error                { return nil }

func (w *window) Browse(url string) {
	w.mu.Lock()
	w.browsed = append(w.browsed, url)
	visit := w.visit
	w.mu.Unlock()
	if visit != nil {
		go visit(url)
	}
}

// patience is how long the slowest computer may take for anything.
const patience = 3 * time.Minute

// eventually looks again and again until it is so: for what no event tells.
func (h *house) eventually(what string, so func() bool) {
	h.t.Helper()
	for end := time.Now().Add(patience); !so(); {
		if time.Now().After(end) {
			h.t.Fatalf("it never came: %s", what)
		}
		<-time.After(10 * time.Millisecond) // the program gets on by itself
	}
}

// heard returns the payloads of an event so far.
func heard[T any](w *window, name string) []T {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []T
	for _, e := range w.events {
		if p, ok := e.payload.(T); ok && e.name == name {
			all = append(all, p)
		}
	}
	return all
}

// house is a program on a data folder.
type house struct {
	*API
	w *window
	t *testing.T
}

// practiceMail keeps the practice office small: the tests are about the move.
const practiceMail = 150

func open(t *testing.T, dir string, change ...func(*Config)) *house {
	t.Helper()
	w := &window{t: t, news: make(chan struct{}, 1)}
	cfg := Config{Version: "1.2.3", DataDir: dir, Words: locales.FS, Desktop: w, PracticeSize: practiceMail, ByHand: true}
	for _, f := range change {
		f(&cfg)
	}
	h := &house{API: New(cfg), w: w, t: t}
	h.Open()
	t.Cleanup(h.close)
	return h
}

func (h *house) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		h.t.Error(err)
	}
	h.API.data = nil // a second close does nothing
}

// until waits for an event after which the move is as wanted.
func (h *house) until(id string, what string, good func(Move) bool) Move {
	h.t.Helper()
	limit := time.After(patience)
	for {
		m := must(h.moves.Get(id))(h.t)
		if good(m) {
			return m
		}
		select {
		case <-h.w.news:
		case <-limit:
			h.t.Fatalf("the move is not %s but %s: %+v", what, m.State, m.Progress)
		}
	}
}

func (h *house) untilState(id string, states ...MoveState) Move {
	h.t.Helper()
	return h.until(id, string(states[0]), func(m Move) bool {
		for _, s := range states {
			if m.State == s {
				return true
			}
		}
		return false
	})
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, what string, err error, code core.Code) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// practiceDraft moves the first n people of the practice office.
func (h *house) practiceDraft(n int) MoveDraftInput {
	h.t.Helper()
	office := must(h.practice.Office())(h.t)
	draft := MoveDraftInput{Options: MoveOptions{Verify: "bytes"}}
	for _, p := range office.People[:n] {
		draft.Mailboxes = append(draft.Mailboxes, MailboxInput{Label: p.Name, From: p.From, To: p.To})
	}
	return draft
}

// noKeychain makes a vault that asks for a passphrase.
func noKeychain(c *Config) { c.Keychain = nil }

var _ secret.Keychain = (*keychain)(nil)

// keychain is one in memory.
type keychain struct {
	mu   sync.Mutex
	keys map[string][]byte
}

func (k *keychain) Get(_ context.Context, account string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[account]
	if !ok {
		return nil, core.E(core.NotFound, "keychain", nil)
	}
	return key, nil
}

func (k *keychain) Set(_ context.Context, account string, key []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys = map[string][]byte{}
	}
	k.keys[account] = key
	return nil
}

func (k *keychain) Delete(_ context.Context, account string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, account)
	return nil
}

func withKeychain(k *keychain) func(*Config) { return func(c *Config) { c.Keychain = k } }
