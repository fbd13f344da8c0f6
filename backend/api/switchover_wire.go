package api

import (
	"context"
	"time"

	"mailroom/backend/preset"
	"mailroom/backend/switchover"
)

// SwitchStepID names a step, see [switchover.StepID].
type SwitchStepID string

// SwitchState is where a step stands, see [switchover.State].
type SwitchState string

var switchStepIDs = []enum[SwitchStepID]{
	{SwitchStepID(switchover.StepPeople), "People"}, {SwitchStepID(switchover.StepLeft), "Left"}, {SwitchStepID(switchover.StepSPF), "SPF"},
	{SwitchStepID(switchover.StepTTL), "TTL"}, {SwitchStepID(switchover.StepDKIM), "DKIM"}, {SwitchStepID(switchover.StepDelta), "Delta"},
	{SwitchStepID(switchover.StepMX), "MX"}, {SwitchStepID(switchover.StepSpread), "Spread"}, {SwitchStepID(switchover.StepClients), "Clients"},
	{SwitchStepID(switchover.StepDMARC), "DMARC"}, {SwitchStepID(switchover.StepAfter), "After"}, {SwitchStepID(switchover.StepSPFOld), "SPFOld"},
	{SwitchStepID(switchover.StepTTLBack), "TTLBack"}, {SwitchStepID(switchover.StepCancel), "Cancel"},
}

var switchStates = []enum[SwitchState]{
	{SwitchState(switchover.Done), "Done"}, {SwitchState(switchover.Todo), "Todo"}, {SwitchState(switchover.Wait), "Wait"},
	{SwitchState(switchover.Blocked), "Blocked"}, {SwitchState(switchover.Danger), "Danger"}, {SwitchState(switchover.Unknown), "Unknown"},
}

// SwitchInput says which domain goes where.
type SwitchInput struct {
	Domain   string `json:"domain"`
	From     string `json:"from"`     // ID of a provider; "" none that is known
	To       string `json:"to"`       // ID of a provider
	Selector string `json:"selector"` // of the new DKIM key; "" as usual at the new provider
}

// Switch is where the switch of a move stands.
type Switch struct {
	MoveID     string       `json:"moveId"`
	Domain     string       `json:"domain"`
	From       string       `json:"from"`
	To         string       `json:"to"`
	Selector   string       `json:"selector"`
	FixedKey   bool         `json:"fixedKey"` // the new provider's selector is known
	Checked    int64        `json:"checked"`  // 0: never
	Error      ErrorCode    `json:"error"`    // why DNS could not be read; "" none
	Steps      []SwitchStep `json:"steps"`
	Views      []SwitchView `json:"views"` // what each resolver says of the MX
	Resolvers  []string     `json:"resolvers"`
	SwitchedAt int64        `json:"switchedAt"`
	SpreadAt   int64        `json:"spreadAt"`
	WatchEnded int64        `json:"watchEnded"`
	OldEnded   int64        `json:"oldEnded"`
	LeftBehind int64        `json:"leftBehind"`
	MayEnd     string       `json:"mayEnd"`    // why the watch must not end yet: not_spread, no_run_since, too_soon; "" it may
	MayCancel  string       `json:"mayCancel"` // why the old provider must not go yet: watch, too_soon; "" it may
}

// SwitchStep is one line of the list. Facts: numbers as text, times in milliseconds.
type SwitchStep struct {
	ID     SwitchStepID      `json:"id"`
	State  SwitchState       `json:"state"`
	Who    string            `json:"who"`    // you, dns, new, program
	Stands []string          `json:"stands"` // what stands now
	Should []DNSRecord       `json:"should"` // to copy
	Advice bool              `json:"advice"` // mail flows without it
	Facts  map[string]string `json:"facts"`  // never nil
}

// DNSRecord is a record to copy.
type DNSRecord struct {
	Type     string `json:"type"`
	Name     string `json:"name"` // "@" the domain itself; "" the provider's console tells it
	Value    string `json:"value"`
	Priority int    `json:"priority"`
	TTL      int64  `json:"ttl"` // seconds; 0: as it is
}

// SwitchView is what one resolver says of the domain's MX.
type SwitchView struct {
	Resolver string    `json:"resolver"`
	Hosts    []string  `json:"hosts"`
	New      bool      `json:"new"` // all of them are the new provider's
	Error    ErrorCode `json:"error"`
}

// SwitchChanged tells that a switch was looked at by itself.
type SwitchChanged struct {
	MoveID string `json:"moveId"`
}

func (d *data) wireSwitch(ctx context.Context, p switchover.Plan, m switchover.Move) (Switch, error) {
	now := time.Now()
	resolvers, err := d.resolvers(ctx)
	if err != nil {
		return Switch{}, err
	}
	to, _ := preset.ByID(p.To)
	s := Switch{
		MoveID: p.Move, Domain: p.Domain, From: p.From, To: p.To, Selector: p.Selector, FixedKey: len(to.DNS.DKIM.Selectors) > 0,
		Checked: millis(p.Checked), Error: ErrorCode(p.Zone.Error), Steps: mapped(p.Steps(m, now), wireStep), Views: []SwitchView{},
		Resolvers: resolvers, SwitchedAt: millis(p.SwitchedAt), SpreadAt: millis(p.SpreadAt), WatchEnded: millis(p.WatchEnded),
		OldEnded: millis(p.OldEnded), LeftBehind: m.LeftBehind, MayEnd: p.MayEndWatch(m, now), MayCancel: p.MayCancelOld(now),
	}
	for _, v := range p.Zone.Views {
		s.Views = append(s.Views, SwitchView{
			Resolver: v.Resolver, Hosts: mapped(v.MX, func(x switchover.MX) string { return x.Host }), New: p.Leads(v.MX), Error: ErrorCode(v.Error),
		})
	}
	return s, nil
}

func wireStep(s switchover.Step) SwitchStep {
	return SwitchStep{
		ID: SwitchStepID(s.ID), State: SwitchState(s.State), Who: s.Who, Stands: full(s.Stands), Advice: s.Advice, Facts: s.Facts,
		Should: mapped(s.Should, func(r switchover.Record) DNSRecord {
			return DNSRecord{Type: r.Type, Name: r.Name, Value: r.Value, Priority: int(r.Priority), TTL: int64(r.TTL)}
		}),
	}
}
