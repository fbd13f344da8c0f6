package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"mailroom/backend/provider"
)

// Post carries mail from one mailbox to others.
type Post interface {
	// Send delivers a message to all of the addresses or none; an error says why not.
	Send(ctx context.Context, from Box, to []string, message []byte) error
}

// Submission takes mail from people's mail programs: SMTP on loopback, TLS from the first
// byte, with a sign-in (RFC 6409, RFC 8314).
type Submission struct {
	smtp     *smtp.Server
	listener net.Listener
	serving  sync.WaitGroup
	closing  sync.Once
	closed   error
}

// The limits of one mail.
const (
	maxMail       = 50 << 20 // bytes
	maxRecipients = 500
	idle          = 5 * time.Minute
)

// NewSubmission begins to listen. Who may sign in the server says; port 0, or one that is
// taken: any free one.
func NewSubmission(s *Server, name string, port int, certificate tls.Certificate, post Post) (*Submission, error) {
	inner, err := listen(port)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	b := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &submitting{server: s, name: name, post: post}, nil
	}))
	b.Domain, b.MaxMessageBytes, b.MaxRecipients, b.ReadTimeout, b.WriteTimeout = name, maxMail, maxRecipients, idle, idle
	b.ErrorLog = quiet{}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	m := &Submission{smtp: b, listener: inner}
	m.serving.Go(func() { _ = b.Serve(tls.NewListener(inner, config)) })
	return m, nil
}

// Port is where it listens on 127.0.0.1.
func (m *Submission) Port() int { return m.listener.Addr().(*net.TCPAddr).Port }

// Close ends all connections and waits for them; closing twice is no error.
func (m *Submission) Close() error {
	m.closing.Do(func() {
		m.closed = m.smtp.Close()
		if err := m.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) && m.closed == nil {
			m.closed = err
		}
		m.serving.Wait()
	})
	return m.closed
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// submitting is one connection.
type submitting struct {
	server *Server
	name   string
	post   Post

	box  *Box // who has signed in
	from string
	to   []string
}

var _ smtp.AuthSession = (*submitting)(nil)

func refuse(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// AuthMechanisms are those that mail programs use.
func (s *submitting) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth begins one.
func (s *submitting) Auth(mechanism string) (sasl.Server, error) {
	try := func(user, password string) error {
		_, box, err := s.server.admit(user, password, provider.SMTP)
		if err != nil {
			return smtp.ErrAuthFailed
		}
		s.box = &box
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(identity, user, password string) error {
			if identity != "" && identity != user {
				return smtp.ErrAuthFailed
			}
			return try(user, password)
		}), nil
	case sasl.Login:
		return &login{try: try}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// login is the server's side of LOGIN, which go-sasl has only for clients.
type login struct {
	try  func(user, password string) error
	user *string
}

// Next asks for the name, then for the password.
func (l *login) Next(response []byte) ([]byte, bool, error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.try(*l.user, string(response))
}

// Mail begins a mail: people write in their own name.
func (s *submitting) Mail(from string, _ *smtp.MailOptions) error {
	if s.box == nil {
		return smtp.ErrAuthRequired
	}
	if from = strings.ToLower(from); !slices.Contains(s.box.Addresses, from) {
		return refuse(553, smtp.EnhancedCode{5, 7, 1}, "Practice: the sender is not the one who signed in")
	}
	s.from = from
	return nil
}

// Rcpt adds a recipient; whether there is one shows when the mail is sent.
func (s *submitting) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, strings.ToLower(to))
	return nil
}

// Data takes the mail and delivers it.
func (s *submitting) Data(r io.Reader) error {
	var mail bytes.Buffer
	fmt.Fprintf(&mail, "Received: by %s (Mailroom practice office) with ESMTPSA; %s\r\n", s.name, time.Now().Format(time.RFC1123Z))
	if _, err := mail.ReadFrom(r); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	box := *s.box
	box.Addresses = append([]string{s.from}, box.Addresses...)
	if err := s.post.Send(ctx, box, s.to, mail.Bytes()); err != nil {
		return refuse(550, smtp.EnhancedCode{5, 1, 1}, "Practice: "+err.Error())
	}
	return nil
}

// Reset forgets the mail at hand.
func (s *submitting) Reset() { s.from, s.to = "", nil }

// Logout ends the connection.
func (s *submitting) Logout() error { return nil }
