package directory

import (
	"context"
	"database/sql"
	"encoding/json"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// limits of what a provider may send.
const (
	maxPages  = 20_000
	maxPeople = 200_000
)

// Outcome is what a reading has found.
type Outcome struct {
	Added, Changed, Gone int
	Elsewhere            int // of these, changes that were not made with this program
	First                bool
}

// Refresh reads the directory whole and keeps what differs from what was known. contacts
// reads the shared book, which may be kept elsewhere than at the provider; nil: there is
// none. told hears how many people were read so far; nil: nobody listens. What this
// program has changed while it was reading stays as changed. Errors: those of the
// provider; what was known stays, and the view tells the trouble. Lists, contacts or tags
// that the provider refuses to tell are no error: the view's Trouble names the part.
func (s *Store) Refresh(ctx context.Context, office string, p provider.Provider, caps provider.Capabilities, contacts provider.ContactReader, told func(people int)) (Outcome, error) {
	turn := s.turn(office)
	turn.Lock()
	defer turn.Unlock()
	before, err := s.View(ctx, office)
	if err != nil {
		return Outcome{}, err
	}
	s.mu.Lock()
	s.clock++
	began := s.clock
	s.mu.Unlock()
	read, err := s.read(ctx, before, p, caps, contacts, told)
	if err != nil {
		s.Trouble(ctx, office, err)
		return Outcome{}, err
	}
	return s.keep(ctx, office, read, caps, began)
}

func (s *Store) turn(office string) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[office] == nil {
		s.busy[office] = &sync.Mutex{}
	}
	return s.busy[office]
}

// Trouble remembers in the view why a reading failed.
func (s *Store) Trouble(ctx context.Context, office string, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.viewLocked(ctx, office)
	if err != nil || core.CodeOf(why) == core.Canceled {
		return
	}
	next := v.clone()
	next.Seq, next.Trouble = v.Seq+1, why
	s.views[office] = next
}

// read asks the provider for everything that it can tell.
func (s *Store) read(ctx context.Context, before *View, p provider.Provider, caps provider.Capabilities, contacts provider.ContactReader, told func(int)) (*View, error) {
	v := &View{Office: before.Office}
	var err error
	if v.Domains, err = p.Domains(ctx); err != nil && core.CodeOf(err) != core.Unsupported {
		return nil, err
	}
	if d, ok := p.(provider.DepartmentReader); ok && caps.Can(provider.CanReadDepartments) {
		if v.Departments, err = d.Departments(ctx); err != nil {
			return nil, err
		}
	}
	if caps.Can(provider.CanReadPeople) {
		if v.People, err = readPeople(ctx, p, before, told); err != nil {
			return nil, err
		}
	}
	if l, ok := p.(provider.ListReader); ok && caps.Can(provider.CanReadLists) {
		if v.Lists, err = readLists(ctx, l, before); v.lacks("lists", err) {
			v.Lists, err = before.Lists, nil
		}
	}
	if err == nil && contacts != nil && caps.Can(provider.CanReadContacts) {
		if v.Contacts, v.Groups, err = contacts.Contacts(ctx); v.lacks("contacts", err) {
			v.Contacts, v.Groups, err = before.Contacts, before.Groups, nil
		}
	}
	if t, ok := p.(provider.TagReader); err == nil && ok && caps.Can(provider.CanReadTags) {
		if v.Tags, err = readTags(ctx, t, before); v.lacks("tags", err) {
			v.Tags, err = before.Tags, nil
		}
	}
	return v, err
}

// lacks says whether a part of the directory is refused for itself: the people are told
// all the same, and what was known of that part stays. Anything else that goes wrong,
// such as a lost connection, is no matter of the part.
func (v *View) lacks(part string, err error) bool {
	switch core.CodeOf(err) {
	case core.Forbidden, core.Unsupported, core.NotFound, core.Invalid, core.Rejected, core.Malformed:
	default:
		return false
	}
	if v.Trouble == nil {
		v.Trouble = core.E(core.CodeOf(err), "read directory", err, "part", part)
	}
	return true
}

// mostTags is of how many tags a reading finds out who has them, where the listing leaves
// it open. Others are as they were known.
const mostTags = 300

func readTags(ctx context.Context, p provider.TagReader, before *View) ([]provider.Tag, error) {
	all, err := p.Tags(ctx)
	if err != nil {
		return nil, err
	}
	for i, one := range all {
		if !one.Partial {
			continue
		}
		if i >= mostTags {
			known, _ := before.Tag(one.ID)
			all[i] = mergeTag(one, known)
			continue
		}
		whole, err := p.Tag(ctx, one.ID)
		if core.CodeOf(err) == core.NotFound {
			continue // gone meanwhile: the next reading shows it
		}
		if err != nil {
			return nil, err
		}
		whole.Partial = false
		all[i] = whole
	}
	return all, nil
}

