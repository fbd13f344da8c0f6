package netease

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/testkit/vendors/trouble"
)

// Open is one emulated company behind the open platform.
type Open struct {
	*trouble.Host
	*company

	// AppID and OrgOpenID name the app and the company.
	AppID, OrgOpenID string

	authCode string
	access   ticket
	refresh  ticket
	sso      ticket
	signs    map[string]string // sign to account
	life     time.Duration
	nonces   map[string]bool
	foreign  bool
	aliased  bool // getAccount knows aliases
	expired  bool // the app's authorisation
	denied   map[string]bool
	minute   int
	calls    int
	since    time.Time
	nickname bool // lists say "nickname" for "name"
}

// ticket is a token with its end.
type ticket struct {
	value string
	until time.Time
}

// The codes of the open platform.
const (
	codeBusiness   = -3
	codeMissing    = -4
	codeAuth       = -100
	codeNoAuth     = -101
	codeIP         = -201
	codeDenied     = -202
	codeNoToken    = -300
	codeExpired    = -301
	codeRefreshEnd = -302
	codeAuthEnd    = -304
	codeSSO        = -321
	codeSSOEnd     = -322
	codeRequest    = -400
	codeParameter  = -401
	codeRepeated   = -421
	codeTooOften   = -422
	codeHeader     = -424
)

const (
	usualLife   = time.Hour // the vendor's is not known; one client assumes this
	refreshLife = 24 * time.Hour
	signLife    = 5 * time.Minute
	mostRows    = 50 // of a page: no public client asks for more
)

// NewOpen runs the open platform for an empty company whose mail domain is given; the
// caller closes it.
func NewOpen(domain string) *Open {
	s := &Open{
		company: newCompany(domain), AppID: "qy20261126100000", OrgOpenID: "0a1b2c3d4e5f6071", authCode: "auth-" + rand.Text(),
		signs: map[string]string{}, life: usualLife, nonces: map[string]bool{}, denied: map[string]bool{},
	}
	s.Host = trouble.New(s)
	return s
}

// BaseURL is what an office file's baseUrl has to be.
func (s *Open) BaseURL() string { return s.URL }

// AuthCode is the app's authorisation code.
func (s *Open) AuthCode() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.authCode
}

// RenewAuthCode gives the app another code; the old one and all tokens end.
func (s *Open) RenewAuthCode() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authCode, s.access, s.refresh = "auth-"+rand.Text(), ticket{}, ticket{}
	return s.authCode
}

// SetLife changes how long new access tokens live.
func (s *Open) SetLife(d time.Duration) { s.set(func() { s.life = d }) }

// EndTokens ends the access token at once, and with refresh true its successor's too.
func (s *Open) EndTokens(refresh bool) {
	s.set(func() {
		s.access.until = s.now()
		if refresh {
			s.refresh.until = s.now()
		}
	})
}

// RefuseAddress makes the caller's IP address one that is not on the app's list.
func (s *Open) RefuseAddress(on bool) { s.set(func() { s.foreign = on }) }

// EndAuthorisation ends what the company allowed the app, or renews it.
func (s *Open) EndAuthorisation(on bool) { s.set(func() { s.expired = on }) }

// KnowsByAlias lets getAccount answer for an alias, too. Whether it does is not told.
func (s *Open) KnowsByAlias(on bool) { s.set(func() { s.aliased = on }) }

// Deny takes the right to a call, "account/createAccount", away, or gives it back.
func (s *Open) Deny(call string, denied bool) { s.set(func() { s.denied[call] = denied }) }

// LimitCalls allows so many calls in a minute; 0: any number. The real number is not
// known.
func (s *Open) LimitCalls(perMinute int) {
	s.set(func() { s.minute, s.calls, s.since = perMinute, 0, s.now() })
}

// SayNickname makes listings call a person's name "nickname": both were seen.
func (s *Open) SayNickname(on bool) { s.set(func() { s.nickname = on }) }

// no is why a call was refused.
type no struct {
	code    int
	message string
}

// because words a refusal of the company for this API.
func because(r refusal) *no {
	switch {
	case r == "":
		return nil
	case r == noUnit:
		return &no{codeMissing, "data not exist"}
	case strings.HasPrefix(string(r), string(badParam)):
		return &no{codeParameter, "parameter error:" + strings.TrimPrefix(string(r), string(badParam)+":")}
	}
	return &no{codeBusiness, string(r) + ":"}
}

