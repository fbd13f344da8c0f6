package intake

import (
	"slices"
	"strings"
	"unicode"

	"mailroom/backend/office/naming"
	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// maxName is more than any provider takes, in characters.
const maxName = 64

func (c *check) name() string {
	name := strings.Join(strings.Fields(c.text(Name)), " ")
	switch {
	case name == "":
		c.about(Empty, Stop, Name, nil)
	case len([]rune(name)) > maxName, c.long(Name, name):
		c.about(TooLong, Stop, Name, nil)
	case strings.IndexFunc(name, func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune(`<>"\;`, r) }) >= 0:
		c.about(BadCharacter, Stop, Name, nil)
	}
	return name
}

// domain is the office's main domain.
func (c *check) domain() string {
	if len(c.d.Domains) == 0 {
		return ""
	}
	return c.d.Domains[0].Name
}

// address finds the row's address; there is the ID of somebody who has it as their main
// one.
func (c *check) address(r *Row) (there string) {
	text := c.text(Address)
	if text == "" {
		return c.propose(r)
	}
	address, code := c.readAddress(text)
	if code != "" {
		c.about(code, Stop, Address, nil)
		return ""
	}
	r.Person.Address = address
	used, ok := c.used[address]
	if ok && used.what != provider.UsePerson {
		c.about(Taken, Stop, Address, func(p *Problem) { p.Who, p.Use = used.who, used.what })
		return ""
	}
	if first, ok := c.seen[address]; ok {
		c.about(Duplicate, Stop, Address, func(p *Problem) { p.First = first })
		return ""
	}
	c.seen[address] = r.Number // two bad rows of one address are told as well
	c.corrected(Address, text, address)
	return used.id
}

// corrected tells that a cell was read as something else than it says.
func (c *check) corrected(col Column, text, address string) {
	local, _, _ := strings.Cut(address, "@")
	if strings.EqualFold(text, address) || strings.EqualFold(text, local) {
		if strings.IndexFunc(local, func(r rune) bool { return !usual(r) }) >= 0 {
			c.about(OddAddress, Look, col, nil)
		}
		return
	}
	c.about(Corrected, Look, col, func(p *Problem) { p.Fixed = address })
}

// usual are the characters that every provider takes before the "@".
func usual(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)
}

// readAddress makes a whole address of a cell, in lower case; code is what is wrong.
func (c *check) readAddress(text string) (address string, code Code) {
	if fixed, why := people.Correct(text); why != "" {
		text = fixed
	}
	text = strings.ToLower(text)
	local, domain, whole := strings.Cut(text, "@")
	if !whole {
		domain = c.domain()
	}
	switch {
	case !plausibleLocal(local):
		return "", BadAddress
	case !c.domains[domain]:
		return "", WrongDomain
	}
	return local + "@" + domain, ""
}

// plausibleLocal is a dot-string of RFC 5321, 4.1.2.
func plausibleLocal(local string) bool {
	if local == "" || len(local) > 64 || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	return strings.IndexFunc(local, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>@[\]`, r)
	}) < 0
}

// propose makes an address from the name, as the office makes them. there says that
// somebody of the name has just this address: a list that is read once more creates
// nobody twice.
func (c *check) propose(r *Row) (there string) {
	if first := naming.Propose(r.Person.Name, naming.Options{First: c.habits.Of(r.Person.Name), Umlaut: c.o.Umlaut}); len(first) > 0 {
		address := first[0].Local + "@" + c.domain()
		_, twice := c.seen[address]
		if used, ok := c.used[address]; ok && !twice && used.what == provider.UsePerson && same(used.who) == same(r.Person.Name) {
			c.seen[address] = r.Number
			return used.id
		}
	}
	all := naming.Propose(r.Person.Name, naming.Options{First: c.habits.Of(r.Person.Name), Umlaut: c.o.Umlaut, Taken: func(local string) bool {
		address := local + "@" + c.domain()
		_, used := c.used[address]
		_, seen := c.seen[address]
		return used || seen
	}})
	if len(all) == 0 || c.domain() == "" {
		c.about(Empty, Stop, Address, nil)
		return ""
	}
	r.Person.Address = all[0].Local + "@" + c.domain()
	c.seen[r.Person.Address] = r.Number
	c.about(Proposed, Look, Address, func(p *Problem) { p.Fixed = r.Person.Address })
	return ""
}

// aliases reads the further addresses of a row.
func (c *check) aliases(r *Row) {
	if !c.has(Aliases) {
		return
	}
	for _, text := range many(c.text(Aliases)) {
		address, code := c.readAddress(text)
		tell := func(p *Problem) { p.Value = bounded(text) }
		used, taken := c.used[address]
		first, twice := c.seen[address]
		switch {
		case code != "":
			c.about(code, Stop, Aliases, tell)
		case address == r.Person.Address, taken && used.id == c.self.ID && c.self.ID != "":
		case taken:
			c.about(Taken, Stop, Aliases, func(p *Problem) { p.Value, p.Who, p.Use = bounded(text), used.who, used.what })
		case twice && first != r.Number:
			c.about(Duplicate, Stop, Aliases, func(p *Problem) { p.Value, p.First = bounded(text), first })
		case !twice:
			c.seen[address] = r.Number
			r.Person.Aliases = append(r.Person.Aliases, address)
		}
	}
	if limit := c.d.Capabilities.MaxAliases; limit > 0 && len(r.Person.Aliases)+len(c.self.Aliases) > limit {
		c.about(TooManyAliases, Stop, Aliases, func(p *Problem) { p.Facts = []string{itoa(limit)} })
	}
}

// hiddenAddresses reads which of the row's addresses the book leaves out.
func (c *check) hiddenAddresses(r *Row) {
	if !c.has(HiddenAddresses) {
		return
	}
	own := slices.Concat([]string{r.Person.Address}, r.Person.Aliases, c.self.Aliases)
	for _, text := range many(c.text(HiddenAddresses)) {
		address, code := c.readAddress(text)
		if code == "" && !slices.Contains(own, address) {
			code = NotTheirs
		}
		switch {
		case code != "":
			c.about(code, Stop, HiddenAddresses, func(p *Problem) { p.Value = bounded(text) })
		case !slices.Contains(r.Person.HiddenAddresses, address):
			r.Person.HiddenAddresses = append(r.Person.HiddenAddresses, address)
		}
	}
}
