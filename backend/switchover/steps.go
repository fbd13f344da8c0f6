package switchover

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mailroom/backend/preset"
)

// StepID names a step of the list.
type StepID string

// The steps, in their order.
const (
	StepPeople  StepID = "people"  // everybody's mail was moved once
	StepLeft    StepID = "left"    // somebody has read what was left behind
	StepSPF     StepID = "spf"     // both providers may send
	StepTTL     StepID = "ttl"     // the MX is short-lived, and has been for long enough
	StepDKIM    StepID = "dkim"    // the new provider's key stands
	StepDelta   StepID = "delta"   // a run for new mail has just been
	StepMX      StepID = "mx"      // mail goes to the new place
	StepSpread  StepID = "spread"  // and everybody knows
	StepClients StepID = "clients" // nobody's program is led to the old place
	StepDMARC   StepID = "dmarc"   // there is a policy
	StepAfter   StepID = "after"   // late mail was brought over until a person ended the watch
	StepSPFOld  StepID = "spf_old" // the old provider may send no longer
	StepTTLBack StepID = "ttl_back"
	StepCancel  StepID = "cancel" // the old provider can go
)

// State is where a step stands.
type State string

// The states.
const (
	Done    State = "done"
	Todo    State = "todo"    // somebody must act
	Wait    State = "wait"    // it comes by itself; facts: until
	Blocked State = "blocked" // would be dangerous now; facts: why (steps, joined by commas)
	Danger  State = "danger"  // has happened too soon; something must be done at once
	Unknown State = "unknown" // cannot be read now
)

// Who must act.
const (
	WhoYou     = "you"     // in this program
	WhoDNS     = "dns"     // whoever keeps the domain's DNS
	WhoNew     = "new"     // in the new provider's console
	WhoProgram = "program" // nobody: it comes by itself
)

// Record is a DNS record to copy.
type Record struct {
	Type, Name, Value string
	Priority          uint16
	TTL               uint32 // seconds; 0: as it is
}

// Step is one line of the list.
type Step struct {
	ID     StepID
	State  State
	Who    string
	Stands []string // what stands now
	Should []Record // what should stand; empty: nothing to copy
	Advice bool     // mail flows without it
	Facts  map[string]string
}

// Steps judges a switch. It is a function of its arguments.
func (p *Plan) Steps(m Move, now time.Time) []Step {
	if p.Zone.Error != "" || p.Checked.IsZero() {
		return p.unread(m)
	}
	all := []Step{
		p.people(m), p.left(m), p.spfBoth(), p.ttl(now), p.dkim(), p.delta(m, now),
	}
	mx := p.mx(m, all, now)
	return append(all, mx, p.spreadStep(), p.clients(), p.dmarc(), p.after(m, now), p.spfOld(), p.ttlBack(), p.cancel(now))
}

// unread is the list while DNS cannot be read: what the move tells stands.
func (p *Plan) unread(m Move) []Step {
	all := []Step{p.people(m), p.left(m)}
	for _, id := range []StepID{StepSPF, StepTTL, StepDKIM, StepDelta, StepMX, StepSpread, StepClients, StepDMARC, StepAfter, StepSPFOld, StepTTLBack, StepCancel} {
		all = append(all, step(id, Unknown, WhoDNS))
	}
	return all
}

func step(id StepID, s State, who string) Step {
	return Step{ID: id, State: s, Who: who, Facts: map[string]string{}}
}

func (p *Plan) people(m Move) Step {
	s := step(StepPeople, Todo, WhoYou)
	s.Facts["ready"], s.Facts["people"], s.Facts["failed"] = fmt.Sprint(m.Ready), fmt.Sprint(m.People), fmt.Sprint(m.Failed)
	switch {
	case m.People > 0 && m.Ready == m.People && !m.Whole.IsZero():
		s.State = Done
	case m.Running:
		s.State, s.Who = Wait, WhoProgram
	}
	return s
}

func (p *Plan) left(m Move) Step {
	s := step(StepLeft, Todo, WhoYou)
	s.Facts["left"] = fmt.Sprint(m.LeftBehind)
	if m.LeftBehind == p.LeftSeen {
		s.State = Done
	}
	return s
}

// spfBoth wants both providers in one record: until everybody has changed over, mail
// is sent from both.
func (p *Plan) spfBoth() Step {
	s := step(StepSPF, Todo, WhoDNS)
	s.Stands = p.Zone.SPF
	record := strings.Join(p.Zone.SPF, " ")
	with := []string{p.From, p.To}
	if !p.WatchEnded.IsZero() {
		with = []string{p.To}
	}
	missing := slices.DeleteFunc(slices.Clone(with), func(id string) bool { return sender(id) == "" || allows(record, id) })
	if len(p.Zone.SPF) == 1 && len(missing) == 0 {
		s.State = Done
		return s
	}
	s.Should = []Record{{Type: "TXT", Name: "@", Value: merged(record, with, nil)}}
	if len(p.Zone.SPF) > 1 {
		s.Facts["why"] = "several"
	}
	return s
}

