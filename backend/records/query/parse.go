package query

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"mailroom/backend/core"
)

// Limits of a question.
const (
	longest = 4000 // bytes
	most    = 100  // words and fields
	deepest = 20   // brackets within brackets
)

// alias lets the fields be written in Chinese too.
var alias = map[string]Field{
	"主题": Subject, "成员": Person, "地址": Address, "发件人": From, "收件人": To, "类型": Kind, "结果": Outcome, "方式": Method,
	"操作": Action, "备注": Remark, "之后": After, "之前": Before, "日期": On, "大于": Larger, "小于": Smaller, "since": After, "until": Before,
}

// Parse reads a question in the language. Words beside each other must all match; OR
// between two lets either do; a minus sign before a word or bracket excludes; quotes
// hold words together; several values of a field are separated by commas. What looks
// like a field but is none is a word. Days are days of the zone. An error is invalid
// with "problem" (value, bracket, quote, long, empty), "field", "value" and "at", the
// place in characters, counted from 1.
func Parse(text string, zone *time.Location) (Query, error) {
	if len(text) > longest {
		return Query{}, core.E(core.Invalid, "read question", nil, "problem", "long")
	}
	p := &parser{rest: text, text: text, zone: zone}
	n, err := p.or(0)
	if err == nil && p.skip() != "" {
		err = p.fail("bracket")
	}
	if err != nil {
		return Query{}, err
	}
	return Query{Root: n}, nil
}

type parser struct {
	text, rest string
	zone       *time.Location
	leaves     int
}

func (p *parser) fail(problem string) error {
	at := utf8.RuneCountInString(p.text[:len(p.text)-len(p.rest)]) + 1
	return core.E(core.Invalid, "read question", nil, "problem", problem, "at", strconv.Itoa(at))
}

func (p *parser) skip() string {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	return p.rest
}

// or reads parts with OR between them.
func (p *parser) or(depth int) (Node, error) {
	if depth > deepest {
		return Node{}, p.fail("long")
	}
	var kids []Node
	for {
		n, err := p.and(depth)
		if err != nil {
			return Node{}, err
		}
		kids = append(kids, n)
		if !p.word("OR") && !p.word("|") {
			break
		}
	}
	if len(kids) == 1 {
		return kids[0], nil
	}
	for _, k := range kids {
		if k.Op == All {
			return Node{}, p.fail("empty")
		}
	}
	return Node{Op: Or, Kids: kids}, nil
}

// word takes a word of the language if it stands alone.
func (p *parser) word(w string) bool {
	rest, ok := strings.CutPrefix(p.skip(), w)
	if !ok {
		return false
	}
	if r, n := utf8.DecodeRuneInString(rest); n > 0 && !unicode.IsSpace(r) && r != '(' {
		return false
	}
	p.rest = rest
	return true
}

// and reads parts beside each other.
func (p *parser) and(depth int) (Node, error) {
	var kids []Node
	for {
		s := p.skip()
		if s == "" || s[0] == ')' || p.ahead("OR") || p.ahead("|") {
			break
		}
		n, err := p.part(depth)
		if err != nil {
			return Node{}, err
		}
		kids = append(kids, n)
	}
	switch len(kids) {
	case 0:
		return Node{}, nil
	case 1:
		return kids[0], nil
	}
	return Node{Op: And, Kids: kids}, nil
}

func (p *parser) ahead(w string) bool {
	saved := p.rest
	found := p.word(w)
	p.rest = saved
	return found
}

func (p *parser) part(depth int) (Node, error) {
	if p.leaves++; p.leaves > most {
		return Node{}, p.fail("long")
	}
	if r, n := utf8.DecodeRuneInString(p.rest[1:]); p.rest[0] == '-' && n > 0 && !unicode.IsSpace(r) && r != '-' {
		p.rest = p.rest[1:]
		n, err := p.part(depth)
		return Node{Op: Not, Kids: []Node{n}}, err
	}
	if p.rest[0] == '(' {
		open := p.rest
		p.rest = p.rest[1:]
		n, err := p.or(depth + 1)
		if err != nil {
			return Node{}, err
		}
		if !strings.HasPrefix(p.skip(), ")") {
			p.rest = open
			return Node{}, p.fail("bracket")
		}
		p.rest = p.rest[1:]
		if n.Op == All {
			p.rest = open
			return Node{}, p.fail("empty")
		}
		return n, nil
	}
	field, named := p.field()
	start := p.rest
	value, quoted, err := p.value()
	if err != nil {
		return Node{}, err
	}
	if named && value == "" && !quoted {
		p.rest = start
	}
	n, err := p.values(field, value, quoted)
	if err != nil {
		p.rest = start
		at := utf8.RuneCountInString(p.text[:len(p.text)-len(p.rest)]) + 1
		return Node{}, core.E(core.Invalid, "read question", err, "at", strconv.Itoa(at))
	}
	return n, nil
}

// field takes the name of a field with its colon, if one is ahead.
func (p *parser) field() (Field, bool) {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return r == ':' || r == '：' || unicode.IsSpace(r) || r == '"' })
	if end <= 0 || p.rest[end] == '"' {
		return Text, false
	}
	r, n := utf8.DecodeRuneInString(p.rest[end:])
	if r != ':' && r != '：' {
		return Text, false
	}
	name := strings.ToLower(p.rest[:end])
	f, known := alias[name]
	for _, each := range Fields() {
		if name == string(each) {
			f, known = each, true
		}
	}
	if !known {
		return Text, false
	}
	p.rest = p.rest[end+n:]
	return f, true
}

// value takes a quoted text or everything up to a space or closing bracket.
func (p *parser) value() (value string, quoted bool, err error) {
	for _, q := range []struct{ open, shut string }{{`"`, `"`}, {"“", "”"}} {
		rest, ok := strings.CutPrefix(p.rest, q.open)
		if !ok {
			continue
		}
		end := strings.Index(rest, q.shut)
		if end < 0 {
			return "", true, p.fail("quote")
		}
		p.rest = rest[end+len(q.shut):]
		return rest[:end], true, nil
	}
	end := strings.IndexFunc(p.rest, func(r rune) bool { return unicode.IsSpace(r) || r == ')' })
	if end < 0 {
		end = len(p.rest)
	}
	value, p.rest = p.rest[:end], p.rest[end:]
	return value, false, nil
}

// values makes leaves of the values of a field that are separated by commas.
func (p *parser) values(field Field, value string, quoted bool) (Node, error) {
	if field == Text || quoted || !strings.ContainsAny(value, ",，") {
		return leaf(field, value, p.zone)
	}
	n := Node{Op: Or}
	for _, v := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == '，' }) {
		if p.leaves++; p.leaves > most {
			return Node{}, p.fail("long")
		}
		k, err := leaf(field, v, p.zone)
		if err != nil {
			return Node{}, err
		}
		n.Kids = append(n.Kids, k)
	}
	switch len(n.Kids) {
	case 0:
		return leaf(field, "", p.zone)
	case 1:
		return n.Kids[0], nil
	}
	return n, nil
}
