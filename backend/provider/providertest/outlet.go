package providertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
)

// Trouble is one way in which a vendor, or the way to it, can fail.
type Trouble string

// The troubles.
const (
	KeyRefused Trouble = "401"
	NoRight    Trouble = "403"
	Missing    Trouble = "404"
	Exists     Trouble = "409"
	TooMany    Trouble = "429" // with Retry-After: 7
	Broken     Trouble = "500"
	Gateway    Trouble = "502"
	Overloaded Trouble = "503"
	Garbled    Trouble = "garbled" // 200 and a page in HTML: a captive portal
	Cut        Trouble = "cut"     // the answer ends in the middle
	Lost       Trouble = "lost"    // the vendor does what it is asked, and the answer does not arrive
	Hang       Trouble = "hang"    // no answer at all
	Offline    Trouble = "offline" // no connection
	Endless    Trouble = "endless" // an answer that does not end
)

// expected is what each trouble has to be called.
var expected = map[Trouble][]core.Code{
	KeyRefused: {core.Unauthenticated}, NoRight: {core.Forbidden}, Missing: {core.NotFound}, Exists: {core.Conflict},
	TooMany: {core.RateLimited}, Broken: {core.Unreachable}, Gateway: {core.Unreachable}, Overloaded: {core.Unreachable},
	Garbled: {core.Malformed}, Cut: {core.Unreachable, core.Malformed}, Lost: {core.Unreachable, core.Timeout},
	Hang: {core.Timeout}, Offline: {core.Unreachable}, Endless: {core.Malformed, core.TooBig},
}

// Answer is how a vendor itself words a trouble, where it does not use HTTP's statuses.
// ECHO in the body is replaced by what was sent, as vendors do that repeat it.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
}

// Outlet is the adapter's way out during the suite: it counts the requests and causes
// trouble on demand.
type Outlet struct {
	// Page is how many entries a page of a listing has; the case makes its vendor or
	// its adapter keep to it.
	Page int

	next http.RoundTripper

	mu      sync.Mutex
	count   int64
	trouble Trouble
	says    *Answer
	spare   int // requests that pass before the trouble begins
	waits   []time.Duration
	arrived chan struct{} // closed when a request meets the trouble
}

func newOutlet(page int, next http.RoundTripper) *Outlet {
	if next == nil {
		next = &http.Transport{}
	}
	return &Outlet{Page: page, next: next, arrived: make(chan struct{})}
}

// Client belongs into [provider.Config]'s HTTP.
func (o *Outlet) Client() *http.Client { return &http.Client{Transport: o, Timeout: time.Minute} }

// Wait belongs into [provider.Config]'s Wait: it remembers how long it should have
// lasted and returns at once.
func (o *Outlet) Wait(ctx context.Context, d time.Duration) error {
	o.mu.Lock()
	o.waits = append(o.waits, d)
	o.mu.Unlock()
	return ctx.Err()
}

// Requests is how many requests were made so far.
func (o *Outlet) Requests() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.count
}

// cause begins a trouble after spare further requests; the vendor's own words replace
// HTTP's where they are given.
func (o *Outlet) cause(trouble Trouble, says *Answer, spare int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trouble, o.says, o.spare, o.waits, o.arrived = trouble, says, spare, nil, make(chan struct{})
}

// calm ends every trouble.
func (o *Outlet) calm() { o.cause("", nil, 0) }

// longest is the longest pause that was asked for since the trouble began.
func (o *Outlet) longest() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	var most time.Duration
	for _, d := range o.waits {
		most = max(most, d)
	}
	return most
}

// RoundTrip makes one request, or the trouble that is due.
func (o *Outlet) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	o.count++
	trouble, says := o.trouble, o.says
	if trouble != "" && o.spare > 0 {
		o.spare--
		trouble = ""
	}
	if trouble != "" {
		select {
		case <-o.arrived:
		default:
			close(o.arrived)
		}
	}
	o.mu.Unlock()
	if trouble == "" {
		return o.next.RoundTrip(r)
	}
	if trouble == Lost {
		answer, err := o.next.RoundTrip(r)
		if err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
		return nil, errors.New("connection reset by peer")
	}
	sent := echo(r)
	if says != nil {
		return reply(r, says.Status, says.Header, strings.ReplaceAll(says.Body, "ECHO", quoted(sent))), nil
	}
	return fail(r, trouble, sent)
}

func fail(r *http.Request, trouble Trouble, sent string) (*http.Response, error) {
	switch trouble {
	case Hang:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case Offline:
		return nil, fmt.Errorf("dial tcp: connection refused by %s", sent)
	case Garbled:
		return reply(r, http.StatusOK, map[string]string{"Content-Type": "text/html"}, "<html><body>Please sign in to the guest network. "+sent+"</body></html>"), nil
	case Cut:
		answer := reply(r, http.StatusOK, nil, "")
		answer.ContentLength = 4000
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"result":{"list":[{"name":"`), broken{}))
		return answer, nil
	case Endless:
		answer := reply(r, http.StatusOK, nil, "")
		answer.ContentLength = -1
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"result":"`), &endless{left: 1 << 30}))
		return answer, nil
	case TooMany:
		return reply(r, http.StatusTooManyRequests, map[string]string{"Retry-After": "7"}, "slow down: "+sent), nil
	}
	status := map[Trouble]int{KeyRefused: 401, NoRight: 403, Missing: 404, Exists: 409, Broken: 500, Gateway: 502, Overloaded: 503}[trouble]
	return reply(r, status, nil, http.StatusText(status)+": "+sent), nil
}

func reply(r *http.Request, status int, header map[string]string, body string) *http.Response {
	answer := &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status, Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}
	for key, value := range header {
		answer.Header.Set(key, value)
	}
	return answer
}

// echo is everything that was sent: what a careless server repeats in its answer.
func echo(r *http.Request) string {
	var b bytes.Buffer
	b.WriteString(r.URL.String())
	_ = r.Header.Write(&b)
	if r.Body != nil {
		b.WriteString(" ")
		_, _ = io.Copy(&b, io.LimitReader(r.Body, 4<<10))
		_ = r.Body.Close()
	}
	return b.String()
}

// quoted makes a text fit for the inside of a JSON string.
func quoted(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
}

// broken is a connection that ends too early.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

var filling = bytes.Repeat([]byte("a"), 64<<10)

// endless is a body that would fill the memory of whoever reads it all.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p[:min(len(p), e.left)], filling) // not byte by byte: the race detector looks at each
	e.left -= n
	return n, nil
}
