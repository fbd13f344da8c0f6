package contactfile

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// Existing says what happens to contacts that the book has already.
type Existing string

// The ways.
const (
	Leave  Existing = "leave"  // they stay as they are
	Update Existing = "update" // they get what the file says; nothing of the book is taken away
)

// Options say how a file comes into the book.
type Options struct {
	Existing Existing
	Group    string // ID of a group into which all come as well; "" none
}

// What is what happens to an entry.
type What string

// The outcomes of the check.
const (
	New     What = "new"
	Changed What = "changed"
	Same    What = "same" // the book has all of it
	Left    What = "left" // the book has the contact, and it is left as it is
)

// Row is an entry and what would happen.
type Row struct {
	Row     int
	Name    string
	Address string
	What    What
	Set     []provider.Attr // values that would change
	Found   string          // name of the contact of the book; "" none
}

// Outcome is what a file comes to.
type Outcome struct {
	Changes  []office.Change
	Rows     []Row
	Problems []Problem // those of the file first
	Groups   []string  // that would be created
}

// Count counts the rows with an outcome.
func (o Outcome) Count(what What) (n int) {
	for _, r := range o.Rows {
		if r.What == what {
			n++
		}
	}
	return n
}

// Stopped counts the rows or cards that are left out because something is wrong with them.
func (o Outcome) Stopped() int {
	rows := map[int]bool{}
	for _, p := range o.Problems {
		if p.Stop && p.Row > 0 {
			rows[p.Row] = true
		}
	}
	return len(rows)
}

// Plan tells which changes bring a file's contacts into the book. A contact with one of the
// addresses, or without addresses with the name and a number, is the same one. Groups that are
// missing are created. What is in the book and not in the file stays.
func (f *File) Plan(v *directory.View, o Options) Outcome {
	p := planning{file: f, view: v, options: o, out: Outcome{Problems: slices.Clone(f.Problems)}, handles: map[string]string{}, seen: map[string]int{}, met: map[string]int{}}
	p.index()
	for _, e := range f.Entries {
		p.entry(e)
	}
	p.out.Changes = append(p.makeGroups(), p.changes...)
	return p.out
}

type planning struct {
	file    *File
	view    *directory.View
	options Options
	out     Outcome
	known   map[string][]int // contacts of the book by key
	groups  map[string]string
	handles map[string]string // of groups to be created, by name in lower case
	names   []string          // of these, in their order
	seen    map[string]int    // keys of the file's own entries: the row
	met     map[string]int    // contacts of the book that a row was about
	changes []office.Change
}

func (p *planning) index() {
	p.known, p.groups = map[string][]int{}, map[string]string{}
	for i, c := range p.view.Contacts {
		for _, key := range append(addressKeys(c), numberKeys(c)...) {
			p.known[key] = append(p.known[key], i)
		}
	}
	for _, g := range p.view.Groups {
		if key := strings.ToLower(g.Name); p.groups[key] == "" {
			p.groups[key] = g.ID
		}
	}
}

func addressKeys(c provider.Contact) (keys []string) {
	for _, a := range c.Addresses {
		keys = append(keys, strings.ToLower(a))
	}
	return keys
}

// numberKeys know a contact by its name and a number, or the company where there is neither
// number nor address.
func numberKeys(c provider.Contact) (keys []string) {
	name := strings.ToLower(strings.Join(strings.Fields(c.Name), " "))
	for _, n := range []string{c.Mobile, c.Phone} {
		if n = digits(n); n != "" {
			keys = append(keys, name+"\x00"+n[max(0, len(n)-11):])
		}
	}
	if len(keys) == 0 && len(c.Addresses) == 0 {
		keys = append(keys, name+"\x00\x00"+strings.ToLower(c.Company))
	}
	return slices.Compact(keys)
}

func (p *planning) stop(e Entry, code Code, column provider.Attr, value string, first int) {
	name := string(column)
	if p.file.Kind == Cards {
		name = cardNames[column]
	}
	p.out.Problems = append(p.out.Problems, Problem{Code: code, Row: e.Row, Column: name, Value: cut(value, 60), First: first, Stop: true})
}

