package directory

import (
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/office/naming"
	"mailroom/backend/provider"
)

// View is an office's directory as it was last read. It never changes; a newer one
// replaces it.
type View struct {
	Office      string
	Seq         int64     // grows with every change
	Refreshed   time.Time // when it was last read whole; zero: never
	Trouble     error     // why the last reading failed, or, with Args part (lists, contacts, tags), lacks that; nil: it did not
	Domains     []provider.Domain
	People      []provider.Person     // by address
	Departments []provider.Department // parents before children
	Lists       []provider.List       // by address
	Contacts    []provider.Contact
	Groups      []provider.ContactGroup
	Tags        []provider.Tag // by name
	Unseen      int            // changes made elsewhere that nobody has looked at

	prepare sync.Once
	byID    map[string]int
	texts   []string // what people are searched in, by their place
	cache   *texts   // of the views before
	paths   map[string]string
	uses    map[string]use
}

// use is what an address is used for, and by whom.
type use struct {
	as provider.Use
	by string
}

// people that are too many for one answer are cut here.
const maxHits = 5_000

// ready makes what look-ups need.
func (v *View) ready() {
	v.prepare.Do(func() {
		v.byID = make(map[string]int, len(v.People))
		v.texts = make([]string, len(v.People))
		for i, p := range v.People {
			v.byID[p.ID] = i
		}
		v.cache.fill(v.texts, v.People)
		v.uses = v.addresses()
		v.paths = make(map[string]string, len(v.Departments))
		for _, d := range v.Departments {
			path := d.Name
			if above := v.paths[d.Parent]; above != "" {
				path = above + "/" + d.Name
			}
			v.paths[d.ID] = path
		}
	})
}

// Path writes a department by its names, with "/" between the floors; the office itself
// is "/". An ID that is not known is written as it is.
func (v *View) Path(id string) string {
	v.ready()
	if id == provider.RootDepartment {
		return "/"
	}
	if path, ok := v.paths[id]; ok {
		return path
	}
	return id
}

// Person finds somebody by ID.
func (v *View) Person(id string) (provider.Person, bool) {
	v.ready()
	i, ok := v.byID[id]
	if !ok {
		return provider.Person{}, false
	}
	return v.People[i], true
}

// Department finds one by ID.
func (v *View) Department(id string) (provider.Department, bool) {
	i := slices.IndexFunc(v.Departments, func(d provider.Department) bool { return d.ID == id })
	if i < 0 {
		return provider.Department{}, false
	}
	return v.Departments[i], true
}

// List finds one by ID.
func (v *View) List(id string) (provider.List, bool) {
	i := slices.IndexFunc(v.Lists, func(l provider.List) bool { return l.ID == id })
	if i < 0 {
		return provider.List{}, false
	}
	return v.Lists[i], true
}

// Contact finds one by ID.
func (v *View) Contact(id string) (provider.Contact, bool) {
	i := slices.IndexFunc(v.Contacts, func(c provider.Contact) bool { return c.ID == id })
	if i < 0 {
		return provider.Contact{}, false
	}
	return v.Contacts[i], true
}

// Group finds a group of contacts by ID.
func (v *View) Group(id string) (provider.ContactGroup, bool) {
	i := slices.IndexFunc(v.Groups, func(g provider.ContactGroup) bool { return g.ID == id })
	if i < 0 {
		return provider.ContactGroup{}, false
	}
	return v.Groups[i], true
}

// Tag finds one by ID.
func (v *View) Tag(id string) (provider.Tag, bool) {
	i := slices.IndexFunc(v.Tags, func(t provider.Tag) bool { return t.ID == id })
	if i < 0 {
		return provider.Tag{}, false
	}
	return v.Tags[i], true
}

// addresses collects what each address is used for.
func (v *View) addresses() map[string]use {
	all := make(map[string]use, 2*len(v.People)+len(v.Lists))
	for _, p := range v.People {
		if p.Status != provider.Deleted {
			all[strings.ToLower(p.Address)] = use{provider.UsePerson, p.ID}
		}
		for _, alias := range p.Aliases {
			all[strings.ToLower(alias)] = use{provider.UseAlias, p.ID}
		}
	}
	for _, l := range v.Lists {
		all[strings.ToLower(l.Address)] = use{provider.UseList, l.ID}
	}
	return all
}

