package netease

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// Open makes adapters for the open platform.
func Open() provider.Maker {
	return provider.Maker{
		ID: "netease", Name: "NetEase Enterprise Mail", ChineseName: "网易企业邮箱", Zone: "Asia/Shanghai",
		Fields: []provider.Field{
			{Key: "appId", Kind: provider.FieldText, Required: true, Example: "qy20260101000000ABCD"},
			{Key: "authCode", Kind: provider.FieldSecret, Required: true},
			{Key: "orgOpenId", Kind: provider.FieldText, Required: true, Example: "0123456789abcdef"},
		},
		Presets: []string{preset}, Console: console, Best: openCan(), Assumptions: openAssumptions, Unused: openUnused, New: newOpen,
	}
}

// openCan is what the open platform can do. An app has the rights that were ticked for
// it in the console, and there is no way to ask which; a call without its right is
// forbidden, with the reason "app".
//
// Of mailing lists a change and an addition of members are described; without a way to
// read, create or delete one they could not be shown, checked or undone.
func openCan() provider.Capabilities {
	s := map[provider.Capability]provider.Support{}
	no(s, provider.NotInAPI, provider.All()...)
	can(s, provider.CanReadPeople, provider.CanCreatePeople, provider.CanEditPeople, provider.CanDeletePeople, provider.CanRestorePeople,
		provider.CanSuspend, provider.CanSetPassword, provider.CanSetMailRights, provider.CanSetSignIn, provider.CanHide,
		provider.CanSignInLink, provider.CanCountUnread, provider.CanOverwriteLists, provider.CanReadDepartments, provider.CanEditDepartments,
		provider.CanLogMail, provider.CanLogSignIn)
	no(s, provider.NotProven, provider.CanEditAliases, provider.CanReadLists, provider.CanEditLists, provider.CanLogAdmin)
	return provider.Capabilities{
		Support: s,
		Create: []provider.Attr{provider.AttrName, provider.AttrDepartments, provider.AttrMobile, provider.AttrStaffNo, provider.AttrHidden,
			provider.AttrMustChange},
		Change: []provider.Attr{provider.AttrName, provider.AttrDepartments, provider.AttrMobile, provider.AttrStaffNo, provider.AttrHidden,
			provider.AttrMustChange},
		Department: []provider.Attr{provider.AttrParent, provider.AttrOrder},
		Firm:       []provider.Attr{provider.AttrMobile}, // no call is known that takes a number away (assumption "firm")
		AtOnce:     atOnce,                               // assumption "at-once"
	}
}

// open is one office at the open platform.
type open struct {
	domain
	caps   provider.Capabilities
	client *wire.Client
	app    app
	access tokens // for calls
	single tokens // for sign-in links
}

// app is the office's own app and its keys.
type app struct {
	id, org string
	code    secret.Value
}

func newOpen(c provider.Config) (provider.Provider, error) {
	d, err := readDomain(c)
	if err != nil {
		return nil, err
	}
	if err := Open().Validate(c); err != nil {
		return nil, err
	}
	at, err := base(c.BaseURL, "https://api.qiye.163.com", "/api")
	if err != nil {
		return nil, err
	}
	o := &open{domain: d, caps: openCan(), access: tokens{gate: wire.NewGate()}, single: tokens{gate: wire.NewGate()}, app: app{c.Values["appId"], c.Values["orgOpenId"], c.Secret["authCode"]}}
	speed := c.Pace
	if speed == 0 {
		speed = pace
	}
	o.client = wire.New(wire.Options{Base: at, HTTP: c.HTTP, Pace: speed, Burst: 1, Wait: c.Wait, Judge: openJudge, Prepare: stamp})
	o.client.Hide("authCode", c.Secret["authCode"])
	return o, nil
}

// Pace is how many calls a second the office is asked at most.
func (o *open) Pace() float64 { return o.client.Pace() }

// Close ends connections that are not in use.
func (o *open) Close() error {
	o.client.Close()
	return nil
}

// Check asks for one account.
func (o *open) Check(ctx context.Context) error {
	_, err := o.accounts(wire.Hasty(ctx), "check office", "", 1, 1)
	return err
}

// Capabilities tells what this office can do.
func (o *open) Capabilities(context.Context) (provider.Capabilities, error) {
	return own(o.caps), nil
}

// Domains lists the domain that the office was connected for: no call lists more.
func (o *open) Domains(context.Context) ([]provider.Domain, error) {
	return []provider.Domain{{Name: string(o.domain)}}, nil
}

// forbidden are the reasons that the page has a sentence for.
const (
	reasonAddress = "ip"      // this computer's address is not on the app's list
	reasonRight   = "app"     // the call is not ticked for the app
	reasonExpired = "expired" // the app or its authorisation has ended
)

// verdicts are what the platform's codes mean (C3: two programs' lists).
var verdicts = map[int64]wire.Refusal{
	-1: {Code: core.Unreachable}, -2: {Code: core.Unreachable}, -500: {Code: core.Unreachable},
	-4:   {Code: core.NotFound},
	-100: {Code: core.Unauthenticated}, -101: {Code: core.Unauthenticated},
	-200: {Code: core.Forbidden}, -201: {Code: core.Forbidden, Reason: reasonAddress}, -202: {Code: core.Forbidden, Reason: reasonRight},
	-300: {Code: core.Unauthenticated}, -301: {Code: core.Unauthenticated}, -302: {Code: core.Unauthenticated}, -303: {Code: core.Unauthenticated},
	-304: {Code: core.Unauthenticated, Reason: reasonExpired}, -305: {Code: core.Unauthenticated, Reason: reasonExpired},
	-320: {Code: core.Unauthenticated}, -321: {Code: core.Unauthenticated}, -322: {Code: core.Unauthenticated},
	-400: {Code: core.Invalid}, -401: {Code: core.Invalid}, -424: {Code: core.Rejected},
	-421: {Code: core.RateLimited}, -422: {Code: core.RateLimited}, -423: {Code: core.RateLimited},
}
