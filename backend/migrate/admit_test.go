package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
)

// A budget that ends in the middle of a batch: what was admitted is stored, nothing
// more, and the next run brings the rest once.
func TestWhatWasAdmittedArrivesAndNothingElse(t *testing.T) {
	gone := errors.New("nothing left for today")
	for _, most := range []int{0, 1, 7, 12} {
		for _, caps := range []string{"", "UIDPLUS", "UIDPLUS MULTIAPPEND LITERAL+"} {
			t.Run(fmt.Sprintf("%d with %q", most, caps), func(t *testing.T) {
				from, to := own(t), plain(t, caps)
				var all []string
				for i := range 12 {
					all = append(all, fmt.Sprintf("m%02d", i))
				}
				fill(from, map[string][]string{"INBOX": all})
				tr := newTrip(t, from, to)
				admitted := 0
				tr.opt.Admit = func(context.Context, int64) error {
					if admitted == most {
						return gone
					}
					admitted++
					return nil
				}
				r, err := tr.run()
				if most < len(all) && (core.CodeOf(err) != core.Canceled || !errors.Is(err, gone)) {
					t.Errorf("ended with %v", err)
				}
				if r.Copied != int64(most) {
					t.Errorf("%d admitted, %d copied: %+v", most, r.Copied, r.Counts)
				}
				tr.opt.Admit = nil
				if r, err := tr.run(); err != nil || r.Copied != int64(len(all)-most) || r.State != migrate.StateDone {
					t.Errorf("the rest: %v, %+v", err, r.Counts)
				}
			})
		}
	}
}
