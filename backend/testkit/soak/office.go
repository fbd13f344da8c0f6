package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/testkit/link"
)

// OfficeOptions of a soak of a whole office.
type OfficeOptions struct {
	People   int
	Parallel int // at work at once
	Messages int // of each person, at most
	Faults   int // before the move is left in peace
	Seed     uint64
	Quick    bool // only servers that set no pace of their own
	Program  string
	Log      io.Writer
}

// corner is a provider's server behind a line.
type corner struct {
	provider imaptest.Provider
	server   *imaptest.Server
	line     *link.Link
	sent     string // raw name of its folder for sent mail
}

var sentFolders = map[imaptest.Provider]string{
	imaptest.ProviderNetEase: "&XfJT0ZAB-", imaptest.ProviderTencent: "Sent Messages", imaptest.ProviderAliMail: "&XfJT0ZAB-",
	imaptest.ProviderExchange: "Sent Items", imaptest.ProviderYahoo: "Sent", imaptest.ProviderCourier: "INBOX.Sent",
}

// officeWorld holds the servers of both sides and what everybody had.
type officeWorld struct {
	o      OfficeOptions
	random *rand.Rand
	dir    string
	from   []*corner
	to     []*corner
	errand errand
}

// Office moves an office of unfriendly servers, breaks it at random moments, lets it
// end, and compares every mailbox. wrong tells what was lost, doubled or does not sum
// up, a line each; none: the promise was kept.
func Office(ctx context.Context, o OfficeOptions) (wrong []string, err error) {
	w := &officeWorld{o: o, random: rand.New(rand.NewPCG(o.Seed, 0x6f6666))}
	if w.dir, err = os.MkdirTemp("", "mailroom-office-"); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	defer w.close()
	if err := w.open(); err != nil {
		return nil, err
	}
	for fault := range o.Faults {
		told, ended, err := w.broken(ctx)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(o.Log, "fault %d: %s\n", fault+1, told)
		if ended {
			break
		}
	}
	for try := 0; ; try++ {
		result, err := w.finish(ctx)
		if err != nil {
			return nil, err
		}
		if result.Status == "done" || result.Status == "left_behind" || try == 3 {
			return w.judge(result), nil
		}
		fmt.Fprintf(o.Log, "ended as %s, once more\n", result.Status)
	}
}

func (w *officeWorld) open() error {
	froms := []imaptest.Provider{imaptest.ProviderNetEase, imaptest.ProviderTencent, imaptest.ProviderAliMail, imaptest.ProviderExchange, imaptest.ProviderYahoo}
	tos := []imaptest.Provider{imaptest.ProviderExchange, imaptest.ProviderCourier, imaptest.ProviderTencent}
	if w.o.Quick {
		froms = []imaptest.Provider{imaptest.ProviderExchange, imaptest.ProviderYahoo, imaptest.ProviderCourier}
		tos = []imaptest.Provider{imaptest.ProviderCourier, imaptest.ProviderExchange}
	}
	people := map[string]string{}
	for i := range w.o.People {
		people[fmt.Sprintf("p%03d@old.example", i)] = "old-1"
		people[fmt.Sprintf("p%03d@new.example", i)] = "new-2"
	}
	for side, list := range map[*[]*corner][]imaptest.Provider{&w.from: froms, &w.to: tos} {
		for _, p := range list {
			c, err := openCorner(p, people)
			if err != nil {
				return err
			}
			*side = append(*side, c)
		}
	}
	w.errand = errand{Dir: filepath.Join(w.dir, "data"), Parallel: w.o.Parallel}
	for i := range w.o.People {
		from, to := w.from[i%len(w.from)], w.to[i%len(w.to)]
		e := errandPerson{
			Label: fmt.Sprintf("p%03d", i),
			From:  errandSide{Port: from.line.Port(), User: fmt.Sprintf("p%03d@old.example", i), Password: "old-1"},
			To:    errandSide{Port: to.line.Port(), User: fmt.Sprintf("p%03d@new.example", i), Password: "new-2"},
		}
		w.errand.People = append(w.errand.People, e)
		w.fill(from, e.From.User, i)
	}
	raw, err := json.Marshal(w.errand)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(w.errand.Dir, 0o700), os.WriteFile(w.plan(), raw, 0o600))
}

func (w *officeWorld) plan() string { return filepath.Join(w.dir, "errand.json") }

func openCorner(p imaptest.Provider, people map[string]string) (*corner, error) {
	s, err := imaptest.StartOffice(p, people, func(o *imaptest.Options) {
		if p == imaptest.ProviderExchange { // asks for patience now and then
			o.Quirks.ThrottleEvery, o.Quirks.Backoff = 15, 50*time.Millisecond
		}
	})
	if err != nil {
		return nil, err
	}
	l, err := link.Start(fmt.Sprintf("127.0.0.1:%d", s.Port()), link.Options{})
	if err != nil {
		s.Close()
		return nil, err
	}
	return &corner{provider: p, server: s, line: l, sent: sentFolders[p]}, nil
}

func (w *officeWorld) close() {
	for _, side := range [][]*corner{w.from, w.to} {
		for _, c := range side {
			c.line.Close()
			c.server.Close()
		}
	}
}

