package api

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/testkit/servers"
)

// wantClass checks the finer cause of an error.
func wantClass(t *testing.T, what string, err error, class string) {
	t.Helper()
	if got := core.ArgsOf(err)["class"]; got != class {
		t.Errorf("%s: class %q, want %q (%v)", what, got, class, err)
	}
}

// invited is an office with a move of two mailboxes, the second of which has no
// passwords: its person is invited.
type invited struct {
	office *house
	move   Move
	box    string
	text   string
	from   *imaptest.Server
	to     *imaptest.Server
}

func inviteOne(t *testing.T) invited {
	t.Helper()
	office := open(t, t.TempDir())
	key := office.unlock()
	from, to := imaptest.New(t, imaptest.Options{}), fussy(t)
	for _, subject := range []string{"one", "two", "huge film"} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: letter(subject)})
	}
	other := imaptest.New(t, imaptest.Options{})
	m := must(office.moves.Create(MoveDraftInput{Name: "Office", Mailboxes: []MailboxInput{
		{Label: "韩梅梅", From: serverAt(other, "han@old.example", key), To: serverAt(to, "han@new.example", key)},
		{Label: "李雷", From: serverAt(from, "li.lei@old.example", ""), To: serverAt(to, "li.lei@new.example", ""), Self: true},
	}}))(t)
	dir := t.TempDir()
	office.w.picks = []string{dir}
	made := must(office.guests.Make(InviteOrder{MoveID: m.ID, MailboxIDs: []string{m.Mailboxes[1].ID}, Office: "示例公司", Days: 7, Files: true}))(t)
	if made.Folder != dir || len(made.Texts) != 1 || len(made.Fingerprint) != 19 {
		t.Fatalf("%+v", made)
	}
	raw := string(must(os.ReadFile(filepath.Join(dir, made.Texts[0].File)))(t))
	if strings.Contains(raw, "let me in") || !strings.Contains(raw, "li.lei@old.example") {
		t.Errorf("the file: %s", raw)
	}
	if fp := must(office.guests.Fingerprint())(t); fp != made.Fingerprint {
		t.Errorf("the office's key was %s and is %s", made.Fingerprint, fp)
	}
	return invited{office: office, move: must(office.moves.Get(m.ID))(t), box: m.Mailboxes[1].ID, text: raw, from: from, to: to}
}

