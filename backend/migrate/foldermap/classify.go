package foldermap

import (
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

const inbox = "INBOX"

// path joins levels for patterns and for telling.
func path(levels []string) string { return strings.Join(levels, "/") }

func isInbox(levels []string) bool { return len(levels) == 1 && strings.EqualFold(levels[0], inbox) }

// source knows the habits of the server that the mail comes from.
type source struct {
	traits   mailbox.Traits
	naming   preset.NameRules
	userRoot []string
	rules    Rules
	inbox    bool // INBOX was seen
}

func newSource(t mailbox.Traits, rules Rules) *source {
	s := &source{traits: t, naming: preset.Naming(t.Family), rules: rules}
	if s.userRoot = t.UserRoot; len(s.userRoot) == 0 {
		s.userRoot = s.naming.UserRoot
	}
	return s
}

// entry decides everything about a folder but its target.
func (s *source) entry(f mailbox.Folder) *Entry {
	e := &Entry{Source: f, Action: Copy}
	certain := s.role(e)
	if levels, ok := s.rules.Targets[f.ID]; ok && len(levels) == 0 {
		return e.skip(ReasonByRequest)
	} else if ok && f.Selectable {
		e.Reason = ReasonByRequest
		return e
	}
	if !f.Selectable {
		e.Action, e.Reason = ParentOnly, ReasonNoSelect
		return e
	}
	if s.unwanted(e) || s.repeats(e) {
		return e
	}
	if reason, sure := preset.SkipByName(f.Levels, s.traits.Family); reason != "" && e.Role == core.RoleNone {
		if sure {
			return e.skip(Reason(reason))
		}
		e.Action, e.Reason = Ask, ReasonKindUnsure
	}
	if !certain {
		e.Action, e.Reason = Ask, ReasonWhichRole
	}
	return e
}

func (e *Entry) skip(r Reason) *Entry {
	e.Action, e.Reason = Skip, r
	return e
}

// role finds the folder's role; false means that its name allows more than one.
func (s *source) role(e *Entry) (certain bool) {
	f := e.Source
	if isInbox(f.Levels) {
		e.Role = core.RoleInbox
		return true
	}
	if f.Role != core.RoleNone {
		e.Role = f.Role
		return true
	}
	role, certain := preset.RoleByName(f.Levels)
	if !certain {
		return false
	}
	e.Role, e.ByName = role, role != core.RoleNone
	return true
}

// unwanted applies the user's patterns and choices.
func (s *source) unwanted(e *Entry) bool {
	p := path(e.Source.Levels)
	if rule, ok := matchAny(s.rules.Exclude, p); ok {
		e.skip(ReasonExcluded).Rule = rule
		return true
	}
	if len(s.rules.Include) > 0 {
		rule, ok := matchAny(s.rules.Include, p)
		if !ok {
			e.skip(ReasonNotIncluded)
			return true
		}
		e.Rule = rule
	}
	switch {
	case e.Source.Shared && !s.rules.Shared:
		e.skip(ReasonShared)
	case e.Role != core.RoleNone && slices.Contains(s.rules.SkipRoles, e.Role):
		e.skip(ReasonSkipRole)
	}
	return e.Action == Skip
}

// repeats leaves out folders that show messages of other folders once more.
func (s *source) repeats(e *Entry) bool {
	switch e.Role {
	case core.RoleInbox:
		twice := s.inbox && !slices.Contains([]string{"maildir", "mbox", "eml"}, s.traits.Kind)
		if s.inbox = true; twice {
			e.skip(ReasonTwice)
		}
	case core.RoleAll:
		gmail := preset.Family(s.traits.Family) == "gmail"
		switch {
		case s.rules.AllMail == AllMailCopy:
		case s.rules.AllMail == AllMailLabelless && gmail:
			e.Reason, e.LabellessOnly = ReasonLabelless, true
		default:
			e.skip(ReasonAllMail)
		}
	case core.RoleFlagged, core.RoleImportant:
		e.skip(ReasonView)
	}
	for _, root := range s.naming.CopyRoots {
		if e.Role == core.RoleNone && len(e.Source.Levels) > 0 && e.Source.Levels[0] == root {
			e.skip(ReasonLabelCopy)
		}
	}
	return e.Action == Skip
}

// natural is the folder's path without what only its server needs, and what was cut.
// It is empty for a parent that is nothing but such a root.
func (s *source) natural(e *Entry) ([]string, []Change) {
	l := e.Source.Levels
	cut := func(n int) ([]string, []Change) {
		return l[n:], []Change{{ChangedPrefix, path(l[:n]), ""}}
	}
	if n := len(s.userRoot); n > 0 && len(l) >= n && slices.Equal(l[:n], s.userRoot) && (len(l) > n || !e.Source.Selectable) {
		return cut(n)
	}
	if len(l) > 0 && slices.Contains(s.naming.SystemRoots, l[0]) && (len(l) > 1 || !e.Source.Selectable) {
		return cut(1)
	}
	return l, nil
}
