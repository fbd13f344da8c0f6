package servers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is one running IMAP server. Its methods are safe for concurrent use.
type Server struct {
	Kind    string // dovecot, cyrus or courier
	Host    string // always 127.0.0.1; the certificate also names localhost
	Port    int    // plain text and STARTTLS; passwords are accepted in plain text
	TLSPort int    // implicit TLS; 0 with Options.NoTLS
	// POP3Port and POP3TLSPort are the same for POP3, with Options.POP3.
	POP3Port, POP3TLSPort int
	// StartTLS tells whether the plain port offers it: not with Options.NoTLS, and not by
	// Courier where the program runs as an ordinary user.
	StartTLS bool
	CAFile   string // PEM; the authority that signed the certificate
	// CertFile is the server's own certificate in PEM, for pinning.
	CertFile string
	Dir      string // everything this server writes
	Users    []User

	opts    Options
	engine  engine
	id      identity
	temp    bool
	mu      sync.Mutex // guards running and Users
	running runner
}

// engine is what differs between the kinds.
type engine interface {
	// prepare writes the configuration and the accounts; called once.
	prepare(s *Server) error
	// launch starts the programs; called at every start.
	launch(s *Server) (runner, error)
	// addUser makes an account while the server runs or before.
	addUser(s *Server, u User) error
	// settle runs after the server answers for the first time.
	settle(ctx context.Context, s *Server) error
}

// runner is what launch leaves running.
type runner interface {
	stop(grace time.Duration)
	kill()
	ended() <-chan struct{} // closed when the server has ended by itself or otherwise
}

// patience bounds a start on a busy machine.
const patience = 60 * time.Second

// start makes the server's folder, launches it and waits for its greeting.
func start(ctx context.Context, kind string, e engine, opts Options) (*Server, error) {
	s := &Server{Kind: kind, Host: "127.0.0.1", Dir: opts.Dir, opts: opts, engine: e, id: whoami()}
	if s.Dir == "" {
		dir, err := os.MkdirTemp("", "mailroom-"+kind+"-")
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", kind, err)
		}
		s.Dir, s.temp = dir, true
	}
	if err := s.first(ctx); err != nil {
		err = fmt.Errorf("start %s: %w%s", kind, err, s.logTail())
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) first(ctx context.Context) error {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(s.Dir, 0o755); err != nil {
		return err
	}
	certs, err := writeCertificates(s.Dir, s.opts.Cert)
	if err != nil {
		return err
	}
	s.CAFile, s.CertFile, s.StartTLS = certs.ca, certs.cert, !s.opts.NoTLS
	// Another program may take a port between our asking for it and the server's
	// using it: then other ports are tried.
	for attempt := 1; ; attempt++ {
		if err := s.choosePorts(); err != nil {
			return err
		}
		if err := s.engine.prepare(s); err != nil {
			return err
		}
		if err := s.own(); err != nil {
			return err
		}
		err := s.up(ctx)
		if err == nil {
			break
		}
		if attempt == 3 || ctx.Err() != nil || !strings.Contains(s.Log(), "in use") {
			return err
		}
		s.Kill()
	}
	for _, u := range s.opts.users() {
		if err := s.AddUser(u); err != nil {
			return err
		}
	}
	return s.engine.settle(ctx, s)
}

func (s *Server) choosePorts() error {
	ports, err := freePorts(4)
	if err != nil {
		return err
	}
	s.Port, s.TLSPort = ports[0], ports[1]
	if s.opts.POP3 {
		s.POP3Port, s.POP3TLSPort = ports[2], ports[3]
	}
	if s.opts.NoTLS {
		s.TLSPort, s.POP3TLSPort = 0, 0
	}
	return nil
}

// up launches the programs and waits until the plain port greets.
func (s *Server) up(ctx context.Context) error {
	run, err := s.engine.launch(s)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.running = run
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ctx, over := context.WithCancelCause(ctx)
	defer over(nil)
	go func() {
		select {
		case <-run.ended():
			over(errors.New("it ended at once"))
		case <-ctx.Done():
		}
	}()
	if s.opts.POP3 {
		if err := waitGreeting(ctx, net.JoinHostPort(s.Host, strconv.Itoa(s.POP3Port)), "+OK"); err != nil {
			return err
		}
	}
	return waitGreeting(ctx, s.Addr(), "* OK")
}

