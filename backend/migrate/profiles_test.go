package migrate_test

import (
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/migrate"
	"mailroom/backend/preset"
)

// A profile is a provider's server with where things stand there, by raw names.
type profile struct {
	family    string
	server    func(testing.TB) *imaptest.Server
	sent      string // its folder of sent mail
	user      string // a folder of the user's own: 项目
	nested    string // one below another: Projects/R&D
	noKeyword bool   // it holds system flags only
}

const project, research = "&mHl27g-", "R&-D"

var profiles = []profile{
	{family: "netease", server: imaptest.NetEase, sent: "&XfJT0ZAB-", user: project, nested: "Projects/" + research, noKeyword: true},
	{family: "tencent", server: imaptest.Tencent, sent: "Sent Messages", user: imaptest.TencentRoot + "/" + project, nested: imaptest.TencentRoot + "/Projects/" + research},
	{family: "alimail", server: imaptest.AliMail, sent: "&XfJT0ZAB-", user: project, nested: "Projects/" + research},
	{family: "gmail", server: imaptest.Gmail, sent: "[Gmail]/Sent Mail", user: project, nested: "Projects/" + research},
	{family: "exchange", server: imaptest.Exchange, sent: "Sent Items", user: project, nested: "Projects/" + research},
	{family: "yahoo", server: imaptest.Yahoo, sent: "Sent", user: project, nested: "Projects/" + research},
	{family: "courier", server: imaptest.Courier, sent: "INBOX.Sent", user: "INBOX." + project, nested: "INBOX.Projects." + research},
}

func (p profile) mails() map[string][]string {
	return map[string][]string{"INBOX": {"one", "two"}, p.sent: {"sent"}, p.nested: {"research"}}
}

func TestEachProviderIsASource(t *testing.T) {
	for _, p := range profiles {
		t.Run(p.family, func(t *testing.T) {
			t.Parallel()
			from, to := p.server(t), own(t)
			fill(from, p.mails())
			fill(from, map[string][]string{p.user: {"plan", "budget", "minutes"}})
			tr := newTrip(t, from, to)
			r := tr.done()
			if r.Copied != 7 {
				t.Errorf("%+v", r.Counts)
			}
			holds(t, to, map[string][]string{"INBOX": {"one", "two"}, "Sent": {"sent"}, project: {"plan", "budget", "minutes"}, "Projects/" + research: {"research"}})
			untouched(t, from)
		})
	}
}

func TestEachProviderIsADestination(t *testing.T) {
	for _, p := range profiles {
		t.Run(p.family, func(t *testing.T) {
			t.Parallel()
			from, to := own(t), p.server(t)
			want := p.mails()
			if p.family == "gmail" { // takes one message a second
				want = map[string][]string{p.user: {"plan"}, p.nested: {"research"}}
			}
			names := map[string]string{"INBOX": "INBOX", p.sent: "Sent", p.user: project, p.nested: "Projects/" + research}
			for folder, mails := range want {
				fill(from, map[string][]string{names[folder]: mails})
			}
			marked := from.Mailbox("Projects/" + research)
			marked.Add(imaptest.Message{Body: mail("marked"), Flags: []string{`\Seen`, `\Flagged`, "$Work"}, Date: time.Date(2019, 5, 6, 7, 8, 9, 0, time.UTC)})
			want[p.nested] = append(want[p.nested], "marked")
			tr := newTrip(t, from, to)
			tr.opt.Verify = migrate.VerifyFingerprint // Exchange's sizes are wrong, Courier shows copies late
			r := tr.done()
			holds(t, to, want)
			last := to.Mailbox(p.nested).Messages()
			m := last[len(last)-1]
			flags := `$Work \Flagged \Seen`
			if p.noKeyword {
				flags = `\Flagged \Seen`
				hasNote(t, r, "flags_not_kept")
			}
			if strings.Join(m.Flags, " ") != flags || m.Date.Year() != 2019 {
				t.Errorf("flags %q, date %s", m.Flags, m.Date)
			}
			untouched(t, from)
		})
	}
}

// TestNetEaseIsOpenedOnlyAfterID also proves that the gate is there.
func TestNetEaseIsOpenedOnlyAfterID(t *testing.T) {
	from, to := imaptest.NetEase(t), own(t)
	fill(from, map[string][]string{"INBOX": {"one"}})
	from.On("ID", func(c *imaptest.Conn, cmd *imaptest.Command) { c.NO(cmd, "not now") })
	r, err := newTrip(t, from, to).run()
	if r.LeftBehind != 1 || len(r.Errors) == 0 || r.Errors[0].Class != string(preset.IDNeeded) || r.State == migrate.StateDone {
		t.Errorf("%v, %s, %+v", err, r.State, r.Errors)
	}
	from.On("ID", nil)
	newTrip(t, from, to).done()
}

func TestTencentsUserFoldersLoseTheirParentAndAreTold(t *testing.T) {
	from, to := imaptest.Tencent(t), own(t)
	fill(from, map[string][]string{imaptest.TencentRoot + "/" + project: {"plan"}})
	r := newTrip(t, from, to).done()
	holds(t, to, map[string][]string{project: {"plan"}})
	changed(t, r, "其他文件夹/项目", "prefix")
	back := imaptest.Tencent(t)
	again := newTrip(t, to, back).done()
	holds(t, back, map[string][]string{imaptest.TencentRoot + "/" + project: {"plan"}})
	changed(t, again, "项目", "user-root")
}

