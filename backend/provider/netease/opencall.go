package netease

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// fields are a call's own parameters.
type fields map[string]any

// stamp gives every attempt a time and a nonce of its own: one that was seen before is
// refused.
func stamp(call *wire.Call) error {
	call.Header.Set("qiye-timestamp", strconv.FormatInt(time.Now().UnixMilli(), 10))
	call.Header.Set("qiye-nonce", rand.Text())
	return nil
}

// openJudge reads the envelope {"code":…,"success":…,"message":…,"data":…}. It goes before
// the status: failures were seen with both.
func openJudge(a wire.Answer) *wire.Refusal {
	var e struct {
		Code    *number `json:"code"`
		Success *number `json:"success"`
		Message text    `json:"message"`
	}
	err := json.Unmarshal(a.Body, &e)
	byStatus := wire.ByStatus(a)
	switch {
	case err == nil && e.Code != nil && *e.Code != 0:
		r := openRefusal(int64(*e.Code), string(e.Message))
		if byStatus != nil && r.Code == core.Rejected {
			r.Code = byStatus.Code
		}
		return r
	case byStatus != nil:
		return byStatus
	case err != nil || e.Code == nil:
		return &wire.Refusal{Code: core.Malformed, Reason: "not_json"}
	case e.Success != nil && *e.Success == 0:
		return &wire.Refusal{Code: core.Rejected, VendorCode: "0", VendorText: string(e.Message)}
	}
	return nil
}

// openRefusal classifies a code; -3 says more in its words.
func openRefusal(code int64, words string) *wire.Refusal {
	r, known := verdicts[code]
	if !known {
		r.Code = core.Rejected
		if code == -3 {
			r.Code = meaning(words)
			if r.Code == core.Unauthenticated { // a business failure is none of the key's
				r.Code = core.Rejected
			}
		}
	}
	r.VendorCode, r.VendorText = strconv.FormatInt(code, 10), words
	return &r
}

// tokens is one kind of token and its end; zero where the end is not known.
type tokens struct {
	gate    wire.Gate
	value   string
	refresh string
	until   time.Time
}

// early is how long before its end a token is replaced.
const early = time.Minute

// good returns the token where it still is good.
func (t *tokens) good() (string, bool) {
	return t.value, t.value != "" && (t.until.IsZero() || time.Now().Before(t.until.Add(-early)))
}

// ending is when a token ends. One that had ended when it came is a zone misread, or a
// clock that is wrong: then the platform's refusal tells.
func ending(at text) time.Time {
	if until := moment(at); until.After(time.Now().Add(2 * early)) {
		return until
	}
	return time.Time{}
}

// token returns an access token; bad is one that was refused just now. One call at a
// time fetches a token, the others wait for it.
func (o *open) token(ctx context.Context, bad string) (string, error) {
	t := &o.access
	if err := t.gate.Enter(ctx, "sign in"); err != nil {
		return "", err
	}
	defer t.gate.Leave()
	if value, ok := t.good(); ok && value != bad {
		return value, nil
	}
	if t.refresh != "" {
		err := o.fetch(ctx, wire.Call{Op: "refresh token", Path: "/pub/token/refresh", Query: url.Values{"refreshToken": {t.refresh}}})
		if err == nil {
			return t.value, nil
		}
		if code := core.CodeOf(err); code != core.Unauthenticated && code != core.NotFound && code != core.Invalid && code != core.Rejected {
			return "", err
		}
		t.refresh = "" // it has ended, too: begin anew
	}
	err := o.fetch(ctx, wire.Call{Op: "sign in", Path: "/pub/token/acquireToken", Body: o.app.body()})
	return t.value, err
}

func (a app) body() fields {
	return fields{"appId": a.id, "authCode": a.code.Reveal(), "orgOpenId": a.org}
}

// fetch gets a pair of tokens; the caller has passed the gate.
func (o *open) fetch(ctx context.Context, call wire.Call) error {
	var got struct {
		Access  string `json:"accessToken"`
		Until   text   `json:"accessTokenExpiredTime"`
		Refresh string `json:"refreshToken"`
	}
	if err := o.send(ctx, call, &got); err != nil {
		return err
	}
	if got.Access == "" {
		return core.E(core.Malformed, call.Op, nil, "reason", "token")
	}
	t := &o.access
	t.value, t.refresh, t.until = got.Access, got.Refresh, ending(got.Until)
	o.client.Hide("access", secret.NewValue(t.value))
	o.client.Hide("refresh", secret.NewValue(t.refresh))
	return nil
}

// singleToken returns a token for sign-in links.
func (o *open) singleToken(ctx context.Context, bad string) (string, error) {
	t := &o.single
	if err := t.gate.Enter(ctx, "sign in for links"); err != nil {
		return "", err
	}
	defer t.gate.Leave()
	if value, ok := t.good(); ok && value != bad {
		return value, nil
	}
	var got struct {
		Token string `json:"ssoAuthToken"`
		Until text   `json:"ssoAuthTokenExpiredTime"`
	}
	call := wire.Call{Op: "sign in for links", Path: "/pub/token/ssoAuthToken", Body: o.app.body()}
	if err := o.send(ctx, call, &got); err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", core.E(core.Malformed, call.Op, nil, "reason", "token")
	}
	t.value, t.until = got.Token, ending(got.Until)
	o.client.Hide("single", secret.NewValue(t.value))
	return t.value, nil
}

// send makes one call and reads what the answer's data is.
func (o *open) send(ctx context.Context, call wire.Call, data any) error {
	call.Method = http.MethodPost
	call.Into = &struct {
		Data any `json:"data"`
	}{data}
	return o.client.Do(ctx, call)
}

// call makes a call with a token, and once more with a new one where the token was the
// trouble.
func (o *open) call(ctx context.Context, op, path string, kind how, f fields, data any, hidden ...secret.Value) error {
	body := maps.Clone(f)
	body["domain"] = string(o.domain)
	return withToken(ctx, o.token, func(token string) error {
		return o.send(ctx, wire.Call{
			Op: op, Path: "/open/" + path, Body: body, Once: kind == creates, Deletes: kind == deletes, Hide: hidden,
			Header: o.header("qiye-access-token", token),
		}, data)
	})
}

func (o *open) header(name, token string) http.Header {
	h := http.Header{}
	h.Set("qiye-app-id", o.app.id)
	h.Set("qiye-org-open-id", o.app.org)
	h.Set(name, token)
	return h
}

// withToken does something with a token and once more with another where this one was
// refused. An app that has ended gets no better by it.
func withToken(ctx context.Context, get func(context.Context, string) (string, error), do func(string) error) error {
	token, err := get(ctx, "")
	if err != nil {
		return err
	}
	err = do(token)
	if core.CodeOf(err) != core.Unauthenticated || core.ArgsOf(err)["reason"] == reasonExpired {
		return err
	}
	token, tokenErr := get(ctx, token)
	if tokenErr != nil {
		return tokenErr
	}
	return do(token)
}
