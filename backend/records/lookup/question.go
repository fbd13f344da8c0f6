// Package lookup answers what people ask in their own words ("did Zhou's invoice arrive
// last Tuesday?", 昨天谁删了那封合同的邮件): it finds the mail or the person that is meant,
// tells in one word of a closed set what became of it, and lays out the evidence. The
// page turns the word into a sentence.
//
// It leaves out the exact language of questions (package query) and where records are
// (package records).
package lookup

import (
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"mailroom/backend/logs"
	"mailroom/backend/records/query"
	"mailroom/backend/records/terms"
)

// Person is somebody of the office.
type Person struct{ Address, Name string }

// Question is what a text was understood to ask.
type Question struct {
	Text    string
	About   About
	Who     []string // addresses, or parts of them
	Words   string   // of a subject
	Span    Span     // zero: any time
	HasTime bool
}

var addressRE = regexp.MustCompile(`[^\s<>"'(),;:，；：（）“”？?]+@[^\s<>"'(),;:，；：（）“”？?]+[A-Za-z0-9\p{Han}]`)

var quoted = regexp.MustCompile(`"([^"]+)"|“([^”]+)”|「([^」]+)」|《([^》]+)》`)

// Understand reads a question. people are those of the office, now the present moment
// in its zone. Whatever is not understood counts as words of a subject.
func Understand(text string, people []Person, now time.Time) Question {
	if len(text) > 1000 {
		text = cut(text, 1000)
	}
	q := Question{Text: text, About: AboutMail}
	rest := text
	var words []string
	for _, m := range quoted.FindAllStringSubmatch(rest, -1) {
		words = append(words, strings.TrimSpace(m[1]+m[2]+m[3]+m[4]))
	}
	rest = quoted.ReplaceAllString(rest, " ")
	for _, a := range addressRE.FindAllString(rest, -1) {
		q.Who = append(q.Who, strings.ToLower(a))
	}
	rest = addressRE.ReplaceAllString(rest, " ")
	q.Span, rest, q.HasTime = Times(rest, now)
	rest = q.names(rest, people)
	for _, a := range aims {
		if at := a.re.FindStringIndex(rest); at != nil {
			q.About = a.about
			rest = rest[:at[0]] + " " + rest[at[1]:]
			break
		}
	}
	rest = filler.ReplaceAllString(rest, " ")
	words = append(words, strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\n\r,.!?;:，。？！；：、()（）'’", r) })...)
	q.Words = strings.Join(words, " ")
	return q
}

func cut(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// names finds people of the office by name or by the beginning of their address.
func (q *Question) names(rest string, people []Person) string {
	byLength := append([]Person(nil), people...)
	sort.SliceStable(byLength, func(i, j int) bool { return len(byLength[i].Name) > len(byLength[j].Name) })
	for _, p := range byLength {
		local, _, _ := strings.Cut(p.Address, "@")
		for _, name := range []string{p.Name, local} {
			if utf8.RuneCountInString(name) < 2 {
				continue
			}
			at := findWord(rest, name)
			if at < 0 {
				continue
			}
			q.Who = append(q.Who, p.Address)
			rest = rest[:at] + strings.Repeat(" ", len(name)) + rest[at+len(name):]
			break
		}
	}
	return rest
}

// findWord finds a name in a text, whatever its case: a Latin one as a whole word.
func findWord(text, name string) int {
	lower, sought := strings.ToLower(text), strings.ToLower(name)
	if len(lower) != len(text) || len(sought) != len(name) {
		lower, sought = text, name
	}
	latin := sought[0] < utf8.RuneSelf
	for from := 0; ; {
		at := strings.Index(lower[from:], sought)
		if at < 0 {
			return -1
		}
		at += from
		end := at + len(sought)
		if !latin || (at == 0 || !wordByte(lower[at-1])) && (end == len(lower) || !wordByte(lower[end])) {
			return at
		}
		from = end
	}
}

func wordByte(c byte) bool {
	return c == '.' || c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// Query is the question for the book. withTime false leaves the time out.
func (q Question) Query(withTime bool) query.Query {
	root := query.Node{Op: query.And}
	add := func(n query.Node) { root.Kids = append(root.Kids, n) }
	switch q.About {
	case AboutSignIn:
		add(one(query.Kind, string(logs.SignIn)))
	case AboutDeleted:
		add(one(query.Kind, string(logs.User)))
		acts := query.Node{Op: query.Or}
		for _, a := range []logs.Action{logs.ActMailDelete, logs.ActMailTrash, logs.ActMailMove} {
			acts.Kids = append(acts.Kids, one(query.Action, string(a)))
		}
		add(acts)
	case AboutActs:
		add(query.Node{Op: query.Or, Kids: []query.Node{one(query.Kind, string(logs.Admin)), one(query.Kind, string(logs.User))}})
	default:
		add(query.Node{Op: query.Or, Kids: []query.Node{one(query.Kind, string(logs.Received)), one(query.Kind, string(logs.Sent))}})
	}
	for _, who := range q.Who {
		field := query.Address
		if q.About == AboutSignIn {
			field = query.Person
		}
		add(one(field, who))
	}
	for _, w := range strings.Fields(q.Words) {
		add(one(query.Text, w))
	}
	if withTime && q.HasTime {
		add(query.Node{Op: query.Is, Field: query.On, Value: "span", From: q.Span.From, To: q.Span.To})
	}
	return query.Query{Root: root}
}

func one(f query.Field, value string) query.Node {
	return query.Node{Op: query.Is, Field: f, Value: value, Folded: terms.Fold(value)}
}

// loose asks for the same words with anything between them: Chinese words are mostly
// of two characters, and people leave out what stood between. false: there is no
// looser way.
func (q Question) loose() (Question, bool) {
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
		for i := 0; i < len(runes); i += 2 {
			words = append(words, string(runes[i:i+2]))
		}
	}
	l := q
	l.Words = strings.Join(words, " ")
	return l, l.Words != q.Words
}
