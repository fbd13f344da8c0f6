package moving

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"mailroom/backend/core"
)

// FolderRule is a choice for everybody who has such a folder: by its path, or, where
// Source is "", by its role. A rule by path wins over one by role.
type FolderRule struct {
	Source string    `json:"source,omitempty"`
	Role   core.Role `json:"role,omitempty"`
	Skip   bool      `json:"skip,omitempty"`
	Target string    `json:"target,omitempty"`
}

// maxRules bounds the rules of a move.
const maxRules = 2000

// FolderGroup is one folder name over all people of a move.
type FolderGroup struct {
	Source   string
	Role     core.Role
	People   int // who have it
	Skipped  int // of whom it is left out
	Own      int // of whom somebody chose otherwise
	Messages int64
	Target   string   // where most of it goes; "" where all leave it out
	Targets  int      // different targets
	Action   string   // copy, parent or skip: of most people
	Reason   string   // why it is left out, of most
	Changes  []string // renames and mergers that any of them has
	Ruled    bool     // a rule is about this path
}

// ruled makes a mailbox's choices from the rules for everybody and its own, which win.
func ruled(folders []Folder, rules []FolderRule, choices []Choice) []Choice {
	var all []Choice
	own := map[string]bool{}
	for _, c := range choices {
		if c.Own {
			all = append(all, c)
			own[c.Folder] = true
		}
	}
	for i := range folders {
		f := &folders[i]
		if own[f.Key] || f.Action == "parent" {
			continue
		}
		if rule := ruleFor(f, rules); rule != nil {
			all = append(all, Choice{Folder: f.Key, Skip: rule.Skip, Target: rule.Target})
		}
	}
	return all
}

func ruleFor(f *Folder, rules []FolderRule) *FolderRule {
	var byRole *FolderRule
	for i := range rules {
		r := &rules[i]
		switch {
		case r.Source == f.Source:
			if !r.Skip && r.Target == "" {
				return nil // as proposed, whatever the role's rule says
			}
			return r
		case r.Source == "" && r.Role != "" && r.Role == f.Role:
			byRole = r
		}
	}
	return byRole
}

// EverybodysFolders groups the maps of folders of all mailboxes that were looked at,
// special folders first, then by name.
func (d *Desk) EverybodysFolders(ctx context.Context, id string) ([]FolderGroup, error) {
	m, err := d.copyOf(id)
	if err != nil {
		return nil, err
	}
	maps, err := d.table.maps(ctx, id)
	if err != nil {
		return nil, err
	}
	groups := map[string]*gathering{}
	for _, folders := range maps {
		for i := range folders {
			f := &folders[i]
			g := groups[f.Source]
			if g == nil {
				g = &gathering{FolderGroup: FolderGroup{Source: f.Source, Role: f.Role}, targets: map[string]int{}, reasons: map[string]int{}}
				groups[f.Source] = g
			}
			g.add(f)
		}
	}
	all := make([]FolderGroup, 0, len(groups))
	for _, g := range groups {
		g.finish(m.Options.FolderRules)
		all = append(all, g.FolderGroup)
	}
	slices.SortFunc(all, func(a, b FolderGroup) int {
		return cmp.Or(cmp.Compare(rank(a.Role), rank(b.Role)), cmp.Compare(b.People, a.People), cmp.Compare(a.Source, b.Source))
	})
	return all, nil
}

// gathering is a group that is being added up.
type gathering struct {
	FolderGroup
	targets, reasons map[string]int
	parents          int
}

func (g *gathering) add(f *Folder) {
	g.People++
	g.Messages += f.Counts.Messages
	if f.Own {
		g.Own++
	}
	switch f.Action {
	case "skip":
		g.Skipped++
		g.reasons[f.Reason]++
	case "parent":
		g.parents++
	default:
		g.targets[f.Target]++
	}
	for _, c := range f.Changes {
		if !slices.Contains(g.Changes, c) && len(g.Changes) < 20 {
			g.Changes = append(g.Changes, c)
		}
	}
}

