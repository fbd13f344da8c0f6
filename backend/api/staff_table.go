package api

import (
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/report"
	"mailroom/backend/secret"
)

// runTable makes cells of what became of a run.
type runTable struct {
	words     *report.Words
	passwords map[string]secret.Value // by address; nil: they are not shown
	rows      [][]string
}

func (t *runTable) header() []string {
	w := t.words.T
	h := []string{w("intake.rowColumn"), w("change.what"), w("change.who"), w("change.value"), w("change.result"), w("change.note")}
	if t.passwords != nil {
		h = append(h, w("staff.form.password"))
	}
	return h
}

func (t *runTable) add(r office.Result) {
	row := []string{"", t.words.T("change.kind." + string(r.Kind)), r.Label, t.values(r), t.words.T("change.outcome." + string(r.Outcome)), t.trouble(r)}
	if r.Row > 0 {
		row[0] = strconv.Itoa(r.Row)
	}
	if t.passwords != nil {
		cell := ""
		if r.Kind == office.CreatePerson && (r.Outcome == office.Made || r.Outcome == office.There) {
			cell = revealed(t.passwords[r.Label])
		}
		row = append(row, cell)
	}
	t.rows = append(t.rows, row)
}

func revealed(v secret.Value) string {
	if v.IsZero() {
		return ""
	}
	return v.Reveal()
}

func (t *runTable) values(r office.Result) string {
	var parts []string
	for _, d := range r.Diffs {
		name := string(d.Attr)
		if key := "attr." + name; t.words.Has(key) {
			name = t.words.T(key)
		}
		if d.Secret {
			parts = append(parts, name)
			continue
		}
		parts = append(parts, name+": "+strings.Join(d.Before, ", ")+" → "+strings.Join(d.After, ", "))
	}
	return strings.Join(parts, "; ")
}

// trouble is why a step was not done: our words, then the provider's.
func (t *runTable) trouble(r office.Result) string {
	var code core.Code
	var args map[string]string
	switch {
	case r.Trouble != nil:
		code, args = core.CodeOf(r.Trouble), core.ArgsOf(r.Trouble)
	case r.Refusal != nil:
		code, args = r.Refusal.Code, r.Refusal.Args
	default:
		return ""
	}
	text := string(code)
	if key := "trouble.code." + text + ".what"; t.words.Has(key) {
		text = t.words.T(key)
	}
	if said := strings.TrimSpace(args["vendorCode"] + " " + args["vendorText"]); said != "" {
		text += " (" + said + ")"
	}
	return text
}
