package past

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"time"

	"mailroom/backend/logs"
)

// signIns are those of everybody's programs and browsers, and of whoever tries.
func (p *Past) signIns(day time.Time, tell func(*logs.Record)) {
	r := p.day(day, 2)
	for i, who := range p.people {
		for range int(float64(2+p.mails/len(p.people)/9) * busy(day) * (0.5 + r.Float64())) {
			tell(p.signIn(r, day, i, who))
		}
	}
	p.attack(day, tell)
}

func (p *Past) signIn(r *rand.Rand, day time.Time, i int, who Person) *logs.Record {
	rec := &logs.Record{At: at(r, day), Person: who.Address, Name: who.Name, Outcome: logs.OK}
	switch n := r.IntN(10); {
	case n < 4:
		rec.Method, rec.Agent, rec.IP = logs.IMAP, []string{"Foxmail 7.2", "Thunderbird 140", "Outlook 16"}[i%3], officeIP(r)
	case n < 6:
		rec.Method, rec.Agent, rec.IP = logs.SMTP, []string{"Foxmail 7.2", "Thunderbird 140", "Outlook 16"}[i%3], officeIP(r)
	case n < 8:
		rec.Method, rec.Agent, rec.IP = logs.Mobile, "iPhone", netip.MustParseAddr(fmt.Sprintf("2001:db8:%x::%x", i+1, 1+r.IntN(4000)))
	case n < 9:
		rec.Method, rec.Agent, rec.IP = logs.Web, "Chrome 142", officeIP(r)
	default: // from home
		rec.Method, rec.Agent, rec.IP = logs.Web, "Edge 142", netip.AddrFrom4([4]byte{198, 51, 100, byte(100 + i%100)})
	}
	if r.IntN(60) == 0 {
		rec.Outcome, rec.Said = logs.Refused, "wrong password"
	}
	return rec
}

// attack is a night on which passwords are guessed, every forty days or so; every
// third time one is found.
func (p *Past) attack(day time.Time, tell func(*logs.Record)) {
	n := int(day.Unix()/86400) + int(p.seed%40)
	if n%41 != 0 {
		return
	}
	r := p.day(day, 3)
	who, from := p.people[r.IntN(len(p.people))], netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", 1+r.IntN(250)))
	when := day.Add(time.Hour + time.Duration(r.IntN(3*3600))*time.Second)
	tries := 40 + r.IntN(60)
	for i := range tries {
		when = when.Add(time.Duration(3+r.IntN(9)) * time.Second)
		rec := &logs.Record{At: when, Person: who.Address, Name: who.Name, IP: from, Method: logs.SMTP, Outcome: logs.Refused, Said: "wrong password"}
		if i == tries-1 && n%3 == 0 {
			rec.Outcome, rec.Said = logs.OK, ""
		} else if i > 30 && n%3 == 1 {
			rec.Outcome, rec.Said = logs.Locked, "too many attempts"
		}
		tell(rec)
	}
}

// userActs are what people did with their mail and settings.
func (p *Past) userActs(day time.Time, tell func(*logs.Record)) {
	r := p.day(day, 4)
	every := max(p.mails/40, 3)
	p.eachMail(day, func(n int, m *mail) {
		if n%every != 0 || !p.inside[m.to] || m.outcome == logs.Blocked || m.outcome == logs.Quarantined {
			return
		}
		rec := &logs.Record{
			At: m.at.Add(time.Duration(1+r.IntN(300)) * time.Minute), Person: m.to, From: m.from, Subject: m.subject, MessageID: m.id,
			Outcome: logs.OK, Method: logs.IMAP, IP: officeIP(r), Action: logs.ActMailTrash,
		}
		switch r.IntN(6) {
		case 0:
			rec.Action = logs.ActMailDelete
		case 1, 2:
			rec.Action, rec.Target = logs.ActMailMove, []string{"归档", "项目/2026", "Invoices", "垃圾邮件"}[r.IntN(4)]
		case 3:
			rec.Method, rec.Agent = logs.Mobile, "iPhone"
		}
		tell(rec)
	})
	for _, who := range p.people {
		if r.IntN(90) == 0 {
			tell(&logs.Record{At: at(r, day), Person: who.Address, Name: who.Name, Action: logs.ActPassword, Outcome: logs.OK, Method: logs.Web, IP: officeIP(r)})
		}
		if r.IntN(200) == 0 {
			tell(&logs.Record{At: at(r, day), Person: who.Address, Name: who.Name, Action: logs.ActRule, Target: "Invoices", Outcome: logs.OK, Method: logs.Web, IP: officeIP(r)})
		}
	}
	if n := int(day.Unix()/86400) + int(p.seed%40); n%41 == 0 && n%3 == 0 { // after the password was guessed
		thief := p.day(day, 3)
		who, from := p.people[thief.IntN(len(p.people))], netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", 1+thief.IntN(250)))
		tell(&logs.Record{
			At: day.Add(5 * time.Hour), Person: who.Address, Name: who.Name, Action: logs.ActForwardOn, Target: "collector@elsewhere.example.org",
			Outcome: logs.OK, Method: logs.Web, IP: from,
		})
	}
}