func TestGmailsAllMailIsNotDoubled(t *testing.T) {
	from, to := imaptest.Gmail(t), own(t)
	all := from.Mailbox("[Gmail]/All Mail")
	add := func(name, folder string, labels ...string) {
		id := uint64(1_700_000_000_000_000_000 + len(all.Messages()))
		all.Add(imaptest.Message{Body: mail(name), Labels: labels, GmailID: id})
		if folder != "" {
			from.Mailbox(folder).Add(imaptest.Message{Body: mail(name), Labels: labels, GmailID: id})
		}
	}
	add("in the inbox", "INBOX", `"\\Inbox"`, `"\\Important"`)
	add("labelled", project, `"&mHl27g-"`)
	add("archived", "")
	add("starred only", "", `"\\Starred"`)
	add("label not shown", "", "Hidden")
	r := newTrip(t, from, to).done()
	holds(t, to, map[string][]string{"INBOX": {"in the inbox"}, project: {"labelled"}, "Archive": {"archived", "starred only", "label not shown"}})
	if r.Excluded != 2 || r.Copied != 5 {
		t.Errorf("%+v", r.Counts)
	}
}

func TestGmailsDailyBudgetParksTheAccountAndTheNextRunGoesOn(t *testing.T) {
	from, to := own(t), imaptest.Gmail(t)
	fill(from, map[string][]string{project: {"plan", "budget"}})
	spent := 1
	to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if spent--; spent < 0 {
			c.NO(cmd, "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)")
			return
		}
		imaptest.Default(c, cmd)
	})
	tr := newTrip(t, from, to)
	r, err := tr.run()
	if core.CodeOf(err) != core.RateLimited || core.ArgsOf(err)["class"] != string(preset.DailyQuota) || r.State != migrate.StateFailed || r.Copied != 1 || r.LeftBehind != 1 {
		t.Errorf("%v, %s, %+v", err, r.State, r.Counts)
	}
	if !strings.Contains(r.Errors[len(r.Errors)-1].Server, "bandwidth limits") || to.Count("APPEND") != 2 {
		t.Errorf("%+v, %d tries", r.Errors, to.Count("APPEND"))
	}
	spent = 100
	tr.done()
	holds(t, to, map[string][]string{project: {"plan", "budget"}})
}

func TestExchangesBackoffIsKept(t *testing.T) {
	const says = "Request is throttled. Suggested Backoff Time: 92415 milliseconds"
	for _, verb := range []string{"UID FETCH", "APPEND"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			from, to := imaptest.Exchange(t), imaptest.Exchange(t)
			fill(from, map[string][]string{"INBOX": {"one", "two", "three"}})
			busy, n := from, 0
			if verb == "APPEND" {
				busy = to
			}
			busy.On(verb, func(c *imaptest.Conn, cmd *imaptest.Command) {
				if n++; n == 2 {
					c.BAD(cmd, says)
					return
				}
				imaptest.Default(c, cmd)
			})
			tr := newTrip(t, from, to)
			tr.done()
			holds(t, to, map[string][]string{"INBOX": {"one", "two", "three"}})
			if d := tr.longest(); d < 90*time.Second || d > preset.LongestBackoff {
				t.Errorf("waited %v", tr.waits)
			}
		})
	}
}

func TestAnUndoKeepsExchangesBackoffToo(t *testing.T) {
	from, to := own(t), imaptest.Exchange(t)
	fill(from, map[string][]string{"INBOX": {"one", "two"}})
	fill(to, map[string][]string{"INBOX": {"foreign"}})
	tr := newTrip(t, from, to)
	tr.done()
	n := 0
	to.On("UID EXPUNGE", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if n++; n == 1 {
			c.BAD(cmd, "Request is throttled. Suggested Backoff Time: 92415 milliseconds")
			return
		}
		imaptest.Default(c, cmd)
	})
	if _, err := tr.mover().Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	holds(t, to, map[string][]string{"INBOX": {"foreign"}})
	if d := tr.longest(); d < 90*time.Second {
		t.Errorf("waited %v", tr.waits)
	}
}

// TestExchangeIsLeftBeforeItClosesAfterTenErrors sends it twelve messages that it refuses.
func TestExchangeIsLeftBeforeItClosesAfterTenErrors(t *testing.T) {
	from, to := own(t), imaptest.Exchange(t)
	var names []string
	for _, c := range "abcdefghijkl" {
		names = append(names, "infected "+string(c))
	}
	fill(from, map[string][]string{project: names, "INBOX": {"one"}})
	worst, here := 0, map[*imaptest.Conn]int{}
	to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if strings.Contains(string(cmd.Literals[0]), "infected") {
			here[c]++
			worst = max(worst, here[c])
			c.NO(cmd, "Message refused because it contains a virus")
			return
		}
		imaptest.Default(c, cmd)
	})
	r, err := newTrip(t, from, to).run()
	if err != nil || r.LeftBehind != 12 || r.Copied != 1 || len(r.Left) != 12 || r.Left[0].Class != string(preset.Virus) {
		t.Errorf("%v, %+v, %+v", err, r.Counts, r.Left)
	}
	if worst >= 10 || to.Count("LOGIN") < 2 {
		t.Errorf("%d refusals on one connection, %d sign-ins", worst, to.Count("LOGIN"))
	}
	holds(t, to, map[string][]string{"INBOX": {"one"}})
}
