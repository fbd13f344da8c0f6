// Package providertest is the suite that every adapter of a provider passes: what an
// office declares works and is seen in the next listing, what it does not declare is
// refused without a request, listings are complete, troubles get their right names, and
// no secret gets out.
//
// It leaves out how one vendor words its requests; an emulator that is strict about
// that, or the real server, stands behind the adapter.
package providertest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Case is one adapter over one office, and the ways in which it may differ.
type Case struct {
	Maker provider.Maker
	// New makes the adapter. Its [provider.Config] gets HTTP: o.Client(), Wait: o.Wait
	// and a Pace that holds nothing up; the listings of the office come in pages of
	// o.Page. Every call may give the same office: the suite makes things of its own
	// there and takes them away again. The office holds at least one person.
	New func(t *testing.T, o *Outlet) provider.Provider
	// Domain is where the suite makes addresses.
	Domain string
	// Secrets are the texts that must get out nowhere: keys, administrators' passwords.
	Secrets []string
	// Via makes the real requests; nil: http.Transport's usual ways.
	Via http.RoundTripper

	// Requests counts what reaches the vendor, for an adapter without HTTP.
	Requests func() int64
	// NoTroubles is the reason why no trouble can be caused on the way to the vendor.
	NoTroubles string
	// Answers are the vendor's own words for troubles; they are tried as well.
	Answers map[Trouble]Answer
	// Differs are the codes of HTTP statuses that mean something else there.
	Differs map[Trouble]core.Code

	// Adjust makes a person acceptable for this vendor (required values, spelling).
	Adjust func(*provider.NewPerson)
	// Values replace what the suite would set a value to, e.g. a quota in whole GB. The
	// element is what [provider.PersonChange] points to.
	Values map[provider.Attr]any
	// Untold are values that the vendor takes and never tells again: mail rights, ways of
	// signing in. That they were taken the adapter's own tests then show.
	Untold []provider.Attr
	// SignIn tries a password in the real mailbox; nil: that is not tried.
	SignIn func(ctx context.Context, address string, password string) error
	// NoPages says that the vendor's listings have no pages.
	NoPages bool
	// FlatLists: lists come in one answer although people come in pages.
	FlatLists bool
	// BadAddress is an address that the vendor must find invalid; "" one with a space.
	BadAddress string
}

// Run runs the whole suite.
func Run(t *testing.T, c Case) {
	t.Helper()
	watchLog(t, c)
	for _, p := range []struct {
		name string
		test func(*office)
	}{
		{"the keys prove themselves", testCheck},
		{"every capability has an entry, and a reason where it is missing", testEveryCapability},
		{"capabilities and interfaces agree", testInterfaces},
		{"what is not declared is refused without a request", testUndeclared},
		{"a value that cannot be set is refused without a request", testUndeclaredValues},
		{"domains are told", testDomains},
		{"people are listed whole, page by page", testListing},
		{"a listing keeps the rules of a person", testRules},
		{"a person is found by ID and by address", testPerson},
		{"everybody at once is everybody alone", testWhole},
		{"what is unknown is not found", testUnknown},
		{"people are created, seen and deleted", testCreate},
		{"every value of a creation arrives", testCreateValues},
		{"every value can be changed, and nothing else changes", testChangeValues},
		{"people are suspended and resumed", testSuspend},
		{"deleted people come back", testRestore},
		{"mail of deleted people is kept", testKeep},
		{"aliases come and go", testAliases},
		{"passwords are set", testPassword},
		{"mail is passed on", testForward},
		{"rights to write and to hear are set", testMailRights},
		{"ways of signing in are set", testSignIn},
		{"people are hidden and shown", testHidden},
		{"another address becomes the main one", testPrimary},
		{"single addresses are hidden and shown", testAddressHidden},
		{"a link signs in once", testSignInLink},
		{"unread mail is counted", testUnread},
		{"addresses are checked", testAddresses},
		{"departments come and go", testDepartments},
		{"departments form a tree", testTree},
		{"lists come and go", testLists},
		{"lists keep what they can hold", testListTraits},
		{"lists refuse what they cannot hold", testListLimits},
		{"lists are listed whole", testListPages},
		{"tags come and go, and who has them", testTags},
		{"shared contacts come and go", testContacts},
		{"roles are given and taken", testRoles},
		{"settings are read and set", testSettings},
		{"DNS records of a domain are told", testDomainRecords},
		{"a domain is examined", testDomainCheck},
		{"mail servers are told", testMailServers},
		{"logs are handed out", testLogs},
		{"an ended context ends every call", testEnded},
		{"several calls at a time do not disturb each other", testTogether},
		{"troubles get their names", testTroubles},
		{"a call that hangs ends with its context", testHanging},
		{"a creation is never repeated", testLost},
		{"being told to slow down is told", testSlowDown},
	} {
		t.Run(p.name, func(t *testing.T) { p.test(begin(t, c)) })
	}
}

// patience bounds one test on a busy machine.
const patience = 2 * time.Minute

// office is one adapter during one test.
type office struct {
	*testing.T
	ctx  context.Context
	c    Case
	out  *Outlet
	p    provider.Provider
	caps provider.Capabilities
}

// pageSize is small, so that every office has several pages.
const pageSize = 2

func begin(t *testing.T, c Case) *office {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	o := &office{T: t, ctx: ctx, c: c, out: newOutlet(pageSize, c.Via)}
	o.p = c.New(t, o.out)
	if closer, ok := o.p.(interface{ Close() error }); ok {
		t.Cleanup(func() { _ = closer.Close() }) // the case may close it too
	}
	caps, err := o.p.Capabilities(ctx)
	if err != nil {
		t.Fatalf("capabilities: %v", err)
	}
	o.caps = caps
	return o
}

