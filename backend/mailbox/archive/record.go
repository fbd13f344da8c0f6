package archive

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"time"
	"unicode/utf8"

	"mailroom/backend/mailbox"
)

// formatVersion is the version of the index that this program writes.
const formatVersion = 1

// octets is a string of any bytes that survives JSON.
type octets string

func (o octets) MarshalText() ([]byte, error) {
	if utf8.ValidString(string(o)) && !strings.HasPrefix(string(o), "b64:") {
		return []byte(o), nil
	}
	return []byte("b64:" + base64.StdEncoding.EncodeToString([]byte(o))), nil
}

func (o *octets) UnmarshalText(text []byte) error {
	rest, ok := strings.CutPrefix(string(text), "b64:")
	if !ok {
		*o = octets(text)
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(rest)
	*o = octets(raw)
	return err
}

// how tells how the stored bytes relate to the served ones.
type how uint8

const (
	exact       how = 1 << iota // serve as stored
	bareLF                      // stored with bare LF: every bare LF is served as CRLF
	quotedRD                    // mboxrd: one ">" is taken from ">…>From "
	quotedO                     // mboxo, mboxcl: the ">" of ">From " is taken
	undated                     // the date is not known yet
	ownWriting                  // stored by this package
	unreachable                 // the file still waits in the staging folder; never written
	sizeless                    // the size is not known before the message is read
)

// record is one message in the index.
type record struct {
	UID   mailbox.UID `json:"u"`
	Name  octets      `json:"n,omitempty"`
	From  int64       `json:"o,omitempty"`
	Line  int64       `json:"h,omitempty"`
	Len   int64       `json:"l,omitempty"`
	Size  int64       `json:"s"`
	Date  int64       `json:"d,omitempty"`
	Zone  int32       `json:"z,omitempty"`
	Flags []octets    `json:"f,omitempty"`
	How   how         `json:"x,omitempty"`
}

// line is one line of an index; T says which fields are used.
type line struct {
	T        string        `json:"t"`
	Version  int           `json:"v,omitempty"`
	Kind     string        `json:"kind,omitempty"`
	Folder   octets        `json:"folder,omitempty"`
	Validity uint32        `json:"validity,omitempty"`
	Next     mailbox.UID   `json:"next,omitempty"`
	Messages []record      `json:"m,omitempty"`
	Gone     []mailbox.UID `json:"gone,omitempty"`
}

// envelope guards a line by its checksum.
type envelope struct {
	Sum  string          `json:"c"`
	Line json.RawMessage `json:"r"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errChecksum = errors.New("checksum does not match")

func encodeLine(l line) ([]byte, error) {
	body, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf(`{"c":"%08x","r":`, crc32.Checksum(body, castagnoli))
	return append(append([]byte(head), body...), '}', '\n'), nil
}

func decodeLine(raw []byte) (line, error) {
	var e envelope
	var l line
	if err := json.Unmarshal(raw, &e); err != nil {
		return l, err
	}
	if fmt.Sprintf("%08x", crc32.Checksum(e.Line, castagnoli)) != e.Sum {
		return l, errChecksum
	}
	err := json.Unmarshal(e.Line, &l)
	return l, err
}

func (r record) valid() bool {
	ends := r.From >= 0 && r.Line >= 0 && r.Len >= 0 && r.Size >= 0 &&
		r.From < 1<<60 && r.Line < 1<<20 && r.Len < 1<<60 && r.Size < 1<<60
	return ends && r.UID > 0 && r.Zone > -86400 && r.Zone < 86400 &&
		!strings.ContainsAny(string(r.Name), "/\\\x00") && r.Name != ".." && r.Name != "."
}

// when splits a date into what a record holds.
func when(t time.Time) (unix int64, zone int32) {
	_, offset := t.Zone()
	return t.Unix(), int32(offset)
}

func dateOf(unix int64, zone int32) time.Time {
	if zone == 0 {
		return time.Unix(unix, 0).UTC()
	}
	return time.Unix(unix, 0).In(time.FixedZone("", int(zone)))
}
