package api

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/switchover"
)

// Switchover guides a move over the day on which the domain's mail goes to the new
// provider. It reads DNS and never changes it.
type Switchover struct {
	api *API
	mu  sync.Mutex // one look at a time writes a plan
}

// Get tells where the switch of a move stands, without asking the network. Before
// Set the domain and the providers are guesses.
func (s *Switchover) Get(moveID string) (Switch, error) {
	return s.with("switch", moveID, func(context.Context, *data, *switchover.Plan, moving.View) error { return nil })
}

// Set says which domain goes from which provider to which. What was seen before of
// another domain is forgotten. Errors: invalid with Args field (domain, to, selector).
func (s *Switchover) Set(moveID string, in SwitchInput) (Switch, error) {
	return s.with("set switch", moveID, func(ctx context.Context, d *data, p *switchover.Plan, _ moving.View) error {
		next := switchover.Plan{
			Move: moveID, Domain: strings.ToLower(strings.Trim(strings.TrimSpace(in.Domain), ".")),
			From: in.From, To: in.To, Selector: strings.TrimSpace(in.Selector),
		}
		if err := next.Check(); err != nil {
			return err
		}
		if next.Domain == p.Domain && next.To == p.To {
			from, selector := next.From, next.Selector
			next = *p // what was seen so far stays
			next.From, next.Selector = from, selector
		}
		*p = next
		return d.switches.Save(ctx, *p)
	})
}

// Check reads DNS now; App.Cancel(requestID) gives up.
func (s *Switchover) Check(requestID, moveID string) (Switch, error) {
	return s.with("check switch", moveID, func(root context.Context, d *data, p *switchover.Plan, v moving.View) error {
		ctx, end := s.api.calls.begin(root, requestID, time.Minute)
		defer end()
		return s.look(ctx, d, p, v)
	})
}

// look reads DNS into a plan. When the switch is seen for the first time, the runs
// for late mail begin by themselves.
func (s *Switchover) look(ctx context.Context, d *data, p *switchover.Plan, v moving.View) error {
	if err := p.Check(); err != nil {
		return err
	}
	resolvers, err := d.resolvers(ctx)
	if err != nil {
		return err
	}
	zone := (&switchover.Looker{Resolvers: resolvers}).Look(ctx, p.Domain, p.From, p.To, p.Selector)
	if ctx.Err() != nil {
		return core.E(core.Canceled, "check switch", ctx.Err())
	}
	switched := p.See(zone, doneBy(v), time.Now().Round(0))
	if err := d.switches.Save(ctx, *p); err != nil {
		return err
	}
	if !switched {
		return nil
	}
	if v.Options.Repeat.Hours == 0 {
		if _, err := d.desk.SetWhen(ctx, p.Move, v.Options.Schedule, moving.Repeat{Hours: hoursAfterSwitch}); err != nil {
			return err
		}
	}
	if err := d.desk.RunAgain(ctx, p.Move); err != nil && core.CodeOf(err) != core.Conflict { // it is at work already
		return err
	}
	return nil
}

// hoursAfterSwitch is how often late mail is brought over, unless a person chose.
const hoursAfterSwitch = 3

// SeeLeft notes that a person has read the list of messages left behind; count is
// how many they were shown. A conflict if there are others by now.
func (s *Switchover) SeeLeft(moveID string, count int64) (Switch, error) {
	return s.with("see left behind", moveID, func(ctx context.Context, d *data, p *switchover.Plan, v moving.View) error {
		if doneBy(v).LeftBehind != count {
			return core.E(core.Conflict, "see left behind", nil, "reason", "other_number")
		}
		p.LeftSeen = count
		return d.switches.Save(ctx, *p)
	})
}

// EndWatch ends the runs for late mail. Too soon it is a conflict with Args reason
// (not_spread, no_run_since, too_soon); insist overrules too_soon only.
func (s *Switchover) EndWatch(moveID string, insist bool) (Switch, error) {
	return s.with("end watch", moveID, func(ctx context.Context, d *data, p *switchover.Plan, v moving.View) error {
		now := time.Now().Round(0)
		if why := p.MayEndWatch(doneBy(v), now); why != "" && (why != "too_soon" || !insist) {
			return core.E(core.Conflict, "end watch", nil, "reason", why)
		}
		if _, err := d.desk.SetWhen(ctx, moveID, v.Options.Schedule, moving.Repeat{}); err != nil {
			return err
		}
		p.WatchEnded = now
		return d.switches.Save(ctx, *p)
	})
}

// CancelOld notes that the old provider was cancelled. Too soon it is a conflict with
// Args reason (watch, too_soon); insist overrules too_soon only.
func (s *Switchover) CancelOld(moveID string, insist bool) (Switch, error) {
	return s.with("cancel old provider", moveID, func(ctx context.Context, d *data, p *switchover.Plan, _ moving.View) error {
		now := time.Now().Round(0)
		if why := p.MayCancelOld(now); why != "" && (why != "too_soon" || !insist) {
			return core.E(core.Conflict, "cancel old provider", nil, "reason", why)
		}
		p.OldEnded = now
		return d.switches.Save(ctx, *p)
	})
}

