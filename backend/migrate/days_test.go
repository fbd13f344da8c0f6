package migrate_test

import (
	"slices"
	"testing"
	"time"

	"mailroom/backend/mailbox/imap/imaptest"
)

// Mail outside the chosen days is excluded and counted; a later run with other days takes
// it up, once, also where it lay at the new place before the first.
func TestMailOutsideTheChosenDaysIsCountedAndTakenUpLater(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	from, to := plain(t, "UIDPLUS CONDSTORE"), own(t)
	for subject, date := range map[string]time.Time{
		"ancient": day(2010, 5, 1), "old": day(2019, 5, 1), "recent": day(2023, 5, 1), "first day": day(2020, 1, 1), "new": day(2025, 5, 1),
	} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: mail(subject), Date: date})
	}
	// One of those that are left out lies at the new place already.
	to.Mailbox("INBOX").Add(imaptest.Message{Body: mail("old"), Date: day(2019, 5, 1)})
	tr := newTrip(t, from, to)
	step := func(name string, since, before time.Time, copied, there, excluded int64, notes ...string) {
		t.Helper()
		tr.opt.Since, tr.opt.Before = since, before
		e, err := tr.mover().Estimate(t.Context())
		if err != nil || e.ToCopy > copied+1 || e.Messages != 5 { // one more: a dry run does not look at the new place
			t.Errorf("%s: the dry run says %d of %d, %v", name, e.ToCopy, e.Messages, err)
		}
		r := tr.done()
		if r.Copied != copied || r.AlreadyThere != there || r.Excluded != excluded || r.Messages != 5 || r.LeftBehind != 0 {
			t.Errorf("%s: %+v", name, r.Counts)
		}
		for _, note := range notes {
			if !slices.Contains(r.Notes, note) {
				t.Errorf("%s: %v lacks %s", name, r.Notes, note)
			}
		}
	}
	step("narrow", day(2020, 1, 1), day(2025, 1, 1), 2, 0, 3, "older-than:2020-01-01 · 2", "newer-than:2025-01-01 · 1")
	step("the same again", day(2020, 1, 1), day(2025, 1, 1), 0, 2, 3)
	step("narrower", day(2024, 1, 1), time.Time{}, 1, 2, 2, "older-than:2024-01-01 · 2")
	step("no bounds", time.Time{}, time.Time{}, 1, 4, 0)
	if n := len(to.Mailbox("INBOX").Messages()); n != 5 {
		t.Errorf("%d messages arrived", n)
	}
}
