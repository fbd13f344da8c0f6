package oauth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
)

const (
	answerLimit = 1 << 20 // bytes of an answer
	askLimit    = 30 * time.Second
	// Vendors allow their signed claims five minutes; a clock that is off by more is wrong.
	clockSlack = 10 * time.Minute
	// usualLife is assumed where an answer does not say how long its token lives.
	usualLife = 5 * time.Minute
)

// answer is what a token or device endpoint says (RFC 6749 section 5, RFC 8628
// section 3.2).
type answer struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    number `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Scope        string `json:"scope"`

	DeviceCode      string `json:"device_code"`
	UserCode        string `json:"user_code"`
	VerificationURI string `json:"verification_uri"`
	VerificationURL string `json:"verification_url"` // Google's name for it
	Interval        number `json:"interval"`

	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// number is a count of seconds; some servers send it as a text.
type number int64

// UnmarshalJSON reads 3599, 3599.0 and "3599".
func (n *number) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err != nil || f < 0 || f > 1e9 {
		return errors.New("no number of seconds")
	}
	*n = number(f)
	return nil
}

// secretFields of a request are never repeated in an error.
var secretFields = []string{"client_secret", "refresh_token", "code", "code_verifier", "assertion", "device_code"}

// ask posts a form and reads the answer. A vendor's error is a *[Refusal] within the
// error; its class and the clock's error stand in Args.
func (c *Client) ask(ctx context.Context, op string, vendor Vendor, address string, form url.Values) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, core.E(core.Internal, op, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := c.client().Do(req)
	if err != nil {
		return nil, unreachable(ctx, op, req.URL.Hostname(), err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return nil, unreachable(ctx, op, req.URL.Hostname(), err)
	}
	var a answer
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	jsonErr := json.Unmarshal(raw, &a)
	host := []string{"vendor", string(vendor), "host", req.URL.Hostname(), "status", strconv.Itoa(res.StatusCode)}
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return nil, core.E(core.RateLimited, op, nil, host...)
	case jsonErr != nil, kind != "" && kind != "application/json" && a.Error == "" && a.AccessToken == "":
		return nil, core.E(core.Malformed, op, nil, host...)
	case a.Error != "" || res.StatusCode != http.StatusOK:
		return &a, c.refused(op, &a, form, res, host)
	}
	return &a, nil
}

func (c *Client) client() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return &http.Client{
		Timeout: askLimit,
		// A token endpoint never sends elsewhere; what was posted must not follow.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// refused turns a vendor's error into ours. A signed claim that is not believed while
// the vendor's clock shows another time is the fault of this computer's clock.
func (c *Client) refused(op string, a *answer, form url.Values, res *http.Response, facts []string) error {
	var hide []string
	for _, field := range secretFields {
		hide = append(hide, form.Get(field))
	}
	if a.Error == "" {
		a.Error = "status_" + strconv.Itoa(res.StatusCode)
	}
	r := newRefusal(a.Error, a.Description, hide)
	off := c.clockOff(res)
	signed := form.Get("assertion") != "" || form.Get("client_assertion") != ""
	if r.class == ClockWrong || signed && abs(off) > clockSlack {
		r.class = ClockWrong
	}
	if r.class == ClockWrong && off != 0 {
		facts = append(facts, "off", offText(off))
	}
	if r.class == "" {
		return core.E(core.Rejected, op, r, facts...)
	}
	return classed(op, r.class, r, facts...)
}

// clockOff is by how much this computer's clock is ahead of the answer's Date.
func (c *Client) clockOff(res *http.Response) time.Duration {
	at, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return c.now().Sub(at).Round(time.Second)
}

func abs(d time.Duration) time.Duration { return max(d, -d) }

// offText tells a clock's error in whole minutes, with its sign: "+1440".
func offText(d time.Duration) string {
	text := strconv.FormatInt(int64(d.Round(time.Minute)/time.Minute), 10)
	if d > 0 {
		return "+" + text
	}
	return text
}

// unreachable codes a failed connection. A certificate that is out of its time is,
// with these hosts, a clock that is wrong.
func unreachable(ctx context.Context, op, host string, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // the URL is of no use
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	bad, isTime := errors.AsType[x509.CertificateInvalidError](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return core.E(core.Canceled, op, err, "host", host)
	case isTime && bad.Reason == x509.Expired:
		return core.E(core.UntrustedCert, op, err, "host", host, "class", string(ClockWrong))
	case untrusted:
		return core.E(core.UntrustedCert, op, err, "host", host)
	case isDNS && dns.IsNotFound:
		return core.E(core.Unreachable, op, err, "host", host, "why", "no_such_host")
	case errors.Is(err, context.DeadlineExceeded):
		return core.E(core.Timeout, op, err, "host", host)
	}
	return core.E(core.Unreachable, op, err, "host", host)
}

// token is the access token of an answer.
func (c *Client) token(op string, a *answer) (Token, error) {
	if a.AccessToken == "" || strings.ContainsFunc(a.AccessToken, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
		return Token{}, core.E(core.Malformed, op, nil)
	}
	life := time.Duration(a.ExpiresIn) * time.Second
	if life == 0 {
		life = usualLife
	}
	return Token{Access: Secret(a.AccessToken), Expires: c.now().Add(life)}, nil
}
