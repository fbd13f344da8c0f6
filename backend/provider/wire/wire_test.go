package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

const token = "tok+en/0123456789"

// vendor starts a server and a client for it; pauses are written down, not waited for.
func vendor(t *testing.T, o wire.Options, h http.HandlerFunc) (*wire.Client, *[]time.Duration) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	var err error
	if o.Base, err = wire.Base("", s.URL); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	pauses := &[]time.Duration{}
	if o.Wait == nil {
		o.Wait = func(ctx context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			*pauses = append(*pauses, d)
			return ctx.Err()
		}
	}
	if o.Pace == 0 {
		o.Pace = 1e6
	}
	c := wire.New(o)
	c.Hide("token", secret.NewValue(token))
	t.Cleanup(c.Close)
	return c, pauses
}

func get(path string) wire.Call { return wire.Call{Op: "look", Method: http.MethodGet, Path: path} }

func TestABodyGoesOutAsItIsWritten(t *testing.T) {
	var got string
	var kind string
	c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got, kind = string(raw), r.Header.Get("Content-Type")
		_, _ = w.Write([]byte("\ufeff{\"id\": 7}"))
	})
	var into struct{ ID int }
	err := c.Do(t.Context(), wire.Call{Op: "create", Method: http.MethodPost, Path: "/x", Body: map[string]string{"name": "R&D <研发>"}, Into: &into})
	if err != nil || into.ID != 7 {
		t.Fatal(err, into)
	}
	if got != `{"name":"R&D <研发>"}` || kind != "application/json" {
		t.Errorf("sent %s as %s", got, kind)
	}
}

func TestWhatCanDoNoHarmIsRepeated(t *testing.T) {
	var n atomic.Int32
	// Without kept connections: the transport does not repeat anything of its own.
	direct := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	c, pauses := vendor(t, wire.Options{HTTP: direct}, func(w http.ResponseWriter, _ *http.Request) {
		switch n.Add(1) {
		case 1:
			w.WriteHeader(http.StatusBadGateway)
		case 2:
			panic(http.ErrAbortHandler) // the connection breaks
		case 3:
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"cut`))
		default:
			_, _ = w.Write([]byte(`{}`))
		}
	})
	if err := c.Do(t.Context(), get("/")); err != nil {
		t.Fatal(err)
	}
	if n.Load() != 4 || c.Sent() != 4 || len(*pauses) != 3 {
		t.Errorf("%d requests, %d counted, pauses %v", n.Load(), c.Sent(), *pauses)
	}
	if (*pauses)[0] < 250*time.Millisecond || (*pauses)[2] < 900*time.Millisecond {
		t.Errorf("pauses do not grow: %v", *pauses)
	}
}

func TestACreationIsNeverRepeatedByItself(t *testing.T) {
	for _, status := range []int{500, 503, 0} {
		c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			if status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(status)
		})
		err := c.Do(t.Context(), wire.Call{Op: "create", Method: http.MethodPost, Body: 1, Once: true})
		if core.CodeOf(err) != core.Unreachable || c.Sent() != 1 {
			t.Errorf("%d: %v after %d requests", status, err, c.Sent())
		}
	}
}

func TestACreationThatWasPutOffIsMadeLater(t *testing.T) {
	var n atomic.Int32
	c, pauses := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	if err := c.Do(t.Context(), wire.Call{Op: "create", Method: http.MethodPost, Body: 1, Once: true}); err != nil {
		t.Fatal(err)
	}
	if n.Load() != 2 || (*pauses)[0] != 7*time.Second {
		t.Errorf("%d requests, pauses %v", n.Load(), *pauses)
	}
}

func TestARefusalAfterAPauseSaysThatItWasNotTheFirstTime(t *testing.T) {
	var n atomic.Int32
	c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{http.StatusTooManyRequests, http.StatusConflict, http.StatusConflict}[n.Add(1)-1])
	})
	for _, repeated := range []string{"yes", ""} {
		err := c.Do(t.Context(), wire.Call{Op: "create", Method: http.MethodPost, Body: 1, Once: true})
		if core.CodeOf(err) != core.Conflict || core.ArgsOf(err)[provider.Repeated] != repeated {
			t.Errorf("%v with %v, want repeated %q", err, core.ArgsOf(err), repeated)
		}
	}
}

