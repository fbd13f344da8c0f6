package lookup

import (
	"regexp"
	"slices"
	"strings"

	"mailroom/backend/records/query"
)

var (
	quoted     = regexp.MustCompile(`"([^"]+)"|“([^”]+)”|「([^」]+)」|《([^》]+)》`)
	possessive = regexp.MustCompile(`([\p{L}0-9])['’]s?\b`)

	// Name <address>, as mail programs write it: the name says nothing more.
	pastedRE  = regexp.MustCompile(`(?:"[^"<>]*"|“[^”<>]*”|'[^'<>]*'|\p{Han}{2,4}|(?:\p{Lu}[\p{L}'.-]*[ ]?){1,4})\s*<\s*(?:mailto:)?([^\s<>@]+@[^\s<>@]+)\s*>`)
	bracketed = regexp.MustCompile(`(?:(?i)\bmessage-?id\b\s*:?\s*)?<\s*(?:mailto:)?([^\s<>@]+@[^\s<>@]+)\s*>`)
	labelled  = regexp.MustCompile(`(?i)\bmessage-?id\b\s*[:=]?\s*([^\s<>@]+@[^\s<>@]+)`)
	mailto    = regexp.MustCompile(`(?i)\bmailto:`)
	numbered  = regexp.MustCompile(`[0-9]{6}`)

	addressRE = regexp.MustCompile(`[^\s<>"'(),;:，；：（）“”？?。、！\p{Han}]+@(?:[A-Za-z0-9._-]+[A-Za-z0-9]|[\p{Han}A-Za-z0-9._-]*[\p{Han}A-Za-z0-9])`)
	domainRE  = regexp.MustCompile(`(?i)(?:^|[^a-z0-9@._-])(@?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})(?:$|[^a-z0-9_-])`)
	files     = regexp.MustCompile(`(?i)\.(?:pdf|docx?|xlsx?|pptx?|csv|txt|zip|rar|7z|jpe?g|png|gif|eml|msg|ics|html?|js|md)$`)
	ipv4      = regexp.MustCompile(`(?:^|[^0-9.])((?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?)(?:$|[^0-9./])`)
	ipv4Part  = regexp.MustCompile(`(?:^|[^0-9.])((?:[0-9]{1,3}\.){2,3})(?:$|[^0-9])`)
	ipv6      = regexp.MustCompile(`(?i)(?:^|[^0-9a-z:.])([0-9a-f]{0,4}:[0-9a-f]{0,4}:[0-9a-f:.]*(?:/[0-9]{1,3})?)(?:$|[^0-9a-z:./])`)
)

// pasted takes "Name <address>" and Message-IDs. What stands in brackets without a name
// may be either.
func (q *Question) pasted(rest string) string {
	for _, m := range pastedRE.FindAllStringSubmatch(rest, -1) {
		q.who(strings.ToLower(m[1]))
	}
	rest = pastedRE.ReplaceAllString(rest, " ")
	for _, re := range []*regexp.Regexp{bracketed, labelled} {
		for _, m := range re.FindAllStringSubmatch(rest, -1) {
			q.IDs = append(q.IDs, m[1])
		}
		rest = re.ReplaceAllString(rest, " ")
	}
	return mailto.ReplaceAllString(rest, " ")
}

// addresses takes addresses, domains and IP addresses.
func (q *Question) addresses(rest string, people []Person, as manner) string {
	for _, a := range addressRE.FindAllString(rest, -1) {
		local, _, _ := strings.Cut(a, "@")
		if numbered.MatchString(local) {
			q.IDs = append(q.IDs, a)
		} else {
			q.who(strings.ToLower(a))
		}
	}
	rest = addressRE.ReplaceAllString(rest, " ")
	if !as.words {
		return rest
	}
	rest = takeAll(rest, domainRE, func(s string) bool {
		if files.MatchString(s) || slices.ContainsFunc(people, func(p Person) bool { return strings.EqualFold(p.local(), s) }) {
			return false // wang.fang looks like a domain, too
		}
		q.who(strings.ToLower(s))
		return true
	})
	for _, re := range []*regexp.Regexp{ipv4, ipv6, ipv4Part} {
		rest = takeAll(rest, re, func(s string) bool {
			if _, ok := query.Network(s); ok {
				q.IPs = append(q.IPs, s)
				return true
			}
			return false
		})
	}
	return rest
}

// takeAll takes out what a pattern's group finds, where it is wanted.
func takeAll(rest string, re *regexp.Regexp, wanted func(string) bool) string {
	for from := 0; ; {
		m := re.FindStringSubmatchIndex(rest[from:])
		if m == nil {
			return rest
		}
		at, end := from+m[2], from+m[3]
		if wanted(rest[at:end]) {
			rest = rest[:at] + strings.Repeat(" ", end-at) + rest[end:]
		}
		from = end
	}
}

// domainsOf are the domains of the office's addresses, in lower case.
func domainsOf(people []Person) (all []string) {
	for _, p := range people {
		if _, domain, ok := strings.Cut(strings.ToLower(p.Address), "@"); ok && !slices.Contains(all, domain) {
			all = append(all, domain)
		}
	}
	return all
}
