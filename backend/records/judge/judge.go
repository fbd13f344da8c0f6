// Package judge points at what is unusual in an office's records: passwords that are
// guessed, sign-ins from where and when nobody of that name came from before, mailboxes
// that send in bursts, mail that goes on to outside, days on which hardly any mail came.
// Each finding names its rule and its evidence; thresholds can be changed, false alarms
// dismissed.
//
// It leaves out countries: there is no table of addresses by country that this program
// may hand on, so that only networks are compared.
package judge

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
)

// Rule is why something is pointed at. The set is closed: the page has a sentence for
// each.
type Rule string

// The rules.
const (
	Guessed        Rule = "guessed"         // many refused sign-ins, then one from there that succeeded
	Guessing       Rule = "guessing"        // many refused sign-ins in an hour
	NewNetwork     Rule = "new_network"     // a sign-in from a network that the person never came from
	NewHour        Rule = "new_hour"        // a sign-in at an hour at which the person never came
	Burst          Rule = "burst"           // many mails in a few minutes
	ForwardOutside Rule = "forward_outside" // mail goes on to another domain
	FewMails       Rule = "few_mails"       // far less mail from outside than on the same day of the week before
	ManyMails      Rule = "many_mails"      // far more of it
)

// Rules lists the rules, the gravest first.
func Rules() []Rule {
	return []Rule{Guessed, ForwardOutside, FewMails, Burst, Guessing, ManyMails, NewNetwork, NewHour}
}

// Thresholds are what counts as unusual.
type Thresholds struct {
	Off          []Rule `json:"off"`          // rules that are not asked
	Alarm        []Rule `json:"alarm"`        // rules whose findings people are told of at once
	Refused      int    `json:"refused"`      // refused sign-ins in an hour
	BurstMails   int    `json:"burstMails"`   // mails of one person …
	BurstMinutes int    `json:"burstMinutes"` // … in so many minutes
	HistoryDays  int    `json:"historyDays"`  // how far back "never" reaches
	LeastSignIns int    `json:"leastSignIns"` // how many sign-ins a person needs before "never" means anything
	FewPercent   int    `json:"fewPercent"`   // less than so much of the usual mail of a day is far less
	ManyPercent  int    `json:"manyPercent"`  // more than so much is far more
	LeastDays    int    `json:"leastDays"`    // how many complete days of the same weekday, of the last twelve, are needed
}

// Usual are the thresholds to begin with. People are told at once of what means that
// somebody is in, that mail goes out of the house, or that none comes; passwords are tried
// everywhere and every day.
func Usual() Thresholds {
	return Thresholds{
		Off: []Rule{}, Alarm: []Rule{Guessed, ForwardOutside, FewMails, Burst}, Refused: 10, BurstMails: 100, BurstMinutes: 10,
		HistoryDays: 60, LeastSignIns: 30, FewPercent: 20, ManyPercent: 400, LeastDays: 4,
	}
}

// Alarming are the thresholds with all rules off but those that people are told of at once.
func (t Thresholds) Alarming() Thresholds {
	off := slices.Clone(t.Off)
	for _, r := range Rules() {
		if !slices.Contains(t.Alarm, r) {
			off = append(off, r)
		}
	}
	t.Off = off
	return t
}

// Check names a threshold that makes no sense; invalid with "field".
func (t Thresholds) Check() error {
	for _, f := range []struct {
		name            string
		value, min, max int
	}{
		{"refused", t.Refused, 2, 10_000}, {"burstMails", t.BurstMails, 2, 100_000}, {"burstMinutes", t.BurstMinutes, 1, 1440},
		{"historyDays", t.HistoryDays, 7, 730}, {"leastSignIns", t.LeastSignIns, 1, 100_000},
		{"fewPercent", t.FewPercent, 1, 90}, {"manyPercent", t.ManyPercent, 110, 10_000}, {"leastDays", t.LeastDays, 3, weeksBack},
	} {
		if f.value < f.min || f.value > f.max {
			return core.E(core.Invalid, "set thresholds", nil, "field", f.name)
		}
	}
	for field, rules := range map[string][]Rule{"off": t.Off, "alarm": t.Alarm} {
		for _, r := range rules {
			if !slices.Contains(Rules(), r) {
				return core.E(core.Invalid, "set thresholds", nil, "field", field)
			}
		}
	}
	return nil
}

