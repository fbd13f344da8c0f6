package cli

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	_ "modernc.org/sqlite" // to forge a ledger of the future

	"mailroom/backend/core"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/provider/practice"
)

// replace changes the value after a flag.
func replace(args []string, flag, value string) []string {
	out := append([]string(nil), args...)
	for i := range out {
		if out[i] == flag {
			out[i+1] = value
			return out
		}
	}
	return append(out, flag, value)
}

// without removes a flag and its value.
func without(args []string, flag string) []string {
	for i := range args {
		if args[i] == flag {
			return append(append([]string(nil), args[:i]...), args[i+2:]...)
		}
	}
	return args
}

// closedPort is a port on loopback where nothing listens (tcpmux): one that was open a
// moment ago may be somebody else's by now.
const closedPort = 1

// script is a server on loopback that says its greeting and answers every command
// with its tag and reply; "" hangs up at once.
func script(t *testing.T, greeting, reply string) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				fmt.Fprint(c, greeting)
				if reply == "" {
					return
				}
				lines := bufio.NewScanner(c)
				for lines.Scan() {
					tag, rest, _ := strings.Cut(lines.Text(), " ")
					if strings.HasPrefix(rest, "CAPABILITY") {
						fmt.Fprintf(c, "* CAPABILITY IMAP4rev1\r\n%s OK done\r\n", tag)
						continue
					}
					fmt.Fprintf(c, "%s %s\r\n", tag, reply)
				}
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// TestEveryMistakeIsToldWithTheNextStep is the list of what goes wrong in offices: each
// case has its exit code, its code in JSON, and a sentence that names server, file or
// row.
func TestEveryMistakeIsToldWithTheNextStep(t *testing.T) {
	o := open(t, 100)
	args, env := o.one(0, "move", filepath.Join(t.TempDir(), "state"))
	user := strings.ReplaceAll(o.people[0].OldAddress, "@", "%40")
	from := func(format string, more ...any) []string {
		return replace(args, "--from", fmt.Sprintf(format, more...))
	}
	plain := script(t, "* OK ready\r\n", "NO [AUTHENTICATIONFAILED] wrong")
	off := script(t, "* OK QQMail IMAP4Server ready\r\n", "NO please open imap service (IMAP is disabled for this user)")
	web := script(t, "HTTP/1.1 400 Bad Request\r\n\r\n", "")
	for _, c := range []struct {
		name string
		args []string
		env  map[string]string
		exit int
		code core.Code
		says []string
	}{
		{"no such verb", []string{"mvoe"}, nil, 1, core.Invalid, []string{"mvoe", "--help"}},
		{"no such flag", append(args, "--fast"), nil, 1, core.Invalid, []string{"--fast"}},
		{"no addresses", []string{"move"}, nil, 1, core.Invalid, []string{"--from", "--people"}},
		{"password in the address", from("imaps://%s:secret@127.0.0.1:993", user), nil, 1, core.Invalid, []string{"password", "MAILROOM_FROM_PASSWORD"}},
		{"no password", args, map[string]string{"MAILROOM_TO_PASSWORD": "x"}, 1, core.Invalid, []string{"li.lei@old.example", "MAILROOM_FROM_PASSWORD"}},
		{"source is destination", from("%s", address(o.New(), o.people[0].NewAddress)), nil, 1, core.Invalid, []string{"same mailbox", "li.lei@new.example"}},
		{"unknown scheme", from("ftp://%s@127.0.0.1", user), nil, 1, core.Invalid, []string{"--from", "imaps://"}},
		{"bad port", from("imaps://%s@127.0.0.1:99999", user), nil, 1, core.Invalid, []string{"99999"}},
		{"no user", from("imaps://127.0.0.1"), nil, 1, core.Invalid, []string{"no user"}},
		{"plain text to a stranger", from("imap://%s@mail.old.example", user), nil, 1, core.Invalid, []string{"mail.old.example", "--allow-plaintext"}},
		{"no such host", from("imaps://%s@no-such-host.invalid", user), nil, 4, core.Unreachable, []string{"no-such-host.invalid"}},
		{"nothing listens", from("imaps://%s@127.0.0.1:%d", user, closedPort), nil, 4, core.Unreachable, []string{"127.0.0.1:", "993"}},
		{"no TLS there", from("imaps://%s@127.0.0.1:%d", user, plain), nil, 4, core.Unreachable, []string{"TLS", "imap+starttls"}},
		{"a web server", from("imap://%s@127.0.0.1:%d", user, web), nil, 4, "", []string{"127.0.0.1"}},
		{"no STARTTLS", from("imap+starttls://%s@127.0.0.1:%d", user, plain), nil, 4, core.Unsupported, []string{"STARTTLS", "imaps://"}},
		{"unknown certificate", without(args, "--ca"), nil, 4, core.UntrustedCert, []string{"127.0.0.1", "--ca", "--pin"}},
		{"certificate of another host", from("imaps://%s@localhost:%d", user, o.Old().Port), nil, 4, core.UntrustedCert, []string{"localhost", "another host"}},
		{"no such CA file", replace(args, "--ca", "/nonexistent/ca.pem"), nil, 1, "", []string{"/nonexistent/ca.pem"}},
		{"CA file without certificate", replace(args, "--ca", "cli.go"), nil, 1, core.Invalid, []string{"cli.go"}},
		{"bad pin", replace(args, "--pin", "abc"), nil, 1, core.Invalid, []string{"--pin"}},
		{"wrong password", args, map[string]string{"MAILROOM_FROM_PASSWORD": "wrong", "MAILROOM_TO_PASSWORD": env["MAILROOM_TO_PASSWORD"]}, 3, core.Unauthenticated, []string{"li.lei@old.example", "127.0.0.1", "password"}},
		{"wrong password at the destination", args, map[string]string{"MAILROOM_TO_PASSWORD": "wrong", "MAILROOM_FROM_PASSWORD": env["MAILROOM_FROM_PASSWORD"]}, 3, core.Unauthenticated, []string{"li.lei@new.example"}},
		{"IMAP switched off", from("imap://%s@127.0.0.1:%d", user, off), nil, 3, "", []string{"IMAP", "li.lei@old.example"}},
		{"no such people file", []string{"move", "--people", "/nonexistent.csv"}, nil, 1, core.NotFound, []string{"/nonexistent.csv"}},
		{"no such archive", from("mbox:/nonexistent/mail.mbox"), nil, 1, "", []string{"/nonexistent/mail.mbox"}},
		{"log that cannot be written", append(args, "--log", "/nonexistent/log"), nil, 1, core.ReadOnly, []string{"/nonexistent/log"}},
	} {
		t.Run(c.name, func(t *testing.T) { checkMistake(t, c.args, first2(c.env, env), c.exit, c.code, c.says) })
	}
}

