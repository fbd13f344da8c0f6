package api

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
	"mailroom/backend/testkit/servers"
)

const liLei = "li.lei@old.example"

// signInHouse is a program whose tokens come from a vendor of ours.
func signInHouse(t *testing.T, dir string, chain *keychain, vendor *oauthtest.Server) *house {
	t.Helper()
	return open(t, dir, withKeychain(chain), func(c *Config) { c.SignIn = vendor.Services() })
}

// person signs in at the vendor's page as the given account.
func (h *house) person(as string) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.visit = func(page string) {
		res, err := oauthtest.Person(page, as)
		if err != nil {
			h.t.Error(err)
			return
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		if text := string(raw); !strings.Contains(text, "<h1>登录成功") && !strings.Contains(text, "<h1>这次没成功") {
			h.t.Errorf("the browser shows %q", raw)
		}
	}
}

func (h *house) saveApp(vendor *oauthtest.Server, change ...func(*SignInAppInput)) SignInApp {
	h.t.Helper()
	app := vendor.App()
	in := SignInAppInput{
		Name: "Our app", Vendor: SignInVendor(app.Vendor), Tenant: app.Tenant, ClientID: app.ClientID,
		Secret: must(h.vault.Keep(" " + string(app.ClientSecret) + "\n"))(h.t),
	}
	for _, f := range change {
		f(&in)
	}
	return must(h.signIns.SaveApp(in))(h.t)
}

// dovecotFor is a real server that asks the vendor what tokens are worth.
func dovecotFor(t *testing.T, vendor *oauthtest.Server) (*servers.Server, Endpoint) {
	t.Helper()
	s := servers.Dovecot(t, servers.Options{TokenInfo: vendor.TokenInfo(), Users: []servers.User{
		{Name: liLei, Password: "one"}, {Name: oauthtest.OtherUser, Password: "two"},
	}})
	return s, Endpoint{Kind: KindIMAP, Host: s.Host, Port: s.Port, Security: SecurityPlain, User: liLei}
}

func (h *house) move(from Endpoint, to string) Move {
	h.t.Helper()
	m := must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{
		{Label: from.User, From: from, To: Endpoint{Kind: KindMaildir, Path: to}},
	}, Options: MoveOptions{Verify: "bytes"}}))(h.t)
	must(h.moves.Start(m.ID))(h.t)
	return h.untilState(m.ID, MoveDone, MoveFailed)
}

func TestAPersonsSignInOpensTheMailboxAndOutlivesTheProgram(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	server, from := dovecotFor(t, vendor)
	putMail(t, server, liLei, 5)
	dir, chain := t.TempDir(), &keychain{}
	h := signInHouse(t, dir, chain, vendor)
	app := h.saveApp(vendor)
	if !app.Person || app.Codes || app.Office || !app.HasSecret {
		t.Errorf("%+v", app)
	}
	h.person(liLei)
	signed := must(h.signIns.SignIn("1", app.ID, liLei, false, LanguageChinese))(t)
	if signed.Account != liLei || signed.Other || signed.Secret == "" {
		t.Errorf("%+v", signed)
	}
	if steps := heard[SignInStep](h.w, "signin:step"); len(steps) != 1 || steps[0].RequestID != "1" || steps[0].Code != "" {
		t.Errorf("%+v", steps)
	}
	from.Auth, from.App, from.Secret = AuthOAuth, app.ID, signed.Secret
	if result := must(h.endpoints.TestSignIn("2", from))(t); !result.OK {
		t.Fatalf("%+v", result.Problem)
	}
	m := h.move(from, filepath.Join(t.TempDir(), "out"))
	if m.State != MoveDone || m.Progress.Counts.Copied != 5 {
		t.Errorf("%s, %+v, %+v", m.State, m.Progress.Counts, m.Mailboxes[0].Problem)
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "mailroom.db")); err != nil || strings.Contains(string(raw), "refresh-") {
		t.Errorf("a grant stands in the data file, or there is none: %v", err)
	}
	h.close()

	vendor.EndTokens()
	again := signInHouse(t, dir, chain, vendor)
	if result := must(again.endpoints.TestSignIn("3", must(again.moves.Get(m.ID))(t).Mailboxes[0].From))(t); !result.OK {
		t.Errorf("after a restart: %+v", result.Problem)
	}
	vendor.Revoke()
	again.API.tokens = oauth.Keeper{}
	result := must(again.endpoints.TestSignIn("4", from))(t)
	if result.OK || result.Problem.Class != string(oauth.SignInAgain) || result.Problem.Args["account"] != liLei {
		t.Errorf("%+v", result.Problem)
	}
	wantCode(t, "removing an app in use", again.signIns.RemoveApp(app.ID), core.Conflict)
}

