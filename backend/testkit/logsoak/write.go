// Package logsoak reads logs of gigabytes in with the real verb, interrupts it, and counts
// what the book holds: scripts/soak.sh logs. Every line follows from the seed, and so
// does the number of records of each kind and outcome.
//
// It leaves out small and damaged logs, which package logfile tests.
package logsoak

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"
)

// Kinds are the logs that are made: of Dovecot, of Exchange, and of Postfix in gzip.
func Kinds() []string { return []string{"dovecot", "exchange", "packed"} }

// Tally is how many records there are of each kind and outcome, as "signin ok".
type Tally map[string]int

// maker writes one log.
type maker struct {
	rng  *rand.Rand
	at   time.Time
	n    int
	text []byte // of one event
	want Tally
}

// step is how far apart events are: some gigabytes are about a month.
const step = 400 * time.Millisecond

// begin is when every log begins; it has no leap day and no hour that comes twice.
var begin = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// Write writes a log of at least so many bytes of text and tells what is in it.
func Write(path, kind string, seed uint64, bytes int64) (want Tally, text int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, 0, err
	}
	var out io.Writer = f
	var gz *gzip.Writer
	if kind == "packed" {
		if gz, err = gzip.NewWriterLevel(f, gzip.BestSpeed); err != nil {
			return nil, 0, errors.Join(err, f.Close())
		}
		out = gz
	}
	w := bufio.NewWriterSize(out, 1<<20)
	m := &maker{rng: rand.New(rand.NewPCG(seed, 1)), at: begin, want: Tally{}}
	event, head := map[string]func(){"dovecot": m.dovecot, "exchange": m.exchange, "packed": m.postfix}[kind], ""
	if kind == "exchange" {
		head = exchangeHead
	}
	n, _ := w.WriteString(head)
	for text = int64(n); text < bytes; m.n++ {
		m.text = m.text[:0]
		m.at = m.at.Add(time.Duration(m.rng.Int64N(int64(2 * step))))
		event()
		text += int64(len(m.text))
		if _, err = w.Write(m.text); err != nil {
			break
		}
	}
	err = errors.Join(err, w.Flush())
	if gz != nil {
		err = errors.Join(err, gz.Close())
	}
	return m.want, text, errors.Join(err, f.Close())
}

func (m *maker) add(format string, args ...any) { m.text = fmt.Appendf(m.text, format, args...) }

func (m *maker) person() string { return fmt.Sprintf("p%d@office.example", m.rng.IntN(300)) }

func (m *maker) outside() string {
	return fmt.Sprintf("c%d@partner%d.example", m.rng.IntN(40), m.rng.IntN(900))
}

func (m *maker) ip() string { return fmt.Sprintf("198.51.100.%d", m.rng.IntN(250)) }

var subjects = []string{"关于十一月份发票的说明", "Re: offer, second try", "合同（修改稿）", "Weekly report", "报价单 \"急\""}

func (m *maker) subject() string {
	return fmt.Sprintf("%s %d", subjects[m.rng.IntN(len(subjects))], m.n)
}

// dovecot writes sign-ins, deliveries, deletions, and what is not kept.
func (m *maker) dovecot() {
	at, p := m.at.Format("Jan _2 15:04:05"), m.person()
	switch roll := m.rng.IntN(10); {
	case roll < 4:
		m.add("%s mx dovecot: imap-login: Login: user=<%s>, method=PLAIN, rip=%s, lip=192.0.2.1, mpid=%d, TLS, session=<s%d>\n", at, p, m.ip(), m.n, m.n)
		m.add("%s mx dovecot: imap(%s)<%d><s%d>: Disconnected: Logged out in=640 out=2896 deleted=0 expunged=0 trashed=0\n", at, p, m.n, m.n)
		m.want["signin ok"]++
	case roll < 5:
		m.add("%s mx dovecot: imap-login: Disconnected: Connection closed (auth failed, 3 attempts in 9 secs): user=<%s>, method=PLAIN, rip=%s, lip=192.0.2.1, TLS, session=<s%d>\n", at, p, m.ip(), m.n)
		m.want["signin refused"]++
	case roll < 8:
		folder, outcome := "INBOX", "received delivered"
		if m.n%9 == 0 {
			folder, outcome = "Junk, mail", "received junk"
		}
		m.add("%s mx dovecot: lmtp(%s)<%d><s%d>: sieve: msgid=<%d@partner.example>: stored mail into mailbox '%s'\n", at, p, m.n, m.n, m.n, folder)
		m.want[outcome]++
	default:
		m.add("%s mx dovecot: imap(%s)<%d><s%d>: expunge: box=Deleted Items, uid=%d, msgid=<%d@partner.example>, size=%d, from=\"Name, First\" <%s>, subject=%s, flags=(\\Deleted \\Seen)\n",
			at, p, m.n, m.n, m.n, m.n, m.rng.IntN(90_000), m.outside(), m.subject())
		m.want["user ok"]++
	}
}

