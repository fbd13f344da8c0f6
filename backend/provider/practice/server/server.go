package server

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Options make a [Server].
type Options struct {
	Name        string // as ID tells it
	Separator   rune   // between folder levels
	Port        int    // on 127.0.0.1; 0, or a port that is taken: any free one
	AppendLimit uint32 // bytes; 0: 64 MiB
	Certificate tls.Certificate
	Pool        *Pool
	Journal     string // file that remembers changes; "" none
	Directory   Directory
	Fresh       []Folder // of a mailbox that the directory opens
	// Key opens every mailbox that the server began with, whatever the directory says of
	// it; "" none.
	Key string
}

// Message is one message that a mailbox begins with.
type Message struct {
	Body  Body
	Sum   Sum
	Date  time.Time
	Flags []string
}

// Folder is one folder that a mailbox begins with.
type Folder struct {
	Name     string // levels joined by the server's separator
	Attr     string // special use; "" none
	Parent   bool   // holds folders only
	Messages []Message
}

// Mailbox is one person's account to begin with.
type Mailbox struct {
	Address, Password string
	Validity          uint32 // UIDVALIDITY of the first folder; the others follow
	Folders           []Folder
}

// Server is one IMAP server on loopback.
type Server struct {
	separator   rune
	appendLimit uint32
	directory   Directory
	fresh       []Folder
	key         string
	pool        *Pool
	journal     *journal

	mu       sync.Mutex
	accounts map[string]*account // by lower-case address or key

	fault    atomic.Pointer[Faults]
	commands atomic.Int64

	imap     *imapserver.Server
	listener *tracking
	stopped  chan struct{}
	closing  sync.Once
	closed   error
	serving  sync.WaitGroup
	sessions sync.WaitGroup
}

// New makes a server with the given mailboxes, brings back what its journal
// remembers, and begins to listen.
func New(o Options, mailboxes []Mailbox) (*Server, error) {
	s := &Server{separator: o.Separator, appendLimit: o.AppendLimit, accounts: map[string]*account{}, pool: o.Pool, directory: o.Directory, fresh: o.Fresh, key: o.Key, stopped: make(chan struct{})}
	if s.appendLimit == 0 {
		s.appendLimit = 64 << 20
	}
	for _, m := range mailboxes {
		s.accounts[strings.ToLower(m.Address)] = load(m)
	}
	if o.Journal != "" {
		if err := s.openJournal(o.Journal); err != nil {
			return nil, err
		}
	}
	inner, err := listen(o.Port)
	if err != nil {
		_ = s.journal.close()
		return nil, fmt.Errorf("listen: %w", err)
	}
	s.listener = newTracking(inner, &tls.Config{Certificates: []tls.Certificate{o.Certificate}, MinVersion: tls.VersionTLS12}, o.Name)
	s.imap = imapserver.New(&imapserver.Options{
		NewSession:   s.newSession,
		Caps:         capabilities,
		Logger:       silent{},
		InsecureAuth: true, // the listener speaks TLS already, which imapserver cannot see
	})
	s.serving.Go(func() { _ = s.imap.Serve(s.listener) })
	return s, nil
}

// capabilities are all that imapserver v2.0.0-beta.8 can offer over this store. ID and
// QUOTA are added by the connection. MULTIAPPEND and CONDSTORE cannot be: imapserver
// reads APPEND as one message and its FETCH, STORE and SELECT know no MODSEQ, with no
// way in for a session.
var capabilities = imap.CapSet{
	imap.CapIMAP4rev1: {}, imap.CapNamespace: {}, imap.CapUIDPlus: {}, imap.CapESearch: {}, imap.CapListExtended: {}, imap.CapListStatus: {},
	imap.CapMove: {}, imap.CapStatusSize: {}, imap.CapChildren: {}, imap.CapSpecialUse: {}, imap.CapCreateSpecialUse: {}, imap.CapLiteralPlus: {},
}

func listen(port int) (net.Listener, error) {
	if port > 0 {
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return l, nil
		}
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

func load(m Mailbox) *account {
	a := &account{address: m.Address, password: m.Password, folders: map[string]*folder{}, validity: m.Validity - 1}
	for _, f := range m.Folders {
		made := a.make(f.Name)
		made.attr, made.parent, made.subscribed = imap.MailboxAttr(f.Attr), f.Parent, true
		made.messages = make([]*message, 0, len(f.Messages))
		for _, msg := range f.Messages {
			flags := make([]imap.Flag, len(msg.Flags))
			for i, flag := range msg.Flags {
				flags[i] = imap.Flag(flag)
			}
			made.add(msg.Body, msg.Sum, msg.Date, flags)
			a.used += msg.Body.Size()
		}
	}
	return a
}

func (s *Server) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	s.sessions.Add(1)
	return &leaving{session: session{server: s, conn: c}, left: sync.OnceFunc(s.sessions.Done)}, nil, nil
}

