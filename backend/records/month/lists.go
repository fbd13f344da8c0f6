package month

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// A block of lists holds terms in their order: how many, for each how many bytes it has
// in common with the one before, the length of the rest, the rest, and the length of its
// list; then the lists. A list is the rows of the segment that have the term, ascending,
// each as its distance from the one before.

// listBlock is about how large a block becomes; a longer list has one of its own.
const listBlock = 4 << 10

// listWriter makes blocks of lists that come in the order of their terms.
type listWriter struct {
	put    func(block []byte) error
	firsts []byte // for each block its first term, with its length
	heads  []byte
	lists  []byte
	last   []byte
	n      int
	names  []byte // all addresses, a line each
	wide   bool   // one of them is not of ASCII
}

// add takes a term and its rows, ascending.
func (w *listWriter) add(term []byte, rows []uint32) error {
	if long := len(rows) > listBlock/2; w.n > 0 && (long || len(w.heads)+len(w.lists) > listBlock) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	same := 0
	if w.n == 0 {
		w.firsts = append(binary.AppendUvarint(w.firsts, uint64(len(term))), term...)
	} else {
		for same < len(term) && same < len(w.last) && term[same] == w.last[same] {
			same++
		}
	}
	w.last = append(w.last[:0], term...)
	if term[0] == ofAddress || term[0] == ofPerson {
		w.names = append(append(w.names, term[1:]...), '\n')
		w.wide = w.wide || bytes.ContainsFunc(term, func(r rune) bool { return r >= utf8.RuneSelf })
	}
	w.heads = binary.AppendUvarint(w.heads, uint64(same))
	w.heads = binary.AppendUvarint(w.heads, uint64(len(term)-same))
	w.heads = append(w.heads, term[same:]...)
	from, last := len(w.lists), uint32(0)
	for _, row := range rows {
		if d := row - last; d < 0x80 {
			w.lists = append(w.lists, byte(d))
		} else {
			w.lists = binary.AppendUvarint(w.lists, uint64(d))
		}
		last = row
	}
	w.heads = binary.AppendUvarint(w.heads, uint64(len(w.lists)-from))
	w.n++
	return nil
}

// flush hands out the block that is begun.
func (w *listWriter) flush() error {
	if w.n == 0 {
		return nil
	}
	block := make([]byte, 0, 2+len(w.heads)+len(w.lists))
	block = binary.AppendUvarint(block, uint64(w.n))
	block = append(append(block, w.heads...), w.lists...)
	w.n, w.heads, w.lists = 0, w.heads[:0], w.lists[:0]
	return w.put(block)
}

// listReader goes through the terms of a block.
type listReader struct {
	term []byte // until the next call of next
	head body
	left int
	at   int // of the term's list, from the beginning of the lists
	size int
	all  []byte
}

// openLists begins to read a block.
func openLists(block []byte) (*listReader, error) {
	r := &listReader{head: body{b: block}}
	r.left = r.head.count()
	// Where the lists begin is known when the heads were read.
	p := body{b: r.head.b}
	for range r.left {
		p.uvarint()
		n := p.count()
		if p.bad {
			return nil, errBody
		}
		p.b = p.b[n:]
		p.uvarint()
	}
	if p.bad || r.head.bad {
		return nil, errBody
	}
	r.all = p.b
	r.head.b = r.head.b[:len(r.head.b)-len(p.b)]
	return r, nil
}

// next goes on to the next term; false: that was all, or the block is damaged.
func (r *listReader) next() bool {
	if r.left == 0 || r.head.bad {
		return false
	}
	r.left--
	r.at += r.size
	same, more := int(r.head.uvarint()), r.head.count()
	if r.head.bad || same > len(r.term) {
		r.head.bad = true
		return false
	}
	r.term = append(r.term[:same], r.head.b[:more]...)
	r.head.b = r.head.b[more:]
	r.size = int(r.head.uvarint())
	if r.size < 0 || r.size > len(r.all)-r.at {
		r.head.bad = true
	}
	return !r.head.bad
}

// appendRows appends the rows of the term.
func (r *listReader) appendRows(rows []uint32) ([]uint32, error) {
	list := r.all[r.at : r.at+r.size]
	last := uint32(0)
	for len(list) > 0 {
		if d := list[0]; d < 0x80 {
			last, list = last+uint32(d), list[1:]
		} else {
			d, n := binary.Uvarint(list)
			if n <= 0 {
				return rows, errBody
			}
			last, list = last+uint32(d), list[n:]
		}
		rows = append(rows, last)
	}
	return rows, nil
}

// err is what stopped next.
func (r *listReader) err() error {
	if r.head.bad {
		return errBody
	}
	return nil
}

// readFirsts reads the first terms of a segment's blocks.
func readFirsts(raw []byte) ([][]byte, error) {
	p := &body{b: raw}
	var all [][]byte
	for len(p.b) > 0 {
		n := p.count()
		if p.bad {
			return nil, errBody
		}
		all, p.b = append(all, p.b[:n:n]), p.b[n:]
	}
	return all, nil
}

// blockOf is the block in which a term would be; -1: it is before all of them.
func blockOf(firsts [][]byte, term []byte) int {
	low, high := 0, len(firsts)
	for low < high {
		if m := (low + high) / 2; bytes.Compare(firsts[m], term) <= 0 {
			low = m + 1
		} else {
			high = m
		}
	}
	return low - 1
}
