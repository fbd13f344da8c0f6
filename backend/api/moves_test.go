package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
)

func sumsUp(t *testing.T, what string, c Counts) {
	t.Helper()
	if c.Messages != c.Copied+c.AlreadyThere+c.Excluded+c.LeftBehind+c.Pending || c.Pending != 0 {
		t.Errorf("%s does not sum up: %+v", what, c)
	}
}

func TestAPracticeMoveFromTheDraftToTheCertificateAndBack(t *testing.T) {
	h := open(t, t.TempDir())
	draft := h.practiceDraft(3)
	m := must(h.moves.Create(draft))(t)
	if m.State != MoveDraft || !m.Practice || !m.Can.Plan || !m.Can.Start || m.Can.Undo || m.Can.Certificate {
		t.Fatalf("a fresh draft: %+v", m)
	}

	must(h.moves.Plan(m.ID))(t)
	m = h.until(m.ID, "planned", func(m Move) bool { return m.State == MovePlanned && m.Planned })
	var expected int64
	for _, mb := range m.Mailboxes {
		if mb.Estimate == nil || mb.Estimate.Messages == 0 || mb.Estimate.ToCopy == 0 {
			t.Fatalf("%s was not weighed: %+v", mb.Label, mb)
		}
		expected += mb.Estimate.Messages
		folders := must(h.moves.Folders(m.ID, mb.ID))(t)
		if len(folders) < 3 {
			t.Errorf("%s has %d folders", mb.Label, len(folders))
		}
	}

	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveDone, MoveLeftBehind, MoveFailed)
	if m.State == MoveFailed {
		t.Fatalf("%+v", m.Mailboxes)
	}
	sumsUp(t, "the move", m.Progress.Counts)
	if m.Progress.Counts.Messages != expected || m.Stored == 0 || m.Stored != m.Progress.Counts.Copied {
		t.Errorf("messages %d, expected %d; stored %d; %+v", m.Progress.Counts.Messages, expected, m.Stored, m.Progress.Counts)
	}
	for _, mb := range m.Mailboxes {
		if mb.Verified != "bytes" || mb.Differences != 0 {
			t.Errorf("%s: verified %s, %d differences", mb.Label, mb.Verified, mb.Differences)
		}
		var inFolders Counts
		for _, f := range must(h.moves.Folders(m.ID, mb.ID))(t) {
			inFolders.Messages += f.Counts.Messages
			inFolders.Copied += f.Counts.Copied
		}
		if inFolders.Messages != mb.Progress.Counts.Messages || inFolders.Copied != mb.Progress.Counts.Copied {
			t.Errorf("%s: folders sum to %+v, the mailbox to %+v", mb.Label, inFolders, mb.Progress.Counts)
		}
	}
	checkProgress(t, h)
	checkCertificate(t, h, m)

	wantCode(t, "undo with another number", second(h.moves.Undo(m.ID, m.Stored+1)), core.Conflict)
	must(h.moves.Undo(m.ID, m.Stored))(t)
	m = h.untilState(m.ID, MoveUndone, MoveFailed)
	if m.State != MoveUndone || m.Stored != 0 {
		t.Fatalf("after the undo: %s, %d stored, %+v", m.State, m.Stored, m.Mailboxes[0])
	}
	if err := h.moves.Remove(m.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "a removed move", second(h.moves.Get(m.ID)), core.NotFound)
}

func second[T any](_ T, err error) error { return err }

// checkProgress looks at what the page was told on the way.
func checkProgress(t *testing.T, h *house) {
	t.Helper()
	all := heard[MoveProgress](h.w, "move:progress")
	if len(all) == 0 {
		t.Fatal("no progress was told")
	}
	last := int64(0)
	for _, p := range all {
		if p.Seq <= last {
			t.Errorf("sequence %d after %d", p.Seq, last)
		}
		last = p.Seq
		if p.Counts.Pending < 0 || p.EtaMs < -1 || p.Mailboxes == nil {
			t.Errorf("nonsense: %+v", p)
		}
	}
}

