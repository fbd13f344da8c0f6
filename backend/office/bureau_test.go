package office_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) {
	if told := os.Getenv(importerOf); told != "" {
		fmt.Println(importPeople(told))
		os.Exit(1)
	}
	leak.Main(m)
}

// good is a password that the practice office takes.
const good = "Kiefer-7-Blau-Q"

// bureau is a desk with one practice office, whose provider can be made to fail.
type bureau struct {
	t      *testing.T
	dir    string
	id     string // of the office
	house  *office.House
	store  *directory.Store
	desk   *office.Desk
	vendor *vendor
	whole  bool    // the provider tells everybody at once
	silent *silent // the provider changes lists that it does not tell; nil: it does not

	mu      sync.Mutex
	record  []audit.Entry
	secrets map[string]secret.Value
	forgot  []string
	told    chan office.Run
	entered chan audit.Entry // what the record is told, as far as there is room
}

// RevealAll makes the bureau its own vault.
func (b *bureau) RevealAll(_ context.Context, handles []string) (map[string]secret.Value, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := map[string]secret.Value{}
	for _, h := range handles {
		if v, ok := b.secrets[h]; ok {
			found[h] = v
		}
	}
	return found, nil
}

func (b *bureau) keep(password string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	handle := fmt.Sprintf("h%d", len(b.secrets))
	b.secrets[handle] = secret.NewValue(password)
	return handle
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	return newBureauOf(t, false)
}

func newBureauOf(t *testing.T, whole bool) *bureau {
	t.Helper()
	return newBureauWith(t, &bureau{whole: whole})
}

func newBureauWith(t *testing.T, b *bureau) *bureau {
	t.Helper()
	b.t, b.dir, b.secrets, b.vendor = t, t.TempDir(), map[string]secret.Value{}, &vendor{}
	b.open()
	o, err := b.house.Connect(t.Context(), office.Office{Provider: "practice"})
	if err != nil {
		t.Fatal(err)
	}
	b.id = o.ID
	t.Cleanup(b.close)
	return b
}

