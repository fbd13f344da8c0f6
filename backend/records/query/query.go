// Package query is the language in which records are asked for: words, phrases and
// fields ("发票 from:zhou outcome:junk after:2026-11-01"), with OR, a minus sign and
// brackets; and the form that says the same without a language. What a question means
// is [Query.Match]; an index may only narrow down what it is asked of.
//
// It leaves out how records are found quickly (package month) and times in everyday
// words (package lookup).
package query

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/terms"
)

// Op is what a [Node] does with its parts.
type Op uint8

// The operations.
const (
	All Op = iota // everything
	And
	Or
	Not // of its one part
	Is  // a field has a value
)

// Field is what a value is compared with.
type Field string

// The fields, as the language spells them. Text is a word without a field.
const (
	Text      Field = ""
	Subject   Field = "subject"
	Person    Field = "person"  // whose record; the beginning of an address or all of it
	Address   Field = "address" // any address in the record
	From      Field = "from"
	To        Field = "to"
	IP        Field = "ip" // an address or a network
	Kind      Field = "kind"
	Outcome   Field = "outcome"
	Method    Field = "method"
	Action    Field = "action"
	MessageID Field = "id"
	Remark    Field = "remark"
	After     Field = "after"  // from the beginning of a day or a moment on
	Before    Field = "before" // until the beginning of a day or a moment
	On        Field = "on"     // a day, month or year
	Larger    Field = "larger" // bytes: 300, 20k, 5m
	Smaller   Field = "smaller"
)

// Fields lists the fields that have a name.
func Fields() []Field {
	return []Field{Subject, Person, Address, From, To, IP, Kind, Outcome, Method, Action, MessageID, Remark, After, Before, On, Larger, Smaller}
}

// Node is a part of a question.
type Node struct {
	Op    Op
	Kids  []Node
	Field Field
	Value string // as it was written

	// What the value means, by field.
	Folded   string       // texts and addresses
	Net      netip.Prefix // IP
	From, To time.Time    // After, Before, On: From is included, To is not; zero: open
	Bytes    int64        // Larger, Smaller
}

// Query is a question about records. The zero value is everything.
type Query struct {
	Root Node
}

// Range is the part of time outside of which nothing can match; zero: open. To is not
// included.
func (q Query) Range() (from, to time.Time) { return q.Root.span() }

func (n *Node) span() (from, to time.Time) {
	switch n.Op {
	case Is:
		return n.From, n.To
	case And:
		for i := range n.Kids {
			f, t := n.Kids[i].span()
			if f.After(from) {
				from = f
			}
			if !t.IsZero() && (to.IsZero() || t.Before(to)) {
				to = t
			}
		}
		return from, to
	case Or:
		for i := range n.Kids {
			f, t := n.Kids[i].span()
			if i == 0 {
				from, to = f, t
				continue
			}
			if f.Before(from) {
				from = f
			}
			if t.IsZero() || !to.IsZero() && t.After(to) {
				to = t
			}
		}
		return from, to
	}
	return time.Time{}, time.Time{}
}

// Match says whether a record is asked for.
func (q Query) Match(r *logs.Record) bool { return q.Root.match(r) }

func (n *Node) match(r *logs.Record) bool {
	switch n.Op {
	case And:
		for i := range n.Kids {
			if !n.Kids[i].match(r) {
				return false
			}
		}
		return true
	case Or:
		for i := range n.Kids {
			if n.Kids[i].match(r) {
				return true
			}
		}
		return false
	case Not:
		return !n.Kids[0].match(r)
	case Is:
		return n.is(r)
	}
	return true
}

func (n *Node) is(r *logs.Record) bool {
	switch n.Field {
	case Text:
		return n.anywhere(r)
	case Subject:
		return n.holds(r.Subject)
	case Remark:
		return n.holds(r.Remark)
	case Person:
		return n.begins(r.Person)
	case Address:
		return n.part(r.Person) || n.part(r.From) || n.part(r.TargetAddress()) || slices.ContainsFunc(r.To, n.part)
	case From:
		return n.part(r.From)
	case To:
		return slices.ContainsFunc(r.To, n.part)
	case IP:
		return r.IP.IsValid() && n.Net.Contains(r.IP)
	case Kind:
		return string(r.Kind) == n.Value
	case Outcome:
		return string(r.Outcome) == n.Value
	case Method:
		return string(r.Method) == n.Value
	case Action:
		return string(r.Action) == n.Value
	case MessageID:
		return bareID(r.MessageID) == n.Folded
	case Larger:
		return r.Size > n.Bytes
	case Smaller:
		return r.Size < n.Bytes
	}
	return (n.From.IsZero() || !r.At.Before(n.From)) && (n.To.IsZero() || r.At.Before(n.To))
}

// anywhere looks at everything that a person reads in a record.
func (n *Node) anywhere(r *logs.Record) bool {
	return n.holds(r.Subject) || n.part(r.Person) || n.part(r.From) || slices.ContainsFunc(r.To, n.part) ||
		n.holds(r.Name) || n.holds(r.Remark) || n.holds(r.Target)
}

func (n *Node) holds(text string) bool {
	return text != "" && terms.Contains(terms.Fold(text), n.Folded)
}

// part says whether an address has the value in it; a whole address is compared whole.
func (n *Node) part(address string) bool {
	if address == "" {
		return false
	}
	if n.Whole() {
		return terms.Fold(address) == n.Folded
	}
	return strings.Contains(terms.Fold(address), n.Folded)
}

// Whole says whether the value is a whole address, with a name before the @ and a dot
// in what follows.
func (n *Node) Whole() bool {
	at := strings.IndexByte(n.Folded, '@')
	dot := strings.LastIndexByte(n.Folded, '.')
	return at > 0 && dot > at+1 && dot < len(n.Folded)-1
}

// begins says whether an address is the value or begins with it.
func (n *Node) begins(address string) bool {
	a := terms.Fold(address)
	if n.WholeAddress() {
		return a == n.Folded
	}
	return strings.HasPrefix(a, n.Folded)
}

// WholeAddress says whether the value is an address with all of its domain; "zhou@" and
// "zhou@office" are beginnings of one.
func (n *Node) WholeAddress() bool {
	_, domain, ok := strings.Cut(n.Folded, "@")
	dot := strings.IndexByte(domain, '.')
	return ok && dot >= 0 && dot < len(domain)-1
}

// bareID is a Message-ID without its brackets.
func bareID(id string) string { return strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">") }
