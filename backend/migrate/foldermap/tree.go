package foldermap

import (
	"cmp"
	"slices"
	"strings"

	"mailroom/backend/core"
)

// tree holds the source's folders by natural path. A parent is named before its
// children, so that they follow wherever it goes.
type tree struct {
	source *source
	dest   *destination
	root   *node
	all    []*node
	taken  map[string]bool // keys of targets and of parents
	next   map[string]int  // where numbering of a key went so far
}

// node is one natural path: a folder, a parent, or both.
type node struct {
	parent   *node
	name     string
	path     []string // natural
	children map[string]*node
	owner    *Entry   // the folder whose messages go here; nil for a mere parent
	parents  []*Entry // listed parents that cannot hold messages
	cut      []Change // what was cut off before the natural path
	needed   bool     // a folder with messages is here or below

	place  []string // of the node at the destination; its children go below
	told   []Change
	into   core.Role
	placed bool
	beside *node // where children go if the special folder takes none
}

// add hangs an entry into the tree.
func (t *tree) add(e *Entry) {
	levels, cut := t.source.natural(e)
	if t.dest.cutsInbox(levels) {
		cut = append(cut, Change{ChangedPrefix, levels[0], ""})
		levels = levels[1:]
	}
	if into, _ := t.dest.specialFor(e); e.LabellessOnly && into == core.RoleNone {
		levels, cut = []string{archiveName}, []Change{{ChangedSpecial, path(e.Source.Levels), archiveName}}
	}
	if len(levels) == 0 && e.Action == ParentOnly {
		return
	}
	n := t.root
	for i, l := range levels {
		n = t.child(n, l, levels[:i+1])
	}
	if len(levels) == 0 { // a nameless folder that holds messages
		n = t.child(n, "", []string{""})
	}
	switch {
	case e.Action == ParentOnly:
		n.parents = append(n.parents, e)
		return
	case n.owner != nil:
		n = t.sibling(n)
	}
	n.owner, n.cut = e, cut
	for up := n; up != nil; up = up.parent {
		up.needed = true
	}
}

// archiveName is where mail goes that stood in Gmail's All Mail alone, if the
// destination has no archive of its own.
const archiveName = "Archive"

func (t *tree) child(parent *node, name string, natural []string) *node {
	key := name
	if parent == t.root && strings.EqualFold(name, inbox) {
		key, name = inbox, inbox
	}
	if n, ok := parent.children[key]; ok {
		return n
	}
	n := &node{parent: parent, name: name, path: natural}
	if parent.children == nil {
		parent.children = map[string]*node{}
	}
	parent.children[key] = n
	t.all = append(t.all, n)
	return n
}

// sibling makes room for a second folder with the same natural path.
func (t *tree) sibling(n *node) *node {
	twin := &node{parent: n.parent, name: n.name, path: n.path}
	t.all = append(t.all, twin)
	return twin
}

// place finds a target for every node: first what is fixed (kept, asked for, special),
// then level by level, names that can stay before names that must change.
func (t *tree) place() {
	t.taken, t.next = map[string]bool{}, map[string]int{}
	t.root.placed = true
	rules := t.source.rules
	for _, n := range t.all {
		if n.owner == nil {
			continue
		}
		if _, asked := rules.Targets[n.owner.Source.ID]; !asked {
			t.keep(n, rules.Earlier[n.owner.Source.ID])
		}
	}
	for _, n := range t.all {
		if n.owner != nil && !n.placed {
			t.direct(n, rules.Targets[n.owner.Source.ID])
		}
	}
	for _, n := range t.all {
		if n.owner != nil && !n.placed {
			t.special(n)
		}
	}
	for _, n := range t.ordered() {
		if !n.placed && n.needed && (n.owner != nil || !t.dest.flat) {
			t.plain(n)
		}
	}
	for _, n := range t.all {
		t.settle(n)
	}
}

func (t *tree) ordered() []*node {
	type ranked struct {
		*node
		changed int
		id      string
	}
	list := make([]ranked, 0, len(t.all))
	for _, n := range t.all {
		r := ranked{node: n}
		if name, _ := t.dest.level(n.name, len(n.path) == 1); name != n.name {
			r.changed = 1
		}
		if n.owner != nil {
			r.id = n.owner.Source.ID
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(len(a.path), len(b.path)), cmp.Compare(a.changed, b.changed),
			slices.Compare(a.path, b.path), cmp.Compare(a.id, b.id))
	})
	out := make([]*node, len(list))
	for i, r := range list {
		out[i] = r.node
	}
	return out
}

