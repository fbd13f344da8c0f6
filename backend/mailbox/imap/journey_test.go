package imap_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/testkit/servers"
)

// journey takes a mailbox through everything that a move does with it.
type journey struct {
	cfg imap.Config
	// noKeywords: the server holds no flags of its own (Courier with maildir keywords off, memory)
	noKeywords bool
}

func TestAgainstGoIMAP(t *testing.T) {
	mem := imapmemserver.New()
	user := imapmemserver.NewUser("li", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem.AddUser(user)
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		InsecureAuth: true,
		Caps:         goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapUIDPlus: {}, goimap.CapNamespace: {}, goimap.CapLiteralPlus: {}},
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() { defer close(served); _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close(); <-served })
	cfg := imap.Config{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, Security: imap.Plain, User: "li", Password: "secret"}
	journey{cfg: cfg}.run(t)
}

// real signs in to a server that really runs.
func real(s *servers.Server, edit ...func(*imap.Config)) imap.Config {
	cfg := imap.Config{
		Host: s.Host, Port: s.TLSPort, Security: imap.TLS, CAFile: s.CAFile,
		User: s.Users[0].Name, Password: s.Users[0].Password,
	}
	for _, e := range edit {
		e(&cfg)
	}
	return cfg
}

func TestAgainstDovecot(t *testing.T) {
	s := servers.Dovecot(t, servers.Options{Compress: true, Master: true})
	for name, edit := range map[string]func(*imap.Config){
		"MULTIAPPEND": func(*imap.Config) {},
		"LITERAL+":    func(c *imap.Config) { c.IgnoreCaps = []string{"MULTIAPPEND"} },
		"synchronising, STARTTLS": func(c *imap.Config) {
			c.IgnoreCaps, c.Security, c.Port = []string{"MULTIAPPEND", "LITERAL+"}, imap.StartTLS, s.Port
		},
		"MULTIAPPEND, synchronising": func(c *imap.Config) { c.IgnoreCaps = []string{"LITERAL+"} },
		"compressed":                 func(c *imap.Config) { c.Compress = imap.CompressAlways },
		"master user": func(c *imap.Config) {
			c.Authz, c.User, c.Password = c.User, servers.MasterUser.Name, servers.MasterUser.Password
		},
	} {
		t.Run(name, func(t *testing.T) { journey{cfg: real(s, edit)}.run(t) })
	}
}

func TestAgainstCyrus(t *testing.T) {
	journey{cfg: real(servers.Cyrus(t))}.run(t)
}

func TestAgainstCourier(t *testing.T) {
	journey{cfg: real(servers.Courier(t)), noKeywords: true}.run(t)
}

func (j journey) open(t *testing.T) mailbox.Writer {
	t.Helper()
	a, err := imap.New(j.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.(mailbox.Writer)
}

func (j journey) run(t *testing.T) {
	s := j.open(t)
	tr := s.Traits()
	t.Logf("%+v", tr)
	if tr.Separator == "" || tr.RTT == 0 {
		t.Errorf("%+v", tr)
	}
	top := fmt.Sprintf("项目 R&D %d", time.Now().UnixNano())
	top, child := strings.ReplaceAll(top, " ", "-"), "2026"
	id := j.make(t, s, top, child)
	want := j.fill(t, s, id)
	j.read(t, id, want)
	j.change(t, s, id)
}

// make creates a folder below another and finds it in the list again.
func (j journey) make(t *testing.T, s mailbox.Writer, top, child string) string {
	t.Helper()
	parent, err := s.FolderID([]string{top})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.FolderID([]string{top, child})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time all are there
		results, err := s.Create(t.Context(), []string{id, parent, "INBOX"})
		if err := errors.Join(append(results, err)...); err != nil {
			t.Fatal(err)
		}
	}
	results, err := s.Subscribe(t.Context(), []string{id})
	if err := errors.Join(append(results, err)...); err != nil {
		t.Fatal(err)
	}
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(folders, func(f mailbox.Folder) bool { return f.ID == id })
	if at < 0 || strings.Join(folders[at].Levels, "|") != top+"|"+child || !folders[at].Subscribed {
		t.Fatalf("%q in %+v", id, folders)
	}
	if i := slices.IndexFunc(folders, func(f mailbox.Folder) bool { return f.Role == core.RoleInbox }); i < 0 || folders[i].ID != "INBOX" {
		t.Errorf("no inbox in %+v", folders)
	}
	_, err = s.Examine(t.Context(), id+"x")
	refusalOf(t, err)
	return id
}

