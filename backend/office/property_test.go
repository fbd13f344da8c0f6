package office_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// Whatever is done to an office in one plan, in whatever order, taking it back gives the
// same office. Steps that cannot be done are left out, as they are for people; what has
// no way back (passwords) is not tried here.
func TestAnyPlanTakenBackGivesTheSameDirectory(t *testing.T) {
	b := newBureau(t)
	b.do(append(b.all(t), office.Change{Kind: office.SuspendPerson, Target: b.person("li.lei@" + b.domain()).ID})...)
	done := map[office.Kind]int{}
	for seed := range uint64(12) {
		before := b.everything()
		m := &mischief{b: b, r: rand.New(rand.NewPCG(seed, 7))}
		p := b.preview(m.changes(t, 14)...)
		if p.Ready == 0 {
			continue
		}
		run := b.apply(p)
		for _, res := range b.results(run) {
			if res.Outcome == office.Made {
				done[res.Kind]++
			} else if res.Outcome != office.Refused {
				t.Errorf("seed %d: %s %s: %s %v %v", seed, res.Kind, res.Label, res.Outcome, res.Trouble, core.ArgsOf(res.Trouble))
			}
		}
		undo, err := b.desk.Undo(t.Context(), run.ID)
		if err != nil {
			t.Fatal(err)
		}
		if undo.Refused > 0 {
			t.Errorf("seed %d: %+v", seed, undo.Steps)
		}
		if undo.Ready > 0 {
			b.apply(undo)
		}
		if after := b.everything(); after != before {
			t.Fatalf("seed %d: %s\nplan: %+v", seed, difference(before, after), p.Steps)
		}
	}
	for _, k := range office.Kinds() {
		if done[k] == 0 && k != office.SetPassword && k != office.DeletePersonKeeping && k != office.RestorePerson && k.Of() != office.UntoldList {
			t.Errorf("%s was never done: %v", k, done)
		}
	}
}

// difference shows the lines that only one of two texts has.
func difference(before, after string) string {
	in := func(text string) map[string]bool {
		all := map[string]bool{}
		for line := range strings.Lines(text) {
			all[line] = true
		}
		return all
	}
	var out strings.Builder
	for line := range in(before) {
		if !in(after)[line] {
			out.WriteString("-" + line + "\n")
		}
	}
	for line := range in(after) {
		if !in(before)[line] {
			out.WriteString("+" + line + "\n")
		}
	}
	return out.String()
}

// mischief makes plans up.
type mischief struct {
	b *bureau
	r *rand.Rand
	n int
}

