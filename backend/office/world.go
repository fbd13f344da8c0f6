package office

import (
	"context"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// ref points at an object of an office.
type ref struct {
	object Object
	id     string
}

// reader asks the provider how an object is now. Departments and contacts come all at
// once and are believed for a moment; so do people where one answer holds them all.
type reader struct {
	live        *Live
	people      map[string]provider.Person // by ID; nil: not read
	peopleAt    time.Time
	closely     bool // no listing of people is believed: each change looks anew
	departments gathered[provider.Department]
	contacts    gathered[provider.Contact]
	groups      []provider.ContactGroup
}

// gathered are objects that a provider lists only together.
type gathered[T any] struct {
	all []T
	at  time.Time
}

// moment is how long a whole listing is believed while changes are being sent.
const moment = 5 * time.Second

func (g *gathered[T]) fresh() bool { return !g.at.IsZero() && time.Since(g.at) < moment }

// read is one object as the provider has it. Errors: not_found and those of the
// provider; unsupported where it cannot be asked.
func (r *reader) read(ctx context.Context, at ref) (thing, error) {
	missing := core.E(core.NotFound, "read target", nil, "object", string(at.object))
	switch at.object {
	case Person:
		p, err := r.person(ctx, at.id)
		p.Partial = false
		return thing{Person: &p}, err
	case List:
		lists, ok := r.live.Provider.(provider.ListReader)
		if !ok {
			return thing{}, core.E(core.Unsupported, "read list", nil)
		}
		l, err := lists.List(ctx, at.id)
		l.Partial = false
		return thing{List: &l}, err
	case Tag:
		tags, ok := r.live.Provider.(provider.TagReader)
		if !ok {
			return thing{}, core.E(core.Unsupported, "read tag", nil)
		}
		t, err := tags.Tag(ctx, at.id)
		t.Partial = false
		return thing{Tag: &t}, err
	case Department:
		if err := r.gatherDepartments(ctx); err != nil {
			return thing{}, err
		}
		for _, d := range r.departments.all {
			if d.ID == at.id {
				return thing{Department: &d}, nil
			}
		}
	case Contact, ContactGroup:
		if err := r.gatherContacts(ctx); err != nil {
			return thing{}, err
		}
		return r.contact(at, missing)
	}
	return thing{}, missing
}

// person is one person, without room used and last sign-in where all are read at once.
func (r *reader) person(ctx context.Context, id string) (provider.Person, error) {
	whole, ok := r.live.Provider.(provider.Whole)
	if !ok {
		return r.live.Provider.Person(ctx, id)
	}
	if r.people == nil || r.closely || time.Since(r.peopleAt) >= moment {
		all, err := whole.Everybody(ctx)
		if err != nil {
			return provider.Person{}, err
		}
		r.people, r.peopleAt = make(map[string]provider.Person, len(all)), time.Now()
		for _, p := range all {
			r.people[p.ID] = p
		}
	}
	p, ok := r.people[id]
	if !ok {
		return p, core.E(core.NotFound, "read target", nil, "object", string(Person))
	}
	return p, nil
}

func (r *reader) contact(at ref, missing error) (thing, error) {
	for _, c := range r.contacts.all {
		if at.object == Contact && c.ID == at.id {
			return thing{Contact: &c}, nil
		}
	}
	for _, g := range r.groups {
		if at.object == ContactGroup && g.ID == at.id {
			return thing{Group: &g}, nil
		}
	}
	return thing{}, missing
}

func (r *reader) gatherDepartments(ctx context.Context) error {
	if r.departments.fresh() {
		return nil
	}
	d, ok := r.live.Provider.(provider.DepartmentReader)
	if !ok {
		return core.E(core.Unsupported, "read departments", nil)
	}
	all, err := d.Departments(ctx)
	if err == nil {
		r.departments = gathered[provider.Department]{all, time.Now()}
	}
	return err
}

func (r *reader) gatherContacts(ctx context.Context) error {
	if r.contacts.fresh() {
		return nil
	}
	c := r.live.SharedContacts()
	if c == nil {
		return core.E(core.Unsupported, "read contacts", nil)
	}
	all, groups, err := c.Contacts(ctx)
	if err == nil {
		r.contacts, r.groups = gathered[provider.Contact]{all, time.Now()}, groups
	}
	return err
}

// changed forgets what a change of ours has made old, or may have.
func (r *reader) changed(object Object) {
	switch object {
	case Person:
		r.people = nil
	case Department:
		r.departments = gathered[provider.Department]{}
	case Contact, ContactGroup:
		r.contacts = gathered[provider.Contact]{}
	}
}

// keep is told how an object is after a change of ours; none: gone. Of people only that
// one is another now, of departments and contacts others may be.
func (r *reader) keep(at ref, t thing) {
	switch {
	case at.object != Person:
		r.changed(at.object)
	case r.people == nil:
	case t.none():
		delete(r.people, at.id)
	default:
		r.people[at.id] = *t.clone().Person
	}
}

// known is an object as the directory knows it.
func known(v *directory.View, at ref) (thing, bool) {
	switch at.object {
	case Person:
		p, ok := v.Person(at.id)
		return thing{Person: &p}, ok
	case Department:
		d, ok := v.Department(at.id)
		return thing{Department: &d}, ok
	case List:
		l, ok := v.List(at.id)
		return thing{List: &l}, ok
	case Contact:
		c, ok := v.Contact(at.id)
		return thing{Contact: &c}, ok
	case ContactGroup:
		g, ok := v.Group(at.id)
		return thing{Group: &g}, ok
	case Tag:
		t, ok := v.Tag(at.id)
		return thing{Tag: &t}, ok
	}
	return thing{}, false
}

// world is an office as it will be after the changes so far of a plan.
type world struct {
	view   *directory.View
	reader *reader
	// sparing is true where so much changes that what was last read is believed: every
	// target is read again before it is changed.
	sparing bool
	over    map[ref]thing           // none: gone
	uses    map[string]provider.Use // of addresses that the plan takes or frees
	nobody  map[string]bool         // addresses that the provider says are free
}

func newWorld(v *directory.View, live *Live, sparing bool) *world {
	return &world{view: v, reader: &reader{live: live}, sparing: sparing, over: map[ref]thing{}, uses: map[string]provider.Use{}, nobody: map[string]bool{}}
}

// get is an object as it will be.
func (w *world) get(ctx context.Context, at ref) (thing, error) {
	if t, ok := w.over[at]; ok {
		if t.none() {
			return t, core.E(core.NotFound, "read target", nil, "object", string(at.object), "reason", "gone")
		}
		return t, nil
	}
	if strings.HasPrefix(at.id, "@") {
		return thing{}, core.E(core.NotFound, "read target", nil, "object", string(at.object), "reason", "handle") // its creation is refused
	}
	if t, ok := known(w.view, at); ok && w.sparing && !t.partial() {
		return t, nil
	}
	return w.reader.read(ctx, at)
}

// set is told what a change makes of an object.
func (w *world) set(at ref, before, after thing) {
	w.over[at] = after
	for _, a := range addressesOf(before) {
		w.uses[a.address] = provider.UseFree
	}
	for _, a := range addressesOf(after) {
		w.uses[a.address] = a.use
	}
}

type usedAddress struct {
	address string
	use     provider.Use
}

func addressesOf(t thing) (all []usedAddress) {
	switch {
	case t.Person != nil:
		all = append(all, usedAddress{t.Person.Address, provider.UsePerson})
		for _, a := range t.Person.Aliases {
			all = append(all, usedAddress{a, provider.UseAlias})
		}
	case t.List != nil:
		all = append(all, usedAddress{t.List.Address, provider.UseList})
	}
	return all
}

// listsOf are the addresses of the lists that somebody is on by themselves.
func (p *previewing) listsOf(t thing) (all []string) {
	for _, l := range p.w.view.Lists {
		for _, a := range addressesOf(t) {
			if slices.Contains(l.Members, a.address) {
				all = append(all, l.Address)
				break
			}
		}
	}
	return all
}

// useOf says what an address will be used for, and by whom where that is known.
func (w *world) useOf(address string) (provider.Use, string) {
	if use, ok := w.uses[address]; ok {
		return use, ""
	}
	return w.view.UseOf(address)
}

// path names a department, those of the plan too.
func (w *world) path(id string) string {
	if t, ok := w.over[ref{Department, id}]; ok && t.Department != nil {
		above := w.path(t.Department.Parent)
		if above == "/" {
			return t.Department.Name
		}
		return above + "/" + t.Department.Name
	}
	return w.view.Path(id)
}

// name names departments and groups of contacts.
func (w *world) name(id string) string {
	if t, ok := w.over[ref{ContactGroup, id}]; ok && t.Group != nil {
		return t.Group.Name
	}
	if g, ok := w.view.Group(id); ok {
		return g.Name
	}
	return w.path(id)
}

// department says whether a department will be there.
func (w *world) department(id string) bool {
	if id == provider.RootDepartment {
		return true
	}
	if t, ok := w.over[ref{Department, id}]; ok {
		return !t.none()
	}
	_, ok := w.view.Department(id)
	return ok
}

// within says whether a department will be the other one or below it.
func (w *world) within(id, above string) bool {
	for range 1_000 {
		if id == above {
			return true
		}
		if id == provider.RootDepartment {
			return false
		}
		if t, ok := w.over[ref{Department, id}]; ok && t.Department != nil {
			id = t.Department.Parent
			continue
		}
		d, ok := w.view.Department(id)
		if !ok {
			return false
		}
		id = d.Parent
	}
	return true
}

// inhabited says whether somebody or something will be in a department.
func (w *world) inhabited(id string) bool {
	in := func(p provider.Person) bool {
		if p.Status == provider.Deleted {
			return false
		}
		for _, d := range p.Departments {
			if d == id {
				return true
			}
		}
		return false
	}
	for at, t := range w.over {
		if t.Person != nil && in(*t.Person) || t.Department != nil && t.Department.Parent == id && at.id != id {
			return true
		}
	}
	for _, p := range w.view.People {
		if _, other := w.over[ref{Person, p.ID}]; !other && in(p) {
			return true
		}
	}
	for _, d := range w.view.Departments {
		if _, other := w.over[ref{Department, d.ID}]; !other && d.Parent == id {
			return true
		}
	}
	return false
}