func first2(a, b map[string]string) map[string]string {
	if a != nil {
		return a
	}
	return b
}

// checkMistake runs the arguments for people and for programs.
func checkMistake(t *testing.T, args []string, env map[string]string, exit int, code core.Code, says []string) {
	t.Helper()
	got, out, errs := call{env: env}.run(args...)
	if got != exit {
		t.Errorf("exit %d, want %d", got, exit)
	}
	for _, word := range says {
		if !strings.Contains(out+errs, word) {
			t.Errorf("%q is not in\n%s%s", word, out, errs)
		}
	}
	if gap := placeholder.FindString(out + errs); gap != "" {
		t.Errorf("a sentence has a gap %s:\n%s%s", gap, out, errs)
	}
	for _, secret := range env {
		if len(secret) > 5 && strings.Contains(out+errs, secret) {
			t.Errorf("a password is shown: %s%s", out, errs)
		}
	}
	got, out, _ = call{env: env}.run(append(args, "--json")...)
	s, _ := summaryOf(t, out)
	all := s.Errors
	for _, m := range s.Mailboxes {
		all = append(all, m.Errors...)
	}
	if got != exit || len(all) == 0 || code != "" && all[0].Code != code {
		t.Errorf("--json: exit %d, errors %+v; want %d %s", got, all, exit, code)
	}
}

func TestEveryMistakeInAListNamesItsRow(t *testing.T) {
	o := open(t, 100)
	encode := func(text string) []byte {
		data, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(data)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("旧邮箱,旧密码,新邮箱,新密码\na,x,b,y\na,x,c,y\n")
	if err != nil {
		t.Fatal(err)
	}
	const head = "from_user,from_password,to_user,to_password\n"
	for name, c := range map[string]struct {
		list []byte
		says []string
	}{
		"missing column": {[]byte("from_user,to_user\na,b\n"), []string{"from_password", "to_password"}},
		"empty cell":     {[]byte(head + "a,x,b,y\nc,,d,y\n"), []string{"row 3", "from_password"}},
		"twice":          {[]byte(head + "a,x,b,y\na,x,c,y\n"), []string{"row 3", "row 2"}},
		"twice in GBK":   {encode("旧邮箱,旧密码,新邮箱,新密码\na,x,b,y\na,x,c,y\n"), []string{"row 3", "row 2"}},
		"twice in UTF16": {[]byte(utf16), []string{"row 3", "row 2"}},
		"no rows":        {[]byte(head), []string{"no mailboxes"}},
		"password in url": {[]byte("from_user,from_password,to_user,to_password,from_url\na,x,b,y,imaps://a:b@old.example\n"),
			[]string{"row 2", "password column"}},
		"not text": {[]byte("\x00\x01\x02\x03\xff\xfe\xfd"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "people.csv")
			if err := os.WriteFile(file, c.list, 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"move", "--people", file, "--from", fmt.Sprintf("imaps://127.0.0.1:%d", o.Old().Port), "--to", fmt.Sprintf("imaps://127.0.0.1:%d", o.New().Port), "--state", t.TempDir()}
			checkMistake(t, args, map[string]string{}, 1, core.Invalid, append(c.says, "people.csv"))
		})
	}
}

