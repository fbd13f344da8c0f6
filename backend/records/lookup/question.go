// Package lookup answers what people ask in their own words ("did Zhou's invoice arrive
// last Tuesday?", 昨天谁删了那封合同的邮件): it finds the mail or the person that is meant,
// tells in one word of a closed set what became of it, and lays out the evidence. The
// page turns the word into a sentence.
//
// It leaves out the exact language of questions (package query) and where records are
// (package records).
package lookup

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mailroom/backend/logs"
	"mailroom/backend/records/query"
	"mailroom/backend/records/terms"
)

// Question is what a text was understood to ask.
type Question struct {
	Text     string
	About    About
	Who      []string       // addresses, or parts of them
	IPs      []string       // addresses, networks, or the beginning of one with a dot at its end
	IDs      []string       // Message-IDs without brackets, or whole addresses: which of both, the text does not say
	Outcomes []logs.Outcome // how it went; empty: any
	Actions  []logs.Action  // what was done; empty: whatever About says
	Words    string         // of a subject
	Span     Span           // zero: any time
	HasTime  bool
	Larger   int64         // only mail of more bytes; 0: any
	Smaller  int64         // only mail of fewer bytes; 0: any
	Count    bool          // how many there are is asked
	Rank     logs.Kind     // Sent, Received: who has most of it is asked
	AnyOf    []string      // people of whom one is meant
	kinds    []logs.Kind   // which way the mail went, whose acts they are; empty: whatever About says
	mine     []string      // of Who, those of the office
	From, To []string      // of Who, those who wrote it and those who got it, where the question says so
	rather   []logs.Action // of what About says, what is meant first
	maybe    bool          // Outcomes are what the question fears: others are told where there are none such
	outside  bool          // forwarding to outside the office is meant
	domains  []string      // of the office
}

// Understand reads a question. people are those of the office, now the present moment
// in its zone. Whatever is not understood counts as words of a subject.
func Understand(text string, people []Person, now time.Time) Question {
	return understand(text, people, now, manner{times: true, months: true, words: true})
}

// manner is how much of a question is taken for more than words of a subject: a subject
// may hold a month, a time, or a word for an outcome.
type manner struct{ times, months, words bool }

func understand(text string, people []Person, now time.Time, as manner) Question {
	if len(text) > 1000 {
		text = cut(text, 1000)
	}
	q := Question{Text: text, About: AboutMail}
	rest := plain(text)
	rest = q.pasted(rest)
	var words []string
	for _, m := range quoted.FindAllStringSubmatch(rest, -1) {
		words = append(words, strings.TrimSpace(m[1]+m[2]+m[3]+m[4]))
	}
	rest = quoted.ReplaceAllString(rest, " ")
	if as.words {
		rest = q.sizes(rest)
	}
	rest = q.addresses(rest, people, as)
	rest = possessive.ReplaceAllString(rest, "$1 ")
	rest = q.byName(rest, people)
	rest = lastOne.ReplaceAllString(rest, " ")
	if as.words && together.MatchString(rest) {
		q.Count, rest = true, together.ReplaceAllString(rest, " ") // 11月一共 is no first of November
	}
	if as.times {
		q.Span, rest, q.HasTime = times(rest, now, as.months)
	}
	rest = replies.ReplaceAllString(rest, " ")
	rest = fields.ReplaceAllString(rest, " ")
	if as.words {
		rest = q.byAddress(rest, people)
		rest = q.byTitle(rest, people)
	}
	rest = q.aim(rest, as)
	if as.words {
		rest = q.number(rest)
	}
	rest = filler.ReplaceAllString(rest, " ")
	words = append(words, q.wordsOf(rest)...)
	q.Words = strings.Join(words, " ")
	for _, p := range people {
		if slices.Contains(q.Who, strings.ToLower(p.Address)) {
			q.mine = append(q.mine, strings.ToLower(p.Address))
		}
	}
	q.domains = domainsOf(people)
	if q.About == AboutMail {
		q.directed(text, people)
		q.kinds = q.wayOf()
	}
	return q
}

func cut(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// plain makes full-width letters, digits and marks plain, as an input method leaves them.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == 0x3000 || r == 0xa0:
			return ' '
		}
		return r
	}, s)
}

// aim finds out what the question is after, and how it went.
func (q *Question) aim(rest string, as manner) string {
	for _, t := range topics {
		if t.re.MatchString(rest) {
			if q.About, q.Actions = AboutActs, t.actions; onlyAdmin.MatchString(rest) {
				q.kinds = []logs.Kind{logs.Admin}
			}
			if slices.Contains(t.actions, logs.ActForwardOn) && outside.MatchString(rest) {
				q.outside, q.Actions = true, []logs.Action{logs.ActForwardOn}
				rest = outside.ReplaceAllString(rest, " ")
			}
			return t.take.ReplaceAllString(rest, " ")
		}
	}
	whole := rest
	for _, a := range aims {
		if a.re.MatchString(rest) {
			q.About = a.about
			if a.about == AboutDeleted {
				q.rather = deletions
				if moves.MatchString(rest) {
					q.rather = []logs.Action{logs.ActMailMove}
				}
			}
			rest = a.re.ReplaceAllString(rest, " ")
			break
		}
	}
	switch {
	case q.About != AboutMail:
	case len(q.IPs) > 0:
		q.About = AboutSignIn
	case outward.MatchString(rest):
		q.kinds = []logs.Kind{logs.Sent}
	case inward.MatchString(rest):
		q.kinds = []logs.Kind{logs.Received}
	}
	if !as.words {
		return rest
	}
	of := map[About][]word{AboutMail: fates, AboutSignIn: tries}[q.About]
	for _, w := range of {
		if w.re.MatchString(whole) {
			q.Outcomes, q.maybe = w.outcomes, w.maybe
			return w.re.ReplaceAllString(rest, " ")
		}
	}
	return rest
}