// readPeople follows the pages. Somebody who stands on two of them, because the
// directory changed while it was read, counts once.
func readPeople(ctx context.Context, p provider.Provider, before *View, told func(int)) ([]provider.Person, error) {
	var all []provider.Person
	seen := map[string]bool{}
	page := ""
	for range maxPages {
		people, next, err := p.People(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, one := range people {
			if one.ID == "" || seen[one.ID] {
				continue
			}
			seen[one.ID] = true
			known, _ := before.Person(one.ID)
			all = append(all, MergePerson(one, known))
		}
		if told != nil {
			told(len(all))
		}
		if next == "" {
			return all, nil
		}
		if next == page || len(all) > maxPeople {
			break
		}
		page = next
	}
	return nil, core.E(core.Malformed, "read people", nil, "reason", "pages")
}

func readLists(ctx context.Context, p provider.ListReader, before *View) ([]provider.List, error) {
	var all []provider.List
	seen := map[string]bool{}
	page := ""
	for range maxPages {
		lists, next, err := p.Lists(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, one := range lists {
			if one.ID == "" || seen[one.ID] {
				continue
			}
			seen[one.ID] = true
			known, _ := before.List(one.ID)
			all = append(all, mergeList(one, known))
		}
		if next == "" {
			return all, nil
		}
		if next == page || len(all) > maxPeople {
			break
		}
		page = next
	}
	return nil, core.E(core.Malformed, "read lists", nil, "reason", "pages")
}

// keep compares what was read with what is known by now, and writes what differs.
func (s *Store) keep(ctx context.Context, office string, read *View, caps provider.Capabilities, began int64) (Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, err := s.viewLocked(ctx, office)
	if err != nil {
		return Outcome{}, err
	}
	m := &merging{s: s, office: office, began: began, before: before, read: read, out: Outcome{First: before.Refreshed.IsZero()}}
	read.order()
	read.ready()
	merge(m, person, &read.People, before.People, personKey)
	merge(m, department, &read.Departments, before.Departments, departmentKey)
	merge(m, list, &read.Lists, before.Lists, listKey)
	merge(m, contact, &read.Contacts, before.Contacts, contactKey)
	merge(m, contactGroup, &read.Groups, before.Groups, groupKey)
	merge(m, tag, &read.Tags, before.Tags, tagKey)
	if m.err != nil {
		return Outcome{}, core.E(core.Internal, "compare directory", m.err)
	}
	next := &View{
		Office: office, Seq: before.Seq + 1, Refreshed: time.Now().Truncate(time.Millisecond), Domains: read.Domains,
		People: read.People, Departments: read.Departments, Lists: read.Lists, Contacts: read.Contacts, Groups: read.Groups, Tags: read.Tags,
		Trouble: read.Trouble, Unseen: before.Unseen + len(m.news), cache: before.cache,
	}
	next.order()
	if err := s.db.Write(ctx, func(tx *sql.Tx) error { return m.write(ctx, tx, next) }); err != nil {
		return Outcome{}, err
	}
	for k := range s.ours { // what was changed before the reading is as it was read
		if k.office == office && s.touched[k] <= began {
			delete(s.ours, k)
			delete(s.touched, k)
		}
	}
	s.views[office] = next
	m.out.Elsewhere = len(m.news)
	return m.out, nil
}

// write brings the file up to the new view.
func (m *merging) write(ctx context.Context, tx *sql.Tx, next *View) error {
	domains, err := json.Marshal(next.Domains)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO office VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET refreshed=excluded.refreshed, domains=excluded.domains`,
		m.office, store.Millis(next.Refreshed), string(domains)); err != nil {
		return err
	}
	put, err := putting(ctx, tx)
	if err != nil {
		return err
	}
	defer put.Close()
	for _, p := range m.puts {
		if _, err := put.ExecContext(ctx, p.key.office, p.key.object, p.key.id, false, p.record); err != nil {
			return err
		}
	}
	for _, k := range m.drops {
		if err := drop(ctx, tx, k); err != nil {
			return err
		}
	}
	for _, n := range m.news {
		if err := tell(ctx, tx, m.office, next.Refreshed, n); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM news WHERE office=?1 AND seq <= (SELECT seq FROM news WHERE office=?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`, m.office, maxNews)
	return err
}

// putting writes an entry for office, object, ID, whether it is ours, and record.
func putting(ctx context.Context, tx *sql.Tx) (*sql.Stmt, error) {
	return tx.PrepareContext(ctx, `INSERT INTO entry VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET ours=excluded.ours, record=excluded.record`)
}

func drop(ctx context.Context, tx *sql.Tx, k key) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM entry WHERE office=? AND object=? AND id=?`, k.office, k.object, k.id)
	return err
}
