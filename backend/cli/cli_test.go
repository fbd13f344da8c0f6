package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailroom/backend/migrate"
	"mailroom/backend/provider"
	"mailroom/backend/provider/mox"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/practice"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/testkit/leak"
	"mailroom/frontend/src/i18n/locales"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	leak.Main(m)
}

// call is one run of the program.
type call struct {
	env    map[string]string
	ctx    context.Context
	stderr *watched
	exit   func(int)
}

// watched is a buffer that tells when a text has been written to it.
type watched struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	want string
	seen chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.buf.Write(p)
	if w.seen != nil && w.want != "" && strings.Contains(w.buf.String(), w.want) {
		close(w.seen)
		w.want = ""
	}
	return n, err
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

func (c call) run(args ...string) (exit int, stdout, stderr string) {
	var out bytes.Buffer
	if c.stderr == nil {
		c.stderr = &watched{}
	}
	if c.ctx == nil {
		c.ctx = context.Background()
	}
	if c.exit == nil {
		c.exit = func(code int) { panic(fmt.Sprint("exit ", code)) }
	}
	getenv := func(name string) string { return c.env[name] }
	exit = Run(c.ctx, args, strings.NewReader(""), &out, c.stderr, Env{Version: "1.2.3", Words: locales.FS, Getenv: getenv, Exit: c.exit, Adapters: provider.NewRegistry(admin.Maker(nil), tencent.Maker(), mox.Maker(), netease.Open())})
	return exit, out.String(), c.stderr.String()
}

// rehearsed is a practice office with its CA in a file.
type rehearsed struct {
	*practice.Office
	ca     string
	people []practice.Person
}

func open(t *testing.T, size int) *rehearsed {
	t.Helper()
	f, err := practice.Start(context.Background(), practice.Options{Size: size})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, f.Old().CA, 0o600); err != nil {
		t.Fatal(err)
	}
	return &rehearsed{f, ca, f.People()}
}

func address(side practice.Side, user string) string {
	return fmt.Sprintf("imaps://%s@%s:%d", strings.ReplaceAll(user, "@", "%40"), side.Host, side.Port)
}

// one returns arguments and environment for one person's mailbox.
func (o *rehearsed) one(i int, verb, state string, more ...string) ([]string, map[string]string) {
	p := o.people[i]
	args := append([]string{verb, "--from", address(o.Old(), p.OldAddress), "--to", address(o.New(), p.NewAddress), "--state", state, "--ca", o.ca}, more...)
	return args, map[string]string{"MAILROOM_FROM_PASSWORD": p.Password, "MAILROOM_TO_PASSWORD": p.Password}
}

// summaryOf reads NDJSON: every line an object, the last one the summary.
func summaryOf(t *testing.T, stdout string) (s summaryEvent, events int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	for i, line := range lines {
		var head struct {
			Event string `json:"event"`
		}
		if err := json.Unmarshal([]byte(line), &head); err != nil {
			t.Fatalf("line %d %q: %v", i+1, line, err)
		}
		if last := i == len(lines)-1; last != (head.Event == "summary") {
			t.Fatalf("line %d of %d is a %q", i+1, len(lines), head.Event)
		}
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &s); err != nil {
		t.Fatal(err)
	}
	return s, len(lines) - 1
}

func TestHelpStaysAsItIs(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	for _, lang := range []string{"en_US.UTF-8", "zh_CN.UTF-8"} {
		for _, verb := range []string{"", "move", "verify", "undo", "practice", "check", "seal", "version"} {
			t.Run(lang[:2]+"/"+verb, func(t *testing.T) {
				args := []string{"--help"}
				if verb != "" {
					args = []string{verb, "--help"}
				}
				exit, out, _ := call{env: map[string]string{"LANG": lang}}.run(args...)
				if exit != 0 {
					t.Fatalf("exit %d", exit)
				}
				golden := filepath.Join("testdata", "help_"+lang[:2]+"_"+verb+".txt")
				if *update {
					if err := os.WriteFile(golden, []byte(out), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), out); diff != "" {
					t.Fatalf("-want +got\n%s", diff)
				}
			})
		}
	}
}

