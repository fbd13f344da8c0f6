package intake

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// Existing says what becomes of a row whose address somebody of the office has.
type Existing string

// The choices.
const (
	Leave  Existing = "leave"  // as they are
	Update Existing = "update" // the cells that differ; an empty cell changes nothing
)

// There is a row whose address somebody of the office has already.
type There struct {
	Number int // row of the file
	Called string
	Person provider.Person // as the directory knows them
	// Other is true where the name in the file is another one: perhaps it is somebody
	// else. Such a row is updated only where it is chosen by itself.
	Other  bool
	Chosen Existing
	Cells  []Cell

	set   []provider.Attr // of to
	to    provider.Person
	lists []string // IDs of those to be put on
}

// Cell is one value that differs. Departments are IDs, or handles of [Result.New].
type Cell struct {
	Column        Column
	Before, After []string
}

// there looks at a row whose address somebody has; from is how many problems there were
// before the row.
func (c *check) there(r Row, id string, from int) {
	p := c.people[id]
	e := There{Number: r.Number, Called: r.Called, Person: p, Chosen: c.o.Existing}
	e.Other = r.Called != "" && same(r.Called) != same(p.Name)
	if e.Other || e.Chosen == "" {
		e.Chosen = Leave
	}
	if own, ok := c.o.Rows[r.Number]; ok {
		e.Chosen = own
	}
	c.self = p
	c.values(&r)
	c.aliases(&r)
	c.hiddenAddresses(&r)
	c.departments(&r)
	c.memberships(&r)
	c.self = provider.Person{}
	c.differ(&e, r)
	all := slices.Clone(c.result.Problems[from:])
	c.result.Problems = c.result.Problems[:from]
	found := slices.DeleteFunc(all, func(q Problem) bool {
		if q.Row == 0 { // about a whole column, and told once
			c.result.Problems = append(c.result.Problems, q)
		}
		return q.Row == 0 || q.Code == Empty && q.Column == Name
	})
	if e.Chosen == Update && len(e.Cells) > 0 {
		c.result.Problems = append(c.result.Problems, found...)
		if slices.ContainsFunc(found, func(q Problem) bool { return q.Weight == Stop }) {
			c.result.Stopped++
			return
		}
		c.result.Changed++
		c.result.There = append(c.result.There, e)
		return
	}
	e.Chosen = Leave
	if e.Other {
		c.about(Taken, Stop, Address, func(q *Problem) { q.Who, q.Use = p.Name, provider.UsePerson })
		c.result.Stopped++
	} else {
		c.about(AlreadyThere, Look, Address, func(q *Problem) {
			if q.Who, q.Use = p.Name, provider.UsePerson; c.text(Address) == "" {
				q.Fixed = p.Address
			}
		})
		c.result.Already++
	}
	if len(e.Cells) > 0 {
		c.result.There = append(c.result.There, e)
	}
}

// differ finds the cells that say something else than the directory.
func (c *check) differ(e *There, r Row) {
	p, to := e.Person, &e.to
	*to = r.Person
	for col, v := range map[Column][2]string{
		Title: {p.Title, to.Title}, Mobile: {p.Mobile, to.Mobile}, Phone: {p.Phone, to.Phone}, StaffNo: {p.StaffNo, to.StaffNo},
		Remark: {p.Remark, to.Remark}, Gender: {p.Gender, to.Gender}, Hidden: {string(p.Hidden), string(to.Hidden)},
	} {
		if v[1] != "" && v[0] != v[1] && (col != Mobile && col != Phone || digits(v[0]) != digits(v[1])) {
			c.note(e, col, one(v[0]), one(v[1]))
		}
	}
	if to.Name = r.Called; e.Other {
		c.note(e, Name, one(p.Name), one(r.Called))
	}
	if c.text(Departments) != "" && len(to.Departments) > 0 && !equal(p.Departments, to.Departments) {
		c.note(e, Departments, p.Departments, to.Departments)
	}
	if to.Quota >= 0 && to.Quota != p.Quota {
		c.note(e, Quota, one(strconv.FormatInt(p.Quota, 10)), one(strconv.FormatInt(to.Quota, 10)))
	}
	if to.MailRights != "" && to.MailRights != p.MailRights {
		c.note(e, MailRights, one(string(p.MailRights)), one(string(to.MailRights)))
	}
	if to.Forward != nil && (p.Forward == nil || !equal(p.Forward.To, to.Forward.To)) {
		before := []string{}
		if p.Forward != nil {
			before = p.Forward.To
		}
		c.note(e, Forward, before, to.Forward.To)
	}
	if len(to.Aliases) > 0 {
		c.note(e, Aliases, p.Aliases, append(slices.Clone(p.Aliases), to.Aliases...))
	}
	if len(to.HiddenAddresses) > 0 && !equal(p.HiddenAddresses, to.HiddenAddresses) {
		c.note(e, HiddenAddresses, p.HiddenAddresses, to.HiddenAddresses)
	}
	e.lists = slices.DeleteFunc(r.Lists, func(id string) bool {
		return slices.ContainsFunc(c.d.Lists, func(l provider.List) bool { return l.ID == id && slices.Contains(l.Members, p.Address) })
	})
	if len(e.lists) > 0 {
		c.note(e, Lists, nil, many(c.text(Lists)))
	}
	if c.text(Password) != "" && e.Chosen == Update {
		c.stays(Password)
	}
	place := func(a Column) int { return slices.Index(Columns(), a) }
	slices.SortFunc(e.Cells, func(a, b Cell) int { return place(a.Column) - place(b.Column) })
	slices.SortFunc(e.set, func(a, b provider.Attr) int { return place(Column(a)) - place(Column(b)) })
}

