// Package past invents what happened in the practice office's mail: two years of mails,
// sign-ins, acts and traffic up to today, the same for the same seed, made day by day
// and kept nowhere. A few things in it are worth finding: a password that is guessed, a
// mailbox that is misused, mail that somebody deleted.
//
// It leaves out the office's people (package content) and what they do while the
// program runs (package admin).
package past

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"mailroom/backend/logs"
)

// Zone is the practice office's; China knows no summer time.
var Zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Person is somebody whose past is invented.
type Person struct{ Address, Name string }

// Past is the invented past of one office.
type Past struct {
	seed    uint64
	people  []Person
	inside  map[string]bool
	outside []string
	mails   int // on a working day
}

// Years is how far back it goes.
const Years = 2

// New invents the past of an office. others are addresses that write to it from
// outside; rows is about how many records the two years have, 0 two million.
func New(seed uint64, people []Person, others []string, rows int) *Past {
	if rows <= 0 {
		rows = 2_000_000
	}
	p := &Past{seed: seed, people: people, outside: append([]string(nil), others...), inside: map[string]bool{}}
	for _, each := range people {
		p.inside[each.Address] = true
	}
	r := rand.New(rand.NewPCG(seed, 0xface))
	for i := range 900 {
		p.outside = append(p.outside, fmt.Sprintf("%s%d@%s.example.%s", firms[r.IntN(len(firms))], i, firms[r.IntN(len(firms))], []string{"com", "net", "org"}[i%3]))
	}
	// Of a day's records about five in eight are mails; two in seven days are quiet.
	p.mails = int(float64(rows) / (Years * 365) * dayShare)
	return p
}

// dayShare is how many mails of a working day come to one record of an average day;
// measured by a test.
const dayShare = 0.803

// day begins a stream of chance for one subject of a day.
func (p *Past) day(day time.Time, subject uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.seed^subject<<40, uint64(day.Unix()/86400+1)))
}

// busy is how much happens on a day, 1 on a working day.
func busy(day time.Time) float64 {
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return 0.15
	}
	if m, d := day.Month(), day.Day(); m == time.October && d <= 7 || m == time.May && d <= 3 || m == time.January && d == 1 {
		return 0.08
	}
	return 1
}

// at is a moment of a working day.
func at(r *rand.Rand, day time.Time) time.Time {
	hour := 8.5 + 9.5*r.Float64()
	switch n := r.IntN(20); {
	case n == 0:
		hour = 24 * r.Float64()
	case n < 3:
		hour = 19 + 4*r.Float64()
	case n < 9:
		hour = 9 + 2.5*r.Float64()
	}
	return day.Add(time.Duration(hour * float64(time.Hour))).Truncate(time.Second)
}

// who picks a person; the first have most mail.
func (p *Past) who(r *rand.Rand) Person {
	return p.people[int(math.Pow(float64(len(p.people)+1), r.Float64()))-1]
}

func (p *Past) other(r *rand.Rand) string {
	return p.outside[int(math.Pow(float64(len(p.outside)+1), r.Float64()))-1]
}

// mail is one mail of a day, seen from the office.
type mail struct {
	at       time.Time
	from, to string
	subject  string
	size     int64
	outcome  logs.Outcome
	said     string
	ip       netip.Addr
	id       string
}

// Mails calls visit for the mails of a day, in no order. day is a midnight of [Zone].
func (p *Past) eachMail(day time.Time, visit func(n int, m *mail)) {
	r := p.day(day, 1)
	n := int(float64(p.mails) * busy(day) * (0.85 + 0.3*r.Float64()))
	for i := range n {
		m := p.mail(r, day, i)
		visit(i, &m)
	}
	if m, many := p.burst(day); many > 0 {
		for i := range many {
			m.at, m.to, m.id = m.at.Add(time.Duration(2+r.IntN(4))*time.Second), p.other(r), fmt.Sprintf("<b%d.%d@practice.example>", day.Unix(), i)
			m.outcome = logs.Delivered
			if i%3 == 0 {
				m.outcome = logs.Bounced
			}
			visit(n+i, &m)
		}
	}
}

