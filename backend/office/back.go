package office

import (
	"cmp"
	"slices"
	"strconv"

	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// wayBack says whether a change can be taken back, and if not, why.
func (l *Live) wayBack(c Change, before thing) (bool, KeepsBack) {
	can := func(what provider.Capability) (bool, KeepsBack) {
		if l.Capabilities.Can(what) {
			return true, ""
		}
		return false, BackNotAtProvider
	}
	switch c.Kind {
	case CreatePerson, RestorePerson:
		return can(provider.CanDeletePeople)
	case DeletePerson:
		if l.Capabilities.Can(provider.CanRestorePeople) {
			return true, ""
		}
		return false, BackMailGone
	case DeletePersonKeeping:
		return false, BackNotAtProvider
	case SetPassword:
		return false, BackSecret
	case SetPrimary:
		if l.Capabilities.PrimaryNew {
			return false, BackNotAtProvider
		}
	}
	stays, why := l.stays(c, before)
	if !c.creates() && len(c.inverse(before, "", stays)) == 0 {
		if why == "" {
			why = BackNotKnown
		}
		return false, why
	}
	return true, ""
}

// stays are the values of a change that cannot be set back to what was before, and why
// the first of them cannot.
func (l *Live) stays(c Change, before thing) (all []provider.Attr, why KeepsBack) {
	if before.none() || c.Kind != UpdatePerson && c.Kind != UpdateList {
		return nil, ""
	}
	note := func(a provider.Attr, because KeepsBack) {
		if all = append(all, a); why == "" {
			why = because
		}
	}
	for _, a := range c.Set {
		switch {
		case before.List != nil && untoldList(*before.List, a):
			note(a, BackNotKnown)
		case before.Person == nil:
		case a == provider.AttrQuota && l.Capabilities.UsualQuota:
		case untold(*before.Person, a):
			note(a, BackNotKnown)
		case l.firm(*before.Person, a):
			note(a, BackFirm)
		}
	}
	return all, why
}

// firm says whether a person's value is empty and cannot be made so.
func (l *Live) firm(p provider.Person, a provider.Attr) bool {
	if !slices.Contains(l.Capabilities.Firm, a) {
		return false
	}
	return slices.ContainsFunc(directory.PersonValues(p, directory.AsIs), func(v directory.Value) bool { return v.Attr == a && v.Part == "" && len(v.Values) == 0 })
}

// inverse is what takes a change back, but for the values that stay; made is the ID of
// what it created. Nothing where it cannot be taken back, or only to something that is
// not known.
func (c Change) inverse(before thing, made string, stays []provider.Attr) []Change {
	back := Change{Target: c.Target, Label: before.label(), Row: c.Row}
	if back.Label == "" {
		back.Label = c.Label
	}
	switch c.Kind.Of() {
	case Person:
		return c.inversePerson(back, before, made, stays)
	case Department:
		return c.inverseDepartment(back, before, made)
	case List:
		return c.inverseList(back, before, made, stays)
	case Contact:
		return c.inverseContact(back, before, made)
	case Tag:
		return c.inverseTag(back, before, made)
	case UntoldList:
		return nil
	}
	switch {
	case c.Kind == DeleteContactGroup:
		back.Kind, back.Target, back.Group, back.Handle = SaveContactGroup, "", *before.Group, again(c.Target)
	case c.creates():
		back.Kind, back.Target = DeleteContactGroup, made
	default:
		back.Kind, back.Group = SaveContactGroup, *before.Group
	}
	return []Change{back}
}

// again is the handle under which something that was deleted is made anew.
func again(id string) string {
	if len(id) > maxHandle-7 {
		id = id[:maxHandle-7]
	}
	return "@again/" + id
}

func (c Change) inversePerson(back Change, before thing, made string, stays []provider.Attr) []Change {
	one := func(k Kind) []Change {
		back.Kind = k
		return []Change{back}
	}
	switch c.Kind {
	case CreatePerson:
		back.Target, back.Label = made, c.Person.Address
		return one(DeletePerson)
	case DeletePerson:
		return one(RestorePerson)
	case RestorePerson:
		return one(DeletePerson)
	case SuspendPerson:
		return one(ResumePerson)
	case ResumePerson:
		return one(SuspendPerson)
	case AddAlias:
		back.Address = c.Address
		return one(RemoveAlias)
	case RemoveAlias:
		back.Address = c.Address
		again := one(AddAlias)
		if slices.Contains(before.Person.HiddenAddresses, c.Address) {
			back.Kind, back.On = HideAddress, true
			again = append(again, back)
		}
		return again
	case SetPrimary:
		back.Address = before.Person.Address
		return one(SetPrimary)
	case HideAddress:
		back.Address, back.On = c.Address, slices.Contains(before.Person.HiddenAddresses, c.Address)
		return one(HideAddress)
	case SetForward:
		back.Forward = before.Person.Forward
		return one(SetForward)
	case UpdatePerson:
		back.Person = *before.Person
		back.Set = slices.DeleteFunc(slices.Clone(c.Set), func(a provider.Attr) bool { return slices.Contains(stays, a) })
		if len(back.Set) > 0 {
			return one(UpdatePerson)
		}
	case SetMailRights:
		if back.Rights = before.Person.MailRights; back.Rights != "" {
			return one(SetMailRights)
		}
	case SetSignIn:
		back.Way, back.On = c.Way, before.Person.SignIn[c.Way] == provider.Yes
		if before.Person.SignIn[c.Way] != provider.Unknown {
			return one(SetSignIn)
		}
	case SetHidden:
		back.On = before.Person.Hidden == provider.Yes
		if before.Person.Hidden != provider.Unknown {
			return one(SetHidden)
		}
	}
	return nil
}

// untold says whether a value is one that the provider did not tell.
func untold(p provider.Person, a provider.Attr) bool {
	switch a {
	case provider.AttrHidden:
		return p.Hidden == provider.Unknown
	case provider.AttrQuota:
		return p.Quota < 0
	}
	return false
}

func untoldList(l provider.List, a provider.Attr) bool {
	return a == provider.AttrPolicy && l.Policy == "" || a == provider.AttrHidden && l.Hidden == "" || a == provider.AttrOff && l.Off == ""
}

func (c Change) inverseDepartment(back Change, before thing, made string) []Change {
	switch c.Kind {
	case CreateDepartment:
		back.Kind, back.Target, back.Label = DeleteDepartment, made, c.Department.Name
	case DeleteDepartment:
		back.Kind, back.Target, back.Handle, back.Department = CreateDepartment, "", again(c.Target), *before.Department
	default:
		back.Kind, back.Set, back.Department = UpdateDepartment, c.Set, *before.Department
	}
	return []Change{back}
}

func (c Change) inverseList(back Change, before thing, made string, stays []provider.Attr) []Change {
	switch c.Kind {
	case CreateList:
		back.Kind, back.Target, back.Label = DeleteList, made, c.List.Address
		return []Change{back}
	case DeleteList:
		back.Kind, back.Target, back.Handle, back.List = CreateList, "", again(c.Target), *before.List
		return []Change{back}
	}
	back.Kind, back.List = UpdateList, *before.List
	back.Set = slices.DeleteFunc(slices.Clone(c.Set), func(a provider.Attr) bool { return slices.Contains(stays, a) })
	back.AddMembers, back.RemoveMembers = c.membersBack(before.List.Members)
	if len(back.Set)+len(back.AddMembers)+len(back.RemoveMembers) == 0 {
		return nil
	}
	return []Change{back}
}

func (c Change) inverseContact(back Change, before thing, made string) []Change {
	switch {
	case c.Kind == DeleteContact:
		back.Kind, back.Target, back.Handle, back.Contact = SaveContact, "", again(c.Target), *before.Contact
	case c.creates():
		back.Kind, back.Target, back.Label = DeleteContact, made, c.Contact.Name
	default:
		back.Kind, back.Contact = SaveContact, *before.Contact
	}
	return []Change{back}
}

// membersBack: who was added goes again and who was removed comes back; others stay as
// they are.
func (c Change) membersBack(before []string) (add, remove []string) {
	for _, m := range lowered(c.AddMembers) {
		if !slices.Contains(before, m) {
			remove = append(remove, m)
		}
	}
	for _, m := range lowered(c.RemoveMembers) {
		if slices.Contains(before, m) {
			add = append(add, m)
		}
	}
	return add, remove
}

// seenOf are the values that a change has set, as an undo wants to find them.
func seenOf(diffs []Diff, after thing) (seen []Seen) {
	now := after.values(directory.AsIs)
	for _, d := range diffs {
		for _, v := range now {
			if v.Attr != d.Attr || v.Part != d.Part || d.Secret {
				continue
			}
			attr := string(v.Attr)
			if v.Part != "" {
				attr += ":" + v.Part
			}
			seen = append(seen, Seen{Attr: provider.Attr(attr), Values: v.Values})
		}
	}
	return seen
}

// undoing turns the steps of a run, the last first, into what takes them back. What
// cannot be set back is told beforehand, as a step that is left out.
func (l *Live) undoing(items []item) (changes []Change, kept []planned) {
	made := map[string]bool{} // created by the run: deleting it takes everything back
	for _, it := range items {
		if it.outcome == Made && it.change.creates() {
			made[it.made] = true
			if it.change.Handle != "" {
				made[it.change.Handle] = true
			}
		}
	}
	anew := map[string]string{} // deleted by the run, made anew under a handle
	for _, it := range slices.Backward(items) {
		if it.outcome != Made || !it.change.creates() && made[it.change.Target] {
			continue
		}
		stays, why := l.stays(it.change, it.before)
		back := it.change.inverse(it.before, it.made, stays)
		if !it.step.Undoable || len(back) == 0 {
			kept = append(kept, keptBack(*it.planned, why))
			continue
		}
		if len(stays) > 0 {
			part := *it.planned
			part.step.Diffs = slices.DeleteFunc(slices.Clone(it.step.Diffs), func(d Diff) bool { return !slices.Contains(stays, d.Attr) })
			kept = append(kept, keptBack(part, why))
		}
		for n, c := range back {
			if n == 0 { // the next ones find what the first has made
				c.Seen = slices.DeleteFunc(seenBack(it), func(v Seen) bool { return slices.Contains(stays, v.Attr) })
			}
			changes = append(changes, c.renamed(anew))
			if c.Handle != "" {
				anew[it.change.Target] = c.Handle
			}
		}
	}
	return changes, kept
}

// seenBack are the values that the step left behind, unless it created or deleted.
func seenBack(it item) []Seen {
	if it.before.none() || rules[it.change.Kind].ends || it.change.creates() || len(it.change.AddMembers)+len(it.change.RemoveMembers) > 0 {
		return nil
	}
	return seenOf(it.step.Diffs, it.change.effect(it.before, keep))
}

// keptBack is a step of an undo that cannot be done.
func keptBack(of planned, why KeepsBack) planned {
	s := of.step
	why = cmp.Or(s.KeepsBack, why, BackNotKnown)
	s.Undoable, s.KeepsBack = false, why
	s.Refusal = &Refusal{Code: "unsupported", Why: provider.NotInAPI, Args: map[string]string{"reason": "keeps_back", "keepsBack": string(why), "step": strconv.Itoa(s.Number)}}
	return planned{step: s, change: of.change, before: of.before}
}

// renamed replaces IDs of what is made anew by their handles.
func (c Change) renamed(anew map[string]string) Change {
	if len(anew) == 0 {
		return c
	}
	to := func(id string) string {
		if handle, ok := anew[id]; ok {
			return handle
		}
		return id
	}
	c.Target = to(c.Target)
	c.Person.Departments = resolved(c.Person.Departments, to)
	c.Department.Parent = to(c.Department.Parent)
	c.List.Departments = resolved(c.List.Departments, to)
	c.Tag.Departments = resolved(c.Tag.Departments, to)
	c.Contact.Groups = resolved(c.Contact.Groups, to)
	for i, s := range c.Seen {
		if s.Attr == provider.AttrDepartments || s.Attr == provider.AttrParent || s.Attr == directory.AttrGroups {
			c.Seen[i].Values = resolved(s.Values, to)
		}
	}
	return c
}
