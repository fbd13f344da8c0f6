package logfile

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/doctor/message"
	"mailroom/backend/logs"
)

// postfix reads the log of Postfix 2.3 and later: what the daemons tell of one mail under
// its queue ID becomes one record for each recipient. Formats: postfix.org, postconf(5)
// and the log samples of its readmes; checked with a real 3.7.
type postfix struct {
	clock *clock
	queue map[string]*mail
	order []string        // queue IDs, the oldest first; gone ones are skipped
	leave map[string]bool // domain → whether its mail leaves or is delivered here
	now   time.Time       // of the last line
}

// mail is one that is still in a queue, or deferred by Exchange: what a later line, in
// this file or in the next one, must know of it.
type mail struct {
	Key     string                  `json:"key"`
	At      time.Time               `json:"at"`
	From    string                  `json:"from,omitempty"`
	Size    int64                   `json:"size,omitempty"`
	ID      string                  `json:"id,omitempty"`
	Subject string                  `json:"subject,omitempty"`
	IP      netip.Addr              `json:"ip,omitzero"`
	User    string                  `json:"user,omitempty"` // who signed in to send it
	Pending map[string]*logs.Record `json:"pending,omitempty"`
}

// Bounds of the memory: what has been in the queue for longer is not waited for.
const (
	mostQueued  = 20_000
	mostPending = 1000 // recipients of one mail
	mostDomains = 10_000
	longest     = 30 * 24 * time.Hour // Postfix gives up after 5 days, if not told otherwise
	soon        = 24 * time.Hour      // what a client began and never sent
)

func newPostfix(c *clock) *postfix {
	return &postfix{clock: c, queue: map[string]*mail{}, leave: map[string]bool{}}
}

func (p *postfix) waiting() []mail {
	p.trim()
	all := make([]mail, 0, len(p.queue))
	for _, id := range p.order {
		q := p.queue[id]
		if q != nil && !q.At.Before(p.now.Add(-longest)) && (q.From != "" || len(q.Pending) > 0 || !q.At.Before(p.now.Add(-soon))) {
			all = append(all, *q)
		}
	}
	return all
}

func (p *postfix) take(mails []mail) {
	for i := range mails {
		if p.queue[mails[i].Key] == nil {
			p.order = append(p.order, mails[i].Key)
		}
		p.queue[mails[i].Key] = &mails[i]
	}
}

// trim lets go of mails that left the queue, or that are too many.
func (p *postfix) trim() {
	if len(p.order) > 2*len(p.queue)+1000 {
		kept := p.order[:0:0]
		seen := make(map[string]bool, len(p.queue))
		for _, id := range p.order {
			if p.queue[id] != nil && !seen[id] {
				kept, seen[id] = append(kept, id), true
			}
		}
		p.order = kept
	}
	for len(p.order) > 0 {
		_, there := p.queue[p.order[0]]
		if there && len(p.queue) <= mostQueued {
			return
		}
		delete(p.queue, p.order[0])
		p.order = p.order[1:]
	}
}

// line reads a line whose time was taken off.
func (p *postfix) line(at time.Time, rest string) []logs.Record {
	p.now = at
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
	if strings.HasPrefix(told, "reject: ") || strings.HasPrefix(told, "milter-reject: ") {
		return p.rejected(at, told)
	}
	if id == "NOQUEUE" {
		return nil
	}
	return p.queued(at, host, daemon, id, told)
}

// queued reads what is told of a mail in the queue.
func (p *postfix) queued(at time.Time, host, daemon, id, told string) []logs.Record {
	key := strings.Clone(host + " " + id) // not the whole line
	q := p.queue[key]
	if told == "removed" {
		delete(p.queue, key)
		if q != nil && daemon == "postsuper" {
			return q.end(logs.Failed, "removed from the queue")
		}
		return nil
	}
	if q == nil || strings.HasPrefix(told, "client=") && q.From != "" { // short IDs come again
		q = &mail{Key: key, At: at}
		if p.queue[key] == nil {
			p.order = append(p.order, key)
		}
		p.queue[key] = q
		p.trim()
	}
	switch {
	case strings.HasPrefix(told, "to=<"):
		return p.recipient(at, host, daemon, id, told, q)
	case strings.HasPrefix(told, "from=<") && strings.Contains(told, ">, status="): // expired, force-expired
		return q.end(logs.Bounced, value(told, "status")+", "+after(told, "expired, "))
	}
	return p.learn(at, host, daemon, told, q)
}

