package imaptest

import (
	"bufio"
	"cmp"
	"compress/flate"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// defaults are the answers of the well-behaved server.
var defaults = map[string]Handler{
	"CAPABILITY":   capability,
	"STARTTLS":     startTLS,
	"COMPRESS":     compress,
	"LOGIN":        login,
	"AUTHENTICATE": authenticate,
	"ID":           identify,
	"NAMESPACE":    namespace,
	"NOOP":         func(c *Conn, cmd *Command) { c.OK(cmd, "done") },
	"LIST":         list,
	"LSUB":         list,
	"STATUS":       state,
	"SELECT":       open,
	"EXAMINE":      open,
	"UID FETCH":    fetch,
	"UID STORE":    store,
	"UID EXPUNGE":  expunge,
	"CREATE":       create,
	"SUBSCRIBE":    subscribe,
	"APPEND":       appendAll,
	"LOGOUT": func(c *Conn, cmd *Command) {
		c.Send("* BYE see you")
		c.OK(cmd, "bye")
		c.Close()
	},
}

// Default answers a command as the well-behaved server does; a handler that only
// adds something to it ends with this.
func Default(c *Conn, cmd *Command) {
	if h := defaults[cmd.Verb]; h != nil {
		h(c, cmd)
		return
	}
	c.BAD(cmd, "unknown command")
}

func capability(c *Conn, cmd *Command) {
	caps := c.Server.opts.Caps
	if !c.authed {
		caps = c.Server.opts.PreCaps
	}
	c.Script(cmd, "* CAPABILITY "+caps)
}

func identify(c *Conn, cmd *Command) {
	c.Named = strings.Contains(cmd.Args, `"name" "`)
	c.Script(cmd, `* ID ("name" "imaptest")`)
}

func namespace(c *Conn, cmd *Command) {
	q := c.Server.opts.Quirks
	c.Script(cmd, fmt.Sprintf("* NAMESPACE ((%s %s)) NIL NIL", Quote(q.Prefix), Quote(q.Separator)))
}

func startTLS(c *Conn, cmd *Command) {
	if c.Server.opts.TLS == nil {
		c.BAD(cmd, "no TLS here")
		return
	}
	c.OK(cmd, "begin")
	c.nc = tls.Server(c.nc, c.Server.opts.TLS)
	c.br, c.w = bufio.NewReader(c.nc), c.nc
}

func compress(c *Conn, cmd *Command) {
	c.OK(cmd, "deflate")
	w, _ := flate.NewWriter(c.nc, flate.BestSpeed)
	c.br, c.w = bufio.NewReader(flate.NewReader(c.br)), w
}

func (c *Conn) admit(cmd *Command, user, secret string) {
	o := c.Server.opts
	if o.People != nil {
		if password, known := o.People[user]; !known || password != secret {
			c.NO(cmd, cmp.Or(o.Refusal, "[AUTHENTICATIONFAILED] no"))
			return
		}
		if !c.enter(cmd, user) {
			return
		}
	}
	if o.Admit != nil && !o.Admit(user, secret) || o.User != "" && user != o.User || o.Password != "" && secret != o.Password {
		c.NO(cmd, cmp.Or(o.Refusal, "[AUTHENTICATIONFAILED] no"))
		return
	}
	c.authed = true
	c.OK(cmd, "in")
}

func login(c *Conn, cmd *Command) {
	if w := cmd.Words(); len(w) == 2 {
		c.admit(cmd, w[0], w[1])
		return
	}
	c.BAD(cmd, "two words please")
}

func authenticate(c *Conn, cmd *Command) {
	w := cmd.Words()
	if len(w) == 1 {
		c.Send("+ ")
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		w = append(w, line)
	}
	b, err := base64.StdEncoding.DecodeString(w[1])
	if err != nil {
		c.BAD(cmd, "not base64")
		return
	}
	user, secret := "", ""
	switch strings.ToUpper(w[0]) {
	case "PLAIN":
		if f := strings.Split(string(b), "\x00"); len(f) == 3 {
			user, secret = f[1], f[2]
			if f[0] != "" {
				user = f[0] + "*" + f[1]
			}
		}
	case "XOAUTH2":
		user, secret = between(string(b), "user=", "\x01"), between(string(b), "Bearer ", "\x01")
	case "OAUTHBEARER":
		user, secret = between(string(b), "a=", ","), between(string(b), "Bearer ", "\x01")
	default:
		c.NO(cmd, "unknown mechanism")
		return
	}
	c.admit(cmd, user, secret)
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func list(c *Conn, cmd *Command) {
	s := c.Server
	if cmd.Args == `"" ""` {
		c.Script(cmd, `* LIST (\Noselect) `+Quote(s.opts.Quirks.Separator)+` ""`)
		return
	}
	subscribedOnly := cmd.Verb == "LSUB" || strings.Contains(strings.ToUpper(cmd.Args), "(SUBSCRIBED)")
	var lines []string
	s.mu.Lock()
	for _, b := range c.account.boxes {
		if !subscribedOnly || b.Subscribed {
			lines = append(lines, fmt.Sprintf("* %s (%s) %s %s", cmd.Verb, b.Attributes, Quote(s.opts.Quirks.Separator), Quote(b.Name)))
		}
	}
	s.mu.Unlock()
	c.Script(cmd, lines...)
}

func state(c *Conn, cmd *Command) {
	w := cmd.Words()
	s := c.Server
	s.mu.Lock()
	b := c.account.mailbox(w[0], false)
	if b == nil {
		s.mu.Unlock()
		c.NO(cmd, "[NONEXISTENT] no such folder")
		return
	}
	next := fmt.Sprintf("UIDNEXT %d ", b.next)
	if s.opts.Quirks.NoUIDNext {
		next = ""
	}
	line := fmt.Sprintf("* STATUS %s (MESSAGES %d %sUIDVALIDITY %d)", Quote(b.Name), len(b.shown()), next, b.UIDValidity)
	s.mu.Unlock()
	c.Script(cmd, line+s.opts.Quirks.StatusTail)
}

func open(c *Conn, cmd *Command) {
	s := c.Server
	s.mu.Lock()
	b := c.account.mailbox(cmd.Words()[0], false)
	s.mu.Unlock()
	if b == nil {
		c.NO(cmd, "[NONEXISTENT] no such folder")
		return
	}
	c.Selected, c.ReadOnly = b, cmd.Verb == "EXAMINE"
	mode := "[READ-WRITE]"
	if c.ReadOnly {
		mode = "[READ-ONLY]"
	}
	q := s.opts.Quirks
	s.mu.Lock()
	c.opened = b.next
	lines := []string{
		fmt.Sprintf("* %d EXISTS", len(b.shown())), "* 0 RECENT", `* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)`,
		"* OK [PERMANENTFLAGS (" + q.Permanent + ")] limited",
	}
	if !q.SelectOnly || !c.ReadOnly {
		lines = append(lines, fmt.Sprintf("* OK [UIDVALIDITY %d] fine", b.UIDValidity))
	}
	if !q.NoUIDNext {
		lines = append(lines, fmt.Sprintf("* OK [UIDNEXT %d] fine", b.next))
	}
	s.mu.Unlock()
	c.Script(cmd, append(lines, "{tag} OK "+mode+" done")...)
}

func fetch(c *Conn, cmd *Command) {
	w := cmd.Words()
	if c.Selected == nil || len(w) < 2 {
		c.BAD(cmd, "nothing selected")
		return
	}
	c.Server.mu.Lock()
	before := uint32(math.MaxUint32)
	if c.Server.opts.Quirks.LateMessages {
		before = c.opened
	}
	out := c.Selected.fetch(w[0], w[1], before)
	c.Server.mu.Unlock()
	c.Write(out)
	c.OK(cmd, "done")
}

func store(c *Conn, cmd *Command) {
	w := cmd.Words()
	if c.Selected == nil || c.ReadOnly || len(w) != 3 {
		c.NO(cmd, "read-only")
		return
	}
	flags := strings.Fields(strings.Trim(w[2], "()"))
	c.Server.mu.Lock()
	for i := range c.Selected.msgs {
		m := &c.Selected.msgs[i]
		if !c.Selected.inSet(w[0], m.UID) {
			continue
		}
		for _, f := range flags {
			m.Flags = slices.DeleteFunc(m.Flags, func(g string) bool { return strings.EqualFold(f, g) })
			if w[1][0] == '+' {
				m.Flags = append(m.Flags, f)
			}
		}
	}
	c.Server.mu.Unlock()
	c.OK(cmd, "done")
}

func expunge(c *Conn, cmd *Command) {
	if c.Selected == nil || c.ReadOnly {
		c.NO(cmd, "read-only")
		return
	}
	c.Server.mu.Lock()
	b := c.Selected
	b.msgs = slices.DeleteFunc(b.msgs, func(m Message) bool {
		return b.inSet(cmd.Args, m.UID) && slices.Contains(m.Flags, `\Deleted`)
	})
	c.Server.mu.Unlock()
	c.OK(cmd, "done")
}

func create(c *Conn, cmd *Command) {
	name := cmd.Words()[0]
	c.Server.mu.Lock()
	there := c.account.mailbox(name, false) != nil
	c.account.mailbox(name, true)
	c.Server.mu.Unlock()
	if there {
		c.NO(cmd, "[ALREADYEXISTS] it is there")
		return
	}
	c.OK(cmd, "made")
}

func subscribe(c *Conn, cmd *Command) {
	c.Server.mu.Lock()
	b := c.account.mailbox(cmd.Words()[0], false)
	if b != nil {
		b.Subscribed = true
	}
	c.Server.mu.Unlock()
	c.OK(cmd, "done")
}

// appendAll stores one message, or several with MULTIAPPEND.
func appendAll(c *Conn, cmd *Command) {
	w := cmd.Words()
	s := c.Server
	s.mu.Lock()
	b := c.account.mailbox(w[0], false)
	if b == nil {
		s.mu.Unlock()
		c.NO(cmd, "[TRYCREATE] no such folder")
		return
	}
	first, last := b.next, uint32(0)
	m := Message{}
	for _, word := range w[1:] {
		if strings.HasPrefix(word, "(") {
			m.Flags = strings.Fields(strings.Trim(word, "()"))
		} else if t, err := time.Parse("02-Jan-2006 15:04:05 -0700", word); err == nil {
			m.Date = t
		} else {
			m.Body = word
			last = b.add(m)
			b.intoAllMail(m)
			m = Message{}
		}
	}
	set := fmt.Sprint(first)
	if last > first {
		set = fmt.Sprintf("%d:%d", first, last)
	}
	code := fmt.Sprintf("[APPENDUID %d %s] ", b.UIDValidity, set)
	s.mu.Unlock()
	if !strings.Contains(s.opts.Caps, "UIDPLUS") {
		code = ""
	}
	c.OK(cmd, code+"stored")
}