func TestAMinutesLimitIsWaitedOut(t *testing.T) {
	c, pauses := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	if err := c.Do(t.Context(), get("/")); core.CodeOf(err) != core.RateLimited || c.Sent() != 6 {
		t.Errorf("%v after %d", err, c.Sent())
	}
	var sum time.Duration
	for _, d := range *pauses {
		sum += d
	}
	if sum < 30*time.Second { // half of a minute with the worst of jitter
		t.Errorf("waited for %s: %v", sum, *pauses)
	}
}

func TestWhoWaitsAtAFormHearsSoon(t *testing.T) {
	c, pauses := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	if err := c.Do(wire.Hasty(t.Context()), get("/")); core.CodeOf(err) != core.Unreachable || c.Sent() != 2 || len(*pauses) != 1 || (*pauses)[0] > time.Second {
		t.Errorf("%v after %d requests and %v", err, c.Sent(), *pauses)
	}
}

func TestOnesPauseIsEverybodys(t *testing.T) {
	n := 0
	c, pauses := vendor(t, wire.Options{Tries: 2}, func(w http.ResponseWriter, _ *http.Request) {
		if n++; n < 3 {
			w.Header().Set("Retry-After", "9")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	_ = c.Do(t.Context(), get("/"))
	*pauses = nil
	if err := c.Do(t.Context(), get("/")); err != nil || len(*pauses) != 1 || (*pauses)[0] < time.Second {
		t.Errorf("another call: %v, waits %v", err, *pauses)
	}
}

// A refused key may be right and the clock wrong: who answers tells the time.
func TestAClockThatIsWrongIsNamed(t *testing.T) {
	for ago, want := range map[time.Duration]string{0: "", time.Minute: "", time.Hour: "clock", -24 * time.Hour: "clock"} {
		c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(-ago).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusUnauthorized)
		})
		if err := c.Do(t.Context(), get("/")); core.CodeOf(err) != core.Unauthenticated || core.ArgsOf(err)["reason"] != want {
			t.Errorf("the vendor is %v behind: %v", ago, core.ArgsOf(err))
		}
	}
}

func TestALongPauseIsLeftToTheCaller(t *testing.T) {
	c, pauses := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	err := c.Do(t.Context(), get("/"))
	if core.CodeOf(err) != core.RateLimited || core.ArgsOf(err)["retryAfter"] != "3600" || len(*pauses) != 0 {
		t.Errorf("%v %v %v", err, core.ArgsOf(err), *pauses)
	}
}

func TestATriedDeletionThatFindsNothingHasSucceeded(t *testing.T) {
	var n atomic.Int32
	c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusNotFound)
	})
	gone := wire.Call{Op: "delete", Method: http.MethodGet, Deletes: true}
	if err := c.Do(t.Context(), gone); err != nil || n.Load() != 2 {
		t.Errorf("%v after %d", err, n.Load())
	}
	if err := c.Do(t.Context(), gone); core.CodeOf(err) != core.NotFound {
		t.Errorf("what never was: %v", err)
	}
	n.Store(0) // and over a kept connection, where the transport repeats the call itself
	if err := c.Do(t.Context(), gone); err != nil || n.Load() != 2 {
		t.Errorf("%v after %d", err, n.Load())
	}
}

func TestAStoppedCallStopsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	arrived := make(chan struct{})
	c, _ := vendor(t, wire.Options{}, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	go func() { <-arrived; cancel() }()
	if err := c.Do(ctx, get("/")); core.CodeOf(err) != core.Canceled || c.Sent() != 1 {
		t.Errorf("%v after %d", err, c.Sent())
	}
	if err := c.Do(ctx, get("/")); core.CodeOf(err) != core.Canceled || c.Sent() != 1 {
		t.Errorf("%v after %d", err, c.Sent())
	}
	late, stop := context.WithTimeout(t.Context(), 0)
	defer stop()
	if err := c.Do(late, get("/")); core.CodeOf(err) != core.Timeout || c.Sent() != 1 {
		t.Errorf("%v after %d", err, c.Sent())
	}
}

