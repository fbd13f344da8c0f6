package logfile

import (
	"mime"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/logs"
)

// postfix reads the log of Postfix 2.3 and later: what the daemons tell of one mail under
// its queue ID becomes one record for each recipient. Formats: postfix.org, postconf(5)
// and the log samples of its readmes; checked with a real 3.7.
type postfix struct {
	clock *clock
	queue map[string]*queued
	order []string // queue IDs, the oldest first; gone ones are skipped
}

// queued is a mail that is still in the queue.
type queued struct {
	first   int64 // place of its first line
	at      time.Time
	from    string
	size    int64
	id      string
	subject string
	ip      netip.Addr
	user    string // who signed in to send it
}

// mostQueued bounds the memory: what has been in the queue for longer is not waited for.
const mostQueued = 20_000

func newPostfix(c *clock) *postfix { return &postfix{clock: c, queue: map[string]*queued{}} }

// open goes back to the first line of the oldest mail that is still in the queue.
func (p *postfix) open() int64 {
	p.trim()
	if len(p.order) == 0 {
		return -1
	}
	return p.queue[p.order[0]].first
}

// trim lets go of mails that left the queue, or that are too many.
func (p *postfix) trim() {
	for len(p.order) > 0 {
		_, there := p.queue[p.order[0]]
		if there && len(p.queue) <= mostQueued {
			return
		}
		delete(p.queue, p.order[0])
		p.order = p.order[1:]
	}
}

func (p *postfix) line(place int64, line string) []logs.Record {
	at, rest, ok := p.clock.read(line)
	if !ok {
		return nil
	}
	host, name, text, ok := program(rest)
	if !ok || !strings.Contains(name, "/") {
		return nil
	}
	daemon := name[strings.LastIndexByte(name, '/')+1:]
	if strings.HasPrefix(text, "warning: ") && strings.Contains(text, "SASL ") && strings.Contains(text, " authentication failed") {
		return p.refused(at, host, text)
	}
	id, told, ok := strings.Cut(text, ": ")
	if !ok || !queueID(id) {
		return nil
	}
	if told == "removed" {
		delete(p.queue, id)
		return nil
	}
	if strings.HasPrefix(told, "reject: ") || strings.HasPrefix(told, "milter-reject: ") {
		return p.rejected(at, host, id, told)
	}
	if id == "NOQUEUE" {
		return nil
	}
	q := p.queue[id]
	if q == nil {
		q = &queued{first: place, at: at}
		p.queue[id] = q
		p.order = append(p.order, id)
		p.trim()
	}
	if strings.HasPrefix(told, "to=<") {
		return p.recipient(at, host, daemon, id, told, q)
	}
	q.learn(daemon, told)
	return nil
}

// queueID is true for short (hexadecimal) and long queue IDs.
func queueID(s string) bool {
	if s == "NOQUEUE" {
		return true
	}
	if len(s) < 6 || len(s) > 24 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return true
}

// learn takes what a line tells of the whole mail.
func (q *queued) learn(daemon, told string) {
	switch {
	case strings.HasPrefix(told, "client="):
		q.ip = ipOf(told[len("client="):])
		q.user = value(told, "sasl_username")
	case strings.HasPrefix(told, "message-id="):
		q.id = strings.TrimSpace(told[len("message-id="):])
	case strings.HasPrefix(told, "from=<"):
		q.from = value(told, "from")
		q.size, _ = strconv.ParseInt(value(told, "size"), 10, 64)
	case daemon == "cleanup" && strings.Contains(told, "header Subject: "):
		s := after(told, "header Subject: ")
		if i := strings.LastIndex(s, " from "); i >= 0 {
			s = s[:i]
		}
		q.subject = header(s)
	}
}

// header decodes a header's encoded words (RFC 2047) of any charset that Go knows; what
// cannot be decoded stays as it is.
func header(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	decoded, err := (&mime.WordDecoder{}).DecodeHeader(s)
	if err != nil {
		return s
	}
	return decoded
}

// ipOf reads "name[192.0.2.7]:port".
func ipOf(s string) netip.Addr {
	_, s, _ = strings.Cut(s, "[")
	s, _, _ = strings.Cut(s, "]")
	ip, _ := netip.ParseAddr(strings.TrimPrefix(s, "IPv6:"))
	return ip
}

var statuses = map[string]logs.Outcome{
	"sent": logs.Delivered, "deferred": logs.Pending, "bounced": logs.Bounced, "expired": logs.Bounced, "undeliverable": logs.Bounced, "deliverable": logs.Other,
}

// recipient makes the record of one recipient: sent where a client of the office's
// signed in or the mail leaves, received where it is delivered here.
func (p *postfix) recipient(at time.Time, host, daemon, id, told string, q *queued) []logs.Record {
	to, relay := value(told, "to"), value(told, "relay")
	status, said, _ := strings.Cut(after(told, "status="), " ")
	outcome := statuses[status]
	if outcome == "" || strings.HasPrefix(relay, "127.0.0.1[") || strings.HasPrefix(relay, "localhost[") {
		return nil // a filter on this machine hands it back: not the end
	}
	base := logs.Record{
		At: q.at, Zone: p.clock.zone.String(), From: q.from, To: []string{to}, Subject: q.subject, Size: q.size, IP: q.ip, MessageID: q.id,
		Outcome: outcome, Said: strings.TrimSpace(strings.TrimPrefix(value(told, "dsn")+" "+strings.Trim(said, "()"), " ")),
		ID: strings.Join([]string{host, id, to}, " "), Facts: facts("relay", relay),
	}
	var all []logs.Record
	leaves := daemon == "smtp"
	if leaves || q.user != "" {
		r := base
		r.Kind, r.Method = logs.Sent, logs.SMTP
		if r.Person = q.user; !strings.Contains(r.Person, "@") {
			r.Person = q.from
		}
		all = append(all, r)
	}
	if !leaves {
		r := base
		r.Kind, r.Person = logs.Received, to
		if outcome == logs.Bounced {
			r.Outcome = logs.Blocked
		}
		all = append(all, r)
	}
	return all
}

// rejected is a mail that was refused at the door.
func (p *postfix) rejected(at time.Time, host, id, told string) []logs.Record {
	to := value(told, "to")
	if to == "" {
		return nil
	}
	_, reason, _ := strings.Cut(told, "]: ")
	reason, _, _ = strings.Cut(reason, "; from=")
	return []logs.Record{{
		Kind: logs.Received, At: at, Zone: p.clock.zone.String(), Person: to, To: []string{to}, From: value(told, "from"), IP: ipOf(told),
		Outcome: logs.Blocked, Said: reason, ID: strings.Join([]string{host, id, "reject", value(told, "from"), to, at.Format(time.RFC3339), ipOf(told).String()}, " "),
	}}
}

// refused is a sign-in with a wrong password. The name is told by Postfix 3.5 and later.
func (p *postfix) refused(at time.Time, host, text string) []logs.Record {
	person := value(text, "sasl_username")
	mechanism, _, _ := strings.Cut(after(text, "SASL "), " ")
	_, said, _ := strings.Cut(text, "authentication failed: ")
	return []logs.Record{{
		Kind: logs.SignIn, At: at, Zone: p.clock.zone.String(), Person: person, Method: logs.SMTP, IP: ipOf(text), Outcome: logs.Refused,
		Said: said, Agent: host, Facts: facts("mechanism", mechanism),
	}}
}
