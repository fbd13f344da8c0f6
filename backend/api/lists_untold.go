package api

import (
	"context"
	"strings"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// ChangeUntold changes a mailing list that exists at a provider that tells nothing of its
// lists: its members are added to those who are on it, or with replace the list becomes
// what is given. What was there before is not known, so there is no preview and no way
// back; the record tells what was sent. Errors: unsupported, invalid, not_found, those of
// the provider.
func (l *Lists) ChangeUntold(requestID, officeID string, list OfficeList, replace bool) error {
	_, err := with(l.api, "change list", func(root context.Context, d *data) (struct{}, error) {
		ctx, end := l.api.calls.begin(root, requestID, checkLimit)
		defer end()
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return struct{}{}, err
		}
		over, ok := live.Provider.(provider.ListOverwriter)
		if !ok || !live.Capabilities.Can(provider.CanOverwriteLists) {
			return struct{}{}, core.E(core.Unsupported, "change list", nil)
		}
		if len(list.Members) > maxChanges {
			return struct{}{}, core.E(core.Invalid, "change list", nil, "field", string(provider.AttrMembers), "reason", "too_many")
		}
		entry := audit.Entry{
			Act: string(office.UpdateList), Subject: list.Address,
			Facts: map[string]string{"office": live.Title(), "outcome": string(office.Made), "before": "?"},
			After: map[string]string{string(provider.AttrMembers): strings.Join(list.Members, ", ")},
		}
		if replace {
			entry.After[string(provider.AttrPolicy)] = list.Policy
			entry.After[string(provider.AttrSenders)] = strings.Join(list.Senders, ", ")
			err = over.OverwriteList(ctx, provider.List{
				Address: list.Address, Name: list.Name, Members: list.Members, Departments: list.Departments, Policy: provider.Policy(list.Policy),
				Senders: list.Senders, Hidden: provider.Flag(list.Hidden),
			})
		} else {
			err = over.AddListMembers(ctx, list.Address, list.Members)
		}
		if err == nil {
			d.record.note(ctx, entry)
		}
		return struct{}{}, err
	})
	return err
}
