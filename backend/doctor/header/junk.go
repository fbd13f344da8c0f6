package header

import (
	"cmp"
	"slices"
	"strconv"
)

// Verdict says what the header lets expect.
type Verdict string

// The verdicts. Junk: a filter says so, or the grounds are heavy.
const (
	VerdictJunk    Verdict = "junk"
	VerdictDoubt   Verdict = "doubt"
	VerdictFine    Verdict = "fine"
	VerdictUnknown Verdict = "unknown" // nothing speaks for either
)

// Junk is why a mail went, or would go, to the junk folder.
type Junk struct {
	Verdict Verdict
	Score   int      // 0 to 100: the grounds together
	Grounds []Ground // heaviest first; below 0 those that speak for the mail
}

// Ground is one thing that filters hold for or against a mail.
type Ground struct {
	Code   string // mark, dmarc-fail, spf-fail, dkim-fail, no-authentication, …; see [GroundCodes]
	Weight int    // above 0 towards junk, at most 100
	Facts  map[string]string
}

// GroundCodes lists every code that a ground can have.
var GroundCodes = []string{
	"mark", "dmarc-fail", "dmarc-pass", "spf-fail", "spf-softfail", "spf-broken", "dkim-fail", "dkim-key", "no-authentication", "forwarded",
	"arc-fail", "no-reverse", "symbols", "oddity",
}

// oddityWeights are how much filters mind the form.
var oddityWeights = map[string]int{
	"no-date": 15, "bad-date": 15, "future": 15, "no-message-id": 10, "no-from": 40, "two-from": 40, "two-subject": 10, "reply-elsewhere": 15,
	"bounce-elsewhere": 3, "name-poses": 35, "look-alike": 20, "many-hops": 5, "no-unsubscribe": 20,
}

// weigh gathers the grounds. A filter's own verdict decides; without one the grounds
// are added up.
func weigh(r Report) Junk {
	var j Junk
	add := func(code string, weight int, facts ...string) {
		g := Ground{Code: code, Weight: weight, Facts: map[string]string{}}
		for i := 0; i+1 < len(facts); i += 2 {
			g.Facts[facts[i]] = facts[i+1]
		}
		j.Grounds = append(j.Grounds, g)
	}
	heaviest, cleared := 0, 0
	for _, m := range r.Marks {
		if m.Weight != 0 {
			add("mark", m.Weight, "rule", m.Rule, "system", m.System, "means", m.Means, "value", m.Value, "limit", m.Limit)
		}
		heaviest, cleared = max(heaviest, m.Weight), min(cleared, m.Weight)
		weighSymbols(m, add)
	}
	weighAuth(r, add)
	for _, o := range r.Oddities {
		facts := []string{"oddity", o.Code}
		for k, v := range o.Facts {
			facts = append(facts, k, v)
		}
		add("oddity", oddityWeights[o.Code], facts...)
	}
	if hop, ok := entrance(r); ok && hop.FromName == "unknown" {
		add("no-reverse", 20, "ip", hop.FromIP)
	}
	slices.SortStableFunc(j.Grounds, func(a, b Ground) int { return cmp.Compare(b.Weight, a.Weight) })
	sum := 0
	for _, g := range j.Grounds {
		if g.Code != "mark" || g.Weight > 0 {
			sum += g.Weight
		}
	}
	j.Score = max(0, min(100, sum))
	switch {
	case heaviest >= 70:
		j.Verdict = VerdictJunk
	case cleared <= -30:
		j.Verdict = VerdictFine
	case j.Score >= 60:
		j.Verdict = VerdictJunk
	case j.Score >= 25:
		j.Verdict = VerdictDoubt
	case len(r.Marks) > 0 || r.DMARC.Result == Pass:
		j.Verdict = VerdictFine
	default:
		j.Verdict = VerdictUnknown
	}
	return j
}

// weighSymbols tells the heaviest tests of a filter by topic; their weight is in the
// filter's own already.
func weighSymbols(m Mark, add func(string, int, ...string)) {
	byTopic := map[string]float64{}
	names := map[string]string{}
	for _, s := range m.Symbols {
		if s.Score >= 0.5 {
			byTopic[s.Topic] += s.Score
			if names[s.Topic] != "" {
				names[s.Topic] += ", "
			}
			names[s.Topic] += s.Name
		}
	}
	topics := make([]string, 0, len(byTopic))
	for t := range byTopic {
		topics = append(topics, t)
	}
	slices.Sort(topics)
	for _, t := range topics {
		add("symbols", min(30, int(byTopic[t]*4)), "system", m.System, "topic", t, "names", clip(names[t], 200), "value", strconv.FormatFloat(byTopic[t], 'f', 1, 64))
	}
}

func weighAuth(r Report, add func(string, int, ...string)) {
	policyWeight := map[string]int{"reject": 60, "quarantine": 55, "none": 30}
	switch r.DMARC.Result {
	case Fail:
		w := policyWeight[r.DMARC.Policy]
		if w == 0 {
			w = 30
		}
		if r.ARC.Result == Pass {
			add("forwarded", w/2, "from", r.FromDomain)
		} else {
			add("dmarc-fail", w, "from", r.FromDomain, "policy", r.DMARC.Policy)
		}
	case Pass:
		add("dmarc-pass", -15, "from", r.FromDomain)
	}
	switch r.SPF.Result {
	case Fail:
		add("spf-fail", 25, "domain", r.SPF.Domain)
	case SoftFail:
		add("spf-softfail", 12, "domain", r.SPF.Domain)
	case PermError:
		add("spf-broken", 12, "domain", r.SPF.Domain)
	}
	passed := false
	for _, s := range r.DKIM {
		passed = passed || s.Outcome() == Pass
	}
	for _, s := range r.DKIM {
		switch out := s.Outcome(); {
		case passed || out == "" || out == Pass || out == TempError:
		case out == PermError:
			add("dkim-key", 15, "domain", s.Domain, "selector", s.Selector, "why", s.Reason)
		default:
			add("dkim-fail", 20, "domain", s.Domain, "selector", s.Selector, "why", s.Reason)
		}
	}
	if r.ARC.Result == Fail {
		add("arc-fail", 5, "why", r.ARC.Reason)
	}
	if len(r.DKIM) == 0 && (r.SPF.Result == None || r.SPF.Result == Neutral) && len(r.Claims) > 0 {
		add("no-authentication", 20, "from", r.FromDomain)
	}
}

// entrance is the first hop that came from a public address to another organisation's
// server: where the receiver looked at the sender.
func entrance(r Report) (Hop, bool) {
	for i := len(r.Hops) - 1; i >= 0; i-- {
		h := r.Hops[i]
		if h.FromIP != "" && public(h.FromIP) && !h.Signed {
			return h, true
		}
	}
	return Hop{}, false
}
