package migrate

import (
	"path/filepath"
	"testing"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/servers"
)

func account(t *testing.T, s *servers.Server, change ...func(*imap.Config)) mailbox.Account {
	t.Helper()
	cfg := imap.Config{Host: s.Host, Port: s.TLSPort, Security: imap.TLS, CAFile: s.CAFile,
		User: servers.DefaultUser.Name, Password: servers.DefaultUser.Password}
	for _, f := range change {
		f(&cfg)
	}
	a, err := imap.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// fill puts a corpus on a server and reads it back with the independent reader.
func fill(t *testing.T, s *servers.Server, c corpus.Corpus) corpus.Manifest {
	t.Helper()
	filled, err := corpus.Fill(t.Context(), s, servers.DefaultUser, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("filled: %+v", filled)
	return read(t, s)
}

func read(t *testing.T, s *servers.Server) corpus.Manifest {
	t.Helper()
	m, err := corpus.ReadServer(t.Context(), s, servers.DefaultUser)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// real moves everything between two accounts and proves every byte.
func real(t *testing.T, from, to mailbox.Account, opt Options) Result {
	t.Helper()
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	opt.Verify = VerifyBytes
	r, err := New(led, from, to, opt, nil).Run(t.Context())
	if err != nil {
		t.Fatalf("move: %v\n%+v", err, r.Errors)
	}
	t.Logf("%+v, notes %v, errors %+v, left %+v, mismatch %+v", r.Counts, r.Notes, r.Errors, r.Left, r.Mismatch)
	if r.Copied+r.AlreadyThere+r.Excluded+r.LeftBehind != r.Messages {
		t.Fatalf("the four do not sum up: %+v", r.Counts)
	}
	again, err := New(led, from, to, opt, nil).Run(t.Context())
	if err != nil || again.Copied != 0 {
		t.Fatalf("a second run: %v %+v", err, again.Counts)
	}
	return r
}

func TestDovecotToDovecot(t *testing.T) {
	old, fresh := servers.Dovecot(t), servers.Dovecot(t)
	want := fill(t, old, corpus.Small(600, 1))
	r := real(t, account(t, old), account(t, fresh), Options{})
	if r.State != StateDone || r.Verified != VerifyBytes {
		t.Fatalf("state %s, verified %q", r.State, r.Verified)
	}
	if d := corpus.Compare(want, read(t, fresh), corpus.Rules{}); !d.Empty() {
		t.Fatal(d)
	}
}

func TestAwkwardMailArrivesAsItIs(t *testing.T) {
	old, fresh := servers.Dovecot(t), servers.Dovecot(t)
	want := fill(t, old, corpus.Awkward(true))
	r := real(t, account(t, old), account(t, fresh), Options{})
	if r.State != StateDone {
		t.Fatalf("state %s", r.State)
	}
	d := corpus.Compare(want, read(t, fresh), corpus.Rules{})
	// Dovecot drops one CR of CR CR LF and a CR at the very end, whoever appends.
	if len(d.Altered) > 2 {
		t.Fatal(d)
	}
	if d.Altered = nil; !d.Empty() {
		t.Fatal(d)
	}
}

func TestDovecotToCyrus(t *testing.T) {
	t.Parallel()
	old, fresh := servers.Dovecot(t), servers.Cyrus(t)
	want := fill(t, old, corpus.Small(400, 6))
	r := real(t, account(t, old), account(t, fresh), Options{})
	if r.State != StateDone || r.LeftBehind != 0 {
		t.Fatalf("state %s, left %+v", r.State, r.Left)
	}
	if d := corpus.Compare(want, read(t, fresh), corpus.Rules{ParentsAreReal: true}); !d.Empty() {
		t.Fatal(d)
	}
}

// TestAServerThatAltersMailIsFoundOut moves to a Cyrus that writes X for every 8-bit
// byte in a header, as it does by default: all arrives, and the proof says which
// messages are not what they were.
func TestAServerThatAltersMailIsFoundOut(t *testing.T) {
	t.Parallel()
	old, fresh := servers.Dovecot(t), servers.Cyrus(t, servers.Options{Munge: true})
	want := fill(t, old, corpus.Small(200, 6))
	r := real(t, account(t, old), account(t, fresh), Options{})
	altered := corpus.Compare(want, read(t, fresh), corpus.Rules{}).Altered
	if len(altered) == 0 || len(r.Mismatch) != len(altered) || r.State == StateDone || r.LeftBehind != 0 {
		t.Fatalf("state %s, %d mismatches told, %d altered", r.State, len(r.Mismatch), len(altered))
	}
}

func TestCourierToDovecot(t *testing.T) {
	t.Parallel()
	old, fresh := servers.Courier(t), servers.Dovecot(t)
	want := fill(t, old, corpus.Small(400, 7))
	r := real(t, account(t, old), account(t, fresh), Options{})
	if r.State != StateDone || r.LeftBehind != 0 {
		t.Fatalf("state %s, left %+v", r.State, r.Left)
	}
	if d := corpus.Compare(want, read(t, fresh), corpus.Rules{}); !d.Empty() {
		t.Fatal(d)
	}
}

func TestCyrusToCourier(t *testing.T) {
	t.Parallel()
	old, fresh := servers.Cyrus(t), servers.Courier(t)
	want := fill(t, old, corpus.Small(300, 8))
	r := real(t, account(t, old), account(t, fresh), Options{})
	if r.State != StateDone || r.LeftBehind != 0 {
		t.Fatalf("state %s, left %+v", r.State, r.Left)
	}
	if d := corpus.Compare(want, read(t, fresh), corpus.Rules{}); !d.Empty() {
		t.Fatal(d)
	}
}

// TestThereAndBackThroughAnArchive moves a mailbox into each kind of local archive
// and from there to another server: what comes out is what went in.
func TestThereAndBackThroughAnArchive(t *testing.T) {
	for _, kind := range []string{"maildir", "mbox", "eml"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			old, fresh := servers.Dovecot(t), servers.Dovecot(t)
			want := fill(t, old, corpus.Small(300, 9))
			url := kind + ":" + filepath.Join(t.TempDir(), "archive")
			for _, leg := range []struct{ from, to mailbox.Account }{
				{account(t, old), open(t, url, true)}, {open(t, url, false), account(t, fresh)},
			} {
				r := real(t, leg.from, leg.to, Options{})
				if r.State != StateDone || r.LeftBehind != 0 {
					t.Fatalf("state %s, left %+v", r.State, r.Left)
				}
			}
			// In a tree of files every parent is a folder of its own.
			if d := corpus.Compare(want, read(t, fresh), corpus.Rules{ParentsAreReal: kind == "eml"}); !d.Empty() {
				t.Fatal(d)
			}
		})
	}
}

func open(t *testing.T, url string, write bool) mailbox.Account {
	t.Helper()
	a, err := archive.Open(url, write)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