// UseOf says what an address is used for, as far as the directory knows, and by whom
// (an ID).
func (v *View) UseOf(address string) (provider.Use, string) {
	v.ready()
	if u, ok := v.uses[strings.ToLower(address)]; ok {
		return u.as, u.by
	}
	return provider.UseFree, ""
}

// Search finds people by name, pinyin, initials, address, phone or staff number: all
// words of the text must be there. The best come first: those whose name or address
// begins so. It returns IDs, and all of them for an empty text.
func (v *View) Search(text string, limit int) []string {
	v.ready()
	if limit <= 0 || limit > maxHits {
		limit = maxHits
	}
	text = strings.ToLower(strings.TrimSpace(text))
	first, rest := []string{}, []string{}
	for i, p := range v.People {
		if !naming.Matches(v.texts[i], text) {
			continue
		}
		if strings.HasPrefix(v.texts[i], text) || strings.Contains(v.texts[i], "\n"+text) {
			first = append(first, p.ID)
		} else {
			rest = append(rest, p.ID)
		}
	}
	hits := append(first, rest...)
	return hits[:min(len(hits), limit)]
}

// Texts are what people are searched in, by their place, as naming.Matches takes them.
// They must not be changed.
func (v *View) Texts() []string {
	v.ready()
	return v.texts
}

// clone is a copy whose lists can be changed.
func (v *View) clone() *View {
	return &View{
		Office: v.Office, Seq: v.Seq, Refreshed: v.Refreshed, Trouble: v.Trouble, Unseen: v.Unseen,
		Domains: v.Domains, People: slices.Clone(v.People), Departments: slices.Clone(v.Departments), Lists: slices.Clone(v.Lists),
		Contacts: slices.Clone(v.Contacts), Groups: slices.Clone(v.Groups), Tags: slices.Clone(v.Tags), cache: v.cache,
	}
}

// order puts everything into its order.
func (v *View) order() {
	slices.SortStableFunc(v.People, func(a, b provider.Person) int { return strings.Compare(a.Address, b.Address) })
	slices.SortStableFunc(v.Lists, func(a, b provider.List) int { return strings.Compare(a.Address, b.Address) })
	slices.SortStableFunc(v.Contacts, func(a, b provider.Contact) int {
		return cmpOr(a.Order-b.Order, strings.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(v.Groups, func(a, b provider.ContactGroup) int { return cmpOr(a.Order-b.Order, strings.Compare(a.Name, b.Name)) })
	slices.SortStableFunc(v.Tags, func(a, b provider.Tag) int { return strings.Compare(a.Name, b.Name) })
	v.Departments = tree(v.Departments)
}

func cmpOr(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// tree puts parents before children, brothers by their order and name. A department
// whose parent is not there is put at the end.
func tree(all []provider.Department) []provider.Department {
	below := map[string][]provider.Department{}
	for _, d := range all {
		below[d.Parent] = append(below[d.Parent], d)
	}
	ordered := make([]provider.Department, 0, len(all))
	placed := map[string]bool{}
	var walk func(parent string)
	walk = func(parent string) {
		brothers := below[parent]
		slices.SortStableFunc(brothers, func(a, b provider.Department) int {
			return cmpOr(a.Order-b.Order, strings.Compare(a.Name, b.Name))
		})
		for _, d := range brothers {
			if !placed[d.ID] {
				placed[d.ID] = true
				ordered = append(ordered, d)
				walk(d.ID)
			}
		}
	}
	walk(provider.RootDepartment)
	for _, d := range all {
		if !placed[d.ID] {
			placed[d.ID] = true
			ordered = append(ordered, d)
		}
	}
	return ordered
}

// PartialLists says whether some list is known in part only: [Store.CompleteLists] looks.
func (v *View) PartialLists() bool {
	return slices.ContainsFunc(v.Lists, func(l provider.List) bool { return l.Partial })
}
