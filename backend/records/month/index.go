package month

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// index turns the terms of rows into lists: every term has a number, every row the
// numbers of its terms. Its memory serves one batch after the other.
type index struct {
	seed  maphash.Seed
	slots []slot // a table with open addressing; its length is a power of two
	text  []byte
	terms []term
	all   []uint32 // numbers of terms, row behind row
	ends  []int    // where the rows' numbers end
}

type slot struct {
	hash   uint32
	number uint32 // from 1; 0: free
}

// term is a part of the text.
type term struct {
	from, to uint32
	count    uint32 // of rows
	last     uint32 // row that had it, from 1
}

func newIndex() *index {
	return &index{seed: maphash.MakeSeed(), slots: make([]slot, 1<<16)}
}

// reset forgets everything but the memory.
func (x *index) reset() {
	clear(x.slots)
	x.text, x.terms, x.all, x.ends = x.text[:0], x.terms[:0], x.all[:0], x.ends[:0]
}

// row takes the terms of the next row.
func (x *index) row(terms []byte) {
	row := uint32(len(x.ends) + 1)
	for len(terms) > 0 {
		var text []byte
		text, terms = nextTerm(terms)
		number := x.number(text)
		if t := &x.terms[number]; t.last != row { // else the word is in the text twice
			t.last = row
			t.count++
			x.all = append(x.all, number)
		}
	}
	x.ends = append(x.ends, len(x.all))
}

// number finds a term or gives it a number.
func (x *index) number(text []byte) uint32 {
	if 2*len(x.terms) >= len(x.slots) {
		x.grow()
	}
	h := uint32(maphash.Bytes(x.seed, text))
	for i := h; ; i++ {
		s := &x.slots[i&uint32(len(x.slots)-1)]
		if s.number == 0 {
			number := uint32(len(x.terms))
			*s = slot{h, number + 1}
			from := uint32(len(x.text))
			x.text = append(x.text, text...)
			x.terms = append(x.terms, term{from: from, to: uint32(len(x.text))})
			return number
		}
		if s.hash == h {
			if t := &x.terms[s.number-1]; bytes.Equal(x.text[t.from:t.to], text) {
				return s.number - 1
			}
		}
	}
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		for i := s.hash; ; i++ {
			if into := &x.slots[i&uint32(len(x.slots)-1)]; into.number == 0 {
				*into = s
				break
			}
		}
	}
}

// write hands out all terms in their order with their rows.
func (x *index) write(w *listWriter) error {
	starts := make([]uint32, len(x.terms)+1)
	for i := range x.terms {
		starts[i+1] = starts[i] + x.terms[i].count
	}
	lists := make([]uint32, len(x.all))
	at := slices.Clone(starts)
	from := 0
	for row, end := range x.ends {
		for _, number := range x.all[from:end] {
			lists[at[number]] = uint32(row)
			at[number]++
		}
		from = end
	}
	for _, number := range x.sorted() {
		t := x.terms[number]
		if err := w.add(x.text[t.from:t.to], lists[starts[number]:starts[number+1]]); err != nil {
			return err
		}
	}
	return w.flush()
}

// sorted are the numbers of the terms in their order. Most differ in the first eight
// bytes, which are compared as a number.
func (x *index) sorted() []uint32 {
	type key struct {
		head   uint64
		number uint32
	}
	keys := make([]key, len(x.terms))
	for i, t := range x.terms {
		var head uint64
		for j := range uint32(8) {
			head <<= 8
			if t.from+j < t.to {
				head |= uint64(x.text[t.from+j])
			}
		}
		keys[i] = key{head, uint32(i)}
	}
	slices.SortFunc(keys, func(a, b key) int {
		switch {
		case a.head < b.head:
			return -1
		case a.head > b.head:
			return 1
		}
		s, t := x.terms[a.number], x.terms[b.number]
		return bytes.Compare(x.text[s.from:s.to], x.text[t.from:t.to])
	})
	numbers := make([]uint32, len(keys))
	for i, k := range keys {
		numbers[i] = k.number
	}
	return numbers
}
