package migrate_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/migrate"
	"mailroom/backend/preset"
)

// TestTheEnginesPartOfTheRules proves what of the 22 rules for all servers is the
// engine's, by the numbers that package imap uses for the client's part. The others
// (1-4, 6, 7, 13, 18, 19, 22) are the client's alone. 21, leaving Exchange before it
// closes after ten errors, is TestExchangeIsLeftBeforeItClosesAfterTenErrors.
func TestTheEnginesPartOfTheRules(t *testing.T) {
	for _, c := range []struct {
		says  string
		prove func(t *testing.T)
	}{
		{"05 the count that the source tells is compared with what was listed", countDiffers},
		{"08 folders level by level in the destination's separator, merged where case does not count, every rename told", folderNames},
		{"09 flags that the folder can hold; a refused flag list goes once more with system flags only", flagLists},
		{"10 without APPENDUID the copies are found by what they are", withoutUIDPlus},
		{"11 an APPEND whose answer was lost is looked for, not sent again", lostAnswers},
		{"12 what a server refuses is repaired as little as can be, else left behind", repairs},
		{"14 an empty answer is asked for again, then left behind, and nothing empty is stored", emptyAnswers},
		{"15 a senseless INTERNALDATE falls back to Received, then to Date", oddDates},
		{"16 another UIDVALIDITY at the source is matched, not copied again", newValidity},
		{`17 \Recent is nobody's; \Deleted is copied with its mark, or excluded and counted`, deletedMark},
		{"20 a wait that the server names is kept and bounded, and a lasting refusal ends the work", slowDown},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			c.prove(t)
		})
	}
}

func countDiffers(t *testing.T) {
	from, to := plain(t, "UIDPLUS"), own(t)
	fill(from, map[string][]string{"INBOX": {"one", "two", "three"}})
	from.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if strings.Contains(cmd.Args, "INTERNALDATE") { // one message is never listed
			_, items, _ := strings.Cut(cmd.Args, " ")
			cmd.Args = "1:2 " + items
		}
		imaptest.Default(c, cmd)
	})
	tr := newTrip(t, from, to)
	told := func(e migrate.Trouble) bool {
		return e.Class == string(migrate.ClassUnlisted) && e.Args["told"] == "3" && e.Args["listed"] == "2"
	}
	for run := range 2 { // the second time nothing is new, and it still counts
		r, err := tr.run()
		if err != nil || r.Copied != int64(2-2*run) || r.LeftBehind != 1 || r.Messages != 3 || r.State != migrate.StateLeftBehind ||
			r.Copied+r.AlreadyThere+r.LeftBehind != r.Messages || r.Folders[0].LeftBehind != 1 || !slices.ContainsFunc(r.Errors, told) {
			t.Errorf("%v, %s, %+v, %+v", err, r.State, r.Counts, r.Errors)
		}
	}
	v, err := tr.mover().Verify(t.Context(), migrate.VerifyFingerprint)
	if err != nil || v.LeftBehind != 1 || v.State != migrate.StateLeftBehind {
		t.Errorf("verified: %v, %s, %+v", err, v.State, v.Counts)
	}
	from.On("UID FETCH", nil)
	if r, err := tr.run(); err != nil || r.Copied != 1 || r.LeftBehind != 0 || r.State != migrate.StateDone {
		t.Errorf("listed at last: %v, %s, %+v", err, r.State, r.Counts)
	}
}

