package header

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/doctor/message"
)

//go:embed data/marks.json
var files embed.FS

// Mark is what one spam filter wrote, explained.
type Mark struct {
	Rule     string // id of the rule that explains it
	System   string // name of the filter
	Field    string
	Value    string // what counted, e.g. "5"
	Limit    string // the filter's own limit; "" none
	Means    string // code of the meaning
	Weight   int    // above 0 towards junk, below 0 towards the inbox
	Observed bool   // known from mail, not from the vendor's documentation
	Source   string
	Symbols  []Symbol // single tests of SpamAssassin and Rspamd, heaviest first
}

// Symbol is one test of a filter that adds up tests.
type Symbol struct {
	Name  string
	Score float64 // 0 where none is told
	Topic string  // auth, listed, dns, link, content, form, subject, spoof, bulk, learned, other
}

type markRule struct {
	ID      string     `json:"id"`
	System  string     `json:"system"`
	Field   string     `json:"field"`
	Pattern string     `json:"pattern"`
	Known   string     `json:"known"`
	Source  string     `json:"source"`
	Cases   []markCase `json:"cases"`
	re      *regexp.Regexp
}

// markCase fits if every condition that it names holds.
type markCase struct {
	Is        string   `json:"is"`        // the value, whatever its case
	Under     *float64 `json:"under"`     // the value is a number below
	OverLimit bool     `json:"overLimit"` // the value reaches the limit
	Near      float64  `json:"near"`      // the value reaches this part of the limit
	Longer    int      `json:"longer"`    // the value has more characters
	Any       bool     `json:"any"`
	Means     string   `json:"means"`
	Weight    int      `json:"weight"`
}

type markData struct {
	Rules   []markRule `json:"rules"`
	Symbols []struct {
		Prefix string `json:"prefix"`
		Topic  string `json:"topic"`
	} `json:"symbols"`
	byField map[string][]*markRule
}

var marked = loadMarks()

func loadMarks() *markData {
	d := &markData{byField: map[string][]*markRule{}}
	raw, err := files.ReadFile("data/marks.json")
	if err == nil {
		err = json.Unmarshal(raw, d)
	}
	if err != nil { // embedded and tested: only a broken build comes here
		panic(fmt.Sprintf("header: data/marks.json: %v", err))
	}
	for i := range d.Rules {
		r := &d.Rules[i]
		r.re = regexp.MustCompile(r.Pattern)
		d.byField[r.Field] = append(d.byField[r.Field], r)
	}
	return d
}

const maxMarks = 60

// marks explains the fields that filters wrote; only the topmost of a name counts,
// since the rest may be the sender's.
func marks(h message.Header) []Mark {
	var all []Mark
	seen := map[string]bool{}
	for _, f := range h {
		name := strings.ToLower(f.Name)
		// MailScanner puts the office's name into the field's.
		if strings.HasPrefix(name, "x-") && strings.HasSuffix(name, "-mailscanner-spamcheck") {
			name = "x-mailscanner-spamcheck"
		}
		if seen[name] || len(all) >= maxMarks {
			continue
		}
		seen[name] = true
		for _, r := range marked.byField[name] {
			if m, ok := r.explain(f); ok {
				m.Symbols = symbols(name, f.Value)
				all = append(all, m)
			}
		}
	}
	return all
}

func (r *markRule) explain(f message.Field) (Mark, bool) {
	found := r.re.FindStringSubmatch(f.Value)
	if found == nil {
		return Mark{}, false
	}
	m := Mark{Rule: r.ID, System: r.System, Field: f.Name, Observed: r.Known == "observed", Source: r.Source}
	if len(found) > 1 {
		m.Value = clip(found[1], 60)
	}
	if len(found) > 2 {
		m.Limit = found[2]
	}
	for _, c := range r.Cases {
		if c.fits(m.Value, m.Limit) {
			m.Means, m.Weight = c.Means, c.Weight
			return m, true
		}
	}
	return Mark{}, false
}

func (c markCase) fits(value, limit string) bool {
	n, notNumber := strconv.ParseFloat(value, 64)
	top, noLimit := strconv.ParseFloat(limit, 64)
	switch {
	case c.Any:
		return true
	case c.Is != "":
		return strings.EqualFold(value, c.Is)
	case c.Under != nil:
		return notNumber == nil && n < *c.Under
	case c.OverLimit:
		return notNumber == nil && noLimit == nil && n >= top
	case c.Near > 0:
		return notNumber == nil && noLimit == nil && top > 0 && n >= top*c.Near
	case c.Longer > 0:
		return len(value) > c.Longer
	}
	return false
}

var (
	rspamdSymbol = regexp.MustCompile(`([A-Z][A-Z0-9_]{2,60})(?:\([^)]*\))?\s*[(\[]?(-?\d+(?:\.\d+)?)[)\]]`)
	plainSymbol  = regexp.MustCompile(`\b([A-Z][A-Z0-9_]{2,60})(?:=(-?\d+(?:\.\d+)?))?`)
)

const maxSymbols = 40

// symbols lists the tests that hit, heaviest first.
func symbols(field, value string) []Symbol {
	pattern, list := plainSymbol, ""
	switch field {
	case "x-spamd-result":
		pattern, list = rspamdSymbol, value
	case "x-spam-status":
		if _, after, found := strings.Cut(value, "tests="); found {
			list, _, _ = strings.Cut(after, " autolearn")
		}
	}
	var all []Symbol
	for _, m := range pattern.FindAllStringSubmatch(list, 4*maxSymbols) {
		s := Symbol{Name: m[1], Topic: topicOf(m[1])}
		s.Score, _ = strconv.ParseFloat(m[2], 64)
		if s.Topic != "none" {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Symbol) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return all[:min(len(all), maxSymbols)]
}

func topicOf(name string) string {
	for _, s := range marked.Symbols {
		if strings.HasPrefix(name, s.Prefix) {
			return s.Topic
		}
	}
	return "other"
}
