// Package tencent emulates the API of Tencent Exmail (api.exmail.qq.com) at the wire:
// strict in method, path, parameters and their kinds, in tokens, each of which opens
// one app's calls and ends, and in the rules of departments, members, mail groups and
// tags; five logs that a test fills. What it knows stands in public documentation; a
// choice where nothing public tells the truth is named where it is made.
//
// It leaves out the push callback and what has no public description: public
// mailboxes, public contacts and VIP accounts are refused with 48002.
package tencent

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"mailroom/backend/testkit/vendors/trouble"
)

// App is one of the five apps; each has a secret, and its token opens its calls only.
type App string

// The apps.
const (
	Contacts App = "contacts" // 通讯录管理
	NewMail  App = "newMail"  // 新邮件提醒
	SignOn   App = "signOn"   // 单点登录
	Logs     App = "logs"     // 系统日志
	Options  App = "options"  // 功能设置
)

// Apps lists them.
func Apps() []App { return []App{Contacts, NewMail, SignOn, Logs, Options} }

// CorpID is the emulated company's.
const CorpID = "wmf0a1b2c3d4e5f6a7"

// Server is one emulated company. Its methods may be called while it serves.
type Server struct {
	*trouble.Host

	mu        sync.Mutex
	ahead     time.Duration // of the computer's clock
	secrets   map[App]string
	off       map[App]bool
	tokens    map[string]token
	life      time.Duration
	foreign   bool // the caller's address is not on the allow list
	denied    map[string]bool
	minute    int // calls allowed in a minute; 0: any number
	window    time.Time
	calls     int
	tidyLists bool // an empty list in an update clears
	*company
}

type token struct {
	app   App
	value string
	until time.Time
}

// New runs the API of an empty company whose mail domain is given; the caller closes it.
func New(domain string) *Server {
	s := &Server{
		secrets: map[App]string{}, off: map[App]bool{}, tokens: map[string]token{}, life: 2 * time.Hour,
		denied: map[string]bool{}, tidyLists: true, company: newCompany(domain),
	}
	for _, app := range Apps() {
		s.secrets[app] = string(app) + "-" + rand.Text()
	}
	s.Host = trouble.New(s)
	return s
}

// BaseURL is what an adapter is pointed at instead of the vendor's
// https://api.exmail.qq.com/cgi-bin/.
func (s *Server) BaseURL() string { return s.URL + "/cgi-bin/" }

// Secret is an app's secret.
func (s *Server) Secret(app App) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets[app]
}

// RenewSecret gives an app a new secret; the old one and its tokens end.
func (s *Server) RenewSecret(app App) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets[app] = string(app) + "-" + rand.Text()
	for k, t := range s.tokens {
		if t.app == app {
			delete(s.tokens, k)
		}
	}
	return s.secrets[app]
}

// SwitchOff disables an app, or enables it again.
func (s *Server) SwitchOff(app App, off bool) { s.set(func() { s.off[app] = off }) }

// SetLife changes how long new tokens live.
func (s *Server) SetLife(d time.Duration) { s.set(func() { s.life = d }) }

// EndTokens ends all tokens before their time, as the service reserves the right to.
func (s *Server) EndTokens() { s.set(func() { clear(s.tokens) }) }

// Advance puts the server's clock forward.
func (s *Server) Advance(d time.Duration) { s.set(func() { s.ahead += d }) }

// RefuseAddress makes the caller's IP address one that is not allowed.
func (s *Server) RefuseAddress(on bool) { s.set(func() { s.foreign = on }) }

// Deny takes the right to a call, "user/create", away, or gives it back.
func (s *Server) Deny(call string, denied bool) { s.set(func() { s.denied[call] = denied }) }

// LimitCalls allows so many calls in a minute; 0: any number. The real number is not
// known.
func (s *Server) LimitCalls(perMinute int) {
	s.set(func() { s.minute, s.calls, s.window = perMinute, 0, s.now() })
}

// KeepOnEmpty makes an empty list in group/update leave the list as it is. Nothing
// public says which of the two api.exmail.qq.com does; its younger sister clears.
func (s *Server) KeepOnEmpty(on bool) { s.set(func() { s.tidyLists = !on }) }

// FailWith makes the next request for a call fail with a code of the API.
func (s *Server) FailWith(call string, code int, text string) {
	s.Fail(trouble.Fault{Path: call, Status: http.StatusOK, Body: string(answer(refuse(code, text), nil))})
}

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *Server) now() time.Time { return time.Now().Add(s.ahead) }

