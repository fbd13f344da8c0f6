package migrate_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/migrate"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
)

const tokenMails = 60

// tokenServer lets in whoever has a token that is good now, and ends the connection
// when a token's life is over: in the middle of the folder, between two messages.
func tokenServer(t *testing.T, vendor *oauthtest.Server, endAfter int, goodbye string) (*imaptest.Server, *atomic.Int64) {
	srv := imaptest.New(t, imaptest.Options{
		Caps:  "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ AUTH=XOAUTH2 SASL-IR LOGINDISABLED",
		Admit: func(user, token string) bool { return vendor.Worth(token, user) },
	})
	var sent atomic.Int64
	srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		// As real servers do, one message after the other; the default sends them at once.
		if !strings.Contains(cmd.Args, "BODY.PEEK[]") {
			imaptest.Default(c, cmd)
			return
		}
		set, _, _ := strings.Cut(cmd.Args, " ")
		low, high := 0, 0
		if n, _ := fmt.Sscanf(set, "%d:%d", &low, &high); n == 1 {
			high = low
		}
		for i, m := range c.Selected.Messages() {
			if int(m.UID) < low || int(m.UID) > high {
				continue
			}
			c.Write(fmt.Sprintf("* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n", i+1, m.UID, len(m.Body), m.Body))
			if sent.Add(1) == int64(endAfter) {
				vendor.EndTokens()
				if goodbye != "" {
					c.Send(goodbye)
				}
				c.Close()
				return
			}
		}
		c.OK(cmd, "done")
	})
	for i := range tokenMails {
		srv.Mailbox("INBOX").Add(imaptest.Message{Body: mail(fmt.Sprintf("m%02d", i)), Flags: []string{`\Seen`}})
	}
	return srv, &sent
}

// tokenAccount signs in with tokens, as the program does.
func tokenAccount(t *testing.T, srv *imaptest.Server, source *oauth.Source) mailbox.Account {
	t.Helper()
	a, err := imap.New(imap.Config{
		Host: srv.Host(), Port: srv.Port(), Security: imap.Plain, User: "li.lei@old.example",
		Mechanism: imap.Bearer, Secret: source.Secret,
	})
	if err != nil {
		t.Fatal(err)
	}
	return mailbox.WithRenewal(a, source.Renew)
}

// scans counts commands at the source that list messages or read their headers.
func scans(srv *imaptest.Server) int {
	n := 0
	for _, line := range srv.Log() {
		if strings.HasPrefix(line, "UID FETCH") && !strings.Contains(line, "BODY.PEEK[]") {
			n++
		}
	}
	return n
}

func TestATokenThatEndsInMidFolderCostsNoNewScan(t *testing.T) {
	for name, goodbye := range map[string]string{
		"Exchange": "* BYE Session invalidated - AccessTokenExpired",
		"Gmail":    "* BYE Session expired, please login again.",
		"silent":   "",
	} {
		t.Run(name, func(t *testing.T) {
			vendor := oauthtest.Start(t, oauth.Microsoft)
			client := &oauth.Client{Services: vendor.Services()}
			fetched := 0
			source := oauth.NewSource(&oauth.Keeper{}, "app", func(ctx context.Context) (oauth.Token, error) {
				fetched++
				return client.ApplicationToken(ctx, vendor.App())
			})
			srv, sent := tokenServer(t, vendor, tokenMails/2, goodbye)
			tr := newTrip(t, srv, own(t))
			tr.opt.Verify = migrate.VerifyFingerprint
			m := migrate.New(tr.led, tokenAccount(t, srv, source), at(t, tr.to), tr.opt, nil)
			m.SetRest(func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
			before := listed(t, vendor, client, srv)
			r, err := m.Run(t.Context())
			if err != nil || r.State != migrate.StateDone || r.Copied != tokenMails {
				t.Fatalf("%v, %s, %+v, %+v", err, r.State, r.Counts, r.Errors)
			}
			if fetched != 2 {
				t.Errorf("%d tokens were fetched, want the first and one after its end", fetched)
			}
			if got := scans(srv); got != before {
				t.Errorf("%d listings with the end in the middle, %d without: the folder was scanned again", got, before)
			}
			// What was fetched but not yet stored may come a second time, nothing else.
			if got := sent.Load(); got > 2*tokenMails-tokenMails/2 {
				t.Errorf("%d messages were fetched for %d", got, tokenMails)
			}
			if n := len(tr.to.Mailbox("INBOX").Messages()); n != tokenMails {
				t.Errorf("%d messages arrived", n)
			}
		})
	}
}

// listed is how many listings a move takes whose token lasts.
func listed(t *testing.T, vendor *oauthtest.Server, client *oauth.Client, like *imaptest.Server) int {
	t.Helper()
	srv, _ := tokenServer(t, vendor, -1, "")
	source := oauth.NewSource(&oauth.Keeper{}, "app", func(ctx context.Context) (oauth.Token, error) {
		return client.ApplicationToken(ctx, vendor.App())
	})
	tr := newTrip(t, srv, own(t))
	tr.opt.Verify = migrate.VerifyFingerprint
	if _, err := migrate.New(tr.led, tokenAccount(t, srv, source), at(t, tr.to), tr.opt, nil).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if scans(srv) == 0 || scans(like) != 0 {
		t.Fatalf("%d and %d listings", scans(srv), scans(like))
	}
	return scans(srv)
}

func TestAGrantThatEndedStopsAfterOneRefusal(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Microsoft)
	client := &oauth.Client{Services: vendor.Services()}
	srv, _ := tokenServer(t, vendor, -1, "")
	source := oauth.NewSource(&oauth.Keeper{}, "li", func(ctx context.Context) (oauth.Token, error) {
		token, _, err := client.Refresh(ctx, vendor.App(), oauth.Grant{Vendor: oauth.Microsoft, ClientID: oauthtest.ClientID, Refresh: "revoked"})
		return token, err
	})
	tr := newTrip(t, srv, own(t))
	_, err := migrate.New(tr.led, tokenAccount(t, srv, source), at(t, tr.to), tr.opt, nil).Run(t.Context())
	if core.CodeOf(err) != core.Unauthenticated || oauth.ClassOf(err) != oauth.SignInAgain {
		t.Errorf("%v (%s)", err, oauth.ClassOf(err))
	}
	if n := srv.Count("AUTHENTICATE"); n != 0 {
		t.Errorf("%d sign-ins without a token", n)
	}
	if n := len(vendor.Requests()); n != 1 {
		t.Errorf("the vendor was asked %d times", n)
	}
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Microsoft)
	client := &oauth.Client{Services: vendor.Services()}
	srv, _ := tokenServer(t, vendor, -1, "")
	source := oauth.NewSource(&oauth.Keeper{}, "app", func(ctx context.Context) (oauth.Token, error) {
		return client.ApplicationToken(ctx, vendor.App())
	})
	account := tokenAccount(t, srv, source)
	open := func() error {
		s, err := account.Open(t.Context())
		if err == nil {
			err = s.Close()
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	vendor.EndTokens() // the kept one is refused, a new one is not
	if err := open(); err != nil || srv.Count("AUTHENTICATE") != 3 {
		t.Errorf("%v after %d sign-ins", err, srv.Count("AUTHENTICATE"))
	}
	vendor.SetLife(0) // every token is dead at once: a new one is not tried again
	vendor.EndTokens()
	if err := open(); core.CodeOf(err) != core.Unauthenticated || srv.Count("AUTHENTICATE") != 5 {
		t.Errorf("%v after %d sign-ins", err, srv.Count("AUTHENTICATE"))
	}
}
