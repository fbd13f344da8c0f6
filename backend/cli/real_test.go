package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/servers"
)

// TestMoveVerifyUndoBetweenTwoRealServers uses the verbs as a script would: two servers
// on one host, the same user on both.
func TestMoveVerifyUndoBetweenTwoRealServers(t *testing.T) {
	old, fresh := servers.Dovecot(t), servers.Dovecot(t)
	if _, err := corpus.Fill(t.Context(), old, servers.DefaultUser, corpus.Small(300, 1)); err != nil {
		t.Fatal(err)
	}
	before := manifest(t, fresh)
	address := func(s *servers.Server) string {
		return fmt.Sprintf("imap://%s@%s", strings.ReplaceAll(servers.DefaultUser.Name, "@", "%40"), s.Addr())
	}
	state := t.TempDir()
	verb := func(want int, args ...string) map[string]any {
		t.Helper()
		args = append(args, "--from", address(old), "--to", address(fresh), "--state", state, "--json")
		var out, errs bytes.Buffer
		env := Env{Version: "0", Getenv: func(name string) string {
			return map[string]string{"MAILROOM_FROM_PASSWORD": servers.DefaultUser.Password, "MAILROOM_TO_PASSWORD": servers.DefaultUser.Password}[name]
		}}
		if got := Run(context.Background(), args, strings.NewReader(""), &out, &errs, env); got != want {
			t.Fatalf("%s: exit %d, want %d\n%s\n%s", args[0], got, want, out.String(), errs.String())
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var last struct {
			Event     string
			Mailboxes []map[string]any
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Event != "summary" || len(last.Mailboxes) != 1 {
			t.Fatalf("%s: last line: %v: %s", args[0], err, lines[len(lines)-1])
		}
		return last.Mailboxes[0]
	}
	if m := verb(0, "move"); m["copied"] != 300.0 || m["messages"] != 300.0 || m["state"] != "done" {
		t.Fatalf("move: %v", m)
	}
	if m := verb(0, "move"); m["copied"] != 0.0 || m["alreadyThere"] != 300.0 {
		t.Fatalf("again: %v", m)
	}
	if d := corpus.Compare(manifest(t, old), manifest(t, fresh), corpus.Rules{}); !d.Empty() {
		t.Fatal(d)
	}
	if m := verb(0, "verify", "--verify", "bytes"); m["verified"] != "bytes" {
		t.Fatalf("verify: %v", m)
	}
	verb(0, "undo")
	if d := corpus.Compare(before, manifest(t, fresh), corpus.Rules{Others: true, AnySubscribed: true}); !d.Empty() || manifest(t, fresh).Count() != 0 {
		t.Fatalf("after the undo %d messages are left; %s", manifest(t, fresh).Count(), d)
	}
}

func manifest(t *testing.T, s *servers.Server) corpus.Manifest {
	t.Helper()
	m, err := corpus.ReadServer(t.Context(), s, servers.DefaultUser)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
