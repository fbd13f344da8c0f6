package month

import (
	"encoding/base64"
	"hash/fnv"
	"net/netip"
	"strings"
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
	terms  []string
}

// brief is what must be known of a record while it is kept; its row has the rest.
type brief struct {
	at      time.Time
	kind    logs.Kind
	outcome logs.Outcome
	person  string
	size    int64
	times   int
}

func briefOf(r *logs.Record) brief {
	return brief{r.At, r.Kind, r.Outcome, strings.Clone(r.Person), r.Size, r.Times}
}

// Key is the item's key; items of equal events that differ in nth only have different
// ones.
func (it *Item) Key() uint64 { return it.key }

// Record is what the item was made of; nil after Settle.
func (it *Item) Record() *logs.Record { return it.record }

// At is the record's moment.
func (it *Item) At() time.Time { return it.brief.at }

// Settle lets go of the record: an item that waits takes half the memory then.
func (it *Item) Settle() { it.record = nil }

// Prepare makes an item of a cleaned record. nth counts equal events of a source that
// have no ID, from 0.
func Prepare(scope string, source uint32, nth int, r *logs.Record) Item {
	it := Item{record: r, brief: briefOf(r)}
	// The golden ratio spreads the numbers of equal events over all keys.
	it.key = uint64(logs.KeyOf(scope, r)) ^ uint64(nth)*0x9e3779b97f4a7c15
	it.body = appendBody(make([]byte, 0, 64+len(r.Subject)+len(r.Person)+len(r.From)+len(r.Remark)+len(r.MessageID)+len(r.ID)+32*len(r.To)), source, nth, r)
	it.terms = termsOf(r)
	return it
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

// builder lays all terms of a record into one text, of which they become parts: one
// allocation instead of twenty.
type builder struct {
	text []byte
	ends []int
}

func (b *builder) add(kind byte, s string) {
	if s == "" {
		return
	}
	b.text = append(append(b.text, kind), s...)
	b.ends = append(b.ends, len(b.text))
}

func termsOf(r *logs.Record) []string {
	b := builder{text: make([]byte, 0, 320), ends: make([]int, 0, 40)}
	b.add(ofKind, string(r.Kind))
	b.add(ofOutcome, string(r.Outcome))
	b.add(ofMethod, string(r.Method))
	b.add(ofAction, string(r.Action))
	b.add(ofPerson, addressTerm(r.Person))
	if r.From != r.Person {
		b.add(ofAddress, addressTerm(r.From))
	}
	for _, a := range r.To {
		if a != r.Person {
			b.add(ofAddress, addressTerm(a))
		}
	}
	if r.IP.IsValid() {
		b.add(ofNetwork, networkTerm(r.IP))
	}
	b.add(ofMessage, messageTerm(r.MessageID))
	add := func(term string) { b.add(ofText, term) }
	for _, s := range [...]string{r.Subject, r.Name, r.Remark, r.Target} {
		if s != "" {
			terms.Each(terms.Fold(s), add)
		}
	}
	b.add(ofAddress, addressTerm(r.TargetAddress()))
	all := string(b.text)
	list := make([]string, len(b.ends))
	for i, from := 0, 0; i < len(list); i++ {
		list[i], from = all[from:b.ends[i]], b.ends[i]
	}
	return list
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
	h := fnv.New32a()
	_, _ = h.Write([]byte(bareID(id)))
	n := h.Sum32()
	return base64.RawURLEncoding.EncodeToString([]byte{byte(n >> 8), byte(n) & 0xf0})[:2]
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
