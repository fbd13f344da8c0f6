package logfile

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/logs"
)

// dovecot reads the log of Dovecot 2.3 and 2.4, its own file or syslog's: sign-ins of all
// services, deliveries, and what the plugin mail_log (2.4: mail_log events) tells of
// deleted and moved mail. Formats: doc.dovecot.org, "Login processes", "mail_log plugin".
type dovecot struct{ clock *clock }

var services = map[string]logs.Method{
	"imap-login": logs.IMAP, "pop3-login": logs.POP, "submission-login": logs.SMTP, "managesieve-login": logs.Another,
	"imap": logs.IMAP, "pop3": logs.POP, "submission": logs.SMTP, "lmtp": logs.SMTP, "lda": logs.Another,
}

func (d *dovecot) line(_ int64, line string) []logs.Record {
	at, rest, ok := d.clock.read(line)
	if !ok {
		return nil
	}
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
	r := logs.Record{At: at, Zone: d.clock.zone.String(), Method: method, Person: user}
	if strings.HasSuffix(name, "-login") {
		return d.signIn(r, text)
	}
	if i := strings.LastIndexByte(session, '<'); i >= 0 {
		session = strings.Trim(session[i:], "<>")
	}
	return d.mailbox(r, text, session)
}

func (d *dovecot) signIn(r logs.Record, text string) []logs.Record {
	r.Kind, r.Person = logs.SignIn, value(text, "user")
	if r.Person == "" {
		return nil
	}
	switch i := strings.Index(text, "(auth failed, "); {
	case strings.HasPrefix(text, "Login: "):
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

// mailbox reads deliveries and what was done to mail.
func (d *dovecot) mailbox(r logs.Record, text, session string) []logs.Record {
	text = strings.TrimPrefix(text, "sieve: ")
	r.MessageID = bracketed(value(text, "msgid"))
	event, _, _ := strings.Cut(text, ": ")
	box := value(text, "box")
	switch {
	case strings.Contains(text, "saved mail to ") || strings.Contains(text, "stored mail into mailbox "):
		_, box, _ = strings.Cut(strings.Replace(text, "stored mail into mailbox ", "saved mail to ", 1), "saved mail to ")
		r.Kind, r.Target = logs.Received, strings.Trim(box, "'")
		if r.Outcome = logs.Foldered; strings.EqualFold(r.Target, "INBOX") {
			r.Outcome = logs.Delivered
		} else if junk(r.Target) {
			r.Outcome = logs.Junk
		}
		r.To = []string{r.Person}
	case event == "expunge":
		r.Kind, r.Action, r.Target, r.Outcome = logs.User, logs.ActMailDelete, box, logs.OK
	case strings.HasPrefix(event, "copy from ") || event == "copy":
		r.Kind, r.Action, r.Target, r.Outcome = logs.User, logs.ActMailMove, box, logs.OK
		if trash(box) {
			r.Action = logs.ActMailTrash
		}
	default:
		return nil
	}
	r.Subject, r.From = header(after(text, "subject=")), value(text, "from")
	if n, err := strconv.ParseInt(value(text, "size"), 10, 64); err == nil {
		r.Size = n
	}
	if uid := value(text, "uid"); uid != "" || r.MessageID != "" {
		r.ID = strings.Join([]string{session, event, box, uid, r.MessageID, r.At.Format(time.RFC3339)}, " ")
	}
	return []logs.Record{r}
}

// after is what follows a key up to the end of the line: subjects hold commas.
func after(text, key string) string {
	_, rest, _ := strings.Cut(text, key)
	return rest
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