func TestAPersonMovesTheirOwnMailboxAndTheOfficeTakesTheResultIn(t *testing.T) {
	i := inviteOne(t)
	must(i.office.moves.Start(i.move.ID))(t)
	m := i.office.untilState(i.move.ID, MovePaused, MoveDone, MoveFailed)
	if m.State != MovePaused || m.Mailboxes[0].State != MailboxDone || m.Mailboxes[1].State != MailboxIdle || !m.Mailboxes[1].Self {
		t.Fatalf("the office's own run: %s, %+v", m.State, m.Mailboxes)
	}

	home := open(t, t.TempDir())
	must(home.vault.Create("my own passphrase"))(t)
	opened := must(home.guests.OpenText(i.text))(t)
	inv := opened.Invitation
	if inv == nil || inv.Office != "示例公司" || inv.Key != "new" || inv.From.User != "li.lei@old.example" || inv.From.Secret != "" {
		t.Fatalf("%+v", opened)
	}
	wantClass(t, "a result before anything", second(home.guests.SaveResult(inv.ID)), "result-nothing")
	secret := must(home.vault.Keep("let me in"))(t)
	own := must(home.guests.Begin(inv.ID, secret, secret))(t)
	own = home.untilState(own.ID, MoveLeftBehind, MoveDone, MoveFailed)
	if own.Progress.Counts.Copied != 2 || own.Progress.Counts.LeftBehind != 1 {
		t.Fatalf("the person's move: %+v", own.Progress.Counts)
	}
	now := must(home.guests.Current())(t)
	if now.Invitation == nil || now.Invitation.MoveID != own.ID {
		t.Errorf("the window is about %+v", now)
	}
	result := filepath.Join(t.TempDir(), "result.mailroom")
	home.w.picks = []string{result}
	must(home.guests.SaveResult(inv.ID))(t)

	taken := must(i.office.guests.OpenFile(result))(t)
	if taken.Result == nil || taken.Result.Label != "李雷" || taken.Result.Counts.Copied != 2 || taken.Result.Again {
		t.Fatalf("%+v", taken.Result)
	}
	m = must(i.office.moves.Get(i.move.ID))(t)
	row := m.Mailboxes[1]
	if m.State != MoveLeftBehind || row.State != MailboxLeftBehind || row.Progress.Counts != own.Progress.Counts || row.Verified != own.Mailboxes[0].Verified {
		t.Errorf("%s %+v", m.State, row)
	}
	left := must(i.office.moves.LeftBehind(m.ID, i.box, 0, 10))(t)
	if left.Total != 1 || left.Rows[0].Subject != "huge film" {
		t.Errorf("%+v", left)
	}
	if m.Stored != m.Mailboxes[0].Progress.Counts.Copied {
		t.Errorf("the office would take back %d messages", m.Stored)
	}
	again := must(i.office.guests.OpenText(must(home.guests.ResultText(inv.ID))(t)))(t)
	if again.Result == nil || !again.Result.Again {
		t.Errorf("a second time: %+v", again.Result)
	}
	states := must(i.office.guests.States(m.ID))(t)
	if len(states) != 1 || states[0].Taken == 0 || states[0].Ended == 0 {
		t.Errorf("%+v", states)
	}

	// A later run brings what is new; its result replaces the first, which is then too old.
	old := string(must(os.ReadFile(result))(t))
	i.from.Mailbox("INBOX").Add(imaptest.Message{Body: letter("three")})
	must(home.guests.Begin(inv.ID, secret, secret))(t)
	home.until(own.ID, "run again", func(m Move) bool { return m.State == MoveLeftBehind && m.Progress.Counts.Copied == 3 })
	newer := must(i.office.guests.OpenText(must(home.guests.ResultText(inv.ID))(t)))(t)
	if newer.Result.Again || newer.Result.Counts.Copied != 3 {
		t.Errorf("%+v", newer.Result)
	}
	wantClass(t, "the older result", second(i.office.guests.OpenText(old)), "result-older")
	page := i.office.recorded(5)
	told := 0
	for _, e := range page.Rows {
		if e.Act == actInvitationMade || e.Act == actResultTaken {
			told++
		}
	}
	if told != 3 {
		t.Errorf("%d entries about the invitation: %+v", told, page.Rows)
	}
}

func TestWhatIsNoInvitationForHereIsToldApart(t *testing.T) {
	i := inviteOne(t)
	home := open(t, t.TempDir())
	must(home.vault.Create("my own passphrase"))(t)
	for what, c := range map[string]struct{ text, class string }{
		"a changed server": {strings.Replace(i.text, "127.0.0.1", "127.0.0.2", 1), "invite-changed"},
		"half of it":       {i.text[:len(i.text)/2], "invite-unreadable"},
		"a newer one":      {strings.Replace(i.text, `"version": 1`, `"version": 9`, 1), "invite-newer"},
		"something else":   {"hello", "invite-unreadable"},
	} {
		wantClass(t, what, second(home.guests.OpenText(c.text)), c.class)
	}
	wantClass(t, "at the office itself", second(i.office.guests.OpenText(i.text)), "invite-own")
	wantCode(t, "no such file", second(home.guests.OpenFile(filepath.Join(t.TempDir(), "x"))), core.NotFound)

	inv := must(home.guests.OpenText(i.text))(t).Invitation
	secret := must(home.vault.Keep("let me in"))(t)
	own := must(home.guests.Begin(inv.ID, secret, secret))(t)
	home.untilState(own.ID, MoveLeftBehind)
	result := must(home.guests.ResultText(inv.ID))(t)

	stranger := open(t, t.TempDir())
	wantClass(t, "a result at another office", second(stranger.guests.OpenText(result)), "result-unknown")
	i.office.moves.api.data.desk.Remove(t.Context(), i.move.ID)
	wantClass(t, "a result of a move that is gone", second(i.office.guests.OpenText(result)), "result-move-gone")
	if err := home.guests.Leave(); err != nil {
		t.Fatal(err)
	}
	if now := must(home.guests.Current())(t); now.Invitation != nil {
		t.Errorf("still about %+v", now)
	}
	if same := must(home.guests.OpenText(i.text))(t).Invitation; same.Key != "same" || same.MoveID != own.ID {
		t.Errorf("opened again: %+v", same)
	}
}