// adminActs are what the office's administrator did.
func (p *Past) adminActs(day time.Time, tell func(*logs.Record)) {
	r := p.day(day, 5)
	if busy(day) < 1 {
		return
	}
	admin := p.people[min(5, len(p.people)-1)] // 刘洋 looks after the network
	acts := []logs.Action{logs.ActPassword, logs.ActPersonEdit, logs.ActList, logs.ActWhitelist, logs.ActBlacklist, logs.ActAlias, logs.ActPersonOn, logs.ActAnnounce, logs.ActSignedIn, logs.ActExport}
	for range 1 + r.IntN(4) {
		a := acts[r.IntN(len(acts))]
		rec := &logs.Record{At: at(r, day), Person: admin.Address, Name: admin.Name, Action: a, Outcome: logs.OK, Method: logs.Web, IP: officeIP(r)}
		switch a {
		case logs.ActWhitelist, logs.ActBlacklist:
			rec.Target = p.other(r)
		case logs.ActAnnounce, logs.ActSignedIn, logs.ActExport:
		default:
			rec.Target = p.who(r).Address
		}
		if r.IntN(4) == 0 {
			rec.Remark = remarks[r.IntN(len(remarks))]
		}
		tell(rec)
	}
}

// traffic sums the mails of the day, for everybody and for the office.
func (p *Past) traffic(day time.Time, tell func(*logs.Record)) {
	sums := map[string]*logs.Day{"": {}}
	for _, who := range p.people {
		sums[who.Address] = &logs.Day{}
	}
	p.eachMail(day, func(_ int, m *mail) {
		if s := sums[m.from]; s != nil {
			s.Sent, s.SentBytes = s.Sent+1, s.SentBytes+m.size
			sums[""].Sent, sums[""].SentBytes = sums[""].Sent+1, sums[""].SentBytes+m.size
		}
		if s := sums[m.to]; s != nil && m.outcome != logs.Blocked {
			s.Received, s.ReceivedBytes = s.Received+1, s.ReceivedBytes+m.size
			sums[""].Received, sums[""].ReceivedBytes = sums[""].Received+1, sums[""].ReceivedBytes+m.size
		}
	})
	age := day.Sub(time.Date(2024, 1, 1, 0, 0, 0, 0, Zone)).Hours() / 24
	end := day.Add(24*time.Hour - time.Second)
	whole := sums[""]
	for i, who := range p.people {
		s := sums[who.Address]
		grows := float64(1<<20) * float64(6+(i*7)%23)
		s.Quota = 20 << 30
		s.Used = min(int64(float64(2<<30)+grows*age), s.Quota-s.Quota/50)
		whole.Used, whole.Quota = whole.Used+s.Used, whole.Quota+s.Quota
		tell(&logs.Record{At: end, Person: who.Address, Name: who.Name, Day: s, ID: "t-" + day.Format("060102") + "-" + who.Address})
	}
	tell(&logs.Record{At: end, Day: whole, ID: "t-" + day.Format("060102")})
}
