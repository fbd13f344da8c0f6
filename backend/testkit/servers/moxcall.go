package servers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/smtp"
	"strings"
	"time"
)

// moxSession is somebody who is signed in at one of mox's pages.
type moxSession struct {
	base   string // http://127.0.0.1:port/admin/api/
	client *http.Client
	csrf   string
}

// signIn opens a session; who is nobody for the administrator.
func (m *MoxServer) signIn(ctx context.Context, page string, credentials ...any) (*moxSession, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	s := &moxSession{base: m.URL + page + "api/", client: &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}}
	var token string
	if err := s.call(ctx, "LoginPrep", &token); err != nil {
		return nil, err
	}
	return s, s.call(ctx, "Login", &s.csrf, append([]any{token}, credentials...)...)
}

func (s *moxSession) call(ctx context.Context, function string, into any, params ...any) error {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(map[string]any{"params": params})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+function, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if s.csrf != "" {
		req.Header.Set("x-mox-csrf", s.csrf)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: %s: %w", function, res.Status, err)
	}
	if len(answer.Error) > 0 && string(answer.Error) != "null" {
		return fmt.Errorf("%s: %s", function, answer.Error)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, into)
}

// KeepDone makes an account keep a list of the mail that is sent, as its owner does on
// the account's page; without it mail that is done leaves no trace.
func (m *MoxServer) KeepDone(ctx context.Context, owner User, period time.Duration) error {
	s, err := m.signIn(ctx, "/account/", owner.Name, owner.Password)
	if err != nil {
		return err
	}
	return s.call(ctx, "KeepRetiredPeriodsSave", nil, period, time.Duration(0))
}

// Welcome makes an account take mail from somebody new, and at once: its filter, which has
// learnt nothing yet, would put it off, and the server waits a quarter of a minute.
func (m *MoxServer) Welcome(ctx context.Context, account string, owner User) error {
	own, err := m.signIn(ctx, "/account/", owner.Name, owner.Password)
	if err != nil {
		return err
	}
	if err := own.call(ctx, "JunkFilterSave", nil, nil); err != nil {
		return err
	}
	s, err := m.signIn(ctx, "/admin/", m.Password)
	if err != nil {
		return err
	}
	return s.call(ctx, "AccountSettingsSave", nil, account, 0, 0, 0, false, false)
}

// Hold keeps all mail to a domain in the queue, as an administrator does on the page. A
// rule holds what fits any of its parts (v0.0.15), and a sender's domain must be named.
func (m *MoxServer) Hold(ctx context.Context, to string) error {
	s, err := m.signIn(ctx, "/admin/", m.Password)
	if err != nil {
		return err
	}
	return s.call(ctx, "QueueHoldRuleAdd", nil, map[string]any{"SenderDomainStr": "nowhere.example", "RecipientDomainStr": to})
}

// GiveUp ends the delivery of what an account sent to a domain: it comes back.
func (m *MoxServer) GiveUp(ctx context.Context, account, domain string) error {
	s, err := m.signIn(ctx, "/admin/", m.Password)
	if err != nil {
		return err
	}
	return s.call(ctx, "QueueFail", nil, map[string]any{"Max": 0, "Account": account, "To": domain})
}

// Send hands a mail in as a person's program does. Errors are the server's refusals.
func (m *MoxServer) Send(from User, to, subject string) error {
	c, err := smtp.Dial(m.Submit)
	if err != nil {
		return err
	}
	defer c.Close()
	host, _, _ := strings.Cut(m.Submit, ":")
	if err := errors.Join(c.Auth(smtp.PlainAuth("", from.Name, from.Password, host)), c.Mail(from.Name), c.Rcpt(to)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%d@%s>\r\n\r\nHello.\r\n", from.Name, to, subject, time.Now().UnixNano(), m.Domain)
	return errors.Join(err, w.Close(), c.Quit())
}

// TryIMAP signs in and out again.
func (m *MoxServer) TryIMAP(ctx context.Context, who User) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.IMAP)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(conn, "a LOGIN %q %q\r\n", who.Name, who.Password); err != nil {
		return err
	}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if text, ours := strings.CutPrefix(lines.Text(), "a "); ours && !strings.HasPrefix(text, "OK") {
			return errors.New(text)
		} else if ours {
			_, err := fmt.Fprint(conn, "b LOGOUT\r\n")
			return err
		}
	}
	return errors.New("the connection ended")
}
