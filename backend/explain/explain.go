// Package explain writes the explanation of a refused sign-in as plain text, for a
// mail or a message to the person who has to do the steps. The same texts and data
// make the panel of the page.
//
// It leaves out which cause comes first (package preset) and sending (the person
// copies the text).
package explain

import (
	"fmt"
	"slices"
	"strings"

	"mailroom/backend/preset"
	"mailroom/backend/report"
)

// Mail is a text for the person whose sign-in was refused.
type Mail struct {
	Subject string
	Body    string // plain text, lines ended with \n
}

// Text writes the steps for a class of refusals at a provider ("" unknown: then the
// server's family counts), in the words of a language. host is the server that
// refused; name stands for the provider where it is unknown, "" its host. The first
// cause is told in full, two more with their steps; what only the administrator can do
// is left out.
func Text(w *report.Words, class preset.Class, provider, family, host string) Mail {
	e := preset.Explain(class, provider, family, host)
	name := e.Provider.Name.In(w.Language)
	if name == "" {
		name = host
	}
	say := func(key string) string {
		return w.T("explain."+key, "provider", name, "secret", e.Provider.SignIn.Secret.In(w.Language))
	}
	e.Causes = forPerson(e.Causes)
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	first := e.Causes[0]
	title := say("cause." + first.ID + ".title")
	line("%s\n\n%s\n", say("mail.hello"), w.T("explain.mail.intro", "provider", name, "title", title))
	steps(&b, w, first, say)
	if more := e.Causes[1:min(len(e.Causes), 3)]; len(more) > 0 {
		line("\n%s", say("mail.more"))
		for _, c := range more {
			line("\n%s %s", say("cause."+c.ID+".title"), say("cause."+c.ID+".why"))
			steps(&b, w, c, say)
		}
	}
	line("\n%s", say("mail.bye"))
	return Mail{Subject: say("mail.subject"), Body: b.String()}
}

// forPerson leaves out what only the administrator can do: whoever sends the text does
// that. If nothing else is left, it stays.
func forPerson(causes []preset.ExplainedCause) []preset.ExplainedCause {
	var own []preset.ExplainedCause
	for _, c := range causes {
		if c.Who == "admin" {
			continue
		}
		c.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(s preset.Step) bool { return s.Who == "admin" })
		own = append(own, c)
	}
	if len(own) == 0 {
		return causes
	}
	return own
}

// steps numbers the provider's steps, then ours, then the servers to try.
func steps(b *strings.Builder, w *report.Words, c preset.ExplainedCause, say func(string) string) {
	n := 0
	number := func(text, link string) {
		n++
		fmt.Fprintf(b, "%d. %s\n", n, text)
		if link != "" {
			fmt.Fprintf(b, "   %s\n", w.T("explain.mail.page", "link", link))
		}
	}
	for _, s := range c.Steps {
		number(s.In(w.Language), s.Link)
	}
	for i := range c.Own {
		number(say(fmt.Sprintf("cause.%s.s%d", c.ID, i+1)), "")
	}
	for _, s := range c.Servers {
		fmt.Fprintf(b, "   - %s\n", s.Host)
	}
	if c.Same {
		fmt.Fprintf(b, "%s\n", say("stepsAbove"))
	}
}
