package alimail

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

const (
	usualLife = time.Hour // of a token, where the answer does not tell
	early     = time.Minute
)

// tokens keeps the present token. One caller fetches it, the others wait at the gate.
type tokens struct {
	gate  wire.Gate
	value secret.Value
	until time.Time
}

// get returns the token, fetching one where there is none that lasts.
// https://help.aliyun.com/document_detail/2855420.html
func (o *Office) get(ctx context.Context) (secret.Value, error) {
	const op = "fetch token"
	t := &o.token
	if err := t.gate.Enter(ctx, op); err != nil {
		return secret.Value{}, err
	}
	defer t.gate.Leave()
	if !t.value.IsZero() && o.now().Before(t.until) {
		return t.value, nil
	}
	var answer struct {
		Token     string `json:"access_token"`
		ExpiresIn int64  `json:"expires_in"`
	}
	err := o.wire.Do(ctx, wire.Call{
		Op: op, Method: http.MethodPost, Path: "/oauth2/v2.0/token", Into: &answer,
		Form: url.Values{"grant_type": {"client_credentials"}, "client_id": {o.client}, "client_secret": {o.secret.Reveal()}},
	})
	if e, ok := errors.AsType[*core.Error](err); ok && e.Args != nil {
		switch e.Code {
		case core.Invalid, core.Unauthenticated: // assumption "token-refused"
			e.Code, e.Args["field"] = core.Unauthenticated, fieldSecret
		}
	}
	if err != nil {
		return secret.Value{}, err
	}
	if answer.Token == "" || len(answer.Token) > 8192 || strings.ContainsFunc(answer.Token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return secret.Value{}, core.E(core.Malformed, op, nil, "field", fieldSecret)
	}
	life := time.Duration(answer.ExpiresIn) * time.Second
	if life <= 0 || life > 30*24*time.Hour {
		life = usualLife
	}
	t.value, t.until = secret.NewValue(answer.Token), o.now().Add(life-min(early, life/4))
	o.wire.Hide("token", t.value)
	return t.value, nil
}

func (t *tokens) drop(ctx context.Context, refused secret.Value) error {
	if err := t.gate.Enter(ctx, "fetch token"); err != nil {
		return err
	}
	defer t.gate.Leave()
	if t.value.Reveal() == refused.Reveal() {
		t.value = secret.Value{}
	}
	return nil
}

// do makes a call with the token, and once more with a fresh one where it was not
// taken. Nothing was done then.
func (o *Office) do(ctx context.Context, call wire.Call) error {
	for try := 0; ; try++ {
		token, err := o.get(ctx)
		if err != nil {
			return err
		}
		call.Header = http.Header{"Authorization": {"bearer " + token.Reveal()}}
		err = o.wire.Do(ctx, call)
		if try > 0 || core.CodeOf(err) != core.Unauthenticated {
			return err
		}
		if err := o.token.drop(ctx, token); err != nil {
			return err
		}
	}
}

// judge reads a refusal: a status, with the vendor's code and words in the body. The
// token call words it as OAuth does.
func judge(a wire.Answer) *wire.Refusal {
	r := wire.ByStatus(a)
	if r == nil {
		if len(strings.TrimSpace(string(a.Body))) > 0 && !json.Valid(a.Body) { // somebody else answers
			return &wire.Refusal{Code: core.Malformed, Reason: "not_json"}
		}
		return nil
	}
	var words struct {
		Detail    any    `json:"detailErrorCode"`
		Error     any    `json:"error"`
		ErrorCode any    `json:"error_code"`
		Message   string `json:"message"`
		Developer string `json:"developerMessage"`
		Described string `json:"error_description"`
	}
	_ = json.Unmarshal(a.Body, &words) // what is no JSON has no words
	for _, code := range []any{words.Detail, words.ErrorCode, words.Error} {
		if text := plain(code); text != "" {
			r.VendorCode = text
			break
		}
	}
	for _, text := range []string{words.Message, words.Described, words.Developer} {
		if text != "" {
			r.VendorText = text
			break
		}
	}
	return r
}

// plain is a code that is a text or a number.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		raw, _ := json.Marshal(v)
		return string(raw)
	}
	return ""
}
