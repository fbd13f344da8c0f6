package logfile

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/doctor/message"
	"mailroom/backend/logs"
)

// dovecot reads the log of Dovecot 2.2 to 2.4, its own file or syslog's: sign-ins of all
// services, deliveries, and what the plugin mail_log (2.4: mail_log events) tells of
// deleted and moved mail. Formats: doc.dovecot.org, "Login processes", "mail_log plugin";
// checked with a real 2.3.19.
type dovecot struct{ clock *clock }

var services = map[string]logs.Method{
	"imap-login": logs.IMAP, "pop3-login": logs.POP, "submission-login": logs.SMTP, "managesieve-login": logs.Another,
	"imap": logs.IMAP, "pop3": logs.POP, "submission": logs.SMTP, "lmtp": logs.SMTP, "lda": logs.Another, "deliver": logs.Another,
}

// line reads a line whose time was taken off.
func (d *dovecot) line(at time.Time, rest string) []logs.Record {
	// "imap(a@b)<17><session>: Info: text" in its own file, "host dovecot: imap(…): text"
	// in syslog's.
	if i := strings.Index(rest, "dovecot: "); i >= 0 && !strings.ContainsAny(rest[:i], "(<:") {
		rest = rest[i+len("dovecot: "):]
	} else if i := strings.Index(rest, "dovecot["); i >= 0 && !strings.ContainsAny(rest[:i], "(<:") {
		_, rest, _ = strings.Cut(rest, ": ")
	}
	head, text, found := strings.Cut(rest, ": ")
	if !found {
		return nil
	}
	for _, level := range []string{"Info: ", "Warning: ", "Error: "} {
		text = strings.TrimPrefix(text, level)
	}
	name, user, _ := strings.Cut(head, "(")
	user, session, _ := strings.Cut(user, ")")
	method, known := services[name]
	if !known {
		return nil
	}
	if pid, who, two := strings.Cut(user, ", "); two { // 2.2: the process is told, too
		if _, err := strconv.Atoi(pid); err == nil {
			user = who
		}
	}
	r := logs.Record{At: at, Zone: d.clock.name(at), Method: method, Person: user}
	if strings.HasSuffix(name, "-login") {
		return d.signIn(r, text)
	}
	if i := strings.LastIndexByte(session, '<'); i >= 0 {
		session = strings.Trim(session[i:], "<>")
	}
	if delivered, ok := d.delivery(r, text, session); ok {
		return delivered
	}
	return d.act(r, text, session)
}

// signIn reads how a sign-in ended; a proxy tells of its own.
func (d *dovecot) signIn(r logs.Record, text string) []logs.Record {
	r.Kind, r.Person = logs.SignIn, value(text, "user")
	switch i := strings.Index(text, "(auth failed, "); {
	case strings.HasPrefix(text, "Login: "), strings.HasPrefix(text, "proxy(") && strings.Contains(text, "tarted proxying"):
		if r.Person == "" {
			return nil
		}
		r.Outcome = logs.OK
	case i >= 0:
		r.Outcome, r.Said = logs.Refused, "auth failed"
		count, _, _ := strings.Cut(text[i+len("(auth failed, "):], " ")
		r.Times, _ = strconv.Atoi(count)
		r.Times = min(r.Times, 10_000)
	case strings.Contains(text, "auth_failed") || strings.Contains(text, "user disabled"):
		r.Outcome = logs.Refused
		if strings.Contains(text, "disabled") {
			r.Outcome = logs.Locked
		}
	default:
		return nil
	}
	r.IP, _ = netip.ParseAddr(value(text, "rip"))
	if session := value(text, "session"); session != "" {
		r.ID = session
	}
	r.Facts = facts("mechanism", value(text, "method"))
	return []logs.Record{r}
}

// facts holds one fact; nil where it is not told.
func facts(name, v string) map[string]string {
	if v == "" {
		return nil
	}
	return map[string]string{name: v}
}

// stored is a fact for [mixed] only: the session and the person of a delivery, which
// Postfix repeats.
const stored = "\x00stored"

