// Package tencent administers an office at Tencent Exmail (exmail.qq.com) through its
// open API: departments, members, mail groups, tags, ways of signing in, unread mail,
// sign-in links and logs.
//
// It leaves out public mailboxes and public contacts, whose calls are known by name only,
// the push of new mail, which needs a server, searches of single members and departments,
// which the listings make needless, and the mail API of WeCom, which is another API on
// another host.
package tencent

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// ID names the adapter.
const ID provider.ID = "tencent"

// The keys of the form's fields. Every app of a company has a secret of its own, and a
// token opens the calls of its own app only.
const (
	fieldCorp     = "corpId"
	fieldContacts = "contactSecret" // 通讯录管理
	fieldLogs     = "logSecret"     // 系统日志
	fieldOptions  = "optionSecret"  // 功能设置
	fieldNotice   = "noticeSecret"  // 新邮件提醒
	fieldSignIn   = "signInSecret"  // 单点登录
)

const (
	vendorsBase = "https://api.exmail.qq.com"
	folder      = "/cgi-bin" // of the API at its host
	console     = "https://exmail.qq.com/"
	// No limit of this API is published. An old text of the same family allows 30,000
	// calls an hour for each call.
	usualPace, usualBurst = 8, 8
	// atOnce keeps to the pace as long as a creation takes no longer than a second.
	atOnce = 8
)

// Maker makes adapters for Tencent Exmail.
func Maker() provider.Maker {
	return provider.Maker{
		ID: ID, Name: "Tencent Exmail", ChineseName: "腾讯企业邮", Zone: "Asia/Shanghai",
		Fields: []provider.Field{
			{Key: fieldCorp, Kind: provider.FieldText, Required: true, Example: "wm0123456789abcdef"},
			{Key: fieldContacts, Kind: provider.FieldSecret, Required: true},
			{Key: fieldLogs, Kind: provider.FieldSecret},
			{Key: fieldOptions, Kind: provider.FieldSecret},
			{Key: fieldNotice, Kind: provider.FieldSecret},
			{Key: fieldSignIn, Kind: provider.FieldSecret},
		},
		Presets: []string{"tencent-exmail"}, Console: console,
		Best: capabilities(func(string) bool { return true }), Assumptions: assumptions(), Unused: unused(),
		New: func(c provider.Config) (provider.Provider, error) {
			o, err := New(c)
			if err != nil {
				return nil, err
			}
			return o, nil
		},
	}
}

// Office is one company at Tencent Exmail.
type Office struct {
	domain string
	corp   string
	wire   *wire.Client
	apps   map[string]*app // by field
	caps   provider.Capabilities
	// order keeps changes that read first and then write from crossing each other.
	order wire.Gate
	now   func() time.Time

	mu     sync.Mutex
	known  map[string]bool // domains of the office, as far as listings have shown them
	listed bool            // a listing has shown them
}

// New makes an adapter; it sends nothing. Errors: invalid with "field".
func New(c provider.Config) (*Office, error) {
	if err := Maker().Validate(c); err != nil {
		return nil, err
	}
	base, err := wire.Base(c.BaseURL, vendorsBase)
	if err != nil {
		return nil, err
	}
	if base.Path == "" {
		base.Path = folder
	}
	domain := strings.ToLower(strings.TrimSpace(c.Domain))
	if domain == "" {
		return nil, core.E(core.Invalid, "configure office", nil, "field", "domain", "reason", "missing")
	}
	pace := c.Pace
	if pace <= 0 {
		pace = usualPace
	}
	o := &Office{domain: domain, corp: strings.TrimSpace(c.Values[fieldCorp]), apps: map[string]*app{}, now: time.Now, known: map[string]bool{domain: true}, order: wire.NewGate()}
	o.wire = wire.New(wire.Options{
		Base: base, HTTP: c.HTTP, Pace: pace, Burst: max(usualBurst, int(pace)), Judge: judge, Wait: c.Wait,
	})
	for _, field := range []string{fieldContacts, fieldLogs, fieldOptions, fieldNotice, fieldSignIn} {
		if s := c.Secret[field]; !s.IsZero() {
			s = secret.NewValue(strings.TrimSpace(s.Reveal()))
			o.apps[field] = &app{field: field, secret: s, gate: wire.NewGate()}
			o.wire.Hide(field, s)
		}
	}
	o.caps = capabilities(func(field string) bool { return o.apps[field] != nil })
	return o, nil
}

// Pace is how many calls a second the office is asked at most.
func (o *Office) Pace() float64 { return o.wire.Pace() }

// Close ends connections that are not in use.
func (o *Office) Close() error {
	o.wire.Close()
	return nil
}

// Check proves every secret by fetching its token, and the contacts app by a listing.
func (o *Office) Check(ctx context.Context) error {
	ctx = wire.Hasty(ctx)
	for _, field := range []string{fieldContacts, fieldLogs, fieldOptions, fieldNotice, fieldSignIn} {
		if a := o.apps[field]; a != nil {
			if _, err := o.token(ctx, a); err != nil {
				return err
			}
		}
	}
	_, err := o.departments(ctx)
	return err
}

// Capabilities tells what the given secrets open.
func (o *Office) Capabilities(ctx context.Context) (provider.Capabilities, error) {
	return o.caps.Clone(), ctx.Err()
}

// Domains are the office's own and those that appear in its members' addresses: the
// API has no call for them.
func (o *Office) Domains(ctx context.Context) ([]provider.Domain, error) {
	if _, err := o.members(ctx, "user/simplelist"); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	domains := []provider.Domain{{Name: o.domain}}
	for _, d := range slices.Sorted(maps.Keys(o.known)) {
		if d != o.domain {
			domains = append(domains, provider.Domain{Name: d})
		}
	}
	return domains, nil
}

// learn remembers the domains of a whole listing.
func (o *Office) learn(members []member) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.listed = true
	for _, m := range members {
		if _, d, ok := strings.Cut(strings.ToLower(m.UserID), "@"); ok {
			o.known[d] = true
		}
	}
}

// outside says whether an address is of no domain of the office. What was not listed
// yet is listed first.
func (o *Office) outside(ctx context.Context, address string) (bool, error) {
	_, d, _ := strings.Cut(address, "@")
	o.mu.Lock()
	known, listed := o.known[d], o.listed
	o.mu.Unlock()
	if known || listed {
		return !known, nil
	}
	if _, err := o.members(ctx, "user/simplelist"); err != nil {
		return false, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.known[d], nil
}