// TestWhatCannotBeStoredAsItIsSaysWhy sends mail that a destination without BINARY
// cannot take as it is. Nothing of it is changed; each is left behind with its cause,
// though the server's own words do not name it.
func TestWhatCannotBeStoredAsItIsSaysWhy(t *testing.T) {
	t.Parallel()
	wide := mail("wide") + strings.Repeat("x", 12_000) + "\r\n"
	from, to := own(t), plain(t, "UIDPLUS")
	for _, b := range []string{
		mail("good") + strings.Repeat("y", 900) + "\r\n", mail("nul") + "a\x00b\r\n", wide, mail("other") + "bad\r\n",
		mail("large nul") + strings.Repeat("line\r\n", 120_000) + "\x00\r\n",
	} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: b})
	}
	to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		body := string(cmd.Literals[0])
		if strings.Contains(body, "\x00") || strings.Contains(body, strings.Repeat("x", 10_000)) || strings.Contains(body, "bad\r\n") {
			c.Script(cmd, "{tag} BAD Command Argument Error. 11")
			return
		}
		imaptest.Default(c, cmd)
	})
	r, err := newTrip(t, from, to).run()
	if err != nil || r.Copied != 1 || r.LeftBehind != 4 || r.Copied+r.LeftBehind != r.Messages {
		t.Fatalf("%v, %+v", err, r.Counts)
	}
	got := map[string]string{}
	for _, l := range r.Left {
		got[l.Subject] = l.Class
		if !strings.Contains(l.Server, "Command Argument Error. 11") {
			t.Errorf("%s: the server's words are lost: %q", l.Subject, l.Server)
		}
	}
	want := map[string]string{"nul": "nul-bytes", "wide": "long-line", "other": "bad-message", "large nul": "nul-bytes"} // the last one streams
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	untouched(t, from)
}

func folderNames(t *testing.T) {
	from, to := imaptest.Courier(t), imaptest.Exchange(t)
	fill(from, map[string][]string{"INBOX.a.b.c": {"one"}, "INBOX.Case": {"two"}, "INBOX.case": {"three"}, "INBOX.in/out": {"four"}})
	for _, there := range []string{"INBOX.a.b.c", "INBOX.Case"} {
		from.Mailbox(there).Subscribed = true
	}
	to.On("CREATE", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if cmd.Words()[0] == "a" {
			c.NO(cmd, "Mailbox already exists")
			return
		}
		imaptest.Default(c, cmd)
	})
	r := newTrip(t, from, to).done()
	holds(t, to, map[string][]string{"a/b/c": {"one"}, "in_out": {"four"}, "Case": {"two"}, "case (2)": {"three"}})
	changed(t, r, "in/out", "characters")
	changed(t, r, "case", "numbered")
	if to.Count(`SUBSCRIBE "a/b/c"`) != 1 || to.Count(`SUBSCRIBE "in_out"`) != 0 {
		t.Errorf("%q", to.Log())
	}
}

func flagLists(t *testing.T) {
	from := plain(t, "UIDPLUS")
	to := imaptest.New(t, imaptest.Options{Quirks: imaptest.Quirks{Permanent: `\Seen \Flagged \Draft $Work $Odd`}})
	for _, flags := range [][]string{{`\Seen`, `\Recent`, `\Answered`, "$Work", "$Home"}, {`\Flagged`, "$Odd"}, {`\Draft`}} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: mail(strings.Join(flags, " ")), Flags: flags})
	}
	to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if strings.Contains(cmd.Args, "$Odd") {
			c.BAD(cmd, "APPEND Invalid flag list")
			return
		}
		imaptest.Default(c, cmd)
	})
	r := newTrip(t, from, to).done()
	var got []string
	for _, m := range to.Mailbox("INBOX").Messages() {
		got = append(got, strings.Join(m.Flags, " "))
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{`$Work \Seen`, `\Draft`, `\Flagged`}) {
		t.Errorf("%q", got)
	}
	hasNote(t, r, "flags_not_kept:INBOX")
	if n := to.Count("APPEND"); n != 4 {
		t.Errorf("%d times sent", n)
	}
}

func withoutUIDPlus(t *testing.T) {
	from, to := own(t), plain(t, "")
	twins := map[string][]string{"INBOX": {"one", "two", "twin", "twin", "three"}}
	fill(from, twins)
	tr := newTrip(t, from, to)
	tr.done()
	holds(t, to, twins)
	// the copies are known one by one: a flag that changes follows
	from.Mailbox("INBOX").Add(imaptest.Message{Body: mail("four"), Flags: []string{`\Flagged`}})
	if r, err := tr.run(); err != nil || r.Copied != 1 || r.AlreadyThere != 5 {
		t.Errorf("%v, %+v", err, r.Counts)
	}
}