// open starts the program on its folder.
func (b *bureau) open() {
	b.t.Helper()
	book, err := office.OpenBook(b.t.Context(), b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	maker := admin.Maker(nil)
	plain := maker.New
	maker.New = func(c provider.Config) (provider.Provider, error) {
		p, err := plain(c)
		if err != nil {
			return nil, err
		}
		b.vendor.Adapter = p.(*admin.Adapter)
		if b.silent != nil {
			b.silent.vendor = b.vendor
			return b.silent, nil
		}
		if b.whole {
			return wholeVendor{b.vendor}, nil
		}
		return b.vendor, nil
	}
	b.house = office.NewHouse(book, provider.NewRegistry(maker), b, b.dir, nil)
	if b.store, err = directory.Open(b.t.Context(), b.dir); err != nil {
		b.t.Fatal(err)
	}
	b.told, b.entered = make(chan office.Run, 10_000), make(chan audit.Entry, 10_000)
	b.desk, err = office.OpenDesk(b.t.Context(), office.DeskConfig{
		House: b.house, Directory: b.store,
		Record: func(_ context.Context, entries ...audit.Entry) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.record = append(b.record, entries...)
			for _, e := range entries {
				select {
				case b.entered <- e:
				default:
				}
			}
		},
		Told: func(r office.Run) { b.told <- r },
		Forget: func(_ context.Context, handles []string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.forgot = append(b.forgot, handles...)
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// close ends the program cleanly; crash ends it as if the power had failed.
func (b *bureau) close() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	b.closeWithin(ctx)
}

func (b *bureau) closeWithin(ctx context.Context) {
	b.t.Helper()
	if b.desk == nil {
		return
	}
	if err := b.desk.Close(ctx); err != nil {
		b.t.Error(err)
	}
	for _, flaw := range b.vendor.flaws { // nothing is under way any more
		b.t.Error(flaw)
	}
	b.vendor.flaws = nil
	if err := b.store.Close(); err != nil {
		b.t.Error(err)
	}
	if err := b.house.Close(); err != nil {
		b.t.Error(err)
	}
	b.desk = nil
}

func (b *bureau) preview(changes ...office.Change) office.Plan {
	b.t.Helper()
	p, err := b.desk.Preview(b.t.Context(), b.id, changes)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// apply applies a plan with what it demands and waits for the end.
func (b *bureau) apply(p office.Plan) office.Run {
	b.t.Helper()
	r, err := b.desk.Apply(b.t.Context(), p.ID, p.Typed)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.wait(r)
}

func (b *bureau) wait(r office.Run) office.Run {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	r, err := b.desk.Wait(ctx, r.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// do previews and applies, and wants everything done.
func (b *bureau) do(changes ...office.Change) office.Run {
	b.t.Helper()
	p := b.preview(changes...)
	for _, s := range p.Steps {
		if s.Refusal != nil {
			b.t.Fatalf("step %d %s %s: %+v", s.Number, s.Kind, s.Label, *s.Refusal)
		}
	}
	r := b.apply(p)
	if r.State != office.Done {
		b.t.Fatalf("%+v: %+v", r, b.results(r))
	}
	return r
}

func (b *bureau) results(r office.Run) []office.Result {
	b.t.Helper()
	all, err := b.desk.Results(b.t.Context(), r.ID, 0, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

// somebody is a new person with an address of the office.
func (b *bureau) somebody(local string) office.Change {
	return office.Change{
		Kind: office.CreatePerson, Password: b.keep(good),
		Person: provider.Person{Address: local + "@" + b.domain(), Name: "新人" + local, Quota: -1},
	}
}

func (b *bureau) domain() string {
	b.t.Helper()
	o, err := b.house.Book().Office(b.t.Context(), b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	return o.Domain
}

// person reads somebody by address from the provider itself.
func (b *bureau) person(address string) provider.Person {
	b.t.Helper()
	p, err := b.vendor.Adapter.Person(b.t.Context(), address)
	if err != nil {
		b.t.Fatal(address, err)
	}
	return p
}

// everything is the provider's whole directory as texts, one a line, without IDs that
// differ between an object and the same made anew.
func (b *bureau) everything() string {
	b.t.Helper()
	ctx := b.t.Context()
	caps, err := b.vendor.Capabilities(ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	other, err := directory.Open(ctx, b.t.TempDir())
	if err != nil {
		b.t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Refresh(ctx, "x", b.vendor.Adapter, caps, b.vendor.Adapter, nil); err != nil {
		b.t.Fatal(err)
	}
	v, err := other.View(ctx, "x")
	if err != nil {
		b.t.Fatal(err)
	}
	group := func(id string) string {
		if g, ok := v.Group(id); ok {
			return g.Name
		}
		return v.Path(id)
	}
	var lines []string
	line := func(what string, values []directory.Value) { lines = append(lines, fmt.Sprint(what, values)) }
	for _, p := range v.People {
		if p.Status != provider.Deleted {
			line("person", directory.PersonValues(p, v.Path))
		}
	}
	for _, d := range v.Departments {
		line("department", directory.DepartmentValues(d, v.Path))
	}
	for _, l := range v.Lists {
		line("list", directory.ListValues(l, v.Path))
	}
	for _, c := range v.Contacts {
		line("contact", directory.ContactValues(c, group))
	}
	for _, g := range v.Groups {
		line("group", directory.GroupValues(g))
	}
	for _, g := range v.Tags {
		line("tag", directory.TagValues(g, v.Path))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// vendor is the practice office's adapter with faults.
type vendor struct {
	*admin.Adapter

	mu         sync.Mutex
	before     func(call, target string) error // an error: nothing is done
	after      func(call, target string) error // an error: it was done, and the answer is lost
	firm       []provider.Attr                 // cannot be emptied
	usualQuota bool                            // a quota of -1 can be set
	stays      bool                            // whoever is deleted stays on lists
	untold     bool                            // no quota is told
	atOnce     int                             // so many may be created at once …
	away       time.Duration                   // … and changed, by calls that take so long
	underWay   map[string]string               // changes of people, by their target
	flaws      []string                        // what was under way together and must not be
	calls      []string
	carriedOut []string
}

func (v *vendor) through(call, target string, do func() error) error {
	v.mu.Lock()
	v.calls = append(v.calls, call+" "+target)
	before, after := v.before, v.after
	v.mu.Unlock()
	if before != nil {
		if err := before(call, target); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	v.mu.Lock()
	v.carriedOut = append(v.carriedOut, call+" "+target)
	v.mu.Unlock()
	if after != nil {
		return after(call, target)
	}
	return nil
}

// fail sets what fails.
func (v *vendor) fail(before, after func(call, target string) error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.before, v.after = before, after
}

// count tells how many calls begin so.
func (v *vendor) count(prefix string) int { return v.countIn(&v.calls, prefix) }

// did tells how many calls that begin so were carried out, answered or not.
func (v *vendor) did(prefix string) int { return v.countIn(&v.carriedOut, prefix) }

func (v *vendor) countIn(calls *[]string, prefix string) (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range *calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

func (v *vendor) Capabilities(ctx context.Context) (provider.Capabilities, error) {
	caps, err := v.Adapter.Capabilities(ctx)
	caps.Firm, caps.UsualQuota, caps.LeavesLists, caps.AtOnce = v.firm, v.usualQuota, caps.LeavesLists && !v.stays, v.atOnce
	return caps, err
}

func (v *vendor) CreatePerson(ctx context.Context, p provider.NewPerson) (made provider.Person, err error) {
	err = v.far("create", p.Address, func() (err error) { made, err = v.Adapter.CreatePerson(ctx, p); return err })
	if err != nil {
		made = provider.Person{}
	}
	return made, err
}

func (v *vendor) UpdatePerson(ctx context.Context, id string, c provider.PersonChange) error {
	return v.far("update", id, func() error { return v.Adapter.UpdatePerson(ctx, id, c) })
}

func (v *vendor) SuspendPerson(ctx context.Context, id string) error {
	return v.far("suspend", id, func() error { return v.Adapter.SuspendPerson(ctx, id) })
}

func (v *vendor) SetMailRights(ctx context.Context, id string, r provider.MailRights) error {
	return v.far("rights", id, func() error { return v.Adapter.SetMailRights(ctx, id, r) })
}

func (v *vendor) AddAlias(ctx context.Context, id, address string) error {
	return v.far("alias", id, func() error { return v.Adapter.AddAlias(ctx, id, address) })
}

func (v *vendor) DeletePerson(ctx context.Context, id string) error {
	return v.far("delete", id, func() error { return v.Adapter.DeletePerson(ctx, id) })
}

func (v *vendor) Person(ctx context.Context, id string) (p provider.Person, err error) {
	time.Sleep(v.away)
	err = v.through("person", id, func() (err error) { p, err = v.Adapter.Person(ctx, id); return err })
	if v.untold {
		p.Quota = -1
	}
	return p, err
}

// wholeVendor tells everybody at once, as a server does whose directory is one answer.
type wholeVendor struct{ *vendor }

func (v wholeVendor) Everybody(ctx context.Context) (all []provider.Person, err error) {
	err = v.through("everybody", "", func() error {
		for page := ""; ; {
			people, next, err := v.Adapter.People(ctx, page)
			if all = append(all, people...); err != nil || next == "" {
				return err
			}
			page = next
		}
	})
	return all, err
}

func (v *vendor) CreateDepartment(ctx context.Context, d provider.Department) (made provider.Department, err error) {
	err = v.through("department", d.Name, func() (err error) { made, err = v.Adapter.CreateDepartment(ctx, d); return err })
	return made, err
}

func (v *vendor) CreateList(ctx context.Context, l provider.List) (made provider.List, err error) {
	err = v.through("list", l.Address, func() (err error) { made, err = v.Adapter.CreateList(ctx, l); return err })
	return made, err
}

func (v *vendor) SaveContact(ctx context.Context, c provider.Contact) (made provider.Contact, err error) {
	err = v.through("contact", c.Name, func() (err error) { made, err = v.Adapter.SaveContact(ctx, c); return err })
	return made, err
}

// once fails the first call of a name with an error, and lets the others through.
func once(call string, err error) func(string, string) error {
	var first sync.Once
	return func(name, _ string) (failed error) {
		if name == call {
			first.Do(func() { failed = err })
		}
		return failed
	}
}

func wantCode(t *testing.T, what string, err error, code core.Code) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
