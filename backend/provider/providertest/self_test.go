package providertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/provider/practice/content"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// key is the secret of the faulty adapters.
const key = "suite-key-1234567"

// faulty is a good adapter with one fault. It asks a server before every reading, so
// that the way can be troubled.
type faulty struct {
	*admin.Adapter
	http  *http.Client
	at    string
	fault string
}

func (f *faulty) ask(ctx context.Context) error {
	if f.fault == "deaf" {
		ctx = context.WithoutCancel(ctx)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.at+"?key="+key, nil)
	if err != nil {
		return err
	}
	res, err := f.http.Do(req)
	switch {
	case ctx.Err() != nil:
		return core.E(core.CodeOf(ctx.Err()), "ask", nil)
	case err != nil && f.fault == "leaky":
		return core.E(core.Unreachable, "ask", err)
	case err != nil:
		return core.E(core.Unreachable, "ask", nil)
	}
	defer res.Body.Close()
	code, ok := map[int]core.Code{200: "", 401: core.Unauthenticated, 403: core.Forbidden, 404: core.NotFound, 409: core.Conflict, 429: core.RateLimited}[res.StatusCode]
	if !ok && f.fault != "vague" {
		code = core.Unreachable
	} else if !ok {
		code = core.Internal
	}
	body := make([]byte, 2)
	if _, err := res.Body.Read(body); code == "" && (err != nil && err.Error() != "EOF" || string(body) != "ok") {
		code = core.Malformed
	}
	if code == "" {
		return nil
	}
	return core.E(code, "ask", nil, "retryAfter", res.Header.Get("Retry-After"))
}

func (f *faulty) Check(ctx context.Context) error {
	if err := f.ask(ctx); err != nil {
		return err
	}
	return f.Adapter.Check(ctx)
}

func (f *faulty) People(ctx context.Context, page string) ([]provider.Person, string, error) {
	if err := f.ask(ctx); err != nil {
		return nil, "", err
	}
	people, next, err := f.Adapter.People(ctx, page)
	switch {
	case f.fault == "short" && page != "":
		next = ""
	case f.fault == "twofaced" && len(people) > 0:
		people[0].Title += "?"
	case f.fault == "loud" && len(people) > 0:
		people[0].Address = strings.ToUpper(people[0].Address)
	}
	return people, next, err
}

func (f *faulty) Person(ctx context.Context, id string) (provider.Person, error) {
	if err := f.ask(ctx); err != nil {
		return provider.Person{}, err
	}
	p, err := f.Adapter.Person(ctx, id)
	if err != nil && f.fault == "dreaming" {
		return provider.Person{ID: id}, nil
	}
	return p, err
}

func (f *faulty) UpdatePerson(ctx context.Context, id string, c provider.PersonChange) error {
	if f.fault == "forgetful" {
		c.Mobile = nil
	}
	if f.fault == "clumsy" && c.Remark != nil {
		empty := ""
		c.Title = &empty
	}
	return f.Adapter.UpdatePerson(ctx, id, c)
}

func (f *faulty) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
	if f.fault == "twice" { // repeats what it should not
		err := f.ask(ctx)
		made, first := f.Adapter.CreatePerson(ctx, p)
		if first != nil || err == nil {
			return made, first
		}
		return f.Adapter.CreatePerson(ctx, p)
	}
	if f.fault == "talkative" && !strings.Contains(p.Address, "@") {
		return provider.Person{}, errors.New("bad address, password " + p.Password.Reveal())
	}
	if err := f.ask(ctx); err != nil {
		return provider.Person{}, err
	}
	return f.Adapter.CreatePerson(ctx, p)
}

func (f *faulty) SetPassword(ctx context.Context, id string, password secret.Value, must bool) error {
	if f.fault == "idle" {
		return nil
	}
	return f.Adapter.SetPassword(ctx, id, password, must)
}

func (f *faulty) SetPrimary(ctx context.Context, id, address string) error {
	before, err := f.Adapter.Person(ctx, id)
	if err != nil || f.fault == "stubborn" {
		return err
	}
	if err := f.Adapter.SetPrimary(ctx, id, address); err != nil || f.fault != "lossy" {
		return err
	}
	return f.Adapter.RemoveAlias(ctx, id, before.Address)
}

func (f *faulty) SetAddressHidden(ctx context.Context, id, address string, hidden bool) error {
	if f.fault == "blunt" { // takes the whole person for the address
		return f.Adapter.SetHidden(ctx, id, hidden)
	}
	return f.Adapter.SetAddressHidden(ctx, id, address, hidden)
}

// faults are what is wrong and the test of the suite that has to see it; "" none.
var faults = map[string]string{
	"":          "",
	"short":     "people are listed whole, page by page",
	"loud":      "a listing keeps the rules of a person",
	"twofaced":  "a listing keeps the rules of a person",
	"dreaming":  "what is unknown is not found",
	"forgetful": "every value can be changed, and nothing else changes",
	"clumsy":    "every value can be changed, and nothing else changes",
	"leaky":     "troubles get their names",
	"vague":     "troubles get their names",
	"deaf":      "a call that hangs ends with its context",
	"twice":     "a creation is never repeated",
	"idle":      "passwords are set",
	"stubborn":  "another address becomes the main one",
	"lossy":     "another address becomes the main one",
	"blunt":     "single addresses are hidden and shown",
	"boastful":  "capabilities and interfaces agree",
	"mute":      "every capability has an entry, and a reason where it is missing",
}

// TestTheSuiteSeesEveryFault runs the suite in a process of its own on an adapter with
// one fault each: exactly the right test has to fail.
func TestTheSuiteSeesEveryFault(t *testing.T) {
	if fault, inside := os.LookupEnv("MAILROOM_FAULT"); inside {
		runFaulty(t, fault)
		return
	}
	for fault, sees := range faults {
		t.Run("fault "+fault, func(t *testing.T) {
			t.Parallel()
			only := strings.NewReplacer(" ", "_").Replace(sees)
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheSuiteSeesEveryFault$/^"+only, "-test.timeout=5m")
			cmd.Env = append(os.Environ(), "MAILROOM_FAULT="+fault)
			out, err := cmd.CombinedOutput()
			switch {
			case fault == "" && err != nil:
				t.Errorf("the good adapter fails:\n%s", out)
			case fault != "" && !strings.Contains(string(out), "--- FAIL: TestTheSuiteSeesEveryFault/"+only):
				t.Errorf("%q does not fail:\n%s", sees, out)
			}
		})
	}
}

func runFaulty(t *testing.T, fault string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	defer server.Close()
	dir := t.TempDir()
	maker := admin.Maker(nil)
	switch fault {
	case "deaf":
		promptly = time.Second
	case "boastful":
		maker.Best.Support[provider.CanSignInLink] = provider.Support{Can: true}
	case "mute":
		delete(maker.Best.Support, provider.CanForward)
	}
	var last *faulty
	Run(t, Case{
		Maker: maker, Domain: content.NewDomain, Secrets: []string{key},
		New: func(t *testing.T, o *Outlet) provider.Provider {
			p, err := maker.New(provider.Config{Dir: dir, Wait: o.Wait, Values: map[string]string{"page": "2"}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(o.Client().CloseIdleConnections)
			last = &faulty{Adapter: p.(*admin.Adapter), http: o.Client(), at: server.URL, fault: fault}
			return last
		},
		SignIn: func(ctx context.Context, address, password string) error {
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			return last.Adapter.SignIn(ctx, address, password)
		},
	})
}