// endpoint is one call of the API.
type endpoint struct {
	method string
	app    App
	names  string // the parameters that exist, by spaces
	done   string // errmsg of success
	run    func(*Server, *ask) (map[string]any, *refusal)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, under := strings.CutPrefix(r.URL.Path, "/cgi-bin/")
	e, known := endpoints[call]
	if !under || (!known && call != "gettoken" && !strings.HasPrefix(call, "publicmail/")) {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	reply, refused := s.answer(call, e, r, body)
	_, _ = w.Write(answer(refused, reply))
}

func (s *Server) answer(call string, e endpoint, r *http.Request, body []byte) (map[string]any, *refusal) {
	query := r.URL.Query()
	if call == "gettoken" {
		return s.getToken(r.Method, query.Get("corpid"), query.Get("corpsecret"), len(query))
	}
	if refused := s.admit(query.Get("access_token"), e.app); refused != nil {
		return nil, refused
	}
	switch {
	case e.run == nil: // the paths are guessed, their fields unknown
		return nil, refuse(48002, "api forbidden")
	case r.Method != e.method && e.method == http.MethodPost:
		return nil, refuse(43002, "require POST method")
	case r.Method != e.method:
		return nil, refuse(43001, "require GET method")
	case s.denied[call]:
		return nil, refuse(60011, "no privilege to access/modify contact/party/agent")
	}
	a, refused := readAsk(e, query, body)
	if refused != nil {
		return nil, refused
	}
	reply, refused := e.run(s, a)
	switch {
	case a.bad != nil: // a value of the wrong kind was met on the way
		return nil, a.bad
	case refused != nil:
		return nil, refused
	}
	if reply == nil {
		reply = map[string]any{}
	}
	if _, own := reply["errmsg"]; !own {
		reply["errmsg"] = e.done
	}
	return reply, nil
}

// admit checks the token and the rate. One of another app is refused with 48002; the
// real code for that is not known, the younger sister's is this.
func (s *Server) admit(value string, app App) *refusal {
	if value == "" {
		return refuse(41001, "access_token missing")
	}
	t, ok := s.tokens[value]
	now := s.now()
	switch {
	case !ok:
		return refuse(40014, "invalid access_token")
	case !now.Before(t.until):
		return refuse(42001, "access_token expired")
	case s.foreign:
		return refuse(60020, "not allow to access from your ip")
	case s.off[t.app]:
		return refuse(50003, "app disabled")
	case app != "" && t.app != app:
		return refuse(48002, "api forbidden")
	}
	if s.minute > 0 {
		if now.Sub(s.window) >= time.Minute {
			s.window, s.calls = now, 0
		}
		if s.calls++; s.calls > s.minute {
			return refuse(45009, "api freq out of limit")
		}
	}
	return nil
}

// getToken gives the same token again while it lives, with the rest of its life: so
// the younger sister did; for this API it is not told.
func (s *Server) getToken(method, corp, secret string, parameters int) (map[string]any, *refusal) {
	switch {
	case method != http.MethodGet:
		return nil, refuse(43001, "require GET method")
	case corp == "":
		return nil, refuse(41002, "corpid missing")
	case secret == "":
		return nil, refuse(41004, "corpsecret missing")
	case parameters != 2:
		return nil, refuse(40035, "unknown parameter")
	case corp != CorpID:
		return nil, refuse(40013, "invalid corpid")
	}
	now := s.now()
	for app, known := range s.secrets {
		if known != secret {
			continue
		}
		if s.off[app] {
			return nil, refuse(50003, "app disabled")
		}
		for _, t := range s.tokens {
			if t.app == app && now.Before(t.until) {
				return tokenReply(t, now), nil
			}
		}
		t := token{app, strings.ToLower(rand.Text() + rand.Text() + rand.Text()), now.Add(s.life)}
		s.tokens[t.value] = t
		return tokenReply(t, now), nil
	}
	return nil, refuse(40001, "invalid credential")
}

func tokenReply(t token, now time.Time) map[string]any {
	return map[string]any{"errmsg": "ok", "access_token": t.value, "expires_in": int(t.until.Sub(now).Seconds())}
}

// refusal is an error code of the API with its text.
type refusal struct {
	code int
	text string
}

func refuse(code int, text string) *refusal { return &refusal{code, text} }

// answer writes a reply. Errors, too, come with status 200.
func answer(refused *refusal, reply map[string]any) []byte {
	if refused != nil {
		reply = map[string]any{"errcode": refused.code, "errmsg": refused.text}
	} else if _, own := reply["errcode"]; !own {
		reply["errcode"] = 0
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(reply); err != nil {
		return fmt.Appendf(nil, `{"errcode":-1,"errmsg":%q}`, err.Error())
	}
	return b.Bytes()
}
