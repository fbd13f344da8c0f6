package month

import (
	"encoding/binary"

	"github.com/klauspost/compress/s2"
)

// A block holds the rows of a segment, blockRows of them: how they are packed (a byte),
// then how many, for each the distance of its ID from the one before and the length of
// its body, and the bodies.
const (
	blockRows = 64
	asItIs    = 0
	packed    = 1
)

// mostUnpacked bounds what a damaged block may ask for.
const mostUnpacked = 64 << 20

// appendBlock appends a block of rows; spare is memory to work in.
func appendBlock(b, spare []byte, ids []int64, bodies [][]byte) (block, spareAgain []byte) {
	raw := binary.AppendUvarint(spare[:0], uint64(len(ids)))
	last := int64(0)
	for i, id := range ids {
		raw = binary.AppendUvarint(raw, uint64(id-last))
		raw = binary.AppendUvarint(raw, uint64(len(bodies[i])))
		last = id
	}
	for _, body := range bodies {
		raw = append(raw, body...)
	}
	return pack(b, raw), raw
}

// pack appends bytes, packed where that makes them fewer.
func pack(b, raw []byte) []byte {
	at := len(b)
	b = append(b, packed)
	if most := s2.MaxEncodedLen(len(raw)); cap(b)-len(b) < most {
		b = append(make([]byte, 0, len(b)+most), b...)
	}
	small := s2.Encode(b[len(b):cap(b)], raw)
	if len(small) < len(raw) {
		return b[:len(b)+len(small)]
	}
	b[at] = asItIs
	return append(b[:at+1], raw...)
}

// unpack is the reverse of pack; into is memory to work in.
func unpack(into, b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, errBody
	}
	switch b[0] {
	case asItIs:
		return b[1:], nil
	case packed:
		if n, err := s2.DecodedLen(b[1:]); err != nil || n > mostUnpacked {
			return nil, errBody
		}
		raw, err := s2.Decode(into[:cap(into)], b[1:])
		if err != nil {
			return nil, errBody
		}
		return raw, nil
	}
	return nil, errBody
}

// rows is an opened block.
type rows struct {
	ids    []int64
	bodies [][]byte
	memory []byte
}

// open reads a block; what it held before is gone.
func (r *rows) open(block []byte) error {
	raw, err := unpack(r.memory, block)
	if err != nil {
		return err
	}
	if len(block) > 0 && block[0] == packed {
		r.memory = raw
	}
	p := &body{b: raw}
	n := p.count()
	r.ids, r.bodies = r.ids[:0], r.bodies[:0]
	lengths := make([]int, 0, blockRows)
	id := int64(0)
	for range n {
		id += int64(p.uvarint())
		r.ids = append(r.ids, id)
		lengths = append(lengths, p.count())
	}
	for _, length := range lengths {
		if p.bad || length > len(p.b) {
			return errBody
		}
		r.bodies = append(r.bodies, p.b[:length:length])
		p.b = p.b[length:]
	}
	if p.bad || len(p.b) > 0 || n == 0 {
		return errBody
	}
	return nil
}