// end is what becomes of those recipients whom the mail has not reached.
func (q *mail) end(as logs.Outcome, said string) (all []logs.Record) {
	for _, to := range slices.Sorted(maps.Keys(q.Pending)) {
		r := *q.Pending[to]
		if r.Outcome = as; as == logs.Bounced && r.Kind == logs.Received {
			r.Outcome = logs.Blocked
		}
		r.Remark, r.Said = r.Said, said // the last attempt's words stay
		all = append(all, r)
	}
	q.Pending = nil
	return all
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

// learn takes what a line tells of the whole mail. A client that has signed in is told of.
func (p *postfix) learn(at time.Time, host, daemon, told string, q *mail) []logs.Record {
	switch {
	case strings.HasPrefix(told, "client="):
		q.IP = ipOf(told[len("client="):])
		if q.User = strings.Clone(value(told, "sasl_username")); q.User != "" {
			return []logs.Record{{
				Kind: logs.SignIn, At: at, Zone: p.clock.name(at), Person: q.User, Method: logs.SMTP, IP: q.IP, Outcome: logs.OK, Agent: host,
				ID: q.Key + " client " + at.UTC().Format(time.RFC3339), Facts: facts("mechanism", value(told, "sasl_method")),
			}}
		}
	case strings.HasPrefix(told, "message-id="):
		q.ID = strings.Clone(strings.TrimSpace(told[len("message-id="):]))
	case strings.HasPrefix(told, "from=<"):
		q.From = strings.Clone(value(told, "from"))
		q.Size, _ = strconv.ParseInt(value(told, "size"), 10, 64)
	case daemon == "cleanup" && strings.Contains(told, "header Subject: "):
		s := after(told, "header Subject: ")
		if i := strings.LastIndex(s, "; from=<"); i >= 0 {
			s = s[:i]
		}
		if i := strings.LastIndex(s, " from "); i >= 0 {
			s = s[:i]
		}
		q.Subject = strings.Clone(message.Decode(unfold.Replace(s)))
	}
	return nil
}

// unfold takes off the question marks that Postfix writes for the line's end, and for the
// tab, where a header was folded behind an encoded word.
var unfold = strings.NewReplacer("?=? ", "?= ", "?=??", "?= ")

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
func (p *postfix) recipient(at time.Time, host, daemon, id, told string, q *mail) []logs.Record {
	told, tail, _ := strings.Cut(told, ", status=") // what the other server says is behind it
	to, relay := value(told, "to"), value(told, "relay")
	status, said, _ := strings.Cut(tail, " ")
	outcome := statuses[status]
	here := strings.HasPrefix(relay, "127.0.0.1[") || strings.HasPrefix(relay, "localhost[") || strings.HasPrefix(relay, "[::1]")
	if outcome == "" {
		return nil
	}
	if here && (outcome == logs.Pending && daemon == "smtp" || outcome == logs.Delivered && (daemon == "smtp" || strings.Contains(said, "queued as"))) {
		return q.handed(to) // a filter on this machine hands it back: not the end
	}
	base := logs.Record{
		At: q.At, Zone: p.clock.name(q.At), From: q.From, To: []string{to}, Subject: q.Subject, Size: q.Size, IP: q.IP, MessageID: q.ID,
		Outcome: outcome, Said: strings.TrimSpace(strings.TrimPrefix(value(told, "dsn")+" "+strings.TrimSuffix(strings.TrimPrefix(said, "("), ")"), " ")),
		ID: strings.Join([]string{host, id, to}, " "), Facts: facts("relay", relay),
	}
	if alias := value(told, "orig_to"); alias != "" && alias != to {
		base.To = append(base.To, alias)
	}
	leaves := p.leaves(daemon, to, q)
	var all []logs.Record
	if leaves || q.User != "" {
		r := base
		r.Kind, r.Method = logs.Sent, logs.SMTP
		if r.Person = q.User; !strings.Contains(r.Person, "@") {
			r.Person = q.From
		}
		all = append(all, r)
	}
	if !leaves {
		r := base
		r.Kind, r.Person = logs.Received, to
		if outcome == logs.Bounced {
			r.Outcome = logs.Blocked
		}
		if session := dovecotSession(said); session != "" {
			r.Facts = maps.Clone(r.Facts)
			if r.Facts == nil {
				r.Facts = map[string]string{}
			}
			r.Facts[stored] = session + " " + to
		}
		all = append(all, r)
	}
	q.pending(all)
	return all
}

// pending remembers those whom a mail has not reached yet.
func (q *mail) pending(all []logs.Record) {
	for i := range all {
		key := string(all[i].Kind) + " " + all[i].To[0]
		if all[i].Outcome != logs.Pending {
			delete(q.Pending, key)
			continue
		}
		if q.Pending == nil {
			q.Pending = map[string]*logs.Record{}
		}
		if len(q.Pending) < mostPending {
			r := all[i]
			q.Pending[key] = &r
		}
	}
}

// handed ends the waiting of one recipient: a filter has the mail now.
func (q *mail) handed(to string) (all []logs.Record) {
	for _, kind := range []logs.Kind{logs.Sent, logs.Received} {
		if r := q.Pending[string(kind)+" "+to]; r != nil {
			r.Outcome, r.Remark, r.Said = logs.Other, r.Said, "handed to a filter"
			all = append(all, *r)
			delete(q.Pending, string(kind)+" "+to)
		}
	}
	return all
}

// leaves says whether a mail goes to another server. The daemon "error" stands in for
// the one that is not tried now: it is known by its domain, or by who sends.
func (p *postfix) leaves(daemon, to string, q *mail) bool {
	domain := strings.ToLower(to[strings.LastIndexByte(to, '@')+1:])
	switch daemon {
	case "error", "retry":
		if q.Pending[string(logs.Received)+" "+to] != nil {
			return false
		}
		if q.Pending[string(logs.Sent)+" "+to] != nil {
			return true
		}
		if leaves, known := p.leave[domain]; known {
			return leaves
		}
		return q.User != "" || !q.IP.IsValid() || q.IP.IsLoopback()
	}
	leaves := daemon == "smtp"
	if len(p.leave) >= mostDomains {
		clear(p.leave)
	}
	if known, there := p.leave[domain]; !there || known != leaves {
		p.leave[strings.Clone(domain)] = leaves
	}
	return leaves
}

// dovecotSession finds the session in Dovecot's reply "250 2.0.0 <a@b> SESSION Saved".
func dovecotSession(said string) string {
	said, ok := strings.CutSuffix(strings.TrimSuffix(said, ")"), " Saved")
	if !ok {
		return ""
	}
	return said[strings.LastIndexByte(said, ' ')+1:]
}

// rejected is a mail that was refused at the door. It has no ID: who knocks twice in a
// second is told of twice.
func (p *postfix) rejected(at time.Time, told string) []logs.Record {
	tail := told
	if i := strings.LastIndex(told, "; from="); i >= 0 {
		tail = told[i:]
	}
	to := value(tail, "to")
	if to == "" {
		return nil
	}
	_, reason, _ := strings.Cut(told, "]: ")
	reason, _, _ = strings.Cut(reason, "; from=")
	return []logs.Record{{
		Kind: logs.Received, At: at, Zone: p.clock.name(at), Person: to, To: []string{to}, From: value(tail, "from"), IP: ipOf(told),
		Outcome: logs.Blocked, Said: reason,
	}}
}

// refused is a sign-in with a wrong password. The name is told by Postfix 3.5 and later.
func (p *postfix) refused(at time.Time, host, text string) []logs.Record {
	person := value(text, "sasl_username")
	mechanism, _, _ := strings.Cut(after(text, "SASL "), " ")
	_, said, _ := strings.Cut(text, "authentication failed: ")
	return []logs.Record{{
		Kind: logs.SignIn, At: at, Zone: p.clock.name(at), Person: person, Method: logs.SMTP, IP: ipOf(text), Outcome: logs.Refused,
		Said: said, Agent: host, Facts: facts("mechanism", mechanism),
	}}
}