// ServeHTTP answers one request.
func (s *Open) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, known := strings.CutPrefix(r.URL.Path, "/api/")
	call, isOpen := strings.CutPrefix(path, "open/")
	answer, listed := openCalls[call]
	switch {
	case !known, isOpen && !listed, !isOpen && !slices.Contains(pubCalls, path):
		http.NotFound(w, r)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST", http.StatusMethodNotAllowed)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if path == "pub/token/refresh" {
		s.renew(w, r)
		return
	}
	p, wrongBody := body(r)
	switch {
	case wrongBody != nil:
		openAnswer(w, nil, wrongBody)
	case path == "sso/ssoSign":
		data, refused := s.ssoSign(r, p)
		openAnswer(w, data, refused)
	case !isOpen:
		data, refused := s.acquire(path, p)
		openAnswer(w, data, refused)
	default:
		if refused := s.admit(r, call); refused != nil {
			openAnswer(w, nil, refused)
			return
		}
		data, refused := answer(s, p)
		openAnswer(w, data, refused)
	}
}

// body reads a JSON object whose values become texts; lists become comma lists behind a
// mark, so that they cannot be taken for texts.
func body(r *http.Request) (parameters, *no) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, &no{codeHeader, "header error"}
	}
	if r.URL.RawQuery != "" {
		return nil, &no{codeParameter, "parameter error"}
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, &no{codeRequest, "request error"}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var values map[string]any
	if err := d.Decode(&values); err != nil || d.More() || values == nil {
		return nil, &no{codeRequest, "request error"}
	}
	p := parameters{}
	for name, v := range values {
		switch v := v.(type) {
		case string:
			p[name] = v
		case json.Number:
			p[name] = v.String()
		case bool:
			p[name] = strconv.FormatBool(v)
		case []any:
			texts := []string{}
			for _, e := range v {
				texts = append(texts, fmt.Sprint(e))
			}
			p[name] = listMark + strings.Join(texts, ",")
		default:
			return nil, &no{codeParameter, "parameter error:" + name}
		}
	}
	return p, nil
}

// listMark begins a value that was a list.
const listMark = "\x00list:"

// admit checks the headers of a call, the caller's address, the app's rights and how
// often it calls.
func (s *Open) admit(r *http.Request, call string) *no {
	h := r.Header
	switch {
	case h.Get("qiye-access-token") == "" || h.Get("qiye-app-id") == "" || h.Get("qiye-org-open-id") == "":
		return &no{codeHeader, "header error"}
	case h.Get("qiye-app-id") != s.AppID || h.Get("qiye-org-open-id") != s.OrgOpenID:
		return &no{codeNoAuth, "auth data not found"}
	case s.foreign:
		return &no{codeIP, "ip not allowed"}
	case s.expired:
		return &no{codeAuthEnd, "auth expired"}
	case s.access.value == "" || h.Get("qiye-access-token") != s.access.value:
		return &no{codeNoToken, "token not available"}
	case !s.now().Before(s.access.until):
		return &no{codeExpired, "access token expired"}
	case s.denied[call]:
		return &no{codeDenied, "permission not registered"}
	}
	if nonce := h.Get("qiye-nonce"); nonce != "" {
		if s.nonces[nonce] {
			return &no{codeRepeated, "repeated request"}
		}
		s.nonces[nonce] = true
	}
	if at := h.Get("qiye-timestamp"); at != "" {
		if _, err := strconv.ParseInt(at, 10, 64); err != nil || len(at) != 13 {
			return &no{codeHeader, "header error"}
		}
	}
	if s.minute > 0 {
		if s.now().Sub(s.since) >= time.Minute {
			s.since, s.calls = s.now(), 0
		}
		if s.calls++; s.calls > s.minute {
			return &no{codeTooOften, "too frequent"}
		}
	}
	return nil
}

func openAnswer(w http.ResponseWriter, data any, refused *no) {
	reply := map[string]any{"code": 0, "success": true, "message": "success", "data": data}
	if refused != nil {
		reply = map[string]any{"code": refused.code, "success": false, "message": refused.message, "data": nil}
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	_ = json.NewEncoder(w).Encode(reply)
}
