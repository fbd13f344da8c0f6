package query

import (
	"slices"
	"strings"
	"time"

	"mailroom/backend/logs"
)

// Form asks the same questions as the language, field by field; empty fields ask
// nothing. Days are days of the zone that is given with it.
type Form struct {
	Words    string         `json:"words"`   // words anywhere; quotes hold words together, a minus excludes
	Person   string         `json:"person"`  // beginning of an address, or all of it
	Address  string         `json:"address"` // part of any address
	From     string         `json:"from"`
	To       string         `json:"to"`
	Subject  string         `json:"subject"`
	IP       string         `json:"ip"`
	Kinds    []logs.Kind    `json:"kinds"`
	Outcomes []logs.Outcome `json:"outcomes"`
	Methods  []logs.Method  `json:"methods"`
	Actions  []logs.Action  `json:"actions"`
	After    string         `json:"after"`  // day or moment, included
	Before   string         `json:"before"` // day or moment, not included
}

// Query is the question that the form asks. Errors are those of [Parse].
func (f Form) Query(zone *time.Location) (Query, error) { return Parse(f.String(), zone) }

// String is the form in the language.
func (f Form) String() string {
	var parts []string
	if w := strings.TrimSpace(f.Words); w != "" {
		if wholeOr(w) {
			w = "(" + w + ")"
		}
		parts = append(parts, w)
	}
	add := func(field Field, value string) {
		if value = strings.TrimSpace(strings.ReplaceAll(value, `"`, " ")); value == "" {
			return
		}
		if strings.ContainsAny(value, " \t\n\r,，()“”　") {
			value = `"` + value + `"`
		}
		parts = append(parts, string(field)+":"+value)
	}
	add(Person, f.Person)
	add(Address, f.Address)
	add(From, f.From)
	add(To, f.To)
	add(Subject, f.Subject)
	add(IP, f.IP)
	set := func(field Field, values []string) {
		if len(values) > 0 {
			parts = append(parts, string(field)+":"+strings.Join(values, ","))
		}
	}
	set(Kind, texts(f.Kinds))
	set(Outcome, texts(f.Outcomes))
	set(Method, texts(f.Methods))
	set(Action, texts(f.Actions))
	add(After, f.After)
	add(Before, f.Before)
	return strings.Join(parts, " ")
}

// wholeOr is true where the words hold an OR that must not reach over the fields.
func wholeOr(words string) bool {
	fields := strings.Fields(words)
	return slices.Contains(fields, "OR") || slices.Contains(fields, "|")
}

func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}
