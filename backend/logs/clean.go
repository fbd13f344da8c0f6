package logs

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of one record. What is longer is cut at the end of a character; how long it
// was is kept in [Record.Facts].
const (
	longSubject = 2000 // bytes
	longText    = 4000
	longWord    = 400 // addresses (RFC 5321 section 4.5.3.1 allows 320), IDs, words
	mostTo      = 1000
	mostFacts   = 60
)

// Clean makes a record from outside harmless and comparable: control characters become
// spaces, invalid bytes the replacement character, addresses lower case, IPv4 in IPv6
// plain IPv4, texts bounded, values outside the closed sets [Other]. A record without
// a known kind or a time that can be kept (years 1990 to 2200) is not usable: false.
func (r *Record) Clean() bool {
	if !slices.Contains(Kinds(), r.Kind) || r.At.Year() < 1990 || r.At.Year() > 2200 {
		return false
	}
	r.At = r.At.UTC().Truncate(time.Millisecond)
	if r.Outcome != "" && !slices.Contains(Outcomes(), r.Outcome) {
		r.Outcome, r.Said = Other, or(r.Said, string(r.Outcome))
	}
	if r.Method != "" && !slices.Contains(Methods(), r.Method) {
		r.Method, r.Agent = Another, or(r.Agent, string(r.Method))
	}
	if r.Action != "" && !slices.Contains(Actions(), r.Action) {
		r.Action, r.Said = ActOther, or(r.Said, string(r.Action))
	}
	r.Facts = cleanFacts(r.Facts)
	r.cleanTexts()
	r.IP = CleanIP(r.IP)
	r.Size, r.Times = max(r.Size, 0), max(r.Times, 0)
	return true
}

func (r *Record) cleanTexts() {
	for _, f := range []struct {
		name string
		text *string
		most int
	}{
		{"zone", &r.Zone, longWord}, {"name", &r.Name, longWord}, {"subject", &r.Subject, longSubject}, {"agent", &r.Agent, longText},
		{"target", &r.Target, longText}, {"said", &r.Said, longText}, {"remark", &r.Remark, longText}, {"messageId", &r.MessageID, 2 * longWord},
	} {
		cut, whole := cleanText(*f.text, f.most)
		if !whole {
			r.note(f.name+"Bytes", len(*f.text))
		}
		*f.text = cut
	}
	// An ID that was cut could be that of another event.
	if id, whole := cleanText(r.ID, 2*longWord); whole {
		r.ID = id
	} else {
		r.ID = digest(r.ID)
	}
	r.Person, r.From = cleanAddress(r.Person), cleanAddress(r.From)
	to := make([]string, 0, min(len(r.To), mostTo))
	for i, a := range r.To {
		if i == mostTo {
			r.note("toCount", len(r.To))
			break
		}
		if a = cleanAddress(a); a != "" {
			to = append(to, a)
		}
	}
	if r.To = to; len(to) == 0 {
		r.To = nil
	}
}

func (r *Record) note(name string, n int) {
	if r.Facts == nil {
		r.Facts = map[string]string{}
	}
	r.Facts[name] = strconv.Itoa(n)
}

func cleanFacts(facts map[string]string) map[string]string {
	if len(facts) == 0 {
		return nil
	}
	clean := make(map[string]string, len(facts))
	for i, k := range sortedKeys(facts) {
		if i == mostFacts {
			break
		}
		name, _ := cleanText(k, longWord)
		if v, _ := cleanText(facts[k], longText); name != "" && v != "" {
			clean[name] = v
		}
	}
	return clean
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// cleanAddress lower-cases an address and takes the brackets off. Anything may stand
// in a log where an address should be: it is kept as a word.
func cleanAddress(s string) string {
	s = strings.TrimSpace(s)
	if at := strings.LastIndexByte(s, '<'); at >= 0 && strings.HasSuffix(s, ">") {
		s = s[at+1:] // "Zhou" <zhou@customer.example>
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	s, _ = cleanText(s, longWord)
	return strings.ToLower(s)
}

// CleanIP takes the zone off and makes an IPv4 address that is written as IPv6 plain.
func CleanIP(ip netip.Addr) netip.Addr { return ip.Unmap().WithZone("") }

// cleanText replaces what cannot be shown and cuts to a number of bytes. Cleaned
// twice, a text stays as it is.
func cleanText(s string, most int) (clean string, whole bool) {
	whole = len(s) <= most
	s = cut(s, 2*most+utf8.UTFMax)
	if !plain(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
		s = strings.Map(func(c rune) rune {
			if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') {
				return ' '
			}
			return c
		}, s)
	}
	s = strings.TrimSpace(s)
	if len(s) > most {
		s, whole = strings.TrimSpace(cut(s, most)), false
	}
	return s, whole
}

// cut shortens to a number of bytes, at the end of a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// plain is the quick way for most texts: valid, without controls and marks of direction.
func plain(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if (r == utf8.RuneError && n == 1) || r < 0xa0 || (r >= 0x2028 && r <= 0x2069) {
			return false
		}
		i += n
	}
	return true
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
