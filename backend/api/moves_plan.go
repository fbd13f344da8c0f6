package api

import (
	"context"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
)

// FolderRule is a choice for everybody who has such a folder: by its path, or by its
// role where Source is "". Without Skip and Target a folder of that path goes where
// the program proposes, whatever the rule of its role says.
type FolderRule struct {
	Source string     `json:"source"`
	Role   FolderRole `json:"role"`
	Skip   bool       `json:"skip"`
	Target string     `json:"target"`
}

// FolderGroup is one folder name over all people of a move.
type FolderGroup struct {
	Source   string       `json:"source"`
	Role     FolderRole   `json:"role"`
	People   int          `json:"people"`  // who have it
	Skipped  int          `json:"skipped"` // of whom it is left out
	Own      int          `json:"own"`     // of whom it was chosen otherwise
	Messages int64        `json:"messages"`
	Target   string       `json:"target"`  // where most of it goes; "" left out
	Targets  int          `json:"targets"` // different targets
	Action   FolderAction `json:"action"`
	Reason   string       `json:"reason"`
	Changes  []string     `json:"changes"`
	Ruled    bool         `json:"ruled"` // a rule is about this path
}

// FolderGroups tells the folders of all people that a dry run has seen.
func (m *Moves) FolderGroups(id string) ([]FolderGroup, error) {
	return with(m.api, "group folders", func(ctx context.Context, d *data) ([]FolderGroup, error) {
		groups, err := d.desk.EverybodysFolders(ctx, id)
		return mapped(groups, wireGroup), err
	})
}

// SetFolderRules replaces the choices for everybody and returns the folders as they
// are then. A person's own choices stay.
func (m *Moves) SetFolderRules(id string, rules []FolderRule) ([]FolderGroup, error) {
	return with(m.api, "set folder rules", func(ctx context.Context, d *data) ([]FolderGroup, error) {
		if err := d.desk.SetFolderRules(ctx, id, mapped(rules, folderRule)); err != nil {
			return []FolderGroup{}, err
		}
		groups, err := d.desk.EverybodysFolders(ctx, id)
		return mapped(groups, wireGroup), err
	})
}

// WontFit tells a page of the messages that the destinations will not take, by the
// last dry run: the first 100 of each mailbox; limit at most 500.
func (m *Moves) WontFit(id string, offset, limit int) (LeftPage, error) {
	return with(m.api, "list what will not fit", func(_ context.Context, d *data) (LeftPage, error) {
		v, err := d.desk.Get(id)
		if err != nil {
			return LeftPage{Rows: []LeftMessage{}}, err
		}
		page := LeftPage{Rows: []LeftMessage{}}
		for i := range v.Mailboxes {
			mb := &v.Mailboxes[i]
			if mb.Estimate == nil {
				continue
			}
			for _, left := range mb.Estimate.Wont {
				if at := int(page.Total); at >= max(offset, 0) && len(page.Rows) < min(max(limit, 1), 500) {
					page.Rows = append(page.Rows, wireLeft(moving.Left{Mailbox: mb.ID, Label: mb.Label, LeftBehind: left}))
				}
				page.Total++
			}
		}
		return page, nil
	})
}

func folderRule(r FolderRule) moving.FolderRule {
	return moving.FolderRule{Source: r.Source, Role: core.Role(r.Role), Skip: r.Skip, Target: r.Target}
}

func wireRule(r moving.FolderRule) FolderRule {
	return FolderRule{Source: r.Source, Role: FolderRole(r.Role), Skip: r.Skip, Target: r.Target}
}

func wireGroup(g moving.FolderGroup) FolderGroup {
	return FolderGroup{
		Source: g.Source, Role: FolderRole(g.Role), People: g.People, Skipped: g.Skipped, Own: g.Own, Messages: g.Messages,
		Target: g.Target, Targets: g.Targets, Action: FolderAction(g.Action), Reason: g.Reason, Changes: full(g.Changes), Ruled: g.Ruled,
	}
}
