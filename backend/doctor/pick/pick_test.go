package pick_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/bounce"
	"mailroom/backend/doctor/pick"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func letter(from, subject string) string {
	return fmt.Sprintf("From: %s\r\nTo: li@office.example\r\nSubject: %s\r\nDate: Thu, 26 Nov 2026 09:00:00 +0800\r\nMessage-ID: <%s@x.example>\r\n\r\ntext\r\n", from, subject, strings.ReplaceAll(subject, " ", ""))
}

const returned = "From: MAILER-DAEMON@mx.office.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <d@mx.office.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain\r\n\r\nno\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; gone@other.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b--\r\n"

func open(t *testing.T) (*imaptest.Server, *imap.Account) {
	t.Helper()
	s := imaptest.New(t, imaptest.Options{Password: "right", Folders: map[string]string{"Junk": `\HasNoChildren \Junk`, "Work": `\HasNoChildren`}})
	a, err := imap.New(imap.Config{Host: s.Host(), Port: s.Port(), User: "li@office.example", Security: imap.Plain, Secret: func(context.Context) (string, error) { return "right", nil }})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	s.Mailbox("INBOX").Add(imaptest.Message{Body: letter("han@other.example", "old"), Date: now.AddDate(-1, 0, 0)})
	s.Mailbox("INBOX").Add(imaptest.Message{Body: letter("han@other.example", "=?utf-8?B?5Y2I6aWt?="), Date: now.Add(-3 * time.Hour)})
	s.Mailbox("INBOX").Add(imaptest.Message{Body: returned, Date: now.Add(-2 * time.Hour)})
	s.Mailbox("Junk").Add(imaptest.Message{Body: letter("win@prize.example", "You won"), Date: now.Add(-time.Hour)})
	s.Mailbox("Work").Add(imaptest.Message{Body: letter("boss@office.example", "plan"), Date: now})
	return s, a
}

func subjects(all []pick.Item) string {
	var names []string
	for _, i := range all {
		names = append(names, i.Subject)
	}
	return strings.Join(names, "|")
}

func TestRecentMailIsListedNewestFirst(t *testing.T) {
	s, a := open(t)
	all, err := pick.Recent(t.Context(), a, time.Now().AddDate(0, 0, -90), false)
	if err != nil || subjects(all) != "You won|Undelivered Mail Returned to Sender|\u5348\u996d" || !all[0].Junk {
		t.Errorf("%+v %v", all, err)
	}
	back, err := pick.Recent(t.Context(), a, time.Now().AddDate(0, 0, -90), true)
	if err != nil || len(back) != 1 || back[0].Subject != "Undelivered Mail Returned to Sender" {
		t.Fatalf("%+v %v", back, err)
	}
	raw, err := pick.Fetch(t.Context(), a, back[0].Folder, back[0].Validity, back[0].UID)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := bounce.Read(raw); err != nil || r.Recipients[0].Address != "gone@other.example" || string(raw) != returned {
		t.Errorf("%+v %v", r, err)
	}
	for _, verb := range []string{"SELECT", "STORE", "UID STORE", "EXPUNGE", "APPEND"} {
		if s.Count(verb) > 0 {
			t.Errorf("%s was sent", verb)
		}
	}
	for _, line := range s.Log() {
		if strings.Contains(line, "FETCH") && strings.Contains(line, "BODY[") {
			t.Errorf("%q marks mail as read", line)
		}
	}
}

func TestAMailThatIsGoneIsToldAsGone(t *testing.T) {
	s, a := open(t)
	all, err := pick.Recent(t.Context(), a, time.Time{}, true)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if _, err := pick.Fetch(t.Context(), a, all[0].Folder, all[0].Validity+1, all[0].UID); core.CodeOf(err) != core.NotFound {
		t.Errorf("numbered anew: %v", err)
	}
	s.Mailbox("INBOX").Remove(uint32(all[0].UID))
	if _, err := pick.Fetch(t.Context(), a, all[0].Folder, all[0].Validity, all[0].UID); core.CodeOf(err) != core.NotFound {
		t.Errorf("gone: %v", err)
	}
}

func TestAListIsNeverEndless(t *testing.T) {
	s, a := open(t)
	for i := range 1300 {
		s.Mailbox("INBOX").Add(imaptest.Message{Body: letter("a@b.example", fmt.Sprint("number ", i)), Date: time.Now()})
	}
	all, err := pick.Recent(t.Context(), a, time.Time{}, false)
	if err != nil || len(all) != 100 {
		t.Errorf("%d %v", len(all), err)
	}
}
