package netease

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	localShape  = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	md5Shape    = regexp.MustCompile(`^[0-9a-f]{32}$`)
	mobileShape = regexp.MustCompile(`^\+?[0-9-]{5,20}$`)
)

// field sets one value of an account; false: it is not acceptable.
type field func(a *Account, v string) bool

func text(to func(*Account) *string) field {
	return func(a *Account, v string) bool {
		*to(a) = v
		return len(v) <= 255
	}
}

func choice(to func(*Account) *int, allowed ...int) field {
	return func(a *Account, v string) bool {
		n, err := strconv.Atoi(v)
		*to(a) = n
		return err == nil && slices.Contains(allowed, n)
	}
}

func nickname(a *Account, v string) bool {
	a.Nickname = v
	return strings.TrimSpace(v) != "" && len(v) <= 255
}

func mobile(a *Account, v string) bool {
	a.Mobile = v
	return mobileShape.MatchString(v)
}

func expires(a *Account, v string) bool {
	_, err := time.Parse("2006-01-02", v)
	a.Expires = v
	return err == nil
}

func visible(a *Account, v string) bool {
	a.Hidden = v == "0"
	return v == "0" || v == "1"
}

// shown is the value of a visible account.
func shown(a *Account) int {
	if a.Hidden {
		return 0
	}
	return 1
}

func quota(a *Account, v string) bool {
	n, err := strconv.Atoi(v)
	a.Quota = n
	return err == nil && n > 0
}

func reset(name string) field {
	return func(a *Account, v string) bool {
		if a.Resets == nil {
			a.Resets = map[string]int{}
		}
		a.Resets[name], _ = strconv.Atoi(v)
		return v == "0" || v == "1"
	}
}

var (
	jobNo      = text(func(a *Account) *string { return &a.JobNo })
	password   = text(func(a *Account) *string { return &a.Password })
	passType   = text(func(a *Account) *string { return &a.PassType })
	passChange = choice(func(a *Account) *int { return &a.PassChange }, 0, 1, 2)
	addrRight  = choice(func(a *Account) *int { return &a.AddrRight }, 0, 1)
	fwd        = text(func(a *Account) *string { return &a.Fwd })
	fwdAuth    = choice(func(a *Account) *int { return &a.FwdAuth }, 0, 1)
)

// goodPassword checks a password that was sent with its kind.
func goodPassword(a *Account) bool {
	switch a.PassType {
	case "0":
		return len(a.Password) >= 6
	case "1":
		return md5Shape.MatchString(a.Password)
	}
	return false
}

// parameters are those of one request, as texts.
type parameters map[string]string

// apply sets the values that a request has; every parameter must be one of the fields
// or of the others that the call takes.
func (p parameters) apply(a *Account, fields map[string]field, others ...string) refusal {
	for name, v := range p {
		f, known := fields[name]
		switch {
		case slices.Contains(others, name):
		case !known, !f(a, v):
			return wrong(name)
		}
	}
	return ""
}

// only refuses parameters that a call does not take and misses those that it needs;
// the names of the needed ones end in "*".
func (p parameters) only(names ...string) refusal {
	var takes []string
	for _, name := range names {
		bare, needed := strings.CutSuffix(name, "*")
		takes = append(takes, bare)
		if v, there := p[bare]; needed && (!there || v == "") {
			return wrong(bare)
		}
	}
	for name := range p {
		if !slices.Contains(takes, name) {
			return wrong(name)
		}
	}
	return ""
}

// create makes an account of a request; unit is its department's ID.
func (c *company) create(p parameters, fields map[string]field, name, unit string, others ...string) (*Account, refusal) {
	if !localShape.MatchString(name) {
		return nil, wrong("account_name")
	}
	if c.taken(name) {
		return nil, nameTaken
	}
	a := Account{Name: name, Unit: defaultUnit}
	if unit != "" {
		u := c.unit(unit)
		if u == nil {
			return nil, noUnit
		}
		a.Unit = u.ID
	}
	if no := p.apply(&a, fields, others...); no != "" {
		return nil, no
	}
	if !goodPassword(&a) {
		return nil, wrong("password")
	}
	right := a.AddrRight
	made := c.addAccount(a)
	if _, told := p["addr_right"]; told {
		made.AddrRight = right
	}
	return made, ""
}

// update changes an account in one piece, or not at all.
func (c *company) update(p parameters, fields map[string]field, name string, others ...string) refusal {
	a := c.live(name)
	if a == nil {
		return noAccount
	}
	changed := *a
	changed.PassType = "0"
	if no := p.apply(&changed, fields, others...); no != "" {
		return no
	}
	if _, told := p["password"]; told && !goodPassword(&changed) {
		return wrong("password")
	}
	*a = changed
	return ""
}

// alias adds or takes away a further address.
func (c *company) alias(name, alias string, add bool) refusal {
	a := c.live(name)
	if a == nil {
		return noAccount
	}
	at := slices.Index(a.Aliases, alias)
	switch {
	case !localShape.MatchString(alias):
		return wrong("alias_name")
	case add && c.taken(alias):
		return nameTaken
	case add:
		a.Aliases = append(slices.Clip(a.Aliases), alias)
	case at < 0:
		return "ALIAS.NOTEXIST"
	default:
		a.Aliases = slices.Delete(slices.Clone(a.Aliases), at, at+1)
	}
	return ""
}
