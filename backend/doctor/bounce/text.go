package bounce

import (
	"regexp"
	"slices"
	"strings"

	"mailroom/backend/doctor/message"
)

var (
	addressIn    = regexp.MustCompile(`[A-Za-z0-9\p{Han}._%+=/&'*!#$?^{|}~-]{1,64}@[A-Za-z0-9\p{Han}][A-Za-z0-9\p{Han}.-]{0,250}[A-Za-z0-9\p{Han}]`)
	enhancedCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	replyCode    = regexp.MustCompile(`(?:^|[^\d.\[])([45]\d\d)(?:[ \-:,;#]|$)`)
	saidBy       = regexp.MustCompile(`(?i)(?:host|connect(?:ed)? to|server|from) ([a-z0-9][a-z0-9.-]*\.[a-z]{2,})[ \[(:]`)
	linkIn       = regexp.MustCompile(`https?://[^\s<>"'）)，。]+`)
	unseen       = regexp.MustCompile(`[\x{200b}\x{feff}\x{00ad}]`)
)

// readText reads what is no delivery status: the words of free text and HTML.
func readText(r *Report, m message.Message, g gathered) {
	switch {
	case g.html:
		r.Form = FormHTML
	case g.bare && strings.Count(strings.TrimSpace(g.text), "\n") < 3:
		r.Form = FormLine
	default:
		r.Form = FormText
	}
	text := unseen.ReplaceAllString(g.text, "")
	named := addresses(m.Header.Get("X-Failed-Recipients"))
	segments := segmentsOf(text, named, ownAddresses(m, g))
	if len(segments) == 0 {
		segments = []segment{{text: text}}
	}
	for _, s := range segments {
		rec := Recipient{Address: s.address, Words: reasonOf(s.text)}
		if rec.Words == "" {
			rec.Words = reasonOf(text)
		}
		r.Recipients = append(r.Recipients, rec)
	}
	if anyOf(strings.ToLower(r.Subject), dict.systems.DelaySubjects) || anyOf(g.lower, dict.systems.DelayWords) {
		for i := range r.Recipients {
			r.Recipients[i].Delayed = true
		}
	}
}

// ownAddresses are those that a report names for other reasons: who gets it, who
// wrote it, who sent the mail.
func ownAddresses(m message.Message, g gathered) []string {
	var own []string
	for _, name := range []string{"From", "To", "Reply-To", "Return-Path", "Sender", "Delivered-To", "Message-ID"} {
		own = append(own, addresses(strings.Join(m.Header.All(name), " "))...)
	}
	own = append(own, addresses(g.original.From)...)
	own = append(own, addresses(g.original.MessageID)...)
	return own
}

func addresses(text string) []string {
	var all []string
	for _, a := range addressIn.FindAllString(text, maxRecipients) {
		all = append(all, strings.ToLower(strings.Trim(a, ".")))
	}
	return all
}

// segment is the part of a text that speaks about one address.
type segment struct{ address, text string }

// segmentsOf parts a text at its recipients. Lines that begin with an address, or
// name one after a label, count first; an address anywhere only if no line does.
func segmentsOf(text string, named, own []string) []segment {
	lines := strings.Split(text, "\n")
	if s := cutAt(lines, named, own, lineAddress); len(s) > 0 {
		return s
	}
	return cutAt(lines, named, own, anyAddress)
}

func cutAt(lines, named, own []string, find func(line string, after string) string) []segment {
	var all []segment
	at := map[string]int{}
	for i, line := range lines {
		after := ""
		if i+1 < len(lines) {
			after = lines[i+1]
		}
		a := find(line, after)
		low := strings.ToLower(a)
		wanted := a != "" && (slices.Contains(named, low) || len(named) == 0 && !slices.Contains(own, low) && !daemon(low))
		known, again := at[low]
		switch {
		case wanted && !again && len(all) < maxRecipients:
			at[low] = len(all)
			all = append(all, segment{address: a, text: line})
		case wanted && again && known != len(all)-1:
			// A second list, e.g. Sendmail's transcript: it goes on where the address was.
			all[known].text += "\n" + line
		case len(all) > 0:
			last := &all[len(all)-1]
			if len(last.text) < 8*maxWords {
				last.text += "\n" + line
			}
		}
	}
	return all
}