func TestASecondCopyIsTold(t *testing.T) {
	o, state := open(t, 100), t.TempDir()
	led, err := ledger.Open(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	defer led.Close()
	args, env := o.one(0, "move", state)
	checkMistake(t, args, env, 1, core.InUse, []string{state, "--state"})
}

func TestALedgerOfTheFutureIsLeftAlone(t *testing.T) {
	o, state := open(t, 100), t.TempDir()
	led, err := ledger.Open(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	_ = led.Close()
	db, err := sql.Open("sqlite", filepath.Join(state, ledger.File))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "PRAGMA user_version=9999"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	args, env := o.one(0, "move", state)
	checkMistake(t, args, env, 1, core.NewerData, []string{state, "newer"})
}

func TestADataFolderThatCannotBeWrittenIsTold(t *testing.T) {
	o := open(t, 100)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	args, env := o.one(0, "move", filepath.Join(file, "state"))
	checkMistake(t, args, env, 1, core.ReadOnly, []string{file, "--state"})
}

// smallDisk marks the process that has a disk of its own, of 400 kB, on a folder.
const smallDisk = "MAILROOM_TEST_SMALL_DISK"

func TestAFullDiskIsTold(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a name space of Linux to mount a small disk")
	}
	dir := os.Getenv(smallDisk)
	if dir == "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "unshare", "-Urm", "sh", "-c",
			`mount -t tmpfs -o size=400k none "$`+smallDisk+`" && exec "$0" -test.v -test.timeout=60s -test.run '^TestAFullDiskIsTold$'`, self)
		cmd.Env = append(os.Environ(), smallDisk+"="+t.TempDir())
		cmd.WaitDelay = 5 * time.Second
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: TestAFullDiskIsTold") {
			t.Fatalf("in a name space with a small disk: %v\n%s", err, out)
		}
		return
	}
	o := open(t, 600)
	p := o.people[1]
	args := []string{"move", "--from", address(o.Old(), p.OldAddress), "--to", "maildir:" + filepath.Join(dir, "mail"), "--state", t.TempDir(), "--ca", o.ca}
	checkMistake(t, args, map[string]string{"MAILROOM_FROM_PASSWORD": p.Password}, 1, core.DiskFull, []string{"disk is full", "same command again"})
}

func TestAFullMailboxLeavesTheRestBehind(t *testing.T) {
	o := open(t, 200)
	o.SetNewFaults(practice.Faults{Quota: 50_000})
	args, env := o.one(1, "move", t.TempDir())
	exit, out, errs := call{env: env}.run(args...)
	if exit != 2 || !strings.Contains(out, "full") {
		t.Fatalf("exit %d\n%s%s", exit, out, errs)
	}
}

func TestStoppingIsCleanAndGoesOnLater(t *testing.T) {
	o, state := open(t, 300), t.TempDir()
	o.SetNewFaults(practice.Faults{Delay: 10 * time.Millisecond})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	args, env := o.one(0, "move", state)
	go func() {
		for n := int64(0); n == 0; n, _ = o.Count(o.people[0].NewAddress) {
			time.Sleep(time.Millisecond) // until the first message has arrived
		}
		stop()
	}()
	exit, out, errs := call{env: env, ctx: ctx}.run(args...)
	if exit != 4 || !strings.Contains(errs, "Ctrl-C again") || !strings.Contains(out, "goes on where it stopped") {
		t.Fatalf("exit %d\n%s%s", exit, out, errs)
	}
	o.SetNewFaults(practice.Faults{})
	exit, out, errs = call{env: env}.run(append(args, "--json", "--verify", "bytes")...)
	s, _ := summaryOf(t, out)
	if p := o.people[0]; exit != 0 || s.Mailboxes[0].AlreadyThere == 0 || s.Mailboxes[0].AlreadyThere+s.Mailboxes[0].Copied != p.Messages {
		t.Fatalf("exit %d %s\n%s", exit, errs, out)
	}
	if n, _ := o.Count(o.people[0].NewAddress); n != o.people[0].Messages {
		t.Fatalf("%d messages at the destination, want %d", n, o.people[0].Messages)
	}
}

func TestTheSecondInterruptEndsAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot interrupt itself on Windows")
	}
	r := &run{env: Env{}, words: english}
	ended := make(chan int, 1)
	r.env.Exit = func(code int) { ended <- code }
	told := &watched{want: "Ctrl-C again", seen: make(chan struct{})}
	r.stderr = told
	ctx, stop := context.WithCancel(t.Context())
	leave := r.watchInterrupt(ctx)
	stop()
	<-told.seen // only then is the signal caught
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := <-ended; code != 4 {
		t.Fatalf("exit %d", code)
	}
	leave()
}

func TestTheWorstMailboxDecidesTheExitCode(t *testing.T) {
	for _, c := range [][]int{{0, 0, 0}, {0, 2, 2}, {2, 4, 4}, {4, 3, 3}, {3, 1, 1}, {1, 0, 1}, {4, 2, 4}} {
		if got := worse(c[0], c[1]); got != c[2] {
			t.Errorf("worse(%d, %d) = %d, want %d", c[0], c[1], got, c[2])
		}
	}
}
