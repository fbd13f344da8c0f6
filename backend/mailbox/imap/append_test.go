package imap_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap/imaptest"
)

func message(body string) mailbox.Append {
	return mailbox.Append{
		Flags: []string{`\Seen`, "$Work"}, Date: time.Date(2019, 5, 6, 7, 8, 9, 0, time.FixedZone("", 8*3600)),
		Size: int64(len(body)), Body: strings.NewReader(body),
	}
}

// appendAll sends all messages in one batch of n.
func appendAll(t testing.TB, s mailbox.Writer, folder string, n int, ms ...mailbox.Append) []mailbox.Appended {
	t.Helper()
	b, err := s.Batch(t.Context(), folder, n)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ms {
		if err := b.Add(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	res, err := b.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// modes are the ways in which a server can take messages.
var modes = map[string]string{
	"synchronising":              "IMAP4rev1 UIDPLUS",
	"LITERAL-":                   "IMAP4rev1 UIDPLUS LITERAL-",
	"LITERAL+":                   "IMAP4rev1 UIDPLUS LITERAL+",
	"MULTIAPPEND, synchronising": "IMAP4rev1 UIDPLUS MULTIAPPEND",
	"MULTIAPPEND, LITERAL-":      "IMAP4rev1 UIDPLUS MULTIAPPEND LITERAL-",
	"MULTIAPPEND, LITERAL+":      "IMAP4rev1 UIDPLUS MULTIAPPEND LITERAL+",
	"without UIDPLUS":            "IMAP4rev1 LITERAL+",
}

func TestEveryWayOfAppendingStoresTheSameBytes(t *testing.T) {
	for name, caps := range modes {
		t.Run(name, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{Caps: caps})
			s := session(t, srv)
			var ms []mailbox.Append
			var want []string
			for i := range 70 {
				body := strings.Repeat(fmt.Sprintf("%02d \x80\x00{3}\r\n", i), 1+i*i*5)
				want = append(want, body)
				ms = append(ms, message(body))
			}
			res := appendAll(t, s, "INBOX", len(ms), ms...)
			stored := srv.Mailbox("INBOX").Messages()
			if len(stored) != len(want) || len(res) != len(want) {
				t.Fatalf("%d stored, %d results", len(stored), len(res))
			}
			for i, m := range stored {
				if m.Body != want[i] || !m.Date.Equal(ms[i].Date) || strings.Join(m.Flags, " ") != `\Seen $Work` {
					t.Fatalf("message %d differs: %q %v", i, m.Flags, m.Date)
				}
				uid := m.UID
				if !strings.Contains(caps, "UIDPLUS") {
					uid = 0
				}
				if res[i].UID != uid || res[i].Err != nil {
					t.Fatalf("message %d: %+v", i, res[i])
				}
			}
			if multi := strings.Contains(caps, "MULTI"); multi != (srv.Count("APPEND") == 1) {
				t.Errorf("%d commands", srv.Count("APPEND"))
			}
			mustLive(t, s)
		})
	}
}

func TestSeveralBatchesAreInFlight(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL+ MULTIAPPEND"})
	s := session(t, srv)
	var batches []mailbox.Batch
	for i := range 5 {
		b, err := s.Batch(t.Context(), "INBOX", 3)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 3 {
			if err := b.Add(t.Context(), message(fmt.Sprintf("batch %d message %d", i, k))); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	for i := len(batches) - 1; i >= 0; i-- {
		res, err := batches[i].Wait(t.Context())
		if err != nil || len(res) != 3 || res[0].UID != mailbox.UID(3*i+1) || res[2].UID != mailbox.UID(3*i+3) {
			t.Errorf("batch %d: %+v %v", i, res, err)
		}
	}
}

func TestOneRefusedMessageDoesNotHoldUpTheOthers(t *testing.T) {
	for name, caps := range modes {
		if strings.Contains(caps, "MULTI") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{Caps: caps})
			srv.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
				if strings.HasPrefix(string(cmd.Literals[0]), "virus") {
					c.NO(cmd, "Message refused because it contains a virus")
					return
				}
				imaptest.Default(c, cmd)
			})
			srv.OnLiteral(func(c *imaptest.Conn, cmd *imaptest.Command, size int64) bool {
				if size == 10_000 {
					c.NO(cmd, "[TOOBIG] no")
				}
				return size != 10_000
			})
			s := session(t, srv)
			res := appendAll(t, s, "INBOX", 4, message("one"), message("virus"), message(strings.Repeat("x", 10_000)), message("four"))
			if res[0].Err != nil || res[3].Err != nil || refusalOf(t, res[1].Err).Status != "NO" {
				t.Errorf("%+v", res)
			}
			if !strings.Contains(caps, "LITERAL+") {
				wantCode(t, res[2].Err, core.TooBig)
			}
			for _, r := range res {
				if r.Whole {
					t.Error("a single refusal counts as the batch's")
				}
			}
			mustLive(t, s)
		})
	}
}

