package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// bulkGoal is how many times as fast as one after the other it must be, where up to eight
// calls are made at once.
const bulkGoal = 5

// bulks creates a thousand people at emulated vendors 10 ms away without a limit, suspends
// them and takes their creation back. Each of these takes two calls a person, since
// everybody is looked at before.
func (b *bench) bulks(ctx context.Context, dir string) (goals []Goal, err error) {
	for _, m := range []importing{
		{name: "tencent, 10ms away", open: tencentOffice}, {name: "alimail, 10ms away", open: alimailOffice},
	} {
		m.rows, m.pace, m.away, m.dir = importRows, unlimited, 10*time.Millisecond, filepath.Join(dir, m.name)
		suspended, undone, err := m.bulk(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		goals = append(goals, m.bulkGoal("suspend %d people of %s", suspended), m.bulkGoal("take back the import of %d people into %s", undone))
	}
	return goals, nil
}

// bulk measures suspending everybody and taking back their import, each from its preview
// to its end.
func (m importing) bulk(ctx context.Context) (suspended, undone time.Duration, err error) {
	at := m.open()
	defer at.close()
	maker := at.maker
	maker.New = func(c provider.Config) (provider.Provider, error) {
		c.Pace = m.pace
		return at.maker.New(c)
	}
	err = m.within(ctx, at, maker, func(desk *office.Desk, o office.Office) error {
		_, imported, err := m.carryOut(ctx, desk, o)
		if err != nil {
			return err
		}
		results, err := desk.Results(ctx, imported.ID, 0, 0)
		if err != nil {
			return err
		}
		changes := make([]office.Change, len(results))
		for i, r := range results {
			changes[i] = office.Change{Kind: office.SuspendPerson, Target: r.NewID}
		}
		if suspended, _, err = m.timed(ctx, desk, func() (office.Plan, error) { return desk.Preview(ctx, o.ID, changes) }); err != nil {
			return err
		}
		undone, _, err = m.timed(ctx, desk, func() (office.Plan, error) { return desk.Undo(ctx, imported.ID) })
		return err
	})
	return suspended, undone, err
}

// bulkGoal holds what something took against two calls for each, one after the other.
func (m importing) bulkGoal(what string, took time.Duration) Goal {
	alone := 2 * m.away * time.Duration(m.rows)
	faster := alone.Seconds() / took.Seconds()
	return Goal{
		Case: caseBulk, Peer: nameOurs, Known: true, Met: faster >= bulkGoal,
		What:  fmt.Sprintf(what+": at least %d times as fast as one after the other", m.rows, m.name, bulkGoal),
		Found: fmt.Sprintf("%.1f times (%v; one after the other %v at least)", faster, took.Round(10*time.Millisecond), alone),
	}
}
