package imap

import (
	"bytes"
	"context"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// listed is one line of LIST, XLIST or LSUB.
type listed struct {
	name       string // raw
	separator  string // "" if NIL
	attributes []string
}

// Folders lists all folders: a plain LIST first; roles and subscriptions by what
// the server offers, asked for once more only where the plain answer lacks them.
func (s *session) Folders(ctx context.Context) (folders []mailbox.Folder, err error) {
	const op = "list folders"
	err = s.c.under(ctx, op, func() error {
		folders, err = s.folders(op)
		return err
	})
	return folders, err
}

func (s *session) folders(op string) ([]mailbox.Folder, error) {
	entries, err := s.list(op, "LIST", word(`""`), word(`"*"`))
	if err != nil {
		return nil, err
	}
	if s.traits.Separator == "" {
		s.relayout(entries)
	}
	if !anyRole(entries) {
		more, err := s.roles(op)
		if err != nil {
			return nil, err
		}
		mergeAttributes(entries, more)
	}
	subscribed, err := s.subscriptions(op)
	if err != nil {
		return nil, err
	}
	return s.toFolders(entries, subscribed), nil
}

// relayout learns the separator from LIST where NAMESPACE said none.
func (s *session) relayout(entries []listed) {
	prefix, separator := guessLayout(entries)
	if separator == "" {
		return
	}
	s.traits.Separator = separator
	if s.traits.Prefix == "" && !s.spaces.told {
		s.traits.Prefix = prefix
	}
	if !strings.Contains(s.traits.Forbidden, separator) {
		s.traits.Forbidden += separator
	}
}

// list runs one form of LIST and gathers its lines.
func (s *session) list(op, verb string, args ...arg) ([]listed, error) {
	var entries []listed
	done := s.c.listen(&handler{data: func(name string, _ uint32, sc *scanner) error {
		if name != "LIST" && name != "XLIST" && name != "LSUB" {
			return nil
		}
		e, err := parseListed(sc)
		if err == nil && len(entries) < maxFolders {
			entries = append(entries, e)
		}
		return err
	}})
	defer done()
	err := s.c.ask(op, verb, args...)
	return entries, err
}

const maxFolders = 200_000

// parseListed reads attributes, separator and name, each in any shape seen.
func parseListed(sc *scanner) (listed, error) {
	var e listed
	if sc.spaces(); sc.peek() == '(' {
		if err := sc.list(func() error {
			if w := sc.word(); len(w) > 0 {
				e.attributes = append(e.attributes, string(bytes.Trim(w, `"`)))
			}
			return nil
		}); err != nil {
			return e, err
		}
	}
	for sc.accept(')') { // after the malformed attribute "\)"
	}
	sep, told, err := listedSeparator(sc)
	if err != nil {
		return e, err
	}
	if len(sep) == 1 {
		e.separator = sep
	}
	name, err := listedName(sc)
	if err != nil && !told && sep != "" { // the separator is missing altogether
		name, err = []byte(sep), nil
	}
	e.name = string(name)
	return e, err
}

// listedSeparator reads the separator; told says that it looked like one.
func listedSeparator(sc *scanner) (sep string, told bool, err error) {
	sc.spaces()
	if bytes.HasPrefix(sc.rest(), []byte(`"\" `)) { // an unescaped backslash
		sc.pos += 3
		return `\`, true, nil
	}
	b, isNil, err := sc.str()
	if err != nil || isNil {
		return "", true, err
	}
	return string(b), len(b) <= 1, nil
}

// listedName reads a name: quoted, literal, or everything up to the line's end
// (unquoted names with blanks and control characters are sent by Exchange). NIL and
// the empty name are legal.
func listedName(sc *scanner) ([]byte, error) {
	if sc.peek() == ' ' {
		sc.pos++
	}
	switch {
	case sc.atLiteral():
		return sc.literal(maxString)
	case sc.peek() == '"':
		at := sc.pos
		if b, err := sc.quoted(); err == nil {
			return b, nil
		}
		// GBK bytes can look like a backslash before the closing quote
		b := bytes.TrimSuffix(bytes.TrimRight(sc.buf[at+1:], " "), []byte(`"`))
		sc.pos = len(sc.buf)
		return b, nil
	}
	b := sc.rest()
	if i := bytes.Index(b, []byte(" (\"")); i > 0 { // extended data: ("CHILDINFO" …)
		b = b[:i]
	}
	sc.pos = len(sc.buf)
	if b = bytes.TrimRight(b, " "); len(b) == 0 {
		return nil, errBroken
	}
	return b, nil
}

func anyRole(entries []listed) bool {
	for _, e := range entries {
		if role := roleOf(e.attributes); role != core.RoleNone && role != core.RoleInbox {
			return true
		}
	}
	return false
}

// roles asks for special uses where the plain LIST did not show them.
func (s *session) roles(op string) ([]listed, error) {
	if s.c.has("SPECIAL-USE") && s.c.has("LIST-EXTENDED") {
		more, err := s.tryList(op, "LIST", word(`""`), word(`"*"`), word("RETURN (SPECIAL-USE)"))
		if err != nil || anyRole(more) {
			return more, err
		}
	}
	if s.c.has("XLIST") {
		return s.tryList(op, "XLIST", word(`""`), word(`"*"`))
	}
	return nil, nil
}

// tryList is list where a refusal gives nothing; a form that was answered BAD is
// not sent again.
func (s *session) tryList(op, verb string, args ...arg) ([]listed, error) {
	form := verb
	for _, a := range args {
		form += " " + a.text
	}
	if s.noList[form] {
		return nil, nil
	}
	entries, err := s.list(op, verb, args...)
	if err == nil || s.c.failed() != nil {
		return entries, err
	}
	if r, ok := asRefusal(err); ok && r.Status == "BAD" {
		if s.noList == nil {
			s.noList = map[string]bool{}
		}
		s.noList[form] = true
	}
	s.c.notes.add("list_refused " + verb)
	return nil, nil
}

// subscriptions asks LSUB, which every server of the first revision has, and
// LIST (SUBSCRIBED) where it is refused.
func (s *session) subscriptions(op string) (map[string]bool, error) {
	entries, err := s.tryList(op, "LSUB", word(`""`), word(`"*"`))
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 && s.c.has("LIST-EXTENDED") {
		if entries, err = s.tryList(op, "LIST", word("(SUBSCRIBED)"), word(`""`), word(`"*"`)); err != nil {
			return nil, err
		}
	}
	set := make(map[string]bool, len(entries))
	for _, e := range entries {
		set[canonical(e.name)] = true
	}
	return set, nil
}

// canonical is the identity of a raw name: itself, and INBOX in any case is one.
func canonical(raw string) string {
	if isInbox(raw) {
		return "INBOX"
	}
	return raw
}

func mergeAttributes(entries, more []listed) {
	extra := make(map[string][]string, len(more))
	for _, e := range more {
		extra[canonical(e.name)] = e.attributes
	}
	for i := range entries {
		entries[i].attributes = append(entries[i].attributes, extra[canonical(entries[i].name)]...)
	}
}

func (s *session) toFolders(entries []listed, subscribed map[string]bool) []mailbox.Folder {
	seen := make(map[string]int, len(entries))
	folders := make([]mailbox.Folder, 0, len(entries)+1)
	for _, e := range entries {
		id := canonical(e.name)
		f := mailbox.Folder{
			ID: id, Levels: s.levels(id), Role: roleOf(e.attributes), Selectable: selectable(e.attributes),
			Subscribed: subscribed[id] || hasAttribute(e.attributes, `\subscribed`), Shared: s.isShared(id),
		}
		if id == "INBOX" {
			f.Role = core.RoleInbox
		}
		if at, dup := seen[id]; dup {
			s.c.notes.add("folder_listed_twice")
			mergeFolder(&folders[at], f)
			continue
		}
		seen[id] = len(folders)
		folders = append(folders, f)
	}
	if _, ok := seen["INBOX"]; !ok {
		s.c.notes.add("inbox_not_listed")
		inbox := mailbox.Folder{ID: "INBOX", Levels: []string{"INBOX"}, Role: core.RoleInbox, Selectable: true, Subscribed: subscribed["INBOX"]}
		folders = append([]mailbox.Folder{inbox}, folders...)
	}
	return folders
}

func mergeFolder(f *mailbox.Folder, again mailbox.Folder) {
	if f.Role == core.RoleNone {
		f.Role = again.Role
	}
	f.Subscribed = f.Subscribed || again.Subscribed
	f.Selectable = f.Selectable || again.Selectable
}

func (s *session) isShared(raw string) bool {
	for _, sp := range s.spaces.shared {
		if sp.prefix == "" {
			continue
		}
		if strings.HasPrefix(raw, sp.prefix) || raw == strings.TrimSuffix(sp.prefix, sp.separator) {
			return true
		}
	}
	return false
}

func hasAttribute(attributes []string, lower string) bool {
	for _, a := range attributes {
		if strings.EqualFold(a, lower) {
			return true
		}
	}
	return false
}

func selectable(attributes []string) bool {
	return !hasAttribute(attributes, `\noselect`) && !hasAttribute(attributes, `\nonexistent`)
}

// roleOf reads SPECIAL-USE (RFC 6154, RFC 8457) and XLIST attributes.
func roleOf(attributes []string) core.Role {
	for _, a := range attributes {
		switch strings.ToLower(a) {
		case `\inbox`:
			return core.RoleInbox
		case `\sent`:
			return core.RoleSent
		case `\drafts`:
			return core.RoleDrafts
		case `\trash`:
			return core.RoleTrash
		case `\junk`, `\spam`:
			return core.RoleJunk
		case `\archive`:
			return core.RoleArchive
		case `\all`, `\allmail`:
			return core.RoleAll
		case `\flagged`, `\starred`:
			return core.RoleFlagged
		case `\important`:
			return core.RoleImportant
		}
	}
	return core.RoleNone
}
