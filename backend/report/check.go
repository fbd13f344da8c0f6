package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Check is the SHA-256, in 64 hexadecimal digits, over everything that the certificate
// states about the move: two papers with the same check state the same. When a paper
// was issued, by which version, and where messages were saved beside it is left out,
// as it says nothing about the move. The check is no signature: who changes a paper
// can compute another.
func (c *Certificate) Check() string {
	plain := *c
	plain.Version, plain.Issued = "", time.Time{}
	plain.Started, plain.Ended = second(c.Started), second(c.Ended)
	plain.Mailboxes = slices.Clone(c.Mailboxes)
	for i := range plain.Mailboxes {
		mb := &plain.Mailboxes[i]
		mb.ComparedAt = second(mb.ComparedAt)
		mb.Folders, mb.Differences, mb.Notes = some(mb.Folders), some(mb.Differences), some(mb.Notes)
		mb.Left = slices.Clone(some(mb.Left))
		for j := range mb.Left {
			mb.Left[j].File, mb.Left[j].Date = "", second(mb.Left[j].Date)
		}
	}
	canonical, err := json.Marshal(plain)
	if err != nil {
		return "" // texts, numbers and times: it cannot be
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// ShortCheck is the beginning of [Certificate.Check] in groups, to be compared by eye.
func (c *Certificate) ShortCheck() string {
	digits := strings.ToUpper(c.Check()[:16])
	return strings.Join([]string{digits[:4], digits[4:8], digits[8:12], digits[12:]}, "-")
}

// second drops what a file or another computer's zone may lose of a time.
func second(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// some makes an empty list of none: whether a list was read or never set says nothing.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
