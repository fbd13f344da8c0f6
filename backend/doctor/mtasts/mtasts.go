// Package mtasts reads MTA-STS records and policies (RFC 8461) and the record of TLS
// reports (RFC 8460).
//
// It leaves out fetching them.
package mtasts

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"mailroom/backend/doctor"
)

// Record is the _mta-sts TXT record.
type Record struct{ ID string }

// The faults of records and policies.
var (
	ErrVersion = errors.New("the version is not the first field")
	ErrID      = errors.New("id is not 1 to 32 letters and digits")
	ErrMode    = errors.New("mode is none of enforce, testing, none")
	ErrAge     = errors.New("max_age is no number from 0 to 31557600")
	ErrMX      = errors.New("an mx is missing")
	ErrRUA     = errors.New("rua is neither mailto: nor https:")
)

// Is says whether a text is meant to be an MTA-STS record.
func Is(text string) bool {
	return strings.HasPrefix(strings.ReplaceAll(text, " ", ""), "v=STSv1")
}

// ParseRecord reads the TXT record.
func ParseRecord(text string) (Record, error) {
	tags := doctor.Tags(text)
	if len(tags) == 0 || tags[0] != (doctor.Tag{Name: "v", Value: "STSv1"}) {
		return Record{}, ErrVersion
	}
	for _, t := range tags[1:] {
		if t.Name != "id" {
			continue
		}
		if len(t.Value) == 0 || len(t.Value) > 32 || strings.IndexFunc(t.Value, notAlnum) >= 0 {
			return Record{}, ErrID
		}
		return Record{ID: t.Value}, nil
	}
	return Record{}, ErrID
}

func notAlnum(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
}

// The modes.
const (
	Enforce = "enforce"
	Testing = "testing"
	None    = "none"
)

// MaxAge is the longest lifetime in seconds (RFC 8461 3.2).
const MaxAge = 31557600

// Policy is the file behind /.well-known/mta-sts.txt.
type Policy struct {
	Mode   string
	MX     []string // patterns, lower case
	MaxAge int      // seconds
}

// ParsePolicy reads the file.
func ParsePolicy(text string) (Policy, error) {
	p := Policy{MaxAge: -1}
	first := true
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if first && (key != "version" || value != "STSv1") {
			return p, ErrVersion
		}
		first = false
		switch key {
		case "mode":
			p.Mode = value
		case "mx":
			p.MX = append(p.MX, strings.ToLower(strings.TrimSuffix(value, ".")))
		case "max_age":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || n > MaxAge {
				return p, ErrAge
			}
			p.MaxAge = n
		}
	}
	switch {
	case first:
		return p, ErrVersion
	case p.Mode != Enforce && p.Mode != Testing && p.Mode != None:
		return p, ErrMode
	case p.MaxAge < 0:
		return p, ErrAge
	case len(p.MX) == 0 && p.Mode != None:
		return p, ErrMX
	}
	return p, nil
}

// Covers says whether a host fits one of the patterns: a leading *. stands for exactly
// one label (RFC 8461 4.1).
func (p Policy) Covers(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, pattern := range p.MX {
		if pattern == host {
			return true
		}
		if rest, ok := strings.CutPrefix(pattern, "*."); ok {
			if _, parent, cut := strings.Cut(host, "."); cut && parent == rest {
				return true
			}
		}
	}
	return false
}

// IsReport says whether a text is meant to be a TLS report record.
func IsReport(text string) bool {
	return strings.HasPrefix(strings.ReplaceAll(text, " ", ""), "v=TLSRPTv1")
}

// ParseReport reads the _smtp._tls TXT record and returns where reports go.
func ParseReport(text string) ([]string, error) {
	tags := doctor.Tags(text)
	if len(tags) == 0 || tags[0] != (doctor.Tag{Name: "v", Value: "TLSRPTv1"}) {
		return nil, ErrVersion
	}
	var all []string
	for _, t := range tags[1:] {
		if t.Name != "rua" {
			continue
		}
		for s := range strings.SplitSeq(t.Value, ",") {
			u, err := url.Parse(strings.TrimSpace(s))
			switch {
			case err != nil:
				return nil, ErrRUA
			case u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"), u.Scheme == "https" && u.Host != "":
				all = append(all, strings.TrimSpace(s))
			default:
				return nil, ErrRUA
			}
		}
	}
	if len(all) == 0 {
		return nil, ErrRUA
	}
	return all, nil
}