func pickOf[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

func (m *mischief) word() string {
	m.n++
	return fmt.Sprintf("w%d-%d", m.r.IntN(1000), m.n)
}

func (m *mischief) changes(t *testing.T, n int) (all []office.Change) {
	t.Helper()
	v, err := m.b.store.View(t.Context(), m.b.id)
	if err != nil {
		t.Fatal(err)
	}
	var people []provider.Person
	for _, p := range v.People {
		if p.Status != provider.Deleted {
			people = append(people, p)
		}
	}
	at := "@" + m.b.domain()
	for range n {
		person, dep, list := pickOf(m.r, people), pickOf(m.r, v.Departments), pickOf(m.r, v.Lists)
		who := office.Change{Target: person.ID}
		switch m.r.IntN(26) {
		case 0:
			who = m.b.somebody(strings.ToLower(m.word()))
			who.Person.Departments = []string{dep.ID}
		case 1, 2:
			who.Kind, who.Set = office.UpdatePerson, []provider.Attr{provider.AttrTitle, provider.AttrRemark, provider.AttrQuota}
			who.Person = provider.Person{Title: m.word(), Remark: m.word(), Quota: int64(m.r.IntN(9)) << 30}
		case 3:
			who.Kind, who.Set, who.Person.Departments = office.UpdatePerson, []provider.Attr{provider.AttrDepartments}, []string{dep.ID}
		case 4:
			who.Kind = office.DeletePerson
			if sends(v.Lists, person.Address) {
				continue // the practice office does not bring back whom it struck from the named senders
			}
		case 5:
			who.Kind = office.SuspendPerson
			if i := slices.IndexFunc(people, func(p provider.Person) bool { return p.Status == provider.Suspended }); i >= 0 && m.r.IntN(2) == 0 {
				who.Kind, who.Target = office.ResumePerson, people[i].ID
			}
		case 6:
			who.Kind, who.Address = office.AddAlias, strings.ToLower(m.word())+at
		case 7:
			who.Kind, who.Address = office.RemoveAlias, "none"+at
			for _, one := range people {
				if len(one.Aliases) > 0 && m.r.IntN(2) == 0 {
					who.Target, who.Address = one.ID, one.Aliases[0]
				}
			}
		case 8:
			who.Kind, who.Forward = office.SetForward, &provider.Forward{To: []string{pickOf(m.r, people).Address}, Keep: m.r.IntN(2) == 0}
		case 9:
			who.Kind, who.Rights = office.SetMailRights, pickOf(m.r, []provider.MailRights{provider.Everywhere, provider.InsideOnly, provider.SendInside})
		case 10:
			who.Kind, who.Way, who.On = office.SetSignIn, pickOf(m.r, []provider.Way{provider.IMAP, provider.POP}), m.r.IntN(2) == 0
		case 11:
			who.Kind, who.On = office.SetHidden, m.r.IntN(2) == 0
		case 12:
			who = office.Change{Kind: office.CreateDepartment, Department: provider.Department{Parent: dep.ID, Name: m.word()}}
		case 13:
			who = office.Change{Kind: office.UpdateDepartment, Target: dep.ID, Set: []provider.Attr{provider.AttrName, provider.AttrRemark}, Department: provider.Department{Name: m.word(), Remark: m.word()}}
		case 14:
			who = office.Change{Kind: office.UpdateDepartment, Target: dep.ID, Set: []provider.Attr{provider.AttrParent}, Department: provider.Department{Parent: pickOf(m.r, v.Departments).ID}}
		case 15:
			for _, d := range v.Departments {
				if d.Name == "丙" { // nobody is in it
					dep = d
				}
			}
			who = office.Change{Kind: office.DeleteDepartment, Target: dep.ID}
		case 16:
			who = office.Change{Kind: office.CreateList, List: provider.List{Address: strings.ToLower(m.word()) + at, Name: m.word(), Members: []string{person.Address}, Policy: provider.PolicyInside}}
		case 17:
			who = office.Change{Kind: office.UpdateList, Target: list.ID, Set: []provider.Attr{provider.AttrName}, List: provider.List{Name: m.word()}, AddMembers: []string{person.Address}}
		case 18:
			who = office.Change{Kind: office.DeleteList, Target: list.ID}
		case 19, 20:
			who = m.tag(v, person, dep)
		case 21, 22: // of somebody with aliases, if there is one
			if i := slices.IndexFunc(people, func(p provider.Person) bool { return len(p.Aliases) > 0 }); i >= 0 {
				person = people[i]
			}
			who = office.Change{Kind: office.SetPrimary, Target: person.ID, Address: pickOf(m.r, append(slices.Clone(person.Aliases), "none"+at))}
			if m.r.IntN(2) == 0 {
				who = office.Change{Kind: office.HideAddress, Target: person.ID, Address: pickOf(m.r, append(slices.Clone(person.Aliases), person.Address)), On: m.r.IntN(3) > 0}
			}
		default:
			who = m.book(t)
		}
		all = append(all, who)
	}
	return all
}

// tag changes the tags.
func (m *mischief) tag(v *directory.View, person provider.Person, dep provider.Department) office.Change {
	if len(v.Tags) == 0 || m.r.IntN(3) == 0 {
		return office.Change{Kind: office.CreateTag, Tag: provider.Tag{Name: m.word(), People: []string{person.Address}, Departments: []string{dep.ID}}}
	}
	tag := pickOf(m.r, v.Tags)
	switch m.r.IntN(4) {
	case 0:
		return office.Change{Kind: office.DeleteTag, Target: tag.ID}
	case 1:
		return office.Change{Kind: office.UpdateTag, Target: tag.ID, Set: []provider.Attr{provider.AttrName, provider.AttrDepartments}, Tag: provider.Tag{Name: m.word(), Departments: []string{dep.ID}}}
	}
	return office.Change{Kind: office.UpdateTag, Target: tag.ID, AddMembers: []string{person.Address}, RemoveMembers: tag.People[:min(1, len(tag.People))]}
}

// sends says whether somebody is a named sender of a list.
func sends(lists []provider.List, address string) bool {
	return slices.ContainsFunc(lists, func(l provider.List) bool { return slices.Contains(l.Senders, address) })
}

// book changes the shared contacts.
func (m *mischief) book(t *testing.T) office.Change {
	t.Helper()
	v, err := m.b.store.View(t.Context(), m.b.id)
	if err != nil {
		t.Fatal(err)
	}
	switch m.r.IntN(5) {
	case 0:
		return office.Change{Kind: office.SaveContact, Contact: provider.Contact{Name: m.word(), Addresses: []string{m.word() + "@shop.example"}}}
	case 1:
		return office.Change{Kind: office.DeleteContact, Target: pickOf(m.r, v.Contacts).ID}
	case 2:
		return office.Change{Kind: office.SaveContactGroup, Group: provider.ContactGroup{Name: m.word()}}
	case 3:
		return office.Change{Kind: office.DeleteContactGroup, Target: pickOf(m.r, v.Groups).ID}
	}
	c := pickOf(m.r, v.Contacts)
	c.Company = m.word()
	return office.Change{Kind: office.SaveContact, Target: c.ID, Contact: c}
}
