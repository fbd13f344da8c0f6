package soak

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"mailroom/backend/testkit/servers"
)

// attack is a way to break a move.
type attack string

// The attacks.
const (
	killProgram     attack = "kill the program"
	cutDestination  attack = "cut the destination's line"
	killDestination attack = "kill the destination"
	rollBack        attack = "power cut: older ledger"
	cutSource       attack = "cut the source's line"
	killSource      attack = "kill the source"
	forget          attack = "delete the ledger"
)

var attacks = []attack{killProgram, cutDestination, killDestination, rollBack, cutSource, killSource, forget}

// variant is a destination that lacks something.
type variant struct {
	name    string
	without []string
}

var variants = []variant{
	{name: "all extensions"},
	{name: "no UIDPLUS", without: []string{"UIDPLUS"}},
	{name: "no MULTIAPPEND", without: []string{"MULTIAPPEND"}},
	{name: "no MULTIAPPEND, LITERAL+", without: []string{"MULTIAPPEND", "LITERAL+"}},
	{name: "no CONDSTORE", without: []string{"CONDSTORE", "QRESYNC"}},
	{name: "no extensions", without: []string{"UIDPLUS", "MULTIAPPEND", "LITERAL+", "CONDSTORE", "QRESYNC"}},
}

func (v variant) options() servers.Options { return servers.Options{Without: v.without} }

// holds says what the destination has before the first run.
type holds string

// The beginnings.
const (
	nothing   holds = "empty"
	part      holds = "holds a part"
	strangers holds = "holds other mail"
)

// plan is everything about an iteration, drawn from its seed.
type plan struct {
	seed    uint64
	attack  attack
	variant variant
	source  int // index of the source server
	size    int // index of the mailbox
	holds   holds
	share   float64 // of the mail that the destination holds already
	verify  string
	lanes   int
	times   int // attacks before the move is left in peace
	moments []float64
	random  *rand.Rand
}

var levels = []string{"none", "counts", "fingerprint", "fingerprint", "bytes"}

// draw makes the plan of a seed. Seeds in a row go through all attacks, and with each
// round of attacks to the next variant, so that a short run sees much.
func draw(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 0x736f616b))
	round := seed / uint64(len(attacks))
	p := plan{
		seed: seed, random: r,
		attack:  attacks[seed%uint64(len(attacks))],
		variant: variants[(seed+round)%uint64(len(variants))],
		source:  r.IntN(len(sources)), size: r.IntN(sizes),
		verify: levels[r.IntN(len(levels))], lanes: []int{0, 0, 1, 3}[r.IntN(4)], times: 1 + r.IntN(3),
		holds: []holds{nothing, nothing, part, strangers}[r.IntN(4)], share: 0.1 + 0.8*r.Float64(),
	}
	for range p.times {
		moment := r.Float64() * 1.1
		if r.IntN(4) == 0 {
			moment = r.Float64() * 0.02 // while signing in, listing and making folders
		}
		p.moments = append(p.moments, moment)
	}
	return p
}

func (p plan) String() string {
	var at []string
	for _, m := range p.moments {
		at = append(at, fmt.Sprintf("%.0f %%", 100*m))
	}
	return fmt.Sprintf("%s at %s; destination with %s, %s; proof %s, %d lanes, source %d.%d",
		p.attack, strings.Join(at, ", "), p.variant.name, p.holds, p.verify, p.lanes, p.source, p.size)
}
