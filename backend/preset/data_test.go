package preset

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"mailroom/backend/core"
)

func TestEveryRefusalRowKeepsTheSchema(t *testing.T) {
	commands := strings.Fields("LOGIN AUTHENTICATE ID NAMESPACE ENABLE COMPRESS LIST SELECT EXAMINE STATUS CREATE RENAME SUBSCRIBE UNSUBSCRIBE " +
		"GETQUOTAROOT GETQUOTA UNSELECT CLOSE LOGOUT NOOP CAPABILITY FETCH APPEND STORE EXPUNGE")
	seen := map[string]bool{}
	used := map[Class]bool{}
	for _, e := range Entries() {
		used[e.Class] = true
		switch {
		case e.ID == "" || seen[e.ID]:
			t.Errorf("%q: id missing or twice", e.ID)
		case !slices.Contains(Classes(), e.Class):
			t.Errorf("%s: class %q", e.ID, e.Class)
		case !slices.Contains(Actions(), e.Action) || !slices.Contains(Actions(), e.Then):
			t.Errorf("%s: action %q, then %q", e.ID, e.Action, e.Then)
		case !slices.Contains(Scopes(), e.Scope):
			t.Errorf("%s: scope %q", e.ID, e.Scope)
		case e.check() != nil:
			t.Errorf("%s: %v", e.ID, e.check())
		case e.LongestPause > 0 && (e.FirstPause == 0 || e.LongestPause < e.FirstPause):
			t.Errorf("%s: pause %v to %v", e.ID, e.FirstPause, e.LongestPause)
		case e.FirstPause > 24*time.Hour:
			t.Errorf("%s: pause %v", e.ID, e.FirstPause)
		case e.TextAlone && (len(e.Codes) == 0 || len(e.Texts) == 0):
			t.Errorf("%s: textAlone needs codes and texts", e.ID)
		case e.Vague && (len(e.Codes) == 0 || len(e.Texts) > 0):
			t.Errorf("%s: vague is for rows of codes", e.ID)
		}
		seen[e.ID] = true
		for _, c := range e.Also {
			used[c] = true
			if !slices.Contains(Classes(), c) {
				t.Errorf("%s: also %q", e.ID, c)
			}
		}
		for _, x := range e.Texts {
			if x != strings.ToLower(x) || x != strings.Join(strings.Fields(x), " ") || len(x) < 5 {
				t.Errorf("%s: fragment %q", e.ID, x)
			}
		}
		for _, s := range e.Statuses {
			if !slices.Contains([]string{"NO", "BAD", "BYE"}, s) {
				t.Errorf("%s: status %q", e.ID, s)
			}
		}
		for _, c := range e.Commands {
			if !slices.Contains(commands, c) {
				t.Errorf("%s: command %q", e.ID, c)
			}
		}
		for _, f := range e.Families {
			if !slices.Contains(Families(), f) {
				t.Errorf("%s: family %q", e.ID, f)
			}
		}
	}
	for _, c := range Classes() {
		if !used[c] {
			t.Errorf("class %s is used by no row", c)
		}
	}
}

// A row that its own text cannot reach is dead weight.
func TestEveryRefusalRowCanBeReached(t *testing.T) {
	first := func(list []string, otherwise string) string {
		if len(list) > 0 {
			return list[0]
		}
		return otherwise
	}
	for _, e := range Entries() {
		if len(e.Codes)+len(e.Texts) == 0 {
			continue
		}
		for _, text := range append([]string{}, append(e.Texts, "")...) {
			if (text == "") != (len(e.Texts) == 0) {
				continue
			}
			v := Classify(Reply{
				Status: first(e.Statuses, "NO"), Code: first(e.Codes, ""), Text: text,
				Command: first(e.Commands, "LIST"), Family: first(e.Families, ""),
			})
			if v.Entry != e.ID {
				t.Errorf("%s with %q is taken by %s", e.ID, text, v.Entry)
			}
		}
	}
}

