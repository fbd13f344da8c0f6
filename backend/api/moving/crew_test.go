package moving

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job/schedule"
)

// slowly is a schedule at a pace, all day, at which nothing comes to its end by itself
// once the first [leastBurst] has passed: however slow the computer is, what a test does
// meanwhile comes in time. [bureau.hurry] lets it go.
func slowly() schedule.Plan {
	return schedule.Plan{Mode: schedule.Gentle, From: 0, To: 24*60 - 1, Slow: 10, Zone: restless()}
}

// hurry takes a move's schedule away.
func (b *bureau) hurry(id string) {
	b.t.Helper()
	if _, err := b.desk.SetWhen(b.t.Context(), id, schedule.Plan{}, Repeat{}); err != nil {
		b.t.Fatal(err)
	}
}

// underWay is a move of two people that is held in the middle of the second one.
func (b *bureau) underWay() View {
	b.t.Helper()
	v := b.move(2, 20, Options{Schedule: slowly(), Parallel: 1})
	b.start(v.ID)
	return b.until(v.ID, "under way", func(v View) bool { return v.Snapshot.Counts.Copied >= 20 && v.Mailboxes[1].State == Running })
}

// restless is a zone where the day does not end soon.
func restless() string {
	if time.Now().UTC().Hour() == 23 {
		return "Asia/Shanghai"
	}
	return "UTC"
}

// closedNow is a night that begins in a few hours.
func closedNow() schedule.Plan {
	now := time.Now().UTC()
	minutes := now.Hour()*60 + now.Minute()
	return schedule.Plan{Mode: schedule.Nights, From: (minutes + 180) % 1440, To: (minutes + 240) % 1440, Zone: "UTC"}
}

func TestAMoveWaitsForItsHoursAndGoesOnByItself(t *testing.T) {
	b := openBureau(t, t.TempDir())
	v := b.move(3, 5, Options{Schedule: closedNow()})
	b.start(v.ID)
	v = b.untilStatus(v.ID, StatusScheduled)
	if in := time.Until(v.Next); in < 2*time.Hour || in > 3*time.Hour || v.Hold != EventHours || v.Fault != nil || !v.Can.Pause {
		t.Errorf("goes on in %s because of %q, fault %v, can %+v", in, v.Hold, v.Fault, v.Can)
	}
	if b.arrived(0) != 0 {
		t.Error("mail was moved outside the hours")
	}
	// The person changes their mind: at once.
	b.hurry(v.ID)
	b.untilStatus(v.ID, StatusDone)
	if b.arrived(0) != 5 || b.arrived(2) != 5 {
		t.Errorf("%d and %d messages arrived", b.arrived(0), b.arrived(2))
	}
	b.tells(v.ID, EventStarted, EventHours, EventWentOn, EventFinished)
}

func TestHoursThatEndStopWhatIsAtWork(t *testing.T) {
	b := openBureau(t, t.TempDir())
	v := b.move(6, 20, Options{Schedule: slowly(), Parallel: 1})
	b.start(v.ID)
	b.until(v.ID, "under way", func(v View) bool { return v.Snapshot.Counts.Copied > 0 })
	if _, err := b.desk.SetWhen(t.Context(), v.ID, closedNow(), Repeat{}); err != nil {
		t.Fatal(err)
	}
	v = b.untilStatus(v.ID, StatusScheduled)
	if b.arrived(5) != 0 {
		t.Error("the hours had no effect")
	}
	b.hurry(v.ID)
	v = b.untilStatus(v.ID, StatusDone)
	if b.arrived(0) != 20 || b.arrived(5) != 20 || v.Snapshot.Counts.Copied != 120 {
		t.Errorf("%d and %d arrived, told: %+v", b.arrived(0), b.arrived(5), v.Snapshot.Counts)
	}
}