// Finding is one thing that is unusual.
type Finding struct {
	ID       string // stays the same whenever the rules are asked again
	Rule     Rule
	Person   string
	At       time.Time // of what is unusual
	Until    time.Time // of its end, where it took a while
	Count    int       // refused sign-ins, mails
	Day      string    // for FewMails and ManyMails, "2026-11-12" in the office's zone
	Usual    int       // of them: how many mails are usual on this day of the week
	Like     []Like    // of them: the days that it was compared with, the newest first
	IP       string
	Network  string
	Target   string  // where mail goes on to
	Hour     int     // for NewHour, in the office's zone
	Evidence []int64 // places in the book, at most twenty
	Dismiss  bool    // a person called it a false alarm
}

// mostEvidence is how many records a finding names.
const mostEvidence = 20

// mostSignIns bounds the memory of one judgement.
const mostSignIns = 500_000

// Judge finds what is unusual in a span. domains are the office's own, for what is
// outside. The newest come first.
func Judge(ctx context.Context, b *records.Book, t Thresholds, domains []string, span records.Span) ([]Finding, error) {
	j := &judging{ctx: ctx, book: b, t: t, domains: domains, span: span}
	for _, ask := range []struct {
		rules []Rule
		do    func() error
	}{{[]Rule{Guessed, Guessing, NewNetwork, NewHour}, j.signIns}, {[]Rule{Burst}, j.bursts}, {[]Rule{ForwardOutside}, j.forwards}, {[]Rule{FewMails, ManyMails}, j.volumes}} {
		if slices.ContainsFunc(ask.rules, j.on) {
			if err := ask.do(); err != nil {
				return nil, err
			}
		}
	}
	dismissed, err := b.Dismissed(ctx)
	if err != nil {
		return nil, err
	}
	for i := range j.found {
		f := &j.found[i]
		sum := sha256.Sum256([]byte(fmt.Sprintln(f.Rule, f.Person, f.At.Unix(), f.Network, f.Target)))
		f.ID = hex.EncodeToString(sum[:8])
		f.Dismiss = dismissed[f.ID]
	}
	slices.SortStableFunc(j.found, func(a, b Finding) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	return j.found, nil
}

type judging struct {
	ctx     context.Context
	book    *records.Book
	t       Thresholds
	domains []string
	span    records.Span
	found   []Finding
}

func (j *judging) on(r Rule) bool { return !slices.Contains(j.t.Off, r) }

func (j *judging) add(f Finding) {
	if j.on(f.Rule) && !f.At.Before(j.span.From) && f.At.Before(j.span.To) {
		f.Evidence = f.Evidence[:min(len(f.Evidence), mostEvidence)]
		j.found = append(j.found, f)
	}
}

// each calls visit for the records of a kind from a moment on, the newest first.
func (j *judging) each(kind logs.Kind, from time.Time, visit func(records.Hit) bool) error {
	q := query.Query{Root: query.Node{Op: query.And, Kids: []query.Node{
		{Op: query.Is, Field: query.Kind, Value: string(kind)}, {Op: query.Is, Field: query.On, From: from, To: j.span.To},
	}}}
	_, err := j.book.Search(j.ctx, q, 0, visit)
	return err
}

// entry is a sign-in as the rules need it.
type entry struct {
	id   int64
	at   time.Time
	ip   netip.Addr
	ok   bool
	many int
}

func (j *judging) signIns() error {
	people := map[string][]entry{}
	n, back := 0, 2 // days: tries may last over midnight
	if j.on(NewNetwork) || j.on(NewHour) {
		back = max(back, j.t.HistoryDays)
	}
	if err := j.each(logs.SignIn, j.span.From.AddDate(0, 0, -back), func(h records.Hit) bool {
		r := &h.Record
		people[r.Person] = append(people[r.Person], entry{h.ID, r.At, r.IP, r.Outcome == logs.OK || r.Outcome == "", max(r.Times, 1)})
		n++
		return n < mostSignIns
	}); err != nil {
		return err
	}
	for person, all := range people {
		slices.Reverse(all)
		j.guesses(person, all)
		j.never(person, all)
	}
	return nil
}

// guesses finds hours with many refused sign-ins, and whether one came in then.
func (j *judging) guesses(person string, all []entry) {
	for i := 0; i < len(all); i++ {
		if all[i].ok {
			continue
		}
		f := Finding{Rule: Guessing, Person: person, At: all[i].at}
		ips := map[netip.Addr]bool{}
		last := i
		for k := i; k < len(all) && all[k].at.Sub(all[last].at) <= time.Hour; k++ {
			if !all[k].ok {
				f.Count, last = f.Count+all[k].many, k
				f.Until, ips[all[k].ip] = all[k].at, true
				f.Evidence = append(f.Evidence, all[k].id)
				f.IP, f.Network = text(all[k].ip)
			}
		}
		if f.Count < j.t.Refused {
			continue
		}
		for k := i; k < len(all) && all[k].at.Sub(all[last].at) <= 24*time.Hour; k++ {
			if all[k].ok && ips[all[k].ip] && f.before(j.t.Refused, all[i:k]) {
				f.Rule, f.At, f.Until = Guessed, all[k].at, all[k].at
				f.IP, f.Network = text(all[k].ip)
				f.Evidence = append([]int64{all[k].id}, f.Evidence...)
				break
			}
		}
		j.add(f)
		i = last
	}
}

// before says whether enough was refused before one succeeded.
func (f *Finding) before(least int, earlier []entry) bool {
	n := 0
	for _, e := range earlier {
		if !e.ok {
			n += e.many
		}
	}
	return n >= least
}

// never finds sign-ins from networks and at hours that are new for the person. The
// hours beside one that is known are known, too.
func (j *judging) never(person string, all []entry) {
	networks, hours := map[string]time.Time{}, map[int]time.Time{}
	for n, e := range all {
		if !e.ok {
			continue
		}
		old := e.at.AddDate(0, 0, -j.t.HistoryDays)
		ip, network := text(e.ip)
		hour := e.at.In(j.book.Zone()).Hour()
		if n >= j.t.LeastSignIns {
			f := Finding{Person: person, At: e.at, Until: e.at, Count: 1, IP: ip, Network: network, Hour: hour, Evidence: []int64{e.id}}
			if network != "" && !networks[network].After(old) {
				f.Rule = NewNetwork
				j.add(f)
			}
			if !hours[hour].After(old) && !hours[(hour+1)%24].After(old) && !hours[(hour+23)%24].After(old) {
				f.Rule = NewHour
				j.add(f)
			}
		}
		networks[network], hours[hour] = e.at, e.at
	}
}

// text is an address and its network: the /24 of IPv4, the /48 of IPv6, which providers
// give to one place.
func text(ip netip.Addr) (address, network string) {
	if !ip.IsValid() {
		return "", ""
	}
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	p, _ := ip.Prefix(bits)
	return ip.String(), p.String()
}

// bursts finds people who send much in little time.
func (j *judging) bursts() error {
	width := time.Duration(j.t.BurstMinutes) * time.Minute
	type window struct {
		recent []entry
		open   *Finding
	}
	people := map[string]*window{}
	finish := func(w *window) {
		if w.open != nil {
			j.add(*w.open)
			w.open = nil
		}
	}
	err := j.each(logs.Sent, j.span.From, func(h records.Hit) bool {
		r := &h.Record
		w := people[r.Person]
		if w == nil {
			w = &window{}
			people[r.Person] = w
		}
		w.recent = append(w.recent, entry{id: h.ID, at: r.At, ip: r.IP})
		for w.recent[0].at.Sub(r.At) > width {
			w.recent = w.recent[1:]
		}
		switch {
		case w.open != nil && w.open.At.Sub(r.At) <= width:
			w.open.At, w.open.Count = r.At, w.open.Count+1
		case len(w.recent) >= j.t.BurstMails:
			finish(w)
			w.open = &Finding{Rule: Burst, Person: r.Person, At: r.At, Until: w.recent[0].at, Count: len(w.recent)}
			w.open.IP, w.open.Network = text(r.IP)
			for _, e := range w.recent[:min(len(w.recent), mostEvidence)] {
				w.open.Evidence = append(w.open.Evidence, e.id)
			}
		}
		return true
	})
	for _, w := range people {
		finish(w)
	}
	return err
}

// forwards finds mail that goes on to other domains.
func (j *judging) forwards() error {
	for _, kind := range []logs.Kind{logs.User, logs.Admin} {
		if err := j.each(kind, j.span.From, func(h records.Hit) bool {
			r := &h.Record
			if r.Action != logs.ActForwardOn || r.TargetAddress() == "" || j.ours(r.Target) {
				return true
			}
			f := Finding{Rule: ForwardOutside, Person: r.Person, At: r.At, Until: r.At, Count: 1, Target: r.Target, Evidence: []int64{h.ID}}
			f.IP, f.Network = text(r.IP)
			j.add(f)
			return true
		}); err != nil {
			return err
		}
	}
	return nil
}

func (j *judging) ours(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return slices.ContainsFunc(j.domains, func(d string) bool { return strings.EqualFold(d, domain) })
}
