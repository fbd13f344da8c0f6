// Package switchover guides an office over the day on which its mail goes to the new
// provider: it reads the domain's DNS at several resolvers, takes in how far the move
// is, says which step is done, which is next and which would be dangerous now, and
// keeps what it saw so that the end can put things back as they were.
//
// It leaves out the diagnosis of a domain (package doctor), changing DNS, and the
// runs that bring over what still arrives at the old place (package moving).
package switchover

import (
	"strings"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// Move is what a move has come to, told by whoever knows it.
type Move struct {
	People     int // that take part
	Ready      int // whose mail is there, as far as it can be
	Failed     int // who need a person
	LeftBehind int64
	Running    bool
	Watching   bool      // further runs will come by themselves
	LastRun    time.Time // when a run last ended
	Whole      time.Time // when a run last ended with everybody's mail there
}

// Plan is the switch of one domain: what a person said, and what was seen so far.
type Plan struct {
	Move     string `json:"move"` // its ID
	Domain   string `json:"domain"`
	From     string `json:"from"`               // ID of the old provider; "" none that is known
	To       string `json:"to"`                 // ID of the new one
	Selector string `json:"selector,omitempty"` // of the new provider's DKIM key; "" as usual there

	UsualTTL   uint32    `json:"usualTtl,omitempty"` // of the MX before it was lowered, in seconds
	LoweredAt  time.Time `json:"loweredAt,omitzero"` // a short TTL was first seen
	SwitchedAt time.Time `json:"switchedAt,omitzero"`
	SpreadAt   time.Time `json:"spreadAt,omitzero"` // every resolver told the new place
	EarlyAt    time.Time `json:"earlyAt,omitzero"`  // the switch was seen before everybody's mail had been moved once
	LeftSeen   int64     `json:"leftSeen,omitempty"`
	WatchEnded time.Time `json:"watchEnded,omitzero"`
	OldEnded   time.Time `json:"oldEnded,omitzero"` // the person has cancelled the old provider

	Zone    Zone      `json:"zone"` // as it was last read
	Checked time.Time `json:"checked,omitzero"`
}

// LowTTL is the longest TTL in seconds with which a switch is quick: after it,
// everybody has the new place within ten minutes.
const LowTTL = 600

// restoredTTL is what an MX usually has where nobody saw what it was before.
const restoredTTL = 3600

// Times between the steps.
const (
	freshRun  = 24 * time.Hour      // the last run before the switch is at most so old
	leastDays = 3 * 24 * time.Hour  // mail still comes to the old place for so long: senders cache, and try again
	keepOld   = 30 * 24 * time.Hour // the old mailboxes are to be kept for so long
)

// See takes over what was read and notes what happened for the first time. It
// reports whether the domain's mail was switched since.
func (p *Plan) See(z Zone, m Move, now time.Time) (switched bool) {
	p.Zone, p.Checked = z, now
	ttl := z.TTL()
	switch {
	case ttl == 0:
	case ttl > LowTTL && p.SwitchedAt.IsZero():
		p.UsualTTL, p.LoweredAt = max(p.UsualTTL, ttl), time.Time{}
	case ttl <= LowTTL && p.LoweredAt.IsZero():
		p.LoweredAt = now
	}
	switch z.place(p.To) {
	case placeNew:
		if p.SwitchedAt.IsZero() {
			p.SwitchedAt, switched = now, true
			if m.Whole.IsZero() {
				p.EarlyAt = now
			}
		}
		if p.SpreadAt.IsZero() && z.spread(p.To) {
			p.SpreadAt = now
		}
	case placeOld: // it was switched back
		p.SwitchedAt, p.SpreadAt, p.EarlyAt = time.Time{}, time.Time{}, time.Time{}
	}
	return switched
}

// Check finds what is wrong with what a person said: invalid with Args field (domain,
// to, selector) and reason (missing, malformed, unknown).
func (p *Plan) Check() error {
	field, reason := "", ""
	switch labels, ok := dns.IsDomainName(p.Domain); {
	case p.Domain == "":
		field, reason = "domain", "missing"
	case !ok || labels < 2 || strings.ContainsAny(p.Domain, " @/\\\"'"):
		field, reason = "domain", "malformed"
	case p.To == "":
		field, reason = "to", "missing"
	case p.Selector != "" && strings.Trim(strings.ToLower(p.Selector), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "":
		field, reason = "selector", "malformed"
	}
	if _, ok := preset.ByID(p.To); field == "" && !ok {
		field, reason = "to", "unknown"
	}
	if field == "" {
		return nil
	}
	return core.E(core.Invalid, "check switch", nil, "field", field, "reason", reason)
}

// Leads says whether all of these records lead to the new provider.
func (p *Plan) Leads(records []MX) bool { return placeOf(records, p.To) == placeNew }
