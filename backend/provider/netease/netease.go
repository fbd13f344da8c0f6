// Package netease administers offices at NetEase's enterprise mail (网易企业邮箱), through
// either of its two interfaces: the classic one, whose requests are signed with the
// office's RSA key, and the open platform, which hands out tokens to an app of the
// office's own.
//
// It leaves out what no public text describes: mailing lists beyond two calls that
// cannot be undone, shared contacts, roles, settings, the log of sent mail.
package netease

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

const (
	console = "https://qiye.163.com/login/"
	preset  = "netease-qiye"
	// pace is the calls a second. No limit is published; a program that has run for long
	// rests 200 ms between two pages.
	pace = 5
	// atOnce keeps to the pace as long as a creation takes no longer than a second.
	atOnce = 5
)

// base is the address to speak to. An address without a path is completed: both
// interfaces live in a folder of their own.
func base(given, vendors, folder string) (*url.URL, error) {
	u, err := wire.Base(given, vendors)
	if err == nil && u.Path == "" {
		u.Path = folder
	}
	return u, err
}

// domain is the office's; accounts are known to the API by the part before the @.
type domain string

// readDomain checks the domain of a configuration.
func readDomain(c provider.Config) (domain, error) {
	d := strings.ToLower(strings.TrimSpace(c.Domain))
	if d == "" || strings.ContainsAny(d, "@/?&= ") || !strings.Contains(d, ".") {
		return "", core.E(core.Invalid, "configure office", nil, "field", "domain", "reason", "domain")
	}
	return domain(d), nil
}

// account is the API's name of the person with an ID, which is the address. What is
// no address of this domain is nobody.
func (d domain) account(op, id string) (string, error) {
	local, at, ok := strings.Cut(strings.ToLower(strings.TrimSpace(id)), "@")
	if !ok || at != string(d) || !proper.MatchString(local) {
		return "", core.E(core.NotFound, op, nil)
	}
	return local, nil
}

// proper is how the part before the @ may look.
var proper = regexp.MustCompile(`^[a-z0-9_][a-z0-9._-]{0,63}$`)

// fresh is the API's name for an address that is to be made; a bad one is invalid with
// the name of its value.
func (d domain) fresh(op, address string, what provider.Attr) (string, error) {
	local, err := d.account(op, address)
	if err != nil {
		return "", core.E(core.Invalid, op, nil, "field", string(what), "reason", "address")
	}
	return local, nil
}

// address is the full one of an account or an alias.
func (d domain) address(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" || strings.Contains(name, "@") {
		return name
	}
	return name + "@" + string(d)
}

// aliases makes full addresses of what the API lists, without the main one.
func (d domain) aliases(names []string, main string) []string {
	var all []string
	for _, n := range names {
		if a := d.address(n); a != "" && a != main && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// status reads the numbers of both interfaces; 4 to 6 are the open platform's alone:
// left, being handed over, handed over.
func status(n int64) provider.Status {
	switch n {
	case 0:
		return provider.Active
	case 1:
		return provider.Suspended
	case 2:
		return provider.Deleted
	case 4, 5, 6:
		return provider.Leaving
	}
	return provider.Locked
}

// flagOf is a yes or no of a number that may not be told.
func flagOf(n *number) provider.Flag {
	switch {
	case n == nil:
		return provider.Unknown
	case *n == 0:
		return provider.No
	}
	return provider.Yes
}

func opposite(f provider.Flag) provider.Flag {
	switch f {
	case provider.Yes:
		return provider.No
	case provider.No:
		return provider.Yes
	}
	return provider.Unknown
}

// meaning classifies the words that the API has for a refusal. Two are known,
// ACCOUNT.NOTEXIST and MAILACCOUNT.NAMEEXIST; others of their form are taken to mean
// the same of other things (assumption "words").
func meaning(words string) core.Code {
	words = strings.ToUpper(strings.ReplaceAll(words, "_", ""))
	switch {
	case strings.Contains(words, "NOTEXIST"), strings.Contains(words, "NOTFOUND"):
		return core.NotFound
	case strings.Contains(words, "EXIST"):
		return core.Conflict
	case strings.Contains(words, "SIGN"), strings.Contains(words, "TIMESTAMP"):
		return core.Unauthenticated
	case strings.Contains(words, "PARAM"), strings.Contains(words, "ILLEGAL"), strings.Contains(words, "INVALID"):
		return core.Invalid
	}
	return core.Rejected
}

// unplaced says whether a department's id stands for "in no department": both
// interfaces call it default, with the domain's number before it.
func unplaced(unit string) bool {
	return unit == "" || unit == "0" || unit == "root" || unit == "default" || strings.HasSuffix(unit, "_default")
}

// one is the single department that a person can be in; many are unsupported. "default"
// is none.
func one(op string, departments []string) (string, error) {
	switch {
	case len(departments) > 1:
		return "", core.E(core.Unsupported, op, nil, "field", string(provider.AttrDepartments), "reason", "one")
	case len(departments) == 0 || departments[0] == provider.RootDepartment:
		return "default", nil
	}
	return departments[0], nil
}

// settled makes nothing of an error where what was wanted is so already: the API may
// refuse to suspend somebody who is.
func settled(err error, so func() bool) error {
	if err == nil {
		return nil
	}
	switch core.CodeOf(err) {
	case core.Conflict, core.Rejected, core.Invalid:
		if so() {
			return nil
		}
	}
	return err
}

// can is the entry of a capability that is there, no of one that is not.
func can(all map[provider.Capability]provider.Support, what ...provider.Capability) {
	for _, c := range what {
		all[c] = provider.Support{Can: true}
	}
}

func no(all map[provider.Capability]provider.Support, why provider.Reason, what ...provider.Capability) {
	for _, c := range what {
		all[c] = provider.Support{Why: why, Console: console}
	}
}

// own copies capabilities, so that a caller's changes stay the caller's.
func own(c provider.Capabilities) provider.Capabilities {
	copied := make(map[provider.Capability]provider.Support, len(c.Support))
	for k, v := range c.Support {
		copied[k] = v
	}
	c.Support = copied
	c.Create, c.Change, c.Department = slices.Clone(c.Create), slices.Clone(c.Change), slices.Clone(c.Department)
	return c
}
