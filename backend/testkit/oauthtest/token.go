package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/oauth"
)

// token is the token endpoint (RFC 6749 section 3.2).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.form(w, r)
	if !ok {
		return
	}
	grant := f.Get("grant_type")
	short := grant[strings.LastIndexByte(grant, ':')+1:]
	s.requests = append(s.requests, short)
	if s.faulty(w, short) {
		return
	}
	switch grant {
	case "authorization_code":
		s.redeem(w, f)
	case "refresh_token":
		s.renew(w, f)
	case "client_credentials":
		s.application(w, r, f)
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		s.claim(w, f)
	case "urn:ietf:params:oauth:grant-type:device_code":
		s.deviceToken(w, f)
	default:
		s.refuse(w, http.StatusBadRequest, "unsupported_grant_type", 70003, "The app returned an unsupported grant type.")
	}
}

// form reads the body; parameters never come in the address (RFC 6749 section 3.2).
func (s *Server) form(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	if r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" || r.ParseForm() != nil {
		s.refuse(w, http.StatusBadRequest, "invalid_request", 900144, "The request body must be a form.")
		return nil, false
	}
	for name, values := range r.PostForm {
		if len(values) != 1 {
			s.refuse(w, http.StatusBadRequest, "invalid_request", 900144, "Repeated parameter "+name)
			return nil, false
		}
	}
	return r.PostForm, true
}

func (s *Server) faulty(w http.ResponseWriter, grant string) bool {
	queue := s.faults[grant]
	if len(queue) == 0 {
		return false
	}
	f := queue[0]
	s.faults[grant] = queue[1:]
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(f.Status)
	body := f.Raw
	if body == "" {
		raw, _ := json.Marshal(map[string]any{"error": f.Code, "error_description": f.Description})
		body = string(raw)
	}
	_, _ = w.Write([]byte(body))
	return true
}

// refuse answers with the vendor's shape of an error.
func (s *Server) refuse(w http.ResponseWriter, status int, code string, sts int, text string) {
	body := map[string]any{"error": code, "error_description": text}
	if s.vendor != oauth.Google {
		const stamp = "2026-11-26 06:30:00Z"
		body["error_description"] = fmt.Sprintf("AADSTS%d: %s Trace ID: 7f0e Correlation ID: 91ab Timestamp: %s", sts, text, stamp)
		body["error_codes"] = []int{sts}
		body["timestamp"], body["trace_id"], body["correlation_id"] = stamp, "7f0e", "91ab"
		body["error_uri"] = s.URL + "/error?code=" + strconv.Itoa(sts)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// knownClient checks a desktop client: Google's must send its secret, Microsoft's must not.
func (s *Server) knownClient(w http.ResponseWriter, f url.Values) bool {
	secret, sent := f["client_secret"]
	switch {
	case f.Get("client_id") != ClientID && s.vendor == oauth.Google:
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 0, "The OAuth client was not found.")
	case f.Get("client_id") != ClientID:
		s.refuse(w, http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier was not found in the directory.")
	case s.vendor == oauth.Google && (!sent || secret[0] != ClientSecret):
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 0, "Unauthorized")
	case s.vendor != oauth.Google && sent:
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	default:
		return true
	}
	return false
}

func (s *Server) redeem(w http.ResponseWriter, f url.Values) {
	if !s.knownClient(w, f) {
		return
	}
	c, ok := s.codes[f.Get("code")]
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	switch {
	case !ok, s.now().After(c.expires):
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 70008, "The provided authorization code has expired.")
	case c.used: // RFC 6749 section 4.1.2: and what came of it is revoked
		clear(s.tokens)
		clear(s.refresh)
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 54005, "OAuth2 Authorization code was already redeemed.")
	case c.redirect != f.Get("redirect_uri"):
		s.refuse(w, http.StatusBadRequest, "redirect_uri_mismatch", 50011, "The redirect URI does not match.")
	case len(f.Get("code_verifier")) < 43, c.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 50148, "The code_verifier does not match the code_challenge.")
	default:
		c.used = true
		s.give(w, c.user, c.scope, s.newRefresh(c.user))
	}
}

// newRefresh makes a refresh token. Its name holds no user: it is opaque.
func (s *Server) newRefresh(user string) string {
	name := "refresh-" + rand.Text()
	s.refresh[name] = user
	return name
}

// give answers with tokens. user "" opens every mailbox.
func (s *Server) give(w http.ResponseWriter, user, scope, refresh string) {
	s.serial++
	name := fmt.Sprintf("access-%d-%s", s.serial, rand.Text())
	s.tokens[name] = worth{user, s.now().Add(s.life)}
	body := map[string]any{"access_token": name, "token_type": "Bearer", "expires_in": int(s.life.Seconds())}
	if scope != "" {
		body["scope"] = scope
	}
	if refresh != "" {
		body["refresh_token"] = refresh
	}
	if slices.Contains(strings.Fields(scope), "openid") {
		body["id_token"] = s.idToken(user)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Server) idToken(user string) string {
	part := func(v any) string {
		raw, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	claims := map[string]any{"iss": s.URL, "aud": ClientID, "iat": s.now().Unix(), "exp": s.now().Unix() + 3600, "sub": "42"}
	if s.vendor == oauth.Google {
		claims["email"], claims["email_verified"] = user, true
	} else {
		claims["preferred_username"], claims["tid"] = user, "d0e1"
	}
	return part(map[string]string{"alg": "none"}) + "." + part(claims) + ".sig"
}

// renew: Microsoft hands out a new refresh token each time, and here the old one then
// ends, which clients must survive (RFC 6749 section 6); Google keeps it.
func (s *Server) renew(w http.ResponseWriter, f url.Values) {
	if !s.knownClient(w, f) {
		return
	}
	old := f.Get("refresh_token")
	user, ok := s.refresh[old]
	switch {
	case !ok && s.vendor == oauth.Google:
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 0, "Token has been expired or revoked.")
	case !ok:
		s.refuse(w, http.StatusBadRequest, "invalid_grant", 50173, "The provided grant has expired due to it being revoked, a fresh auth token is needed.")
	case s.vendor == oauth.Google:
		s.give(w, user, "", "")
	default:
		delete(s.refresh, old)
		s.give(w, user, "", s.newRefresh(user))
	}
}

// application: client credentials, in one directory, for the whole mail service.
func (s *Server) application(w http.ResponseWriter, r *http.Request, f url.Values) {
	switch {
	case s.vendor == oauth.Google:
		s.refuse(w, http.StatusBadRequest, "unsupported_grant_type", 0, "Invalid grant_type: client_credentials")
	case r.PathValue("tenant") != Tenant:
		s.refuse(w, http.StatusBadRequest, "invalid_request", 90002, "Tenant '"+r.PathValue("tenant")+"' not found.")
	case f.Get("client_id") != ClientID:
		s.refuse(w, http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier was not found in the directory.")
	case f.Get("client_secret") != ClientSecret:
		s.refuse(w, http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided.")
	case f.Get("scope") != s.Service.Alone:
		s.refuse(w, http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
	default:
		s.give(w, "", "", "")
	}
}

// tokenInfo tells a mail server what a token is worth; Dovecot asks for it.
func (s *Server) tokenInfo(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	got, ok := s.tokens[r.URL.Query().Get("access_token")]
	if !ok || !s.now().Before(got.expires) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_token","error_description":"Invalid Value"}`))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"email": got.user, "expires_in": int(got.expires.Sub(s.now()).Seconds())})
}