func TestAnInvitationNeedsServersThatOthersCanReach(t *testing.T) {
	h := open(t, t.TempDir())
	h.unlock()
	m := must(h.moves.Create(h.practiceDraft(1)))(t)
	order := InviteOrder{MoveID: m.ID, MailboxIDs: []string{m.Mailboxes[0].ID}, Days: 7}
	wantClass(t, "the practice office", second(h.guests.Make(order)), "invite-local")
	order.Days = 0
	wantCode(t, "no days", second(h.guests.Make(order)), core.Invalid)
	order.Days, order.MailboxIDs = 7, nil
	wantCode(t, "nobody", second(h.guests.Make(order)), core.Invalid)
	order.MailboxIDs = []string{"none"}
	wantCode(t, "a stranger", second(h.guests.Make(order)), core.NotFound)
}

func TestAResultIsRefusedOnceTheOfficeMovesTheMailboxItself(t *testing.T) {
	i := inviteOne(t)
	wantCode(t, "without a password", second(i.office.guests.Stop(i.move.ID, i.box)), core.Invalid)
	home := open(t, t.TempDir())
	must(home.vault.Create("my own passphrase"))(t)
	inv := must(home.guests.OpenText(i.text))(t).Invitation
	secret := must(home.vault.Keep("let me in"))(t)
	own := must(home.guests.Begin(inv.ID, secret, secret))(t)
	home.untilState(own.ID, MoveLeftBehind)
	draft := MoveDraftInput{Name: "Office", Mailboxes: []MailboxInput{}}
	key := must(i.office.vault.Keep("let me in"))(t)
	for _, mb := range i.move.Mailboxes {
		mb.From.Secret, mb.To.Secret = key, key
		draft.Mailboxes = append(draft.Mailboxes, MailboxInput{Label: mb.Label, From: mb.From, To: mb.To})
	}
	must(i.office.moves.Edit(i.move.ID, draft))(t)
	if m := must(i.office.guests.Stop(i.move.ID, i.box))(t); m.Mailboxes[1].Self {
		t.Errorf("still moved by its person: %+v", m.Mailboxes[1])
	}
	result := must(home.guests.ResultText(inv.ID))(t)
	wantClass(t, "the person's result", second(i.office.guests.OpenText(result)), "result-not-self")
	acts := []string{}
	for _, e := range must(i.office.audit.List(AuditQuery{Limit: 100}))(t).Rows {
		acts = append(acts, e.Act)
	}
	if !slices.Contains(acts, actInvitationWithdrawn) {
		t.Errorf("the record says nothing of it: %v", acts)
	}

	// Invited anew, only the new invitation counts.
	must(i.office.guests.Make(InviteOrder{MoveID: i.move.ID, MailboxIDs: []string{i.box}, Office: "示例公司", Days: 7}))(t)
	wantClass(t, "the withdrawn invitation's result", second(i.office.guests.OpenText(result)), "result-withdrawn")
	if m := must(i.office.moves.Get(i.move.ID))(t); m.Mailboxes[1].State == MailboxLeftBehind {
		t.Errorf("it counted all the same: %+v", m.Mailboxes[1])
	}
}

func TestAnInvitedPersonsPasswordsAreForgotten(t *testing.T) {
	i := inviteOne(t)
	old, fresh := must(i.office.vault.Keep("old word"))(t), must(i.office.vault.Keep("new word"))(t)
	draft := MoveDraftInput{Name: "Office", Mailboxes: []MailboxInput{}}
	for n, mb := range i.move.Mailboxes {
		if n == 0 {
			mb.From.Secret, mb.To.Secret = old, fresh
		}
		draft.Mailboxes = append(draft.Mailboxes, MailboxInput{Label: mb.Label, From: mb.From, To: mb.To, Self: n == 1})
	}
	m := must(i.office.moves.Edit(i.move.ID, draft))(t)
	must(i.office.guests.Make(InviteOrder{MoveID: m.ID, MailboxIDs: []string{m.Mailboxes[0].ID}, Office: "示例公司", Days: 7}))(t)
	for _, handle := range []string{old, fresh} {
		if _, err := i.office.API.data.vault.Get(t.Context(), handle); core.CodeOf(err) != core.NotFound {
			t.Errorf("the vault still answers for %s: %v", handle, err)
		}
	}
	if m = must(i.office.moves.Get(m.ID))(t); m.Mailboxes[0].From.Secret != "" || m.Mailboxes[0].To.Secret != "" || !m.Mailboxes[0].Self {
		t.Errorf("%+v", m.Mailboxes[0])
	}
}