func TestMicrosoftsNewRefreshTokenIsKept(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Microsoft)
	_, from := dovecotFor(t, vendor)
	h := signInHouse(t, t.TempDir(), &keychain{}, vendor)
	app := h.saveApp(vendor)
	if !app.Person || !app.Codes || !app.Office {
		t.Errorf("%+v", app)
	}
	h.person(liLei)
	signed := must(h.signIns.SignIn("1", app.ID, liLei, false, LanguageChinese))(t)
	from.Auth, from.App, from.Secret = AuthOAuth, app.ID, signed.Secret
	for i := range 3 { // each renewal ends the refresh token before
		h.API.tokens = oauth.Keeper{}
		if result := must(h.endpoints.TestSignIn(fmt.Sprint(i), from))(t); !result.OK {
			t.Fatalf("renewal %d: %+v", i, result.Problem)
		}
	}
}

func TestAnotherAccountIsTold(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	h := signInHouse(t, t.TempDir(), &keychain{}, vendor)
	app := h.saveApp(vendor)
	h.person(oauthtest.OtherUser)
	signed := must(h.signIns.SignIn("1", app.ID, liLei, false, LanguageChinese))(t)
	if !signed.Other || signed.Account != oauthtest.OtherUser {
		t.Errorf("%+v", signed)
	}
	h.person("deny")
	_, err := h.signIns.SignIn("2", app.ID, liLei, false, LanguageChinese)
	if p := problemOf(err); p.Class != string(oauth.Denied) {
		t.Errorf("%+v", p)
	}
}

func TestASignInCanBeCanceledAndUsesACodeWhereAsked(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Microsoft)
	h := signInHouse(t, t.TempDir(), &keychain{}, vendor)
	app := h.saveApp(vendor)
	h.w.visit = func(string) { _ = h.app.Cancel("1") }
	_, err := h.signIns.SignIn("1", app.ID, liLei, false, LanguageChinese)
	wantCode(t, "a canceled sign-in", err, core.Canceled)

	h.w.visit = nil
	type outcome struct {
		signed SignedIn
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		signed, err := h.signIns.SignIn("2", app.ID, liLei, true, LanguageChinese)
		done <- outcome{signed, err}
	}()
	var step SignInStep
	for step.Code == "" {
		<-h.w.news
		for _, s := range heard[SignInStep](h.w, "signin:step") {
			step = s
		}
	}
	if step.RequestID != "2" || step.Expires == 0 || step.URL == "" {
		t.Errorf("%+v", step)
	}
	if err := vendor.TypeCode(step.Code, liLei); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.err != nil || got.signed.Account != liLei {
		t.Errorf("%+v", got)
	}
}

