package netease

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// userTypes are the platform's numbers for who may write to a list (mailListUserType).
var userTypes = map[provider.Policy]int{
	provider.PolicyAnyone: 0, provider.PolicyMembersNamed: 2, provider.PolicyNamed: 3, provider.PolicyInside: 4,
}

// listName is what the platform knows a list by: what stands before the @ of its address
// in the office's domain.
func (o *open) listName(op, address string) (string, error) {
	local, domain, found := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	if !found || local == "" || domain != string(o.domain) || strings.ContainsAny(local, " ,") {
		return "", core.E(core.Invalid, op, nil, "field", string(provider.AttrAddress), "reason", "address")
	}
	return local, nil
}

// joined writes addresses as the platform takes them, with commas between.
func joined(op string, field provider.Attr, addresses []string) (string, error) {
	var clean []string
	for _, a := range addresses {
		a = strings.ToLower(strings.TrimSpace(a))
		if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || domain == "" || strings.ContainsAny(a, " ,") {
			return "", core.E(core.Invalid, op, nil, "field", string(field), "reason", "address")
		}
		if !slices.Contains(clean, a) {
			clean = append(clean, a)
		}
	}
	return strings.Join(clean, ","), nil
}

// AddListMembers puts addresses on a list that exists (maillist/addMaillistForwardList).
func (o *open) AddListMembers(ctx context.Context, address string, members []string) error {
	const op = "add list members"
	name, err := o.listName(op, address)
	if err != nil {
		return err
	}
	all, err := joined(op, provider.AttrMembers, members)
	switch {
	case err != nil:
		return err
	case all == "":
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrMembers), "reason", "missing")
	}
	return o.call(ctx, op, "maillist/addMaillistForwardList", changes, fields{"accountName": name, "members": all}, nil)
}

// OverwriteList sets a list that exists (maillist/updateMaillist). The platform has no
// number for a list to which its members alone may write.
func (o *open) OverwriteList(ctx context.Context, l provider.List) error {
	const op = "overwrite list"
	name, err := o.listName(op, l.Address)
	if err != nil {
		return err
	}
	if l.Policy == "" {
		l.Policy = provider.PolicyInside
	}
	kind, ok := userTypes[l.Policy]
	if !ok {
		return core.E(core.Unsupported, op, nil, "field", string(provider.AttrPolicy))
	}
	f := fields{"accountName": name, "mailListUserType": kind, "visibleInAddr": 1}
	if l.Hidden == provider.Yes {
		f["visibleInAddr"] = 0
	}
	if l.Name != "" {
		f["name"] = l.Name
	}
	named := l.Policy == provider.PolicyNamed || l.Policy == provider.PolicyMembersNamed
	for _, v := range []struct {
		field provider.Attr
		as    string
		from  []string
	}{{provider.AttrMembers, "members", l.Members}, {provider.AttrSenders, "authMembers", l.Senders}} {
		all, err := joined(op, v.field, v.from)
		if err != nil {
			return err
		}
		if all != "" {
			f[v.as] = all
		}
	}
	switch {
	case len(l.Senders) > 0 && !named:
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrSenders), "reason", "policy")
	case len(l.Senders) == 0 && l.Policy == provider.PolicyNamed:
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrSenders), "reason", "missing")
	case len(l.Members)+len(l.Departments) == 0:
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrMembers), "reason", "missing")
	}
	if len(l.Departments) > 0 {
		f["memberUnits"] = strings.Join(l.Departments, ",")
	}
	return o.call(ctx, op, "maillist/updateMaillist", changes, f, nil)
}
