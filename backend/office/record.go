package office

import (
	"strconv"
	"strings"

	"mailroom/backend/audit"
	"mailroom/backend/core"
)

// ActRun is the record's act of a whole run; the acts of single changes are their
// kinds.
const ActRun = "changes.ended"

// entries are what the record says of a page.
func (p *page) entries() []audit.Entry {
	all := make([]audit.Entry, 0, len(p.items)+1)
	for _, it := range p.items {
		switch it.outcome {
		case Made, Failed, Refused, Unsure:
			all = append(all, it.entry(p.run.Title))
		}
	}
	if p.last {
		all = append(all, summary(p.run))
	}
	return all
}

// entry is what the record says of a step: what was before and after, never a password.
func (it item) entry(office string) audit.Entry {
	e := audit.Entry{
		Act: string(it.step.Kind), Subject: it.step.Label, ID: it.step.Target,
		Facts:  map[string]string{"office": office, "outcome": string(it.outcome)},
		Before: map[string]string{}, After: map[string]string{},
	}
	if it.made != "" {
		e.ID = it.made
	}
	for _, d := range it.step.Diffs {
		name := string(d.Attr)
		if d.Part != "" {
			name += "-" + d.Part
		}
		if d.Secret {
			e.Facts["credential"] = "set" // that it was set is no secret
			continue
		}
		e.Before[name], e.After[name] = strings.Join(d.Before, ", "), strings.Join(d.After, ", ")
		if d.Untold {
			e.Before[name] = "?"
		}
	}
	if it.trouble != nil {
		args := core.ArgsOf(it.trouble)
		e.Facts["error"] = string(core.CodeOf(it.trouble))
		for _, fact := range []string{"vendorCode", "vendorText", "field", "reason"} {
			if args[fact] != "" {
				e.Facts[fact] = args[fact]
			}
		}
	}
	if r := it.step.Refusal; r != nil {
		e.Facts["error"] = string(r.Code)
	}
	return e
}

// summary is what the record says of a run.
func summary(r Run) audit.Entry {
	e := audit.Entry{Act: ActRun, Subject: r.Title, ID: r.ID, Facts: map[string]string{
		"state": string(r.State), "total": strconv.Itoa(r.Total), "done": strconv.Itoa(r.Done), "failed": strconv.Itoa(r.Failed),
	}}
	if r.Undoes != "" {
		e.Facts["undoes"] = r.Undoes
	}
	if r.Trouble != nil {
		e.Facts["error"] = string(core.CodeOf(r.Trouble))
	}
	return e
}