// The budget is that of the office, over restarts of the program too.
func TestADaysBudgetIsKept(t *testing.T) {
	dir := t.TempDir()
	b := openBureau(t, dir)
	v := b.move(3, 20, Options{Schedule: schedule.Plan{BytesPerDay: 25 * messageBytes, Zone: restless()}})
	b.start(v.ID)
	v = b.untilStatus(v.ID, StatusScheduled)
	if v.Hold != EventBudget {
		t.Errorf("held by %q", v.Hold)
	}
	sum := b.arrived(0) + b.arrived(1) + b.arrived(2)
	if sum > 25 || sum < 20 {
		t.Errorf("%d messages of 25 arrived", sum)
	}
	b.stop()
	b = openBureau(t, dir)
	if j, _ := b.desk.engine.Find(v.ID); j.State != "waiting" {
		t.Errorf("after a restart it is %s", j.State)
	}
	if err := b.desk.engine.Resume(v.ID); err != nil { // too soon: the day has not ended
		t.Fatal(err)
	}
	b.until(v.ID, "held again", func(v View) bool { return v.Status == StatusScheduled })
	if again := b.arrived(0) + b.arrived(1) + b.arrived(2); again > 25 {
		t.Errorf("after a restart %d messages arrived on this day", again)
	}
}

