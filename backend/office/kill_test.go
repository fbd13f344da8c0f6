package office_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	"mailroom/backend/store"
	emulated "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

// importerOf tells a copy of this test program to be a program that imports, and where.
const importerOf = "MAILROOM_TEST_IMPORTER"

const killRows = 60

// importer is what such a program is told: where, and what it does to sixty people.
type importer struct {
	Dir, BaseURL, Key string
	Kind              office.Kind // person.create; person.suspend; person.delete: it imports them, and takes that back
}

// program is an opened desk at the emulated vendor, ten milliseconds away.
type program struct {
	desk  *office.Desk
	house *office.House
	cache *directory.Store
	file  *store.DB
}

// RevealAll knows the key; every other handle is a good password.
func (m importer) RevealAll(_ context.Context, handles []string) (map[string]secret.Value, error) {
	found := map[string]secret.Value{}
	for _, h := range handles {
		found[h] = secret.NewValue(good)
		if h == "key" {
			found[h] = secret.NewValue(m.Key)
		}
	}
	return found, nil
}

func (m importer) open(ctx context.Context) (p program, err error) {
	maker := tencent.Maker()
	plain := maker.New
	maker.New = func(c provider.Config) (provider.Provider, error) {
		c.Pace = 1e6
		return plain(c)
	}
	book, err := office.OpenBook(ctx, m.Dir)
	if err != nil {
		return p, err
	}
	p.house = office.NewHouse(book, provider.NewRegistry(maker), m, m.Dir, &http.Client{Transport: trouble.Away{There: 10 * time.Millisecond, Next: http.DefaultTransport.(*http.Transport).Clone()}, Timeout: time.Minute})
	var e1, e2 error
	p.cache, e1 = directory.Open(ctx, m.Dir)
	p.file, e2 = store.Open(ctx, filepath.Join(m.Dir, "audit.db"), audit.Migrations)
	if err := errors.Join(e1, e2); err != nil {
		return p, err
	}
	log := audit.New(reads{p.file})
	p.desk, err = office.OpenDesk(ctx, office.DeskConfig{House: p.house, Directory: p.cache, Record: func(ctx context.Context, entries ...audit.Entry) {
		if _, err := log.Add(ctx, entries...); err != nil {
			panic(err)
		}
	}})
	return p, err
}

func (p program) close(ctx context.Context) error {
	return errors.Join(p.desk.Close(ctx), p.cache.Close(), p.house.Close(), p.file.Close())
}

// reads is the record's database as package audit wants it.
type reads struct{ *store.DB }

// importPeople is the program that will be killed.
func importPeople(told string) error {
	var m importer
	if err := json.Unmarshal([]byte(told), &m); err != nil {
		return err
	}
	ctx := context.Background()
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	o, err := p.house.Connect(ctx, office.Office{Provider: tencent.ID, Domain: vendorDomain, BaseURL: m.BaseURL, Values: map[string]string{"corpId": emulated.CorpID}, Secrets: map[string]string{"contactSecret": "key"}})
	if err != nil {
		return err
	}
	var changes []office.Change
	for i := range killRows {
		address := fmt.Sprintf("p%02d@%s", i, vendorDomain)
		if changes = append(changes, office.Change{Kind: office.CreatePerson, Password: "p", Row: i + 2, Person: provider.Person{Address: address, Name: fmt.Sprint("成员", i), Quota: -1}}); m.Kind == office.SuspendPerson {
			changes[i] = office.Change{Kind: m.Kind, Target: address}
		}
	}
	plan, err := p.desk.Preview(ctx, o.ID, changes)
	if err != nil {
		return err
	}
	r, err := p.carryOut(ctx, plan)
	if err == nil && m.Kind == office.DeletePerson {
		if plan, err = p.desk.Undo(ctx, r.ID); err == nil {
			r, err = p.carryOut(ctx, plan)
		}
	}
	return errors.Join(err, p.close(ctx), fmt.Errorf("it came to its end: %s", r.State))
}

func (p program) carryOut(ctx context.Context, plan office.Plan) (office.Run, error) {
	r, err := p.desk.Apply(ctx, plan.ID, plan.Typed)
	if err != nil {
		return r, err
	}
	return p.desk.Wait(ctx, r.ID)
}