// fill puts mail into an old mailbox; some of it twice, which must stay twice.
func (w *officeWorld) fill(c *corner, user string, person int) {
	a := c.server.Account(user)
	for i := range 1 + w.random.IntN(w.o.Messages) {
		folder := "INBOX"
		if i%4 == 3 {
			folder = c.sent
		}
		body := fmt.Sprintf("Message-ID: <%d.%d@old.example>\r\nFrom: a@old.example\r\nSubject: %d of %d\r\nDate: Thu, 26 Nov 2026 10:00:00 +0800\r\n\r\n%s\r\n",
			person, i, i, person, strings.Repeat("0123456789abcdef\r\n", w.random.IntN(120)))
		copies := 1
		if i%9 == 8 {
			copies = 2
		}
		for range copies {
			a.Mailbox(folder).Add(imaptest.Message{Body: body, Flags: []string{`\Seen`}})
		}
	}
}

// broken lets the program run until it is struck, or has ended by itself.
func (w *officeWorld) broken(ctx context.Context) (told string, ended bool, err error) {
	r, err := w.start()
	if err != nil {
		return "", false, err
	}
	corners := append(append([]*corner{}, w.from...), w.to...)
	c := corners[w.random.IntN(len(corners))]
	bytes := int64(w.random.IntN(40_000))
	begun := c.line.Counts().Up + c.line.Counts().Down
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(30 * time.Second) // a line that is idle by now
	defer limit.Stop()
	for waiting := true; waiting; {
		select {
		case <-r.done:
			return "it had ended", true, r.verdict()
		case <-ctx.Done():
			r.kill()
			return "", false, ctx.Err()
		case <-limit.C:
			waiting = false
		case <-tick.C:
			n := c.line.Counts()
			waiting = n.Up+n.Down-begun < bytes
		}
	}
	told = w.strike(c)
	if w.random.IntN(2) == 0 { // the program lives on for a while
		timer := time.NewTimer(time.Duration(500+w.random.IntN(2500)) * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.done:
			c.line.Refuse(false)
			c.line.Stall(false)
			return told + ", then it ended", true, r.verdict()
		}
	}
	c.line.Refuse(false)
	c.line.Stall(false)
	r.kill()
	return told + ", program killed", false, nil
}

// strike breaks something at a corner.
func (w *officeWorld) strike(c *corner) string {
	switch w.random.IntN(4) {
	case 0:
		c.line.Cut()
		return string(c.provider) + ": line cut"
	case 1:
		c.line.Refuse(true)
		c.line.Cut()
		return string(c.provider) + ": server away"
	case 2:
		c.line.Stall(true)
		return string(c.provider) + ": line silent"
	}
	return "nothing else"
}

// officeRun is one start of the program.
type officeRun struct {
	cmd  *exec.Cmd
	said strings.Builder
	done chan struct{}
	err  error
}

func (w *officeWorld) start() (*officeRun, error) {
	r := &officeRun{cmd: exec.Command(w.o.Program), done: make(chan struct{})}
	r.cmd.Env = append(os.Environ(), officeMarker+"="+w.plan())
	r.cmd.Stderr = &r.said
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { defer close(r.done); r.err = r.cmd.Wait() }()
	return r, nil
}

func (r *officeRun) kill() {
	_ = r.cmd.Process.Kill()
	<-r.done
}

func (r *officeRun) verdict() error {
	if r.err == nil {
		return nil
	}
	return fmt.Errorf("the program ended with %w\n%s", r.err, r.said.String())
}

// finish lets the program end by itself.
func (w *officeWorld) finish(ctx context.Context) (outcome, error) {
	var result outcome
	r, err := w.start()
	if err != nil {
		return result, err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		r.kill()
		return result, fmt.Errorf("%w\n%s", ctx.Err(), r.said.String())
	}
	if err := r.verdict(); err != nil {
		return result, err
	}
	raw, err := os.ReadFile(outcomeFile(w.errand.Dir))
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(raw, &result)
}

// judge compares every mailbox, by the servers' own memory.
func (w *officeWorld) judge(result outcome) (wrong []string) {
	for i, p := range w.errand.People {
		from, to := w.from[i%len(w.from)], w.to[i%len(w.to)]
		had, has := bodies(from, p.From.User), bodies(to, p.To.User)
		for body, n := range had {
			if has[body] != n {
				wrong = append(wrong, fmt.Sprintf("%s (%s to %s): %d of %d copies of %q", p.Label, from.provider, to.provider, has[body], n, subject(body)))
			}
		}
		for body := range has {
			if had[body] == 0 {
				wrong = append(wrong, fmt.Sprintf("%s: nobody sent %q", p.Label, subject(body)))
			}
		}
		box := result.Mailboxes[i]
		if c := box.Counts; c.Copied+c.AlreadyThere+c.Excluded+c.LeftBehind != c.Messages || box.State != "done" {
			wrong = append(wrong, fmt.Sprintf("%s is %s and does not sum up: %+v, %+v", p.Label, box.State, c, box.Fault))
		}
	}
	return wrong
}

func bodies(c *corner, user string) map[string]int {
	all := map[string]int{}
	for _, b := range c.server.Account(user).Mailboxes() {
		for _, m := range b.Messages() {
			all[m.Body]++
		}
	}
	return all
}

func subject(body string) string {
	_, rest, _ := strings.Cut(body, "Subject: ")
	line, _, _ := strings.Cut(rest, "\r\n")
	return line
}