const exchangeHead = "#Software: Microsoft Exchange Server\r\n#Version: 15.02.1118.007\r\n#Log-type: Message Tracking Log\r\n#Date: 2026-05-01T00:00:00.000Z\r\n" +
	"#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality\r\n"

// exchange writes deliveries to one or two, mails that leave at once or after a while,
// failures, and what is not kept.
func (m *maker) exchange() {
	subject := fmt.Sprintf("\"%s %d\"", []string{"发票, \"\"急\"\"", "Offer, second try", "合同"}[m.n%3], m.n)
	row := func(after time.Duration, source, event, to, status, from, direction string) {
		m.add("%s,%s,EX1,192.0.2.1,EX1,08DA;250,EX1\\Default,%s,%s,%d,<%d@x.example>,guid-%d,%s,%s,%d,1,,,%s,%s,%s,,%s\r\n",
			m.at.Add(after).Format("2006-01-02T15:04:05.000Z"), m.ip(), source, event, m.n, m.n, m.n, to, status, 1000+m.n%90_000, subject, from, from, direction)
	}
	in, out := m.person(), m.outside()
	switch roll := m.rng.IntN(10); {
	case roll < 5:
		to := in
		if m.n%4 == 0 {
			to += ";second-" + in
			m.want["received delivered"]++
		}
		row(0, "SMTP", "RECEIVE", to, "", out, "Incoming")
		row(time.Second, "STOREDRIVER", "DELIVER", to, "", out, "Incoming")
		m.want["received delivered"]++
	case roll < 9:
		if m.n%11 == 0 {
			row(0, "SMTP", "DEFER", out, "451 4.4.0 later", in, "Originating")
		}
		row(time.Hour, "SMTP", "SEND", out, "250 2.1.5 OK", in, "Originating")
		m.want["sent delivered"]++
	default:
		row(0, "ROUTING", "FAIL", out, "550 5.1.1 unknown", in, "Originating")
		m.want["sent bounced"]++
	}
}

// postfix writes mails that come in, leave (some after a while, some never), and are
// refused.
func (m *maker) postfix() {
	at, id := m.at.Format("2006-01-02T15:04:05.000000+00:00"), fmt.Sprintf("4%09Xz", m.n)
	line := func(daemon, format string, args ...any) {
		m.add("%s mx postfix/%s[%d]: ", at, daemon, m.n%900)
		m.add(format+"\n", args...)
	}
	in, out := m.person(), m.outside()
	if m.n%20 == 0 {
		line("smtpd", "NOQUEUE: reject: RCPT from x[%s]: 554 5.7.1 blocked; from=<%s> to=<%s> proto=ESMTP helo=<x>", m.ip(), out, in)
		m.want["received blocked"]++
		return
	}
	from, to, daemon, relay := out, in, "lmtp", "mx[private/dovecot-lmtp]"
	client := "client=x[" + m.ip() + "]"
	kind := "received "
	if m.n%3 == 0 {
		from, to, daemon, relay, kind = in, out, "smtp", "mx.partner.example[198.51.100.9]:25", "sent "
		client += ", sasl_method=PLAIN, sasl_username=" + in
		m.want["signin ok"]++
	}
	line("smtpd", "%s: %s", id, client)
	line("cleanup", "%s: message-id=<%d@x.example>", id, m.n)
	line("qmgr", "%s: from=<%s>, size=%d, nrcpt=1 (queue active)", id, from, 1000+m.n%90_000)
	tell := func(dsn, status string) {
		line(daemon, "%s: to=<%s>, relay=%s, delay=0.3, delays=0.1/0/0.1/0.1, dsn=%s, status=%s", id, to, relay, dsn, status)
	}
	if m.n%13 == 0 {
		tell("4.2.1", "deferred (host said: 451 later)")
	}
	switch {
	case m.n%997 == 0: // stays in the queue
		tell("4.2.1", "deferred (host said: 451 later)")
		m.want[kind+"pending"]++
		return
	case m.n%31 == 0 && daemon == "smtp":
		tell("5.1.1", "bounced (host said: 550 no such user)")
		m.want["sent bounced"]++
	default:
		tell("2.0.0", "sent (250 2.0.0 Ok)")
		m.want[kind+"delivered"]++
	}
	line("qmgr", "%s: removed", id)
}