// delivery reads what became of a mail that came in.
func (d *dovecot) delivery(r logs.Record, text, session string) (found []logs.Record, ok bool) {
	text = strings.TrimPrefix(text, "sieve: ")
	if before, _, two := strings.Cut(text, "msgid="); two && before != "" && !strings.Contains(strings.TrimSuffix(before, ": "), " ") {
		session, text = strings.TrimSuffix(before, ": "), text[len(before):] // 2.2
	}
	text, ok = strings.CutPrefix(text, "msgid=")
	if !ok {
		return nil, false
	}
	end := strings.Index(text, ": ")
	if close := strings.Index(text, ">: "); text[:min(len(text), 1)] == "<" && close > 0 {
		end = close + 1
	}
	if end < 0 {
		return nil, false
	}
	r.Kind, r.To, r.MessageID = logs.Received, []string{r.Person}, bracketed(text[:end])
	event := text[end+2:]
	box, saved := strings.CutPrefix(event, "saved mail to ")
	if !saved {
		_, box, saved = strings.Cut(event, "stored mail into mailbox ")
	}
	switch {
	case saved:
		r.Target = strings.Trim(box, "'")
		if r.Outcome = logs.Foldered; strings.EqualFold(r.Target, "INBOX") {
			r.Outcome = logs.Delivered
		} else if junk(r.Target) {
			r.Outcome = logs.Junk
		}
		r.Facts = facts(stored, session+" "+r.Person)
		box = strings.Trim(box, " ")
	case strings.Contains(event, "rejected message from "), strings.Contains(event, "discarded if not explicitly delivered"):
		r.Outcome, r.Said = logs.Blocked, event // a rule of the person's own
	default:
		return nil, true
	}
	if session != "" || r.MessageID != "" {
		r.ID = strings.Join([]string{session, "msgid=" + text[:end], box, "", r.MessageID, r.At.UTC().Format(time.RFC3339)}, " ")
	}
	return []logs.Record{r}, true
}

// told are the fields of mail_log, in the order in which they are written.
var told = []string{"box", "uid", "msgid", "size", "vsize", "from", "subject", "flags"}

// act reads what a person did to a mail: "expunge: box=Deleted Items, uid=7, …". Names
// of folders, senders and subjects hold commas.
func (d *dovecot) act(r logs.Record, text, session string) []logs.Record {
	event, text, _ := strings.Cut(text, ": ")
	r.Kind, r.Outcome = logs.User, logs.OK
	switch {
	case event == "expunge":
		r.Action = logs.ActMailDelete
	case strings.HasPrefix(event, "copy from ") || event == "copy":
		r.Action = logs.ActMailMove
	default:
		return nil
	}
	fields := fieldsOf(text)
	r.Target, r.MessageID = fields["box"], bracketed(fields["msgid"])
	if r.Action == logs.ActMailMove && trash(r.Target) {
		r.Action = logs.ActMailTrash
	}
	r.Subject, r.From = message.Decode(fields["subject"]), fields["from"]
	if n, err := strconv.ParseInt(fields["size"], 10, 64); err == nil {
		r.Size = n
	}
	if fields["uid"] != "" || r.MessageID != "" {
		r.ID = strings.Join([]string{session, event, r.Target, fields["uid"], r.MessageID, r.At.UTC().Format(time.RFC3339)}, " ")
	}
	return []logs.Record{r}
}

// fieldsOf cuts "box=Junk, mail, uid=1, from="A, B" <a@b>, subject=x, y, flags=(\Seen)"
// into its fields: each ends where one begins that is written after it.
func fieldsOf(text string) map[string]string {
	fields := map[string]string{}
	for i, name := range told {
		v, found := strings.CutPrefix(text, name+"=")
		if !found {
			continue
		}
		quoted := 0
		if name == "from" && strings.HasPrefix(v, `"`) {
			quoted = 1 + max(0, strings.Index(v[1:], `" <`))
		}
		end, next := len(v), len(v)
		for _, after := range told[i+1:] {
			at := strings.Index(v[quoted:], ", "+after+"=")
			if after == "flags" { // the last of all
				at = strings.LastIndex(v[quoted:], ", flags=(")
			}
			if at >= 0 && at+quoted < end {
				end, next = at+quoted, at+quoted+2
			}
		}
		fields[name], text = v[:end], v[next:]
	}
	return fields
}

func bracketed(id string) string {
	if id == "" || strings.HasPrefix(id, "<") {
		return id
	}
	return "<" + id + ">"
}

func junk(folder string) bool  { return within(folder, "junk", "spam", "垃圾") }
func trash(folder string) bool { return within(folder, "trash", "deleted", "已删除") }

func within(folder string, names ...string) bool {
	folder = strings.ToLower(folder)
	for _, n := range names {
		if strings.Contains(folder, n) {
			return true
		}
	}
	return false
}