func (p *Plan) ttl(now time.Time) Step {
	s := step(StepTTL, Todo, WhoDNS)
	ttl := p.Zone.TTL()
	s.Facts["ttl"] = fmt.Sprint(ttl)
	if !p.SwitchedAt.IsZero() { // too late, or no longer needed
		s.State = Done
		return s
	}
	if ttl == 0 || ttl > LowTTL {
		for _, mx := range p.Zone.MX {
			s.Should = append(s.Should, Record{Type: "MX", Name: "@", Value: mx.Host, Priority: mx.Priority, TTL: LowTTL})
		}
		return s
	}
	s.State = Done
	if until := p.LoweredAt.Add(time.Duration(p.UsualTTL) * time.Second); until.After(now) {
		s.State, s.Who, s.Facts["until"] = Wait, WhoProgram, fmt.Sprint(until.UnixMilli())
	}
	return s
}

func (p *Plan) dkim() Step {
	s := step(StepDKIM, Todo, WhoNew)
	s.Advice, s.Facts["selector"] = true, p.Zone.Asked
	if p.Zone.DKIM != "" {
		s.State, s.Stands = Done, []string{p.Zone.DKIM}
		return s
	}
	s.Should = p.records(preset.UseDKIM)
	return s
}

func (p *Plan) delta(m Move, now time.Time) Step {
	s := step(StepDelta, Todo, WhoYou)
	if !m.LastRun.IsZero() {
		s.Facts["last"] = fmt.Sprint(m.LastRun.UnixMilli())
	}
	switch {
	case !p.SwitchedAt.IsZero():
		s.State = Done
	case m.Running:
		s.State, s.Who = Wait, WhoProgram
	case !m.LastRun.IsZero() && now.Sub(m.LastRun) <= freshRun:
		s.State = Done
	}
	return s
}

// mx refuses to show the record before the steps that make the switch safe.
func (p *Plan) mx(m Move, before []Step, now time.Time) Step {
	s := step(StepMX, Todo, WhoDNS)
	for _, mx := range p.Zone.MX {
		s.Stands = append(s.Stands, fmt.Sprintf("%d %s", mx.Priority, mx.Host))
	}
	should := p.records(preset.UseReceive)
	switch p.Zone.place(p.To) {
	case placeNew:
		s.State = Done
		if !p.EarlyAt.IsZero() && m.Whole.IsZero() {
			s.State, s.Facts["why"] = Danger, "before_full_run"
		}
		return s
	case placeMixed:
		s.State, s.Facts["why"], s.Should = Danger, "mixed", should
		return s
	}
	var open []string
	for _, b := range before {
		if b.State != Done && !b.Advice {
			open = append(open, string(b.ID))
		}
	}
	if len(open) > 0 {
		s.State, s.Facts["why"] = Blocked, strings.Join(open, ",")
		return s
	}
	s.Should = should
	return s
}

// records are what the new provider wants for a use.
func (p *Plan) records(use string) (all []Record) {
	to, ok := preset.ByID(p.To)
	if !ok {
		return nil
	}
	for _, r := range to.DNS.Records {
		if r.Use == use {
			all = append(all, Record{Type: r.Type, Name: r.Name, Value: strings.ReplaceAll(r.Value, "{domain}", p.Domain), Priority: r.Priority})
		}
	}
	return all
}

func (p *Plan) spreadStep() Step {
	s := step(StepSpread, Blocked, WhoProgram)
	told, asked := 0, 0
	for _, v := range p.Zone.Views {
		if v.Error == "" {
			asked++
			if placeOf(v.MX, p.To) == placeNew {
				told++
			}
		}
	}
	s.Facts["told"], s.Facts["asked"] = fmt.Sprint(told), fmt.Sprint(asked)
	switch {
	case p.SwitchedAt.IsZero():
		s.Facts["why"] = string(StepMX)
	case p.SpreadAt.IsZero():
		s.State = Wait
	default:
		s.State = Done
	}
	return s
}

// clients looks for names that lead people's programs to the old provider.
func (p *Plan) clients() Step {
	s := step(StepClients, Done, WhoDNS)
	s.Advice = true
	if p.SwitchedAt.IsZero() {
		s.State, s.Facts["why"] = Blocked, string(StepMX)
		return s
	}
	old, _ := preset.ByID(p.From)
	wanted := append(p.records(preset.UseClient), p.records(preset.UseAutodiscover)...)
	for _, n := range p.Zone.Names {
		if !ofProvider(n.Value, old) {
			continue
		}
		s.State = Todo
		stands := n.Name + " → " + n.Value
		if n.Seen != "" {
			stands += " (" + n.Seen + ")"
		}
		s.Stands = append(s.Stands, stands)
		for _, w := range wanted {
			if w.Name == n.Name {
				s.Should = append(s.Should, w)
			}
		}
	}
	return s
}

