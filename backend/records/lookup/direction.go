package lookup

import (
	"regexp"
	"slices"
	"strings"

	"mailroom/backend/logs"
	"mailroom/backend/records/query"
)

// Which of those who are named wrote, and who got it. Each of them stands in the text as
// one character of the private use area, so that the words around them can be read.
const (
	oneOf = `([\x{E000}-\x{E01F}])`
	// Time words may stand between a name and its verb, but nobody else.
	near = `[^，。,收客对说被给的A-Za-z\x{E000}-\x{E01F}]{0,12}?`
)

var (
	senders = regexps(
		`来自\s*`+oneOf,
		`收到了?\s*`+oneOf,
		`(?i)\bfrom\s+`+oneOf,
		oneOf+near+`(?:发|寄|写)(?:给|送|来|过|往|了|出|的|多少|几)`,
		oneOf+`\s*给\s*[\x{E000}-\x{E01F}][^，。,]{0,12}?(?:发|寄|写|回)`,
		`(?i)`+oneOf+`\s+(?:has |have |had )?(?:sent|sends?|wrote|writes?|e-?mailed|mailed)\b`,
		`(?i)\b(?:did|does|do|has|have|had|can)\s+`+oneOf+`\s+(?:ever )?(?:sen[dt]|writ(?:e|ten)|e-?mail(?:ed)?)\b`,
		oneOf+`\s+to\s+[\x{E000}-\x{E01F}]`,
		`(?i)`+oneOf+`(?:['’]s?)?\s+(?:e-?)?mails?\s+to\b`,
	)
	receivers = regexps(
		`(?:发给|发送给|寄给|转给|抄送给?|发往|发到|给)\s*`+oneOf,
		oneOf+`[^，。,客对说被的A-Za-z\x{E000}-\x{E01F}]{0,12}?(?:收到|收没收到|收了|收过)`,
		`(?i)(?:\b(?:mails?|e-?mails?|messages?|letters?|sen[dt]|sends|wrote|write)|[\x{E000}-\x{E01F}])\s+to\s+`+oneOf,
		`(?i)\b(?:mails?|messages?) for\s+`+oneOf,
		`(?i)\b(?:did|does|do|has|have|had)\s+`+oneOf+`\s+(?:ever )?(?:get|got|gotten|received?)\b`,
		`(?i)`+oneOf+`\s+(?:get|gets|got|receive[sd]?)\b`,
	)
)

func regexps(patterns ...string) (all []*regexp.Regexp) {
	for _, p := range patterns {
		all = append(all, regexp.MustCompile(p))
	}
	return all
}

// directed finds out who of the named wrote and who got the mail. Who seems to do both
// got it: "给王芳发的".
func (q *Question) directed(text string, people []Person) {
	marked := q.marked(text, people)
	from, to := q.found(marked, senders), q.found(marked, receivers)
	q.From = slices.DeleteFunc(from, func(who string) bool { return slices.Contains(to, who) })
	q.To = to
}

// marked is the text with a mark in the place of each who is named.
func (q *Question) marked(text string, people []Person) string {
	marked := plain(text)
	for i, who := range q.Who[:min(len(q.Who), 0x20)] {
		names := []string{who}
		for _, p := range people {
			if strings.EqualFold(p.Address, who) {
				names = append(names, p.Name, strings.Join(strings.Split(p.Name, ""), " "), p.local(), parted.ReplaceAllString(p.local(), " "))
			}
		}
		for _, name := range names {
			at := nowhere
			if name != "" {
				at = findWord(marked, name)
			}
			if at.from >= 0 {
				marked = marked[:at.from] + string(rune(0xE000+i)) + marked[at.to:]
				break
			}
		}
	}
	return marked
}

func (q *Question) found(marked string, patterns []*regexp.Regexp) (who []string) {
	for _, re := range patterns {
		for _, m := range re.FindAllStringSubmatch(marked, -1) {
			if i := int([]rune(m[1])[0] - 0xE000); i < len(q.Who) && !slices.Contains(who, q.Who[i]) {
				who = append(who, q.Who[i])
			}
		}
	}
	return who
}

// wayOf is which records tell of mail in that direction: what somebody of the office
// wrote is in what was sent, what others wrote in what came.
func (q *Question) wayOf() []logs.Kind {
	mine := func(who string) bool { return slices.Contains(q.mine, who) }
	switch {
	case len(q.From) > 0 && len(q.To) > 0:
		return q.kinds
	case len(q.From) > 0 && slices.ContainsFunc(q.From, mine) || len(q.To) > 0 && !slices.ContainsFunc(q.To, mine):
		return []logs.Kind{logs.Sent}
	case len(q.From)+len(q.To) > 0:
		return []logs.Kind{logs.Received}
	}
	return q.kinds
}

// named asks for mail of one who is named, in the direction that the question says.
func (q Question) named(who string) query.Node {
	mine, kind := slices.Contains(q.mine, who), logs.Kind("")
	if len(q.kinds) == 1 {
		kind = q.kinds[0]
	}
	from, to := slices.Contains(q.From, who), slices.Contains(q.To, who)
	switch {
	case mine && (from && kind == logs.Sent || to && kind == logs.Received):
		return one(query.Person, who)
	case from:
		return one(query.From, who)
	case to:
		return one(query.To, who)
	case mine && kind != "":
		return one(query.Person, who) // what somebody got, not what went to others as well
	}
	return one(query.Address, who)
}
