// Command mailservers runs an old and a new Dovecot for tests of the window, and an
// outgoing server for the people of both: it prints one line of JSON with where they are,
// answers "compare" on its input with another, and ends all when its input ends.
//
//	mailservers [--messages 200]
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/postbox"
	"mailroom/backend/testkit/servers"
)

// end is one server with the one account that a test signs in to.
type end struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	User     string `json:"user"`
	Password string `json:"password"`
	CA       string `json:"ca"`
	SMTP     int    `json:"smtp"` // port of the outgoing server, with STARTTLS
}

func main() {
	messages := flag.Int("messages", 200, "messages in the old mailbox")
	flag.Parse()
	if err := run(context.Background(), *messages, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mailservers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, messages int, in io.Reader, out io.Writer) (err error) {
	old, err := servers.StartDovecot(ctx, servers.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.Stop()) }()
	user := servers.User{Name: "li.lei@new.example", Password: "vergissmeinnicht-3"}
	fresh, err := servers.StartDovecot(ctx, servers.Options{Users: []servers.User{user}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fresh.Stop()) }()
	cert, err := tls.LoadX509KeyPair(old.CertFile, filepath.Join(old.Dir, "key.pem"))
	if err != nil {
		return err
	}
	post, err := postbox.Start(cert, old, fresh)
	if err != nil {
		return err
	}
	defer post.Close()
	mail := corpus.Small(messages, 7)
	if _, err := corpus.Fill(ctx, old, old.Users[0], mail); err != nil {
		return err
	}
	answer := json.NewEncoder(out)
	if err := answer.Encode(map[string]end{"from": endOf(old, post.Port), "to": endOf(fresh, post.Port)}); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if lines.Text() != "compare" {
			return fmt.Errorf("unknown request %q", lines.Text())
		}
		differences, err := compare(ctx, old, fresh)
		if err != nil {
			return err
		}
		if err := answer.Encode(map[string]string{"differences": differences}); err != nil {
			return err
		}
	}
	return nil
}

func endOf(s *servers.Server, smtp int) end {
	return end{SMTP: smtp, Host: s.Host, Port: s.TLSPort, User: s.Users[0].Name, Password: s.Users[0].Password, CA: s.CAFile}
}

// compare reads every byte of both mailboxes; "" if they agree.
func compare(ctx context.Context, old, fresh *servers.Server) (string, error) {
	want, err := corpus.ReadServer(ctx, old, old.Users[0])
	if err != nil {
		return "", err
	}
	got, err := corpus.ReadServer(ctx, fresh, fresh.Users[0])
	if err != nil {
		return "", err
	}
	if d := corpus.Compare(want, got, corpus.Rules{}); !d.Empty() {
		return d.String(), nil
	}
	return "", nil
}