// note keeps a cell that differs, where the office can change it.
func (c *check) note(e *There, col Column, before, after []string) {
	a, caps := provider.Attr(col), c.d.Capabilities
	switch {
	case caps.CanChange(a), col == Hidden && caps.Can(provider.CanHide):
		e.set = append(e.set, a)
	case col == Lists, col != Hidden && col != Password && col.later(caps):
	default:
		if e.Chosen == Update {
			c.stays(col)
		}
		return
	}
	e.Cells = append(e.Cells, Cell{col, slices.Clone(before), slices.Clone(after)})
}

// stays tells once that the values of a column are not changed.
func (c *check) stays(col Column) {
	if !c.stay[col] {
		c.stay[col] = true
		c.told = append(c.told, Problem{Code: NotChanged, Weight: Look, Column: col})
	}
}

// one is a value as the only one of a list; none where it is empty.
func one(text string) []string {
	if text == "" {
		return []string{}
	}
	return []string{text}
}

// equal compares lists whose order means nothing.
func equal(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// digits are what counts of a number: 139 0000 0000 and +86 139-0000-0000 are the same.
func digits(number string) string {
	all := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	if len(all) == 13 {
		all = strings.TrimPrefix(all, "86")
	}
	return all
}

// changes are what brings somebody to what the file says; nothing where they are left.
func (e There) changes() (all []office.Change) {
	if e.Chosen != Update {
		return nil
	}
	at := office.Change{Target: e.Person.ID, Label: e.Person.Address, Row: e.Number}
	if len(e.set) > 0 {
		c := at
		c.Kind, c.Set, c.Person, c.Seen = office.UpdatePerson, e.set, e.to, e.seen()
		all = append(all, c)
	}
	for _, cell := range e.Cells {
		c := at
		switch cell.Column {
		case Aliases:
			for _, a := range e.to.Aliases {
				c.Kind, c.Address = office.AddAlias, a
				all = append(all, c)
			}
		case HiddenAddresses:
			all = append(all, e.hiding(c)...)
		case MailRights:
			c.Kind, c.Rights = office.SetMailRights, e.to.MailRights
			all = append(all, c)
		case Forward:
			c.Kind, c.Forward = office.SetForward, e.to.Forward
			all = append(all, c)
		}
	}
	return all
}

// hiding shows and hides the addresses that the cell and the directory differ about.
func (e There) hiding(c office.Change) (all []office.Change) {
	before, after := e.Person.HiddenAddresses, e.to.HiddenAddresses
	for _, a := range slices.Concat([]string{e.Person.Address}, e.Person.Aliases, e.to.Aliases) {
		if on := slices.Contains(after, a); on != slices.Contains(before, a) {
			c.Kind, c.Address, c.On = office.HideAddress, a, on
			all = append(all, c)
		}
	}
	return all
}

// seen are the values as they were shown; what a listing does not tell was not seen.
func (e There) seen() (all []office.Seen) {
	if e.Person.Partial {
		return nil
	}
	for _, v := range directory.PersonValues(e.Person, directory.AsIs) {
		if v.Part == "" && slices.Contains(e.set, v.Attr) {
			all = append(all, office.Seen{Attr: v.Attr, Values: append([]string{}, v.Values...)})
		}
	}
	return all
}