func TestARefusedMultiAppendIsRefusedAsAWhole(t *testing.T) {
	for _, caps := range []string{"MULTIAPPEND LITERAL+", "MULTIAPPEND"} {
		t.Run(caps, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS " + caps})
			srv.Reply("APPEND", "{tag} NO [OVERQUOTA] full")
			asked := 0
			srv.OnLiteral(func(c *imaptest.Conn, cmd *imaptest.Command, _ int64) bool {
				if asked++; asked == 2 {
					c.NO(cmd, "[OVERQUOTA] full")
				}
				return asked != 2
			})
			s := session(t, srv)
			res := appendAll(t, s, "INBOX", 4, message("one"), message("two"), message("three"), message("four"))
			if len(res) != 4 {
				t.Fatalf("%+v", res)
			}
			for _, r := range res {
				wantCode(t, r.Err, core.OverQuota)
				if !r.Whole {
					t.Error("the culprit is unknown")
				}
			}
			if n := len(srv.Mailbox("INBOX").Messages()); n != 0 {
				t.Errorf("%d stored", n)
			}
			mustLive(t, s)
			asked = 10
			if res := appendAll(t, s, "INBOX", 2, message("alone")); res[0].Err == nil || res[0].Whole {
				t.Errorf("%+v", res)
			}
		})
	}
}

func TestAnEmptyMessageIsRefusedHereAndNotSent(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL+ MULTIAPPEND"})
	res := appendAll(t, session(t, srv), "INBOX", 3, message("one"), message(""), message("three"))
	if res[0].UID != 1 || res[1].Err == nil || res[1].Whole || res[2].UID != 2 {
		t.Errorf("%+v", res)
	}
	if res := appendAll(t, session(t, srv), "INBOX", 3); len(res) != 0 {
		t.Errorf("%+v", res)
	}
}

func TestUIDsAreBelievedOnlyWhenTheyFit(t *testing.T) {
	for code, want := range map[string][]mailbox.UID{
		"[APPENDUID 7 4:6] ok": {4, 5, 6}, "[APPENDUID 7 9,4:5] ok": {9, 4, 5}, "[APPENDUID 7 6:4]": {4, 5, 6},
		"[APPENDUID 7 4:5] ok": {0, 0, 0}, "[APPENDUID 7 4:4294967295] ok": {0, 0, 0}, "[APPENDUID 7 ] ok": {0, 0, 0},
		"[APPENDUID 7 0:2] ok": {0, 0, 0}, "ok": {0, 0, 0}, "[APPENDUID 1 0:3": {0, 0, 0},
	} {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL+ MULTIAPPEND"})
		srv.Reply("APPEND", "{tag} OK "+code)
		for i, r := range appendAll(t, session(t, srv), "INBOX", 3, message("one"), message("two"), message("three")) {
			if r.UID != want[i] || r.Err != nil {
				t.Errorf("%s: message %d %+v", code, i, r)
			}
		}
	}
}