// The program is killed by the system, with SIGKILL, while changes are under way: at the
// very first call, after so many, where one stretch of announced steps ends and the next
// begins; before the call at hand is carried out, or after it and before its answer.
// Whoever goes on does it to the others and to nobody twice, and the record knows everybody.
func TestAKilledProgramDoublesAndLosesNobody(t *testing.T) {
	const create, suspend, undo = office.CreatePerson, office.SuspendPerson, office.DeletePerson
	for name, c := range map[string]struct {
		kind office.Kind
		pass int  // so many are answered
		done bool // the one at hand is still carried out
	}{
		"the first call, not done": {create, 0, false}, "the seventh, done": {create, 6, true}, "the last announced, done": {create, 49, true},
		"of the next stretch, not done": {create, 53, false}, "a suspension, done": {suspend, 20, true}, "a suspension of the next stretch, not done": {suspend, 52, false},
		"an undo, done": {undo, 9, true}, "an undo, the last announced, not done": {undo, 49, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emulated.New(vendorDomain)
			t.Cleanup(s.Close)
			m, path := importer{t.TempDir(), s.BaseURL(), s.Secret(emulated.Contacts), c.kind}, map[office.Kind]string{create: "user/create", suspend: "user/update", undo: "user/delete"}[c.kind]
			for i := range killRows {
				if c.kind == suspend {
					s.AddMember(emulated.Member{UserID: fmt.Sprintf("p%02d@%s", i, vendorDomain), Name: fmt.Sprint("成员", i), Departments: []int64{1}})
				}
			}
			killedAt(t, s, m, path, c.pass, c.done)
			p, err := m.open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := p.close(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
			}()
			offices, err := p.house.Book().Offices(t.Context())
			if err != nil || len(offices) != 1 {
				t.Fatal(offices, err)
			}
			offices[0].BaseURL = m.BaseURL
			if _, err := p.house.Book().Save(t.Context(), offices[0]); err != nil {
				t.Fatal(err)
			}
			did := m.did(s)
			all, err := p.desk.Runs(t.Context(), "", 9)
			if err != nil || len(all) == 0 || all[0].State != office.Cut || all[0].Done > did || did < c.pass || did >= killRows {
				t.Fatalf("it was done to %d of %d: %+v %v", did, killRows, all, err)
			}
			r, run := all[0], all[0].ID
			asked := s.Count(path)
			if r, err = p.desk.Resume(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			if r, err = p.desk.Wait(t.Context(), run); err != nil || r.State != office.Done || r.Done != killRows {
				t.Fatalf("%+v %v", r, err)
			}
			if m.did(s) != killRows || s.Count(path)-asked != killRows-did {
				t.Errorf("it was done to %d, and asked for again %d times where %d were missing", m.did(s), s.Count(path)-asked, killRows-did)
			}
			entries, n, err := audit.New(reads{p.file}).List(t.Context(), audit.Query{Acts: []string{string(c.kind)}, Limit: 500})
			known := map[string]bool{}
			for _, e := range entries {
				known[e.Subject] = true
			}
			if err != nil || len(known) != killRows {
				t.Errorf("the record knows %d people in %d entries, %v", len(known), n, err)
			}
		})
	}
}

// did is to how many people the vendor has done it.
func (m importer) did(s *emulated.Server) (n int) {
	for i := range killRows {
		who, there := s.Member(fmt.Sprintf("p%02d@%s", i, vendorDomain))
		if m.Kind == office.CreatePerson && there || m.Kind == office.SuspendPerson && who.Off || m.Kind == office.DeletePerson && !there {
			n++
		}
	}
	return n
}

// killedAt starts such a program, and kills it at a call. When it returns, nothing of what
// that program sent is under way any more.
func killedAt(t *testing.T, s *emulated.Server, m importer, path string, pass int, done bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	vendor, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	way := httputil.NewSingleHostReverseProxy(vendor)
	front := trouble.New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a client that is gone takes nothing back
		way.ServeHTTP(struct{ http.ResponseWriter }{w}, r.WithContext(context.WithoutCancel(r.Context())))
	}))
	m.BaseURL = strings.Replace(s.BaseURL(), s.URL, front.URL, 1)
	told, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var words bytes.Buffer
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^$")
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), importerOf+"="+string(told)), &words, &words
	dead, started := make(chan struct{}), make(chan *os.Process, 1)
	var kill sync.Once
	front.Fail(trouble.Fault{Path: path, Pass: pass, Times: -1, Before: func() { // whatever else comes waits until it is dead
		kill.Do(func() { _ = (<-started).Kill() })
		<-dead
		if !done {
			panic(http.ErrAbortHandler)
		}
	}})
	if err = cmd.Start(); err == nil {
		started <- cmd.Process
		err = cmd.Wait()
	}
	close(dead)
	front.Close()
	if !strings.Contains(fmt.Sprint(err), "killed") {
		t.Fatalf("%v: %s", err, words.String())
	}
}

// Reader gives the connections that only read.
func (d reads) Reader() *sql.DB { return d.R }
