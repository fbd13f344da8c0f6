package office

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Secrets gives what the vault's handles stand for.
type Secrets interface {
	// RevealAll reads secrets by their handles. A handle that is not known is not among
	// the answers. Errors: those of the vault.
	RevealAll(ctx context.Context, handles []string) (map[string]secret.Value, error)
}

// SharedBook is one office's book of shared contacts.
type SharedBook interface {
	provider.ContactReader
	provider.ContactEditor
}

// Shelf keeps the books of offices whose provider has none: on this computer.
type Shelf interface {
	// Of is an office's book; it is empty at first.
	Of(office string) SharedBook
	// Forget throws an office's book away.
	Forget(ctx context.Context, office string) error
}

// House connects offices through the adapters that the program was built with. It is
// safe for concurrent use.
type House struct {
	book     *Book
	registry *provider.Registry
	secrets  Secrets
	dir      string // of the adapters that keep an office themselves
	http     *http.Client
	shelf    Shelf // nil: none is kept here

	mu   sync.Mutex
	live map[string]*Live
}

// NewHouse uses a book. dir is where adapters may keep files, a folder per office; http
// nil: the adapters' own.
func NewHouse(book *Book, registry *provider.Registry, secrets Secrets, dir string, http *http.Client) *House {
	if registry == nil {
		registry = provider.NewRegistry()
	}
	return &House{book: book, registry: registry, secrets: secrets, dir: dir, http: http, live: map[string]*Live{}}
}

// KeepContacts lets the shelf keep the shared contacts of offices whose provider has no public
// call for them. It is called before the first office is connected.
func (h *House) KeepContacts(shelf Shelf) { h.shelf = shelf }

// Book is the house's book.
func (h *House) Book() *Book { return h.book }

// Makers lists the kinds of offices that can be connected.
func (h *House) Makers() []provider.Maker { return h.registry.Makers() }

// Registry is the set of adapters.
func (h *House) Registry() *provider.Registry { return h.registry }

// Live is a connected office with what it can do, in its mode.
type Live struct {
	Office
	Provider     provider.Provider
	Capabilities provider.Capabilities
	asked        time.Time
	shelved      SharedBook // kept on this computer if the provider has none; nil: not here
	local        bool       // it is used
}

// capabilityAge is how long what an office can do is believed.
const capabilityAge = 10 * time.Minute