func TestABodyOfAnotherSizeEndsTheConnection(t *testing.T) {
	broke := errors.New("source broke")
	for why, body := range map[string]func() io.Reader{
		"body_short":  func() io.Reader { return strings.NewReader("12345") },
		"body_long":   func() io.Reader { return strings.NewReader("12345678901") },
		"body_failed": func() io.Reader { return io.MultiReader(strings.NewReader("12345"), failing{broke}) },
	} {
		for _, caps := range []string{"LITERAL+", "LITERAL+ MULTIAPPEND", ""} {
			t.Run(why+caps, func(t *testing.T) {
				srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 " + caps})
				s := session(t, srv)
				b, err := s.Batch(t.Context(), "INBOX", 2)
				if err != nil {
					t.Fatal(err)
				}
				err = b.Add(t.Context(), mailbox.Append{Size: 10, Body: body()})
				wantCode(t, err, core.Unreachable)
				if core.ArgsOf(err)["why"] != why || why == "body_failed" && !errors.Is(err, broke) {
					t.Errorf("%v %v", core.ArgsOf(err), err)
				}
				if _, err := b.Wait(t.Context()); err == nil {
					t.Error("an outcome is claimed")
				}
				_ = s.Close()
				srv.Close()
				if n := len(srv.Mailbox("INBOX").Messages()); n != 0 {
					t.Errorf("%d stored", n)
				}
			})
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestACutConnectionLeavesTheOutcomeUnknown(t *testing.T) {
	for _, caps := range []string{"LITERAL+", "LITERAL+ MULTIAPPEND", "MULTIAPPEND", ""} {
		for cut := int64(80); cut < 3000; cut += 173 {
			srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 " + caps, CutAfter: cut})
			s, err := account(t, srv).Open(t.Context())
			if err != nil {
				continue // cut within the sign-in
			}
			err = func() error {
				b, err := s.(mailbox.Writer).Batch(t.Context(), "INBOX", 20)
				for i := 0; i < 20 && err == nil; i++ {
					err = b.Add(t.Context(), message(strings.Repeat("x", 500)))
				}
				if err == nil {
					err = b.Finish(t.Context())
				}
				if err == nil {
					_, err = b.Wait(t.Context())
				}
				return err
			}()
			wantCode(t, err, core.Unreachable)
			_ = s.Close()
			srv.Close()
		}
	}
}

func TestAByeAmidAWindowIsTheReason(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL+"})
	n := 0
	srv.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if n++; n == 5 {
			c.Send("* BYE Session expired, please login again")
			c.Close()
			return
		}
		imaptest.Default(c, cmd)
	})
	s := session(t, srv)
	b, err := s.Batch(t.Context(), "INBOX", 200)
	for i := 0; i < 200 && err == nil; i++ {
		err = b.Add(t.Context(), message(strings.Repeat("x", 50_000)))
	}
	if err == nil {
		_, err = b.Wait(t.Context())
	}
	wantCode(t, err, core.Unreachable)
	if r := refusalOf(t, err); r.Text != "Session expired, please login again" {
		t.Errorf("%+v", r)
	}
}

func TestATalkativeServerDoesNotBlockTheUpload(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL+"})
	noise := strings.Repeat("* OK "+strings.Repeat("blah ", 800)+"\r\n", 300)
	srv.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		c.Write(noise)
		imaptest.Default(c, cmd)
	})
	var ms []mailbox.Append
	for range 40 {
		ms = append(ms, message(strings.Repeat("y", 300_000)))
	}
	if res := appendAll(t, session(t, srv), "INBOX", 40, ms...); res[39].UID != 40 {
		t.Errorf("%+v", res[39])
	}
}

func TestAFolderNameInRawBytesIsSentAsALiteral(t *testing.T) {
	for _, caps := range []string{"LITERAL+", "MULTIAPPEND", ""} {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS " + caps})
		box := srv.Mailbox("\xb2\xdd\xb8\xe5")
		if res := appendAll(t, session(t, srv), box.Name, 2, message("one"), message("two")); res[1].Err != nil || len(box.Messages()) != 2 {
			t.Errorf("%q: %+v", caps, res)
		}
	}
}