func lostAnswers(t *testing.T) {
	for _, caps := range []string{"", "UIDPLUS"} {
		from, to := own(t), plain(t, caps)
		want := map[string][]string{"INBOX": {"one", "two", "twin", "twin", "three", "four"}}
		fill(from, want)
		n := 0
		to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
			if n++; n == 2 || n == 4 { // stored, and the answer lost
				to.Mailbox("INBOX").Add(imaptest.Message{Body: string(cmd.Literals[0]), Flags: []string{`\Seen`}})
				c.Close()
				return
			}
			imaptest.Default(c, cmd)
		})
		newTrip(t, from, to).done()
		holds(t, to, want)
		if to.Count("LOGIN") < 3 {
			t.Errorf("%d sign-ins", to.Count("LOGIN"))
		}
	}
}

func repairs(t *testing.T) {
	from, to := own(t), plain(t, "UIDPLUS BINARY")
	bare, nul, both := mail("bare")+"a\nb\n", mail("nul")+"a\x00b\r\n", mail("hopeless")+"c"
	for _, b := range []string{mail("one"), bare, nul, both} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: b})
	}
	to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		body := string(cmd.Literals[0])
		switch {
		case strings.Contains(body, "\x00") && !strings.Contains(cmd.Args, " ~{"):
			c.NO(cmd, "Message contains NUL characters")
		case strings.Contains(strings.ReplaceAll(body, "\r\n", ""), "\n"):
			c.NO(cmd, "Message contains bare newlines")
		case strings.Contains(body, "hopeless"):
			c.NO(cmd, "Message contains invalid header")
		default:
			imaptest.Default(c, cmd)
		}
	})
	r, err := newTrip(t, from, to).run()
	if err != nil || r.Copied != 3 || r.LeftBehind != 1 || len(r.Left) != 1 || r.Left[0].Class != string(preset.BadMessage) || r.Left[0].Subject != "hopeless" {
		t.Errorf("%v, %+v, %+v", err, r.Counts, r.Left)
	}
	var got []string
	for _, m := range to.Mailbox("INBOX").Messages() {
		got = append(got, m.Body)
	}
	want := []string{mail("one"), strings.ReplaceAll(bare, "a\nb\n", "a\r\nb\r\n"), nul}
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("%q", got)
	}
	hasNote(t, r, "repaired_line_ends:INBOX")
}

func emptyAnswers(t *testing.T) {
	from, to := plain(t, ""), own(t)
	fill(from, map[string][]string{"INBOX": {"one", "nil", "mute", "once", "five"}})
	asked := map[string]int{}
	from.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		set, items, _ := strings.Cut(cmd.Args, " ")
		if items != "(UID BODY.PEEK[])" {
			imaptest.Default(c, cmd)
			return
		}
		asked[set]++
		for _, m := range c.Selected.Messages() {
			switch {
			case set != "1:5" && set != string(rune('0'+m.UID)):
			case m.UID == 2:
				c.Send("* 2 FETCH (UID 2 BODY[] NIL)")
			case m.UID == 3, m.UID == 4 && set == "1:5": // OK without data
			default:
				c.Script(&imaptest.Command{Tag: "*"}, "{tag} 1 FETCH (UID "+string(rune('0'+m.UID))+" BODY[] "+imaptest.Quote(m.Body)+")")
			}
		}
		c.OK(cmd, "done")
	})
	r, err := newTrip(t, from, to).run()
	if err != nil || r.Copied != 3 || r.LeftBehind != 2 || r.State != migrate.StateLeftBehind || asked["2"] == 0 || asked["3"] == 0 {
		t.Errorf("%v, %s, %+v, asked %v", err, r.State, r.Counts, asked)
	}
	holds(t, to, map[string][]string{"INBOX": {"one", "once", "five"}})
}

func oddDates(t *testing.T) {
	from, to := plain(t, "UIDPLUS"), own(t)
	received := "Received: from a by b; Tue, 03 Mar 2015 10:00:00 +0800\r\nReceived: from c by a; Mon, 02 Mar 2015 10:00:00 +0800\r\n"
	for _, b := range []string{received + mail("received"), mail("date"), "Subject: neither\r\n\r\nx\r\n"} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: b})
	}
	from.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if !strings.Contains(cmd.Args, "INTERNALDATE") {
			imaptest.Default(c, cmd)
			return
		}
		c.Script(cmd, `* 1 FETCH (UID 1 FLAGS () INTERNALDATE "00-Jan-0000 00:00:00 +0000" RFC822.SIZE 1)`,
			`* 2 FETCH (UID 2 FLAGS () INTERNALDATE NIL RFC822.SIZE 1)`, `* 3 FETCH (UID 3 FLAGS () RFC822.SIZE 1)`)
	})
	newTrip(t, from, to).done()
	zone := time.FixedZone("", 8*3600)
	want := []time.Time{time.Date(2015, 3, 3, 10, 0, 0, 0, zone), time.Date(2006, 1, 2, 15, 4, 5, 0, zone)}
	for i, m := range to.Mailbox("INBOX").Messages() {
		if i < 2 && !m.Date.Equal(want[i]) {
			t.Errorf("message %d has %s, want %s", i+1, m.Date, want[i])
		}
	}
	for _, l := range to.Log() {
		if strings.HasPrefix(l, "APPEND") && strings.Count(l, `" +0800"`)+strings.Count(l, " +0800\"") != 2 {
			t.Errorf("a date was made up: %q", l)
		}
	}
}

