package month

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"time"

	"mailroom/backend/logs"
)

// How a record lies in its row: a version, a bit for every value that is there, then
// the values. Codes of the closed sets are places in the lists below: new words come at
// the end, none ever goes.
var (
	kindCodes    = []logs.Kind{"", logs.Admin, logs.User, logs.SignIn, logs.Sent, logs.Received, logs.Traffic}
	outcomeCodes = []logs.Outcome{
		"", logs.OK, logs.Refused, logs.Locked, logs.Failed, logs.Pending, logs.Delivered, logs.Foldered, logs.Junk,
		logs.Quarantined, logs.Blocked, logs.Bounced, logs.Other,
	}
	methodCodes = []logs.Method{"", logs.Web, logs.IMAP, logs.POP, logs.SMTP, logs.Exchange, logs.Client, logs.Mobile, logs.API, logs.Another}
	actionCodes = []logs.Action{
		"", logs.ActPassword, logs.ActPersonAdd, logs.ActPersonEdit, logs.ActPersonDelete, logs.ActPersonOn, logs.ActPersonOff,
		logs.ActAlias, logs.ActDepartment, logs.ActList, logs.ActRole, logs.ActForwardOn, logs.ActForwardOff, logs.ActRule,
		logs.ActMailDelete, logs.ActMailTrash, logs.ActMailMove, logs.ActMailRestore, logs.ActMailOpen, logs.ActRelease,
		logs.ActBlacklist, logs.ActWhitelist, logs.ActDomain, logs.ActSecurity, logs.ActAnnounce, logs.ActImport, logs.ActExport,
		logs.ActBackup, logs.ActOpenAPI, logs.ActSettings, logs.ActSignedIn, logs.ActOther,
	}
)

var pendingCode = code(outcomeCodes, logs.Pending)

const version = 1

const (
	hasZone uint64 = 1 << iota
	hasName
	hasPerson
	hasFrom
	fromIsPerson
	hasTo
	toIsPerson
	hasSubject
	hasSize
	hasIP
	hasAgent
	hasTarget
	hasSaid
	hasRemark
	hasTimes
	hasMessageID
	hasID
	hasDay
	hasFacts
	hasNth
)

func code[T comparable](codes []T, value T) byte { return byte(max(slices.Index(codes, value), 0)) }

// appendBody writes a record behind b.
func appendBody(b []byte, source uint32, nth int, r *logs.Record) []byte {
	toPerson := len(r.To) == 1 && r.To[0] == r.Person
	var flags uint64
	for _, f := range [...]struct {
		bit uint64
		set bool
	}{
		{hasZone, r.Zone != ""}, {hasName, r.Name != ""}, {hasPerson, r.Person != ""}, {fromIsPerson, r.From != "" && r.From == r.Person},
		{hasFrom, r.From != "" && r.From != r.Person}, {toIsPerson, toPerson}, {hasTo, len(r.To) > 0 && !toPerson},
		{hasSubject, r.Subject != ""}, {hasSize, r.Size > 0}, {hasIP, r.IP.IsValid()}, {hasAgent, r.Agent != ""}, {hasTarget, r.Target != ""},
		{hasSaid, r.Said != ""}, {hasRemark, r.Remark != ""}, {hasTimes, r.Times > 0}, {hasMessageID, r.MessageID != ""}, {hasID, r.ID != ""},
		{hasDay, r.Day != nil}, {hasFacts, len(r.Facts) > 0}, {hasNth, nth > 0},
	} {
		if f.set {
			flags |= f.bit
		}
	}
	b = append(b, version)
	b = binary.AppendUvarint(b, flags)
	b = append(b, code(kindCodes, r.Kind), code(outcomeCodes, r.Outcome), code(methodCodes, r.Method), code(actionCodes, r.Action))
	b = binary.AppendUvarint(b, uint64(source))
	b = binary.AppendVarint(b, r.At.UnixMilli())
	if flags&hasNth != 0 {
		b = binary.AppendUvarint(b, uint64(nth))
	}
	for _, s := range [...]struct {
		bit  uint64
		text string
	}{
		{hasZone, r.Zone}, {hasName, r.Name}, {hasPerson, r.Person}, {hasFrom, r.From}, {hasSubject, r.Subject}, {hasAgent, r.Agent},
		{hasTarget, r.Target}, {hasSaid, r.Said}, {hasRemark, r.Remark}, {hasMessageID, r.MessageID}, {hasID, r.ID},
	} {
		if flags&s.bit != 0 {
			b = appendText(b, s.text)
		}
	}
	if flags&hasTo != 0 {
		b = binary.AppendUvarint(b, uint64(len(r.To)))
		for _, a := range r.To {
			b = appendText(b, a)
		}
	}
	return appendRest(b, flags, r)
}

