package tencent

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// app is one of the company's apps with its secret and its present token.
type app struct {
	field  string
	secret secret.Value

	gate  wire.Gate // one caller fetches, the others wait
	token secret.Value
	until time.Time
}

const (
	usualLife = 2 * time.Hour // of a token, where the answer does not tell
	// early is how long before its end a token is replaced, at most: a call that waits
	// for its turn must still find it good.
	early = 5 * time.Minute
)

// spent are the codes of a token that is no longer taken: bad, not believed, expired.
var spent = []string{"40001", "40014", "42001"}

// token returns an app's token, fetching it where there is none that lasts.
// Doc #10003, https://exmail.qq.com/qy_mng_logic/doc#10003
func (o *Office) token(ctx context.Context, a *app) (secret.Value, error) {
	if err := a.gate.Enter(ctx, "fetch token"); err != nil {
		return secret.Value{}, err
	}
	defer a.gate.Leave()
	if !a.token.IsZero() && o.now().Before(a.until) {
		return a.token, nil
	}
	var answer struct {
		Token     string `json:"access_token"`
		ExpiresIn number `json:"expires_in"`
	}
	err := o.wire.Do(ctx, wire.Call{
		Op: "fetch token", Method: http.MethodGet, Path: "/gettoken",
		Query: url.Values{"corpid": {o.corp}, "corpsecret": {a.secret.Reveal()}}, Into: &answer,
	})
	if err != nil {
		if e, ok := errors.AsType[*core.Error](err); ok && core.CodeOf(err) == core.Unauthenticated && e.Args != nil {
			e.Args["field"] = a.field
		}
		return secret.Value{}, err
	}
	if answer.Token == "" || len(answer.Token) > 4096 {
		return secret.Value{}, core.E(core.Malformed, "fetch token", nil, "field", a.field)
	}
	life := time.Duration(answer.ExpiresIn) * time.Second
	if life <= 0 || life > 30*24*time.Hour {
		life = usualLife
	}
	a.token, a.until = secret.NewValue(answer.Token), o.now().Add(life-min(early, life/4))
	o.wire.Hide("token of "+a.field, a.token)
	return a.token, nil
}

// drop forgets a token that the vendor did not take, unless another caller has
// replaced it meanwhile.
func (a *app) drop(ctx context.Context, refused secret.Value) error {
	if err := a.gate.Enter(ctx, "fetch token"); err != nil {
		return err
	}
	defer a.gate.Leave()
	if a.token.Reveal() == refused.Reveal() {
		a.token = secret.Value{}
	}
	return nil
}

// do makes a call with an app's token, and once more with a fresh one where the token
// was not taken: the vendor may end it early. Nothing was done then.
func (o *Office) do(ctx context.Context, field string, call wire.Call) error {
	a := o.apps[field]
	if a == nil {
		return core.E(core.Unsupported, call.Op, nil, "reason", "needs_key", "key", field)
	}
	for try := 0; ; try++ {
		token, err := o.token(ctx, a)
		if err != nil {
			return err
		}
		if call.Query == nil {
			call.Query = url.Values{}
		}
		call.Query.Set("access_token", token.Reveal())
		err = o.wire.Do(ctx, call)
		if try > 0 || !slices.Contains(spent, core.ArgsOf(err)["vendorCode"]) {
			return err
		}
		if err := a.drop(ctx, token); err != nil {
			return err
		}
	}
}

// get and post are the API's two verbs: reading, listing and deleting are GET with a
// query, everything else is POST with JSON. Listings and logs know no pages.
func (o *Office) get(ctx context.Context, field, op, path string, query url.Values, into any) error {
	return o.do(ctx, field, wire.Call{Op: op, Method: http.MethodGet, Path: "/" + path, Query: query, Into: into, Most: most(path)})
}

func (o *Office) post(ctx context.Context, field, op, path string, body, into any) error {
	return o.do(ctx, field, wire.Call{Op: op, Method: http.MethodPost, Path: "/" + path, Body: body, Into: into, Most: most(path)})
}

// most is how many bytes the answer of a call may have; 0: the usual.
func most(path string) int {
	switch path {
	case "user/list", "user/simplelist", "group/fuzzysearch", "log/mail", "log/login", "log/operation", "log/batchjob":
		return wire.Large
	}
	return 0
}
