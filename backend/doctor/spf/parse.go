package spf

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Term is one mechanism of a record.
type Term struct {
	Text   string // as written
	Qual   byte   // + - ~ ?
	Kind   string // all include a mx ptr ip4 ip6 exists
	Domain string // domain-spec with macros; "" the record's own domain
	Net    netip.Prefix
	Bits4  int // prefix lengths of a and mx
	Bits6  int
}

// Counts says whether the term asks the DNS and counts against the limit of ten
// (RFC 7208 4.6.4).
func (t Term) Counts() bool {
	switch t.Kind {
	case "include", "a", "mx", "ptr", "exists":
		return true
	}
	return false
}

// Record is a parsed record.
type Record struct {
	Terms    []Term
	Redirect string   // domain-spec; "" none
	Exp      string   // domain-spec; "" none
	Unknown  []string // modifiers that RFC 7208 does not know, as written
	HasRedir bool
	HasExp   bool
}

// SyntaxError says which term of a record is wrong.
type SyntaxError struct {
	Term string
	Why  string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%q: %s", e.Term, e.Why) }

// IsRecord says whether a text is an SPF record: its version section ends the text or
// is followed by a space (RFC 7208 4.5).
func IsRecord(text string) bool {
	const version = "v=spf1"
	return len(text) >= len(version) && strings.EqualFold(text[:len(version)], version) && (len(text) == len(version) || text[len(version)] == ' ')
}

// Parse reads a record by the grammar of RFC 7208 12. On a fault it returns a
// [SyntaxError] and what could be read of the other terms.
func Parse(text string) (*Record, error) {
	if !IsRecord(text) {
		return nil, &SyntaxError{text, "not an SPF record"}
	}
	r := &Record{}
	var first error
	for _, word := range strings.Split(text[len("v=spf1"):], " ") {
		if word == "" {
			continue
		}
		if err := r.term(word); err != nil && first == nil {
			first = &SyntaxError{word, err.Error()}
		}
	}
	return r, first
}

func (r *Record) term(word string) error {
	for i := 0; i < len(word); i++ {
		if word[i] < 0x21 || word[i] > 0x7e {
			return errors.New("a character that is not allowed")
		}
	}
	if i := strings.IndexAny(word, "=:/"); i > 0 && word[i] == '=' && modifierName(word[:i]) {
		return r.modifier(word, strings.ToLower(word[:i]), word[i+1:])
	}
	t := Term{Text: word, Qual: '+', Bits4: 32, Bits6: 128}
	if strings.IndexByte("+-~?", word[0]) >= 0 {
		t.Qual, word = word[0], word[1:]
	}
	kind, rest := word, ""
	if i := strings.IndexAny(word, ":/"); i >= 0 {
		kind, rest = word[:i], word[i:]
	}
	t.Kind = strings.ToLower(kind)
	if err := t.arguments(rest); err != nil {
		return err
	}
	r.Terms = append(r.Terms, t)
	return nil
}

func modifierName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		alpha := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !alpha && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.')) {
			return false
		}
	}
	return s != ""
}

func (r *Record) modifier(word, name, value string) error {
	switch name {
	case "redirect":
		if r.HasRedir {
			return errors.New("redirect stands twice")
		}
		r.Redirect, r.HasRedir = value, true
		return checkDomainSpec(value)
	case "exp":
		if r.HasExp {
			return errors.New("exp stands twice")
		}
		r.Exp, r.HasExp = value, true
		return checkDomainSpec(value)
	}
	r.Unknown = append(r.Unknown, word)
	return checkMacro(value, false)
}

func (t *Term) arguments(rest string) error {
	switch t.Kind {
	case "all":
		if rest != "" {
			return errors.New("all takes nothing")
		}
	case "include", "exists":
		if !strings.HasPrefix(rest, ":") {
			return errors.New("a domain is missing")
		}
		t.Domain = rest[1:]
		return checkDomainSpec(t.Domain)
	case "ptr":
		if rest == "" {
			return nil
		}
		if rest[0] != ':' {
			return errors.New("ptr takes a domain only")
		}
		t.Domain = rest[1:]
		return checkDomainSpec(t.Domain)
	case "a", "mx":
		return t.hostArguments(rest)
	case "ip4", "ip6":
		if !strings.HasPrefix(rest, ":") {
			return errors.New("an address is missing")
		}
		return t.network(rest[1:])
	default:
		return errors.New("unknown mechanism")
	}
	return nil
}

func (t *Term) hostArguments(rest string) error {
	if strings.HasPrefix(rest, ":") {
		spec := rest[1:]
		// A slash elsewhere belongs to the domain or to a macro.
		cut := lengths.FindStringIndex(spec)[0]
		t.Domain, rest = spec[:cut], spec[cut:]
		if err := checkDomainSpec(t.Domain); err != nil {
			return err
		}
	}
	if rest == "" {
		return nil
	}
	four, six, both := strings.Cut(rest[1:], "//")
	if strings.HasPrefix(rest, "//") {
		four, six, both = "", rest[2:], true
	}
	var err error
	if four != "" || !both || !strings.HasPrefix(rest, "//") {
		if t.Bits4, err = prefixLength(four, 32); err != nil {
			return err
		}
	}
	if both {
		t.Bits6, err = prefixLength(six, 128)
	}
	return err
}

// lengths are the prefix lengths at the very end of a domain-spec.
var lengths = regexp.MustCompile(`(/[0-9]*)?(//[0-9]*)?$`)

func prefixLength(s string, most int) (int, error) {
	if s == "" || (len(s) > 1 && s[0] == '0') {
		return 0, errors.New("not a prefix length")
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, errors.New("not a prefix length")
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > most {
		return 0, fmt.Errorf("a prefix is at most %d bits", most)
	}
	return n, nil
}

func (t *Term) network(s string) error {
	text, length, cut := strings.Cut(s, "/")
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.Zone() != "" {
		return errors.New("not an address")
	}
	bits := 32
	if t.Kind == "ip6" {
		bits = 128
	}
	if ip.Is4() != (t.Kind == "ip4") {
		return errors.New("an address of the other family")
	}
	if cut {
		if bits, err = prefixLength(length, bits); err != nil {
			return err
		}
	}
	t.Net = netip.PrefixFrom(ip, bits).Masked()
	return nil
}
