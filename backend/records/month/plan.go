package month

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"mailroom/backend/records/query"
	"mailroom/backend/records/terms"
)

// set is what the lists of a segment say of a part of a question. It never leaves out a
// row that matches; the question itself decides.
type set struct {
	all   bool // every row may match
	not   bool // the rows are those that do not match; all others may
	exact bool // every row of it does match
	rows  []uint32
}

var anything = set{all: true}

// look answers a question from the lists of one segment.
type look struct {
	r *reading
	s *segment
}

// at answers a part of a question.
func (l *look) at(n *query.Node) (set, error) {
	switch n.Op {
	case query.And:
		return l.and(n.Kids)
	case query.Or:
		return l.or(n.Kids)
	case query.Not:
		kid, err := l.at(&n.Kids[0])
		if err != nil || !kid.exact || kid.all || kid.not {
			return anything, err
		}
		return set{not: true, exact: true, rows: kid.rows}, nil
	case query.Is:
		return l.leaf(n)
	}
	return anything, nil
}

func (l *look) and(kids []query.Node) (set, error) {
	both := set{all: true, exact: true}
	var without [][]uint32
	for i := range kids {
		kid, err := l.at(&kids[i])
		if err != nil {
			return set{}, err
		}
		both.exact = both.exact && kid.exact
		switch {
		case kid.all:
		case kid.not:
			without = append(without, kid.rows)
		case both.all:
			both.all, both.rows = false, kid.rows
		default:
			both.rows = intersect(both.rows, kid.rows)
		}
		if !both.all && len(both.rows) == 0 {
			return set{exact: true}, nil // nothing can match all of them
		}
	}
	if both.all {
		return anything, nil
	}
	for _, rows := range without {
		both.rows = subtract(both.rows, rows)
	}
	return both, nil
}

func (l *look) or(kids []query.Node) (set, error) {
	either := set{exact: true}
	for i := range kids {
		kid, err := l.at(&kids[i])
		if err != nil || kid.all || kid.not {
			return anything, err
		}
		either.exact = either.exact && kid.exact
		either.rows = append(either.rows, kid.rows...)
	}
	either.rows = tidy(either.rows)
	return either, nil
}

// leaf finds the rows of one field's value.
func (l *look) leaf(n *query.Node) (set, error) {
	switch n.Field {
	case query.Kind:
		return l.exactly(ofKind, n.Value)
	case query.Outcome:
		return l.exactly(ofOutcome, n.Value)
	case query.Method:
		return l.exactly(ofMethod, n.Value)
	case query.Action:
		return l.exactly(ofAction, n.Value)
	case query.Person:
		if n.WholeAddress() {
			return l.exactly(ofPerson, n.Folded)
		}
		return l.beginning(ofPerson, addressTerm(n.Folded))
	case query.IP:
		return l.network(n.Net)
	case query.MessageID:
		return l.inexact(ofMessage, messageTerm(n.Folded))
	case query.Subject, query.Remark:
		return l.words(n.Folded)
	case query.From, query.To, query.Address:
		return l.address(n)
	case query.Text:
		return l.text(n)
	}
	return anything, nil
}

// each calls visit for the terms from one on, until it says no.
func (l *look) each(from []byte, visit func(*listReader) (bool, error)) error {
	for n := max(blockOf(l.s.terms, from), 0); n < len(l.s.terms); n++ {
		raw, err := l.r.block(l.r.list, l.s.id, n)
		if err != nil {
			return err
		}
		lists, err := openLists(raw)
		if err != nil {
			return l.r.m.damaged()
		}
		for lists.next() {
			if bytes.Compare(lists.term, from) < 0 {
				continue
			}
			if on, err := visit(lists); !on || err != nil {
				return err
			}
		}
		if lists.err() != nil {
			return l.r.m.damaged()
		}
	}
	return nil
}

func (l *look) exactly(kind byte, value string) (set, error) {
	found, err := l.inexact(kind, value)
	found.exact = true
	return found, err
}

func (l *look) inexact(kind byte, value string) (found set, err error) {
	term := []byte(string(kind) + value)
	err = l.each(term, func(lists *listReader) (bool, error) {
		if bytes.Equal(lists.term, term) {
			found.rows, err = lists.appendRows(nil)
		}
		return false, err
	})
	return found, err
}

