// Package alimail emulates version 2 of Alibaba Mail's API at the wire: tokens by
// client credentials, organisation, domains, users, departments in pages, folders with
// their unread counts. Strict in method, path, the names and kinds of values, the life
// of tokens and the number of calls a second.
//
// The codes of its errors are inventions where nothing public lists them, the status
// codes choices. It leaves out mail groups, shared contacts and the audit log, whose
// paths nobody has described: they are not found.
package alimail

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/testkit/vendors/trouble"
)

// ClientID is the emulated app's.
const ClientID = "app-7f3a91"

// Server is one emulated company. Its methods may be called while it serves.
type Server struct {
	*trouble.Host

	mu      sync.Mutex
	ahead   time.Duration
	secret  string
	tokens  map[string]time.Time
	life    time.Duration
	denied  []string
	second  int // calls allowed in a second; 0: any number
	window  time.Time
	calls   int
	value   bool // folders come under "value"
	below   bool // a department's users include those beneath it
	sending bool // asDefault chooses the address for sending, and email stays
	aliased bool // the root is called $root in answers, too
	*company
}

// New runs the API of a company without people; the caller closes it.
func New(domain string) *Server {
	s := &Server{secret: "secret-" + rand.Text(), tokens: map[string]time.Time{}, life: time.Hour, company: newCompany(domain)}
	s.Host = trouble.New(s.routes())
	return s
}

// BaseURL is what an adapter is pointed at instead of https://alimail-cn.aliyuncs.com.
func (s *Server) BaseURL() string { return s.URL }

// Secret is the app's secret.
func (s *Server) Secret() string { return s.secret }

// EndTokens ends all tokens at once.
func (s *Server) EndTokens() { s.set(func() { clear(s.tokens) }) }

// Advance puts the server's clock forward.
func (s *Server) Advance(d time.Duration) { s.set(func() { s.ahead += d }) }

// Deny takes the app's right to an area, "/v2/users", away.
func (s *Server) Deny(prefix string) { s.set(func() { s.denied = append(s.denied, prefix) }) }

// LimitCalls allows so many calls a second, 40 in truth; 0: any number.
func (s *Server) LimitCalls(perSecond int) {
	s.set(func() { s.second, s.calls, s.window = perSecond, 0, s.now() })
}

// FoldersAsValue puts the list of folders under "value", as one of two descriptions has it.
func (s *Server) FoldersAsValue(on bool) { s.set(func() { s.value = on }) }

// UsersBelow makes a department's users include those beneath it. Which it is is not told.
func (s *Server) UsersBelow(on bool) { s.set(func() { s.below = on }) }

// RootAsAlias makes answers name the root $root instead of by its own id. Which it is is
// not told.
func (s *Server) RootAsAlias(on bool) { s.set(func() { s.aliased = on }) }

// DefaultForSending makes asDefault leave a user's email as it is: that it becomes the
// main address is not told.
func (s *Server) DefaultForSending(on bool) { s.set(func() { s.sending = on }) }

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *Server) now() time.Time { return time.Now().Add(s.ahead) }

// refusal is an error of the API.
type refusal struct {
	status int
	code   string
	text   string
}

func refuse(status int, code, text string) *refusal { return &refusal{status, code, text} }

// ask is one call with its JSON.
type ask struct {
	*http.Request
	body map[string]json.RawMessage
	bad  *refusal
}

type handler func(*Server, *ask) (any, *refusal)

// routes is the whole API. names are the values that a body may hold.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth2/v2.0/token", s.token)
	for pattern, e := range endpoints {
		mux.HandleFunc(pattern, s.serve(strings.Fields(e.names), e.run))
	}
	return mux
}

func (s *Server) serve(names []string, run handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		reply, refused := any(nil), s.admit(r)
		if refused == nil {
			reply, refused = s.run(r, raw, names, run)
		}
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		if refused != nil {
			w.WriteHeader(refused.status)
			reply = map[string]string{"detailErrorCode": refused.code, "message": refused.text, "developerMessage": refused.text}
		}
		if reply == nil {
			reply = map[string]any{}
		}
		_ = json.NewEncoder(w).Encode(reply)
	}
}

func (s *Server) run(r *http.Request, raw []byte, names []string, run handler) (any, *refusal) {
	a := &ask{Request: r, body: map[string]json.RawMessage{}}
	if len(raw) > 0 {
		if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
			return nil, refuse(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "Content-Type must be application/json")
		}
		if err := json.Unmarshal(raw, &a.body); err != nil {
			return nil, refuse(http.StatusBadRequest, "InvalidBody", "body is not JSON")
		}
	}
	for name := range a.body {
		if !slices.Contains(names, name) {
			return nil, refuse(http.StatusBadRequest, "InvalidParameter", "unknown field "+name)
		}
	}
	reply, refused := run(s, a)
	if a.bad != nil {
		return nil, a.bad
	}
	return reply, refused
}

// admit checks the token, the app's rights and the rate.
func (s *Server) admit(r *http.Request) *refusal {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	until, ok := s.tokens[value]
	now := s.now()
	switch {
	case !strings.EqualFold(scheme, "bearer") || !ok:
		return refuse(http.StatusUnauthorized, "InvalidToken", "access token is invalid")
	case !now.Before(until):
		return refuse(http.StatusUnauthorized, "TokenExpired", "access token has expired")
	}
	for _, prefix := range s.denied {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return refuse(http.StatusForbidden, "NoPermission", "the application has no permission for this")
		}
	}
	if s.second > 0 {
		if now.Sub(s.window) >= time.Second {
			s.window, s.calls = now, 0
		}
		if s.calls++; s.calls > s.second {
			return refuse(http.StatusTooManyRequests, "Throttling", "too many requests")
		}
	}
	return nil
}

// token is the token endpoint. Of its errors only the number 1003 has been seen.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if err := r.ParseForm(); err != nil || kind != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" ||
		len(r.PostForm) != 3 || r.PostForm.Get("grant_type") != "client_credentials" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":1003,"message":"request parameter error"}`)
		return
	}
	if r.PostForm.Get("client_id") != ClientID || r.PostForm.Get("client_secret") != s.secret {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"client authentication failed"}`)
		return
	}
	value := strings.ToLower(rand.Text() + rand.Text())
	s.tokens[value] = s.now().Add(s.life)
	_ = json.NewEncoder(w).Encode(map[string]any{"token_type": "bearer", "access_token": value, "expires_in": int(s.life.Seconds())})
}

func (a *ask) has(name string) bool { _, ok := a.body[name]; return ok }

// into reads a value of the body where it was given.
func (a *ask) into(name string, v any) {
	if raw, ok := a.body[name]; ok && json.Unmarshal(raw, v) != nil && a.bad == nil {
		a.bad = refuse(http.StatusBadRequest, "InvalidParameter", "wrong type of "+name)
	}
}

func (a *ask) text(name string) string {
	v := ""
	a.into(name, &v)
	return v
}