func checkCertificate(t *testing.T, h *house, m Move) {
	t.Helper()
	var checks []string
	for _, c := range []struct {
		format   CertificateFormat
		language PaperLanguage
		want     string
	}{
		{CertificateHTML, PaperChinese, "</html>"},
		{CertificateHTML, PaperBoth, "Certificate of a mailbox move"},
		{CertificateCSV, PaperEnglish, m.Mailboxes[0].Label},
		{CertificatePDF, PaperBoth, "%PDF-"},
		{CertificateXLSX, PaperChinese, "xl/workbook.xml"},
	} {
		path := filepath.Join(t.TempDir(), "certificate."+string(c.format))
		h.w.picks = []string{path}
		saved := must(h.papers.Save("", CertificateOrder{MoveID: m.ID, Format: c.format, Language: c.language}))(t)
		if saved.Path != path || saved.Files != 1 {
			t.Errorf("saved: %+v", saved)
		}
		checks = append(checks, saved.Check)
		text := string(must(os.ReadFile(path))(t))
		if !strings.Contains(text, c.want) || strings.Contains(text, "certificate.") {
			t.Errorf("%s: the certificate is not right: %.300s", c.format, text)
		}
	}
	for _, check := range checks {
		if check != checks[0] || len(check) != 19 {
			t.Errorf("papers of one move have the checks %v", checks)
		}
	}
	order := CertificateOrder{MoveID: m.ID, Format: CertificateCSV, Language: PaperEnglish}
	if saved := must(h.papers.Save("", order))(t); saved.Path != "" || saved.Missing == nil {
		t.Errorf("the person changed their mind, yet: %+v", saved)
	}
	order.PerPerson = true
	dir := t.TempDir()
	h.w.picks = []string{dir}
	if saved := must(h.papers.Save("", order))(t); saved.Files != len(m.Mailboxes) || len(must(os.ReadDir(dir))(t)) != len(m.Mailboxes) {
		t.Errorf("one for each person: %+v", saved)
	}
	for what, bad := range map[string]CertificateOrder{
		"format": {MoveID: m.ID, Format: "doc", Language: PaperBoth}, "language": {MoveID: m.ID, Format: CertificateCSV, Language: "fr"},
	} {
		wantCode(t, what, second(h.papers.Save("", bad)), core.Invalid)
	}
	order.MoveID = "none"
	wantCode(t, "an unknown move", second(h.papers.Save("", order)), core.NotFound)
	order.MoveID, order.MailboxID = m.ID, "none"
	wantCode(t, "an unknown mailbox", second(h.papers.Save("", order)), core.NotFound)
}

