package query

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records/terms"
)

// leaf gives a value its meaning. An error is invalid with "field" and "value".
func leaf(field Field, value string, zone *time.Location) (Node, error) {
	n := Node{Op: Is, Field: field, Value: value}
	ok := true
	switch field {
	case IP:
		n.Net, ok = Network(value)
	case Kind:
		ok = oneOf(&n, logs.Kinds())
	case Outcome:
		ok = oneOf(&n, logs.Outcomes())
	case Method:
		ok = oneOf(&n, logs.Methods())
	case Action:
		ok = oneOf(&n, logs.Actions())
	case MessageID:
		n.Folded = bareID(value)
	case After:
		n.From, _, ok = moment(value, zone)
	case Before:
		n.To, _, ok = moment(value, zone)
	case On:
		n.From, n.To, ok = moment(value, zone)
	case Larger, Smaller:
		n.Bytes, ok = bytes(value)
	default:
		n.Folded = terms.Fold(strings.TrimSpace(value))
	}
	if !ok || value == "" {
		return Node{}, core.E(core.Invalid, "read question", nil, "problem", "value", "field", string(field), "value", value)
	}
	return n, nil
}

func oneOf[T ~string](n *Node, values []T) bool {
	n.Value = strings.ToLower(n.Value)
	return slices.Contains(values, T(n.Value))
}

// Network reads an address, a network with its length, or the beginning of an IPv4
// address that ends with a dot. false: it is none of them.
func Network(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		if p.Addr().Is4In6() {
			return netip.Prefix{}, false
		}
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(s); err == nil {
		a = logs.CleanIP(a)
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	if parts := strings.Split(strings.TrimSuffix(s, "."), "."); strings.HasSuffix(s, ".") && len(parts) < 4 {
		full := strings.Join(append(parts, []string{"0", "0", "0"}[:4-len(parts)]...), ".")
		if a, err := netip.ParseAddr(full); err == nil {
			return netip.PrefixFrom(a, 8*len(parts)), true
		}
	}
	return netip.Prefix{}, false
}

// moment reads a year, month, day or moment and gives its first instant and the first
// one after it.
func moment(s string, zone *time.Location) (from, to time.Time, ok bool) {
	for _, f := range []struct {
		layout              string
		years, months, days int
		short               time.Duration
	}{
		{"2006", 1, 0, 0, 0}, {"2006-01", 0, 1, 0, 0}, {"2006-01-02", 0, 0, 1, 0}, {"20060102", 0, 0, 1, 0}, {"2006/01/02", 0, 0, 1, 0},
		{"2006-01-02T15", 0, 0, 0, time.Hour}, {"2006-01-02T15:04", 0, 0, 0, time.Minute}, {"2006-01-02T15:04:05", 0, 0, 0, time.Second},
		{time.RFC3339, 0, 0, 0, time.Second},
	} {
		t, err := time.ParseInLocation(f.layout, s, zone)
		if err != nil || t.Year() < 1990 || t.Year() > 2200 {
			continue
		}
		return t, t.AddDate(f.years, f.months, f.days).Add(f.short), true
	}
	return time.Time{}, time.Time{}, false
}

func bytes(s string) (int64, bool) {
	s = strings.TrimSuffix(strings.ToLower(s), "b")
	factor := int64(1)
	if n := len(s); n > 0 {
		if at := strings.IndexByte("kmg", s[n-1]); at >= 0 {
			factor, s = 1<<(10*(at+1)), s[:n-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n * factor, err == nil && n >= 0 && n < 1<<30
}
