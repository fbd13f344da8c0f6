package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/secret"
	"mailroom/backend/store"
	"mailroom/backend/testkit/vendors/trouble"
)

const (
	ownGoal    = 0.05 // of the time that the same calls take bare
	importRows = 1_000
	importRuns = 5
	unlimited  = 1e6 // calls a second

	importPassword = "Kiefer-7-Blau-Q"
)

// imports creates a thousand people at emulated vendors and in the practice office, all
// without a limit, and compares the whole of that (preview, writing down, record and
// cache) with the same calls made bare: by the same adapter at an office of the same
// kind, as many at once. A vendor without any distance, where a call takes next to no time,
// is told and is no goal. The two take turns, and the middle one of five shares counts.
func (b *bench) imports(ctx context.Context, dir string) (goals []Goal, err error) {
	for i, m := range []importing{
		{name: "the practice office", open: practiceOffice},
		{name: "tencent, 10ms away", open: tencentOffice, away: 10 * time.Millisecond},
		{name: "alimail, 10ms away", open: alimailOffice, away: 10 * time.Millisecond},
		{name: "tencent, on this computer", open: tencentOffice, free: true},
		{name: "alimail, on this computer", open: alimailOffice, free: true},
	} {
		m.rows, m.pace = importRows, unlimited
		var all []turns
		for try := range importRuns {
			m.dir = filepath.Join(dir, strconv.Itoa(i), strconv.Itoa(try))
			t, err := m.both(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.name, err)
			}
			all = append(all, t)
		}
		goals = append(goals, m.judge(all))
	}
	return goals, nil
}

// importing is one import that is measured.
type importing struct {
	name string
	dir  string
	rows int
	free bool // it is told, and is no goal
	away time.Duration
	pace float64 // calls a second; 0: the adapter's own
	open func() opened
}

// opened is an empty company at an emulated vendor.
type opened struct {
	maker provider.Maker
	o     office.Office
	key   secret.Value
	close func()
}

// turns are the times of an import and of its calls made bare.
type turns struct {
	whole, bare time.Duration
	most        int // calls at once
}

func (t turns) share() float64 { return float64(t.whole-t.bare) / float64(t.bare) }

// both measures the import, then its calls bare.
func (m importing) both(ctx context.Context) (t turns, err error) {
	if t.whole, t.most, err = m.whole(ctx); err != nil {
		return t, err
	}
	t.bare, err = m.bare(ctx, t.most)
	return t, err
}

// judge tells the middle one of several shares.
func (m importing) judge(all []turns) Goal {
	slices.SortFunc(all, func(a, b turns) int { return int(1e6 * (a.share() - b.share())) })
	t := all[len(all)/2]
	what := fmt.Sprintf("%d people into %s: own share under %.0f %% of the bare calls' time", m.rows, m.name, ownGoal*100)
	if m.free {
		what = fmt.Sprintf("%d people into %s: own share (no goal)", m.rows, m.name)
	}
	return Goal{
		Case: caseImport, Peer: nameOurs, What: what, Met: m.free || t.share() < ownGoal, Known: true,
		Found: fmt.Sprintf("%.1f %% (%.1f to %.1f; %v, bare %v, %d at once)", t.share()*100, all[0].share()*100, all[len(all)-1].share()*100,
			t.whole.Round(time.Millisecond), t.bare.Round(time.Millisecond), t.most),
	}
}

// whole measures an import from its preview to its end, and tells how many calls were
// made at once.
func (m importing) whole(ctx context.Context) (took time.Duration, most int, err error) {
	at := m.open()
	defer at.close()
	var adapter *clocked
	err = m.within(ctx, at, m.clock(at.maker, &adapter), func(desk *office.Desk, o office.Office) error {
		took, _, err = m.carryOut(ctx, desk, o)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	return took, int(adapter.most.Load()), nil
}

// within lets f work at a desk with everything that a real one has, at an office of the
// maker's.
func (m importing) within(ctx context.Context, at opened, maker provider.Maker, f func(*office.Desk, office.Office) error) (err error) {
	dir := filepath.Join(m.dir, "whole")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	book, err := office.OpenBook(ctx, dir)
	if err != nil {
		return err
	}
	house := office.NewHouse(book, provider.NewRegistry(maker), oneSecret{at.key}, dir, m.client())
	defer func() { err = errors.Join(err, house.Close()) }()
	cache, err := directory.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cache.Close()) }()
	file, err := store.Open(ctx, filepath.Join(dir, "audit.db"), audit.Migrations)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	log := audit.New(reading{file})
	var unwritten error
	desk, err := office.OpenDesk(ctx, office.DeskConfig{House: house, Directory: cache, Record: func(ctx context.Context, entries ...audit.Entry) {
		_, e := log.Add(ctx, entries...)
		unwritten = errors.Join(unwritten, e)
	}})
	if err != nil {
		return err
	}
	o, err := house.Connect(ctx, at.o)
	if err != nil {
		return err
	}
	return errors.Join(f(desk, o), desk.Close(context.WithoutCancel(ctx)), unwritten)
}

// reading is the record's database as package audit wants it.
type reading struct{ *store.DB }