func appendRest(b []byte, flags uint64, r *logs.Record) []byte {
	if flags&hasSize != 0 {
		b = binary.AppendUvarint(b, uint64(r.Size))
	}
	if flags&hasTimes != 0 {
		b = binary.AppendUvarint(b, uint64(r.Times))
	}
	if flags&hasIP != 0 {
		b = appendText(b, string(r.IP.AsSlice()))
	}
	if flags&hasDay != 0 {
		for _, n := range [...]int64{r.Day.Sent, r.Day.Received, r.Day.SentBytes, r.Day.ReceivedBytes, r.Day.Used, r.Day.Quota} {
			b = binary.AppendVarint(b, n)
		}
	}
	if flags&hasFacts != 0 {
		names := make([]string, 0, len(r.Facts))
		for name := range r.Facts {
			names = append(names, name)
		}
		slices.Sort(names)
		b = binary.AppendUvarint(b, uint64(len(names)))
		for _, name := range names {
			b = appendText(appendText(b, name), r.Facts[name])
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errBody = errors.New("a row of records is damaged")

// body reads what appendBody wrote. Damage of the file is found, never believed.
type body struct {
	b   []byte
	bad bool
}

func (p *body) uvarint() uint64 {
	n, size := binary.Uvarint(p.b)
	if size <= 0 {
		p.bad, p.b = true, nil
		return 0
	}
	p.b = p.b[size:]
	return n
}

func (p *body) varint() int64 {
	n, size := binary.Varint(p.b)
	if size <= 0 {
		p.bad, p.b = true, nil
		return 0
	}
	p.b = p.b[size:]
	return n
}

func (p *body) byte() byte {
	if len(p.b) == 0 {
		p.bad = true
		return 0
	}
	c := p.b[0]
	p.b = p.b[1:]
	return c
}

func (p *body) text() string {
	n := p.uvarint()
	if n > uint64(len(p.b)) {
		p.bad, p.b = true, nil
		return ""
	}
	s := string(p.b[:n])
	p.b = p.b[n:]
	return s
}

// count reads the length of a list, of which every entry takes a byte at least.
func (p *body) count() int {
	n := p.uvarint()
	if n > uint64(len(p.b)) {
		p.bad, p.b = true, nil
		return 0
	}
	return int(n)
}

func word[T any](codes []T, c byte, p *body) (none T) {
	if int(c) >= len(codes) {
		p.bad = true
		return none
	}
	return codes[c]
}

// readBody is the reverse of appendBody.
func readBody(raw []byte) (h Hit, err error) {
	p := &body{b: raw}
	r := &h.Record
	if p.byte() != version {
		return Hit{}, errBody
	}
	flags := p.uvarint()
	r.Kind, r.Outcome = word(kindCodes, p.byte(), p), word(outcomeCodes, p.byte(), p)
	r.Method, r.Action = word(methodCodes, p.byte(), p), word(actionCodes, p.byte(), p)
	h.Source = uint32(p.uvarint())
	r.At = time.UnixMilli(p.varint()).UTC()
	if flags&hasNth != 0 {
		h.Nth = int(p.uvarint())
	}
	for _, s := range [...]struct {
		bit  uint64
		text *string
	}{
		{hasZone, &r.Zone}, {hasName, &r.Name}, {hasPerson, &r.Person}, {hasFrom, &r.From}, {hasSubject, &r.Subject}, {hasAgent, &r.Agent},
		{hasTarget, &r.Target}, {hasSaid, &r.Said}, {hasRemark, &r.Remark}, {hasMessageID, &r.MessageID}, {hasID, &r.ID},
	} {
		if flags&s.bit != 0 {
			*s.text = p.text()
		}
	}
	if flags&fromIsPerson != 0 {
		r.From = r.Person
	}
	if flags&toIsPerson != 0 {
		r.To = []string{r.Person}
	}
	if flags&hasTo != 0 {
		n := p.count()
		r.To = make([]string, n)
		for i := range n {
			r.To[i] = p.text()
		}
	}
	p.rest(flags, r)
	if p.bad || len(p.b) > 0 {
		return Hit{}, errBody
	}
	return h, nil
}

func (p *body) rest(flags uint64, r *logs.Record) {
	if flags&hasSize != 0 {
		r.Size = int64(p.uvarint())
	}
	if flags&hasTimes != 0 {
		r.Times = int(p.uvarint())
	}
	if flags&hasIP != 0 {
		ip, ok := netip.AddrFromSlice([]byte(p.text()))
		r.IP, p.bad = ip, p.bad || !ok
	}
	if flags&hasDay != 0 {
		r.Day = &logs.Day{}
		for _, n := range [...]*int64{&r.Day.Sent, &r.Day.Received, &r.Day.SentBytes, &r.Day.ReceivedBytes, &r.Day.Used, &r.Day.Quota} {
			*n = p.varint()
		}
	}
	if flags&hasFacts != 0 {
		n := p.count()
		r.Facts = make(map[string]string, n)
		for range n {
			name := p.text()
			r.Facts[name] = p.text()
		}
	}
}