// Addr is host:port of the plain port.
func (s *Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// TLSAddr is host:port of the TLS port.
func (s *Server) TLSAddr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.TLSPort)) }

// AddUser makes an account; it can be used at once.
func (s *Server) AddUser(u User) error {
	if err := s.engine.addUser(s, u); err != nil {
		return fmt.Errorf("add user %s: %w", u.Name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Users = append(s.Users, u)
	return nil
}

// Stop ends the server in an orderly way and removes its temporary folder.
func (s *Server) Stop() error {
	if run := s.take(); run != nil {
		run.stop(10 * time.Second)
	}
	if s.temp {
		return os.RemoveAll(s.Dir)
	}
	return nil
}

// Kill ends the server and all its children with SIGKILL, as a crash would. The
// data stay; Restart brings it back.
func (s *Server) Kill() {
	if run := s.take(); run != nil {
		run.kill()
	}
}

// Restart starts the server again on the same data and ports, ending it first
// where it still runs.
func (s *Server) Restart(ctx context.Context) error {
	if run := s.take(); run != nil {
		run.stop(10 * time.Second)
	}
	if err := s.up(ctx); err != nil {
		return fmt.Errorf("restart %s: %w%s", s.Kind, err, s.logTail())
	}
	return nil
}

func (s *Server) take() runner {
	s.mu.Lock()
	defer s.mu.Unlock()
	run := s.running
	s.running = nil
	return run
}

// Log returns what the server has written to its log so far.
func (s *Server) Log() string {
	text, err := os.ReadFile(s.path("log"))
	if err != nil {
		return ""
	}
	return string(text)
}

func (s *Server) logTail() string {
	text := strings.TrimSpace(s.Log())
	if text == "" {
		return ""
	}
	if len(text) > 3000 {
		text = "…" + text[len(text)-3000:]
	}
	return "\nits log:\n" + text
}

func (s *Server) path(name ...string) string {
	return filepath.Join(append([]string{s.Dir}, name...)...)
}

// own gives everything below Dir to the identity that the server runs as.
func (s *Server) own() error {
	if !s.id.drop {
		return nil
	}
	return filepath.WalkDir(s.Dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, s.id.uid, s.id.gid)
	})
}

// openLog opens the file that the server's programs write their words to.
func (s *Server) openLog() (*os.File, error) {
	f, err := os.OpenFile(s.path("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	return f, s.Own(s.path("log"))
}

// Own gives a file or folder that the caller made below Dir to the identity that
// the server runs as.
func (s *Server) Own(path string) error {
	if !s.id.drop {
		return nil
	}
	return os.Lchown(path, s.id.uid, s.id.gid)
}

// waitGreeting dials until a greeting comes that begins like that.
func waitGreeting(ctx context.Context, addr, like string) error {
	last := errors.New("no answer")
	for {
		line, err := greeting(ctx, addr)
		if err == nil && strings.HasPrefix(line, like) {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("greeting %q", strings.TrimSpace(line))
		}
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the greeting on %s: %w (last: %w)", addr, context.Cause(ctx), last)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func greeting(ctx context.Context, addr string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return "", err
	}
	line, err := bufio.NewReaderSize(conn, 4096).ReadString('\n')
	if err == nil {
		_, err = conn.Write([]byte("x LOGOUT\r\n"))
	}
	return line, err
}

// forTest starts a server that ends with the test.
func forTest(t testing.TB, start func(context.Context, Options) (*Server, error), opts []Options) *Server {
	t.Helper()
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	s, err := start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s on %s%s", s.Kind, s.Addr(), s.logTail())
		}
		if err := s.Stop(); err != nil {
			t.Errorf("stop %s: %v", s.Kind, err)
		}
	})
	return s
}
