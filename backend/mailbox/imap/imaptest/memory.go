package imaptest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Message is one stored message.
type Message struct {
	UID   uint32 // 0 in Add: the next one
	Flags []string
	Date  time.Time // zero: a fixed day
	Body  string
	// Labels and GmailID answer X-GM-LABELS and X-GM-MSGID.
	Labels  []string
	GmailID uint64
}

// Mailbox is one folder in memory.
type Mailbox struct {
	Name        string // raw
	Attributes  string // e.g. `\HasNoChildren \Sent`
	UIDValidity uint32
	Subscribed  bool

	srv  *Server
	acct *Account
	msgs []Message
	next uint32
}

// Add stores a message and returns its UID.
func (b *Mailbox) Add(m Message) uint32 {
	b.srv.mu.Lock()
	defer b.srv.mu.Unlock()
	return b.add(m)
}

func (b *Mailbox) add(m Message) uint32 {
	if m.UID == 0 {
		m.UID = b.next
	}
	if m.Date.IsZero() {
		m.Date = time.Date(2020, 2, 3, 4, 5, 6, 0, time.FixedZone("", 8*3600))
	}
	b.next = max(b.next, m.UID+1)
	b.msgs = append(b.msgs, m)
	return m.UID
}

// Remove takes messages away, as another program would.
func (b *Mailbox) Remove(uids ...uint32) {
	b.srv.mu.Lock()
	defer b.srv.mu.Unlock()
	b.msgs = slices.DeleteFunc(b.msgs, func(m Message) bool { return slices.Contains(uids, m.UID) })
}

// Flag adds flags to a message, as another program would.
func (b *Mailbox) Flag(uid uint32, flags ...string) {
	b.srv.mu.Lock()
	defer b.srv.mu.Unlock()
	for i := range b.msgs {
		if b.msgs[i].UID == uid {
			b.msgs[i].Flags = append(slices.Clone(b.msgs[i].Flags), flags...)
		}
	}
}

// Messages returns a copy of what the folder holds.
func (b *Mailbox) Messages() []Message {
	b.srv.mu.Lock()
	defer b.srv.mu.Unlock()
	return slices.Clone(b.msgs)
}

func (b *Mailbox) last() uint32 {
	if len(b.msgs) == 0 {
		return 0
	}
	return b.msgs[len(b.msgs)-1].UID
}

// number reads one number of a set.
func (b *Mailbox) number(s string) uint32 {
	if s == "*" {
		return b.last()
	}
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

// inSet says whether uid is in a set; * is the folder's last UID.
func (b *Mailbox) inSet(set string, uid uint32) bool {
	for part := range strings.SplitSeq(set, ",") {
		lo, hi, isRange := strings.Cut(part, ":")
		from, to := b.number(lo), b.number(lo)
		if isRange {
			to = b.number(hi)
		}
		if from > to {
			from, to = to, from
		}
		if uid >= from && uid <= to {
			return true
		}
	}
	return false
}

// fetch builds the answers to UID FETCH for messages with UIDs below before.
func (b *Mailbox) fetch(set, items string, before uint32) string {
	var out strings.Builder
	upper := strings.ToUpper(items)
	sent := 0
	for i, m := range b.shown() {
		if !b.inSet(set, m.UID) || m.UID >= before {
			continue
		}
		if sent++; b.srv.opts.Quirks.MostAtOnce > 0 && sent > b.srv.opts.Quirks.MostAtOnce {
			break
		}
		fmt.Fprintf(&out, "* %d FETCH (UID %d", i+1, m.UID)
		if strings.Contains(upper, "FLAGS") {
			fmt.Fprintf(&out, " FLAGS (%s)", strings.Join(m.Flags, " "))
		}
		if strings.Contains(upper, "INTERNALDATE") {
			fmt.Fprintf(&out, " INTERNALDATE %q", m.Date.Format("02-Jan-2006 15:04:05 -0700"))
		}
		if strings.Contains(upper, "RFC822.SIZE") {
			fmt.Fprintf(&out, " RFC822.SIZE %d", len(m.Body)+b.srv.opts.Quirks.SizeError)
		}
		if strings.Contains(upper, "X-GM-LABELS") {
			fmt.Fprintf(&out, " X-GM-MSGID %d X-GM-LABELS (%s)", m.GmailID, strings.Join(m.Labels, " "))
		}
		if strings.Contains(upper, "BODY.PEEK[]") {
			fmt.Fprintf(&out, " BODY[] {%d}\r\n%s", len(m.Body), m.Body)
		}
		if at := strings.Index(upper, "BODY.PEEK[HEADER.FIELDS"); at >= 0 {
			section := items[at+len("BODY.PEEK") : at+strings.IndexByte(upper[at:], ']')+1]
			h := headerFields(m.Body, section)
			fmt.Fprintf(&out, " BODY%s {%d}\r\n%s", section, len(h), h)
		}
		out.WriteString(")\r\n")
	}
	return out.String()
}

// headerFields picks the fields named in a section such as [HEADER.FIELDS (DATE FROM)].
func headerFields(body, section string) string {
	head, _, _ := strings.Cut(body, "\r\n\r\n")
	names := " " + strings.ToUpper(strings.NewReplacer("(", " ", ")", " ", "]", " ").Replace(section)) + " "
	var out strings.Builder
	keep := false
	for line := range strings.SplitSeq(head, "\r\n") {
		if line != "" && line[0] != ' ' && line[0] != '\t' {
			name, _, _ := strings.Cut(line, ":")
			keep = strings.Contains(names, " "+strings.ToUpper(name)+" ")
		}
		if keep {
			out.WriteString(line + "\r\n")
		}
	}
	return out.String() + "\r\n"
}