// lineAddress takes the address that a line is about: "<a@b>:", "  a@b", "a@b (…)",
// or a label and an address.
func lineAddress(line, _ string) string {
	trimmed := strings.TrimSpace(line)
	a := addressIn.FindString(trimmed)
	if a == "" {
		return ""
	}
	before, after, _ := strings.Cut(trimmed, a)
	label := strings.ToLower(strings.Trim(before, " <\"'(:：*·-•[【「"))
	label = strings.TrimRight(label, "】」] :：")
	switch {
	case label == "":
		rest := strings.TrimLeft(after, ">\"' ")
		if rest == "" || strings.ContainsAny(rest[:1], ":(,;-") || strings.HasPrefix(after, ">") || strings.HasPrefix(rest, "：") || strings.HasPrefix(rest, "（") {
			return strings.Trim(a, ".")
		}
	case slices.Contains(dict.systems.RecipientLabels, label):
		return strings.Trim(a, ".")
	}
	return ""
}

func anyAddress(line, _ string) string { return strings.Trim(addressIn.FindString(line), ".") }

// reasonOf picks the words that tell why: what follows a label, or else the lines
// with a reply code, an enhanced code, or words of the dictionary.
func reasonOf(text string) string {
	lines := strings.Split(text, "\n")
	if s := labelled(lines); s != "" {
		return s
	}
	var telling []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line == "" {
			continue
		}
		low := strings.ToLower(line)
		if replyCode.MatchString(line) || enhancedCode.MatchString(line) || strings.Contains(low, " said: ") {
			// A reply may go on over lines, until an empty one.
			for ; i < len(lines) && strings.TrimSpace(lines[i]) != "" && len(telling) < 12; i++ {
				telling = append(telling, strings.TrimSpace(lines[i]))
			}
			break
		}
	}
	if len(telling) == 0 {
		for _, line := range lines {
			if _, ok := dict.byWords(strings.ToLower(line)); ok && len(telling) < 4 {
				telling = append(telling, strings.TrimSpace(line))
			}
		}
	}
	return clip(strings.Join(telling, " "))
}

// labelled takes the texts after "reason:" and its kin, on the line or on the next ones.
func labelled(lines []string) string {
	var took []string
	for i := 0; i < len(lines) && len(took) < 12; i++ {
		label, rest, found := cutLabel(lines[i])
		if !found || !reasonLabel(label) {
			continue
		}
		if rest = strings.TrimSpace(rest); rest != "" {
			took = append(took, rest)
		}
		fresh := rest == ""
		for i+1 < len(lines) && len(took) < 12 {
			next := strings.TrimSpace(lines[i+1])
			_, _, another := cutLabel(next)
			if next == "" && !fresh || another && (!fresh || reasonLabelled(next)) && !replyCode.MatchString(next) {
				break
			}
			i++
			if next != "" {
				took = append(took, next)
				fresh = false
			}
		}
	}
	return clip(strings.Join(took, " "))
}

func reasonLabel(label string) bool {
	return slices.ContainsFunc(dict.systems.ReasonLabels, func(l string) bool { return label == l || strings.HasSuffix(label, " "+l) })
}

func reasonLabelled(line string) bool {
	label, _, found := cutLabel(line)
	return found && reasonLabel(label)
}

// cutLabel reads "label: rest" with either colon; the label comes in lower case.
func cutLabel(line string) (label, rest string, ok bool) {
	line = strings.TrimSpace(line)
	i, width := strings.IndexByte(line, ':'), 1
	if j := strings.Index(line, "："); j >= 0 && (i < 0 || j < i) {
		i, width = j, len("：")
	}
	if i < 1 || i > 90 {
		return strings.ToLower(strings.Trim(line, " 【】[]")), "", len(line) > 0 && len(line) < 40 && i < 0
	}
	return strings.ToLower(strings.Trim(line[:i], " 【】[]*")), line[i+width:], true
}
