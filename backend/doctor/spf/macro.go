package spf

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

var errMacro = errors.New("a macro that is not one")

// macro is one %{…}.
type macro struct {
	letter  byte // lower case
	escape  bool // written in upper case: URL escaping
	keep    int  // rightmost labels; 0 all
	reverse bool
	delims  string
}

// parts calls literal and expand for the pieces of a macro-string (RFC 7208 7.1).
func parts(s string, explain bool, literal func(string), expand func(macro)) error {
	for len(s) > 0 {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			literal(s)
			return nil
		}
		literal(s[:i])
		if i+1 >= len(s) {
			return errMacro
		}
		switch s[i+1] {
		case '%':
			literal("%")
		case '_':
			literal(" ")
		case '-':
			literal("%20")
		case '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return errMacro
			}
			m, err := parseMacro(s[i+2:i+end], explain)
			if err != nil {
				return err
			}
			expand(m)
			s = s[i+end+1:]
			continue
		default:
			return errMacro
		}
		s = s[i+2:]
	}
	return nil
}

func parseMacro(s string, explain bool) (macro, error) {
	if s == "" {
		return macro{}, errMacro
	}
	m := macro{letter: s[0] | 0x20, escape: s[0] >= 'A' && s[0] <= 'Z'}
	letters := "slodiphv"
	if explain {
		letters += "crt"
	}
	if strings.IndexByte(letters, m.letter) < 0 || !(s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z') {
		return m, errMacro
	}
	s = s[1:]
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits > 0 {
		n, err := strconv.Atoi(s[:digits])
		if err != nil || n == 0 {
			return m, errMacro
		}
		m.keep, s = n, s[digits:]
	}
	if s != "" && s[0]|0x20 == 'r' {
		m.reverse, s = true, s[1:]
	}
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(".-+,/_=", s[i]) < 0 {
			return m, errMacro
		}
	}
	m.delims = s
	return m, nil
}

func checkMacro(s string, explain bool) error {
	return parts(s, explain, func(string) {}, func(macro) {})
}

// checkDomainSpec: a macro-string that ends in a macro or in a valid top label.
func checkDomainSpec(s string) error {
	if s == "" {
		return errors.New("a domain is missing")
	}
	lastMacro, tail := false, ""
	err := parts(s, false, func(text string) {
		if text != "" {
			lastMacro, tail = false, tail+text
		}
	}, func(macro) { lastMacro, tail = true, "" })
	if err != nil {
		return err
	}
	if lastMacro {
		return nil
	}
	if strings.HasSuffix(s, "%%") || strings.HasSuffix(s, "%_") || strings.HasSuffix(s, "%-") {
		return errors.New("not a domain")
	}
	tail = strings.TrimSuffix(tail, ".")
	dot := strings.LastIndexByte(tail, '.')
	if dot < 0 || !topLabel(tail[dot+1:]) {
		return errors.New("not a domain")
	}
	return nil
}

// topLabel: letters, digits and inner hyphens, not all digits.
func topLabel(s string) bool {
	if s == "" || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	digits := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
		case c|0x20 >= 'a' && c|0x20 <= 'z', c == '-':
			digits = false
		default:
			return false
		}
	}
	return !digits
}

// values are what macros stand for.
type values struct {
	sender, domain, helo string
	ip                   netip.Addr
	validated            func() string // %{p}
	now                  time.Time
}

func (v values) of(letter byte) string {
	local, host, found := strings.Cut(v.sender, "@")
	if i := strings.LastIndexByte(v.sender, '@'); found {
		local, host = v.sender[:i], v.sender[i+1:]
	}
	switch letter {
	case 's':
		return v.sender
	case 'l':
		return local
	case 'o':
		return host
	case 'd':
		return v.domain
	case 'i':
		return dotted(v.ip)
	case 'p':
		return v.validated()
	case 'v':
		if v.ip.Is4() {
			return "in-addr"
		}
		return "ip6"
	case 'h':
		return v.helo
	case 'c':
		return v.ip.String()
	case 'r':
		return "unknown"
	case 't':
		return strconv.FormatInt(v.now.Unix(), 10)
	}
	return ""
}

// dotted is an address as %{i} has it: IPv6 in dotted nibbles.
func dotted(ip netip.Addr) string {
	if ip.Is4() {
		return ip.String()
	}
	raw := ip.As16()
	nibbles := make([]string, 0, 32)
	for _, b := range raw {
		nibbles = append(nibbles, fmt.Sprintf("%X", b>>4), fmt.Sprintf("%X", b&15))
	}
	return strings.Join(nibbles, ".")
}

// expand fills in a macro-string.
func (v values) expand(s string, explain bool) (string, error) {
	var b strings.Builder
	err := parts(s, explain, func(text string) { b.WriteString(text) }, func(m macro) {
		delims := m.delims
		if delims == "" {
			delims = "."
		}
		var labels []string
		at := 0
		text := v.of(m.letter)
		for i := 0; i < len(text); i++ {
			if strings.IndexByte(delims, text[i]) >= 0 {
				labels, at = append(labels, text[at:i]), i+1
			}
		}
		labels = append(labels, text[at:])
		if m.reverse {
			for i, j := 0, len(labels)-1; i < j; i, j = i+1, j-1 {
				labels[i], labels[j] = labels[j], labels[i]
			}
		}
		if m.keep > 0 && m.keep < len(labels) {
			labels = labels[len(labels)-m.keep:]
		}
		out := strings.Join(labels, ".")
		if m.escape {
			out = strings.ReplaceAll(url.QueryEscape(out), "+", "%20")
		}
		b.WriteString(out)
	})
	return b.String(), err
}

// target expands a domain-spec to a name that can be asked: over 253 characters the
// left labels go (RFC 7208 7.3).
func (v values) target(spec string) (string, error) {
	if spec == "" {
		return v.domain, nil
	}
	name, err := v.expand(spec, false)
	name = strings.TrimSuffix(name, ".")
	for len(name) > 253 {
		_, rest, ok := strings.Cut(name, ".")
		if !ok {
			break
		}
		name = rest
	}
	return name, err
}