func TestVerbsAreToldFromTheWindow(t *testing.T) {
	for arg, want := range map[string]bool{"": false, "move": true, "verify": true, "undo": true, "practice": true, "check": true, "version": true, "--help": true, "-h": true, "--version": true,
		"mvoe": true, "-psn_0_12345": false, "/Users/x/invitation.mailroom": false, "words.go": false, "testdata": false} {
		args := []string{arg}
		if arg == "" {
			args = nil
		}
		if IsVerb(args) != want {
			t.Errorf("IsVerb(%q) = %v", arg, !want)
		}
	}
}

func TestVersionIsPrinted(t *testing.T) {
	for _, arg := range []string{"version", "--version"} {
		if exit, out, _ := (call{}).run(arg); exit != 0 || out != "mailroom 1.2.3\n" {
			t.Errorf("%s: %d %q", arg, exit, out)
		}
	}
}

func TestAMailboxIsMovedVerifiedAndUndone(t *testing.T) {
	o, state := open(t, 300), t.TempDir()
	p := o.people[0]
	args, env := o.one(0, "move", state, "--json", "--verify", "bytes")
	exit, out, errs := call{env: env}.run(args...)
	s, events := summaryOf(t, out)
	if exit != 0 || errs != "" || events == 0 || len(s.Mailboxes) != 1 {
		t.Fatalf("exit %d, %d events, stderr %q, %+v", exit, events, errs, s)
	}
	m := s.Mailboxes[0]
	if m.State != migrate.StateDone || m.Copied != p.Messages || m.Messages != p.Messages || m.Bytes != p.Bytes || m.Verified != migrate.VerifyBytes || len(m.Folders) == 0 {
		t.Fatalf("%+v; want %d messages, %d bytes", m.Counts, p.Messages, p.Bytes)
	}
	exit, out, _ = call{env: env}.run(args...)
	if s, _ := summaryOf(t, out); exit != 0 || s.Mailboxes[0].Copied != 0 || s.Mailboxes[0].AlreadyThere != p.Messages {
		t.Fatalf("second run: exit %d, %+v", exit, s.Mailboxes)
	}
	args, _ = o.one(0, "verify", state, "--verify", "bytes")
	if exit, out, errs := (call{env: env}).run(args...); exit != 0 || !strings.Contains(out, "Everything agrees.") {
		t.Fatalf("verify: exit %d\n%s%s", exit, out, errs)
	}
	args, _ = o.one(0, "undo", state)
	if exit, out, errs := (call{env: env}).run(args...); exit != 0 || !strings.Contains(out, "Undone.") {
		t.Fatalf("undo: exit %d\n%s%s", exit, out, errs)
	}
	if n, _ := o.Count(p.NewAddress); n != 0 {
		t.Fatalf("%d messages left after undo", n)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	o := open(t, 200)
	args, env := o.one(1, "move", t.TempDir(), "--dry-run")
	exit, out, errs := call{env: env}.run(args...)
	if exit != 0 || !strings.Contains(out, fmt.Sprintf("%s messages (", count(o.people[1].Messages))) {
		t.Fatalf("exit %d\n%s%s", exit, out, errs)
	}
	if n, _ := o.Count(o.people[1].NewAddress); n != 0 {
		t.Fatalf("%d messages arrived", n)
	}
}

func TestAWholeOfficeMovesFromOneList(t *testing.T) {
	o := open(t, 400)
	var list strings.Builder
	list.WriteString("姓名,旧邮箱,旧密码,新邮箱,新密码\n")
	for _, p := range o.people {
		fmt.Fprintf(&list, "%s,%s,%s,%s,%s\n", p.Name, p.OldAddress, p.Password, p.NewAddress, p.Password)
	}
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log.txt")
	args := []string{"move", "--people", file, "--from", fmt.Sprintf("imaps://%s:%d", o.Old().Host, o.Old().Port), "--to", fmt.Sprintf("imaps://%s:%d", o.New().Host, o.New().Port),
		"--state", t.TempDir(), "--ca", o.ca, "--parallel", "3", "--log", log}
	exit, out, errs := call{env: map[string]string{"LANG": "zh_CN.UTF-8"}}.run(args...)
	if exit != 0 || !strings.Contains(out, "合计：12/12 个邮箱完成") || !strings.Contains(out, "文件夹 已发送 → Sent") {
		t.Fatalf("exit %d\n%s%s", exit, out, errs)
	}
	logged, err := os.ReadFile(log)
	if err != nil || strings.Count(string(logged), "msg=end") != 12 {
		t.Fatalf("log: %v\n%s", err, logged)
	}
	for _, p := range o.people {
		for name, text := range map[string]string{"stdout": out, "stderr": errs, "log": string(logged)} {
			if strings.Contains(text, p.Password) {
				t.Fatalf("a password stands in %s", name)
			}
		}
	}
}

func TestArchivesTakeAnOfficeIn(t *testing.T) {
	o, dir := open(t, 150), t.TempDir()
	p := o.people[2]
	file := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(file, fmt.Appendf(nil, "from_user,from_password,to_user\n%s,%s,%s\n", p.OldAddress, p.Password, local(p)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"move", "--people", file, "--from", fmt.Sprintf("imaps://%s:%d", o.Old().Host, o.Old().Port), "--to", "maildir:" + filepath.Join(dir, "{user}"),
		"--state", filepath.Join(dir, "state"), "--ca", o.ca, "--json", "--verify", "bytes"}
	exit, out, errs := call{}.run(args...)
	if s, _ := summaryOf(t, out); exit != 0 || len(s.Mailboxes) != 1 || s.Mailboxes[0].Copied != p.Messages {
		t.Fatalf("exit %d %s\n%s", exit, errs, out)
	}
	if _, err := os.Stat(filepath.Join(dir, local(p))); err != nil {
		t.Fatal(err)
	}
}

func TestPracticeProvesEveryByte(t *testing.T) {
	exit, out, errs := call{}.run("practice", "--size", "200")
	if exit != 0 || !strings.Contains(out, "Every message was compared byte by byte") || strings.Count(out, "every byte") != 12 {
		t.Fatalf("exit %d\n%s%s", exit, out, errs)
	}
	exit, out, errs = call{}.run("practice", "--size", "200", "--json")
	if s, _ := summaryOf(t, out); exit != 0 || len(s.Mailboxes) != 12 || errs != "" {
		t.Fatalf("exit %d, %d mailboxes, stderr %q", exit, len(s.Mailboxes), errs)
	}
}

func TestARehearsalGoesOnWhereItsFolderSays(t *testing.T) {
	args := []string{"practice", "--size", "150", "--json", "--state", t.TempDir()}
	if exit, _, errs := (call{}).run(args...); exit != 0 {
		t.Fatalf("exit %d %s", exit, errs)
	}
	exit, out, errs := call{}.run(args...)
	s, _ := summaryOf(t, out)
	for _, m := range s.Mailboxes {
		if exit != 0 || m.Copied != 0 || m.AlreadyThere != m.Messages {
			t.Fatalf("second run: exit %d %s %+v", exit, errs, m.Counts)
		}
	}
	if exit, _, errs := (call{}).run("practice", "--size", "160", "--state", args[5]); exit != 1 || !strings.Contains(errs, "another practice office") {
		t.Fatalf("another size: exit %d %s", exit, errs)
	}
}

func local(p practice.Person) string {
	name, _, _ := strings.Cut(p.NewAddress, "@")
	return name
}
