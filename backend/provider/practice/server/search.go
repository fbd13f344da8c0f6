package server

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Search answers SEARCH by looking at every message; text is compared as bytes, as it
// stands in the message, so encoded words are not found.
func (s *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	if err := s.gate(); err != nil {
		return nil, err
	}
	data := &imap.SearchData{}
	var uids imap.UIDSet
	var seqs imap.SeqSet
	all := s.find(imap.SeqSet{{Start: 1, Stop: 0}})
	last, count := s.lastUID(), uint32(len(all))
	for _, m := range all {
		seq := s.view.EncodeSeqNum(m.seq)
		if seq == 0 || !matches(m, seq, criteria, last, count) {
			continue
		}
		n := seq
		if kind == imapserver.NumKindUID {
			n = uint32(m.uid)
			uids.AddNum(m.uid)
		} else {
			seqs.AddNum(seq)
		}
		if data.Min == 0 {
			data.Min = n
		}
		data.Max = n
		data.Count++
	}
	data.All = seqs
	if kind == imapserver.NumKindUID {
		data.All = uids
	}
	return data, nil
}

func matches(m found, seq uint32, c *imap.SearchCriteria, last, count uint32) bool {
	for _, set := range c.UID {
		if !slices.ContainsFunc(set, func(r imap.UIDRange) bool { return within(uint32(m.uid), uint32(r.Start), uint32(r.Stop), last) }) {
			return false
		}
	}
	for _, set := range c.SeqNum {
		if !slices.ContainsFunc(set, func(r imap.SeqRange) bool { return within(seq, r.Start, r.Stop, count) }) {
			return false
		}
	}
	for _, flag := range c.Flag {
		if !hasFlag(m.flags, flag) {
			return false
		}
	}
	for _, flag := range c.NotFlag {
		if hasFlag(m.flags, flag) {
			return false
		}
	}
	size := m.body.Size()
	if (c.Larger > 0 && size <= c.Larger) || (c.Smaller > 0 && size >= c.Smaller) || !onDays(m.date, c.Since, c.Before) {
		return false
	}
	return matchesText(m, c) && matchesOthers(m, seq, c, last, count)
}

func within(n, from, to, last uint32) bool {
	from, to = bounds(from, to, last)
	return n >= from && n <= to
}

func hasFlag(flags []imap.Flag, flag imap.Flag) bool {
	return slices.ContainsFunc(flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(flag)) })
}

// onDays compares dates without time and zone, RFC 9051 section 6.4.4.
func onDays(date, since, before time.Time) bool {
	day := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since.UTC().Truncate(24*time.Hour))) &&
		(before.IsZero() || day.Before(before.UTC().Truncate(24*time.Hour)))
}

func matchesText(m found, c *imap.SearchCriteria) bool {
	for _, want := range c.Header {
		lines := bytes.TrimSpace(fields(m.body.Header(), []string{want.Key}, nil))
		if len(lines) == 0 || !contains(lines, want.Value) {
			return false
		}
	}
	if len(c.Body) == 0 && len(c.Text) == 0 {
		return true
	}
	whole := bytesOf(m.body)
	for _, want := range c.Text {
		if !contains(whole, want) {
			return false
		}
	}
	for _, want := range c.Body {
		if !contains(whole[len(m.body.Header()):], want) {
			return false
		}
	}
	return true
}

func contains(data []byte, want string) bool {
	return bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(want)))
}

func matchesOthers(m found, seq uint32, c *imap.SearchCriteria, last, count uint32) bool {
	for i := range c.Not {
		if matches(m, seq, &c.Not[i], last, count) {
			return false
		}
	}
	for i := range c.Or {
		if !matches(m, seq, &c.Or[i][0], last, count) && !matches(m, seq, &c.Or[i][1], last, count) {
			return false
		}
	}
	return true
}
