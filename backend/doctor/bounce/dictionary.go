package bounce

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mailroom/backend/doctor/message"
)

//go:embed data/*.json
var files embed.FS

// Cause is one reason for which mail comes back.
type Cause struct {
	ID    string   `json:"id"`
	Fault Fault    `json:"fault"`
	Final bool     `json:"final"`
	Acts  []string `json:"acts"`
}

type codeRule struct {
	Code   string `json:"code"`
	Cause  string `json:"cause"`
	Source string `json:"source"`
}

type wordRule struct {
	ID     string   `json:"id"`
	Has    []string `json:"has"`
	Unless []string `json:"unless"`
	Cause  string   `json:"cause"`
	Source string   `json:"source"`
}

type systemRule struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	From    []string `json:"from"`
	Subject []string `json:"subject"`
	Header  []string `json:"header"`
	Text    []string `json:"text"`
	Source  string   `json:"source"`
}

// dictionary is the data of this package, read once at start.
type dictionary struct {
	causes   map[string]Cause
	enhanced map[string]codeRule
	reply    map[string]codeRule
	words    []wordRule
	systems  struct {
		Systems         []systemRule `json:"systems"`
		RecipientLabels []string     `json:"recipientLabels"`
		ReasonLabels    []string     `json:"reasonLabels"`
		OriginalMarks   []string     `json:"originalMarks"`
		FailureSubjects []string     `json:"failureSubjects"`
		DelaySubjects   []string     `json:"delaySubjects"`
		DelayWords      []string     `json:"delayWords"`
	}
}

var dict = load()

func load() *dictionary {
	d := &dictionary{causes: map[string]Cause{}, enhanced: map[string]codeRule{}, reply: map[string]codeRule{}}
	var causes struct{ Causes []Cause }
	var codes struct{ Enhanced, Reply []codeRule }
	var words struct{ Rules []wordRule }
	for name, into := range map[string]any{"causes": &causes, "codes": &codes, "words": &words, "systems": &d.systems} {
		raw, err := files.ReadFile("data/" + name + ".json")
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil { // embedded and tested: only a broken build comes here
			panic(fmt.Sprintf("bounce: data/%s.json: %v", name, err))
		}
	}
	for _, c := range causes.Causes {
		d.causes[c.ID] = c
	}
	for _, c := range codes.Enhanced {
		d.enhanced[c.Code] = c
	}
	for _, c := range codes.Reply {
		d.reply[c.Code] = c
	}
	d.words = words.Rules
	return d
}

// gap is how far the pieces around a * may be apart, in bytes.
const gap = 120

// holds says whether lower contains a fragment; * stands for a gap.
func holds(lower, fragment string) bool {
	head, rest, starred := strings.Cut(fragment, "*")
	if !starred {
		return strings.Contains(lower, fragment)
	}
	for from := 0; from <= len(lower); {
		i := strings.Index(lower[from:], head)
		if i < 0 {
			return false
		}
		at := from + i + len(head)
		if rest == "" || holds(lower[at:min(len(lower), at+gap)], rest) {
			return true
		}
		from = at + 1
	}
	return false
}

func anyOf(lower string, fragments []string) bool {
	return slices.ContainsFunc(fragments, func(f string) bool { return holds(lower, f) })
}

// byWords finds the first rule that fits a text in lower case.
func (d *dictionary) byWords(lower string) (wordRule, bool) {
	for _, r := range d.words {
		if anyOf(lower, r.Has) && !anyOf(lower, r.Unless) {
			return r, true
		}
	}
	return wordRule{}, false
}

// byStatus finds what an enhanced code means, the full code before its family.
func (d *dictionary) byStatus(status string) (codeRule, bool) {
	if r, ok := d.enhanced[status]; ok {
		return r, true
	}
	if _, tail, found := strings.Cut(status, "."); found {
		r, ok := d.enhanced["x."+tail]
		return r, ok
	}
	return codeRule{}, false
}

// system recognises who wrote a returned mail. The sender's address tells most, but
// only together with a subject or a text that returns mail.
func (d *dictionary) system(h message.Header, subject, lower string) (id, name string) {
	from, subject := strings.ToLower(h.Text("From")), strings.ToLower(subject)
	for _, s := range d.systems.Systems {
		if anyOf(from, s.From) && (daemon(from) || d.failureSubject(subject) || anyOf(subject, s.Subject) || anyOf(subject, d.systems.DelaySubjects)) && len(s.Subject)+len(s.Text) > 0 &&
			(!generic(s.ID) || anyOf(subject, s.Subject) || anyOf(lower, s.Text)) {
			return s.ID, s.Name
		}
	}
	for _, s := range d.systems.Systems {
		if slices.ContainsFunc(s.Header, func(prefix string) bool { return hasField(h, prefix) }) && (daemon(from) || d.failureSubject(subject)) {
			return s.ID, s.Name
		}
	}
	for _, s := range d.systems.Systems {
		if anyOf(lower, s.Text) {
			return s.ID, s.Name
		}
	}
	for _, s := range d.systems.Systems {
		if subject != "" && anyOf(subject, s.Subject) {
			return s.ID, s.Name
		}
	}
	return "", ""
}

// generic systems share their sender's name with others, so more must fit.
func generic(id string) bool { return id == "exim" || id == "postfix" || id == "sendmail" }

func hasField(h message.Header, prefix string) bool {
	return slices.ContainsFunc(h, func(f message.Field) bool { return strings.HasPrefix(strings.ToLower(f.Name), prefix) })
}

func (d *dictionary) failureSubject(subject string) bool {
	return anyOf(strings.ToLower(subject), d.systems.FailureSubjects)
}

// cutOriginal parts a report's own words from the mail that it quotes.
func (d *dictionary) cutOriginal(text string) (own, quoted string) {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		return text, ""
	}
	at := -1
	for _, mark := range d.systems.OriginalMarks {
		// At the beginning of a line, and not as the first thing said.
		if i := strings.Index(lower, "\n"+mark); i > 40 && (at < 0 || i < at) {
			at = i
		}
	}
	if at < 0 {
		return text, ""
	}
	return text[:at], text[at+1:]
}
