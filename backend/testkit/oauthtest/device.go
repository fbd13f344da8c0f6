package oauthtest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"mailroom/backend/oauth"
)

// device is one device code on its way.
type device struct {
	userCode, scope string
	user            string // who typed it; "deny" refused
	asked           time.Time
	expires         time.Time
}

// interval is how often a device may ask, in seconds.
const interval = 1

// deviceCode gives a code to type (RFC 8628 section 3.2), in Microsoft's shape.
func (s *Server) deviceCode(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.form(w, r)
	if !ok {
		return
	}
	s.requests = append(s.requests, "devicecode")
	switch {
	case s.vendor == oauth.Google:
		s.refuse(w, http.StatusBadRequest, "invalid_scope", 0, "Invalid device flow scope: "+mailScopeGoogle)
		return
	case f.Get("client_id") != ClientID:
		s.refuse(w, http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier was not found in the directory.")
		return
	case f.Get("scope") == "":
		s.refuse(w, http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the following parameter: 'scope'.")
		return
	}
	name, typed := rand.Text()+rand.Text(), rand.Text()[:9]
	s.devices[name] = &device{userCode: typed, scope: s.granted(f.Get("scope")), expires: s.now().Add(15 * time.Minute)}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"device_code": name, "user_code": typed, "verification_uri": s.URL + "/devicelogin",
		"expires_in": 900, "interval": interval, "message": "To sign in, open the page and enter the code.",
	})
}

// deviceLogin is the page where the code is typed: ?code=…&as=….
func (s *Server) deviceLogin(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	for _, d := range s.devices {
		if d.userCode == q.Get("code") && (s.users[q.Get("as")] || q.Get("as") == "deny") {
			d.user = q.Get("as")
			_, _ = w.Write([]byte("done"))
			return
		}
	}
	http.Error(w, "no such code", http.StatusNotFound)
}

// TypeCode stands for a person who types a code into the page.
func (s *Server) TypeCode(typed, as string) error {
	res, err := http.Get(s.URL + "/devicelogin?" + url.Values{"code": {typed}, "as": {as}}.Encode()) //nolint:noctx // a person has no deadline
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// ExpireCodes ends every device code.
func (s *Server) ExpireCodes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.devices {
		d.expires = s.now().Add(-time.Second)
	}
}

// deviceToken answers a device that asks (RFC 8628 section 3.5, Microsoft's names).
func (s *Server) deviceToken(w http.ResponseWriter, f url.Values) {
	if !s.knownClient(w, f) {
		return
	}
	d, ok := s.devices[f.Get("device_code")]
	switch {
	case !ok:
		s.refuse(w, http.StatusBadRequest, "bad_verification_code", 70019, "The device_code wasn't recognized.")
	case s.now().After(d.expires):
		s.refuse(w, http.StatusBadRequest, "expired_token", 70020, "The provided value for the input parameter 'device_code' has expired.")
	case d.user == "deny":
		s.refuse(w, http.StatusBadRequest, "authorization_declined", 70021, "The user declined.")
	case d.user == "":
		s.refuse(w, http.StatusBadRequest, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
	default:
		delete(s.devices, f.Get("device_code"))
		s.give(w, d.user, d.scope, s.newRefresh(d.user))
	}
	if ok {
		d.asked = s.now()
	}
}
