package header

import (
	"strings"

	"mailroom/backend/doctor/message"
)

// Claim is one result that some server wrote into the header. Only what the topmost
// server says was written by the receiver; the rest can be forged.
type Claim struct {
	Server string // its name for itself (authserv-id); "" not told
	Top    bool   // of the topmost field: the receiver's
	Field  string // Authentication-Results, ARC-Authentication-Results, Received-SPF …
	Method string // spf, dkim, dmarc, arc, iprev, compauth …
	Result Result
	Reason string // words or code in comments and reason=
	Domain string // what was checked: header.d, smtp.mailfrom, header.from …
	Props  map[string]string
}

const maxClaims = 200

// claims reads Authentication-Results (RFC 8601), Received-SPF (RFC 7208 section 9.1)
// and their vendors' forms, in the order of the header.
func claims(h message.Header) []Claim {
	var all []Claim
	first := ""
	for _, f := range h {
		if len(all) >= maxClaims {
			break
		}
		switch strings.ToLower(f.Name) {
		case "authentication-results", "x-original-authentication-results":
			server, found := parseResults(f.Value)
			if first == "" {
				first = f.Value
			}
			for _, c := range found {
				c.Server, c.Field, c.Top = server, f.Name, f.Value == first && strings.EqualFold(f.Name, "authentication-results")
				all = append(all, c)
			}
		case "received-spf":
			all = append(all, receivedSPF(f.Value))
		}
	}
	return all
}

// parseResults reads one field; servers differ in nearly everything, so only what is
// found is told.
func parseResults(v string) (server string, found []Claim) {
	pieces := splitOutside(v, ';')
	for i, piece := range pieces {
		piece = strings.TrimSpace(piece)
		words, notes := tokens(piece)
		if i == 0 && (len(words) == 0 || !strings.Contains(words[0], "=")) {
			if len(words) > 0 {
				server = words[0]
			}
			continue
		}
		if c, ok := claimOf(words, notes); ok {
			found = append(found, c)
		}
	}
	return server, found
}

func claimOf(words []string, notes string) (Claim, bool) {
	c := Claim{Props: map[string]string{}, Reason: clip(notes, 300)}
	for _, w := range words {
		key, value, isPair := strings.Cut(w, "=")
		if !isPair {
			continue
		}
		key, value = strings.ToLower(key), strings.Trim(value, `"`)
		switch {
		case c.Method == "":
			c.Method, _, _ = strings.Cut(key, "/")
			c.Result = Result(strings.ToLower(value))
		case key == "reason":
			c.Reason = strings.TrimSpace(value + " " + c.Reason)
		default:
			c.Props[key] = value
		}
	}
	if c.Result == "hardfail" || c.Result == "bestguesspass" {
		c.Result = map[Result]Result{"hardfail": Fail, "bestguesspass": None}[c.Result]
	}
	for _, prop := range []string{"header.d", "header.i", "smtp.mailfrom", "smtp.mail", "smtp.helo", "header.from", "header.sender"} {
		if v := c.Props[prop]; v != "" && c.Domain == "" {
			if _, d, found := cutLast(v, '@'); found {
				v = d
			}
			c.Domain = strings.ToLower(strings.Trim(v, "<>. "))
		}
	}
	return c, c.Method != ""
}

// splitOutside splits at sep outside comments and quotes.
func splitOutside(s string, sep byte) []string {
	var all []string
	start, depth, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == sep && depth == 0:
			all = append(all, s[start:i])
			start = i + 1
		}
	}
	return append(all, s[min(start, len(s)):])
}

// tokens parts words from comments; blanks around = are closed up.
func tokens(s string) (words []string, notes string) {
	var plain strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '(')
		if i < 0 {
			plain.WriteString(s)
			break
		}
		plain.WriteString(s[:i] + " ")
		end := closing(s[i:])
		notes += " " + strings.Trim(s[i:i+end], "() ")
		s = s[i+end:]
	}
	text := plain.String()
	for _, wide := range []string{" =", "= "} {
		for strings.Contains(text, wide) {
			text = strings.ReplaceAll(text, wide, "=")
		}
	}
	for _, w := range splitOutside(strings.Join(strings.Fields(text), " "), ' ') {
		if w != "" {
			words = append(words, w)
		}
	}
	return words, strings.TrimSpace(notes)
}

// receivedSPF reads "Pass (host: reason) client-ip=…; envelope-from=…; helo=…".
func receivedSPF(v string) Claim {
	words, notes := tokens(strings.ReplaceAll(v, ";", " "))
	c := Claim{Field: "Received-SPF", Method: "spf", Reason: clip(notes, 300), Props: map[string]string{}}
	for i, w := range words {
		key, value, isPair := strings.Cut(w, "=")
		if i == 0 && !isPair {
			c.Result = Result(strings.ToLower(w))
			continue
		}
		if isPair {
			c.Props[strings.ToLower(key)] = strings.Trim(value, `"<>`)
		}
	}
	c.Server = c.Props["receiver"]
	for _, key := range []string{"envelope-from", "helo"} {
		if v := c.Props[key]; v != "" && c.Domain == "" {
			_, d, found := cutLast(v, '@')
			if !found {
				d = v
			}
			c.Domain = strings.ToLower(d)
		}
	}
	return c
}

// pickSPF takes the receiver's own word on SPF, else the topmost Received-SPF.
func pickSPF(all []Claim) Claim {
	for _, c := range all {
		if c.Top && c.Method == "spf" {
			return c
		}
	}
	for _, c := range all {
		if c.Field == "Received-SPF" {
			return c
		}
	}
	return Claim{}
}

// claimed finds the receiver's word on a method.
func claimed(all []Claim, method string) (Claim, bool) {
	for _, c := range all {
		if c.Top && c.Method == method {
			return c, true
		}
	}
	return Claim{}, false
}