func (l *look) beginning(kind byte, value string) (found set, err error) {
	from := []byte(string(kind) + value)
	err = l.each(from, func(lists *listReader) (bool, error) {
		if !bytes.HasPrefix(lists.term, from) {
			return false, nil
		}
		found.rows, err = lists.appendRows(found.rows)
		return err == nil, err
	})
	found.rows = tidy(found.rows)
	return found, err
}

func (l *look) network(net netip.Prefix) (set, error) {
	switch whole := networkOf(net.Addr()); {
	case net.Bits() >= whole.Bits():
		return l.inexact(ofNetwork, networkTerm(net.Addr()))
	case net.Addr().Is4() && net.Bits() >= 8:
		octets := strings.SplitAfter(net.Addr().String(), ".")
		return l.beginning(ofNetwork, strings.Join(octets[:net.Bits()/8], ""))
	}
	return anything, nil
}

// words finds texts with folded words in them.
func (l *look) words(folded string) (set, error) {
	needs := terms.Needs(folded)
	found := anything
	for _, need := range needs {
		// The beginnings of short words are in every other text: the rows tell quicker.
		if need.Prefix && len(need.Term) < 2 && len(needs) > 1 {
			continue
		}
		read := l.inexact
		if need.Prefix {
			read = l.beginning
		}
		one, err := read(ofText, need.Term)
		if err != nil {
			return set{}, err
		}
		if found.all {
			found = one
		} else {
			found.rows = intersect(found.rows, one.rows)
		}
		if len(found.rows) == 0 {
			break
		}
	}
	return found, nil
}

// mostAddresses is how many addresses a part of one may stand for; what is in more of
// them is in so many rows that reading these is quicker.
const mostAddresses = 200

// address finds rows with a part of an address in them.
func (l *look) address(n *query.Node) (set, error) {
	if n.Whole() {
		found, err := l.inexact(ofAddress, n.Folded)
		if err != nil {
			return set{}, err
		}
		person, err := l.inexact(ofPerson, n.Folded)
		found.rows = tidy(append(found.rows, person.rows...))
		return found, err
	}
	addresses, err := l.addresses(n.Folded)
	if err != nil || len(addresses) > mostAddresses {
		return anything, err
	}
	found := set{}
	for _, a := range addresses {
		for _, kind := range []byte{ofAddress, ofPerson} {
			one, err := l.inexact(kind, a)
			if err != nil {
				return set{}, err
			}
			found.rows = append(found.rows, one.rows...)
		}
	}
	found.rows = tidy(found.rows)
	return found, nil
}

// addresses lists the addresses of the segment with a text in them, not many more than
// mostAddresses.
func (l *look) addresses(part string) (found []string, err error) {
	if !l.s.wide && strings.IndexFunc(part, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		return nil, nil
	}
	var small []byte
	if err := l.r.tx.QueryRowContext(l.r.ctx, `SELECT body FROM names WHERE segment=?`, l.s.id).Scan(&small); err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	names, err := unpack(nil, small)
	if err != nil {
		return nil, l.r.m.damaged()
	}
	for from := 0; len(found) <= mostAddresses; {
		at := bytes.Index(names[from:], []byte(part))
		if at < 0 {
			break
		}
		at += from
		begin := bytes.LastIndexByte(names[:at], '\n') + 1
		end := bytes.IndexByte(names[at:], '\n') + at
		if end < at {
			break
		}
		found, from = append(found, string(names[begin:end])), end+1
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// text finds rows with words in any text or address.
func (l *look) text(n *query.Node) (set, error) {
	words, err := l.words(n.Folded)
	if err != nil || words.all {
		return words, err
	}
	in, err := l.address(n)
	if err != nil || in.all {
		return in, err
	}
	return set{rows: tidy(append(words.rows, in.rows...))}, nil
}

func tidy(list []uint32) []uint32 {
	if !slices.IsSorted(list) {
		slices.Sort(list)
	}
	return slices.Compact(list)
}

func intersect(a, b []uint32) []uint32 {
	both := make([]uint32, 0, min(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			both = append(both, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return both
}

func subtract(a, b []uint32) []uint32 {
	left := make([]uint32, 0, len(a))
	for _, id := range a {
		for len(b) > 0 && b[0] < id {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != id {
			left = append(left, id)
		}
	}
	return left
}