func newValidity(t *testing.T) {
	from, to := plain(t, "UIDPLUS"), own(t)
	want := map[string][]string{"INBOX": {"one", "two", "twin", "twin"}}
	fill(from, want)
	tr := newTrip(t, from, to)
	tr.done()
	from.Mailbox("INBOX").UIDValidity += 7
	if r := tr.done(); r.AlreadyThere != 4 {
		t.Errorf("%+v", r.Counts)
	}
	holds(t, to, want)
}

func deletedMark(t *testing.T) {
	for name, c := range map[string]struct {
		to     *imaptest.Server
		leave  bool
		copied int64
	}{
		"kept":     {to: own(t), copied: 2},
		"on wish":  {to: own(t), leave: true, copied: 1},
		"to Gmail": {to: imaptest.Gmail(t), copied: 1},
	} {
		from := plain(t, "UIDPLUS")
		fill(from, map[string][]string{"INBOX": {"one"}})
		from.Mailbox("INBOX").Add(imaptest.Message{Body: mail("marked"), Flags: []string{`\Deleted`, `\Recent`}})
		tr := newTrip(t, from, c.to)
		tr.opt.ExcludeDeleted = c.leave
		r := tr.done()
		if r.Copied != c.copied || r.Excluded != 2-c.copied {
			t.Errorf("%s: %+v", name, r.Counts)
		}
		got := c.to.Mailbox("INBOX").Messages()
		if int64(len(got)) != c.copied || len(got) == 2 && !slices.Equal(got[1].Flags, []string{`\Deleted`}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func slowDown(t *testing.T) {
	for name, c := range map[string]struct {
		says  string
		times int
		wait  time.Duration
		code  core.Code // "" everything arrives
	}{
		"named":   {"Request is throttled. Suggested Backoff Time: 41000 milliseconds", 2, 41 * time.Second, ""},
		"absurd":  {"Request is throttled. Suggested Backoff Time: 999999999999 milliseconds", 1, preset.LongestBackoff, ""},
		"by code": {"[THROTTLED] slow down", 3, 100 * time.Millisecond, ""},
		"lasting": {"[THROTTLED] slow down", 1000, 800 * time.Millisecond, core.RateLimited},
	} {
		for _, verb := range []string{"UID FETCH", "APPEND"} {
			from, to := plain(t, "UIDPLUS"), plain(t, "UIDPLUS")
			fill(from, map[string][]string{"INBOX": {"one", "two"}})
			busy, left := map[string]*imaptest.Server{"UID FETCH": from, "APPEND": to}[verb], c.times
			busy.On(verb, func(cn *imaptest.Conn, cmd *imaptest.Command) {
				if left--; left >= 0 {
					cn.BAD(cmd, c.says)
					return
				}
				imaptest.Default(cn, cmd)
			})
			tr := newTrip(t, from, to)
			r, err := tr.run()
			if core.CodeOf(err) != c.code || c.code == "" && r.Copied != 2 || c.code != "" && r.LeftBehind != 2 {
				t.Errorf("%s, %s: %v, %+v", name, verb, err, r.Counts)
			}
			if tr.longest() < c.wait-time.Second/10 || tr.longest() > preset.LongestBackoff {
				t.Errorf("%s, %s: waited %v", name, verb, tr.waits)
			}
			if c.code != "" && busy.Count(verb) > 40 {
				t.Errorf("%s, %s: asked %d times", name, verb, busy.Count(verb))
			}
		}
	}
}
