// Package oauthtest is an authorisation server at the wire, written from the RFCs and
// the vendors' documents: strict about redirect addresses, PKCE, states, client
// secrets, the life of codes and tokens, rotation, device codes and signed claims, and
// with the error shapes of Google and Microsoft.
//
// It leaves out mail: a mail server asks it what a token is worth, by [Server.Worth]
// or over HTTP at /tokeninfo.
package oauthtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/oauth"
)

// Secrets and ids of the server's own clients. The page and tests enter them.
const (
	ClientID     = "mailroom-office.apps.example"
	ClientSecret = "office-secret-1"
	Tenant       = "old.example"
	// OtherUser may sign in too, and is nobody's mailbox in tests of the wrong account.
	OtherUser = "han.meimei@old.example"
)

// Server is one vendor's.
type Server struct {
	URL     string
	Service oauth.Service // with this server's addresses

	vendor oauth.Vendor
	http   *httptest.Server

	mu       sync.Mutex
	users    map[string]bool
	codes    map[string]*code
	devices  map[string]*device
	refresh  map[string]string // refresh token → user
	tokens   map[string]worth
	faults   map[string][]Fault
	requests []string // grant types and pages, in order
	life     time.Duration
	offset   time.Duration
	drop     string // scope that the person does not grant
	serial   int
	key      *rsa.PrivateKey
	keyFile  []byte
	allowed  string // scope that the domain's administrator allows the service account
}

// code is one authorisation code.
type code struct {
	user, redirect, challenge, scope string
	used                             bool
	expires                          time.Time
}

// worth is what a token opens.
type worth struct {
	user    string // "" every mailbox (application)
	expires time.Time
}

// Fault is an error that the server gives instead of the next answer to a grant type.
type Fault struct {
	Status      int
	Code        string
	Description string
	Raw         string // the whole body instead
}

// Start runs a server of a vendor's kind that ends with the test.
func Start(t testing.TB, vendor oauth.Vendor) *Server {
	t.Helper()
	s := New(vendor)
	t.Cleanup(s.Close)
	return s
}

// New runs a server; the caller closes it.
func New(vendor oauth.Vendor) *Server {
	s := &Server{
		vendor: vendor, users: map[string]bool{"li.lei@old.example": true, OtherUser: true},
		codes: map[string]*code{}, devices: map[string]*device{}, refresh: map[string]string{}, tokens: map[string]worth{},
		faults: map[string][]Fault{}, life: time.Hour, allowed: mailScopeGoogle,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/authorize", s.authorize)
	mux.HandleFunc("POST /{tenant}/token", s.token)
	mux.HandleFunc("POST /{tenant}/devicecode", s.deviceCode)
	mux.HandleFunc("GET /devicelogin", s.deviceLogin)
	mux.HandleFunc("GET /tokeninfo", s.tokenInfo)
	s.http = httptest.NewServer(mux)
	s.URL = s.http.URL
	for _, service := range oauth.Services() {
		if service.Vendor == vendor {
			s.Service = service
		}
	}
	s.Service.Authorize, s.Service.Token = s.URL+"/{tenant}/authorize", s.URL+"/{tenant}/token"
	if s.Service.Device != "" {
		s.Service.Device = s.URL + "/{tenant}/devicecode"
	}
	if vendor == oauth.Google { // one place for everybody
		s.Service.Authorize, s.Service.Token = s.URL+"/google/authorize", s.URL+"/google/token"
	}
	return s
}

// Close ends the server.
func (s *Server) Close() { s.http.Close() }

// Services is what a client must be told to use this server.
func (s *Server) Services() []oauth.Service { return []oauth.Service{s.Service} }

// App is the office's registration here.
func (s *Server) App() oauth.App {
	a := oauth.App{Vendor: s.vendor, ClientID: ClientID, ClientSecret: ClientSecret}
	if s.vendor != oauth.Google {
		a.Tenant = Tenant
	}
	return a
}

// SetLife changes how long new tokens live.
func (s *Server) SetLife(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.life = d
}

// SetClock puts the server's clock ahead of the computer's.
func (s *Server) SetClock(ahead time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset = ahead
}

// Withhold makes people refuse one scope while they grant the others.
func (s *Server) Withhold(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop = scope
}

// Allow sets the scope that the domain's administrator allows the service account.
func (s *Server) Allow(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed = scope
}

// Revoke ends every token and every grant, as a changed password does.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
	clear(s.refresh)
}

// EndTokens ends the access tokens; grants stay good.
func (s *Server) EndTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// Fail makes the next requests of a grant type (or "devicecode") fail, one fault each.
func (s *Server) Fail(grant string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[grant] = append(s.faults[grant], faults...)
}

// Requests lists the pages and grant types that were asked for, in order.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.requests...)
}

// Worth says whether a token opens a person's mailbox now.
func (s *Server) Worth(token, user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.tokens[token]
	return ok && s.now().Before(w.expires) && (w.user == "" || strings.EqualFold(w.user, user))
}

func (s *Server) now() time.Time { return time.Now().Add(s.offset) }

// KeyFile is the JSON file of a service account that this server knows.
func (s *Server) KeyFile(t testing.TB) []byte {
	t.Helper()
	raw, err := s.MakeKeyFile()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// serviceEmail and serviceID are the service account's.
const (
	serviceEmail = "mover@mailroom-office.iam.example"
	serviceID    = "104242424242424242424"
	serviceKeyID = "key-1"
)

// MakeKeyFile makes the service account's key at the first call.
func (s *Server) MakeKeyFile() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keyFile != nil {
		return s.keyFile, nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	s.key = key
	s.keyFile, err = json.Marshal(map[string]string{
		"type": "service_account", "project_id": "mailroom-office", "private_key_id": serviceKeyID,
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": serviceEmail, "client_id": serviceID,
		"auth_uri": s.URL + "/google/authorize", "token_uri": "https://elsewhere.example/token",
	})
	return s.keyFile, err
}

// TokenInfo is the address that a mail server asks what a token is worth: the token
// is appended.
func (s *Server) TokenInfo() string { return s.URL + "/tokeninfo?access_token=" }
