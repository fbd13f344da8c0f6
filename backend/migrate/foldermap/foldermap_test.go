package foldermap

import (
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// dirs makes selectable folders from paths; "path:role" has a role of the server's own
// telling, a trailing "!" is a mere parent.
func dirs(sep string, paths ...string) []mailbox.Folder {
	var out []mailbox.Folder
	for _, p := range paths {
		f := mailbox.Folder{Selectable: true}
		p, noselect := strings.CutSuffix(p, "!")
		f.Selectable = !noselect
		p, role, _ := strings.Cut(p, ":")
		f.Role = core.Role(role)
		f.ID = p
		f.Levels = strings.Split(p, sep)
		out = append(out, f)
	}
	return out
}

var (
	plainTraits   = mailbox.Traits{Kind: "imap", Separator: "/"}
	dovecotDots   = mailbox.Traits{Kind: "imap", Family: "dovecot", Separator: "."}
	courierTraits = mailbox.Traits{Kind: "imap", Family: "courier", Separator: ".", Prefix: "INBOX."}
	gmailTraits   = mailbox.Traits{Kind: "imap", Family: "gmail", Separator: "/"}
	tencentTraits = mailbox.Traits{Kind: "imap", Family: "tencent", Separator: "/"}
	m365Traits    = mailbox.Traits{Kind: "imap", Family: "m365", Separator: "/"}
	protonTraits  = mailbox.Traits{Kind: "imap", Family: "proton", Separator: "/"}
)

var gmailFolders = []string{"INBOX", "[Gmail]!", "[Gmail]/All Mail:all", "[Gmail]/Sent Mail:sent", "[Gmail]/Drafts:drafts",
	"[Gmail]/Trash:trash", "[Gmail]/Spam:junk", "[Gmail]/Starred:flagged", "[Gmail]/Important:important"}

func find(t *testing.T, p Plan, id string) Entry {
	t.Helper()
	i := slices.IndexFunc(p.Entries, func(e Entry) bool { return e.Source.ID == id })
	if i < 0 {
		t.Fatalf("%q has no entry", id)
	}
	return p.Entries[i]
}

func codes(e Entry) string {
	var all []string
	for _, c := range e.Changes {
		all = append(all, string(c.Code))
	}
	return strings.Join(all, " ")
}

// expect checks one line per folder: "source → target | action reason | changes".
func expect(t *testing.T, p Plan, lines ...string) {
	t.Helper()
	for _, line := range lines {
		id, want, _ := strings.Cut(line, " → ")
		e := find(t, p, id)
		got := path(e.Target) + " | " + strings.TrimSpace(string(e.Action)+" "+string(e.Reason)) + " | " + codes(e)
		if got = strings.TrimSpace(strings.TrimSuffix(got, " | ")); got != strings.TrimSpace(want) {
			t.Errorf("%s\n got %s\nwant %s", id, got, want)
		}
	}
}

func TestSpecialFoldersGoIntoTheDestinationsOwn(t *testing.T) {
	src := dirs("/", "INBOX", "已发送", "草稿箱", "已删除", "垃圾邮件", "病毒文件夹", "客户/华东")
	dst := dirs("/", "INBOX", "Sent Items:sent", "Drafts:drafts", "Deleted Items:trash", "Junk Email:junk")
	p := Build(src, dst, mailbox.Traits{Kind: "imap", Family: "netease", Separator: "/"}, m365Traits, Rules{})
	expect(t, p,
		"INBOX → INBOX | copy",
		"已发送 → Sent Items | copy | special",
		"草稿箱 → Drafts | copy | special",
		"已删除 → Deleted Items | copy | special",
		"垃圾邮件 → Junk Email | copy | special",
		"病毒文件夹 →  | skip virus",
		"客户/华东 → 客户/华东 | copy",
	)
	if e := find(t, p, "已发送"); e.TargetID != "Sent Items" || e.Into != core.RoleSent || !e.ByName {
		t.Errorf("%+v", e)
	}
}

func TestWhatTheServerSaysComesBeforeTheName(t *testing.T) {
	p := Build(dirs("/", "INBOX", "Trash:archive", "Mine:sent"), dirs("/", "INBOX", "Archive:archive", "Trash:trash", "Sent"), plainTraits, plainTraits, Rules{})
	expect(t, p, "Trash → Archive | copy | special", "Mine → Sent | copy | special")
}

func TestTwoFoldersOfOneRoleMergeAndBothAreTold(t *testing.T) {
	p := Build(dirs("/", "INBOX", "Sent", "Sent Items", "Sent/2023", "Sent Items/2023"), dirs("/", "INBOX", "Sent:sent"), plainTraits, plainTraits, Rules{})
	expect(t, p,
		"Sent → Sent | copy | merged",
		"Sent Items → Sent | copy | special merged",
		"Sent/2023 → Sent/2023 | copy",
		"Sent Items/2023 → Sent/2023 (2) | copy | special numbered",
	)
}

func TestWithoutASpecialFolderThereNamesStayApart(t *testing.T) {
	p := Build(dirs("/", "INBOX", "Sent", "Sent Items", "已发送"), dirs("/", "INBOX"), plainTraits, plainTraits, Rules{})
	expect(t, p, "Sent → Sent | copy", "Sent Items → Sent Items | copy", "已发送 → 已发送 | copy")
}

func TestAnAmbiguousNameIsAskedAboutAndNeverMerged(t *testing.T) {
	src := dirs("/", "INBOX", "垃圾箱", "垃圾邮件", "Notes")
	p := Build(src, dirs("/", "INBOX", "垃圾箱:junk"), plainTraits, plainTraits, Rules{})
	expect(t, p,
		"垃圾箱 → 垃圾箱 (2) | ask ambiguous-name | numbered",
		"垃圾邮件 → 垃圾箱 | copy | special",
		"Notes → Notes | ask maybe-not-for-mail",
	)
	p = Build(src, dirs("/", "INBOX", "垃圾箱:junk"), plainTraits, plainTraits, Rules{Targets: map[string][]string{"垃圾箱": {"垃圾箱"}}})
	expect(t, p, "垃圾箱 → 垃圾箱 | copy by-request | by-request merged", "垃圾邮件 → 垃圾箱 | copy | special merged")
}

func TestGmailAsSourceLeavesOutViewsAndTakesOnlyLabellessFromAllMail(t *testing.T) {
	src := dirs("/", append(gmailFolders, "Projects/A", "[Gmail]/Chats")...)
	p := Build(src, dirs("/", "INBOX", "Sent:sent", "Trash:trash"), gmailTraits, plainTraits, Rules{})
	expect(t, p,
		"INBOX → INBOX | copy",
		"[Gmail] →  | parent-only no-select",
		"[Gmail]/All Mail → Archive | copy labelless-only | special",
		"[Gmail]/Starred →  | skip view",
		"[Gmail]/Important →  | skip view",
		"[Gmail]/Sent Mail → Sent | copy | special",
		"[Gmail]/Drafts → Drafts | copy | prefix",
		"[Gmail]/Chats → Chats | copy | prefix",
		"Projects/A → Projects/A | copy",
	)
	if !find(t, p, "[Gmail]/All Mail").LabellessOnly {
		t.Error("All Mail would be doubled")
	}
	expect(t, Build(src, nil, gmailTraits, plainTraits, Rules{AllMail: AllMailSkip}), "[Gmail]/All Mail →  | skip all-mail")
	expect(t, Build(src, nil, gmailTraits, plainTraits, Rules{AllMail: AllMailCopy}), "[Gmail]/All Mail → All Mail | copy | prefix")
	to := Build(src, dirs("/", gmailFolders...), gmailTraits, gmailTraits, Rules{})
	expect(t, to, "[Gmail]/All Mail → [Gmail]/All Mail | copy labelless-only")
	archive := Build(append(src, dirs("/", "Archive")...), nil, gmailTraits, plainTraits, Rules{})
	expect(t, archive, "Archive → Archive | copy", "[Gmail]/All Mail → Archive (2) | copy labelless-only | special numbered")
}

func TestAMessageCountsAsElsewhereOnlyIfThatFolderIsListed(t *testing.T) {
	src := dirs("/", append(gmailFolders, "客户")...)
	src[len(src)-1].ID = "&W6JiNw-"
	elsewhere := Build(src, nil, gmailTraits, plainTraits, Rules{Exclude: []string{"客户"}}).Elsewhere()
	for _, c := range []struct {
		labels []string
		want   bool
	}{
		{nil, false},
		{[]string{`\Important`, `\Starred`}, false},
		{[]string{`\Inbox`}, true},
		{[]string{`\\Sent`, `\Important`}, true},
		{[]string{"客户"}, true},
		{[]string{"&W6JiNw-"}, true},
		{[]string{"hidden from IMAP"}, false},
		{[]string{"INBOX"}, true},
	} {
		if got := elsewhere(c.labels); got != c.want {
			t.Errorf("%q: %v", c.labels, got)
		}
	}
	noSent := Build(dirs("/", "INBOX"), nil, gmailTraits, plainTraits, Rules{}).Elsewhere()
	if noSent([]string{`\Sent`}) {
		t.Error("Sent is not listed, so its mail stands nowhere else")
	}
}

func TestProtonsCopiesAreLeftOutAndItsFoldersUnwrapped(t *testing.T) {
	p := Build(dirs("/", "INBOX", "All Mail:all", "Folders!", "Folders/Work", "Labels!", "Labels/Blue", "Sent:sent"),
		dirs("/", "INBOX"), protonTraits, plainTraits, Rules{})
	expect(t, p,
		"All Mail →  | skip all-mail",
		"Folders →  | parent-only no-select",
		"Folders/Work → Work | copy | prefix",
		"Labels →  | skip no-select",
		"Labels/Blue →  | skip label-copy",
	)
}

func TestTencentsUserRootIsCutAndAdded(t *testing.T) {
	src := dirs("/", "INBOX", "Sent Messages", "其他文件夹!", "其他文件夹/项目", "其他文件夹/垃圾箱", "其他文件夹/项目/2024")
	p := Build(src, dirs("/", "INBOX"), tencentTraits, plainTraits, Rules{})
	expect(t, p,
		"其他文件夹 →  | parent-only no-select",
		"其他文件夹/项目 → 项目 | copy | prefix",
		"其他文件夹/垃圾箱 → 垃圾箱 | copy | prefix",
		"其他文件夹/项目/2024 → 项目/2024 | copy | prefix",
	)
	p = Build(dirs("/", "INBOX", "项目", "Sent/2023", "INBOX/老客户", "Sent"), dirs("/", "INBOX", "Sent Messages", "其他文件夹!"), plainTraits, tencentTraits, Rules{})
	expect(t, p,
		"项目 → 其他文件夹/项目 | copy | user-root",
		"Sent → Sent Messages | copy | special",
		"Sent/2023 → 其他文件夹/Sent/2023 | copy | user-root",
		"INBOX/老客户 → 其他文件夹/老客户 | copy | prefix user-root",
	)
	expect(t, Build(src, src, tencentTraits, tencentTraits, Rules{}), "其他文件夹/项目/2024 → 其他文件夹/项目/2024 | copy")
}

func TestPrefixesAndSeparatorsAreConverted(t *testing.T) {
	src := []mailbox.Folder{
		{ID: "INBOX", Levels: []string{"INBOX"}, Selectable: true},
		{ID: "INBOX.A/B", Levels: []string{"A/B"}, Selectable: true},
		{ID: "INBOX.v1", Levels: []string{"v1"}, Selectable: true},
	}
	p := Build(src, nil, courierTraits, plainTraits, Rules{})
	expect(t, p, "INBOX → INBOX | copy", "INBOX.A/B → A_B | copy | characters prefix", "INBOX.v1 → v1 | copy | prefix")
	p = Build(dirs("/", "INBOX", "INBOX/a", "v1.0", "b/c"), nil, plainTraits, courierTraits, Rules{})
	expect(t, p, "INBOX/a → a | copy | prefix prefix", "v1.0 → v1_0 | copy | characters prefix", "b/c → b/c | copy | prefix")
}

func TestNamesTheDestinationCannotHoldAreChangedAndTold(t *testing.T) {
	long := strings.Repeat("长", 100)
	src := []mailbox.Folder{}
	for _, l := range [][]string{{"Files"}, {"a/b"}, {" spaced "}, {"tab\there"}, {"", "x"}, {".."}, {long}, {"NIL"}, {"\xff\xfe"}} {
		src = append(src, mailbox.Folder{ID: path(l), Levels: l, Selectable: true})
	}
	p := Build(src, nil, dovecotDots, m365Traits, Rules{})
	expect(t, p,
		"a/b → a_b | copy | characters",
		" spaced  → spaced | copy | spaces",
		"tab\there → tab_here | copy | characters",
		"/x → _/x | copy | empty",
		".. → __ | copy | empty",
		"NIL → NIL | copy",
	)
	if e := find(t, p, long); wireLength(e.Target[0]) > 250 || len(e.Target[0]) < 200 || codes(e) != "shortened" {
		t.Errorf("%d bytes: %+v", wireLength(e.Target[0]), e)
	}
	plainly := Build(dirs("/", "Files", "Files/a"), nil, plainTraits, m365Traits, Rules{Targets: map[string][]string{"Files": {"Files"}}})
	expect(t, plainly, "Files → Files_ | copy by-request | by-request reserved", "Files/a → Files_/a | copy | by-request reserved")
	gm := Build(dirs("/", "a  b ", "x^y", "[Gmail]x"), nil, plainTraits, gmailTraits, Rules{})
	expect(t, gm, "a  b  → a b | copy | spaces", "x^y → x_y | copy | characters", "[Gmail]x → [Gmail]x | copy")
	ali := Build(dirs("|", "a+b*c"), nil, plainTraits, mailbox.Traits{Family: "alibaba", Separator: "/"}, Rules{})
	expect(t, ali, "a+b*c → a_b_c | copy | characters")
}

func TestNamesDifferingOnlyInCaseAreNumbered(t *testing.T) {
	src := dirs("/", "Trips", "trips", "TRIPS", "trips/x", "Trips/X", "Trips/y")
	p := Build(src, dirs("/", "TRIPS"), plainTraits, m365Traits, Rules{})
	expect(t, p,
		"TRIPS → TRIPS | copy",
		"Trips → Trips (2) | copy | numbered",
		"trips → trips (3) | copy | numbered",
		"trips/x → trips (3)/x | copy | numbered",
		"Trips/X → Trips (2)/X | copy | numbered",
	)
	if e := find(t, p, "TRIPS"); e.TargetID != "TRIPS" {
		t.Errorf("%+v", e)
	}
	exists := Build(dirs("/", "news"), dirs("/", "News"), plainTraits, m365Traits, Rules{})
	expect(t, exists, "news → News | copy | case")
}

func TestANameThatCanStayComesBeforeOnesThatMustChange(t *testing.T) {
	p := Build(dirs("|", "a*b", "a_b", "a+b"), nil, plainTraits, mailbox.Traits{Family: "alibaba", Separator: "/"}, Rules{})
	expect(t, p,
		"a_b → a_b | copy",
		"a*b → a_b (2) | copy | characters numbered",
		"a+b → a_b (3) | copy | characters numbered",
	)
}

func TestEarlierTargetsAreKept(t *testing.T) {
	first := Build(dirs("|", "a+b"), nil, plainTraits, mailbox.Traits{Family: "alibaba", Separator: "/"}, Rules{})
	earlier := map[string][]string{}
	for _, e := range first.Entries {
		earlier[e.Source.ID] = e.Target
	}
	later := Build(dirs("|", "a*b", "a+b", "a_b"), dirs("/", "a_b"), plainTraits, mailbox.Traits{Family: "alibaba", Separator: "/"}, Rules{Earlier: earlier})
	if e := find(t, later, "a+b"); path(e.Target) != "a_b" || e.TargetID != "a_b" {
		t.Errorf("moved to %v", e.Target)
	}
	expect(t, later, "a_b → a_b (2) | copy | numbered")
}

func TestInboxInASecondSpellingIsNotCopiedTwice(t *testing.T) {
	p := Build(dirs("/", "Inbox", "INBOX"), nil, plainTraits, plainTraits, Rules{})
	expect(t, p, "INBOX → INBOX | copy", "Inbox →  | skip listed-twice")
	p = Build(dirs("/", "inbox", "INBOX"), nil, mailbox.Traits{Kind: "maildir", Separator: "."}, plainTraits, Rules{})
	expect(t, p, "INBOX → INBOX | copy | merged", "inbox → INBOX | copy | special merged")
	twice := Build(dirs("/", "a", "a"), nil, plainTraits, plainTraits, Rules{})
	if twice.Entries[0].Action != Copy || twice.Entries[1].Reason != ReasonTwice {
		t.Errorf("%+v", twice)
	}
}

func TestParentsWithoutMailFollowTheirChildren(t *testing.T) {
	p := Build(dirs("/", "Archive!", "Archive/2020", "Empty!", "Gone!", "Gone/x"), dirs("/", "存档:archive"), plainTraits, plainTraits, Rules{Exclude: []string{"Gone/**"}})
	expect(t, p,
		"Archive → Archive | parent-only no-select",
		"Archive/2020 → Archive/2020 | copy",
		"Empty →  | skip no-select",
		"Gone →  | skip no-select",
		"Gone/x →  | skip excluded",
	)
}

func TestRulesChooseFolders(t *testing.T) {
	src := dirs("/", "INBOX", "Projects", "Projects/A", "Projects/A/Old", "Trash:trash", "Other")
	src = append(src, mailbox.Folder{ID: "shared/x", Levels: []string{"shared", "x"}, Selectable: true, Shared: true})
	p := Build(src, nil, plainTraits, plainTraits, Rules{Include: []string{"inbox", "projects/**"}, Exclude: []string{"*/*/old"}})
	expect(t, p, "INBOX → INBOX | copy", "Projects → Projects | copy", "Projects/A → Projects/A | copy",
		"Projects/A/Old →  | skip excluded", "Other →  | skip not-included")
	if e := find(t, p, "Projects/A/Old"); e.Rule != "*/*/old" {
		t.Errorf("rule %q", e.Rule)
	}
	p = Build(src, nil, plainTraits, plainTraits, Rules{SkipRoles: []core.Role{core.RoleTrash}, Targets: map[string][]string{"Other": nil, "Projects": {"工作", "项目"}}})
	expect(t, p, "Trash →  | skip role-excluded", "Other →  | skip by-request", "shared/x →  | skip shared",
		"Projects → 工作/项目 | copy by-request | by-request", "Projects/A → 工作/项目/A | copy | by-request")
	expect(t, Build(src, nil, plainTraits, plainTraits, Rules{Shared: true}), "shared/x → shared/x | copy")
}

func TestTwoFoldersDirectedToOneTargetStayApart(t *testing.T) {
	p := Build(dirs("/", "a", "b"), nil, plainTraits, plainTraits, Rules{Targets: map[string][]string{"a": {"x"}, "b": {"x"}}})
	expect(t, p, "a → x | copy by-request | by-request", "b → x (2) | copy by-request | by-request numbered")
}

func TestFlatDestinationsGetOneLevel(t *testing.T) {
	src := dirs("/", "INBOX", "a!", "a/b", "a_b", "a/c", "Sent:sent")
	p := Build(src, dirs("/", "Sent:sent"), plainTraits, mailbox.Traits{Kind: "mbox"}, Rules{})
	expect(t, p, "a/b → a_b (2) | copy | flattened numbered", "a_b → a_b | copy", "a/c → a_c | copy | flattened",
		"Sent → Sent | copy", "a →  | parent-only no-select")
	if e := find(t, Build(src, nil, plainTraits, plainTraits, Rules{Flat: true}), "a/c"); path(e.Target) != "a_c" {
		t.Errorf("%v", e.Target)
	}
}

func TestDottedNamesTooLongAsAWholeAreFlattened(t *testing.T) {
	l := strings.Repeat("x", 120)
	src := []mailbox.Folder{{ID: "deep", Levels: []string{l, l, "end"}, Selectable: true}}
	e := find(t, Build(src, nil, plainTraits, dovecotDots, Rules{}), "deep")
	if path(e.Target) != "end" || codes(e) != "flattened" {
		t.Errorf("%v %s", e.Target, codes(e))
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"*", "a", true}, {"*", "a/b", false}, {"**", "a/b", true}, {"a/*", "a/b", true}, {"a/*", "a", false},
		{"a/**", "a", true}, {"a/**", "a/b/c", true}, {"a/**", "ab", false}, {"?", "中", true}, {"?", "/", false},
		{"项目*", "项目2024", true}, {"INBOX", "inbox", true}, {"", "", true}, {"", "a", false},
		{"e\u0301", "é", true}, {"[a]", "[a]", true}, {strings.Repeat("*", 2000), "a", false},
	} {
		if got := Match(c.pattern, c.path); got != c.want {
			t.Errorf("%.20q names %q: %v", c.pattern, c.path, got)
		}
	}
}
