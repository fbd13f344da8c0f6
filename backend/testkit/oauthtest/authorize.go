package oauthtest

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"mailroom/backend/oauth"
)

const (
	mailScopeGoogle = "https://mail.google.com/"
	codeLife        = 10 * time.Minute // RFC 6749 section 4.1.2: at most
)

// grantable are the scopes that exist.
var grantable = map[oauth.Vendor][]string{
	oauth.Google: {mailScopeGoogle, "openid", "email", "profile"},
	oauth.Microsoft: {
		"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/POP.AccessAsUser.All",
		"offline_access", "openid", "email", "profile",
	},
	oauth.MicrosoftChina: {
		"https://partner.outlook.cn/IMAP.AccessAsUser.All", "https://partner.outlook.cn/POP.AccessAsUser.All",
		"offline_access", "openid", "email", "profile",
	},
}

// S256 challenges are 43 characters of base64url (RFC 7636 section 4.2).
var challengeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorize is the sign-in page (RFC 6749 section 4.1.1). With the parameter "as" the
// person has chosen already: an address, or "deny".
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, "authorize")
	q := r.URL.Query()
	for name, values := range q {
		if len(values) != 1 { // RFC 6749 section 3.1: not more than once
			http.Error(w, "repeated "+name, http.StatusBadRequest)
			return
		}
	}
	// Without a good client and redirect address nothing is sent back (section 4.1.2.1).
	if wrong := s.wrongRedirect(q); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}}
	if wrong := s.wrongRequest(q); wrong != "" {
		back.Set("error", "invalid_request")
		back.Set("error_description", wrong)
		s.back(w, r, q.Get("redirect_uri"), back)
		return
	}
	switch as := q.Get("as"); {
	case as == "":
		s.choose(w, r)
	case as == "deny" && s.vendor == oauth.Google:
		back.Set("error", "access_denied")
		s.back(w, r, q.Get("redirect_uri"), back)
	case as == "deny":
		back.Set("error", "access_denied")
		back.Set("error_description", "AADSTS65004: User declined to consent to access the app.")
		s.back(w, r, q.Get("redirect_uri"), back)
	case !s.users[as]:
		http.Error(w, "no such account", http.StatusForbidden)
	default:
		name := "code-" + rand.Text()
		s.codes[name] = &code{
			user: as, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"),
			scope: s.granted(q.Get("scope")), expires: s.now().Add(codeLife),
		}
		back.Set("code", name)
		s.back(w, r, q.Get("redirect_uri"), back)
	}
}

func (s *Server) back(w http.ResponseWriter, r *http.Request, to string, q url.Values) {
	http.Redirect(w, r, to+"/?"+q.Encode(), http.StatusFound)
}

// wrongRedirect: desktop clients of Google come back to 127.0.0.1, Microsoft's to the
// registered http://localhost, each with any port and no path.
func (s *Server) wrongRedirect(q url.Values) string {
	host := "127.0.0.1"
	if s.vendor != oauth.Google {
		host = "localhost"
	}
	u, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != ClientID:
		return "unknown client"
	case err != nil, u.Scheme != "http", u.Hostname() != host, u.Port() == "", u.Path != "", u.RawQuery != "", u.Fragment != "":
		return "redirect_uri_mismatch: " + q.Get("redirect_uri")
	}
	return ""
}

func (s *Server) wrongRequest(q url.Values) string {
	switch {
	case q.Get("response_type") != "code":
		return "response_type"
	case len(q.Get("state")) < 16:
		return "state is too easily guessed"
	case q.Get("code_challenge_method") != "S256", !challengeShape.MatchString(q.Get("code_challenge")):
		return "PKCE with S256 is required"
	case q.Get("scope") == "":
		return "scope"
	case s.vendor == oauth.Google && q.Get("access_type") != "offline":
		return "no refresh token would come without access_type=offline"
	}
	for _, scope := range strings.Fields(q.Get("scope")) {
		if !slices.Contains(grantable[s.vendor], scope) {
			return "unknown scope " + scope
		}
	}
	return ""
}

func (s *Server) granted(scope string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(scope), func(one string) bool { return one == s.drop }), " ")
}

var choosePage = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>Sign in</title>
<h1>Choose an account</h1><ul>{{range .}}<li><a href="{{.To}}">{{.Name}}</a></li>{{end}}</ul></html>`))

// choose shows the accounts as links, for a real browser.
func (s *Server) choose(w http.ResponseWriter, r *http.Request) {
	type link struct{ Name, To string }
	var links []link
	for _, name := range append(s.names(), "deny") {
		q := r.URL.Query()
		q.Set("as", name)
		links = append(links, link{name, r.URL.Path + "?" + q.Encode()})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = choosePage.Execute(w, links)
}

func (s *Server) names() []string {
	var all []string
	for name := range s.users {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Person stands for somebody with a browser: it opens the sign-in page, chooses an
// account ("deny" refuses) and follows the redirect. It returns the page at the end.
func Person(page, as string) (*http.Response, error) {
	u, err := url.Parse(page)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("as", as)
	u.RawQuery = q.Encode()
	res, err := http.Get(u.String()) //nolint:noctx // a person has no deadline
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, fmt.Errorf("%s: %s", u.Path, res.Status)
	}
	return res, nil
}
