// Package wire is how adapters speak to their vendors: HTTP with a pace for the whole
// office, bounded answers, time limits, repeats where these can do no harm, and errors
// that are classified and free of secrets.
//
// It leaves out what differs by vendor: paths, signatures, tokens and what an answer
// means; an adapter gives these as functions.
package wire

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// Options makes a [Client].
type Options struct {
	// Base is the vendor's address, as [Base] returned it.
	Base *url.URL
	// HTTP makes the connections; nil: [NewHTTP].
	HTTP *http.Client
	// Pace is how many calls a second are made at most, Burst how many at once after
	// a rest.
	Pace  float64
	Burst int
	// Windows are further limits: calls in any minute, hour, day.
	Windows []Window
	// Judge tells what an answer means; nil: [ByStatus].
	Judge Judge
	// Prepare completes a call before every attempt: tokens, times, signatures. It
	// gets a copy of the call whose Query, Form and Header are its own.
	Prepare func(*Call) error
	// Wait pauses; nil: real time.
	Wait func(context.Context, time.Duration) error
	// Tries is how often a call is made at most; 0: six times.
	Tries int
	// Limit is how long one attempt may take; 0: a minute.
	Limit time.Duration
}

const (
	usualTries = 6
	usualLimit = time.Minute
	// usualMost and [Large] bound answers. A page of a hundred people takes some 50 kB, a
	// whole directory of 5,000 about 2 MB, a day of a busy office's mail log about 20.
	usualMost = 4 << 20
)

// Large is the most that an answer without pages may have, in bytes.
const Large = 64 << 20

// Call is one request.
type Call struct {
	// Op is the act in an error: "create member".
	Op     string
	Method string
	// Path is put behind the base address, already escaped; it begins with "/".
	Path   string
	Query  url.Values
	Header http.Header
	// Form is sent as a form, Body as JSON; one of them at most.
	Form url.Values
	Body any
	// Into is what the answer is decoded to; nil: the answer's body is not looked at
	// beyond the judge.
	Into any
	// Once marks what must not happen twice: it is repeated only where the vendor
	// said that it did not do it.
	Once bool
	// Deletes marks what is done when its object is gone: after an attempt whose
	// outcome is unknown, not_found is success.
	Deletes bool
	// Most is how many bytes the answer may have; 0: 4 MiB. [Large] is for listings that
	// know no pages.
	Most int
	// Hide are texts of this call that must not be in an error: passwords.
	Hide []secret.Value
}

// Client makes calls for one office. It is safe for concurrent use.
type Client struct {
	o     Options
	pace  *rate.Limiter
	spans *windows
	sent  atomic.Int64
	mu    sync.Mutex
	until time.Time                 // the vendor asked for quiet
	hide  map[string][]secret.Value // secrets by name, the present one and the one before
}

// New makes a client. It sends nothing.
func New(o Options) *Client {
	if o.HTTP == nil {
		o.HTTP = NewHTTP()
	}
	direct := *o.HTTP // what was sent to one address never follows to another
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.HTTP = &direct
	if o.Judge == nil {
		o.Judge = ByStatus
	}
	if o.Wait == nil {
		o.Wait = pause
	}
	if o.Tries < 1 {
		o.Tries = usualTries
	}
	if o.Limit <= 0 {
		o.Limit = usualLimit
	}
	return &Client{o: o, pace: rate.NewLimiter(rate.Limit(o.Pace), max(1, o.Burst)), spans: newWindows(o.Windows), hide: map[string][]secret.Value{}}
}

// NewHTTP is a client with usual limits, the system's proxy, and connections enough
// for a few calls at a time.
func NewHTTP() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 8
	t.ResponseHeaderTimeout = usualLimit
	return &http.Client{Transport: t}
}

// Pace is how many calls a second are made at most.
func (c *Client) Pace() float64 { return c.o.Pace }

// Close ends connections that are not in use.
func (c *Client) Close() { c.o.HTTP.CloseIdleConnections() }

// Sent is how many requests were sent, repeats included.
func (c *Client) Sent() int64 { return c.sent.Load() }

// Do makes a call, at the office's pace, and again where that is safe and may help:
// after the vendor asked for quiet; and unless the call says Once, after a broken
// connection, a time limit or a fault of the vendor's. It never goes on after its
// context has ended.
func (c *Client) Do(ctx context.Context, call Call) error {
	return c.again(ctx, call)
}

// pause waits in real time.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// turn waits until the office's pace allows one more call. Errors: rate_limited with
// "retryAfter" where that is in more than two minutes: the work can be put off.
func (c *Client) turn(ctx context.Context, op string) error {
	c.mu.Lock()
	quiet := time.Until(c.until)
	c.mu.Unlock()
	full, taken := c.spans.take(time.Now(), longestQuiet)
	if !taken {
		return core.E(core.RateLimited, op, nil, "host", c.o.Base.Hostname(), "retryAfter", strconv.Itoa(int(full/time.Second)+1))
	}
	place := c.pace.Reserve()
	if d := max(quiet, full, place.Delay()); d > 0 {
		if end, bounded := ctx.Deadline(); bounded && time.Until(end) < d {
			place.Cancel()
			return core.E(core.Timeout, op, context.DeadlineExceeded)
		}
		if err := c.o.Wait(ctx, d); err != nil {
			place.Cancel()
			return ended(ctx, op, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return ended(ctx, op, err)
	}
	return nil
}

// quiet keeps every call of the office back: a vendor's limit is the office's.
func (c *Client) quiet(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := time.Now().Add(d); until.After(c.until) {
		c.until = until
	}
}

// ended codes the end of a caller's context.
func ended(ctx context.Context, op string, err error) error {
	if core.CodeOf(ctx.Err()) == core.Timeout {
		return core.E(core.Timeout, op, err)
	}
	return core.E(core.Canceled, op, err)
}
