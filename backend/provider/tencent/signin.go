package tencent

import (
	"context"
	"net/url"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// The options of a member (app 功能设置).
const (
	optionForced = 1 // secured sign-in is demanded
	optionIMAP   = 2 // IMAP/SMTP
	optionPOP    = 3 // POP/SMTP
	optionOwn    = 4 // secured sign-in that the member switched on; it can only be read
)

// option is one value; the vendor wants and gives the value as a text.
type option struct {
	Type  number `json:"type"`
	Value text   `json:"value"`
}

// signIn reads a member's ways of signing in. SMTP belongs to IMAP and to POP alike:
// with either of them it is on.
func (o *Office) signIn(ctx context.Context, userID string) (map[provider.Way]provider.Flag, error) {
	var answer struct {
		Option []option `json:"option"`
	}
	body := map[string]any{"userid": userID, "type": []int{optionForced, optionIMAP, optionPOP, optionOwn}}
	if err := o.post(ctx, fieldOptions, "read options", "useroption/get", body, &answer); err != nil {
		return nil, err
	}
	on := map[number]provider.Flag{}
	for _, v := range answer.Option {
		on[v.Type] = flag(v.Value == "1")
	}
	ways := map[provider.Way]provider.Flag{}
	tell := func(way provider.Way, f provider.Flag) {
		if f != provider.Unknown {
			ways[way] = f
		}
	}
	tell(provider.IMAP, on[optionIMAP])
	tell(provider.POP, on[optionPOP])
	tell(provider.SMTP, either(on[optionIMAP], on[optionPOP]))
	tell(provider.Secured, either(on[optionForced], on[optionOwn]))
	return ways, nil
}

// either is Yes where one is, No where both are.
func either(a, b provider.Flag) provider.Flag {
	switch {
	case a == provider.Yes || b == provider.Yes:
		return provider.Yes
	case a == provider.Unknown || b == provider.Unknown:
		return provider.Unknown
	}
	return provider.No
}

// SignInWays are those with an option of their own; SMTP follows IMAP and POP.
func (o *Office) SignInWays() []provider.Way {
	return []provider.Way{provider.IMAP, provider.POP, provider.Secured}
}

// SetSignIn allows or forbids a way; [provider.Secured] demands the second factor.
func (o *Office) SetSignIn(ctx context.Context, id string, way provider.Way, allowed bool) error {
	const op = "set option"
	kind, known := map[provider.Way]number{provider.Secured: optionForced, provider.IMAP: optionIMAP, provider.POP: optionPOP}[way]
	if !known {
		return core.E(core.Unsupported, op, nil, "field", string(provider.AttrSignIn), "way", string(way))
	}
	if err := addressLike(op, id); err != nil {
		return err
	}
	value := text("0")
	if allowed {
		value = "1"
	}
	body := map[string]any{"userid": id, "option": []option{{Type: kind, Value: value}}}
	return unknownPerson(o.post(ctx, fieldOptions, op, "useroption/update", body, nil))
}

// SignInLink makes a link that opens the mailbox once, within five minutes. The member
// must have allowed it once with the own password. Doc #10036.
func (o *Office) SignInLink(ctx context.Context, id string) (secret.Value, time.Time, error) {
	const op = "make sign-in link"
	if err := addressLike(op, id); err != nil {
		return secret.Value{}, time.Time{}, err
	}
	var answer struct {
		URL     string `json:"login_url"`
		Expires number `json:"expires_in"`
	}
	asked := o.now()
	if err := o.get(ctx, fieldSignIn, op, "service/get_login_url", url.Values{"userid": {id}}, &answer); err != nil {
		return secret.Value{}, time.Time{}, unknownPerson(err)
	}
	link, err := url.Parse(answer.URL)
	if err != nil || link.Scheme != "https" || link.Host == "" {
		return secret.Value{}, time.Time{}, core.E(core.Malformed, op, nil, "reason", "link")
	}
	life := time.Duration(min(max(answer.Expires, 0), 3600)) * time.Second
	return secret.NewValue(answer.URL), asked.Add(life), nil
}
