package oauth

import (
	"context"
	"net/url"
	"strings"
	"time"

	"mailroom/backend/core"
)

// DeviceCode is what a person types on another device.
type DeviceCode struct {
	Code    string
	URL     string // where to type it
	Expires time.Time
}

// waiting pauses for d or until ctx ends.
type waiting func(ctx context.Context, d time.Duration) error

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Pace of asking whether the code was typed (RFC 8628 sections 3.2 and 3.5).
const (
	usualInterval = 5 * time.Second
	slowerBy      = 5 * time.Second
	mostInterval  = time.Minute
	longestCode   = 30 * time.Minute
)

// OffersCodes says whether a vendor lets mailboxes be opened by a device code. Google
// does not: its codes are for a short list of scopes without mail.
func (c *Client) OffersCodes(a App) bool {
	s, err := c.service(a)
	return err == nil && s.Device != ""
}

// SignInByCode asks a person to type a code on any device (RFC 8628) and waits until
// that was done. show is called once. Errors: unsupported where the vendor has no such
// way, canceled, those with a [Class], unreachable.
func (c *Client) SignInByCode(ctx context.Context, a App, show func(DeviceCode)) (Signed, error) {
	const op = "sign in with a code"
	if err := a.Check(); err != nil {
		return Signed{}, err
	}
	s, err := c.service(a)
	if err != nil {
		return Signed{}, err
	}
	if s.Device == "" {
		return Signed{}, core.E(core.Unsupported, op, nil, "vendor", string(a.Vendor), "why", "no_device_code")
	}
	got, err := c.ask(ctx, op, a.Vendor, s.Device, url.Values{"client_id": {a.ClientID}, "scope": {strings.Join(s.Person, " ")}})
	if err != nil {
		return Signed{}, err
	}
	where := got.VerificationURI
	if where == "" {
		where = got.VerificationURL
	}
	if got.DeviceCode == "" || got.UserCode == "" || !strings.HasPrefix(where, "https://") && !isLoopbackPage(where) {
		return Signed{}, core.E(core.Malformed, op, nil, "vendor", string(a.Vendor))
	}
	life := min(time.Duration(got.ExpiresIn)*time.Second, longestCode)
	if life == 0 {
		life = longestCode
	}
	until := c.now().Add(life)
	show(DeviceCode{Code: short(got.UserCode, 40), URL: where, Expires: until})
	interval := usualInterval
	if got.Interval > 0 {
		interval = min(time.Duration(got.Interval)*time.Second, mostInterval)
	}
	return c.poll(ctx, op, s, a, got.DeviceCode, interval, until)
}

// isLoopbackPage allows a page without TLS on this computer only.
func isLoopbackPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
}

// poll asks at the vendor's pace until the person has typed the code.
func (c *Client) poll(ctx context.Context, op string, s Service, a App, code string, interval time.Duration, until time.Time) (Signed, error) {
	wait := c.wait
	if wait == nil {
		wait = sleep
	}
	f := a.form("urn:ietf:params:oauth:grant-type:device_code")
	f.Set("device_code", code)
	for {
		if err := wait(ctx, interval); err != nil {
			return Signed{}, core.E(core.Canceled, op, err)
		}
		got, err := c.ask(ctx, op, a.Vendor, s.Token, f)
		switch {
		case err == nil:
			return c.signed(op, s, a, got)
		case got != nil && got.Error == "authorization_pending":
		case got != nil && got.Error == "slow_down":
			interval = min(interval+slowerBy, mostInterval)
		case core.CodeOf(err) == core.Unreachable, core.CodeOf(err) == core.Timeout, core.CodeOf(err) == core.RateLimited:
			interval = min(2*interval, mostInterval) // RFC 8628 section 3.5: back off
		default:
			return Signed{}, err
		}
		if c.now().After(until) {
			return Signed{}, classed(op, CodeExpired, nil, "vendor", string(a.Vendor))
		}
	}
}