func TestOnePersonIsPausedAndTheOthersGoOn(t *testing.T) {
	b := openBureau(t, t.TempDir())
	v := b.move(4, 40, Options{Schedule: slowly()})
	b.start(v.ID)
	b.until(v.ID, "under way", func(v View) bool { return v.Mailboxes[0].State == Running })
	if _, err := b.desk.PauseBoxes(t.Context(), v.ID, ids(v, 0, 3)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.LeaveOut(t.Context(), v.ID, ids(v, 2), true); err != nil {
		t.Fatal(err)
	}
	b.hurry(v.ID)
	v = b.untilStatus(v.ID, StatusPaused)
	if got := states(v); !slices.Equal(got, []State{Paused, Done, LeftOut, Paused}) {
		t.Errorf("the states are %v", got)
	}
	if b.arrived(3) != 0 || b.arrived(1) != 40 {
		t.Errorf("paused %d, left alone %d", b.arrived(3), b.arrived(1))
	}
	if v.Snapshot.Counts.Messages > 3*40 {
		t.Errorf("one that was left out is counted: %+v", v.Snapshot.Counts)
	}
	// One of the two goes on alone; then the one that was left out comes back.
	if _, err := b.desk.GoOnBoxes(t.Context(), v.ID, ids(v, 0)); err != nil {
		t.Fatal(err)
	}
	b.until(v.ID, "there", func(v View) bool { return v.Mailboxes[0].State == Done && v.Status == StatusPaused })
	if _, err := b.desk.LeaveOut(t.Context(), v.ID, ids(v, 2), false); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.GoOnBoxes(t.Context(), v.ID, ids(v, 2, 3)); err != nil {
		t.Fatal(err)
	}
	v = b.untilStatus(v.ID, StatusDone)
	for p := range 4 {
		if b.arrived(p) != 40 {
			t.Errorf("person %d has %d", p, b.arrived(p))
		}
	}
	if _, err := b.desk.PauseBoxes(t.Context(), v.ID, []string{"nobody"}); core.CodeOf(err) != core.NotFound {
		t.Errorf("somebody unknown: %v", err)
	}
	b.tells(v.ID, EventStarted, EventHeld, EventLeftOut, EventFinished, EventFreed, EventTakenBack, EventFinished)
}

func TestAfterSleepEverybodyConnectsAnewAndNobodyIsBlamed(t *testing.T) {
	b := openBureau(t, t.TempDir())
	v := b.underWay()
	b.desk.slept(8 * time.Hour)
	b.until(v.ID, "told", func(View) bool { return slices.Contains(b.story(v.ID), EventSlept) })
	b.until(v.ID, "at work again", func(v View) bool { return v.Mailboxes[1].State == Running })
	b.hurry(v.ID)
	v = b.untilStatus(v.ID, StatusDone)
	if b.arrived(0) != 20 || b.arrived(1) != 20 || len(v.Mailboxes[1].Outcome.Remarks) > 0 {
		t.Errorf("%d and %d arrived, %+v", b.arrived(0), b.arrived(1), v.Mailboxes[1].Outcome.Remarks)
	}
}

func TestRepeatedRunsBringWhatIsNewUntilTheWatchEnds(t *testing.T) {
	b := openBureau(t, t.TempDir())
	v := b.move(2, 5, Options{Repeat: Repeat{Hours: 6}})
	b.start(v.ID)
	v = b.until(v.ID, "planned to run again", func(v View) bool { return v.Status == StatusDone && !v.Next.IsZero() })
	if in := time.Until(v.Next); in < 5*time.Hour || in > 6*time.Hour {
		t.Errorf("again in %s", in)
	}
	b.write(1, 5, 8)
	b.desk.due(t.Context(), time.Now()) // not yet
	if v, _ = b.desk.Get(v.ID); v.Status != StatusDone || v.Watch.Runs != 1 {
		t.Fatalf("it ran too soon: %s, %d runs", v.Status, v.Watch.Runs)
	}
	b.desk.due(t.Context(), time.Now().Add(7*time.Hour))
	v = b.until(v.ID, "run again", func(v View) bool { return v.Status == StatusDone && v.Watch.Runs == 2 && !v.Next.IsZero() })
	if b.arrived(1) != 8 || v.Watch.Brought != 3 {
		t.Errorf("%d arrived, %d told, %+v", b.arrived(1), v.Watch.Brought, v.Snapshot.Counts)
	}
	b.hurry(v.ID)
	if v, _ = b.desk.Get(v.ID); !v.Next.IsZero() {
		t.Errorf("after the watch has ended it runs at %s", v.Next)
	}
	b.tells(v.ID, EventStarted, EventFinished, EventStarted, EventFinished, EventWatchOff)
}

// A server that refused a password twice must not be asked again by a timer.
func TestARepeatedRunLeavesThoseAloneWhoWaitForAPerson(t *testing.T) {
	refused := &Fault{Code: core.Unauthenticated}
	for name, c := range map[string]struct {
		mb    Mailbox
		by    string
		joins bool
	}{
		"by a person":              {Mailbox{State: Failed, Fault: refused}, "", true},
		"by the schedule":          {Mailbox{State: Failed, Fault: refused}, bySchedule, false},
		"the line was down":        {Mailbox{State: Failed, Fault: &Fault{Code: core.Unreachable}}, bySchedule, true},
		"all is well":              {Mailbox{State: Done}, bySchedule, true},
		"paused by a person":       {Mailbox{State: Paused, Held: true}, bySchedule, false},
		"left out":                 {Mailbox{State: LeftOut, Out: true}, "", false},
		"a person chose some only": {Mailbox{State: Failed, Fault: refused}, byChoice, false},
	} {
		if got := c.mb.joins(order{Round: "r", By: c.by}, false); got != c.joins {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAScheduledMoveGoesOnByItselfAfterARestart(t *testing.T) {
	dir := t.TempDir()
	b := openBureau(t, dir)
	v := b.underWay()
	b.stop()
	b = openBureau(t, dir)
	v = b.untilStatus(v.ID, StatusInterrupted)
	locked := func(*Mailbox) bool { return false }
	b.desk.Resume(t.Context(), true, locked)
	if v, _ = b.desk.Get(v.ID); v.Status != StatusInterrupted {
		t.Errorf("without its passwords it is %s", v.Status)
	}
	b.desk.Resume(t.Context(), false, func(*Mailbox) bool { return true })
	b.hurry(v.ID)
	b.untilStatus(v.ID, StatusDone)
	if b.arrived(0) != 20 || b.arrived(1) != 20 {
		t.Errorf("%d and %d arrived", b.arrived(0), b.arrived(1))
	}
}

func TestWhoIsAwayIsToldApart(t *testing.T) {
	mb := &Mailbox{From: Endpoint{Kind: "imap", Host: "imap.old.example", Security: "tls"}, To: Endpoint{Kind: "imap", Host: "imap.new.example", Port: 1993}}
	gone := errors.New("gone")
	for name, c := range map[string]struct {
		away   []string
		online bool
		kind   EventKind
		host   string
	}{
		"nobody":                 {nil, true, "", ""},
		"the old server":         {[]string{"imap.old.example:993"}, true, EventServerAway, "imap.old.example"},
		"the new server":         {[]string{"imap.new.example:1993"}, true, EventServerAway, "imap.new.example"},
		"both, so the line here": {[]string{"imap.old.example:993", "imap.new.example:1993"}, true, EventOffline, ""},
		"no network at all":      {[]string{"imap.old.example:993"}, false, EventOffline, ""},
	} {
		n := network{online: func() bool { return c.online }, dial: func(_ context.Context, address string) error {
			if slices.Contains(c.away, address) {
				return gone
			}
			return nil
		}}
		if kind, host := n.blame(t.Context(), mb); kind != c.kind || host != c.host {
			t.Errorf("%s: %q %q", name, kind, host)
		}
	}
}
