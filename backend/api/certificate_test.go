package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
)

// letter is a whole message with a subject.
func letter(subject string) string {
	return "From: Han Meimei <han.meimei@customer.example>\r\nTo: li.lei@old.example\r\nSubject: " + subject +
		"\r\nMessage-ID: <" + strings.ReplaceAll(subject, " ", ".") + "@customer.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0800\r\n\r\nGood morning.\r\n"
}

// fussy is a destination that refuses what its subject calls huge.
func fussy(t *testing.T) *imaptest.Server {
	t.Helper()
	to := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL+"})
	to.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if strings.Contains(string(cmd.Literals[0]), "Subject: huge") {
			c.NO(cmd, "[TOOBIG] Message exceeds maximum fixed size")
			return
		}
		imaptest.Default(c, cmd)
	})
	return to
}

// unlock gives the house a vault and one password in it.
func (h *house) unlock() (handle string) {
	h.t.Helper()
	must(h.vault.Create("correct horse battery"))(h.t)
	return must(h.vault.Keep("let me in"))(h.t)
}

func serverAt(srv *imaptest.Server, user, secret string) Endpoint {
	return Endpoint{Kind: KindIMAP, Host: srv.Host(), Port: srv.Port(), Security: SecurityPlain, User: user, Secret: secret}
}

// movedWithLeft is a move of one mailbox that left two messages behind.
func movedWithLeft(t *testing.T, h *house) (m Move, from *imaptest.Server) {
	t.Helper()
	from = imaptest.New(t, imaptest.Options{})
	for _, subject := range []string{"one", "huge drawings", "two", "huge film"} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: letter(subject)})
	}
	to := fussy(t)
	key := h.unlock()
	m = must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{
		Label: "李雷 / sales", From: serverAt(from, "li.lei@old.example", key), To: serverAt(to, "li.lei@new.example", key),
	}}}))(t)
	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveLeftBehind, MoveDone, MoveFailed)
	if m.Progress.Counts.LeftBehind != 2 {
		t.Fatalf("not two messages left behind: %+v %+v", m.Progress.Counts, m.Mailboxes)
	}
	return m, from
}

func TestWhatWasLeftBehindIsSavedBesideTheCertificate(t *testing.T) {
	h := open(t, t.TempDir())
	m, from := movedWithLeft(t, h)
	dir := t.TempDir()
	order := CertificateOrder{MoveID: m.ID, MailboxID: m.Mailboxes[0].ID, Format: CertificateHTML, Language: PaperBoth, Left: true}
	h.w.picks = []string{filepath.Join(dir, "paper.html")}
	saved := must(h.papers.Save("r1", order))(t)
	if saved.Left != 2 || len(saved.Missing) != 0 {
		t.Fatalf("%+v", saved)
	}
	names := must(filepath.Glob(filepath.Join(dir, "left-behind", "*", "*.eml")))(t)
	if len(names) != 2 {
		t.Fatalf("files: %v", names)
	}
	bodies := ""
	for _, name := range names {
		bodies += string(must(os.ReadFile(name))(t))
		if strings.ContainsAny(filepath.Base(filepath.Dir(name)), `/\`) {
			t.Errorf("the folder is called %s", filepath.Dir(name))
		}
	}
	if bodies != letter("huge drawings")+letter("huge film") {
		t.Errorf("the messages are not as they were: %q", bodies)
	}
	if page := string(must(os.ReadFile(filepath.Join(dir, "paper.html")))(t)); strings.Count(page, `href="./left-behind/`) != 4 {
		t.Error("the page does not lead to the files")
	}
	if told := heard[PapersProgress](h.w, "papers:progress"); len(told) != 2 || told[1] != (PapersProgress{RequestID: "r1", Done: 2, Total: 2}) {
		t.Errorf("told: %+v", told)
	}
	for _, line := range from.Log() {
		if strings.Contains(line, "SELECT") || strings.Contains(line, "STORE") || strings.Contains(line, "BODY[]") && !strings.Contains(line, "BODY.PEEK[]") {
			t.Errorf("the old mailbox was not only read: %s", line)
		}
	}
}

func TestAnOldMailboxThatCannotGiveThemIsToldAndTheCertificateIsWritten(t *testing.T) {
	h := open(t, t.TempDir())
	m, from := movedWithLeft(t, h)
	order := CertificateOrder{MoveID: m.ID, Format: CertificatePDF, Language: PaperEnglish, Left: true}
	save := func() CertificateSaved {
		t.Helper()
		path := filepath.Join(t.TempDir(), "paper.pdf")
		h.w.picks = []string{path}
		saved := must(h.papers.Save("", order))(t)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("no certificate: %v", err)
		}
		return saved
	}
	from.Mailbox("INBOX").Remove(2)
	if saved := save(); saved.Left != 1 || len(saved.Missing) != 1 || saved.Missing[0].Count != 1 || saved.Missing[0].Problem.Code != ErrorCode(core.NotFound) {
		t.Errorf("one is gone: %+v", saved)
	}
	from.Close()
	if saved := save(); saved.Left != 0 || saved.Missing[0].Count != 2 || saved.Missing[0].Problem.Code != ErrorCode(core.Unreachable) {
		t.Errorf("the server is gone: %+v", saved)
	}
}

func TestSavingCanBeStopped(t *testing.T) {
	h := open(t, t.TempDir())
	m, from := movedWithLeft(t, h)
	from.On("UID FETCH", func(c *imaptest.Conn, _ *imaptest.Command) {
		if err := h.app.Cancel("r2"); err != nil {
			t.Error(err)
		}
		c.Close()
	})
	path := filepath.Join(t.TempDir(), "paper.csv")
	h.w.picks = []string{path}
	_, err := h.papers.Save("r2", CertificateOrder{MoveID: m.ID, Format: CertificateCSV, Language: PaperEnglish, Left: true})
	wantCode(t, "a stopped call", err, core.Canceled)
	if _, err := os.Stat(path); err == nil {
		t.Error("a certificate was written although the person stopped it")
	}
}
