package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/oauth"
	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/oauthtest"
	"mailroom/backend/testkit/pop3test"
	"mailroom/backend/testkit/servers"
)

// signed runs a verb whose tokens come from a vendor of ours.
func signed(t *testing.T, vendor *oauthtest.Server, env map[string]string, want int, args ...string) (string, []map[string]any) {
	t.Helper()
	var out, errs bytes.Buffer
	e := Env{Version: "0", Getenv: func(name string) string { return env[name] }}
	if vendor != nil {
		e.SignIn = vendor.Services()
	}
	if got := Run(context.Background(), args, strings.NewReader(""), &out, &errs, e); got != want {
		t.Fatalf("exit %d, want %d\n%s\n%s", got, want, out.String(), errs.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var last struct{ Mailboxes []map[string]any }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		return out.String() + errs.String(), nil
	}
	return out.String() + errs.String(), last.Mailboxes
}

func TestAServiceAccountMovesPeopleWithoutTheirPasswords(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	people := []servers.User{{Name: "li.lei@old.example", Password: "a"}, {Name: oauthtest.OtherUser, Password: "b"}}
	s := servers.Dovecot(t, servers.Options{TokenInfo: vendor.TokenInfo(), Users: people})
	for _, u := range people {
		if _, err := corpus.Fill(t.Context(), s, u, corpus.Small(20, 1)); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	key, list := filepath.Join(dir, "key.json"), filepath.Join(dir, "people.csv")
	rows := "from_user,to_user\n"
	for _, u := range people {
		rows += u.Name + "," + u.Name + "\n"
	}
	if err := os.WriteFile(key, vendor.KeyFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"move", "--people", list, "--from", "imap://" + s.Addr(), "--from-auth", "google-service:" + key,
		"--to", "maildir:" + filepath.Join(dir, "{user}"), "--state", dir, "--json"}
	_, boxes := signed(t, vendor, nil, 0, args...)
	for _, m := range boxes {
		if m["state"] != "done" || m["copied"] != 20.0 {
			t.Errorf("%v", m)
		}
	}
	if len(boxes) != 2 {
		t.Fatalf("%d mailboxes", len(boxes))
	}
	vendor.Allow("nothing")
	told, _ := signed(t, vendor, map[string]string{"LANG": "en"}, 3, append(args[:len(args)-1], "--folders", "INBOX")...)
	if !strings.Contains(told, "domain-wide delegation") || strings.Contains(told, "PRIVATE KEY") {
		t.Error(told)
	}
}

func TestAnApplicationsSecretComesFromTheEnvironment(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Microsoft)
	dir := t.TempDir()
	args := func(way string) []string {
		return []string{"move", "--from", "imap://li.lei%40old.example@127.0.0.1:9", "--from-auth", way, "--to", "maildir:" + filepath.Join(dir, "m"), "--state", dir}
	}
	good := "microsoft-app:" + oauthtest.Tenant + "/" + oauthtest.ClientID
	env := map[string]string{"LANG": "en"}
	if told, _ := signed(t, vendor, env, 1, args(good)...); !strings.Contains(told, "MAILROOM_FROM_CLIENT_SECRET") {
		t.Error(told)
	}
	for _, way := range []string{"google", "microsoft-app:only", "kerberos:x/y"} {
		if told, _ := signed(t, vendor, env, 1, args(way)...); !strings.Contains(told, "--from-auth") {
			t.Errorf("%s: %s", way, told)
		}
	}
	if told, _ := signed(t, vendor, env, 1, args("google-service:"+filepath.Join(dir, "none.json"))...); !strings.Contains(told, "none.json") {
		t.Error(told)
	}
}

func TestAPOP3MailboxIsMovedByTheVerbOverRuns(t *testing.T) {
	message := func(n int) pop3test.Message {
		return pop3test.Message{Name: fmt.Sprintf("n%d", n), Body: fmt.Sprintf("Message-ID: <%d@old.example>\r\nSubject: %d\r\n\r\nhello\r\n", n, n)}
	}
	srv := pop3test.New(t, pop3test.Options{}, message(1), message(2), message(3))
	srv.CutIn(2)
	dir := t.TempDir()
	args := []string{"move", "--from", fmt.Sprintf("pop3://li.lei%%40old.example@127.0.0.1:%d", srv.Port()), "--to", "maildir:" + filepath.Join(dir, "m"), "--state", dir, "--json"}
	env := map[string]string{"MAILROOM_FROM_PASSWORD": "correct horse", "LANG": "en"}
	if _, boxes := signed(t, nil, env, 0, args...); boxes[0]["copied"] != 3.0 {
		t.Errorf("%v", boxes[0])
	}
	srv.Remove(0)
	srv.Add(message(4))
	if _, boxes := signed(t, nil, env, 0, args...); boxes[0]["copied"] != 1.0 {
		t.Errorf("%v", boxes[0])
	}
	turned := []string{"move", "--from", "maildir:" + filepath.Join(dir, "m"), "--to", "pop3s://li@pop.new.example", "--state", dir}
	if told, _ := signed(t, nil, env, 1, turned...); !strings.Contains(told, "POP3 can only be read") {
		t.Error(told)
	}
}

func TestACopyIsSealedAndAChangeIsFound(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{}, pop3test.Message{Name: "a", Body: "Subject: a\r\n\r\nhello\r\n"})
	dir := t.TempDir()
	box := filepath.Join(dir, "m")
	env := map[string]string{"MAILROOM_FROM_PASSWORD": "correct horse", "LANG": "en"}
	move := []string{"move", "--from", fmt.Sprintf("pop3://li.lei%%40old.example@127.0.0.1:%d", srv.Port()), "--to", "eml:" + box, "--state", dir, "--seal"}
	signed(t, nil, env, 0, move...)
	if told, _ := signed(t, nil, env, 0, "seal", "--check", "eml:"+box); !strings.Contains(told, "Intact") {
		t.Error(told)
	}
	srv.Add(pop3test.Message{Name: "b", Body: "Subject: b\r\n\r\nhello\r\n"})
	signed(t, nil, env, 0, move...) // opened and sealed anew
	files, err := filepath.Glob(filepath.Join(box, "*", "*.eml"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	if err := os.WriteFile(files[0], []byte("Subject: other\r\n\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if told, _ := signed(t, nil, env, 2, "seal", "--check", box); !strings.Contains(told, filepath.Base(files[0])) {
		t.Error(told)
	}
	srv.Add(pop3test.Message{Name: "c", Body: "Subject: c\r\n\r\nhello\r\n"})
	if told, _ := signed(t, nil, env, 1, move...); !strings.Contains(told, "was changed") {
		t.Error(told)
	}
}

func TestAMasterUserOpensEveryRowsMailboxInBothForms(t *testing.T) {
	people := []servers.User{{Name: "li.lei@old.example", Password: "a"}, {Name: "han.meimei@old.example", Password: "b"}}
	s := servers.Dovecot(t, servers.Options{Master: true, POP3: true, Users: people})
	for _, u := range people {
		if _, err := corpus.Fill(t.Context(), s, u, corpus.Small(10, 1)); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"MAILROOM_FROM_PASSWORD": servers.MasterUser.Password, "LANG": "en"}
	for name, from := range map[string]string{
		"identity": "imap://" + servers.MasterUser.Name + "@" + s.Addr(),
		"joined":   "imap://" + servers.MasterUser.Name + "@" + s.Addr() + "?separator=*",
	} {
		dir := t.TempDir()
		list := filepath.Join(dir, "people.csv")
		if err := os.WriteFile(list, []byte("from_user,to_user\nli.lei@old.example,li\nhan.meimei@old.example,han\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, boxes := signed(t, nil, env, 0, "move", "--people", list, "--from", from, "--authz", "--to", "maildir:"+filepath.Join(dir, "{user}"), "--state", dir, "--json")
		for _, m := range boxes {
			if m["copied"] != 10.0 || m["state"] != "done" {
				t.Errorf("%s: %v", name, m)
			}
		}
		if len(boxes) != 2 {
			t.Errorf("%s: %d mailboxes", name, len(boxes))
		}
	}
}
