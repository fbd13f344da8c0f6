// Package postbox is an outgoing mail server for tests: it takes mail by submission with
// STARTTLS from people of real IMAP servers, with their mailbox's password, and puts it
// into the inbox of whoever of them it is for. It leaves out queues and everybody else:
// mail to a stranger is refused.
package postbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"mailroom/backend/testkit/servers"
)

// Server takes and delivers.
type Server struct {
	Port int

	boxes []*servers.Server
	smtp  *smtp.Server
	done  chan struct{}
}

// Start serves the people of some IMAP servers on a port of 127.0.0.1 with a certificate.
func Start(cert tls.Certificate, boxes ...*servers.Server) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{Port: l.Addr().(*net.TCPAddr).Port, boxes: boxes, done: make(chan struct{})}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	s.smtp.Domain = "postbox.example"
	s.smtp.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.smtp.ErrorLog = quiet{}
	go func() { defer close(s.done); _ = s.smtp.Serve(l) }()
	return s, nil
}

// Close ends it.
func (s *Server) Close() {
	_ = s.smtp.Close()
	<-s.done
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// owner is the person of an address and the server of the mailbox.
func (s *Server) owner(address string) (*servers.Server, servers.User, bool) {
	for _, box := range s.boxes {
		for _, u := range box.Users {
			if strings.EqualFold(u.Name, address) {
				return box, u, true
			}
		}
	}
	return nil, servers.User{}, false
}

type session struct {
	server *Server
	conn   *smtp.Conn
	user   string
	from   string
	to     []string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		_, u, ok := s.server.owner(user)
		if !ok || u.Password != password {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.user == "" || !strings.EqualFold(from, s.user) {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not your address"}
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if _, _, ok := s.server.owner(to); !ok {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, 10<<20))
	if err != nil {
		return err
	}
	for _, to := range s.to {
		box, u, _ := s.server.owner(to)
		head := fmt.Sprintf("Return-Path: <%s>\r\nReceived: from client ([127.0.0.1]) by postbox.example with ESMTPSA; %s\r\n", s.from, time.Now().Format(time.RFC1123Z))
		if err := deliver(context.Background(), box, u, append([]byte(head), raw...)); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

// deliver appends a mail to an inbox.
func deliver(_ context.Context, box *servers.Server, u servers.User, raw []byte) (err error) {
	c, err := imapclient.DialInsecure(box.Addr(), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Login(u.Name, u.Password).Wait(); err != nil {
		return err
	}
	cmd := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: time.Now()})
	if _, err := io.Copy(cmd, bytes.NewReader(raw)); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err = cmd.Wait()
	return err
}