// Reader gives the connections that only read.
func (d reading) Reader() *sql.DB { return d.R }

// carryOut previews and carries out the import; it returns how long that took.
func (m importing) carryOut(ctx context.Context, desk *office.Desk, o office.Office) (time.Duration, office.Run, error) {
	var changes []office.Change
	for i := range m.rows {
		changes = append(changes, office.Change{Kind: office.CreatePerson, Row: i + 2, Password: "p" + strconv.Itoa(i), Person: newcomer(i, o.Domain)})
	}
	if _, err := desk.Preview(ctx, o.ID, changes[:1]); err != nil { // reads the directory
		return 0, office.Run{}, err
	}
	return m.timed(ctx, desk, func() (office.Plan, error) { return desk.Preview(ctx, o.ID, changes) })
}

// timed previews and carries out what is done to all rows.
func (m importing) timed(ctx context.Context, desk *office.Desk, preview func() (office.Plan, error)) (time.Duration, office.Run, error) {
	begun := time.Now()
	p, err := preview()
	if err != nil {
		return 0, office.Run{}, err
	}
	if p.Ready != m.rows {
		return 0, office.Run{}, fmt.Errorf("%d of %d can be done: %+v", p.Ready, m.rows, p.Steps[0].Refusal)
	}
	r, err := desk.Apply(ctx, p.ID, p.Typed)
	if err != nil {
		return 0, r, err
	}
	if r, err = desk.Wait(ctx, r.ID); err != nil {
		return 0, r, err
	}
	if r.State != office.Done {
		return 0, r, core.E(core.Internal, fmt.Sprintf("%s: %d of %d", r.State, r.Done, r.Total), r.Trouble)
	}
	return time.Since(begun), r, nil
}

func newcomer(i int, domain string) provider.Person {
	return provider.Person{Address: fmt.Sprintf("person%04d@%s", i, domain), Name: fmt.Sprintf("王小%d", i), Mobile: fmt.Sprintf("1390000%04d", i), Quota: -1}
}

// bare measures the calls alone.
func (m importing) bare(ctx context.Context, atOnce int) (_ time.Duration, err error) {
	at := m.open()
	defer at.close()
	values := map[string]secret.Value{}
	for field := range at.o.Secrets {
		values[field] = at.key
	}
	dir := filepath.Join(m.dir, "bare")
	p, err := at.maker.New(provider.Config{Domain: at.o.Domain, Values: at.o.Values, Secret: values, BaseURL: at.o.BaseURL, HTTP: m.client(), Pace: m.pace, Dir: dir})
	if err != nil {
		return 0, err
	}
	if c, ok := p.(io.Closer); ok {
		defer func() { err = errors.Join(err, c.Close()) }()
	}
	domains, err := p.Domains(ctx) // opens the connection, fetches the token
	if err != nil {
		return 0, err
	}
	begun, next := time.Now(), atomic.Int64{}
	var work errgroup.Group
	for range max(atOnce, 1) {
		work.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= m.rows {
					return nil
				}
				one := provider.NewPerson{Person: newcomer(i, domains[0].Name), Password: secret.NewValue(importPassword)}
				if _, err := p.(provider.PersonEditor).CreatePerson(ctx, one); err != nil {
					return err
				}
			}
		})
	}
	err = work.Wait()
	return time.Since(begun), err
}

// clocked counts how many creations are under way.
type clocked struct {
	provider.Provider
	provider.PersonEditor
	provider.PasswordSetter
	provider.DepartmentReader
	now, most atomic.Int64
}

// CreatePerson creates somebody, and is counted meanwhile.
func (c *clocked) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
	}
	return c.PersonEditor.CreatePerson(ctx, p)
}

// Close closes the adapter beneath.
func (c *clocked) Close() error {
	if closer, ok := c.Provider.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// clock counts what the adapters of a maker have under way; the last one made is told.
func (m importing) clock(maker provider.Maker, last **clocked) provider.Maker {
	plain := maker.New
	maker.New = func(c provider.Config) (provider.Provider, error) {
		c.Pace = m.pace
		p, err := plain(c)
		if err != nil {
			return nil, err
		}
		*last = &clocked{Provider: p, PersonEditor: p.(provider.PersonEditor), PasswordSetter: p.(provider.PasswordSetter), DepartmentReader: p.(provider.DepartmentReader)}
		return *last, nil
	}
	return maker
}

// client makes connections over the distance.
func (m importing) client() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 8 // as the adapters' own
	return &http.Client{Transport: trouble.Away{There: m.away, Next: t}, Timeout: time.Minute}
}

// oneSecret is a vault that holds the emulated company's key and one password.
type oneSecret struct{ key secret.Value }

// RevealAll reads secrets by their handles.
func (o oneSecret) RevealAll(_ context.Context, handles []string) (map[string]secret.Value, error) {
	found := map[string]secret.Value{}
	for _, h := range handles {
		found[h] = secret.NewValue(importPassword)
		if h == "key" {
			found[h] = o.key
		}
	}
	return found, nil
}

func practiceOffice() opened {
	return opened{maker: admin.Maker(nil), o: office.Office{Provider: "practice"}, close: func() {}}
}
