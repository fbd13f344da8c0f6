package bounce

import (
	"net/mail"
	"strings"

	"mailroom/backend/doctor/message"
)

// readStatus reads message/delivery-status parts (RFC 3464 section 2): one group of
// fields for the message, then one a recipient. Groups without an empty line between
// them, as some systems write, are parted at Final-Recipient.
func readStatus(r *Report, g gathered) {
	for _, part := range g.status {
		r.Form = FormDSN
		rest := part.Body
		for len(rest) > 0 && len(r.Recipients) < maxRecipients {
			var h message.Header
			h, rest = message.ReadHeader(rest)
			if len(h) == 0 {
				break
			}
			r.perMessage(h)
			for _, group := range byRecipient(h) {
				if len(r.Recipients) < maxRecipients {
					r.Recipients = append(r.Recipients, recipientOf(group))
				}
			}
		}
	}
}

func (r *Report) perMessage(h message.Header) {
	if v := typed(h.Get("Reporting-MTA")); v != "" && r.Reporter == "" {
		r.Reporter = v
	}
	if at, err := mail.ParseDate(h.Get("Arrival-Date")); err == nil && r.Arrived.IsZero() {
		r.Arrived = at
	}
}

// byRecipient parts a block at each new recipient; a block without one gives none.
func byRecipient(h message.Header) []message.Header {
	var groups []message.Header
	var current message.Header
	named := false
	for _, f := range h {
		name := strings.ToLower(f.Name)
		if name == "final-recipient" || name == "original-recipient" {
			if named && current.Get(f.Name) != "" {
				groups = append(groups, current)
				current = nil
			}
			named = true
		}
		current = append(current, f)
	}
	if named || current.Get("Action") != "" || current.Get("Diagnostic-Code") != "" {
		groups = append(groups, current)
	}
	return groups
}

// typed drops the type before a value: "rfc822; li@example.com", "dns; mx.example.com".
func typed(v string) string {
	kind, value, found := strings.Cut(v, ";")
	if !found || strings.ContainsAny(strings.TrimSpace(kind), " @.") {
		value = v
	}
	return strings.TrimSpace(value)
}

func recipientOf(h message.Header) Recipient {
	final, asked := clean(typed(h.Get("Final-Recipient"))), clean(typed(h.Get("Original-Recipient")))
	rec := Recipient{Address: final, Status: firstStatus(h.Get("Status")), Remote: hostOnly(typed(h.Get("Remote-MTA")))}
	switch {
	case rec.Address == "" || !strings.Contains(rec.Address, "@") && asked != "":
		rec.Address = asked
	case asked != "" && !strings.EqualFold(asked, final):
		rec.Asked = asked
	}
	if rec.Address == "" {
		rec.Address = clean(h.Get("X-Actual-Recipient"))
	}
	rec.Words = clip(message.Decode(typed(h.Get("Diagnostic-Code"))))
	switch strings.ToLower(strings.Fields(h.Get("Action") + " x")[0]) {
	case "delayed":
		rec.Delayed = true
	case "delivered":
		rec.Cause = "delivered"
	case "relayed", "expanded":
		rec.Cause = "passed-on"
	}
	if at, err := mail.ParseDate(h.Get("Will-Retry-Until")); err == nil {
		rec.TriesTill = at
	}
	return rec
}

// clean takes an address out of brackets, quotes and xtext (RFC 3461 section 4).
func clean(v string) string {
	v = message.Decode(strings.TrimSpace(v))
	if i := strings.LastIndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
		v, _, _ = strings.Cut(v, ">")
	}
	v = strings.Trim(v, " \t<>\"'")
	v = strings.TrimPrefix(v, "SMTP:")
	if len(v) > 320 || strings.ContainsAny(v, " \t\r\n") {
		return ""
	}
	return v
}

// hostOnly keeps the name of "mx.example.com (192.0.2.1)".
func hostOnly(v string) string {
	host, _, _ := strings.Cut(strings.TrimSpace(v), " ")
	return strings.Trim(host, ".[]()")
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "")
	}
	return s
}

func firstStatus(v string) string {
	if m := enhancedCode.FindString(v); m != "" && m == strings.TrimSpace(strings.Fields(v + " x")[0]) {
		return m
	}
	return enhancedCode.FindString(v)
}
