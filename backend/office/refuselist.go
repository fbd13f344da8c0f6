package office

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// refuseList checks a list against what the provider's lists can hold.
func (p *previewing) refuseList(c Change, before, after thing) *Refusal {
	lists, ok := p.live.Provider.(provider.ListReader)
	if !ok || after.none() {
		return nil
	}
	traits := lists.ListTraits()
	asked := listChange(c, after)
	if c.Kind == CreateList {
		if r := p.refuseAddress(provider.AttrAddress, c.List.Address); r != nil {
			return r
		}
		asked = after.List.Change()
	} else if asked.Name != nil && !traits.Rename {
		return &Refusal{Code: core.Unsupported, Attr: provider.AttrName, Why: provider.NotInAPI}
	}
	if err := traits.Refuse(asked); err != nil {
		r := refusalOf(err)
		r.Why = provider.NotInAPI
		return r
	}
	if traits.MaxMembers > 0 && len(after.List.Members) > traits.MaxMembers {
		return bad(provider.AttrMembers, "many", "limit", strconv.Itoa(traits.MaxMembers))
	}
	if r := refuseEmpty(asked, after, traits, c.Kind == CreateList); r != nil {
		return r
	}
	for _, m := range after.List.Members {
		if before.List != nil && slices.Contains(before.List.Members, m) {
			continue
		}
		if r := p.refuseMember(m, traits); r != nil {
			return r
		}
	}
	return p.refuseListDepartments(before, after)
}

// refuseEmpty refuses a list that would hold nobody, or that nobody could write to, where
// the provider does.
func refuseEmpty(asked provider.ListChange, after thing, traits provider.ListTraits, created bool) *Refusal {
	l := after.List
	switch {
	case traits.NeedsMember && (created || asked.Members != nil || asked.Lists != nil || asked.Departments != nil) &&
		len(l.Members)+len(l.Lists)+len(l.Departments) == 0:
		return bad(provider.AttrMembers, "missing")
	case traits.NeedsSenders && (created || asked.Policy != nil || asked.Senders != nil) && l.Policy == provider.PolicyNamed && len(l.Senders) == 0:
		return bad(provider.AttrSenders, "missing")
	}
	return nil
}

func (p *previewing) refuseListDepartments(before, after thing) *Refusal {
	for _, id := range after.List.Departments {
		if (before.List == nil || !slices.Contains(before.List.Departments, id)) && !p.w.department(id) {
			return noDepartment(provider.AttrDepartments, id)
		}
	}
	return nil
}

// refuseMember checks a new member of a list.
func (p *previewing) refuseMember(address string, traits provider.ListTraits) *Refusal {
	_, domain, ok := strings.Cut(address, "@")
	if !ok || domain == "" || strings.ContainsAny(address, " <>,;") {
		return bad(provider.AttrMembers, "address", "address", address)
	}
	if use, _ := p.w.useOf(address); use == provider.UseFree && p.w.nobody[address] {
		return &Refusal{Code: core.NotFound, Attr: provider.AttrMembers, Args: map[string]string{"address": address, "reason": "unknown"}}
	}
	if traits.Outside || len(p.w.view.Domains) == 0 {
		return nil
	}
	if !slices.ContainsFunc(p.w.view.Domains, func(d provider.Domain) bool { return strings.EqualFold(d.Name, domain) }) {
		return &Refusal{Code: core.Unsupported, Attr: provider.AttrMembers, Why: provider.NotInAPI, Args: map[string]string{"address": address, "reason": "outside"}}
	}
	return nil
}

// refuseLast refuses the deletion of somebody who is alone on a list that cannot be
// empty. The provider would refuse it, too, in the middle of the run.
func (p *previewing) refuseLast(before thing) *Refusal {
	lists, ok := p.live.Provider.(provider.ListReader)
	if !ok || !lists.ListTraits().NeverEmpty {
		return nil
	}
	mine := addressesOf(before)
	for _, l := range p.w.view.Lists {
		if t, ok := p.w.over[ref{List, l.ID}]; ok {
			if t.none() {
				continue
			}
			l = *t.List
		}
		others := slices.ContainsFunc(l.Members, func(m string) bool {
			return !slices.ContainsFunc(mine, func(a usedAddress) bool { return a.address == m })
		})
		if !l.Partial && len(l.Members) > 0 && !others && len(l.Lists)+len(l.Departments) == 0 {
			return clash("", "last_member", "list", l.Address)
		}
	}
	return nil
}
