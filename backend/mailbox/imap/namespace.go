package imap

import (
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/utf7"
)

// space is one entry of NAMESPACE (RFC 2342).
type space struct{ prefix, separator string }

type namespaces struct {
	told             bool
	personal, shared []space // shared: other users' and shared ones
}

// parse reads the three groups; a broken group ends the reading, what came before counts.
func (n *namespaces) parse(sc *scanner) error {
	for group := range 3 {
		var found []space
		err := sc.list(func() error {
			sp, err := parseSpace(sc)
			if err == nil {
				found = append(found, sp)
			}
			return err
		})
		if err != nil {
			return err
		}
		if group == 0 {
			n.personal, n.told = found, len(found) > 0
		} else {
			n.shared = append(n.shared, found...)
		}
	}
	return nil
}

func parseSpace(sc *scanner) (space, error) {
	var sp space
	i := 0
	err := sc.list(func() error {
		if i++; i > 2 {
			return sc.skip() // namespace extensions
		}
		b, isNil, err := sc.str()
		switch {
		case err != nil || isNil:
		case i == 1:
			sp.prefix = string(b)
		default:
			sp.separator = string(b)
		}
		return err
	})
	return sp, err
}

// layout learns separator and prefix: from NAMESPACE, else from a plain LIST.
func (s *session) layout() error {
	t := &s.traits
	if s.spaces.told {
		t.Prefix, t.Separator = s.spaces.personal[0].prefix, s.spaces.personal[0].separator
	} else {
		entries, err := s.list("list", "LIST", word(`""`), word(`"*"`))
		if err != nil && core.CodeOf(err) != core.Rejected {
			return err
		}
		t.Prefix, t.Separator = guessLayout(entries)
	}
	if !strings.Contains(t.Forbidden, t.Separator) {
		t.Forbidden += t.Separator
	}
	return nil
}

// guessLayout takes the most frequent separator, and INBOX plus separator as the
// prefix if there are other folders and all of them stand under INBOX.
func guessLayout(entries []listed) (prefix, separator string) {
	count := map[string]int{}
	for _, e := range entries {
		if e.separator != "" {
			if count[e.separator]++; count[e.separator] > count[separator] {
				separator = e.separator
			}
		}
	}
	if separator == "" {
		return "", ""
	}
	others := 0
	for _, e := range entries {
		switch {
		case isInbox(e.name):
		case len(e.name) > 6 && isInbox(e.name[:5]) && e.name[5:6] == separator:
			others++
			prefix = e.name[:6]
		default:
			return "", separator
		}
	}
	if others == 0 {
		return "", separator
	}
	return prefix, separator
}

func isInbox(name string) bool { return strings.EqualFold(name, "INBOX") }

// levels decodes a raw name for people: without the personal prefix, split at the
// separator. The inbox is always INBOX.
func (s *session) levels(raw string) []string {
	t := &s.traits
	if isInbox(raw) {
		return []string{"INBOX"}
	}
	name := raw
	if rest, ok := cutPrefixFold(raw, t.Prefix); ok && rest != "" && !isInbox(rest) {
		name = rest
	}
	parts := []string{name}
	if t.Separator != "" {
		parts = strings.Split(name, t.Separator)
	}
	for i, p := range parts {
		parts[i] = decodeName(p)
	}
	return parts
}

// cutPrefixFold cuts a prefix; an INBOX within it is case-insensitive.
func cutPrefixFold(name, prefix string) (string, bool) {
	if len(prefix) == 0 || len(name) < len(prefix) {
		return name, false
	}
	head := name[:len(prefix)]
	if head == prefix || len(prefix) == 6 && isInbox(prefix[:5]) && strings.EqualFold(head, prefix) {
		return name[len(prefix):], true
	}
	return name, false
}

// FolderID adds the personal prefix and the separator and encodes the levels in
// modified UTF-7. A level that is empty, holds a control character, a character of
// Traits().Forbidden or invalid UTF-8 is an invalid error with Args level and why.
func (s *session) FolderID(levels []string) (string, error) {
	t := &s.traits
	bad := func(level, why string) (string, error) {
		return "", core.E(core.Invalid, "folder name", nil, "level", level, "why", why)
	}
	if len(levels) == 0 {
		return bad("", "empty")
	}
	encoded := make([]string, len(levels))
	for i, l := range levels {
		if why := levelTrouble(l, t); why != "" {
			return bad(l, why)
		}
		encoded[i] = utf7.Encode(l)
	}
	if len(levels) > 1 && t.Separator == "" {
		return bad(levels[1], "flat")
	}
	if isInbox(levels[0]) {
		encoded[0] = "INBOX"
		if len(levels) == 1 || t.Prefix == "" || isInbox(strings.TrimSuffix(t.Prefix, t.Separator)) {
			return strings.Join(encoded, t.Separator), nil
		}
	}
	return t.Prefix + strings.Join(encoded, t.Separator), nil
}

func levelTrouble(l string, t *mailbox.Traits) string {
	switch {
	case l == "":
		return "empty"
	case strings.ToValidUTF8(l, "") != l:
		return "encoding"
	case strings.ContainsFunc(l, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "control"
	case t.Forbidden != "" && strings.ContainsAny(l, t.Forbidden):
		return "forbidden"
	case t.Family == "gmail" && (strings.TrimSpace(l) != l || strings.Contains(l, "  ")),
		t.Family == "exchange" && strings.TrimSpace(l) != l:
		return "spaces"
	}
	return ""
}
