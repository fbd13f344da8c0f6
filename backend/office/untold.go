package office

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// A list that the provider can change and tells nothing of is shown, recorded and sent
// like every other change; what was before stands there as not told, and nothing brings
// it back.

// AttrJoins are the addresses that are put on an untold list, beside those on it.
const AttrJoins provider.Attr = "joins"

// addUntold makes the step of a change of an untold list. Nothing is read.
func (p *previewing) addUntold(item planned) {
	c, s := item.change, &item.step
	s.Label = c.Target
	s.Diffs = c.untoldDiffs(p.w.name)
	s.Undoable, s.KeepsBack = false, BackNotKnown
	if s.Refusal == nil {
		s.Refusal = p.refuseUntold(c)
	}
	p.items = append(p.items, item)
}

// untoldDiffs are the values that an untold list is to have.
func (c Change) untoldDiffs(name directory.Namer) (all []Diff) {
	if c.Kind == JoinList {
		return []Diff{{Attr: AttrJoins, Before: []string{}, After: lowered(c.AddMembers)}}
	}
	l := c.untold()
	for _, v := range directory.ListValues(l, name) {
		kept := v.Attr == provider.AttrAddress || v.Attr == provider.AttrName && l.Name == ""
		if told := len(v.Values) > 0 || v.Attr == provider.AttrMembers; told && !kept {
			all = append(all, Diff{Attr: v.Attr, Part: v.Part, Before: []string{}, After: slices.Concat([]string{}, v.Values), Untold: true})
		}
	}
	return all
}

// untold is what an untold list becomes.
func (c Change) untold() provider.List {
	l := c.List
	l.ID, l.Address, l.Lists = "", c.Target, nil
	l.Members, l.Senders = lowered(l.Members), lowered(l.Senders)
	return l
}

// refuseUntold refuses what no provider could do.
func (p *previewing) refuseUntold(c Change) *Refusal {
	local, domain, ok := strings.Cut(c.Target, "@")
	if domains := p.w.view.Domains; !ok || local == "" || strings.ContainsAny(c.Target, " <>,;") {
		return bad(provider.AttrAddress, "address", "address", c.Target)
	} else if len(domains) > 0 && !slices.ContainsFunc(domains, func(d provider.Domain) bool { return strings.EqualFold(d.Name, domain) }) {
		return bad(provider.AttrAddress, "domain", "domain", domain)
	}
	if person, by := p.w.view.UseOf(c.Target); person == provider.UsePerson {
		who, _ := p.w.view.Person(by)
		return clash(provider.AttrAddress, "taken", "address", c.Target, "use", string(person), "who", who.Name)
	}
	l := c.untold()
	members := slices.Concat(lowered(c.AddMembers), l.Members)
	if len(members)+len(l.Departments) == 0 {
		return bad(provider.AttrMembers, "missing")
	}
	for _, a := range slices.Concat(members, l.Senders) {
		if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || domain == "" || strings.ContainsAny(a, " <>,;") {
			return bad(provider.AttrMembers, "address", "address", a)
		}
	}
	if c.Kind == OverwriteList && l.Policy == provider.PolicyNamed && len(l.Senders) == 0 {
		return bad(provider.AttrSenders, "missing")
	}
	return p.refuseListDepartments(thing{}, thing{List: &l})
}

// sendUntold sends a change of an untold list.
func sendUntold(ctx context.Context, e provider.ListOverwriter, c Change) error {
	if c.Kind == JoinList {
		return e.AddListMembers(ctx, c.Target, lowered(c.AddMembers))
	}
	return e.OverwriteList(ctx, c.untold())
}

// untoldAgain says whether a change of an untold list whose answer is missing may be
// sent once more: what a list is set to it is set to twice, while nobody knows what the
// provider makes of a member who is added twice.
func (w *work) untoldAgain(i int, c Change) (done bool) {
	if c.Kind == OverwriteList {
		return false
	}
	w.settle(i, Unsure, core.E(core.Unsupported, "look up list", nil))
	return true
}
