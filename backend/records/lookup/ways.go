package lookup

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ways are the ways to take a question, the likeliest first. The records decide: the
// first way that finds something is what was meant. "十月发票" is rather a subject than a
// time, "10月 发票" the other way round; "Meeting on Thursday" may be either.
func ways(text string, people []Person, now time.Time) []Question {
	first := Understand(text, people, now)
	asWords := understand(text, people, now, manner{times: true, words: true})
	bare := understand(text, people, now, manner{})
	order := []Question{first, asWords}
	if monthInWord.MatchString(plain(text)) {
		order = []Question{asWords, first}
	}
	var all []Question
	seen := map[string]bool{}
	add := func(q Question) {
		key := fmt.Sprint(q.About, q.Who, q.AnyOf, q.IPs, q.IDs, q.Outcomes, q.Actions, q.rather, q.kinds, q.From, q.To, q.Words, q.Larger, q.Smaller, q.Span)
		if !seen[key] && (q.Names() || q.HasTime) {
			seen[key] = true
			all = append(all, q)
		}
	}
	for _, q := range order {
		eitherWay := q
		if q.About == AboutMail {
			eitherWay.kinds = nil
		}
		for _, q := range []Question{q, eitherWay} {
			add(q)
			add(q.loose())
			add(q.loose().pairs())
			add(q.byInitials(people))
		}
	}
	for _, q := range order {
		if q.maybe || len(q.rather) > 0 {
			q.rather = nil
			if q.maybe {
				q.Outcomes = nil
			}
			add(q)
			add(q.loose())
		}
	}
	if bare.Words != "" { // nothing but words
		add(bare)
		add(bare.loose())
	}
	return all
}

// monthInWord is the name of a month that more follows without a gap.
var monthInWord = regexp.MustCompile(`(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月份?[^\s0-9一二三四五六七八九十日号初上中下底末的到至以之前后内来，。、~-]`)

// loose leaves out what may belong to a word or stand before it: 发合同 is 合同, and
// "李雷给客户的报价" a 报价.
func (q Question) loose() Question {
	var words []string
	for _, w := range strings.Fields(q.Words) {
		if !hasHan(w) {
			words = append(words, w)
			continue
		}
		for _, part := range strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("的给对跟", r) }) {
			part = trimHan(part, leading+loosened, trailing+loosened)
			if !weak.MatchString(part) && (utf8.RuneCountInString(part) > 1 || part == w) {
				words = append(words, part)
			}
		}
	}
	if q.Words = strings.Join(words, " "); q.Words == "" && len(q.Who)+len(q.IDs) == 0 && !q.sized() {
		q.HasTime = false // nothing is left of it: this is no way to take it
		q.Outcomes, q.Actions, q.IPs = nil, nil, nil
	}
	return q
}

// pairs asks for the same words with anything between them: Chinese words are mostly of
// two characters, and people leave out what stood between.
func (q Question) pairs() Question {
	var words []string
	for _, w := range strings.Fields(q.Words) {
		runes := []rune(w)
		dense := len(runes) > 3 && len(runes)%2 == 0
		for _, r := range runes {
			dense = dense && r >= 0x4e00 && r <= 0x9fff
		}
		if !dense {
			words = append(words, w)
			continue
		}
		for pair := range slices.Chunk(runes, 2) {
			words = append(words, string(pair))
		}
	}
	q.Words = strings.Join(words, " ")
	return q
}

// byInitials takes a short word for the initials of people: "wf 上个月" is of wang.fang.
func (q Question) byInitials(people []Person) Question {
	var words []string
	for _, w := range strings.Fields(q.Words) {
		them := initials(w, people)
		switch {
		case len(them) == 1:
			q.Who, q.mine = append(slices.Clone(q.Who), them[0]), append(slices.Clone(q.mine), them[0])
		case len(them) > 1 && len(them) <= mostMeant && len(q.AnyOf) == 0:
			q.AnyOf = them
		default:
			words = append(words, w)
		}
	}
	q.Words = strings.Join(words, " ")
	return q
}