func (p *Past) mail(r *rand.Rand, day time.Time, i int) mail {
	m := mail{at: at(r, day), size: 1500 + int64(r.ExpFloat64()*70_000), outcome: logs.Delivered, id: fmt.Sprintf("<%x.%d@practice.example>", day.Unix()/3600, i)}
	me := p.who(r)
	m.subject = subject(r)
	switch way := r.IntN(20); {
	case way < 4: // inside
		m.from, m.to = me.Address, p.who(r).Address
		m.ip = officeIP(r)
	case way < 9: // to outside
		m.from, m.to = me.Address, p.other(r)
		m.ip = officeIP(r)
		switch r.IntN(60) {
		case 0:
			m.outcome, m.said = logs.Bounced, "550 5.1.1 User unknown"
		case 1:
			m.outcome, m.said = logs.Failed, "554 5.7.1 Message rejected"
		}
	default:
		m.from, m.to = p.other(r), me.Address
		m.ip = netip.AddrFrom4([4]byte{198, 51, 100, byte(1 + r.IntN(250))})
		switch n := r.IntN(100); {
		case n < 5:
			m.from, m.outcome, m.subject = fmt.Sprintf("promo%d@offers%d.example.org", r.IntN(400), r.IntN(60)), logs.Junk, spam[r.IntN(len(spam))]
		case n < 8:
			m.from, m.outcome, m.said = fmt.Sprintf("x%d@blocked%d.example.org", r.IntN(900), r.IntN(90)), logs.Blocked, "rbl"
		case n < 9:
			m.outcome, m.said = logs.Quarantined, "attachment"
		case n < 14:
			m.outcome, m.said = logs.Foldered, "filter"
		}
	}
	return m
}

// burst is a mailbox that is misused for a quarter of an hour, every seventy days or so.
func (p *Past) burst(day time.Time) (m mail, many int) {
	n := int(day.Unix()/86400) + int(p.seed%70)
	if n%71 != 0 {
		return m, 0
	}
	r := p.day(day, 6)
	who := p.people[r.IntN(len(p.people))]
	m = mail{from: who.Address, subject: "Account notice: confirm your mailbox", size: 2900, ip: netip.MustParseAddr("192.0.2.66"), said: ""}
	m.at = day.Add(3*time.Hour + time.Duration(r.IntN(7200))*time.Second)
	return m, 180 + r.IntN(200)
}

func officeIP(r *rand.Rand) netip.Addr {
	return netip.AddrFrom4([4]byte{203, 0, 113, byte(10 + r.IntN(6))})
}

// Day calls visit for every record of a kind on a day, a midnight of [Zone], in no
// order.
func (p *Past) Day(day time.Time, kind logs.Kind, visit func(*logs.Record)) {
	n := 0
	tell := func(r *logs.Record) {
		r.Kind, r.Zone = kind, Zone.String()
		if r.ID == "" {
			n++
			r.ID = fmt.Sprintf("%s-%s-%d", kind, day.Format("060102"), n)
		}
		visit(r)
	}
	switch kind {
	case logs.Sent, logs.Received:
		p.eachMail(day, func(n int, m *mail) {
			if r := p.mailRecord(kind, m); r != nil {
				r.ID = fmt.Sprintf("%s-%s-m%d", kind, day.Format("060102"), n)
				tell(r)
			}
		})
	case logs.SignIn:
		p.signIns(day, tell)
	case logs.User:
		p.userActs(day, tell)
	case logs.Admin:
		p.adminActs(day, tell)
	case logs.Traffic:
		p.traffic(day, tell)
	}
}

// mailRecord is a mail as one of the two logs tells it; nil: the log does not.
func (p *Past) mailRecord(kind logs.Kind, m *mail) *logs.Record {
	r := &logs.Record{At: m.at, From: m.from, To: []string{m.to}, Subject: m.subject, Size: m.size, Outcome: m.outcome, Said: m.said, MessageID: m.id, IP: m.ip}
	if kind == logs.Sent {
		if r.Person = m.from; !p.inside[m.from] {
			return nil
		}
		return r
	}
	if r.Person = m.to; !p.inside[m.to] {
		return nil
	}
	r.At = r.At.Add(2 * time.Second)
	return r
}

func subject(r *rand.Rand) string {
	s := subjects[r.IntN(len(subjects))]
	if strings.Contains(s, "%d") {
		s = fmt.Sprintf(s, 1000+r.IntN(9000))
	}
	if strings.Contains(s, "%s") {
		s = fmt.Sprintf(s, goods[r.IntN(len(goods))])
	}
	switch r.IntN(6) {
	case 0:
		return "Re: " + s
	case 1:
		return "回复：" + s
	case 2:
		return "转发：" + s
	}
	return s
}
