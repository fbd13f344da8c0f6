package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"mailroom/backend/core"
)

const (
	signInLimit   = 10 * time.Minute // for a person at the sign-in page
	strangeLimit  = 30               // requests with a wrong state before giving up
	closingLimit  = 2 * time.Second
	redirectBytes = 16 << 10
)

// Asking is how a person is asked to sign in with a browser.
type Asking struct {
	Hint string           // address that the sign-in page proposes; "" none
	Show func(url string) // opens the browser; called once, must not block
	// Page is the HTML that the browser shows in the end; class "" means that all went
	// well. nil: an empty page.
	Page func(class Class) []byte
}

// SignIn asks a person to sign in with the browser and waits for the redirect to this
// computer (RFC 8252 section 7.3): a listener on 127.0.0.1 with a port of the moment,
// a state that nobody can guess, PKCE with S256, one answer, ten minutes at most.
// Errors: canceled, those with a [Class], unreachable.
func (c *Client) SignIn(ctx context.Context, a App, ask Asking) (Signed, error) {
	const op = "sign in with the browser"
	if err := a.Check(); err != nil {
		return Signed{}, err
	}
	s, err := c.service(a)
	if err != nil {
		return Signed{}, err
	}
	patience := c.patience
	if patience == 0 {
		patience = signInLimit
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return Signed{}, core.E(core.Unreachable, op, err, "host", "127.0.0.1", "why", "no_listener")
	}
	port := listener.Addr().(*net.TCPAddr).Port
	verifier := oauth2.GenerateVerifier()
	r := &redirect{state: rand.Text(), got: make(chan url.Values, 1), spent: make(chan struct{}), page: make(chan []byte, 1)}
	server := &http.Server{Handler: r, ReadTimeout: 10 * time.Second, WriteTimeout: askLimit + 10*time.Second, MaxHeaderBytes: redirectBytes}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(listener) }()
	defer func() {
		soon, stop := context.WithTimeout(context.WithoutCancel(ctx), closingLimit)
		defer stop()
		if server.Shutdown(soon) != nil {
			_ = server.Close()
		}
		<-ended
	}()
	// No path and no slash: Microsoft compares the address with the registered
	// http://localhost, leaving out nothing but the port.
	address := "http://" + net.JoinHostPort(s.Redirect, strconv.Itoa(port))
	ask.Show(s.page(a, address, r.state, verifier, ask.Hint))
	signed, err := c.awaitRedirect(ctx, op, r, func(code string) (Signed, error) {
		return c.redeem(ctx, s, a, address, code, verifier)
	}, string(a.Vendor))
	var html []byte
	if ask.Page != nil {
		html = ask.Page(pageClass(err))
	}
	r.page <- html
	return signed, err
}

// pageClass is what the closing page is told of an error.
func pageClass(err error) Class {
	if err == nil {
		return ""
	}
	if class := ClassOf(err); class != "" {
		return class
	}
	return Class(core.CodeOf(err))
}

// awaitRedirect waits for the browser and redeems what it brings.
func (c *Client) awaitRedirect(ctx context.Context, op string, r *redirect, redeem func(string) (Signed, error), vendor string) (Signed, error) {
	select {
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return Signed{}, classed(op, CodeExpired, nil, "vendor", vendor)
		}
		return Signed{}, core.E(core.Canceled, op, ctx.Err())
	case <-r.spent:
		return Signed{}, core.E(core.Malformed, op, nil, "why", "wrong_state")
	case q := <-r.got:
		if failed := q.Get("error"); failed != "" {
			refusal := newRefusal(failed, q.Get("error_description"), nil)
			if refusal.class == "" {
				return Signed{}, core.E(core.Rejected, op, refusal, "vendor", vendor)
			}
			return Signed{}, classed(op, refusal.class, refusal, "vendor", vendor)
		}
		return redeem(q.Get("code"))
	}
}

// redirect answers the browser. Only the first request with the right state counts.
type redirect struct {
	state string
	got   chan url.Values // the one answer
	page  chan []byte     // what the browser then shows
	spent chan struct{}   // closed when too many strangers came

	mu        sync.Mutex
	taken     bool
	strangers int
}

// ServeHTTP takes the redirect and holds the browser until the outcome is known.
func (r *redirect) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	q := req.URL.Query()
	switch {
	case req.URL.Path != "/":
		http.NotFound(w, req) // a browser looks for icons
		return
	case req.Method != http.MethodGet:
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	case !r.take(q):
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	r.got <- q
	select {
	case html := <-r.page:
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(html)
	case <-req.Context().Done():
	}
}

// take decides whether a request is the one that is waited for.
func (r *redirect) take(q url.Values) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	right := subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(r.state)) == 1
	if right && !r.taken && (q.Get("code") != "" || q.Get("error") != "") {
		r.taken = true
		return true
	}
	if r.strangers++; r.strangers == strangeLimit && !r.taken {
		close(r.spent)
	}
	return false
}
