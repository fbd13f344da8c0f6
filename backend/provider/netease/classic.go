package netease

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// The regions; which one an office lives in, its contract says.
const (
	north = "north"
	east  = "east"
)

// classicFolder is where the classic interface lives at its host.
const classicFolder = "/qiyeservice/api"

// Classic makes adapters for the classic interface.
func Classic() provider.Maker {
	return provider.Maker{
		ID: "netease-classic", Name: "NetEase Enterprise Mail (signed interface)", ChineseName: "网易企业邮箱（签名接口）", Zone: "Asia/Shanghai",
		Fields: []provider.Field{
			{Key: "region", Kind: provider.FieldChoice, Required: true, Choices: []string{north, east}},
			{Key: "product", Kind: provider.FieldText, Example: "office_example"},
			{Key: "key", Kind: provider.FieldKey, Required: true, Example: "-----BEGIN PRIVATE KEY-----"},
		},
		Presets: []string{preset}, Console: console, Best: classicCan(), Assumptions: classicAssumptions, Unused: classicUnused, New: newClassic,
	}
}

// classicCan is what the classic interface can do; every key opens all of it.
func classicCan() provider.Capabilities {
	s := map[provider.Capability]provider.Support{}
	no(s, provider.NotInAPI, provider.All()...)
	can(s, provider.CanReadPeople, provider.CanCreatePeople, provider.CanEditPeople, provider.CanDeletePeople, provider.CanRestorePeople,
		provider.CanSuspend, provider.CanEditAliases, provider.CanSetPassword, provider.CanHide, provider.CanSignInLink, provider.CanCountUnread,
		provider.CanReadDepartments, provider.CanEditDepartments, provider.CanLogMail, provider.CanLogSignIn)
	no(s, provider.NotProven, provider.CanForward, provider.CanReadLists, provider.CanEditLists, provider.CanLogAdmin)
	return provider.Capabilities{
		Support: s,
		Create: []provider.Attr{provider.AttrName, provider.AttrDepartments, provider.AttrMobile, provider.AttrStaffNo, provider.AttrHidden,
			provider.AttrMustChange, provider.AttrQuota, provider.AttrExpires},
		Change: []provider.Attr{provider.AttrName, provider.AttrMobile, provider.AttrStaffNo, provider.AttrHidden, provider.AttrMustChange,
			provider.AttrExpires},
		Department: []provider.Attr{provider.AttrName, provider.AttrRemark},
		Firm:       []provider.Attr{provider.AttrExpires}, // assumption "firm"
		AtOnce:     atOnce,                                // assumption "at-once"
	}
}

// classic is one office at the classic interface.
type classic struct {
	domain
	key    *rsa.PrivateKey
	region string
	caps   provider.Capabilities
	client *wire.Client
}

func newClassic(c provider.Config) (provider.Provider, error) {
	d, err := readDomain(c)
	if err != nil {
		return nil, err
	}
	if err := Classic().Validate(c); err != nil {
		return nil, err
	}
	key, err := readKey(c.Secret["key"])
	if err != nil {
		return nil, err
	}
	o := &classic{domain: d, key: key, region: c.Values["region"], caps: classicCan()}
	host := "https://apibj.qiye.163.com"
	if o.region == east {
		host = "https://apihz.qiye.163.com"
	}
	at, err := base(c.BaseURL, host, classicFolder)
	if err != nil {
		return nil, err
	}
	product := strings.TrimSpace(c.Values["product"])
	if product == "" {
		product = strings.ReplaceAll(string(d), ".", "_") // assumption "product"
	}
	speed := c.Pace
	if speed == 0 {
		speed = pace
	}
	o.client = wire.New(wire.Options{
		Base: at, HTTP: c.HTTP, Pace: speed, Burst: 1, Wait: c.Wait, Judge: classicJudge,
		Prepare: func(call *wire.Call) error { return o.prepare(call, product) },
	})
	o.client.Hide("key", c.Secret["key"])
	return o, nil
}

// prepare adds what every request has, and signs it at the moment it is sent.
func (o *classic) prepare(call *wire.Call, product string) error {
	call.Form.Set("domain", string(o.domain))
	call.Form.Set("product", product)
	call.Form.Set("time", strconv.FormatInt(time.Now().UnixMilli(), 10))
	signature, err := sign(o.key, signedText(call.Form))
	call.Form.Set("sign", signature)
	return err
}

// classicJudge reads the envelope {"suc":…,"con":…,"error_code":…}. Which status a
// failure has is not told; the envelope goes first.
func classicJudge(a wire.Answer) *wire.Refusal {
	var e struct {
		Suc  *number `json:"suc"`
		Code text    `json:"error_code"`
	}
	err := json.Unmarshal(a.Body, &e)
	known := err == nil && e.Suc != nil
	switch r := wire.ByStatus(a); {
	case known && *e.Suc == 0:
		refused := &wire.Refusal{Code: meaning(string(e.Code)), VendorCode: string(e.Code)}
		if r != nil && refused.Code == core.Rejected {
			refused.Code = r.Code
		}
		return refused
	case r != nil:
		return r
	case !known:
		return &wire.Refusal{Code: core.Malformed, Reason: "not_json"}
	}
	return nil
}

// how says what kind of call it is.
type how int

const (
	reads   how = iota
	changes     // may be repeated: the outcome is the same
	creates     // must not happen twice
	deletes     // is done when its object is gone
)

// params are a call's own parameters. Empty ones are left out, as nothing says what an
// empty value does; what is to be emptied is cleared.
type params map[string]string

// cleared stands for a value that is sent, and signed, as nothing.
const cleared = "\x00"

// orCleared makes a value that a person emptied one that is sent.
func orCleared(value string) string {
	if value == "" {
		return cleared
	}
	return value
}

// call makes one call of the classic interface and reads what the answer contains.
func (o *classic) call(ctx context.Context, op, path string, kind how, p params, con any, hidden ...secret.Value) error {
	form := url.Values{}
	for name, value := range p {
		switch value {
		case "":
		case cleared:
			form.Set(name, "")
		default:
			form.Set(name, value)
		}
	}
	into := struct {
		Con any `json:"con"`
	}{con}
	most := 0
	if path == "mail/getReceivedMailLogs" { // it knows no pages
		most = wire.Large
	}
	return o.client.Do(ctx, wire.Call{
		Op: op, Method: http.MethodPost, Path: "/" + path, Form: form, Into: &into, Most: most,
		Once: kind == creates, Deletes: kind == deletes, Hide: hidden,
	})
}

// Pace is how many calls a second the office is asked at most.
func (o *classic) Pace() float64 { return o.client.Pace() }

// Close ends connections that are not in use.
func (o *classic) Close() error {
	o.client.Close()
	return nil
}

// Check asks for the domain.
func (o *classic) Check(ctx context.Context) error {
	var con json.RawMessage
	return o.call(wire.Hasty(ctx), "check office", "domain/getDomain", reads, params{}, &con)
}

// Capabilities tells what this office can do.
func (o *classic) Capabilities(context.Context) (provider.Capabilities, error) {
	return own(o.caps), nil
}

// Domains lists the domain that the office was connected for. domain/getDomain says
// more, but nobody has written down what.
func (o *classic) Domains(context.Context) ([]provider.Domain, error) {
	return []provider.Domain{{Name: string(o.domain)}}, nil
}