func (g *gathering) finish(rules []FolderRule) {
	g.Target, g.Reason, g.Targets = most(g.targets), most(g.reasons), len(g.targets)
	copies := g.People - g.Skipped - g.parents
	switch {
	case copies > 0 && copies >= g.Skipped:
		g.Action = "copy"
	case g.Skipped >= g.parents:
		g.Action = "skip"
	default:
		g.Action = "parent"
	}
	slices.Sort(g.Changes)
	g.Ruled = slices.ContainsFunc(rules, func(r FolderRule) bool { return r.Source == g.Source })
}

// most is the key with the highest count, the first by name among equals.
func most(counts map[string]int) string {
	best, n := "", 0
	for key, count := range counts {
		if count > n || count == n && key < best {
			best, n = key, count
		}
	}
	return best
}

// rank puts the special folders in the order in which mail programs show them.
func rank(r core.Role) int {
	order := []core.Role{core.RoleInbox, core.RoleSent, core.RoleDrafts, core.RoleArchive, core.RoleJunk, core.RoleTrash}
	if at := slices.Index(order, r); at >= 0 {
		return at
	}
	return len(order)
}

// SetFolderRules replaces the rules for everybody and applies them to what is known of
// the mailboxes; a person's own choices stay. Errors: invalid, conflict while at work.
func (d *Desk) SetFolderRules(ctx context.Context, id string, rules []FolderRule) error {
	if len(rules) > maxRules {
		return core.E(core.Invalid, "set folder rules", nil, "field", "rules", "reason", "too_many")
	}
	for i := range rules {
		r := &rules[i]
		if (r.Source == "") == (r.Role == "") || r.Skip && r.Target != "" || strings.ContainsRune(r.Source, 0) {
			return core.E(core.Invalid, "set folder rules", nil, "field", "rules", "reason", "malformed")
		}
		if r.Target != "" {
			target, err := cleanPath(r.Target)
			if err != nil {
				return err
			}
			r.Target = target
		}
	}
	maps, err := d.table.maps(ctx, id)
	if err != nil {
		return err
	}
	return d.change(ctx, id, func(m *Move) error {
		m.Options.FolderRules = rules
		for i := range m.Mailboxes {
			mb := &m.Mailboxes[i]
			folders, known := maps[mb.ID]
			if !known {
				continue
			}
			mb.Choices = ruled(folders, rules, mb.Choices)
			maps[mb.ID] = applied(folders, mb.Choices)
		}
		return d.table.saveMaps(ctx, id, maps)
	})
}

// copyOf returns a move to read from.
func (d *Desk) copyOf(id string) (*Move, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, ok := d.moves[id]
	if !ok {
		return nil, core.E(core.NotFound, "get move", nil, "id", id)
	}
	return m.clone(), nil
}

// maps reads the maps of folders of all mailboxes that have one, by mailbox.
func (t *table) maps(ctx context.Context, move string) (all map[string][]Folder, err error) {
	rows, err := t.db.R.QueryContext(ctx, `SELECT id, folders FROM move_mailboxes WHERE move=? AND folders<>'[]'`, move)
	if err != nil {
		return nil, core.E(core.Internal, "read folders", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = map[string][]Folder{}
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, core.E(core.Malformed, "read folders", err)
		}
		var folders []Folder
		if err := json.Unmarshal([]byte(text), &folders); err != nil {
			return nil, core.E(core.Malformed, "read folders", err)
		}
		all[id] = folders
	}
	return all, rows.Err()
}

func (t *table) saveMaps(ctx context.Context, move string, maps map[string][]Folder) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		for id, folders := range maps {
			if err := setJSON(ctx, tx, `UPDATE move_mailboxes SET folders=? WHERE move=? AND id=?`, folders, move, id); err != nil {
				return err
			}
		}
		return nil
	})
}