func TestAServiceAccountOpensMailboxesWithoutPeople(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	server, from := dovecotFor(t, vendor)
	putMail(t, server, oauthtest.OtherUser, 3)
	file := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(file, vendor.KeyFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	h := signInHouse(t, dir, &keychain{}, vendor)
	h.w.picks = []string{file}
	picked := must(h.signIns.PickKeyFile())(t)
	app := must(h.signIns.SaveApp(SignInAppInput{Name: "Service", Vendor: SignInVendor(oauth.Google), KeyFile: picked.Path}))(t)
	if !app.Office || app.Person || app.KeyEmail != picked.Email || app.KeyClient == "" || app.Scope != "https://mail.google.com/" {
		t.Errorf("%+v", app)
	}
	from.Auth, from.App, from.User = AuthService, app.ID, oauthtest.OtherUser
	if m := h.move(from, filepath.Join(t.TempDir(), "out")); m.State != MoveDone || m.Progress.Counts.Copied != 3 {
		t.Errorf("%s, %+v, %+v", m.State, m.Progress.Counts, m.Mailboxes[0].Problem)
	}
	vendor.Allow("another scope")
	h.API.tokens = oauth.Keeper{}
	result := must(h.endpoints.TestSignIn("1", from))(t)
	if result.OK || result.Problem.Class != string(oauth.Delegation) || result.Problem.Args["client"] != app.KeyClient || result.Problem.Server == "" {
		t.Errorf("%+v", result.Problem)
	}
	for _, name := range []string{"mailroom.db", "vault.json"} {
		if raw, err := os.ReadFile(filepath.Join(dir, name)); err != nil || strings.Contains(string(raw), "PRIVATE KEY") {
			t.Errorf("%s: the key stands there, or there is no file: %v", name, err)
		}
	}
}

func TestAnApplicationOpensMailboxesWithoutPeople(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Microsoft)
	srv := imaptest.New(t, imaptest.Options{
		Caps:  "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ AUTH=XOAUTH2 SASL-IR LOGINDISABLED",
		Admit: func(user, token string) bool { return vendor.Worth(token, user) },
	})
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: "Subject: hi\r\n\r\nhello\r\n"})
	h := signInHouse(t, t.TempDir(), &keychain{}, vendor)
	app := h.saveApp(vendor)
	from := Endpoint{Kind: KindIMAP, Host: srv.Host(), Port: srv.Port(), Security: SecurityPlain, Auth: AuthApplication, App: app.ID}
	for _, user := range []string{liLei, oauthtest.OtherUser} {
		from.User = user
		if result := must(h.endpoints.TestSignIn(user, from))(t); !result.OK {
			t.Errorf("%+v", result.Problem)
		}
	}
	if n := len(vendor.Requests()); n != 1 {
		t.Errorf("%d tokens for two people, one is enough", n)
	}
}

func TestASignInAppIsCheckedAndForgotten(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	h := signInHouse(t, t.TempDir(), &keychain{}, vendor)
	for field, in := range map[string]SignInAppInput{
		"vendor":        {Vendor: "yahoo", ClientID: "x"},
		"client_id":     {Vendor: "google"},
		"client_secret": {Vendor: "google", ClientID: "x"},
		"tenant":        {Vendor: "microsoft", ClientID: "x", Tenant: "a/b"},
	} {
		_, err := h.signIns.SaveApp(in)
		if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	file := filepath.Join(t.TempDir(), "no-key.json")
	if err := os.WriteFile(file, []byte(`{"type":"authorized_user"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := h.signIns.SaveApp(SignInAppInput{Vendor: "google", KeyFile: file})
	wantCode(t, "a file that is no key", err, core.Invalid)

	app := h.saveApp(vendor)
	renamed := must(h.signIns.SaveApp(SignInAppInput{ID: app.ID, Name: "Renamed", Vendor: app.Vendor, ClientID: app.ClientID}))(t)
	if renamed.Name != "Renamed" || !renamed.HasSecret {
		t.Errorf("%+v", renamed)
	}
	if err := h.signIns.RemoveApp(app.ID); err != nil {
		t.Error(err)
	}
	if left := must(h.signIns.Apps())(t); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	ids, err := h.data.vault.List(t.Context())
	if err != nil || len(ids) != 0 {
		t.Errorf("secrets are left: %v, %v", ids, err)
	}
	_, err = h.signIns.SignIn("1", app.ID, liLei, false, LanguageChinese)
	wantCode(t, "signing in with an app that is gone", err, core.NotFound)
}

// putMail appends messages to a person's inbox.
func putMail(t *testing.T, s *servers.Server, user string, n int) {
	t.Helper()
	for i := range n {
		name := fmt.Sprintf("%s/new/%d.old.example", s.Maildir(user), 1_700_000_000+i)
		for _, dir := range []string{"new", "cur", "tmp"} {
			if err := os.MkdirAll(filepath.Join(s.Maildir(user), dir), 0o777); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{s.Maildir(user), filepath.Join(s.Maildir(user), dir)} {
				if err := s.Own(path); err != nil {
					t.Fatal(err)
				}
			}
		}
		text := fmt.Sprintf("Message-ID: <%d@old.example>\r\nSubject: number %d\r\n\r\nhello\r\n", i, i)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.Own(name); err != nil {
			t.Fatal(err)
		}
	}
}