func TestLookupEntryFindsRowsByID(t *testing.T) {
	if e, ok := LookupEntry("gmail-throttled"); !ok || e.Class != Throttle {
		t.Errorf("%+v, %v", e, ok)
	}
	if _, ok := LookupEntry("none"); ok {
		t.Error("found what is not there")
	}
}

func TestEveryFamilyHasUniqueNames(t *testing.T) {
	seen := map[string]string{}
	for _, r := range families() {
		if err := r.check(); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		for _, n := range append([]string{r.ID}, r.Aliases...) {
			if n != strings.ToLower(n) || seen[n] != "" {
				t.Errorf("%s: %q is not lower case or belongs to %q too", r.ID, n, seen[n])
			}
			seen[n] = r.ID
		}
	}
	for in, want := range map[string]string{"Coremail": "netease", "alimail": "alibaba", " QQ ": "tencent", "Zork": "zork", "": ""} {
		if got := Family(in); got != want {
			t.Errorf("Family(%q) = %q", in, got)
		}
	}
}

func TestEngineThrottlesProvidersButNotOwnServers(t *testing.T) {
	for _, f := range []string{"dovecot", "cyrus", "courier", "own", "maildir", "", "never heard of"} {
		for _, dst := range []bool{false, true} {
			if e := Engine(f, dst); e.BytesPerSecond != 0 || e.MessagesPerSecond != 0 || e.DailyBytes != 0 || e.SignInGap != 0 {
				t.Errorf("%q is throttled: %+v", f, e)
			}
		}
	}
	if e := Engine("google", false); e.DailyBytes != 2_000_000_000 || e.BytesPerSecond != 40<<10 || e.UIDWindow != 200 || e.Connections != 2 {
		t.Errorf("gmail as source: %+v", e)
	}
	if e := Engine("gmail", true); e.DailyBytes != 450_000_000 || e.MessagesPerSecond != 1 || e.Connections != 1 {
		t.Errorf("gmail as destination: %+v", e)
	}
	if e := Engine("exmail", true); e.Connections != 1 || e.ConnectionsLater != 2 || e.QuietFor != 10*time.Minute || e.SignInGap != 10*time.Second || e.ParkAfter != 2 {
		t.Errorf("tencent: %+v", e)
	}
	if e := Engine("exchange", true); e.MaxMessage != 10<<20 || e.ErrorsPerConn != 5 {
		t.Errorf("exchange: %+v", e)
	}
}

func TestEveryFamilyHasSaneEngineDefaultsOnBothSides(t *testing.T) {
	for _, r := range engineRows() {
		if len(r.Facts) == 0 || !slices.Contains([]string{"", "source", "destination"}, r.Side) {
			t.Errorf("%v: side %q, %d facts", r.Families, r.Side, len(r.Facts))
		}
		for _, f := range r.Facts {
			if err := f.check(); err != nil {
				t.Errorf("%v: %v", r.Families, err)
			}
		}
		for _, f := range r.Families {
			if f != "unknown" && !slices.Contains(Families(), f) {
				t.Errorf("family %q", f)
			}
		}
	}
	for _, f := range append(Families(), "") {
		for _, dst := range []bool{false, true} {
			e := Engine(f, dst)
			if f != "" && e.Family != f {
				t.Errorf("%s (destination %v) has no row", f, dst)
			}
			if e.Connections < 1 || e.ConnectionsLater < e.Connections || e.UIDWindow < 1 || e.MaxCommand < 500 || e.ParkAfter != 2 {
				t.Errorf("%s: %+v", f, e)
			}
			if e.MaxConnections > 0 && e.ConnectionsLater > e.MaxConnections {
				t.Errorf("%s: starts with more connections than it may have", f)
			}
		}
	}
}

