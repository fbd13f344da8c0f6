package month

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"mailroom/backend/records/query"
	"mailroom/backend/records/terms"
)

// plan narrows a question down to rows that may match. It never leaves out one that
// does; the question itself decides.
type plan struct {
	op    query.Op
	any   bool // every row may match
	exact bool // every row of it does match
	kids  []*plan
	lists map[int64][]byte // Is: by day
	read  map[int64][]uint32
}

var anything = &plan{any: true}

// plan makes the plan of a part of a question for the days from first to last.
func (m *Month) plan(ctx context.Context, n *query.Node, first, last int64) (*plan, error) {
	switch n.Op {
	case query.And, query.Or:
		return m.planKids(ctx, n, first, last)
	case query.Not:
		kid, err := m.plan(ctx, &n.Kids[0], first, last)
		if err != nil || !kid.exact {
			return anything, err
		}
		return &plan{op: query.Not, any: true, exact: true, kids: []*plan{kid}}, nil
	case query.Is:
		return m.planLeaf(ctx, n, first, last)
	}
	return anything, nil
}

func (m *Month) planKids(ctx context.Context, n *query.Node, first, last int64) (*plan, error) {
	p := &plan{op: n.Op, any: n.Op == query.And, exact: true}
	for i := range n.Kids {
		kid, err := m.plan(ctx, &n.Kids[i], first, last)
		if err != nil {
			return nil, err
		}
		p.exact = p.exact && kid.exact
		switch {
		case n.Op == query.And && (!kid.any || kid.op == query.Not):
			p.kids = append(p.kids, kid)
			p.any = p.any && kid.any
			if !kid.any && kid.empty() {
				return kid, nil // nothing can match both
			}
		case n.Op == query.Or && kid.any:
			return anything, nil
		case n.Op == query.Or:
			p.kids = append(p.kids, kid)
		}
	}
	if p.any {
		return anything, nil
	}
	return p, nil
}

func (p *plan) empty() bool { return p.op == query.Is && len(p.lists) == 0 }

// planLeaf finds the lists of one field's value.
func (m *Month) planLeaf(ctx context.Context, n *query.Node, first, last int64) (*plan, error) {
	w := window{m, ctx, first, last}
	switch n.Field {
	case query.Kind:
		return w.exactly(ofKind, n.Value)
	case query.Outcome:
		return w.exactly(ofOutcome, n.Value)
	case query.Method:
		return w.exactly(ofMethod, n.Value)
	case query.Action:
		return w.exactly(ofAction, n.Value)
	case query.Person:
		if strings.Contains(n.Folded, "@") {
			return w.exactly(ofPerson, n.Folded)
		}
		return w.beginning(ofPerson, addressTerm(n.Folded))
	case query.IP:
		return w.network(n.Net)
	case query.MessageID:
		return w.inexact(ofMessage, messageTerm(n.Folded))
	case query.Subject, query.Remark:
		return w.words(n.Folded)
	case query.From, query.To, query.Address:
		return w.address(n)
	case query.Text:
		return w.text(n)
	}
	return anything, nil
}

// window reads lists of some days.
type window struct {
	m           *Month
	ctx         context.Context
	first, last int64
}

// read collects the lists of the terms in [from, to).
func (w window) read(p *plan, where string, args ...any) error {
	rows, err := w.m.db.R.QueryContext(w.ctx, `SELECT day, ids FROM post WHERE `+where+` AND day BETWEEN ? AND ?`, append(args, w.first, w.last)...)
	if err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var day int64
		var ids []byte
		if err := rows.Scan(&day, &ids); err != nil {
			return err
		}
		if have := p.lists[day]; have != nil {
			ids = append(have, ids...)
		}
		p.lists[day] = ids
	}
	return rows.Err()
}

func leaf() *plan {
	return &plan{op: query.Is, lists: map[int64][]byte{}, read: map[int64][]uint32{}}
}

func (w window) exactly(kind byte, value string) (*plan, error) {
	p, err := w.inexact(kind, value)
	if p != nil {
		p.exact = true
	}
	return p, err
}

func (w window) inexact(kind byte, value string) (*plan, error) {
	p := leaf()
	return p, w.read(p, `term=?`, string(kind)+value)
}

func (w window) beginning(kind byte, value string) (*plan, error) {
	p := leaf()
	from := string(kind) + value
	return p, w.read(p, `term>=? AND term<?`, from, from+"\xff")
}

