package cli

import (
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/report"
)

// why is the page's sentence for the reason that an adapter gave; "" where it gave none.
func (r *run) why(reason string) string {
	if reason == "" {
		return ""
	}
	if r.page == nil {
		words, err := r.pageWords()
		if err != nil {
			words = &report.Words{} // the code's own sentence has to do
		}
		r.page = words
	}
	if key := "officeWhy." + reason; r.page.Has(key) {
		return r.page.T(key)
	}
	return ""
}

// explain is the sentence for an error; where it is about an office and tells a reason,
// the reason's.
func (r *run) explain(err error) string {
	args := core.ArgsOf(err)
	switch args["problem"] {
	case "office_" + string(core.CodeOf(err)), "office_field", "office_key_refused": // others have sentences of their own
		if why := r.why(args["reason"]); why != "" {
			about := strings.TrimSpace(args["office"] + " " + args["field"])
			return strings.TrimSpace(r.words.say("step.about", "name", about, "why", why) + " " + printable(args["said"]))
		}
	}
	return strings.TrimSpace(r.words.explain(err))
}

// undone says why a change came to nothing: the value that it is about, why, and the
// provider's own words.
func (b *bureau) undone(err error) string {
	args, w := core.ArgsOf(err), b.r.words
	code := string(core.CodeOf(err))
	if key := "refusal." + code + "." + args["reason"]; args["reason"] == "handle" && has(key) {
		return w.say(key)
	}
	said := strings.TrimSpace(args["vendorCode"] + " " + args["vendorText"])
	text := ""
	switch key, why := "problem.office_"+code, b.r.why(args["reason"]); {
	case why != "":
		text = why + " " + printable(said)
	case has(key):
		text = w.say(key, "office", b.office.Title(), "host", args["host"], "said", said)
	default:
		text = w.explain(officeError(err, b.office.Title()))
	}
	text = strings.TrimSpace(text)
	if field := args["field"]; field != "" {
		text = w.say("step.about", "name", w.attr(field, ""), "why", text)
	}
	return text
}

// refusal is why a change cannot be done, and what to do instead.
func (r *run) refusal(of *office.Refusal) string {
	w := r.words
	facts := map[string]string{"attr": w.attr(string(of.Attr), ""), "console": of.Console, "value": of.Key}
	for k, v := range of.Args {
		if facts[k] == "" {
			facts[k] = v
		}
	}
	about := func(why string) string {
		if of.Attr == "" {
			return why
		}
		return w.say("step.about", "name", facts["attr"], "why", why)
	}
	code, reason := "refusal."+string(of.Code)+".", of.Args["reason"]
	for _, key := range []string{code + reason + "." + of.Args["keepsBack"], code + reason} {
		if has(key) {
			return w.fill(key, facts)
		}
	}
	if key := code + string(of.Why); has(key) {
		return about(w.fill(key, facts))
	}
	if why := r.why(reason); why != "" {
		return about(why)
	}
	for _, key := range []string{code + string(of.Attr), "refusal." + string(of.Code)} {
		if has(key) {
			return w.fill(key, facts)
		}
	}
	return w.fill("refusal.other", facts)
}

// value is one value as people read it: policies, states, flags and the like have words.
func (w language) value(attr, value string) string {
	for _, key := range []string{"value." + attr + "." + value, attr + "." + value, "value." + value} {
		if has(key) {
			return w.say(key)
		}
	}
	return printable(value)
}

// values writes the values of one attribute for a line; a long list is cut.
func (w language) values(attr string, values []string) string {
	if len(values) == 0 {
		return "-"
	}
	const most = 12
	shown := make([]string, 0, most)
	for _, v := range values[:min(len(values), most)] {
		shown = append(shown, w.value(attr, v))
	}
	text := strings.Join(shown, ", ")
	if len(values) > most {
		text += " … (" + itoa(len(values)) + ")"
	}
	return text
}
