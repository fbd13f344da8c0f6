package imap_test

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

// rulesOfReading are about what is believed.
var rulesOfReading = []promise{
	{"13 size from the literal, RFC822.SIZE is an estimate", func(t *testing.T) {
		for _, told := range []string{"3", "99999", "0", "4294967296000"} {
			_, s := between(t, "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE "+told+" BODY[] {6}\r\nsecond)\r\n")
			got, bad := bodies(t.Context(), t, s, 1, 2, 3) // compares Message.Size with the bytes
			if soundArrived(t, got); got[2] != "second" || bad[2] != nil {
				t.Errorf("%s: %q %v", told, got[2], bad)
			}
			if m := metaOf(t, s, 2); told == "3" && m.Size != 3 {
				t.Errorf("%+v", m)
			}
		}
	}},
	{"14 an empty answer is a failure of that message; an empty message is never sent", func(t *testing.T) {
		reported(t, "* 2 FETCH (UID 2 BODY[] NIL)\r\n", "body_nil")
		reported(t, "* 2 FETCH (UID 2 BODY[] {0}\r\n)\r\n", "body_empty")
		reported(t, "* 2 FETCH (UID 2 FLAGS ())\r\n", "")
		reported(t, "", "") // OK without data
		srv := imaptest.New(t, imaptest.Options{})
		s := session(t, srv)
		if res := appendAll(t, s, "INBOX", 1, message("")); res[0].Err == nil || srv.Count("APPEND") > 0 {
			t.Errorf("%+v %q", res, srv.Log())
		}
	}},
	{"15 an odd INTERNALDATE is no date, and the message is listed", func(t *testing.T) {
		for date, year := range map[string]int{
			`INTERNALDATE "00-Jan-0000 00:00:00 +0000" `: 1, `INTERNALDATE NIL `: 1, `INTERNALDATE "" `: 1, ``: 1,
			`INTERNALDATE "31-Feb-2020 00:00:00 +0000" `: 1, `INTERNALDATE "yesterday" `: 1, `INTERNALDATE 0 `: 1,
			`INTERNALDATE " 1-Feb-2020 03:04:05 +0800" `: 2020, `INTERNALDATE "01-Feb-2090 03:04:05 +0800" `: 2090,
		} {
			if m := listedBetween(t, "* 2 FETCH (UID 2 FLAGS (\\Seen) "+date+"RFC822.SIZE 6)\r\n"); m.UID != 2 || m.Date.Year() != year || m.Size != 6 {
				t.Errorf("%s: %+v", date, m)
			}
		}
	}},
	{"16 UIDVALIDITY that EXAMINE does not tell comes from STATUS, never from SELECT; 0 and 1 pass", func(t *testing.T) {
		for status, want := range map[string]uint32{"UIDVALIDITY 1130": 1130, "UIDVALIDITY 1": 1, "UIDVALIDITY 0": 0, "MESSAGES 3": 0} {
			srv := stocked(t, imaptest.Options{Caps: plainCaps}, 3)
			srv.Reply("EXAMINE", "* 3 EXISTS", "{tag} OK [READ-ONLY] done")
			srv.Reply("STATUS", "* STATUS INBOX ("+status+")")
			if st, err := session(t, srv).Examine(t.Context(), "INBOX"); err != nil || st.UIDValidity != want || st.Messages != 3 {
				t.Errorf("%s: %+v %v", status, st, err)
			}
			sentNone(t, srv, "SELECT")
		}
	}},
	{`17 the source is only examined and peeked at; a message marked \Deleted is listed with its mark`, func(t *testing.T) {
		srv := stocked(t, imaptest.Options{}, 3)
		srv.Mailbox("INBOX").Add(imaptest.Message{Flags: []string{`\Deleted`, `\Recent`}, Body: "marked"})
		before := srv.Mailbox("INBOX").Messages()
		s := session(t, srv)
		if got := source(t, s); got[4] != "marked" {
			t.Errorf("%v", got)
		}
		if m := listAll(t, s)[3]; !slices.Contains(m.Flags, `\Deleted`) {
			t.Errorf("%+v", m)
		}
		_ = s.Close()
		sentNone(t, srv, "SELECT", "STORE", "UID STORE", "EXPUNGE", "UID EXPUNGE", "CLOSE", "SUBSCRIBE", "UNSUBSCRIBE", "CREATE", "DELETE",
			"RENAME", "APPEND", "COPY", "UID COPY", "MOVE", "UID MOVE", "SETMETADATA", "SETACL")
		for _, l := range srv.Log() {
			if strings.Contains(l, "BODY[") || strings.Contains(l, "RFC822)") || strings.Contains(l, "RFC822 ") {
				t.Errorf("not peeked: %q", l)
			}
		}
		for i, m := range srv.Mailbox("INBOX").Messages() {
			if !slices.Equal(m.Flags, before[i].Flags) {
				t.Errorf("flags of %d changed", m.UID)
			}
		}
	}},
	{"18 UIDs only: wrong sequence numbers do no harm, answers without a UID are told", func(t *testing.T) {
		delivered(t, "* 4294967295 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n", "second")
		delivered(t, "* 1 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n* 2 EXPUNGE\r\n* 0 EXPUNGE\r\n", "second")
		delivered(t, "* 1 FETCH (FLAGS (\\Seen))\r\n"+second("FLAGS ()"), "second")
		reported(t, "* 2 FETCH (FLAGS () BODY[] {6}\r\nsecond)\r\n", "fetch_without_uid")
		srv := stocked(t, imaptest.Options{}, 3)
		source(t, session(t, srv))
		sentNone(t, srv, "FETCH", "STORE", "COPY", "SEARCH", "MOVE")
	}},
	{"19 reading with tolerance: each oddity costs at most its own line", tolerance},
	{"20 told to slow down: the server's own words, and nothing is asked again by itself", func(t *testing.T) {
		srv := stocked(t, imaptest.Options{Greeting: "* OK The Microsoft Exchange IMAP4 service is ready."}, 600)
		srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
			c.BAD(cmd, "Request is throttled. Suggested Backoff Time: 92415 milliseconds")
		})
		s := examined(t, srv)
		uids := make([]mailbox.UID, 600)
		for i := range uids {
			uids[i] = mailbox.UID(i + 1)
		}
		err := s.Fetch(t.Context(), uids, func(mailbox.Message) error { return nil })
		wantCode(t, err, core.RateLimited)
		if r := refusalOf(t, err); r.Family != "exchange" || !strings.Contains(r.Text, "92415 milliseconds") {
			t.Errorf("%+v", r)
		}
		mustLive(t, s)
		if n := srv.Count("UID FETCH"); n > 5 || srv.Count("LOGIN") != 1 {
			t.Errorf("%d commands, %d sign-ins", n, srv.Count("LOGIN"))
		}
	}},
	{"21 closed after too many errors: the words of BYE are told", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS"})
		errors := 0
		srv.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
			if c.NO(cmd, "Message refused because it contains a virus"); errors == 9 {
				c.Send("* BYE Connection is closed. 14")
				c.Close()
			}
			errors++
		})
		s := session(t, srv)
		for range 10 {
			if res := appendAll(t, s, "INBOX", 1, message("virus")); refusalOf(t, res[0].Err).Status != "NO" {
				t.Errorf("%+v", res)
			}
		}
		_, err := s.Folders(t.Context())
		wantCode(t, err, core.Unreachable)
		if r := refusalOf(t, err); r.Status != "BYE" || r.Text != "Connection is closed. 14" {
			t.Errorf("%+v", r)
		}
	}},
	{"22 a customer's alias in front of the provider's name: the certificate's own name can be asked for", func(t *testing.T) {
		ca := newAuthority(t)
		cfg, _ := tlsFor(t, ca, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"imap.provider.example"} })
		srv := imaptest.New(t, imaptest.Options{TLS: cfg, Implicit: true})
		over := func(name string) func(*imap.Config) {
			return func(c *imap.Config) { c.Security, c.CAFile, c.ServerName = imap.TLS, ca.file, name }
		}
		_, err := account(t, srv, over("")).Open(t.Context())
		wantCode(t, err, core.UntrustedCert)
		if core.ArgsOf(err)["why"] != "wrong_name" || srv.Count("LOGIN") > 0 {
			t.Errorf("%v, %q", err, srv.Log())
		}
		mustLive(t, session(t, srv, over("imap.provider.example")))
	}},
}