// SetResolvers says which DNS resolvers are asked, as host or host:port; none: the
// usual ones. Errors: invalid with Args field resolvers and value.
func (s *Switchover) SetResolvers(resolvers []string) ([]string, error) {
	return with(s.api, "set resolvers", func(ctx context.Context, d *data) ([]string, error) {
		kept := []string{}
		for _, r := range resolvers {
			r = strings.TrimSpace(r)
			host, _, err := net.SplitHostPort(r)
			if err != nil {
				host = strings.Trim(r, "[]")
			}
			if host == "" || len(host) > 253 || strings.ContainsAny(host, " /@\r\n") || len(kept) == 12 {
				return nil, core.E(core.Invalid, "set resolvers", nil, "field", "resolvers", "reason", "malformed", "value", r)
			}
			if !slices.Contains(kept, r) {
				kept = append(kept, r)
			}
		}
		if err := d.setSetting(ctx, "resolvers", kept); err != nil {
			return nil, err
		}
		return d.resolvers(ctx)
	})
}

func (d *data) resolvers(ctx context.Context) ([]string, error) {
	var kept []string
	if err := d.setting(ctx, "resolvers", &kept); err != nil {
		return nil, err
	}
	if len(kept) == 0 {
		kept = slices.Clone(switchover.Resolvers)
	}
	return kept, nil
}

// with runs an act on the plan of a move and tells what it is then.
func (s *Switchover) with(op, moveID string, act func(context.Context, *data, *switchover.Plan, moving.View) error) (Switch, error) {
	return with(s.api, op, func(ctx context.Context, d *data) (Switch, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		v, err := d.desk.Get(moveID)
		if err != nil {
			return Switch{}, err
		}
		p, err := d.switches.Get(ctx, moveID)
		if core.CodeOf(err) == core.NotFound {
			p, err = guessed(&v), nil
		}
		if err == nil {
			err = act(ctx, d, &p, v)
		}
		if err != nil {
			return Switch{}, err
		}
		if v, err = d.desk.Get(moveID); err != nil {
			return Switch{}, err
		}
		return d.wireSwitch(ctx, p, doneBy(v))
	})
}

// doneBy is what a move has come to, in the words of the switch.
func doneBy(v moving.View) switchover.Move {
	m := switchover.Move{
		Running: v.Snapshot.Live, Watching: v.Options.Repeat.Hours > 0, LastRun: v.Ended, Whole: v.Watch.Whole,
	}
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		if mb.Out {
			continue
		}
		m.People++
		m.LeftBehind += mb.Outcome.Counts.LeftBehind
		switch {
		case mb.State == moving.Failed:
			m.Failed++
		case mb.Outcome.Ended.IsZero():
		case mb.State == moving.Done || mb.State == moving.LeftBehind || !v.Watch.Whole.IsZero():
			m.Ready++
		}
	}
	return m
}

// guessed is a plan from what the move says of its people.
func guessed(v *moving.View) switchover.Plan {
	p := switchover.Plan{Move: v.ID}
	count := map[string]int{}
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		if _, domain, ok := strings.Cut(mb.From.User, "@"); ok {
			domain = strings.ToLower(domain)
			if count[domain]++; count[domain] > count[p.Domain] {
				p.Domain = domain
			}
		}
	}
	if len(v.Mailboxes) > 0 {
		p.From, p.To = providerOf("", v.Mailboxes[0].From.Host), providerOf("", v.Mailboxes[0].To.Host)
	}
	return p
}

// How often a switch is looked at by itself: often while the news spreads.
const (
	lookOften = 2 * time.Minute
	lookUsual = 30 * time.Minute
)

// keepLooking checks open switches again and again until ctx ends.
func (s *Switchover) keepLooking(ctx context.Context, d *data) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		open, err := d.switches.Open(ctx)
		if err != nil {
			slog.Warn("switches cannot be read", "err", err)
			continue
		}
		for i := range open {
			p := &open[i]
			every := lookUsual
			if !p.SwitchedAt.IsZero() && p.SpreadAt.IsZero() {
				every = lookOften
			}
			if p.Checked.IsZero() || time.Since(p.Checked) < every { // the first look is a person's
				continue
			}
			if _, err := s.with("look at switch", p.Move, func(ctx context.Context, d *data, p *switchover.Plan, v moving.View) error {
				return s.look(ctx, d, p, v)
			}); err == nil {
				s.api.cfg.Desktop.Emit("switch:changed", SwitchChanged{MoveID: p.Move})
			}
		}
	}
}
