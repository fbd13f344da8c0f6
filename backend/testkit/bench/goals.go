package bench

import (
	"fmt"
	"slices"
	"strconv"
)

// Goal is one promise about speed or memory, judged.
type Goal struct {
	Case  string `json:"case"`
	Peer  string `json:"peer"`
	What  string `json:"what"`
	Found string `json:"found"`
	Met   bool   `json:"met"`
	Known bool   `json:"known"` // false: the case or the other program did not run
}

// memoryGoal is the largest resident set of the verbs, in any case but the office of
// fifty, which has [officeMemory].
const memoryGoal = 120 << 20

// target is a goal on time: within so many times another program's, or so many times
// as fast.
type target struct {
	cases  []string
	other  string
	within float64 // our time at most this many times the other's; 0: not asked
	faster float64 // the other's time at least this many times ours; 0: not asked
}

func targets() []target {
	return []target{
		{cases: []string{"small"}, other: nameLimit, within: 1.3},
		{cases: []string{"small"}, other: nameMbsync, faster: 4},
		{cases: []string{"small"}, other: nameImapsync, faster: 10},
		{cases: []string{"big"}, other: nameLimit, within: 1.2},
		{cases: []string{"lat40"}, other: nameLimit, within: 1.3},
		{cases: []string{"lat40"}, other: nameMbsync, faster: 1.5},
		{cases: []string{"lat40"}, other: nameImapsync, faster: 40},
		{cases: []string{"noop", "noop40", "delta", "delta40"}, other: nameMbsync, within: 2},
		{cases: []string{"plain"}, other: nameMbsync, faster: 1},
		{cases: []string{"plain40"}, other: nameMbsync, faster: 2},
		officeGoal(),
	}
}

// judged fills in the goals.
func (r Report) judged() Report {
	r.Goals = slices.Clone(r.Figures)
	if len(r.Cases) == 0 && len(r.Figures) > 0 {
		return r // no mail was moved
	}
	for _, name := range r.ours() {
		for _, t := range targets() {
			for _, c := range t.cases {
				r.Goals = append(r.Goals, r.timeGoal(name, c, t))
			}
		}
		r.Goals = append(r.Goals, r.memory(name, "all", memoryGoal), r.memory(name, "office50", officeMemory), r.wholeness(name))
	}
	return r
}

// ours names the builds of ours that took part, each once, the one that counts first.
func (r Report) ours() []string {
	names := []string{nameOurs, nameOursNone}
	for _, c := range r.Cases {
		for _, row := range c.Rows {
			if row.ours && !slices.Contains(names, row.Peer) {
				names = append(names, row.Peer)
			}
		}
	}
	return names
}

func (r Report) find(name string) *Case {
	for _, c := range r.Cases {
		if c.Name == name {
			return c
		}
	}
	return &Case{Name: name}
}

func (r Report) timeGoal(peer, name string, t target) Goal {
	c := r.find(name)
	g := Goal{Case: name, Peer: peer}
	if t.faster > 0 {
		g.What = fmt.Sprintf("at least %g times as fast as %s", t.faster, t.other)
	} else {
		g.What = fmt.Sprintf("within %g of %s", t.within, t.other)
	}
	ours, ok := c.reference(peer)
	other, also := c.reference(t.other)
	if g.Known = ok && also; !g.Known {
		g.Found = "not measured"
		return g
	}
	ratio := ours.perMessage().Seconds() / other.perMessage().Seconds()
	if t.faster > 0 {
		g.Met, g.Found = ours.Finished && 1/ratio >= t.faster, fmt.Sprintf("%.1f times", 1/ratio)
	} else {
		g.Met, g.Found = ours.Finished && ratio <= t.within, fmt.Sprintf("%.2f", ratio)
	}
	return g
}

// memory judges the peak of one case, or ("all") of all the others.
func (r Report) memory(peer, name string, limit int64) Goal {
	g := Goal{Case: name, Peer: peer, What: fmt.Sprintf("peak memory under %d MB", limit>>20)}
	var most int64
	for _, c := range r.Cases {
		if name != c.Name && (name != "all" || c.Name == "office50") {
			continue
		}
		if row := c.row(peer); row != nil {
			g.Known = true
			if row.peak() > most {
				most = row.peak()
				g.Found = fmt.Sprintf("%d MB in %s", most>>20, c.Name)
			}
		}
	}
	if g.Met = g.Known && most < limit; !g.Known {
		g.Found = "not measured"
	}
	return g
}

func (r Report) wholeness(peer string) Goal {
	g := Goal{Case: "all", Peer: peer, What: "everything arrives once and unchanged", Met: true}
	runs := 0
	for _, c := range r.Cases {
		row := c.row(peer)
		if row == nil {
			continue
		}
		g.Known = true
		for _, s := range row.Samples {
			runs++
			if !s.Whole || s.Failed != "" {
				g.Met, g.Found = false, c.Name+": "+s.Verdict+" "+s.Failed
			}
		}
	}
	if g.Met = g.Met && g.Known; g.Met {
		g.Found = strconv.Itoa(runs) + " runs identical"
	}
	return g
}

// Met tells whether no goal was missed; what was not measured is not missed.
func (r Report) Met() bool {
	for _, g := range r.Goals {
		if g.Known && !g.Met && g.Peer == nameOurs {
			return false
		}
	}
	return true
}