// Live connects a stored office, and asks what it can do unless that is known. Errors:
// not_found, invalid with "field", those of the vault and of the provider.
func (h *House) Live(ctx context.Context, id string) (*Live, error) {
	h.mu.Lock()
	known := h.live[id]
	h.mu.Unlock()
	if known != nil && time.Since(known.asked) < capabilityAge {
		return known, nil
	}
	if known == nil {
		o, err := h.book.Office(ctx, id)
		if err != nil {
			return nil, err
		}
		if known, err = h.try(ctx, o, nil); err != nil {
			return nil, err
		}
	} else {
		caps, err := known.Provider.Capabilities(ctx)
		if err != nil {
			return nil, err
		}
		known = known.with(caps)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if other := h.live[id]; other != nil && other.Provider != known.Provider { // two asked at once
		known.close()
		return other, nil
	}
	h.live[id] = known
	return known, nil
}

// SetReadOnly switches an office's mode and stores it. Errors: not_found.
func (h *House) SetReadOnly(ctx context.Context, id string, readOnly bool) (Office, error) {
	o, err := h.book.Office(ctx, id)
	if err != nil {
		return o, err
	}
	o.ReadOnly = readOnly
	if o, err = h.book.Save(ctx, o); err != nil {
		return o, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if live := h.live[id]; live != nil {
		h.live[id] = &Live{Office: o, Provider: live.Provider, shelved: live.shelved} // what it can do is asked again
	}
	return o, nil
}

// with is the office with other capabilities, those of its mode.
func (l *Live) with(caps provider.Capabilities) *Live {
	next := &Live{Office: l.Office, Provider: l.Provider, shelved: l.shelved, asked: time.Now()}
	next.local = l.shelved != nil && kept(caps.Support[provider.CanReadContacts]) && kept(caps.Support[provider.CanEditContacts])
	if next.local {
		caps = caps.Clone()
		for _, what := range []provider.Capability{provider.CanReadContacts, provider.CanEditContacts} {
			s := caps.Support[what]
			s.Can, s.Local = true, true
			caps.Support[what] = s
		}
	}
	if l.ReadOnly {
		caps = caps.WithoutWriting()
	}
	next.Capabilities = caps
	return next
}

// kept says whether a book is kept on this computer in place of what is missing. Where a key or
// another plan would open the provider's own, it is not.
func kept(s provider.Support) bool {
	return !s.Can && (s.Why == provider.NotInAPI || s.Why == provider.NotProven)
}

// SharedContacts reads the office's shared contacts, wherever they are kept; nil: nowhere.
func (l *Live) SharedContacts() provider.ContactReader {
	if l.local {
		return l.shelved
	}
	reader, _ := l.Provider.(provider.ContactReader)
	return reader
}

// contactEditor changes them; nil: nobody does.
func (l *Live) contactEditor() provider.ContactEditor {
	if l.local {
		return l.shelved
	}
	editor, _ := l.Provider.(provider.ContactEditor)
	return editor
}

// try connects an office that may not be stored and asks what it can do. given are
// secrets by field that count more than the office's handles.
func (h *House) try(ctx context.Context, o Office, given map[string]secret.Value) (*Live, error) {
	p, err := h.open(ctx, o, given)
	if err != nil {
		return nil, err
	}
	live := h.shelve(&Live{Office: o, Provider: p})
	caps, err := p.Capabilities(ctx)
	if err != nil {
		live.close()
		return nil, err
	}
	return live.with(caps), nil
}

// shelve gives the office its book on this computer.
func (h *House) shelve(l *Live) *Live {
	if h.shelf != nil {
		l.shelved = h.shelf.Of(l.ID)
	}
	return l
}

// open makes the adapter. It sends nothing.
func (h *House) open(ctx context.Context, o Office, given map[string]secret.Value) (provider.Provider, error) {
	o, err := o.clean()
	if err != nil {
		return nil, err
	}
	maker, err := h.registry.Maker(o.Provider)
	if err != nil {
		return nil, err
	}
	c := provider.Config{Domain: o.Domain, Values: o.Values, Secret: map[string]secret.Value{}, BaseURL: o.BaseURL, HTTP: h.http}
	if h.dir != "" {
		c.Dir = filepath.Join(h.dir, dirName(o))
	}
	known, err := h.secrets.RevealAll(ctx, o.handles())
	if err != nil {
		return nil, err
	}
	for field, handle := range o.Secrets {
		if value, ok := known[handle]; ok {
			c.Secret[field] = value
		}
	}
	for field, value := range given {
		c.Secret[field] = value
	}
	if err := maker.Validate(c); err != nil {
		return nil, err
	}
	return maker.New(c)
}

// dirName is the folder of an office within the house's.
func dirName(o Office) string {
	if o.ID != "" {
		return o.ID
	}
	return "new"
}

// Check connects an office, proves that its keys work and lets it go again. given are
// secrets by field that count more than the office's handles.
func (h *House) Check(ctx context.Context, o Office, given map[string]secret.Value) (*Live, []provider.Domain, error) {
	live, domains, err := h.prove(ctx, o, given)
	live.close()
	return live, domains, err
}

// prove connects an office and proves that its keys work; the caller closes it.
func (h *House) prove(ctx context.Context, o Office, given map[string]secret.Value) (*Live, []provider.Domain, error) {
	p, err := h.open(ctx, o, given)
	if err != nil {
		return nil, nil, err
	}
	live := h.shelve(&Live{Office: o, Provider: p})
	err = p.Check(ctx)
	var caps provider.Capabilities
	if err == nil {
		caps, err = p.Capabilities(ctx)
	}
	if err != nil {
		live.close()
		return nil, nil, err
	}
	domains, err := p.Domains(ctx)
	if core.CodeOf(err) == core.Unsupported {
		err = nil
	}
	if err != nil {
		live.close()
		return nil, nil, err
	}
	return live.with(caps), domains, nil
}

// Forget drops the connection of an office: its keys or mode are other ones now.
func (h *House) Forget(id string) {
	h.mu.Lock()
	live := h.live[id]
	delete(h.live, id)
	h.mu.Unlock()
	live.close()
}

// close ends an adapter that holds something open.
func (l *Live) close() {
	if l == nil {
		return
	}
	if c, ok := l.Provider.(io.Closer); ok {
		if err := c.Close(); err != nil {
			slog.Warn("an office was not closed cleanly", "err", err)
		}
	}
}

// Connect proves that an office's keys work and stores it. Errors: those of [House.Check]
// and of the vault; nothing is stored then.
func (h *House) Connect(ctx context.Context, o Office) (Office, error) {
	if o.ID == "" {
		o.ID = rand.Text() // an adapter that keeps its office itself needs to know where
	} else {
		h.Forget(o.ID)
	}
	live, domains, err := h.prove(ctx, o, nil)
	if err != nil {
		return o, err
	}
	if o.Domain == "" && len(domains) > 0 {
		o.Domain = domains[0].Name
	}
	if o, err = h.book.Save(ctx, o); err != nil {
		live.close()
		return o, err
	}
	live.Office = o
	h.mu.Lock()
	defer h.mu.Unlock()
	h.live[o.ID] = live
	return o, nil
}

// Remove forgets an office, with its runs and what its adapter kept on this computer.
func (h *House) Remove(ctx context.Context, id string) error {
	o, err := h.book.Office(ctx, id)
	if err != nil {
		return err
	}
	h.Forget(id)
	if err := h.book.Remove(ctx, id); err != nil {
		return err
	}
	if h.shelf != nil {
		if err := h.shelf.Forget(ctx, id); err != nil {
			slog.Warn("the shared contacts of an office stay on this computer", "err", err)
		}
	}
	if h.dir == "" || o.ID != filepath.Base(o.ID) {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(h.dir, dirName(o))); err != nil {
		slog.Warn("what an office kept on this computer stays", "err", err)
	}
	return nil
}

// Close closes the connections and the book.
func (h *House) Close() error {
	h.mu.Lock()
	ids := slices.Collect(maps.Keys(h.live))
	h.mu.Unlock()
	for _, id := range ids {
		h.Forget(id)
	}
	return h.book.Close()
}
