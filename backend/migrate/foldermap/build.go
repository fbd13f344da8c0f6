package foldermap

import (
	"cmp"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// Build makes the plan. Traits.Family chooses the servers' habits (package preset);
// what the traits themselves say comes on top. Every source folder gets an entry; two
// of them share a target only if both go into the same special folder.
func Build(src, dst []mailbox.Folder, srcTraits, dstTraits mailbox.Traits, rules Rules) Plan {
	s := newSource(srcTraits, rules)
	d := newDestination(dst, dstTraits, rules.Flat)
	t := &tree{source: s, dest: d, root: &node{}}
	entries := make([]*Entry, 0, len(src))
	seen := map[string]bool{}
	for _, f := range sorted(src) {
		e := s.entry(f)
		if seen[f.ID] {
			e.skip(ReasonTwice)
		}
		seen[f.ID] = true
		entries = append(entries, e)
		if e.Action != Skip {
			t.add(e)
		}
	}
	t.place()
	p := Plan{Entries: make([]Entry, 0, len(entries))}
	for _, e := range entries {
		p.Entries = append(p.Entries, *e)
	}
	tellMergers(p.Entries, d.namer)
	return p
}

// sorted puts INBOX first and then goes by path and raw name, so that the server's
// order decides nothing.
func sorted(folders []mailbox.Folder) []mailbox.Folder {
	out := slices.Clone(folders)
	rank := func(f mailbox.Folder) int {
		switch {
		case f.ID == inbox:
			return 0
		case isInbox(f.Levels):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b mailbox.Folder) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), slices.Compare(a.Levels, b.Levels), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// destination knows the folders that are there already and what may be added.
type destination struct {
	*namer
	traits   mailbox.Traits
	userRoot []string
	byKey    map[string]mailbox.Folder
	special  map[core.Role]mailbox.Folder // the folder of each role
	guarded  map[string]core.Role         // keys of special folders: nothing else goes there
}

func newDestination(folders []mailbox.Folder, t mailbox.Traits, flat bool) *destination {
	d := &destination{
		namer: newNamer(t, flat), traits: t, userRoot: t.UserRoot,
		byKey: map[string]mailbox.Folder{}, special: map[core.Role]mailbox.Folder{}, guarded: map[string]core.Role{},
	}
	if len(d.userRoot) == 0 {
		d.userRoot = d.rules.UserRoot
	}
	if t.Separator == "" {
		d.userRoot = nil
	}
	type guess struct {
		role core.Role
		mailbox.Folder
	}
	guesses := []guess{}
	for _, f := range shallowFirst(folders) {
		key := d.key(f.Levels)
		if _, ok := d.byKey[key]; !ok || f.Selectable && !d.byKey[key].Selectable {
			d.byKey[key] = f
		}
		if !f.Selectable || f.Shared {
			continue
		}
		role, certain := preset.RoleByName(f.Levels)
		switch {
		case isInbox(f.Levels):
			d.claim(core.RoleInbox, f)
		case f.Role != core.RoleNone:
			d.claim(f.Role, f)
		case certain && role != core.RoleNone:
			guesses = append(guesses, guess{role, f})
		}
	}
	for _, g := range guesses {
		if _, taken := d.special[g.role]; !taken {
			d.claim(g.role, g.Folder)
		}
	}
	d.claim(core.RoleInbox, mailbox.Folder{Levels: []string{inbox}})
	return d
}

// claim makes f the folder of a role, if the role has none yet, and in any case keeps
// ordinary mail out of it. What one folder is, no second spelling of it can be.
func (d *destination) claim(role core.Role, f mailbox.Folder) {
	key := d.key(f.Levels)
	if _, taken := d.guarded[key]; taken {
		return
	}
	d.guarded[key] = role
	if _, taken := d.special[role]; !taken {
		d.special[role] = f
	}
}

// shallowFirst prefers, among folders of one role, the one nearest to the top.
func shallowFirst(folders []mailbox.Folder) []mailbox.Folder {
	out := sorted(folders)
	slices.SortStableFunc(out, func(a, b mailbox.Folder) int { return cmp.Compare(len(a.Levels), len(b.Levels)) })
	return out
}

// specialFor returns the destination's special folder for an entry. What only All Mail
// held is archived mail, wherever the destination is not Gmail itself.
func (d *destination) specialFor(e *Entry) (core.Role, []string) {
	role := e.Role
	if role == core.RoleAll && preset.Family(d.traits.Family) != "gmail" {
		if role = core.RoleNone; e.LabellessOnly {
			role = core.RoleArchive
		}
	}
	f, ok := d.special[role]
	if !ok || role == core.RoleNone {
		return core.RoleNone, nil
	}
	if role == core.RoleInbox {
		return role, []string{inbox}
	}
	return role, f.Levels
}

// cutsInbox reports whether paths below INBOX lose that level: the prefix adds it by
// itself, or the destination has no folders there.
func (d *destination) cutsInbox(levels []string) bool {
	return len(levels) > 1 && strings.EqualFold(levels[0], inbox) &&
		(d.rules.NoInboxChildren || len(d.traits.Prefix) >= len(inbox) && strings.EqualFold(d.traits.Prefix[:len(inbox)], inbox))
}

// tellMergers adds to every entry that shares its target that it does.
func tellMergers(entries []Entry, n *namer) {
	users := map[string]int{}
	holds := func(e *Entry) bool { return e.Action == Copy || e.Action == Ask }
	for i := range entries {
		if e := &entries[i]; holds(e) {
			users[n.key(e.Target)]++
		}
	}
	for i := range entries {
		if e := &entries[i]; holds(e) && users[n.key(e.Target)] > 1 {
			e.Changes = append(e.Changes, Change{ChangedMerged, path(e.Source.Levels), path(e.Target)})
		}
	}
}
