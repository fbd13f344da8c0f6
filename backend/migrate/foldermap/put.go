package foldermap

import (
	"slices"

	"mailroom/backend/core"
)

func with(levels []string, l string) []string { return append(slices.Clone(levels), l) }

// put gives a node a free name below base; told is what has changed on the way there.
func (t *tree) put(n *node, base []string, name string, told []Change) {
	told = slices.Clone(told)
	if t.dest.room(base) < shortestFit {
		told = append(told, Change{ChangedFlattened, path(with(base, name)), name})
		base = t.dest.userRoot
	}
	limit := t.dest.room(base)
	level, changes := t.dest.level(name, len(base) == 0)
	if short := fit(level, limit); short != level {
		changes = append(changes, Change{ChangedShortened, level, short})
		level = short
	}
	free, key := t.free(n, base, level, limit)
	if free != level {
		changes = append(changes, Change{ChangedNumbered, level, free})
	}
	if f, ok := t.dest.byKey[key]; ok && len(f.Levels) == len(base)+1 {
		if there := f.Levels[len(base)]; there != free {
			changes = append(changes, Change{ChangedCase, free, there})
			free = there
		}
	}
	t.taken[key] = true
	n.place, n.told, n.placed = with(base, free), append(told, changes...), true
}

// free finds the first name that no other source folder and no special folder has.
func (t *tree) free(n *node, base []string, level string, limit int) (string, string) {
	name := level
	start := t.dest.key(with(base, level))
	for k := max(2, t.next[start]); ; k++ {
		key := t.dest.key(with(base, name))
		if !t.taken[key] && !t.guarded(n, key) {
			return name, key
		}
		name, t.next[start] = t.dest.number(level, k, limit), k
	}
}

// guarded keeps ordinary folders out of special ones. A mere parent may be a special
// folder, if that takes sub-folders.
func (t *tree) guarded(n *node, key string) bool {
	role, ok := t.dest.guarded[key]
	return ok && (n.owner != nil || t.dest.rules.NoSpecialChildren || role == core.RoleInbox)
}

// settle writes what was found into the node's entries.
func (t *tree) settle(n *node) {
	for _, e := range n.parents {
		if !n.needed {
			e.skip(ReasonNoSelect)
			continue
		}
		if n.owner == nil {
			e.Target, e.Changes = n.place, slices.Clone(n.told)
			e.TargetID = t.existing(n.place)
		}
	}
	e := n.owner
	if e == nil {
		return
	}
	e.Target, e.Into = slices.Clone(n.place), n.into
	e.TargetID = t.existing(n.place)
	if n.into == core.RoleNone {
		e.Changes = append(slices.Clone(n.cut), n.told...)
		if from, to := t.source.traits.Prefix, t.dest.traits.Prefix; from != to {
			e.Changes = append(e.Changes, Change{ChangedPrefix, from, to})
		}
	} else {
		e.Changes = slices.Clone(n.told)
	}
	if slices.Equal(e.Target, e.Source.Levels) {
		e.Changes = slices.DeleteFunc(e.Changes, func(c Change) bool {
			return c.Code == ChangedUserRoot || c.Code == ChangedPrefix && c.To == "" && c.From != t.source.traits.Prefix
		})
	}
}

// existing returns the raw name of a folder that is there and can hold messages.
func (t *tree) existing(levels []string) string {
	if f, ok := t.dest.byKey[t.dest.key(levels)]; ok && f.Selectable {
		return f.ID
	}
	return ""
}
