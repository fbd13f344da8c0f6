package office

import (
	"slices"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// owns says whether an address is one of a person's.
func owns(p provider.Person, address string) bool {
	return address == p.Address || slices.Contains(p.Aliases, address)
}

// setPrimary makes another address the main one; the former becomes an alias.
func setPrimary(p *provider.Person, address string) {
	if address == p.Address {
		return
	}
	p.Aliases = append(slices.DeleteFunc(p.Aliases, func(a string) bool { return a == address }), p.Address)
	slices.Sort(p.Aliases)
	p.Address = address
}

// setAddressHidden marks an address as one that the book leaves out, or no longer.
func setAddressHidden(p *provider.Person, address string, hidden bool) {
	p.HiddenAddresses = slices.DeleteFunc(p.HiddenAddresses, func(a string) bool { return a == address })
	if hidden {
		p.HiddenAddresses = append(p.HiddenAddresses, address)
		slices.Sort(p.HiddenAddresses)
	}
}

// refusePrimary checks which address is to be the main one: one that the person has
// already, or where the provider knows no other way, a new one.
func (p *previewing) refusePrimary(c Change, before, after thing) *Refusal {
	caps := p.live.Capabilities
	switch has := owns(*before.Person, c.Address); {
	case !caps.PrimaryNew && !has:
		return bad(provider.AttrAddress, "not_theirs", "address", c.Address)
	case !caps.PrimaryNew:
		return nil
	case has:
		return &Refusal{
			Code: core.Unsupported, Attr: provider.AttrAddress, Why: provider.NotProven, Console: caps.Support[provider.CanSetPrimary].Console,
			Args: map[string]string{"reason": "primary_new"},
		}
	}
	if most := caps.MaxAliases; most > 0 && len(after.Person.Aliases) > most {
		return bad(provider.AttrAliases, "many", "limit", strconv.Itoa(most))
	}
	return p.refuseAddress(provider.AttrAddress, c.Address)
}