func TestRoleTableIsConsistent(t *testing.T) {
	type owner struct {
		role core.Role
		ask  bool
	}
	roles := map[string]owner{}
	for _, r := range roleData().Roles {
		if err := r.check(); err != nil || r.Role == "" {
			t.Errorf("role %q: %v", r.Role, err)
		}
		for _, n := range r.Names {
			key := strings.Join(r.Under, ",") + "\x00" + foldName(n)
			if was, ok := roles[key]; ok {
				t.Errorf("%q stands twice: %v and %v", n, was, r.Role)
			}
			roles[key] = owner{r.Role, r.Ask}
		}
	}
	skips := map[string]bool{}
	for _, r := range roleData().Skips {
		if err := r.check(); err != nil || r.Reason == "" {
			t.Errorf("skip %q: %v", r.Reason, err)
		}
		for _, n := range r.Names {
			if _, ok := roles["\x00"+foldName(n)]; ok || skips[foldName(n)] {
				t.Errorf("%q stands twice", n)
			}
			skips[foldName(n)] = true
		}
		for _, f := range r.Families {
			if !slices.Contains(Families(), f) {
				t.Errorf("%s: family %q", r.Reason, f)
			}
		}
	}
}

// The wire names were seen on real servers; the table holds text only. Decoding the
// one must give the other, and the other must have the role that the folder had.
func TestObservedWireNamesDecodeToTheTable(t *testing.T) {
	for _, o := range roleData().Observed {
		text, err := decodeModifiedUTF7(o.Wire)
		if err != nil || text != o.Text {
			t.Errorf("%s decodes to %q (%v), the table says %q", o.Wire, text, err, o.Text)
		}
		if err := o.check(); err != nil {
			t.Errorf("%s: %v", o.Wire, err)
		}
		levels := strings.Split(text, "/")
		if role, _ := RoleByName(levels); role != o.Role {
			t.Errorf("%s: role %q, want %q", text, role, o.Role)
		}
		if reason, certain := SkipByName(levels, o.Family); reason != o.Skip || !certain {
			t.Errorf("%s: skip %q (certain %v), want %q", text, reason, certain, o.Skip)
		}
	}
}

