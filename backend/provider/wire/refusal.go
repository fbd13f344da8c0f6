package wire

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // bounded by [Call.Most]
}

// Refusal is an answer that is no success.
type Refusal struct {
	Code core.Code
	// VendorCode and VendorText are the vendor's own; the text is bounded and freed of
	// secrets by the client.
	VendorCode, VendorText string
	// Field is the value that is wrong, as provider.Attr names it; "" not known.
	Field string
	// Reason says more about the code, for the page's sentence; "" nothing.
	Reason string
}

// Judge tells what an answer means: nil for success. Errors that a repeat may cure
// are rate_limited and unreachable; nothing else is repeated.
type Judge func(Answer) *Refusal

// ByStatus judges by the HTTP status alone (RFC 9110 section 15; 429: RFC 6585).
func ByStatus(a Answer) *Refusal {
	code := core.Rejected
	switch s := a.Status; {
	case s >= 200 && s < 300:
		return nil
	case s < 400: // a redirect is never followed
		code = core.Malformed
	case s == http.StatusUnauthorized:
		code = core.Unauthenticated
	case s == http.StatusForbidden:
		code = core.Forbidden
	case s == http.StatusNotFound, s == http.StatusGone:
		code = core.NotFound
	case s == http.StatusConflict:
		code = core.Conflict
	case s == http.StatusBadRequest, s == http.StatusUnprocessableEntity:
		code = core.Invalid
	case s == http.StatusTooManyRequests:
		code = core.RateLimited
	case s == http.StatusMethodNotAllowed, s == http.StatusNotImplemented:
		code = core.Unsupported
	case s == http.StatusRequestTimeout, s >= 500:
		code = core.Unreachable
	}
	return &Refusal{Code: code}
}

// refused makes the error of a refusal.
func (c *Client) refused(call Call, a Answer, r *Refusal) error {
	args := []string{"host", c.o.Base.Hostname(), "status", strconv.Itoa(a.Status)}
	if r.Code == core.Unauthenticated && r.Reason == "" && apart(a) > mostApart {
		r.Reason = "clock"
	}
	for _, pair := range [][2]string{
		{"vendorCode", c.clean(call, r.VendorCode)},
		{"vendorText", c.clean(call, r.VendorText)},
		{"field", r.Field},
		{"reason", r.Reason},
	} {
		if pair[1] != "" {
			args = append(args, pair[0], pair[1])
		}
	}
	if d := retryAfter(a); d > 0 && (r.Code == core.RateLimited || r.Code == core.Unreachable) {
		args = append(args, "retryAfter", strconv.Itoa(int(d/time.Second)))
	}
	return core.E(r.Code, call.Op, nil, args...)
}

// mostApart is how far this computer's clock may be from the vendor's before it is
// named as what a refused key may come from: signatures and tokens hold times.
const mostApart = 5 * time.Minute

// apart is how far this computer's clock is from that of who answered (Date, RFC 9110
// section 6.6.1); 0 where that is not told.
func apart(a Answer) time.Duration {
	now, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return time.Since(now).Abs()
}

// retryAfter reads Retry-After (RFC 9110 section 10.2.3): seconds or a date. 0: none.
func retryAfter(a Answer) time.Duration {
	text := strings.TrimSpace(a.Header.Get("Retry-After"))
	if n, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(n, 0), 24*3600)) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	from := time.Now()
	if now, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		from = now // both by the vendor's clock
	}
	return min(max(at.Sub(from), 0), 24*time.Hour)
}

// Hide keeps a secret out of every error from now on. name tells what it is; of each
// name the newest two are remembered, since a token may be replaced while a call that
// carries the old one is on its way.
func (c *Client) Hide(name string, text secret.Value) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := append([]secret.Value{text}, c.hide[name]...)
	c.hide[name] = kept[:min(len(kept), 2)]
}

// clean makes a vendor's words fit for an error.
func (c *Client) clean(call Call, text string) string {
	hidden := call.Hide
	c.mu.Lock()
	for _, kept := range c.hide {
		hidden = append(slices.Clip(hidden), kept...)
	}
	c.mu.Unlock()
	return provider.Said(text, hidden...)
}
