package moving

import (
	"context"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
)

// Folders tells the map of folders of one mailbox: before a run what will happen,
// while it runs how far each is, after it what did happen.
func (d *Desk) Folders(ctx context.Context, id, mailbox string) ([]Folder, error) {
	var all []Folder
	if err := d.table.document(ctx, `SELECT folders FROM move_mailboxes WHERE move=? AND id=?`, &all, id, mailbox); err != nil {
		return nil, err
	}
	d.mu.Lock()
	var at *Mailbox
	if m, ok := d.moves[id]; ok {
		for i := range m.Mailboxes {
			if m.Mailboxes[i].ID == mailbox {
				mb := m.Mailboxes[i]
				at = &mb
			}
		}
	}
	l := d.lives[id]
	d.mu.Unlock()
	if at == nil {
		return nil, core.E(core.NotFound, "read folders", nil)
	}
	if l == nil || l.act != actRun || at.FromKey == "" {
		return all, nil
	}
	return all, d.refresh(ctx, at, all)
}

// refresh puts the ledger's figures of this moment into the folders.
func (d *Desk) refresh(ctx context.Context, mb *Mailbox, all []Folder) error {
	byKey := map[string]*Folder{}
	for i := range all {
		byKey[all[i].Key] = &all[i]
	}
	return d.tallies(ctx, mb, func(f ledger.Folder, n map[ledger.State]int64) {
		row := byKey[FolderKey(f.Source)]
		if row == nil {
			return
		}
		row.Counts = migrate.Counts{
			Messages: n[ledger.Pending] + n[ledger.Sent] + n[ledger.Copied] + n[ledger.Adopted] + n[ledger.Excluded] + n[ledger.Left],
			Copied:   n[ledger.Sent] + n[ledger.Copied], AlreadyThere: n[ledger.Adopted],
			Excluded: n[ledger.Excluded], LeftBehind: n[ledger.Left], Bytes: row.Counts.Bytes,
		}
	})
}

// ChooseFolders replaces the person's changes to a mailbox's map of folders; what is
// as the rules for everybody say is no change, and an empty list goes back to them. What
// the destination makes of a name is found out by the next dry run or run.
func (d *Desk) ChooseFolders(ctx context.Context, id, mailbox string, choices []Choice) ([]Folder, error) {
	folders, err := d.Folders(ctx, id, mailbox)
	if err != nil {
		return nil, err
	}
	known := map[string]*Folder{}
	for i := range folders {
		known[folders[i].Key] = &folders[i]
	}
	var kept []Choice
	for _, c := range choices {
		f := known[c.Folder]
		if f == nil {
			return nil, core.E(core.NotFound, "choose folders", nil, "folder", c.Folder)
		}
		if !c.Skip && c.Target != "" {
			if c.Target, err = cleanPath(c.Target); err != nil {
				return nil, err
			}
		}
		if c.Skip || c.Target != "" {
			kept = append(kept, c)
		}
	}
	var position int
	var mb Mailbox
	err = d.change(ctx, id, func(m *Move) error {
		for i := range m.Mailboxes {
			if m.Mailboxes[i].ID == mailbox {
				m.Mailboxes[i].Choices = exceptions(folders, m.Options.FolderRules, kept)
				position, mb = i, m.Mailboxes[i]
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	folders = applied(folders, mb.Choices)
	return folders, d.table.saveFindings(ctx, id, position, &mb, findings{folders: folders})
}

// exceptions tells a person's own choices from those that the rules make anyway. A
// folder that a rule is about and that was taken out of the choices is to go where the
// program proposed: that is a choice too.
func exceptions(folders []Folder, rules []FolderRule, choices []Choice) []Choice {
	general := map[string]Choice{}
	for _, c := range ruled(folders, rules, nil) {
		general[c.Folder] = c
	}
	if len(choices) == 0 {
		return ruled(folders, rules, nil)
	}
	var own []Choice
	chosen := map[string]bool{}
	for _, c := range choices {
		chosen[c.Folder] = true
		if g, ok := general[c.Folder]; ok && g.Skip == c.Skip && g.Target == c.Target {
			continue
		}
		c.Own = true
		own = append(own, c)
	}
	for i := range folders {
		f := &folders[i]
		proposed := f.Proposed.Target
		if _, ok := general[f.Key]; ok && !chosen[f.Key] && proposed != "" {
			own = append(own, Choice{Folder: f.Key, Target: proposed, Own: true})
		}
	}
	return ruled(folders, rules, own)
}

// applied shows the choices in the map.
func applied(folders []Folder, choices []Choice) []Folder {
	by := map[string]Choice{}
	for _, c := range choices {
		by[c.Folder] = c
	}
	for i := range folders {
		f := &folders[i]
		c, has := by[f.Key]
		switch {
		case !has && f.Chosen:
			// Back to the proposal, which was kept when the first choice was made.
			f.Chosen, f.Own, f.Target, f.Action, f.Reason = false, false, f.Proposed.Target, f.Proposed.Action, f.Proposed.Reason
		case has:
			if !f.Chosen {
				f.Proposed = Proposal{Target: f.Target, Action: f.Action, Reason: f.Reason}
			}
			f.Chosen, f.Own, f.Target, f.Action, f.Reason = true, c.Own, c.Target, "copy", ""
			if c.Skip {
				f.Target, f.Action, f.Reason = "", "skip", "by-request"
			}
		}
	}
	return folders
}

// maxPath bounds a folder's path in characters; servers take far less.
const maxPath = 1000

// cleanPath checks a path that a person typed: levels with "/", none of them empty.
func cleanPath(path string) (string, error) {
	levels := strings.Split(strings.Trim(strings.TrimSpace(path), "/"), "/")
	for i, level := range levels {
		levels[i] = strings.TrimSpace(level)
		if levels[i] == "" || strings.ContainsFunc(level, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return "", core.E(core.Invalid, "choose folders", nil, "field", "target", "reason", "malformed", "value", path)
		}
	}
	path = strings.Join(levels, "/")
	if len(path) > maxPath {
		return "", core.E(core.Invalid, "choose folders", nil, "field", "target", "reason", "too_long")
	}
	return path, nil
}