// ofProvider says whether a host is one of a provider's.
func ofProvider(host string, p preset.Provider) bool {
	for _, r := range p.DNS.Records {
		if r.Use != preset.UseClient && r.Use != preset.UseAutodiscover || r.Value == "" {
			continue
		}
		if value := plain(r.Value); host == value || strings.HasSuffix(host, "."+value) {
			return true
		}
	}
	return slices.ContainsFunc(p.IMAP, func(s preset.Server) bool { return s.Host == host })
}

func (p *Plan) dmarc() Step {
	s := step(StepDMARC, Done, WhoDNS)
	s.Advice = true
	if p.Zone.DMARC != "" {
		s.Stands = []string{p.Zone.DMARC}
		return s
	}
	s.State, s.Should = Todo, p.records(preset.UseDMARC)
	return s
}

// after is the watch over mail that still arrives at the old place.
func (p *Plan) after(m Move, now time.Time) Step {
	s := step(StepAfter, Blocked, WhoYou)
	s.Facts["last"] = fmt.Sprint(m.LastRun.UnixMilli())
	switch why := p.MayEndWatch(m, now); {
	case !p.WatchEnded.IsZero():
		s.State = Done
	case p.SpreadAt.IsZero():
		s.Facts["why"] = string(StepSpread)
	case !m.Watching && !m.Running && why != "":
		s.State, s.Facts["why"] = Todo, "no_watch"
	case why != "":
		s.State, s.Who, s.Facts["why"] = Wait, WhoProgram, why
		s.Facts["until"] = fmt.Sprint(p.SpreadAt.Add(leastDays).UnixMilli())
	default:
		s.State = Todo
	}
	return s
}

func (p *Plan) spfOld() Step {
	s := step(StepSPFOld, Blocked, WhoDNS)
	s.Advice = true
	record := strings.Join(p.Zone.SPF, " ")
	switch {
	case p.WatchEnded.IsZero():
		s.Facts["why"] = string(StepAfter)
	case p.From == "" || !allows(record, p.From):
		s.State = Done
	default:
		s.State, s.Stands = Todo, p.Zone.SPF
		s.Should = []Record{{Type: "TXT", Name: "@", Value: merged(record, []string{p.To}, []string{p.From})}}
	}
	return s
}

func (p *Plan) ttlBack() Step {
	s := step(StepTTLBack, Blocked, WhoDNS)
	want := p.UsualTTL
	if want <= LowTTL {
		want = restoredTTL
	}
	s.Facts["ttl"], s.Facts["usual"] = fmt.Sprint(p.Zone.TTL()), fmt.Sprint(want)
	switch {
	case p.WatchEnded.IsZero():
		s.Facts["why"] = string(StepAfter)
	case p.Zone.TTL() > LowTTL:
		s.State = Done
	default:
		s.State = Todo
		for _, mx := range p.Zone.MX {
			s.Should = append(s.Should, Record{Type: "MX", Name: "@", Value: mx.Host, Priority: mx.Priority, TTL: want})
		}
	}
	return s
}

func (p *Plan) cancel(now time.Time) Step {
	s := step(StepCancel, Blocked, WhoYou)
	if !p.SwitchedAt.IsZero() {
		s.Facts["until"] = fmt.Sprint(p.SwitchedAt.Add(keepOld).UnixMilli())
	}
	switch {
	case !p.OldEnded.IsZero():
		s.State = Done
	case p.WatchEnded.IsZero():
		s.Facts["why"] = string(StepAfter)
	case now.Before(p.SwitchedAt.Add(keepOld)):
		s.State, s.Who = Wait, WhoProgram
	default:
		s.State = Todo
	}
	return s
}

// MayEndWatch says why the watch over late mail must not end yet: not_spread,
// no_run_since, too_soon (the person may insist); "" it may.
func (p *Plan) MayEndWatch(m Move, now time.Time) string {
	switch {
	case p.SpreadAt.IsZero():
		return "not_spread"
	case !m.LastRun.After(p.SpreadAt.Add(time.Duration(max(p.UsualTTL, LowTTL)) * time.Second)):
		return "no_run_since"
	case now.Before(p.SpreadAt.Add(leastDays)):
		return "too_soon"
	}
	return ""
}

// MayCancelOld says why the old provider must not be cancelled yet: watch,
// too_soon (the person may insist); "" it may.
func (p *Plan) MayCancelOld(now time.Time) string {
	switch {
	case p.WatchEnded.IsZero():
		return "watch"
	case now.Before(p.SwitchedAt.Add(keepOld)):
		return "too_soon"
	}
	return ""
}