func TestAMailboxIsHandedToItsPersonWhileTheMoveIsPutTogether(t *testing.T) {
	i := inviteOne(t)
	draft := MoveDraftInput{Name: "Office", Mailboxes: []MailboxInput{}}
	for _, mb := range i.move.Mailboxes {
		mb.From.Secret, mb.To.Secret = "", ""
		draft.Mailboxes = append(draft.Mailboxes, MailboxInput{Label: mb.Label, From: mb.From, To: mb.To})
	}
	wantCode(t, "without a password", second(i.office.moves.Edit(i.move.ID, draft)), core.Invalid)
	draft.Mailboxes[0].Self = true
	m := must(i.office.moves.Edit(i.move.ID, draft))(t)
	if !m.Mailboxes[0].Self || !m.Mailboxes[1].Self {
		t.Errorf("moved by the office: %+v", m.Mailboxes)
	}
	must(i.office.moves.Plan(m.ID))(t)
	if m = i.office.untilState(m.ID, MovePlanned); m.Mailboxes[0].Problem != nil {
		t.Errorf("the dry run of an invited person's mailbox: %+v", m.Mailboxes[0].Problem)
	}
	must(i.office.moves.Start(m.ID))(t)
	i.office.untilState(m.ID, MovePaused)
}

func TestAFileThatTheProgramWasStartedWithIsOfferedOnce(t *testing.T) {
	h := open(t, t.TempDir())
	h.Offer("/tmp/a.mailroom")
	if told := heard[FileOffered](h.w, "invite:offered"); len(told) != 1 {
		t.Errorf("told %v", told)
	}
	if now := must(h.guests.Current())(t); now.File != "/tmp/a.mailroom" {
		t.Errorf("%+v", now)
	}
	if now := must(h.guests.Current())(t); now.File != "" {
		t.Errorf("offered twice: %+v", now)
	}
}

// Where the company signs certificates itself, the invitation brings the authority along:
// its certificate, and nothing else of the file that the office named.
func TestAnInvitationBringsThePrivateAuthorityAlong(t *testing.T) {
	s := servers.Dovecot(t)
	office := open(t, t.TempDir())
	office.unlock()
	own := string(must(os.ReadFile(s.CAFile))(t))
	named := filepath.Join(t.TempDir(), "authority and key.pem")
	key := "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"
	if err := os.WriteFile(named, []byte(key+own), 0o600); err != nil {
		t.Fatal(err)
	}
	at := dovecotEndpoint(s, "")
	at.CA = named
	m := must(office.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{
		{Label: "李雷", From: at, To: serverAt(fussy(t), "li.lei@new.example", ""), Self: true},
	}}))(t)
	order := InviteOrder{MoveID: m.ID, MailboxIDs: []string{m.Mailboxes[0].ID}, Office: "示例公司", Days: 7}
	made := must(office.guests.Make(order))(t)
	home := open(t, t.TempDir())
	must(home.vault.Create("my own passphrase"))(t)
	inv := must(home.guests.OpenText(made.Texts[0].Text))(t).Invitation
	kept := string(must(os.ReadFile(inv.From.CA))(t))
	if strings.Contains(kept, "PRIVATE") || !strings.Contains(kept, "BEGIN CERTIFICATE") || inv.To.CA != "" {
		t.Errorf("the person's computer was given %q for the old and %q for the new server", kept, inv.To.CA)
	}
	inv.From.Secret = must(home.vault.Keep(servers.DefaultUser.Password))(t)
	if r := must(home.endpoints.TestSignIn("", inv.From))(t); !r.OK {
		t.Errorf("with the authority of the invitation: %+v", r.Problem)
	}
	if err := os.WriteFile(named, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "a file without a certificate", second(office.guests.Make(order)), core.Invalid)
}