func TestTheFolderMapCanBeChangedAndChangedBack(t *testing.T) {
	h := open(t, t.TempDir())
	m := must(h.moves.Create(h.practiceDraft(1)))(t)
	must(h.moves.Plan(m.ID))(t)
	m = h.until(m.ID, "planned", func(m Move) bool { return m.Planned && m.State == MovePlanned })
	box := m.Mailboxes[0].ID
	before := must(h.moves.Folders(m.ID, box))(t)
	var picked []MoveFolder
	for _, f := range before {
		if f.Action == FolderCopy && f.Role == "" && f.Counts.Messages > 0 {
			picked = append(picked, f)
		}
	}
	if len(picked) < 2 {
		t.Fatalf("too few folders: %+v", before)
	}
	skip, rename := picked[0], picked[1]
	after := must(h.moves.ChooseFolders(m.ID, box, []FolderChoice{
		{SourceID: skip.SourceID, Skip: true}, {SourceID: rename.SourceID, Target: "/Old mail / Renamed/"},
	}))(t)
	for _, f := range after {
		switch f.SourceID {
		case skip.SourceID:
			if f.Action != FolderSkip || f.Target != "" || !f.Chosen {
				t.Errorf("not left out: %+v", f)
			}
		case rename.SourceID:
			if f.Target != "Old mail/Renamed" || !f.Chosen {
				t.Errorf("not renamed: %+v", f)
			}
		}
	}
	for what, c := range map[string]FolderChoice{
		"empty level": {SourceID: rename.SourceID, Target: "a//b"}, "control": {SourceID: rename.SourceID, Target: "a\x01"},
	} {
		wantCode(t, what, second(h.moves.ChooseFolders(m.ID, box, []FolderChoice{c})), core.Invalid)
	}
	wantCode(t, "unknown folder", second(h.moves.ChooseFolders(m.ID, box, []FolderChoice{{SourceID: "zzz", Skip: true}})), core.NotFound)

	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveDone, MoveLeftBehind, MoveFailed)
	for _, f := range must(h.moves.Folders(m.ID, box))(t) {
		if f.SourceID == skip.SourceID && f.Counts.Copied != 0 {
			t.Errorf("a folder that was left out was copied: %+v", f)
		}
		if f.SourceID == rename.SourceID && (f.Target != "Old mail/Renamed" || f.Counts.Copied != rename.Counts.Messages) {
			t.Errorf("a renamed folder: %+v", f)
		}
	}
	sumsUp(t, "the move", m.Progress.Counts)

	back := must(h.moves.ChooseFolders(m.ID, box, nil))(t)
	for _, f := range back {
		if f.SourceID == rename.SourceID && (f.Target != rename.Target || f.Chosen) {
			t.Errorf("not as proposed again: %+v, was %+v", f, rename)
		}
	}
}

func TestAMoveSurvivesTheProgram(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	draft := h.practiceDraft(4)
	draft.Options.BytesPerSecond = 50_000 // slow enough to be caught at work
	m := must(h.moves.Create(draft))(t)
	must(h.moves.Start(m.ID))(t)
	h.until(m.ID, "under way", func(m Move) bool { return m.Progress.Counts.Copied > 0 })
	h.close()

	h = open(t, dir)
	m = must(h.moves.Get(m.ID))(t)
	if m.State != MoveInterrupted || !m.Can.GoOn || m.Can.Start {
		t.Fatalf("after a new start: %s, %+v", m.State, m.Can)
	}
	draft.Options.BytesPerSecond = -1
	must(h.moves.Edit(m.ID, draft))(t)
	must(h.moves.GoOn(m.ID))(t)
	m = h.untilState(m.ID, MoveDone, MoveLeftBehind, MoveFailed)
	if m.State == MoveFailed {
		t.Fatalf("%+v", m.Mailboxes)
	}
	sumsUp(t, "the move", m.Progress.Counts)
	office := must(h.practice.Office())(t)
	for i, mb := range m.Mailboxes {
		arrived := mb.Progress.Counts.Copied + mb.Progress.Counts.AlreadyThere
		there, _ := h.practice.office.Count(office.People[i].NewAddress)
		if there != arrived || mb.Verified != "bytes" {
			t.Errorf("%s: %d messages at the destination, %d arrived, verified %s", mb.Label, there, arrived, mb.Verified)
		}
	}
}

