package program

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"

	"mailroom/backend/testkit/servers"
)

// Mailbox is one side of a move: an account of a server on this computer, reached in
// plain text at a port that may be a link's.
type Mailbox struct {
	User servers.User
	Port int
}

// Host is where all of them are.
const Host = "127.0.0.1"

// Server is the address without a user.
func (m Mailbox) Server() string { return fmt.Sprintf("imap://%s:%d", Host, m.Port) }

// URL is the mailbox as the verbs want it.
func (m Mailbox) URL() string {
	return fmt.Sprintf("imap://%s@%s:%d", url.QueryEscape(m.User.Name), Host, m.Port)
}

// Move is one call of the verb.
type Move struct {
	Path     string // the binary; one that calls [Divert] runs the verbs of its own
	From, To Mailbox
	People   string // a list of mailboxes instead of the users of From and To
	State    string // folder of the ledger
	Verify   string // none, counts, fingerprint or bytes; "": the verb's default
	Args     []string
}

// Command makes the call ready to start. The passwords go by the environment.
func (m Move) Command() *exec.Cmd {
	from, to := m.From.URL(), m.To.URL()
	if m.People != "" {
		from, to = m.From.Server(), m.To.Server()
	}
	args := []string{"move", "--from", from, "--to", to, "--state", m.State, "--json"}
	if m.People != "" {
		args = append(args, "--people", m.People)
	}
	if m.Verify != "" {
		args = append(args, "--verify", m.Verify)
	}
	cmd := exec.Command(m.Path, slices.Concat(args, m.Args)...)
	cmd.Env = append(os.Environ(), Marker+"=1", "MAILROOM_FROM_PASSWORD="+m.From.User.Password, "MAILROOM_TO_PASSWORD="+m.To.User.Password)
	return cmd
}