func tolerance(t *testing.T) {
	for note, noise := range map[string]string{
		"leading_nul":         "\x00\x00* OK still here\r\n",
		"bare_text":           "Server is about to sleep.\r\n* OK still here\r\n",
		"code_without_status": "* [ALERT] no status\r\n[ALERT] nor a star\r\n",
		"stray_continuation":  "+ go ahead\r\n+\r\n",
		"unknown_reply X-NEW": "* X-NEW 1\r\n",
		"broken_response":     "* 9 FETCH (UID 9 FLAGS (\\Seen\r\n",
		"":                    "\r\n* 9 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\"\\\\Seen\" \\*)\r\n* STATUS INBOX (MESSAGES 9.3736e+06 UIDNEXT \"4\" ) \r\n",
	} {
		s := delivered(t, noise+second(`FLAGS ("\\Seen" \*)`)+noise, "second")
		noted(t, s, note)
	}
	st := examinedAs(t, `* FLAGS ("\\Answered" \*)`, `* OK [PERMANENTFLAGS ( \Answered \*)] x`, "* OK [UIDNEXT 9.3e+01] x")
	if !slices.Equal(st.PermanentFlags, []string{`\Answered`, `\*`}) || st.UIDNext != 93 {
		t.Errorf("%+v", st)
	}
}