func (p *planning) entry(e Entry) {
	c := e.Contact
	addresses, column := addressKeys(c), attrAddresses
	keys := addresses
	if len(keys) == 0 {
		keys, column = numberKeys(c), provider.AttrName
	}
	for _, key := range keys {
		if first, twice := p.seen[key]; twice {
			p.stop(e, Duplicate, column, shown(c), first)
			return
		}
	}
	found := p.find(keys)
	if len(found) == 0 && len(addresses) > 0 { // the book may know it by its number alone
		for _, i := range p.find(numberKeys(c)) {
			if len(p.view.Contacts[i].Addresses) == 0 {
				found = append(found, i)
			}
		}
	}
	switch {
	case len(found) > 1:
		p.stop(e, Several, column, shown(c), 0)
		return
	case len(found) == 1:
		if first, twice := p.met[p.view.Contacts[found[0]].ID]; twice {
			p.stop(e, Duplicate, column, shown(c), first)
			return
		}
	}
	for _, key := range keys {
		p.seen[key] = e.Row
	}
	c.Groups = p.ids(c.Groups)
	if g := p.options.Group; g != "" && !slices.Contains(c.Groups, g) {
		c.Groups = append(c.Groups, g)
	}
	row := Row{Row: e.Row, Name: c.Name, Address: first(c.Addresses)}
	if len(found) == 0 {
		row.What = New
		p.change(e, c, "")
	} else {
		old := p.view.Contacts[found[0]]
		p.met[old.ID], row.Found = e.Row, old.Name
		if !p.existing(e, c, old, &row) {
			return
		}
	}
	p.out.Rows = append(p.out.Rows, row)
}

// existing decides about a contact that the book has; false: together they are too much.
func (p *planning) existing(e Entry, c, old provider.Contact, row *Row) bool {
	merged := merge(old, c, e.Contact.Name == first(c.Addresses))
	if len(merged.Addresses) > maxAddresses || len(strings.Join(merged.Addresses, ";")) > maxText {
		p.stop(e, TooLong, attrAddresses, shown(c), 0)
		return false
	}
	for _, d := range directory.Compare(directory.ContactValues(old, directory.AsIs), directory.ContactValues(merged, directory.AsIs)) {
		row.Set = append(row.Set, d.Attr)
	}
	switch {
	case len(row.Set) == 0:
		row.What = Same
	case p.options.Existing != Update:
		row.What = Left
	default:
		row.What = Changed
		p.change(e, merged, old.ID)
	}
	return true
}

func (p *planning) change(e Entry, c provider.Contact, target string) {
	c.ID = target
	p.changes = append(p.changes, office.Change{Kind: office.SaveContact, Target: target, Label: c.Name, Row: e.Row, Contact: c})
}

func (p *planning) find(keys []string) (found []int) {
	for _, key := range keys {
		for _, i := range p.known[key] {
			if !slices.Contains(found, i) {
				found = append(found, i)
			}
		}
	}
	return found
}

func shown(c provider.Contact) string {
	if a := first(c.Addresses); a != "" {
		return a
	}
	return c.Name
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// ids leads names of groups to IDs; those that are not there get handles.
func (p *planning) ids(names []string) []string {
	ids := []string{}
	for _, name := range names {
		key := strings.ToLower(name)
		id := p.groups[key]
		if id == "" {
			if id = p.handles[key]; id == "" {
				id = "@group/" + strconv.Itoa(len(p.handles)+1)
				p.handles[key], p.names = id, append(p.names, name)
			}
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// makeGroups creates the groups that the changes need, after those that are there.
func (p *planning) makeGroups() (changes []office.Change) {
	last, used := 0, map[string]bool{}
	for _, g := range p.view.Groups {
		last = max(last, g.Order)
	}
	for _, c := range p.changes {
		for _, g := range c.Contact.Groups {
			used[g] = true
		}
	}
	for _, name := range p.names {
		handle := p.handles[strings.ToLower(name)]
		if !used[handle] {
			continue
		}
		last++
		p.out.Groups = append(p.out.Groups, name)
		changes = append(changes, office.Change{Kind: office.SaveContactGroup, Handle: handle, Label: name, Group: provider.ContactGroup{Name: name, Order: last}})
	}
	return changes
}

// merge fills and replaces what the file says; nothing of the book is taken away. derived is
// true for a name that was made of the address.
func merge(old, c provider.Contact, derived bool) provider.Contact {
	out := old
	if !derived {
		out.Name = c.Name
	}
	for _, v := range []struct {
		to   *string
		from string
	}{{&out.Mobile, c.Mobile}, {&out.Phone, c.Phone}, {&out.Company, c.Company}, {&out.Title, c.Title}, {&out.Remark, c.Remark}} {
		if v.from != "" {
			*v.to = v.from
		}
	}
	if c.Order != 0 {
		out.Order = c.Order
	}
	out.Addresses = slices.Clone(old.Addresses)
	for _, a := range c.Addresses {
		if !slices.ContainsFunc(out.Addresses, func(b string) bool { return strings.EqualFold(a, b) }) {
			out.Addresses = append(out.Addresses, a)
		}
	}
	out.Groups = slices.Clone(old.Groups)
	for _, g := range c.Groups {
		if !slices.Contains(out.Groups, g) {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}