func TestPauseGoOnAndCancel(t *testing.T) {
	h := open(t, t.TempDir())
	draft := h.practiceDraft(3)
	draft.Options.BytesPerSecond = 50_000
	m := must(h.moves.Create(draft))(t)
	if !h.MayClose() {
		t.Error("nothing is at work, yet the window may not close")
	}
	must(h.moves.Start(m.ID))(t)
	wantCode(t, "edit at work", second(h.moves.Edit(m.ID, h.practiceDraft(1))), core.Conflict)
	wantCode(t, "remove at work", h.moves.Remove(m.ID), core.Conflict)
	if h.MayClose() {
		t.Error("the window closes without a question")
	}
	if asked := heard[CloseAsked](h.w, "app:closing"); len(asked) != 1 || asked[0].Running != 1 {
		t.Errorf("asked: %+v", asked)
	}
	if !h.MayClose() {
		t.Error("a page that never answers locks the window")
	}
	if err := h.app.CloseAsked(); err != nil || h.MayClose() {
		t.Errorf("a page that asks is ignored (%v)", err)
	}
	must(h.moves.Pause(m.ID))(t)
	h.untilState(m.ID, MovePaused)
	must(h.moves.GoOn(m.ID))(t)
	must(h.moves.Cancel(m.ID))(t)
	m = h.untilState(m.ID, MoveCanceled)
	for _, mb := range m.Mailboxes {
		if mb.State == MailboxRunning || mb.State == MailboxQueued {
			t.Errorf("the move is %s, yet %s is %s", m.State, mb.Label, mb.State)
		}
	}
	draft.Options.BytesPerSecond = -1
	must(h.moves.Edit(m.ID, draft))(t)
	must(h.moves.GoOn(m.ID))(t)
	h.untilState(m.ID, MoveDone, MoveLeftBehind)
}

func TestWrongDraftsNameRowAndField(t *testing.T) {
	h := open(t, t.TempDir())
	server := Endpoint{Kind: KindIMAP, Host: "imap.old.example", Security: SecurityTLS, User: "li.lei@old.example", Secret: "move/x"}
	dir := Endpoint{Kind: KindMaildir, Path: "/srv/mail"}
	with := func(e Endpoint, f func(*Endpoint)) Endpoint { f(&e); return e }
	for name, c := range map[string]struct {
		boxes  []MailboxInput
		reason string
		row    string
	}{
		"nothing":       {nil, "missing", ""},
		"itself":        {[]MailboxInput{{From: server, To: with(server, func(e *Endpoint) { e.Port = 993; e.Host = "IMAP.old.example" })}}, "same_mailbox", "1"},
		"twice":         {[]MailboxInput{{From: server, To: dir}, {From: server, To: dir}}, "duplicate", "2"},
		"no password":   {[]MailboxInput{{From: with(server, func(e *Endpoint) { e.Secret = "" }), To: dir}}, "missing", "1"},
		"plain abroad":  {[]MailboxInput{{From: with(server, func(e *Endpoint) { e.Security = SecurityPlain }), To: dir}}, "not_loopback", "1"},
		"relative":      {[]MailboxInput{{From: server, To: Endpoint{Kind: KindEML, Path: "mail"}}}, "not_absolute", "1"},
		"unknown kind":  {[]MailboxInput{{From: server, To: Endpoint{Kind: "pigeon"}}}, "unknown", "1"},
		"host and more": {[]MailboxInput{{From: with(server, func(e *Endpoint) { e.Host = "https://x" }), To: dir}}, "malformed", "1"},
	} {
		_, err := h.moves.Create(MoveDraftInput{Mailboxes: c.boxes})
		args := core.ArgsOf(err)
		if core.CodeOf(err) != core.Invalid || args["reason"] != c.reason || args["row"] != c.row {
			t.Errorf("%s: %v %v", name, err, args)
		}
	}
	if all := must(h.moves.List())(t); len(all) != 0 {
		t.Errorf("%d wrong drafts were kept", len(all))
	}
}

func TestAMoveFromAnArchiveThatIsNotThereFailsPlainly(t *testing.T) {
	h := open(t, t.TempDir())
	missing := filepath.Join(t.TempDir(), "gone")
	m := must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{
		From: Endpoint{Kind: KindMaildir, Path: missing}, To: Endpoint{Kind: KindEML, Path: filepath.Join(t.TempDir(), "new")},
	}}}))(t)
	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveFailed)
	p := m.Mailboxes[0].Problem
	if p == nil || p.Code != ErrorCode(core.NotFound) || !m.Can.GoOn {
		t.Errorf("problem %+v, can %+v", p, m.Can)
	}
}
