// Package alimail administers an office at Alibaba Mail through version 2 of its open
// API: domains, departments, users, further addresses, passwords and unread mail.
//
// It leaves out mail groups, shared contacts and the audit log, which exist but whose
// addresses no public text shows; mail itself; and the older API under ud/.
package alimail

import (
	"context"
	"strings"
	"sync"
	"time"

	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// ID names the adapter.
const ID provider.ID = "alimail"

// The keys of the form's fields.
const (
	fieldRegion = "region"
	fieldClient = "clientId"
	fieldSecret = "clientSecret"
)

const (
	console = "https://qiye.aliyun.com/"
	// 40 calls a second are allowed for a company's domain, and all its apps share
	// them: half is left to the others.
	usualPace, usualBurst = 20, 20
	// atOnce keeps to the pace as long as a creation takes no longer than 0.4 s.
	atOnce = 8
	// rows is the most that a page of a listing holds.
	rows = 100
)

// regions are the clusters; a company lives in one, and their hosts are not
// interchangeable. https://www.alibabacloud.com/help/zh/alibaba-mail/latest/api-access-server-address
var regions = []string{"cn", "sg", "hk", "de", "us"}

// Maker makes adapters for Alibaba Mail.
func Maker() provider.Maker {
	return provider.Maker{
		ID: ID, Name: "Alibaba Mail", ChineseName: "阿里邮箱", Zone: "Asia/Shanghai",
		Fields: []provider.Field{
			{Key: fieldRegion, Kind: provider.FieldChoice, Choices: regions},
			{Key: fieldClient, Kind: provider.FieldText, Required: true, Example: "ABCDEFGHIJKLMNOP"},
			{Key: fieldSecret, Kind: provider.FieldSecret, Required: true},
		},
		Presets: []string{"aliyun-qiye"}, Console: console,
		Best: capabilities(), Assumptions: assumptions(), Unused: unused(),
		New: func(c provider.Config) (provider.Provider, error) {
			o, err := New(c)
			if err != nil {
				return nil, err
			}
			return o, nil
		},
	}
}

// Office is one company at Alibaba Mail.
type Office struct {
	client string
	secret secret.Value
	wire   *wire.Client
	caps   provider.Capabilities
	now    func() time.Time
	rows   int

	token tokens

	mu   sync.Mutex
	last *walk // of the departments, for the listing of people that is under way
}

// New makes an adapter; it sends nothing. Errors: invalid with "field".
func New(c provider.Config) (*Office, error) {
	if err := Maker().Validate(c); err != nil {
		return nil, err
	}
	region := c.Values[fieldRegion]
	if region == "" {
		region = regions[0]
	}
	base, err := wire.Base(c.BaseURL, "https://alimail-"+region+".aliyuncs.com")
	if err != nil {
		return nil, err
	}
	pace := c.Pace
	if pace <= 0 {
		pace = usualPace
	}
	o := &Office{
		client: strings.TrimSpace(c.Values[fieldClient]), secret: secret.NewValue(strings.TrimSpace(c.Secret[fieldSecret].Reveal())),
		caps: capabilities(), now: time.Now, rows: rows, token: tokens{gate: wire.NewGate()},
	}
	o.wire = wire.New(wire.Options{
		Base: base, HTTP: c.HTTP, Pace: pace, Burst: max(usualBurst, int(pace)), Judge: judge, Wait: c.Wait,
	})
	o.wire.Hide(fieldSecret, o.secret)
	return o, nil
}

// Close ends connections that are not in use.
func (o *Office) Close() error {
	o.wire.Close()
	return nil
}

// Check fetches a token and reads the top of the tree.
func (o *Office) Check(ctx context.Context) error {
	_, err := o.department(wire.Hasty(ctx), "read department", root)
	return err
}

// Capabilities tells what the API can do. Which of it this app may is ticked in the
// console and shows with the first call.
func (o *Office) Capabilities(ctx context.Context) (provider.Capabilities, error) {
	return o.caps.Clone(), ctx.Err()
}
