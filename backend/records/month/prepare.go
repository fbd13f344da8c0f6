package month

import (
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/terms"
)

// Item is a record that is ready to be kept: its key, its row, its terms. Making it
// takes longer than keeping it and needs no file, so that several may be made at once.
type Item struct {
	key    uint64
	brief  brief
	record *logs.Record // until Settle
	body   []byte
	terms  []byte // one behind the other, each with its length before it
}

// brief is what must be known of a record while it is kept; its row has the rest.
type brief struct {
	at            int64 // milliseconds since 1970
	size          int64
	times         int
	kind, outcome byte // codes
	person        string
}

// Key is the item's key; items of equal events that differ in nth only have different
// ones.
func (it *Item) Key() uint64 { return it.key }

// Record is what the item was made of; nil after Settle.
func (it *Item) Record() *logs.Record { return it.record }

// At is the record's moment in milliseconds since 1970.
func (it *Item) At() int64 { return it.brief.at }

// Settle lets go of the record: an item that waits takes half the memory then.
func (it *Item) Settle() { it.record = nil }

// Maker makes items of the records of one source. Rows and terms of many items share
// memory, so that the collector has little to look after. Not for several goroutines.
type Maker struct {
	scope  string
	source uint32
	room   []byte
	people map[string]string
	once   bool // makes one item only
}

// NewMaker makes a maker for a source; see [logs.KeyOf] for the scope.
func NewMaker(scope string, source uint32) *Maker {
	return &Maker{scope: scope, source: source, people: map[string]string{}}
}

// roomAtOnce is how much memory is taken for rows and terms at a time.
const roomAtOnce = 64 << 10

// Item makes an item of a cleaned record. nth counts equal events of a source that have
// no ID, from 0.
func (m *Maker) Item(nth int, r *logs.Record) Item {
	it := Item{record: r, brief: briefOf(r)}
	it.brief.person = m.person(r.Person)
	// The golden ratio spreads the numbers of equal events over all keys.
	it.key = uint64(logs.KeyOf(m.scope, r)) ^ uint64(nth)*0x9e3779b97f4a7c15
	if cap(m.room)-len(m.room) < 2048 && !m.once {
		m.room = make([]byte, 0, roomAtOnce)
	}
	from := len(m.room)
	m.room = appendBody(m.room, m.source, nth, r)
	middle := len(m.room)
	m.room = appendTerms(m.room, r)
	it.body, it.terms = m.room[from:middle:middle], m.room[middle:len(m.room):len(m.room)]
	return it
}

// person is a name that holds on to nothing else.
func (m *Maker) person(name string) string {
	own, have := m.people[name]
	if !have {
		own = string(append([]byte(nil), name...))
		m.people[own] = own
	}
	return own
}

// Prepare makes an item of a cleaned record, alone.
func Prepare(scope string, source uint32, nth int, r *logs.Record) Item {
	return (&Maker{scope: scope, source: source, people: map[string]string{}, once: true}).Item(nth, r)
}

func briefOf(r *logs.Record) brief {
	return brief{r.At.UnixMilli(), r.Size, r.Times, code(kindCodes, r.Kind), code(outcomeCodes, r.Outcome), r.Person}
}

// The first letter of a term says what it is of.
const (
	ofText    = 't'
	ofAddress = 'a' // sender, recipient, or what was acted on
	ofPerson  = 'p'
	ofNetwork = 'n'
	ofKind    = 'k'
	ofOutcome = 'o'
	ofMethod  = 'm'
	ofAction  = 'x'
	ofMessage = 'g'
)

// appendTerm appends a term with its length; nothing for an empty one.
func appendTerm(b []byte, kind byte, s string) []byte {
	if s == "" {
		return b
	}
	b = binary.AppendUvarint(b, uint64(1+len(s)))
	return append(append(b, kind), s...)
}

// nextTerm takes the first of appended terms off.
func nextTerm(b []byte) (term, rest []byte) {
	if n := int(b[0]); n < 0x80 {
		return b[1 : 1+n], b[1+n:]
	}
	n, size := binary.Uvarint(b)
	return b[size : size+int(n)], b[size+int(n):]
}

// appendTerms appends all terms of a record; one may be there several times.
func appendTerms(b []byte, r *logs.Record) []byte {
	b = appendTerm(b, ofKind, string(r.Kind))
	b = appendTerm(b, ofOutcome, string(r.Outcome))
	b = appendTerm(b, ofMethod, string(r.Method))
	b = appendTerm(b, ofAction, string(r.Action))
	b = appendTerm(b, ofPerson, addressTerm(r.Person))
	if r.From != r.Person {
		b = appendTerm(b, ofAddress, addressTerm(r.From))
	}
	for _, a := range r.To {
		if a != r.Person {
			b = appendTerm(b, ofAddress, addressTerm(a))
		}
	}
	if r.IP.IsValid() {
		b = appendTerm(b, ofNetwork, networkTerm(r.IP))
	}
	b = appendTerm(b, ofMessage, messageTerm(r.MessageID))
	for _, s := range [...]string{r.Subject, r.Name, r.Remark, r.Target} {
		if s != "" {
			terms.Each(terms.Fold(s), func(term string) { b = appendTerm(b, ofText, term) })
		}
	}
	return appendTerm(b, ofAddress, addressTerm(r.TargetAddress()))
}

func addressTerm(a string) string { return terms.Fold(a) }

// networkTerm is the /24 of an IPv4 address, the /64 of another.
func networkTerm(ip netip.Addr) string {
	return networkOf(ip).Addr().String()
}

func networkOf(ip netip.Addr) netip.Prefix {
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	p, _ := ip.Prefix(bits)
	return p
}

// messageTerm puts Message-IDs into 4096 bins: a term of its own for every mail would
// make the index as large as the records.
func messageTerm(id string) string {
	if id == "" {
		return ""
	}
	h := uint32(2166136261) // FNV-1a
	for _, c := range []byte(bareID(id)) {
		h = (h ^ uint32(c)) * 16777619
	}
	var bin [3]byte
	base64.RawURLEncoding.Encode(bin[:], []byte{byte(h >> 8), byte(h) & 0xf0})
	return string(bin[:2])
}

func bareID(id string) string {
	if len(id) > 1 && id[0] == '<' {
		id = id[1:]
	}
	if n := len(id); n > 0 && id[n-1] == '>' {
		id = id[:n-1]
	}
	return id
}

// timeOf is the moment of milliseconds since 1970.
func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