// requests is what reached the vendor so far.
func (o *office) requests() int64 {
	if o.c.Requests != nil {
		return o.c.Requests()
	}
	return o.out.Requests()
}

// need ends the test unless the office can do all that.
func (o *office) need(caps ...provider.Capability) {
	o.Helper()
	for _, c := range caps {
		if !o.caps.Can(c) {
			o.Skipf("this office does not declare %s (%s)", c, o.caps.Support[c].Why)
		}
	}
}

// as is the optional interface behind a declared capability.
func as[T any](o *office) T {
	o.Helper()
	v, ok := o.p.(T)
	if !ok {
		o.Fatalf("the capability is declared, but the adapter has no %T", *new(T))
	}
	return v
}

func must(o *office, what string, err error) {
	o.Helper()
	if err != nil {
		o.Fatalf("%s: %v (%v)", what, err, core.ArgsOf(err))
	}
}

// wants checks an error's code, and that it holds no secret.
func (o *office) wants(what string, err error, codes ...core.Code) {
	o.Helper()
	o.clean(what, err)
	for _, code := range codes {
		if core.CodeOf(err) == code {
			return
		}
	}
	o.Errorf("%s: %q (%v), want %v", what, core.CodeOf(err), err, codes)
}

// clean checks that an error holds no secret.
func (o *office) clean(what string, err error) {
	o.Helper()
	if err == nil {
		return
	}
	text := fmt.Sprintf("%v %+v %#v %v", err, err, err, core.ArgsOf(err))
	for _, hidden := range append(o.c.Secrets, suitePassword, secondPassword) {
		if hidden != "" && strings.Contains(text, hidden) {
			o.Errorf("%s: the error holds a secret: %s", what, strings.ReplaceAll(text, hidden, "«HERE»"))
		}
	}
	if n := len(core.ArgsOf(err)["vendorText"]); n > 2000 {
		o.Errorf("%s: vendorText has %d bytes", what, n)
	}
}

// The passwords of the suite's people please every rule that is known.
const (
	suitePassword  = "Kiefer-7-Blau-Q"
	secondPassword = "Lerche-4-Gruen-X"
)

// name makes a local part that nobody else has.
func name(prefix string) string { return fmt.Sprintf("%s%08x", prefix, rand.Uint32()) }

func (o *office) address(prefix string) string { return name(prefix) + "@" + o.c.Domain }

// draft is a person who can be created in every office.
func (o *office) draft(address string) provider.NewPerson {
	p := provider.NewPerson{Person: provider.Person{Address: address, Name: "试 Suite"}, Password: secret.NewValue(suitePassword)}
	p.Quota, p.Used = -1, -1
	if !settable(o.caps.Create, provider.AttrName) {
		p.Name = ""
	}
	if o.c.Adjust != nil {
		o.c.Adjust(&p)
	}
	return p
}

// someone creates a person who is deleted with the test.
func (o *office) someone(prefix string) provider.Person {
	o.Helper()
	o.need(provider.CanCreatePeople)
	return o.create(o.draft(o.address(prefix)))
}

func (o *office) create(draft provider.NewPerson) provider.Person {
	o.Helper()
	editor := as[provider.PersonEditor](o)
	p, err := editor.CreatePerson(o.ctx, draft)
	must(o, "create "+draft.Address, err)
	o.later(func(ctx context.Context) {
		if o.caps.Can(provider.CanDeletePeople) {
			_ = editor.DeletePerson(ctx, p.ID) // the test may have done it
		}
	})
	if p.ID == "" {
		o.Fatalf("the created person has no ID: %+v", p)
	}
	return p
}

// later runs at the end of the test with a context of its own.
func (o *office) later(f func(context.Context)) {
	o.Cleanup(func() {
		o.out.calm()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(o.ctx), patience)
		defer cancel()
		f(ctx)
	})
}

// read is the person as the provider tells it now.
func (o *office) read(id string) provider.Person {
	o.Helper()
	p, err := o.p.Person(o.ctx, id)
	must(o, "read "+id, err)
	if p.Partial {
		o.Errorf("%s is partial although it was read alone", id)
	}
	return p
}

// people is the whole directory.
func (o *office) people() []provider.Person {
	o.Helper()
	all, _ := o.pages()
	return all
}

func (o *office) pages() (all []provider.Person, pages int) {
	o.Helper()
	for page := ""; ; pages++ {
		people, next, err := o.p.People(o.ctx, page)
		must(o, "list people", err)
		all = append(all, people...)
		if next == "" {
			return all, pages + 1
		}
		if next == page || pages > 100_000 {
			o.Fatalf("the token %q of the next page leads nowhere", next)
		}
		page = next
	}
}

// listed finds somebody in the directory.
func (o *office) listed(id string) (provider.Person, bool) {
	o.Helper()
	for _, p := range o.people() {
		if p.ID == id {
			return p, true
		}
	}
	return provider.Person{}, false
}

// logged collects what the program's log is told during the suite.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// watchLog fails the test if a secret gets into the log.
func watchLog(t *testing.T, c Case) {
	t.Helper()
	l, before := &logged{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug - 8})))
	t.Cleanup(func() {
		slog.SetDefault(before)
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, hidden := range append(c.Secrets, suitePassword, secondPassword) {
			if hidden != "" && strings.Contains(l.text.String(), hidden) {
				t.Errorf("the log holds a secret:\n%s", strings.ReplaceAll(l.text.String(), hidden, "«HERE»"))
			}
		}
	})
}