func (w window) network(net netip.Prefix) (*plan, error) {
	switch whole := networkOf(net.Addr()); {
	case net.Bits() >= whole.Bits():
		return w.inexact(ofNetwork, networkTerm(net.Addr()))
	case net.Addr().Is4() && net.Bits() >= 8:
		octets := strings.SplitAfter(net.Addr().String(), ".")
		return w.beginning(ofNetwork, strings.Join(octets[:net.Bits()/8], ""))
	}
	return anything, nil
}

// words finds texts with folded words in them.
func (w window) words(folded string) (*plan, error) {
	needs := terms.Needs(folded)
	p := &plan{op: query.And}
	for _, need := range needs {
		// The beginnings of short words are in every other text: the rows tell quicker.
		if need.Prefix && len(need.Term) < 2 && len(needs) > 1 {
			continue
		}
		read := w.inexact
		if need.Prefix {
			read = w.beginning
		}
		kid, err := read(ofText, need.Term)
		if err != nil {
			return nil, err
		}
		p.kids = append(p.kids, kid)
		if kid.empty() {
			return kid, nil
		}
	}
	if len(p.kids) == 0 {
		return anything, nil
	}
	return p, nil
}

// mostAddresses is how many addresses a part of one may stand for; what is in more of
// them is in so many rows that reading these is quicker.
const mostAddresses = 200

// address finds rows with a part of an address in them.
func (w window) address(n *query.Node) (*plan, error) {
	addresses := []string{n.Folded}
	if !n.Whole() {
		var err error
		if addresses, err = w.addresses(n.Folded); err != nil || addresses == nil {
			return anything, err
		}
	}
	p := &plan{op: query.Or}
	for _, a := range addresses {
		for _, kind := range []byte{ofAddress, ofPerson} {
			kid, err := w.inexact(kind, a)
			if err != nil {
				return nil, err
			}
			if !kid.empty() {
				p.kids = append(p.kids, kid)
			}
		}
	}
	if len(p.kids) == 0 {
		return leaf(), nil
	}
	return p, nil
}

// addresses lists the addresses of the month with a text in them; nil: too many.
func (w window) addresses(part string) ([]string, error) {
	rows, err := w.m.db.R.QueryContext(w.ctx, `SELECT text FROM address WHERE instr(text, ?)>0 LIMIT ?`, part, mostAddresses+1)
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := []string{}
	for rows.Next() {
		var a string
		if err := rows.Scan(&a); err != nil {
			return nil, err
		}
		found = append(found, a)
	}
	if len(found) > mostAddresses {
		return nil, rows.Err()
	}
	return found, rows.Err()
}

// text finds rows with words in any text or address.
func (w window) text(n *query.Node) (*plan, error) {
	words, err := w.words(n.Folded)
	if err != nil || words.any {
		return words, err
	}
	in, err := w.address(n)
	if err != nil || in.any {
		return in, err
	}
	return &plan{op: query.Or, kids: []*plan{words, in}}, nil
}

// days lists the days on which anything may match, newest first.
func (p *plan) days() []int64 {
	set := map[int64]bool{}
	p.collect(set)
	days := make([]int64, 0, len(set))
	for d := range set {
		days = append(days, d)
	}
	slices.Sort(days)
	slices.Reverse(days)
	return days
}

func (p *plan) collect(set map[int64]bool) {
	for d := range p.lists {
		set[d] = true
	}
	for _, k := range p.kids {
		if k.op != query.Not {
			k.collect(set)
		}
	}
}

// on is the list of a day, sorted and without doubles.
func (p *plan) on(day int64) []uint32 {
	switch p.op {
	case query.And:
		var both []uint32
		begun := false
		for _, k := range p.kids {
			if k.any {
				continue
			}
			if list := k.on(day); !begun {
				both, begun = list, true
			} else {
				both = intersect(both, list)
			}
			if len(both) == 0 {
				return nil
			}
		}
		for _, k := range p.kids {
			if k.op == query.Not {
				both = subtract(both, k.kids[0].on(day))
			}
		}
		return both
	case query.Or:
		var either []uint32
		for _, k := range p.kids {
			either = append(either, k.on(day)...)
		}
		return tidy(either)
	}
	list, have := p.read[day]
	if !have {
		raw := p.lists[day]
		list = make([]uint32, 0, len(raw)/4)
		for ; len(raw) >= 4; raw = raw[4:] {
			list = append(list, binary.LittleEndian.Uint32(raw))
		}
		list = tidy(list)
		p.read[day] = list
	}
	return list
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
