package mox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// how is what a call may be.
type how int

const (
	plain   how = iota
	once        // must not be carried out twice
	deletes     // done where its object is gone
)

// params is the body of a call; all parameters, in order.
type params struct {
	Params []any `json:"params"`
}

// ask calls a function of the administrator's interface that may be repeated.
func (o *Office) ask(ctx context.Context, op, function string, into any, args ...any) error {
	return o.call(ctx, op, function, plain, into, args...)
}

// call calls a function: signs in first where that is needed, and again where the
// session has ended, which says that nothing was done.
func (o *Office) call(ctx context.Context, op, function string, kind how, into any, args ...any) error {
	return o.hold(ctx, op, func() error {
		for tries := 0; ; tries++ {
			if o.admin.csrf == "" {
				if err := o.signIn(ctx, op); err != nil {
					return err
				}
			}
			if strings.HasPrefix(function, "Alias") || strings.HasPrefix(function, "Address") || strings.HasPrefix(function, "Domain") {
				o.known.stale()
			}
			err := o.send(ctx, op, o.admin, function, kind, into, args...)
			if tries > 0 || !sessionOver(err) {
				return err
			}
			o.admin.csrf = ""
		}
	})
}

// hold runs f when nobody else asks. One call at a time: the server counts every call
// as a failed sign-in until it has looked at the session, and refuses from the eleventh
// on (mox-/limitauth.go).
func (o *Office) hold(ctx context.Context, op string, f func() error) error {
	select {
	case <-o.turn:
		defer func() { o.turn <- struct{}{} }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return core.E(core.CodeOf(err), op, err)
	}
	return f()
}

func sessionOver(err error) bool {
	code := core.ArgsOf(err)["vendorCode"]
	return code == "user:badAuth" || code == "user:noAuth"
}

// session is a way in: where its functions are, and what proves that a call is ours.
type session struct {
	path string // "/admin/api/"
	csrf string // "" not signed in
}

// agent is how this program calls itself; sign-ins made by it are told apart by that.
const agent = "Mailroom"

// send makes one call of a session.
func (o *Office) send(ctx context.Context, op string, s session, function string, kind how, into any, args ...any) error {
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	if args == nil {
		args = []any{}
	}
	header := http.Header{"User-Agent": {agent}}
	if s.csrf != "" {
		header.Set("x-mox-csrf", s.csrf)
	}
	err := o.wire.Do(ctx, wire.Call{
		Op: op, Method: post, Path: s.path + function, Header: header, Body: params{bare(args)}, Into: &answer,
		Once: kind == once, Deletes: kind == deletes, Hide: append(hidden(args), secret.NewValue(s.csrf)),
	})
	if err != nil || into == nil {
		return err
	}
	if err := json.Unmarshal(answer.Result, into); err != nil {
		return core.E(core.Malformed, op, nil, "reason", "result")
	}
	return nil
}

// hidden are the secrets among the parameters.
func hidden(args []any) (all []secret.Value) {
	for _, a := range args {
		if s, ok := a.(secret.Value); ok {
			all = append(all, s)
		}
	}
	return all
}

// bare is the parameters with their secrets open.
func bare(args []any) []any {
	open := make([]any, len(args))
	for i, a := range args {
		if s, ok := a.(secret.Value); ok {
			a = s.Reveal()
		}
		open[i] = a
	}
	return open
}

// lastRefusal is how many sign-ins may be refused: then the password is wrong, and
// the server would shut this computer out for everything (10 in a minute, 50 a day).
const lastRefusal = 2

// signIn opens the administrator's session.
func (o *Office) signIn(ctx context.Context, op string) error {
	if o.refused >= lastRefusal {
		return core.E(core.Unauthenticated, op, nil, "reason", "refused_before")
	}
	err := o.open(ctx, op, &o.admin, o.password)
	switch {
	case core.ArgsOf(err)["vendorCode"] == "user:loginFailed":
		o.refused++
	case err == nil:
		o.refused = 0
	}
	return err
}

// open opens a session: a token for the sign-in, which comes back as a cookie too, then
// the name, where there is one, and the password (webauth/webauth.go).
func (o *Office) open(ctx context.Context, op string, s *session, credentials ...any) error {
	var token string
	if err := o.send(ctx, op, *s, "LoginPrep", plain, &token); err != nil {
		return err
	}
	return o.login(ctx, op, s, token, credentials...)
}

// login signs in with a token that is a cookie as well.
func (o *Office) login(ctx context.Context, op string, s *session, token string, credentials ...any) error {
	var csrf string
	o.wire.Hide("sign-in token", secret.NewValue(token))
	// Not repeated after a broken connection: each try may count against the password.
	if err := o.send(ctx, op, *s, "Login", once, &csrf, append([]any{secret.NewValue(token)}, credentials...)...); err != nil {
		return err
	}
	if csrf == "" {
		return core.E(core.Malformed, op, nil, "reason", "no_session")
	}
	o.wire.Hide("csrf of "+s.path, secret.NewValue(csrf))
	s.csrf = csrf
	return nil
}

// openQuick opens the session of a person with a token of our own. The server only
// compares token and cookie, to keep other sites' pages from signing in (webauth.Login);
// a request less for each new person. One that wants to give the token itself is asked
// for it from then on.
func (o *Office) openQuick(ctx context.Context, op string, s *session, credentials ...any) error {
	if !o.asks.Load() {
		token := rand.Text()
		at := below(o.base, s.path)
		o.jar.SetCookies(at, []*http.Cookie{{Name: "webaccountlogin", Value: token, Path: strings.TrimSuffix(at.Path, "api/"), HttpOnly: true, SameSite: http.SameSiteStrictMode}})
		err := o.login(ctx, op, s, token, credentials...)
		if !strings.Contains(core.ArgsOf(err)["vendorText"], "login token") {
			return err
		}
		o.asks.Store(true)
	}
	return o.open(ctx, op, s, credentials...)
}

// shade keeps the cookies' values, which are secrets, out of errors.
func shade(base *url.URL, jar http.CookieJar) func(*wire.Call) error {
	return func(c *wire.Call) error {
		for _, cookie := range jar.Cookies(below(base, c.Path)) {
			c.Hide = append(c.Hide, secret.NewValue(cookie.Value))
			for part := range strings.FieldsSeq(cookie.Value) {
				c.Hide = append(c.Hide, secret.NewValue(part))
			}
		}
		return nil
	}
}

// below is a path under an address. It begins with "/" as cookies' paths do, which
// [url.URL.JoinPath] leaves out where the address has none.
func below(base *url.URL, path string) *url.URL {
	at := *base
	at.Path += path
	return &at
}
