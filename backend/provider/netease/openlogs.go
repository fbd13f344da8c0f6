package netease

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// Reaches tells what the open platform hands out: mail that came, for one person at a
// time, and sign-ins in the browser.
func (o *open) Reaches() []logs.Reach {
	return []logs.Reach{
		{Kind: logs.Received, Longest: longestAsk, Kept: remembered, Zone: beijing, PerPerson: true},
		{Kind: logs.SignIn, Longest: longestAsk, Kept: remembered, Zone: beijing},
	}
}

// Fetch hands out one page.
func (o *open) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	const op = "read log"
	at, err := readLogPlace(op, ask.Next)
	if err != nil {
		return logs.Page{}, err
	}
	f := fields{
		"startTime": ask.From.In(beijing).Format(dayTime), "endTime": ask.To.In(beijing).Format(dayTime),
		"pageNum": at.page, "pageSize": logPage,
	}
	name := ""
	if ask.Person != "" || ask.Kind == logs.Received {
		if name, err = o.account(op, ask.Person); err != nil {
			return logs.Page{}, err
		}
	}
	var data json.RawMessage
	switch ask.Kind {
	case logs.Received:
		f["account"] = name
		if err := o.call(ctx, op, "logquery/receivedMail", reads, f, &data); err != nil {
			return logs.Page{}, err
		}
		return receivedMail(op, data, o.address(name), at, ask)
	case logs.SignIn:
		f["accountNames"] = []string{name} // one empty name stands for everybody
		if err := o.call(ctx, op, "logquery/webLogin", reads, f, &data); err != nil {
			return logs.Page{}, err
		}
		return signIns(op, o.domain, data, o.address(name), logs.Web, at, ask)
	}
	return logs.Page{}, core.E(core.Unsupported, op, nil, "kind", string(ask.Kind))
}

// receivedMail reads a page of mail that came.
func receivedMail(op string, raw json.RawMessage, person string, at logPlace, ask logs.Ask) (logs.Page, error) {
	list, total, err := rows(raw)
	if err != nil {
		return logs.Page{}, core.E(core.Malformed, op, nil, "reason", "rows")
	}
	var all []logs.Record
	for _, r := range list {
		all = append(all, r.received(person))
	}
	kept, err := keep(op, all, ask)
	return logs.Page{Records: kept, Next: at.after(len(list), total)}, err
}

// SignInLink has the platform sign an address that opens a mailbox. How long it is
// good is not told.
func (o *open) SignInLink(ctx context.Context, id string) (secret.Value, time.Time, error) {
	const op = "make sign-in link"
	name, err := o.account(op, id)
	if err != nil {
		return secret.Value{}, time.Time{}, err
	}
	var got struct {
		Sign     string `json:"sign"`
		Endpoint string `json:"endpoint"`
	}
	err = withToken(ctx, o.singleToken, func(token string) error {
		return o.send(ctx, wire.Call{
			Op: op, Path: "/sso/ssoSign", Method: http.MethodPost, Body: fields{"accountName": name, "domain": string(o.domain)},
			Header: o.header("qiye-sso-auth-token", token),
		}, &got)
	})
	if err != nil {
		return secret.Value{}, time.Time{}, err
	}
	at, perr := url.Parse(got.Endpoint)
	if perr != nil || at.Scheme != "https" || at.Host == "" || got.Sign == "" || strings.ContainsAny(got.Endpoint, "?#") {
		return secret.Value{}, time.Time{}, core.E(core.Malformed, op, nil, "reason", "link")
	}
	at.RawQuery = url.Values{"sso_token": {got.Sign}, "lang": {"0"}}.Encode()
	return secret.NewValue(at.String()), time.Time{}, nil
}
