package intake

import (
	"slices"
	"strings"

	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

func secretOf(text string) secret.Value { return secret.NewValue(text) }

// maxDepth is how many floors a path of departments may have.
const maxDepth = 20

// units finds departments by path or by name.
type units struct {
	below map[string]map[string]string // parent → folded name → ID
	named map[string][]string          // folded name → IDs
}

func newUnits(all []provider.Department) *units {
	u := &units{below: map[string]map[string]string{}, named: map[string][]string{}}
	for _, d := range all {
		u.add(d.ID, d.Parent, d.Name)
	}
	return u
}

func (u *units) add(id, parent, name string) {
	if u.below[parent] == nil {
		u.below[parent] = map[string]string{}
	}
	u.below[parent][same(name)] = id
	u.named[same(name)] = append(u.named[same(name)], id)
}

// path takes "Sales/East" or "Sales > East" apart.
func path(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/\\>＞／", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// find follows a path from the top; a single name may stand anywhere in the tree if
// only one department has it. left is what does not exist of the path, below parent.
func (u *units) find(names []string) (id, parent string, left []string, several bool) {
	if len(names) == 1 {
		switch ids := u.named[same(names[0])]; {
		case len(ids) == 1:
			return ids[0], "", nil, false
		case len(ids) > 1 && u.below[provider.RootDepartment][same(names[0])] == "":
			return "", "", nil, true
		}
	}
	parent = provider.RootDepartment
	for i, name := range names {
		next, ok := u.below[parent][same(name)]
		if !ok {
			return "", parent, names[i:], false
		}
		parent = next
	}
	return parent, "", nil, false
}

// departments reads where the person belongs.
func (c *check) departments(r *Row) {
	if !c.has(Departments) {
		if c.self.ID == "" && c.o.Department != "" && Departments.fits(c.d.Capabilities) {
			r.Person.Departments = []string{c.o.Department}
		}
		return
	}
	for _, text := range many(c.text(Departments)) {
		names := path(text)
		id, parent, left, several := c.units.find(names)
		tell := func(p *Problem) { p.Value = bounded(text) }
		switch {
		case len(names) == 0 || len(names) > maxDepth:
			c.about(BadValue, Stop, Departments, tell)
			continue
		case several:
			c.about(AmbiguousDepartment, Stop, Departments, tell)
			continue
		case left != nil && (!c.o.MakeDepartments || !c.d.Capabilities.Can(provider.CanEditDepartments)):
			c.about(UnknownDepartment, Stop, Departments, tell)
			continue
		case left != nil:
			id = c.create(parent, names, left)
			c.about(NewDepartment, Look, Departments, tell)
		}
		if !slices.Contains(r.Person.Departments, id) {
			r.Person.Departments = append(r.Person.Departments, id)
		}
	}
	if len(r.Person.Departments) > 1 && !c.d.Capabilities.ManyDepartments {
		c.about(ManyDepartments, Stop, Departments, nil)
	}
}

// create notes the departments that must be made for a path; it returns the last one's
// handle.
func (c *check) create(parent string, whole, left []string) string {
	for i, name := range left {
		handle := "@d" + itoa(len(c.result.New)+1)
		full := strings.Join(whole[:len(whole)-len(left)+i+1], "/")
		c.result.New = append(c.result.New, NewUnit{handle, parent, name, full})
		c.units.add(handle, parent, name)
		parent = handle
	}
	return parent
}

// prune leaves out the departments that only rows with problems wanted.
func (c *check) prune() {
	wanted := map[string]bool{}
	for _, r := range c.result.Rows {
		for _, id := range r.Person.Departments {
			wanted[id] = true
		}
	}
	for _, e := range c.result.There {
		for _, id := range e.to.Departments {
			wanted[id] = wanted[id] || e.Chosen == Update
		}
	}
	for i := len(c.result.New) - 1; i >= 0; i-- { // children stand behind their parents
		if u := c.result.New[i]; wanted[u.Handle] {
			wanted[u.Parent] = true
		}
	}
	c.result.New = slices.DeleteFunc(c.result.New, func(u NewUnit) bool { return !wanted[u.Handle] })
}