func TestASilentVendorIsATimeout(t *testing.T) {
	c, _ := vendor(t, wire.Options{Limit: 50 * time.Millisecond, Tries: 2}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if err := c.Do(t.Context(), get("/")); core.CodeOf(err) != core.Timeout || c.Sent() != 2 {
		t.Errorf("%v after %d", err, c.Sent())
	}
}

func TestThePaceIsTheOffices(t *testing.T) {
	c, pauses := vendor(t, wire.Options{Pace: 0.002, Burst: 3}, func(http.ResponseWriter, *http.Request) {})
	for range 5 {
		if err := c.Do(t.Context(), get("/")); err != nil {
			t.Fatal(err)
		}
	}
	if len(*pauses) != 2 || (*pauses)[1] < 500*time.Second {
		t.Errorf("pauses %v", *pauses)
	}
}

// A vendor that counts by the minute and the hour is never asked more often, and what
// would take longer than somebody waits is told at once, with when.
func TestALimitByTheMinuteIsNeverReached(t *testing.T) {
	limits := []wire.Window{{Span: time.Minute, Calls: 3}, {Span: time.Hour, Calls: 5}}
	c, pauses := vendor(t, wire.Options{Windows: limits}, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	for range 5 {
		if err := c.Do(t.Context(), get("/x")); err != nil {
			t.Fatal(err)
		}
	}
	if len(*pauses) != 2 || (*pauses)[0] < 50*time.Second || (*pauses)[1] < 50*time.Second {
		t.Errorf("the fourth and the fifth waited %v", *pauses)
	}
	err := c.Do(t.Context(), get("/x"))
	if n, _ := strconv.Atoi(core.ArgsOf(err)["retryAfter"]); core.CodeOf(err) != core.RateLimited || n < 3000 || n > 3601 {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
	if c.Sent() != 5 {
		t.Errorf("%d were sent", c.Sent())
	}
}

func TestNoSecretIsInAnError(t *testing.T) {
	const password = "Gans&Ente1"
	closed := httptest.NewServer(http.NotFoundHandler())
	address := closed.URL
	closed.Close()
	base, err := wire.Base(address, "")
	if err != nil {
		t.Fatal(err)
	}
	dead := wire.New(wire.Options{Base: base, Pace: 1e6, Tries: 1})
	dead.Hide("token", secret.NewValue(token))
	judge := func(a wire.Answer) *wire.Refusal {
		return &wire.Refusal{Code: core.Invalid, VendorCode: "40001", VendorText: string(a.Body)}
	}
	echo, _ := vendor(t, wire.Options{Judge: judge}, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s\x00\u202e", r.URL.String(), r.URL.Query().Get("access_token"), raw)
	})
	odd, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"id":"` + r.URL.Query().Get("access_token") + `"}`))
	})
	moved, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://elsewhere.example"+r.URL.String(), http.StatusFound)
	})
	babbling, _ := vendor(t, wire.Options{Tries: 1, HTTP: &http.Client{Transport: babble{}}}, nil)
	for name, c := range map[string]*wire.Client{"dead": dead, "babbling": babbling, "echo": echo, "odd": odd, "moved": moved} {
		var into struct{ ID int }
		err := c.Do(t.Context(), wire.Call{
			Op: "create", Method: http.MethodPost, Path: "/create", Query: url.Values{"access_token": {token}},
			Body: map[string]string{"password": password}, Into: &into, Hide: []secret.Value{secret.NewValue(password)},
		})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		text := fmt.Sprintf("%v %+v %#v %v", err, err, errors.Unwrap(err), core.ArgsOf(err))
		for _, secret := range []string{token, url.QueryEscape(token), password} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %s", name, text)
			}
		}
		if strings.ContainsAny(text, "\x00\u202e") {
			t.Errorf("%s: control characters in %q", name, text)
		}
	}
}

func TestAnAnswerThatWasTornIsAskedForOnceMore(t *testing.T) {
	for name, one := range map[string]struct {
		torn  int
		once  bool
		calls int
		want  core.Code
	}{
		"once": {1, false, 2, ""}, "twice": {2, false, 2, core.Malformed}, "a creation": {1, true, 1, core.Malformed},
	} {
		calls := 0
		c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			if calls++; calls <= one.torn {
				_, _ = w.Write([]byte(`{"users":[{"id":`))
				return
			}
			_, _ = w.Write([]byte(`{}`))
		})
		call := get("/")
		call.Once = one.once
		call.Into = &struct{}{}
		if err := c.Do(t.Context(), call); core.CodeOf(err) != one.want || calls != one.calls {
			t.Errorf("%s: %v after %d calls", name, err, calls)
		}
	}
}

func TestAnAnswerWithoutEndIsNotRead(t *testing.T) {
	c, _ := vendor(t, wire.Options{}, func(w http.ResponseWriter, r *http.Request) {
		block := []byte(strings.Repeat("[", 1<<20))
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	if err := c.Do(t.Context(), get("/")); core.CodeOf(err) != core.Malformed || core.ArgsOf(err)["reason"] != "answer_too_long" {
		t.Errorf("%v", err)
	}
}

func TestEveryAttemptIsPreparedAnew(t *testing.T) {
	var times []string
	n := 0
	c, _ := vendor(t, wire.Options{Prepare: func(call *wire.Call) error {
		n++
		call.Form.Set("time", fmt.Sprint(n))
		return nil
	}}, func(w http.ResponseWriter, r *http.Request) {
		times = append(times, r.PostFormValue("time")+r.PostFormValue("name"))
		if len(times) == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	form := url.Values{"name": {"x"}}
	if err := c.Do(t.Context(), wire.Call{Method: http.MethodPost, Form: form}); err != nil {
		t.Fatal(err)
	}
	if strings.Join(times, " ") != "1x 2x" || form.Has("time") {
		t.Errorf("sent %v, the caller's form is %v", times, form)
	}
}

func TestAKeyDoesNotCrossANetworkInTheClear(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://api.example.com": true, "https://api.example.com/cgi-bin/": true, "http://127.0.0.1:8080": true,
		"http://[::1]:1": true, "http://localhost:1": true, "http://api.example.com": false, "http://10.0.0.1": false,
		"ftp://127.0.0.1": false, "https://": false, "https://u:p@api.example.com": false, "https://x.example/?a=b": false, "x": false,
		"http://127.0.0.1.example.com": false,
	} {
		u, err := wire.Base(address, "https://vendor.example")
		if (err == nil) != ok {
			t.Errorf("%s: %v %v", address, u, err)
		}
		if err != nil && (core.ArgsOf(err)["field"] != "baseUrl" || strings.Contains(err.Error(), "u:p")) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if u, err := wire.Base("", "https://vendor.example/x/"); err != nil || u.String() != "https://vendor.example/x" {
		t.Error(u, err)
	}
}

func TestWhatWasSentNeverFollowsToAnotherAddress(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	mine := &http.Client{Transport: &http.Transport{}} // as it comes, a client follows
	defer mine.CloseIdleConnections()
	c, _ := vendor(t, wire.Options{HTTP: mine}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+r.URL.String(), http.StatusTemporaryRedirect)
	})
	call := get("/x")
	call.Query = url.Values{"access_token": {token}}
	if err := c.Do(t.Context(), call); core.CodeOf(err) != core.Malformed || asked {
		t.Errorf("%v, followed: %v", err, asked)
	}
	if mine.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
}

func TestStatusesAreClassified(t *testing.T) {
	for status, want := range map[int]core.Code{
		302: core.Malformed, 400: core.Invalid, 401: core.Unauthenticated, 403: core.Forbidden, 404: core.NotFound,
		405: core.Unsupported, 409: core.Conflict, 418: core.Rejected, 429: core.RateLimited, 500: core.Unreachable, 503: core.Unreachable,
	} {
		c, _ := vendor(t, wire.Options{Tries: 1}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if err := c.Do(t.Context(), get("/")); core.CodeOf(err) != want || core.ArgsOf(err)["status"] != fmt.Sprint(status) {
			t.Errorf("%d: %v, want %s", status, err, want)
		}
	}
}

func FuzzAVendorsWordsNeverCarryASecret(f *testing.F) {
	f.Add("bad token tok+en/0123456789", "5")
	f.Add("tok%2Ben%2F0123456789", "Thu, 26 Nov 2026 09:00:00 GMT")
	f.Add(strings.Repeat("漢", 200), "-1")
	f.Fuzz(func(t *testing.T, words, after string) {
		judge := func(wire.Answer) *wire.Refusal { return &wire.Refusal{Code: core.Rejected, VendorText: words} }
		base, _ := wire.Base("http://localhost:1", "")
		c := wire.New(wire.Options{Base: base, Pace: 1e6, Judge: judge, HTTP: &http.Client{Transport: answer(after)}})
		c.Hide("token", secret.NewValue(token))
		err := c.Do(t.Context(), get("/"))
		text, _ := json.Marshal(core.ArgsOf(err))
		if core.CodeOf(err) != core.Rejected || strings.Contains(string(text), token) || utf8.RuneCountInString(core.ArgsOf(err)["vendorText"]) > 301 {
			t.Errorf("%v %s", err, text)
		}
	})
}

// answer is a transport that knows one answer.
type answer string

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	h := http.Header{"Retry-After": {string(a)}}
	return &http.Response{StatusCode: 200, Header: h, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

// babble is a way to the network that repeats what it was given, as proxies do.
type babble struct{}

func (babble) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, _ := io.ReadAll(r.Body)
	return nil, fmt.Errorf("proxy refused %s %s", r.URL, raw)
}
