package migrate

import (
	"testing"
	"time"

	"mailroom/backend/mailbox"
)

// TestLanesFollowTheLineAndTheCompany: how many connections a mailbox gets, by what its
// destination can do, how far it is and whether other mailboxes are at work. It does not
// run beside other tests, which move mailboxes too.
func TestLanesFollowTheLineAndTheCompany(t *testing.T) {
	dovecot := mailbox.Traits{Kind: "imap", Family: "dovecot", MultiAppend: true, NonSync: true}
	with := func(change func(*mailbox.Traits)) mailbox.Traits {
		traits := dovecot
		change(&traits)
		return traits
	}
	for _, c := range []struct {
		says   string
		dst    mailbox.Traits
		others int32
		asked  int
		want   int
	}{
		{"a lone mailbox", dovecot, 0, 0, 3},
		{"several share the disk", dovecot, 3, 0, 2},
		{"a far line", with(func(t *mailbox.Traits) { t.RTT = 40 * time.Millisecond }), 3, 0, 8},
		{"every message waits", with(func(t *mailbox.Traits) { t.MultiAppend, t.NonSync = false, false }), 0, 0, 6},
		{"an archive has one writer", with(func(t *mailbox.Traits) { t.Kind = "mbox" }), 0, 0, 1},
		{"the person decides", dovecot, 0, 5, 5},
	} {
		mv := (&Mover{opt: Options{Connections: c.asked}}).begin()
		mv.srcTraits, mv.dstTraits = mailbox.Traits{Kind: "imap", Family: "dovecot"}, c.dst
		before := atWork.Swap(1 + c.others)
		got := mv.lanes()
		atWork.Store(before)
		if got != c.want {
			t.Errorf("%s: %d lanes, want %d", c.says, got, c.want)
		}
	}
}
