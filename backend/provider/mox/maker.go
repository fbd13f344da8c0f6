// Package mox administers an own server that runs mox, through the interface of its
// administrator's page: accounts, their addresses, lists, limits, sign-ins, the queue,
// and what it wants of and thinks about a domain.
//
// It leaves out changes of the server's domains, and everything that mox has no call
// for.
//
// Facts: mox v0.0.15, webadmin/api.json and webadmin/admin.go; tried against that server.
package mox

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// ID is the adapter's name.
const ID provider.ID = "mox"

// The keys of the form.
const (
	keyAddress  = "address"
	keyPassword = "password"
)

// The server takes 1,000 requests a minute and 5,000 an hour from one address, by its
// own clock (http/web.go, ratelimit/ratelimit.go); what is above is answered with 429
// for the rest of that time, whoever asks from there. So a part stays for people who
// read their mail in the browser, and the rest may come as fast as one call at a time
// allows: enough for two hundred and thirty new people with names. A directory of any
// size is one request.
var limits = []wire.Window{{Span: time.Minute, Calls: 940}, {Span: time.Hour, Calls: 4_700}}

// callsASecond is no limit: the server answers one call at a time.
const callsASecond = 1_000

// Maker makes adapters.
func Maker() provider.Maker {
	return provider.Maker{
		ID: ID, Name: "mox", ChineseName: "mox",
		Fields: []provider.Field{
			{Key: keyAddress, Kind: provider.FieldText, Required: true, Example: "https://mail.example.com/admin/", Help: "https://www.xmox.nl/config/"},
			{Key: keyPassword, Kind: provider.FieldSecret, Required: true, Help: "https://www.xmox.nl/commands/#hdr-mox-setadminpassword"},
		},
		Console: "https://www.xmox.nl/",
		Assumptions: []provider.Assumption{
			{Name: "help", Certainty: "M", Says: "xmox.nl has the pages that the form links to", Proof: "opening them"},
			{Name: "scripts", Certainty: "I", Says: "domains in other scripts than Latin come in their own script and may be sent as ASCII", Proof: "a server with such a domain"},
			{Name: "versions", Certainty: "I", Says: "other versions have the same functions as 0.0.15; one that is missing is told", Proof: "the suite against them"},
		},
		Unused: unused(),
		Best:   capabilities("", true),
		New:    func(c provider.Config) (provider.Provider, error) { return open(c) },
	}
}

// Office is one server. It is safe for concurrent use; the server is asked one thing
// at a time.
type Office struct {
	wire     *wire.Client
	base     *url.URL
	jar      http.CookieJar
	console  string // https address of its administrator's page; "" none
	password secret.Value
	domain   string // the main one; "" not told

	turn     chan struct{}               // holds one token: the right to ask
	admin    session                     // guarded by turn
	refused  int                         // guarded by turn: sign-ins that were refused for the password
	account  atomic.Pointer[accountPage] // where people find their own accounts; nil: not asked yet
	asks     atomic.Bool                 // the server wants to give the token of a sign-in itself
	known    names                       // what was read last
	signedIn signedIn                    // who signed in when, as it was read last
}

func open(c provider.Config) (*Office, error) {
	address := c.BaseURL
	if address == "" {
		address = c.Values[keyAddress]
	}
	if address == "" {
		return nil, core.E(core.Invalid, "open mox", nil, "field", keyAddress, "reason", "missing")
	}
	// People copy the address of the page.
	address, _, _ = strings.Cut(address, "#")
	address = strings.TrimSuffix(strings.TrimRight(address, "/"), "/admin")
	base, err := wire.Base(address, "")
	if err != nil {
		return nil, core.E(core.Invalid, "open mox", err, "field", keyAddress)
	}
	if c.Secret[keyPassword].IsZero() {
		return nil, core.E(core.Invalid, "open mox", nil, "field", keyPassword, "reason", "missing")
	}
	direct := c.HTTP
	if direct == nil {
		direct = wire.NewHTTP()
	}
	mine := *direct
	if mine.Jar, err = cookiejar.New(nil); err != nil {
		return nil, core.E(core.Internal, "open mox", err)
	}
	pace := c.Pace
	if pace <= 0 {
		pace = callsASecond
	}
	o := &Office{base: base, jar: mine.Jar, password: c.Secret[keyPassword], domain: strings.ToLower(c.Domain), turn: make(chan struct{}, 1), admin: session{path: "/admin/api/"}}
	o.turn <- struct{}{}
	if base.Scheme == "https" {
		o.console = base.String() + "/admin/"
	}
	o.wire = wire.New(wire.Options{Base: base, HTTP: &mine, Pace: pace, Burst: callsASecond, Windows: limits, Judge: judge, Prepare: shade(base, mine.Jar), Wait: c.Wait})
	o.wire.Hide("password", o.password)
	return o, nil
}

// Pace is how many calls a second the office is asked at most.
func (o *Office) Pace() float64 { return o.wire.Pace() }

// Close ends connections that are not in use.
func (o *Office) Close() error {
	o.wire.Close()
	return nil
}

// Check signs in, asks for the version and sees whether the server has the office's
// domain. Errors: invalid with the field "domain" where it has not.
func (o *Office) Check(ctx context.Context) error {
	const op = "check mox"
	if err := o.ask(wire.Hasty(ctx), op, "Version", nil); err != nil || o.domain == "" {
		return err
	}
	own, err := o.isOwn(ctx, "@"+spelled(o.domain))
	if err == nil && !own {
		err = core.E(core.Invalid, op, nil, "field", "domain", "reason", "no_domain")
	}
	return err
}

// Capabilities tells what mox can do. It asks once whether people's own accounts can be
// reached: only there a name can be set.
func (o *Office) Capabilities(ctx context.Context) (provider.Capabilities, error) {
	page, err := o.ownAccounts(ctx, "capabilities")
	return capabilities(o.console, page.there), err
}

// capabilities lists what mox has a call for; everything else it has no call for. A
// name is set by the person, which this program is only at the creation.
func capabilities(console string, named bool) provider.Capabilities {
	c := provider.Capabilities{
		Support: map[provider.Capability]provider.Support{},
		Create:  []provider.Attr{provider.AttrAliases, provider.AttrQuota},
		Change:  []provider.Attr{provider.AttrQuota},
		Keeps:   []provider.Keep{provider.KeepForward},

		UsualQuota: true, LeavesLists: true,
	}
	if named {
		c.Create = append(c.Create, provider.AttrName)
	}
	for _, what := range provider.All() {
		c.Support[what] = provider.Support{Why: provider.NotInAPI, Console: console}
	}
	for _, what := range []provider.Capability{
		provider.CanReadPeople, provider.CanCreatePeople, provider.CanEditPeople, provider.CanDeletePeople, provider.CanDeleteKeeping,
		provider.CanSuspend, provider.CanEditAliases, provider.CanSetPassword, provider.CanCheckAddresses, provider.CanReadLists, provider.CanEditLists,
		provider.CanTellRecords, provider.CanCheckDomain, provider.CanTellServers, provider.CanLogSignIn, provider.CanLogMail,
	} {
		c.Support[what] = provider.Support{Can: true, Console: console}
	}
	return c
}

const post = http.MethodPost
