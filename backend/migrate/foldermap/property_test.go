package foldermap

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

var awkward = []string{"", " ", ".", "..", "~", "~x", "a", "A", "a (2)", "A (2)", "a ", " a", "a  b", "a/b", "a.b", "a_b", "a*b", "a+b", "a\\b", "a^b",
	"INBOX", "Inbox", "NIL", "Files", "files", "Sent", "sent", "Sent Items", "已发送", "垃圾箱", "垃圾邮件", "其他文件夹", "[Gmail]", "All Mail", "Labels", "Folders",
	"Archive", "Calendar", "é", "e\u0301", "\xff", "x\x00y", "\t", "&", "&-", "😀", "\u202e", strings.Repeat("长", 90), strings.Repeat("a", 300), strings.Repeat("长", 90) + "!"}

func genFolders(t *rapid.T, label string) []mailbox.Folder {
	level := rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringN(0, 8, 40))
	role := rapid.SampledFrom([]core.Role{"", "", "", "", "", core.RoleSent, core.RoleTrash, core.RoleJunk, core.RoleArchive, core.RoleAll, core.RoleFlagged})
	folders := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) mailbox.Folder {
		return mailbox.Folder{
			Levels: rapid.SliceOfN(level, 1, 4).Draw(t, "levels"), Role: role.Draw(t, "role"),
			Selectable: rapid.IntRange(0, 5).Draw(t, "selectable") > 0, Shared: rapid.IntRange(0, 9).Draw(t, "shared") == 0,
		}
	}), 0, 14).Draw(t, label)
	for i := range folders {
		folders[i].ID = fmt.Sprintf("%d:%q", i, folders[i].Levels)
	}
	return folders
}

func genTraits(t *rapid.T, label string) mailbox.Traits {
	return mailbox.Traits{
		Kind:      rapid.SampledFrom([]string{"imap", "maildir"}).Draw(t, label+"kind"),
		Family:    rapid.SampledFrom([]string{"", "dovecot", "courier", "cyrus", "gmail", "m365", "tencent", "alibaba", "netease", "proton", "domino"}).Draw(t, label+"family"),
		Separator: rapid.SampledFrom([]string{"/", ".", "\\", ""}).Draw(t, label+"separator"),
		Prefix:    rapid.SampledFrom([]string{"", "INBOX."}).Draw(t, label+"prefix"),
		Forbidden: rapid.SampledFrom([]string{"", "%*", "()", "_", " "}).Draw(t, label+"forbidden"),
		CaseFold:  rapid.Bool().Draw(t, label+"fold"),
	}
}

func genRules(t *rapid.T, src []mailbox.Folder) Rules {
	r := Rules{Shared: rapid.Bool().Draw(t, "shared"), Flat: rapid.IntRange(0, 4).Draw(t, "flat") == 0,
		AllMail: rapid.SampledFrom([]AllMail{"", AllMailSkip, AllMailCopy}).Draw(t, "allmail")}
	r.Exclude = rapid.SliceOfN(rapid.SampledFrom([]string{"a/**", "*b*", "Sent"}), 0, 1).Draw(t, "exclude")
	r.Targets = map[string][]string{}
	for _, f := range src {
		switch rapid.IntRange(0, 9).Draw(t, "directed") {
		case 0:
			r.Targets[f.ID] = rapid.SliceOfN(rapid.SampledFrom(awkward), 0, 3).Draw(t, "target")
		}
	}
	return r
}

func TestEveryPlanKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := genFolders(t, "src"), genFolders(t, "dst")
		from, to := genTraits(t, "from"), genTraits(t, "to")
		rules := genRules(t, src)
		p := Build(src, dst, from, to, rules)
		n := newNamer(to, rules.Flat)
		existing := map[string]mailbox.Folder{}
		for _, f := range dst {
			existing[f.ID] = f
		}
		seen := map[string]bool{}
		users := map[string]Entry{}
		for _, e := range p.Entries {
			seen[e.Source.ID] = true
			if e.Action == Skip {
				if e.Reason == ReasonNone || e.Target != nil || e.TargetID != "" {
					t.Fatalf("skipped without a reason, or with a target: %+v", e)
				}
				continue
			}
			if (e.Action == ParentOnly) == e.Source.Selectable {
				t.Fatalf("parent and folder mixed up: %+v", e)
			}
			if e.Action == ParentOnly && e.Target == nil {
				continue
			}
			if len(e.Target) == 0 {
				t.Fatalf("no target: %+v", e)
			}
			there, exists := existing[e.TargetID]
			if e.TargetID != "" && (!exists || n.key(there.Levels) != n.key(e.Target) || !there.Selectable) {
				t.Fatalf("target %v is not %+v", e.Target, there)
			}
			checkLevels(t, n, dst, e)
			if e.Action == ParentOnly {
				continue
			}
			key := n.key(e.Target)
			if other, taken := users[key]; taken && (e.Into == "" || e.Into != other.Into) {
				t.Fatalf("%q and %q both go to %v", other.Source.ID, e.Source.ID, e.Target)
			}
			users[key] = e
			if e.Action == Copy && path(e.Target) != path(e.Source.Levels) && len(e.Changes) == 0 {
				t.Fatalf("a rename is not told: %+v", e)
			}
			if isInbox(e.Source.Levels) && len(rules.Targets[e.Source.ID]) == 0 && e.Into != core.RoleInbox {
				t.Fatalf("INBOX goes to %v", e.Target)
			}
		}
		if len(p.Entries) != len(src) || len(seen) != len(src) {
			t.Fatalf("%d entries for %d folders", len(p.Entries), len(src))
		}
	})
}

// checkLevels: what the plan would create must be something the destination takes.
func checkLevels(t *rapid.T, n *namer, dst []mailbox.Folder, e Entry) {
	known := slices.ContainsFunc(dst, func(f mailbox.Folder) bool { return n.key(f.Levels) == n.key(e.Target) })
	if known || e.Into != "" {
		return // the destination's own spelling
	}
	for i, l := range e.Target {
		spelled := slices.ContainsFunc(dst, func(f mailbox.Folder) bool { return len(f.Levels) > i && f.Levels[i] == l })
		rooted := i < len(n.rules.UserRoot) && l == n.rules.UserRoot[i]
		if spelled || rooted {
			continue
		}
		if l == "" || l == "." || l == ".." || !utf8.ValidString(l) || strings.ContainsAny(l, n.forbidden) || strings.IndexFunc(l, unicode.IsControl) >= 0 {
			t.Fatalf("level %q of %v is forbidden (%q)", l, e.Target, n.forbidden)
		}
		if wireLength(l) > n.limit {
			t.Fatalf("level %q has %d bytes, allowed are %d", l, wireLength(l), n.limit)
		}
		if n.rules.TrimSpaces && l != strings.TrimSpace(l) || n.rules.CollapseSpaces && strings.Contains(l, "  ") {
			t.Fatalf("spaces in %q", l)
		}
		if i == 0 && n.rules.IsReserved(l) {
			t.Fatalf("%q is reserved", l)
		}
	}
}

func TestPlansDoNotDependOnTheOrderOfTheLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := genFolders(t, "src"), genFolders(t, "dst")
		from, to := genTraits(t, "from"), genTraits(t, "to")
		rules := genRules(t, src)
		before := fmt.Sprint(src, dst, rules)
		a := Build(src, dst, from, to, rules)
		if fmt.Sprint(src, dst, rules) != before {
			t.Fatal("the input was changed")
		}
		again := rules
		again.Targets = maps.Clone(rules.Targets)
		b := Build(rapid.Permutation(src).Draw(t, "src order"), rapid.Permutation(dst).Draw(t, "dst order"), from, to, again)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("\n%+v\n%+v", a, b)
		}
	})
}

// A second run sees the folders that the first one made, and must find them.
func TestASecondPlanWithEarlierTargetsChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := genFolders(t, "src"), genFolders(t, "dst")
		from, to := genTraits(t, "from"), genTraits(t, "to")
		rules := genRules(t, src)
		first := Build(src, dst, from, to, rules)
		later := rules
		later.Targets = nil
		later.Earlier = map[string][]string{}
		want := map[string]string{}
		for _, e := range first.Entries {
			if e.Action != Copy && e.Action != Ask {
				continue
			}
			later.Earlier[e.Source.ID] = e.Target
			want[e.Source.ID] = path(e.Target)
			if e.TargetID == "" {
				dst = append(dst, mailbox.Folder{ID: "new:" + e.Source.ID, Levels: e.Target, Selectable: true})
			}
		}
		for _, e := range Build(src, dst, from, to, later).Entries {
			if (e.Action == Copy || e.Action == Ask) && want[e.Source.ID] != "" && path(e.Target) != want[e.Source.ID] {
				t.Fatalf("%q went to %q and now goes to %v", e.Source.ID, want[e.Source.ID], e.Target)
			}
		}
	})
}