// decodeModifiedUTF7 is RFC 3501 section 5.1.3, kept small on purpose: it is a second
// implementation beside the mail client's own.
func decodeModifiedUTF7(s string) (string, error) {
	var b strings.Builder
	for {
		plain, rest, found := strings.Cut(s, "&")
		b.WriteString(plain)
		if !found {
			return b.String(), nil
		}
		code, tail, closed := strings.Cut(rest, "-")
		if !closed {
			return "", errors.New("unclosed")
		}
		if s = tail; code == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := base64.RawStdEncoding.DecodeString(strings.ReplaceAll(code, ",", "/"))
		if err != nil || len(raw)%2 != 0 {
			return "", errors.New("no UTF-16")
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
		b.WriteString(string(utf16.Decode(units)))
	}
}

func TestRolesAreFoundByWholeNamesOnly(t *testing.T) {
	for _, c := range []struct {
		path    string
		role    core.Role
		certain bool
	}{
		{"INBOX", core.RoleInbox, true},
		{"inbox", core.RoleInbox, true},
		{"已发送", core.RoleSent, true},
		{"Gesendete Objekte", core.RoleSent, true},
		{"ÉLÉMENTS ENVOYÉS", core.RoleSent, true},
		{"E\u0301le\u0301ments envoye\u0301s", core.RoleSent, true}, // decomposed, as macOS writes it
		{"Ｓｅｎｔ", core.RoleSent, true},                               // full width
		{"送信済みアイテム", core.RoleSent, true},
		{"보낸 편지함", core.RoleSent, true},
		{"Отправленные", core.RoleSent, true},
		{"Wysłane", core.RoleSent, true},
		{"Rascunhos", core.RoleDrafts, true},
		{"Concepten", core.RoleDrafts, true},
		{"ごみ箱", core.RoleTrash, true},
		{"垃圾桶", core.RoleTrash, true},
		{"垃圾郵件", core.RoleJunk, true},
		{"存档", core.RoleArchive, true},
		{"INBOX/Sent", core.RoleSent, true},
		{"[Gmail]/寄件備份", core.RoleSent, true},
		{"[Google Mail]/Bin", core.RoleTrash, true},
		{"[Gmail]/All Mail", core.RoleAll, true},
		{"[Gmail]/Starred", core.RoleFlagged, true},
		{"垃圾箱", core.RoleJunk, false},
		{"广告邮件", core.RoleJunk, false},
		{"All Mail", core.RoleNone, true},
		{"重要", core.RoleNone, true},
		{"Sent to clients", core.RoleNone, true},
		{"Sent ", core.RoleNone, true},
		{"Projects/Sent", core.RoleNone, true},
		{"其他文件夹/垃圾箱", core.RoleNone, true},
		{"INBOX/a/Sent", core.RoleNone, true},
		{"", core.RoleNone, true},
	} {
		role, certain := RoleByName(strings.Split(c.path, "/"))
		if role != c.role || certain != c.certain {
			t.Errorf("%q: %q, %v", c.path, role, certain)
		}
	}
	if role, certain := RoleByName(nil); role != core.RoleNone || !certain {
		t.Errorf("no levels: %q, %v", role, certain)
	}
}

func TestFoldersWithoutMailAreSkippedOnlyWhereThatIsSure(t *testing.T) {
	for _, c := range []struct {
		path, family, reason string
		certain              bool
	}{
		{"Calendar", "exchange", "calendar", true},
		{"日历", "m365", "calendar", true},
		{"Calendar", "dovecot", "calendar", false},
		{"Notes", "", "notes", false},
		{"病毒文件夹", "", "virus", true},
		{"Virus Items", "coremail", "virus", true},
		{"Projects/Calendar", "exchange", "", true},
		{"Letters", "exchange", "", true},
	} {
		reason, certain := SkipByName(strings.Split(c.path, "/"), c.family)
		if reason != c.reason || certain != c.certain {
			t.Errorf("%s at %s: %q, %v", c.path, c.family, reason, certain)
		}
	}
	if !slices.Contains(SkipReasons(), "virus") {
		t.Error("virus is no reason to skip")
	}
}

func TestNamingRulesKeepTheSchema(t *testing.T) {
	for _, r := range nameRules() {
		for _, f := range r.Families {
			if f != "unknown" && !slices.Contains(Families(), f) {
				t.Errorf("family %q", f)
			}
		}
		if r.MaxLevelBytes < 32 || len(r.Facts) == 0 {
			t.Errorf("%v: %d bytes, %d facts", r.Families, r.MaxLevelBytes, len(r.Facts))
		}
		if r.NoSpecialChildren && !r.NoInboxChildren {
			t.Errorf("%v: INBOX is a special folder too", r.Families)
		}
		for _, f := range r.Facts {
			if err := f.check(); err != nil {
				t.Errorf("%v: %v", r.Families, err)
			}
		}
	}
	if r := Naming("qq"); !slices.Equal(r.UserRoot, []string{"其他文件夹"}) {
		t.Errorf("tencent: %+v", r)
	}
	if r := Naming("office365"); !r.IsReserved("files") || r.IsReserved("File") || !r.CaseFold {
		t.Errorf("m365: %+v", r)
	}
	if r := Naming("never heard of"); r.MaxLevelBytes != 255 {
		t.Errorf("unknown: %+v", r)
	}
}

func TestDataFilesAreReadStrictly(t *testing.T) {
	for _, bad := range []string{`[{"id":"x","zz":1}]`, `[] []`, `[`, `[{"wait":"x"}]`, `[{"wait":"-1s"}]`, `[{"wait":3}]`} {
		var rows []Entry
		if decode([]byte(bad), &rows) == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	entries, err := fs.Glob(files, "data/*.json")
	if err != nil || len(entries) != 9 {
		t.Errorf("%d data files, %v: a new one needs a test of its schema", len(entries), err)
	}
}
