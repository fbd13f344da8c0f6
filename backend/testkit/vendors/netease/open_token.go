package netease

import (
	"crypto/rand"
	"net/http"
	"time"
)

// pubCalls are the calls that need no access token.
var pubCalls = []string{"pub/token/acquireToken", "pub/token/refresh", "pub/token/ssoAuthToken", "sso/ssoSign"}

// until words a token's end as the vendor does: in Beijing, without a zone.
func until(t time.Time) string { return t.In(beijing).Format(momentForm) }

func (s *Open) ticket(life time.Duration) ticket {
	return ticket{rand.Text(), s.now().Add(life).Truncate(time.Second)}
}

// acquire hands out tokens for the app's code. The one for single sign-on may be had
// from any address.
func (s *Open) acquire(path string, p parameters) (any, *no) {
	if r := p.only("appId*", "authCode*", "orgOpenId*"); r != "" {
		return nil, because(r)
	}
	sso := path == "pub/token/ssoAuthToken"
	switch {
	case s.foreign && !sso:
		return nil, &no{codeIP, "ip not allowed"}
	case p["appId"] != s.AppID || p["orgOpenId"] != s.OrgOpenID:
		return nil, &no{codeNoAuth, "auth data not found"}
	case p["authCode"] != s.authCode:
		return nil, &no{codeAuth, "auth fail"}
	case s.expired:
		return nil, &no{codeAuthEnd, "auth expired"}
	case sso:
		s.sso = s.ticket(s.life)
		return map[string]any{"ssoAuthToken": s.sso.value, "ssoAuthTokenExpiredTime": until(s.sso.until)}, nil
	}
	return s.issue(), nil
}

// issue makes new tokens; the old ones die.
func (s *Open) issue() map[string]any {
	s.access, s.refresh = s.ticket(s.life), s.ticket(refreshLife)
	return map[string]any{
		"accessToken": s.access.value, "accessTokenExpiredTime": until(s.access.until),
		"refreshToken": s.refresh.value, "refreshTokenExpiredTime": until(s.refresh.until),
	}
}

// renew takes the refresh token in the address and no body.
func (s *Open) renew(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch token := q.Get("refreshToken"); {
	case len(q) != 1 || len(q["refreshToken"]) != 1 || r.ContentLength > 0:
		openAnswer(w, nil, &no{codeParameter, "parameter error"})
	case s.foreign:
		openAnswer(w, nil, &no{codeIP, "ip not allowed"})
	case s.expired:
		openAnswer(w, nil, &no{codeAuthEnd, "auth expired"})
	case s.refresh.value == "" || token != s.refresh.value, !s.now().Before(s.refresh.until):
		openAnswer(w, nil, &no{codeRefreshEnd, "refresh token expired"})
	default:
		openAnswer(w, s.issue(), nil)
	}
}

// endpoint is the vendor's sign-in page, which is at another host than the API.
const endpoint = "https://entryhz.qiye.163.com/login/ssoLogin"

// ssoSign makes the sign that opens a mailbox at the endpoint.
func (s *Open) ssoSign(r *http.Request, p parameters) (any, *no) {
	h := r.Header
	if no := p.only("accountName*", "domain*", "pass_2fa"); no != "" {
		return nil, because(no)
	}
	a := s.live(p["accountName"])
	switch {
	case h.Get("qiye-app-id") != s.AppID || h.Get("qiye-org-open-id") != s.OrgOpenID || s.sso.value == "" || h.Get("qiye-sso-auth-token") != s.sso.value:
		return nil, &no{codeSSO, "sso token verify fail"}
	case !s.now().Before(s.sso.until):
		return nil, &no{codeSSOEnd, "sso token expired"}
	case p["domain"] != s.domain || a == nil:
		return nil, because(noAccount)
	}
	sign := rand.Text()
	s.signs[sign] = a.Name
	return map[string]any{"sign": sign, "endpoint": endpoint}, nil
}

// SignedFor tells for whom a sign was made; "" for nobody.
func (s *Open) SignedFor(sign string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signs[sign]
}
