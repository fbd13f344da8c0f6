package migrate

import (
	"testing"

	"mailroom/backend/mailbox"
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