// keep gives a folder the target that an earlier plan gave it, letter by letter.
func (t *tree) keep(n *node, levels []string) {
	key := t.dest.key(levels)
	if len(levels) == 0 || t.enter(n, levels, ChangedKept) || t.taken[key] {
		return
	}
	t.taken[key] = true
	n.placed, n.place = true, slices.Clone(levels)
	if from := n.owner.Source.Levels; !slices.Equal(from, levels) {
		n.told = []Change{{ChangedKept, path(from), path(levels)}}
	}
}

// direct gives a folder the target that the user chose, as far as the destination
// takes the name.
func (t *tree) direct(n *node, levels []string) {
	if len(levels) == 0 || t.enter(n, levels, ChangedByRequest) {
		return
	}
	told := []Change{{ChangedByRequest, path(n.owner.Source.Levels), path(levels)}}
	var base []string
	if root := t.dest.userRoot; len(root) > 0 && (len(levels) <= len(root) || !slices.Equal(levels[:len(root)], root)) {
		if _, exists := t.dest.byKey[t.dest.key(levels)]; !exists {
			base = root
		}
	}
	for i, l := range levels[:len(levels)-1] {
		name, more := t.dest.level(l, i == 0 && len(base) == 0)
		base, told = with(base, name), append(told, more...)
	}
	t.put(n, base, levels[len(levels)-1], told)
}

// enter sends a folder into a special folder if that is what the chosen target is.
func (t *tree) enter(n *node, levels []string, why ChangeCode) bool {
	key := t.dest.key(levels)
	role, ok := t.dest.guarded[key]
	if !ok {
		return false
	}
	n.placed, n.place, n.into = true, levels, role
	if role == core.RoleInbox {
		n.place = []string{inbox}
	} else if f, ok := t.dest.byKey[key]; ok {
		n.place = f.Levels
	}
	if from := n.owner.Source.Levels; why == ChangedByRequest || !slices.Equal(from, n.place) {
		n.told = []Change{{why, path(from), path(n.place)}}
	}
	return true
}

// special sends a folder into the destination's folder of the same role.
func (t *tree) special(n *node) {
	into, levels := t.dest.specialFor(n.owner)
	if into == core.RoleNone || n.owner.Action == Ask {
		return
	}
	n.placed, n.place, n.into = true, levels, into
	if from := n.owner.Source.Levels; !slices.Equal(from, levels) {
		n.told = []Change{{ChangedSpecial, path(from), path(levels)}}
	}
}

// plain places a node by name below its parent's place.
func (t *tree) plain(n *node) {
	base, told := t.base(n)
	name := n.name
	if t.dest.flat && len(n.path) > 1 {
		base, told = t.dest.userRoot, nil
		parts := make([]string, len(n.path))
		for i, l := range n.path {
			var more []Change
			parts[i], more = t.dest.level(l, i == 0)
			told = append(told, more...)
		}
		name = strings.Join(parts, t.dest.fill)
		told = append(told, Change{ChangedFlattened, path(n.path), name})
	}
	t.put(n, base, name, told)
}

// base is where a node's children of this parent go, and what has changed on the way.
func (t *tree) base(n *node) ([]string, []Change) {
	p := n.parent
	if p == t.root {
		var told []Change
		if root := t.dest.userRoot; len(root) > 0 {
			told = []Change{{ChangedUserRoot, "", path(root)}}
		}
		return t.dest.userRoot, told
	}
	closed := p.into != core.RoleNone && (t.dest.rules.NoSpecialChildren || p.into == core.RoleInbox && t.dest.rules.NoInboxChildren)
	if !closed {
		if !p.placed && !t.dest.flat {
			t.plain(p)
		}
		return p.place, p.told
	}
	if p.beside == nil {
		p.beside = &node{parent: p.parent, name: p.name, path: p.path}
		t.plain(p.beside)
	}
	return p.beside.place, p.beside.told
}