// fill appends messages of many sizes in two batches.
func (j journey) fill(t *testing.T, s mailbox.Writer, id string) map[mailbox.UID]mailbox.Append {
	t.Helper()
	st, err := s.Select(t.Context(), id)
	if err != nil || st.UIDValidity == 0 || st.Messages != 0 {
		t.Fatalf("%+v %v", st, err)
	}
	want := map[mailbox.UID]mailbox.Append{}
	for range 2 {
		var ms []mailbox.Append
		for i := range 40 {
			m := message(fmt.Sprintf("Message-ID: <%d.%d@old.example>\r\nSubject: =?utf-8?q?%d?=\r\n\r\n", len(want), i, i) + strings.Repeat("line of text\r\n", 1+i*i*i))
			if j.noKeywords {
				m.Flags = m.Flags[:1]
			}
			ms = append(ms, m)
		}
		for i, r := range appendAll(t, s, id, len(ms), ms...) {
			if r.Err != nil || r.UID == 0 {
				t.Fatalf("message %d: %+v", i, r)
			}
			_, _ = ms[i].Body.(io.Seeker).Seek(0, io.SeekStart)
			want[r.UID] = ms[i]
		}
	}
	res := appendAll(t, s, id+"x", 2, message("nowhere"), message("to go"))
	if refusalOf(t, res[0].Err); res[1].Err == nil {
		t.Errorf("%+v", res)
	}
	return want
}

// read compares everything on a connection of its own.
func (j journey) read(t *testing.T, id string, want map[mailbox.UID]mailbox.Append) {
	t.Helper()
	s := j.open(t)
	states, err := s.Statuses(t.Context(), []string{"INBOX", id, id + "x"})
	if err != nil || len(states) != 2 || states[id].Messages != uint32(len(want)) {
		t.Fatalf("%+v %v", states, err)
	}
	st, err := s.Examine(t.Context(), id)
	if err != nil || st.UIDValidity != states[id].UIDValidity || !st.ReadOnly || st.Messages != uint32(len(want)) {
		t.Fatalf("%+v %v", st, err)
	}
	var uids []mailbox.UID
	for _, m := range listAll(t, s) {
		w := want[m.UID]
		flags := slices.DeleteFunc(slices.Clone(m.Flags), func(f string) bool { return strings.EqualFold(f, `\Recent`) })
		slices.Sort(flags)
		lower := func(f []string) string {
			f = slices.Clone(f)
			slices.Sort(f)
			return strings.ToLower(strings.Join(f, " "))
		}
		if !m.Date.Equal(w.Date) || m.Size != w.Size || lower(flags) != lower(w.Flags) {
			t.Errorf("%+v, want %+v", m, w)
		}
		uids = append(uids, m.UID)
	}
	headers := 0
	if err := s.Headers(t.Context(), uids, func(_ mailbox.UID, size int64, h []byte) error {
		if headers++; size == 0 || !strings.HasPrefix(strings.ToLower(string(h)), "message-id: <") {
			t.Errorf("%d %q", size, h)
		}
		return nil
	}); err != nil || headers != len(want) {
		t.Errorf("%d headers, %v", headers, err)
	}
	got, bad := bodies(t.Context(), t, s, append(uids, 4_000_000)...)
	if len(bad) > 0 || len(got) != len(want) {
		t.Fatalf("%d bodies, %v", len(got), bad)
	}
	for uid, m := range want {
		b, err := io.ReadAll(m.Body)
		if err != nil || got[uid] != string(b) {
			t.Errorf("uid %d differs", uid)
		}
	}
	n := 0
	if err := s.List(t.Context(), slices.Max(uids)+1, 0, 0, func(mailbox.Meta) error { n++; return nil }); err != nil || n != 0 {
		t.Errorf("%d new, %v", n, err)
	}
}

// change stores flags and removes messages; with CONDSTORE only the changed are listed.
func (j journey) change(t *testing.T, s mailbox.Writer, id string) {
	t.Helper()
	st, err := s.Select(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	all := listAll(t, s)
	if err := s.Store(t.Context(), []mailbox.UID{all[3].UID}, true, []string{`\Flagged`}); err != nil {
		t.Fatal(err)
	}
	if err := s.Store(t.Context(), []mailbox.UID{all[5].UID}, true, []string{`\Deleted`}); err != nil {
		t.Fatal(err)
	}
	if s.Traits().Condstore {
		if st.HighestModSeq == 0 {
			t.Error("no HIGHESTMODSEQ")
		}
		var changed []mailbox.UID
		if err := s.List(t.Context(), 1, 0, st.HighestModSeq, func(m mailbox.Meta) error {
			changed = append(changed, m.UID)
			return nil
		}); err != nil || !slices.Equal(changed, []mailbox.UID{all[3].UID, all[5].UID}) {
			t.Errorf("changed %v, %v", changed, err)
		}
	}
	if err := s.Remove(t.Context(), []mailbox.UID{all[0].UID, all[1].UID}); err != nil {
		t.Fatal(err)
	}
	if left := listAll(t, s); len(left) != len(all)-2 || left[0].UID != all[2].UID {
		t.Errorf("%d left of %d", len(left), len(all))
	}
	room, err := s.Room(t.Context(), id)
	t.Logf("room %+v %v", room, err)
	if err != nil {
		t.Error(err)
	}
	if notes := s.Traits().Notes; len(notes) > 0 {
		t.Logf("notes %q", notes)
	}
}