// leaving tells the server when its session ends, so that Close can wait.
type leaving struct {
	session
	left func()
}

func (l *leaving) Close() error {
	defer l.left()
	return l.session.Close()
}

// Port is where the server listens on 127.0.0.1.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Count returns a mailbox's messages and bytes.
func (s *Server) Count(address string) (messages, bytes int64) {
	a := s.account(address)
	if a == nil {
		return 0, 0
	}
	for _, f := range a.sorted() {
		f.mu.Lock()
		messages += int64(len(f.messages))
		f.mu.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return messages, a.used
}

// Close ends all connections and waits for them; closing twice is no error.
func (s *Server) Close() error {
	s.closing.Do(func() { s.closed = s.close() })
	return s.closed
}

func (s *Server) close() error {
	close(s.stopped)
	err := s.imap.Close()
	s.listener.closeAll()
	s.serving.Wait()
	s.sessions.Wait()
	if closeErr := s.journal.close(); err == nil {
		err = closeErr
	}
	return err
}

// silent drops what imapserver logs: broken connections are this office's daily bread.
type silent struct{}

func (silent) Printf(string, ...any) {}

// keep reads a message to be stored.
func (s *Server) keep(r io.Reader) (Body, Sum, error) { return s.pool.keep(r) }

// add stores a message and journals it.
func (s *Server) add(a *account, f *folder, body Body, sum Sum, date time.Time, flags []imap.Flag) imap.UID {
	if date.IsZero() {
		date = time.Now()
	}
	flags = clean(flags)
	uid := f.add(body, sum, date, flags)
	a.mu.Lock()
	a.used += body.Size()
	a.mu.Unlock()
	s.journal.write(entry{Op: opAdd, Who: a.address, Folder: f.name, UIDs: []imap.UID{uid}, Sum: sum[:], Date: date, Flags: flags})
	return uid
}

func (s *Server) makeFolder(a *account, name string, attr imap.MailboxAttr) bool {
	f := a.make(name)
	if f == nil {
		return false
	}
	f.attr = attr
	s.journal.write(entry{Op: opMake, Who: a.address, Folder: name, Attr: attr, Validity: f.validity})
	return true
}

func (s *Server) dropFolder(a *account, name string) bool {
	a.mu.Lock()
	f := a.folders[name]
	delete(a.folders, name)
	a.mu.Unlock()
	if f == nil {
		return false
	}
	_, bytes := f.remove(func(*message) bool { return true })
	a.mu.Lock()
	a.used -= bytes
	a.mu.Unlock()
	s.journal.write(entry{Op: opDrop, Who: a.address, Folder: name})
	return true
}

func (s *Server) subscribe(a *account, f *folder, on bool) {
	a.mu.Lock()
	f.subscribed = on
	a.mu.Unlock()
	s.journal.write(entry{Op: opSubscribe, Who: a.address, Folder: f.name, On: on})
}

func (s *Server) expunge(a *account, f *folder, doomed func(*message) bool) {
	uids, bytes := f.remove(doomed)
	if len(uids) == 0 {
		return
	}
	a.mu.Lock()
	a.used -= bytes
	a.mu.Unlock()
	s.journal.write(entry{Op: opExpunge, Who: a.address, Folder: f.name, UIDs: uids})
}

// store changes flags; view is the session that asked and need not be told.
func (s *Server) store(a *account, f *folder, all []found, change *imap.StoreFlags, view *imapserver.SessionTracker) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range all {
		flags := changed(m.message.flags, change)
		m.message.flags = flags
		f.tracker.QueueMessageFlags(m.seq, m.uid, flags, view)
		s.journal.write(entry{Op: opFlags, Who: a.address, Folder: f.name, UIDs: []imap.UID{m.uid}, Flags: flags})
	}
}

func changed(flags []imap.Flag, change *imap.StoreFlags) []imap.Flag {
	switch change.Op {
	case imap.StoreFlagsSet:
		return clean(change.Flags)
	case imap.StoreFlagsAdd:
		return clean(append(append([]imap.Flag(nil), flags...), change.Flags...))
	}
	kept := make([]imap.Flag, 0, len(flags))
	for _, flag := range flags {
		if !hasFlag(change.Flags, flag) {
			kept = append(kept, flag)
		}
	}
	return kept
}
