package preset

import (
	"cmp"
	"io/fs"
	"slices"
	"sync"
)

// Then says what has to change before another try makes sense.
type Then string

// The closed set.
const (
	ThenPassword Then = "password" // another password, code or user name
	ThenSteps    Then = "steps"    // something at the provider: the steps
	ThenServer   Then = "server"   // another server or its settings
	ThenOAuth    Then = "oauth"    // another way of signing in
	ThenWait     Then = "wait"     // time
	ThenNothing  Then = "nothing"  // no try is needed
)

// Thens lists the closed set.
func Thens() []Then {
	return []Then{ThenPassword, ThenSteps, ThenServer, ThenOAuth, ThenWait, ThenNothing}
}

// Cause is a likely reason for a refusal. Its title, its why and its own steps are
// texts of the language files (explain.cause.ID).
type Cause struct {
	ID   string `json:"id"`
	Who  string `json:"who"` // person, admin, wait or nobody
	Own  int    `json:"own"` // steps of ours in the language files
	Then Then   `json:"then"`
	Link string `json:"link,omitempty"` // which page of the provider helps: mail, console, help

	Take string `json:"steps,omitempty"` // what of the provider's belongs to it: provider, admin, servers
	When string `json:"when,omitempty"`  // it is a cause only with (or "no-" without): secret, steps, admin, servers
}

var causes = sync.OnceValue(func() []Cause {
	var all []Cause
	mustLoad("causes.json", &all)
	return all
})

// Causes lists all causes.
func Causes() []Cause { return slices.Clone(causes()) }

// explainRow says which causes a class of refusals has, the likeliest first.
type explainRow struct {
	Providers []string `json:"providers"`
	Families  []string `json:"families"`
	Class     Class    `json:"class"`
	Causes    []string `json:"causes"`
	Fact
}

var explainRows = sync.OnceValue(func() []explainRow {
	names, err := fs.Glob(files, "data/explain/*.json")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	var all []explainRow
	for _, name := range names {
		var rows []explainRow
		mustLoad(name[len("data/"):], &rows)
		all = append(all, rows...)
	}
	return all
})

// Explanation is what to tell about a refusal: causes in order, each with what the
// provider says to it.
type Explanation struct {
	Class    Class
	Provider Provider // zero where none is known
	Causes   []ExplainedCause
}

// ExplainedCause is a [Cause] with the provider's part.
type ExplainedCause struct {
	Cause
	Steps   []Step   // the provider's own
	Servers []Server // to try instead
	Page    string   // https address for Link; "" none
	Same    bool     // the provider's steps stand with an earlier cause already
}

// Explain tells the likely causes of a refusal at a provider (id; "" none), or at a
// server's family where the provider is not known. host is the server that refused,
// so that it is not offered again. There is always at least one cause.
func Explain(class Class, provider, family, host string) Explanation {
	p, _ := ByID(provider)
	e := Explanation{Class: class, Provider: p}
	told := false
	for _, id := range causesOf(class, provider, cmp.Or(p.Family, Family(family))) {
		c := causeByID(id)
		x := ExplainedCause{Cause: c, Page: page(p, c.Link)}
		others := p.otherServers(host)
		if !c.fits(p, others) {
			continue
		}
		switch c.Take {
		case "provider":
			x.Steps, x.Same, told = p.SwitchOn.Steps, told, true
		case "admin":
			x.Steps = adminSteps(p)
		case "servers":
			x.Servers = others
		}
		if x.Same {
			x.Steps = nil
		}
		e.Causes = append(e.Causes, x)
	}
	return e
}

// causesOf takes the provider's row, else the family's, else the general one; a class
// that nobody knows is a passing fault.
func causesOf(class Class, provider, family string) []string {
	var byFamily, general []string
	for _, r := range explainRows() {
		switch {
		case r.Class != class:
		case provider != "" && slices.Contains(r.Providers, provider):
			return r.Causes
		case family != "" && slices.Contains(r.Families, family):
			byFamily = r.Causes
		case len(r.Providers)+len(r.Families) == 0:
			general = r.Causes
		}
	}
	switch {
	case byFamily != nil:
		return byFamily
	case general != nil:
		return general
	}
	return []string{"later"}
}

func causeByID(id string) Cause {
	i := slices.IndexFunc(causes(), func(c Cause) bool { return c.ID == id })
	return causes()[i] // the data are tested: every id is there
}

// fits leaves out causes that this provider cannot have.
func (c Cause) fits(p Provider, others []Server) bool {
	has := map[string]bool{
		"secret": p.SignIn.Secret.Zh != "", "steps": len(p.SwitchOn.Steps) > 0,
		"admin": len(adminSteps(p)) > 0, "servers": len(others) > 0,
	}
	switch {
	case c.When == "":
		return true
	case len(c.When) > 3 && c.When[:3] == "no-":
		return !has[c.When[3:]]
	}
	return has[c.When]
}

func adminSteps(p Provider) []Step {
	return slices.DeleteFunc(slices.Clone(p.SwitchOn.Steps), func(s Step) bool { return s.Who != "admin" })
}

// otherServers are the provider's IMAP servers that were not the one that refused.
func (p Provider) otherServers(host string) []Server {
	return slices.DeleteFunc(slices.Clone(p.IMAP), func(s Server) bool { return s.Host == plainHost(host) || Unfilled(s.Host) })
}

func page(p Provider, link string) string {
	switch link {
	case "mail":
		return p.Web.Mail
	case "console":
		return cmp.Or(p.Web.Console, p.SwitchOn.Help)
	case "help":
		return p.SwitchOn.Help
	}
	return ""
}
