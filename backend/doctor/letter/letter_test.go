package letter

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/servers"
)

func TestMain(m *testing.M) { leak.Main(m) }

const password = "rosenrot-7"

// post is a real SMTP server that puts what it takes into a Maildir.
type post struct {
	maildir string // of the receiver; "" the mail vanishes
	refuse  error  // at RCPT TO

	mu   sync.Mutex
	took []string
}

type session struct {
	*post
	from, to string
	known    bool
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (s *session) Auth(mech string) (sasl.Server, error) {
	check := func(_, user, given string) error {
		if user != "li.lei@old.example" || given != password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}
	return sasl.NewPlainServer(check), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.refuse
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.took = append(s.took, string(raw))
	n := len(s.took)
	s.mu.Unlock()
	if s.maildir == "" {
		return nil
	}
	stamp := time.Now().Format(time.RFC1123Z)
	raw = append(fmt.Appendf(nil, "Return-Path: <%s>\r\nReceived: from pc7 (pc7 [198.51.100.7])\r\n\tby mail.old.example with ESMTPSA id 1\r\n\tfor <%s>; %s\r\n", s.from, s.to, stamp), raw...)
	name := fmt.Sprintf("%d.%d.post", time.Now().UnixNano(), n)
	if err := os.WriteFile(filepath.Join(s.maildir, "tmp", name), raw, 0o666); err != nil {
		return err
	}
	return os.Rename(filepath.Join(s.maildir, "tmp", name), filepath.Join(s.maildir, "new", name))
}

// open starts the server and says how to reach it.
func (p *post) open(t *testing.T, security Security) Outgoing {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{post: p}, nil }))
	server.Domain, server.AllowInsecureAuth = "mail.old.example", security == Plain
	server.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	config := &tls.Config{Certificates: web.TLS.Certificates}
	switch security {
	case TLS:
		l = tls.NewListener(l, config)
	case StartTLS:
		server.TLSConfig = config
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return Outgoing{
		Host: "127.0.0.1", Port: port, Security: security, User: "li.lei@old.example", CAFile: ca,
		Secret: func(context.Context) (string, error) { return password, nil },
	}
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func inbox(t *testing.T) (*servers.Server, *imap.Account) {
	t.Helper()
	s := servers.Dovecot(t, servers.Options{Folders: []servers.Folder{{Name: "Junk", Use: `\Junk`}}})
	account, err := imap.New(imap.Config{
		Host: s.Host, Port: s.Port, Security: imap.Plain, User: s.Users[0].Name, Password: s.Users[0].Password,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, account
}

func plan(o Outgoing, account *imap.Account) Plan {
	return Plan{
		From: "li.lei@old.example", To: "li.lei@old.example", Outgoing: o, Inbox: account, Subject: "测试信", Text: "你好\n",
		Wait: 20 * time.Second, Every: 20 * time.Millisecond,
	}
}

// count is how many messages lie in a Maildir folder.
func count(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			t.Fatal(err)
		}
		n += len(entries)
	}
	return n
}

// ready makes the receiver's folders exist on the disk.
func ready(t *testing.T, account *imap.Account) {
	t.Helper()
	s, err := account.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.Folders(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"INBOX", "Junk"} {
		if _, err := s.Examine(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
}

func TestALetterIsSentFoundReadAndTakenAway(t *testing.T) {
	for _, security := range []Security{TLS, StartTLS, Plain} {
		t.Run(string(security), func(t *testing.T) {
			server, account := inbox(t)
			ready(t, account)
			dir := server.Maildir(server.Users[0].Name)
			other := []byte("From: a@b.example\r\nMessage-ID: <other@b.example>\r\n\r\nkeep me\r\n")
			if err := os.WriteFile(filepath.Join(dir, "new", "1.other"), other, 0o666); err != nil {
				t.Fatal(err)
			}
			p := &post{maildir: dir}
			plan := plan(p.open(t, security), account)
			plan.Remove = true
			var steps []Step
			r, err := Run(t.Context(), plan, func(s Step) { steps = append(steps, s) })
			if err != nil {
				t.Fatal(err)
			}
			if r.Judgement != Good || r.Folder != "INBOX" || !r.Removed || r.RemoveErr != nil {
				t.Errorf("%+v", r)
			}
			if fmt.Sprint(steps) != "[ready accepted arrived removed]" {
				t.Errorf("steps %v", steps)
			}
			if r.Times[StepSignedIn] > r.Times[StepAccepted] || r.Times[StepAccepted] > r.Times[StepArrived] {
				t.Errorf("times %v", r.Times)
			}
			if r.Header == nil || len(r.Header.Hops) != 1 || r.Header.Subject != "测试信" || r.Header.MessageID != r.MessageID {
				t.Errorf("header %+v", r.Header)
			}
			if n := count(t, dir); n != 1 {
				t.Errorf("%d messages are left, want the other one", n)
			}
		})
	}
}

func TestALetterInTheJunkFolderIsFoundThere(t *testing.T) {
	server, account := inbox(t)
	ready(t, account)
	junk := filepath.Join(server.Maildir(server.Users[0].Name), ".Junk")
	p := &post{maildir: junk}
	r, err := Run(t.Context(), plan(p.open(t, Plain), account), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Judgement != Junk || r.Removed || count(t, junk) != 1 {
		t.Errorf("%+v, %d in junk", r, count(t, junk))
	}
}

func TestALetterThatDoesNotArriveIsLost(t *testing.T) {
	_, account := inbox(t)
	plan := plan((&post{}).open(t, Plain), account)
	plan.Wait = 50 * time.Millisecond
	r, err := Run(t.Context(), plan, nil)
	if err != nil || r.Judgement != Lost || r.Header != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRefusalsComeWithTheServersWords(t *testing.T) {
	_, account := inbox(t)
	p := &post{refuse: &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "User unknown"}}
	o := p.open(t, TLS)
	_, err := Run(t.Context(), plan(o, account), nil)
	var e *core.Error
	if core.CodeOf(err) != core.Rejected || !errors.As(err, &e) || !strings.Contains(e.Args["server"], "User unknown") {
		t.Errorf("%v", err)
	}
	o.Secret = func(context.Context) (string, error) { return "wrong", nil }
	err = o.Try(t.Context())
	if core.CodeOf(err) != core.Unauthenticated || strings.Contains(err.Error(), "wrong") {
		t.Errorf("%v", err)
	}
}

func TestOutgoingServersAreToldApart(t *testing.T) {
	good := (&post{}).open(t, TLS)
	if err := good.Try(t.Context()); err != nil {
		t.Errorf("%v", err)
	}
	strange := good
	strange.CAFile = ""
	err := strange.Try(t.Context())
	facts := core.ArgsOf(err)
	if core.CodeOf(err) != core.UntrustedCert || len(facts["sha256"]) != 64 || facts["subject"] == "" || facts["why"] != "unknown_authority" {
		t.Errorf("unknown authority: %v %v", err, facts)
	}
	strange.Pin = facts["sha256"] // the person has compared it
	if err := strange.Try(t.Context()); err != nil {
		t.Errorf("the one certificate that is trusted: %v", err)
	}
	strange.Pin = strings.Repeat("ab", 32)
	if err := strange.Try(t.Context()); core.CodeOf(err) != core.UntrustedCert {
		t.Errorf("another certificate: %v", err)
	}
	bare := (&post{}).open(t, Plain)
	bare.Security = StartTLS
	if err := bare.Try(t.Context()); core.CodeOf(err) != core.Unsupported {
		t.Errorf("no STARTTLS: %v", err)
	}
	bare.Security = TLS
	if err := bare.Try(t.Context()); core.CodeOf(err) != core.Unreachable {
		t.Errorf("no TLS: %v", err)
	}
	away := good
	away.Port = 1
	if err := away.Try(t.Context()); core.CodeOf(err) != core.Unreachable {
		t.Errorf("nobody there: %v", err)
	}
	far := good
	far.Host, far.Security = "mail.example", Plain
	if err := far.Try(t.Context()); core.CodeOf(err) != core.Invalid {
		t.Errorf("plain text to a distant server: %v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := good.Try(stopped); core.CodeOf(err) != core.Canceled {
		t.Errorf("stopped: %v", err)
	}
}

func TestALetterIsWrittenByTheRules(t *testing.T) {
	p := Plan{From: "li.lei@old.example", To: "han@shop.example", Subject: "a\r\nBcc: x@y.example", Text: strings.Repeat("长", 500)}
	raw, id, err := p.compose(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("\r\nBcc")) || !strings.HasSuffix(id, "@old.example>") {
		t.Errorf("%s", raw)
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 200 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	p.To = "x@y.example>\r\nBcc: z@y.example"
	if _, _, err := p.compose(time.Now()); core.CodeOf(err) != core.Invalid {
		t.Errorf("%v", err)
	}
}