// wordsOf are the words that are left, without particles. What says little counts only
// where there is nothing else.
func (q *Question) wordsOf(rest string) []string {
	fields := strings.FieldsFunc(rest, func(r rune) bool {
		return strings.ContainsRune(" \t\n\r,!?;:<>\"，。？！；：、()（）[]'’…", r)
	})
	var strong, all []string
	for _, w := range fields {
		w = strings.Trim(w, ".-_/|@#*~")
		if w = trimHan(w, leading, trailing); w == "" {
			continue
		}
		if all = append(all, w); !weak.MatchString(w) {
			strong = append(strong, w)
		}
	}
	if len(strong) == 0 && len(q.Who)+len(q.IPs)+len(q.IDs)+len(q.Outcomes) == 0 && q.About == AboutMail && !q.HasTime {
		return all
	}
	return strong
}

// trimHan takes particles off the ends of a Chinese word, as long as two characters are
// left; a word of particles alone goes.
func trimHan(w, first, last string) string {
	if !hasHan(w) {
		return w
	}
	if strings.Trim(w, first+last+loosened) == "" {
		return ""
	}
	for {
		r, n := utf8.DecodeRuneInString(w)
		if utf8.RuneCountInString(w) < 3 || !strings.ContainsRune(first, r) {
			break
		}
		w = w[n:]
	}
	for {
		r, n := utf8.DecodeLastRuneInString(w)
		if utf8.RuneCountInString(w) < 3 || !strings.ContainsRune(last, r) {
			break
		}
		w = w[:len(w)-n]
	}
	return w
}

// Names says whether the question names anything to look for but a time.
func (q Question) Names() bool {
	return len(q.Who)+len(q.AnyOf)+len(q.IPs)+len(q.IDs)+len(q.Outcomes)+len(q.Actions) > 0 || q.Words != "" || q.sized()
}

// Named lists whom or what the question names: addresses, IP addresses, Message-IDs.
func (q Question) Named() []string { return slices.Concat(q.Who, q.IPs, q.IDs) }

// Query is the question for the book. withTime false leaves the time out.
func (q Question) Query(withTime bool) query.Query {
	root := query.Node{Op: query.And}
	add := func(n query.Node) { root.Kids = append(root.Kids, n) }
	switch q.About {
	case AboutSignIn:
		add(one(query.Kind, string(logs.SignIn)))
	case AboutDeleted:
		add(one(query.Kind, string(logs.User)))
		actions := q.rather
		if len(actions) == 0 {
			actions = []logs.Action{logs.ActMailDelete, logs.ActMailTrash, logs.ActMailMove}
		}
		add(either(query.Action, actions))
	case AboutActs:
		add(either(query.Kind, orKinds(q.kinds, logs.Admin, logs.User)))
	default:
		add(either(query.Kind, orKinds(q.kinds, logs.Received, logs.Sent)))
	}
	field := query.Address
	if q.About == AboutSignIn {
		field = query.Person
	}
	for _, who := range q.Who {
		if q.About == AboutMail {
			add(q.named(who))
		} else if q.About == AboutDeleted && len(q.rather) > 0 && slices.Contains(q.mine, who) {
			add(one(query.Person, who)) // from whose mailbox, before whose mail
		} else {
			add(one(field, who))
		}
	}
	if len(q.AnyOf) > 0 {
		add(either(field, q.AnyOf))
	}
	for _, id := range q.IDs {
		add(query.Node{Op: query.Or, Kids: []query.Node{{Op: query.Is, Field: query.MessageID, Value: id, Folded: id}, one(field, strings.ToLower(id))}})
	}
	for _, ip := range q.IPs {
		net, _ := query.Network(ip)
		add(query.Node{Op: query.Is, Field: query.IP, Value: ip, Net: net})
	}
	if q.About == AboutMail {
		root.Kids = append(root.Kids, q.bySize()...)
	}
	if len(q.Outcomes) > 0 {
		add(either(query.Outcome, q.Outcomes))
	}
	if len(q.Actions) > 0 {
		add(either(query.Action, q.Actions))
	}
	for _, w := range strings.Fields(q.Words) {
		add(one(query.Text, w))
	}
	if withTime && q.HasTime {
		add(query.Node{Op: query.Is, Field: query.On, Value: "span", From: q.Span.From, To: q.Span.To})
	}
	return query.Query{Root: root}
}

func orKinds(kinds []logs.Kind, usual ...logs.Kind) []logs.Kind {
	if len(kinds) > 0 {
		return kinds
	}
	return usual
}

func one(f query.Field, value string) query.Node {
	return query.Node{Op: query.Is, Field: f, Value: value, Folded: terms.Fold(value)}
}

func either[T ~string](f query.Field, values []T) query.Node {
	n := query.Node{Op: query.Or}
	for _, v := range values {
		n.Kids = append(n.Kids, one(f, string(v)))
	}
	return n
}
