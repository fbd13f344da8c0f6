package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/job/schedule"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/store"
)

// officeMarker names the file that tells a child what office to move.
const officeMarker = "MAILROOM_SOAK_OFFICE"

// errand is what a child does.
type errand struct {
	Dir      string // the data folder
	Parallel int
	People   []errandPerson
}

type errandPerson struct {
	Label    string
	From, To errandSide
}

type errandSide struct {
	Port           int
	User, Password string
}

// outcome is what a child has found when it ended by itself.
type outcome struct {
	Status    moving.Status
	Mailboxes []outcomeBox
}

type outcomeBox struct {
	Label  string
	State  moving.State
	Counts migrate.Counts
	Fault  *moving.Fault
}

// DivertOffice moves an office with the window's own engine and ends the process
// where it was started for that; else it returns at once. It is one of the first
// calls of main or TestMain.
func DivertOffice() {
	path := os.Getenv(officeMarker)
	if path == "" {
		return
	}
	if err := runErrand(context.Background(), path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// runErrand opens the desk as the window does, begins the move or lets it go on, and
// waits until it rests.
func runErrand(ctx context.Context, path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var e errand
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	db, err := store.Open(ctx, filepath.Join(e.Dir, "mailroom.db"), []string{job.Schema, moving.Schema, moving.EventSchema})
	if err != nil {
		return err
	}
	defer db.Close()
	led, err := ledger.Open(ctx, e.Dir)
	if err != nil {
		return err
	}
	defer led.Close()
	news := make(chan struct{}, 1)
	poke := func() {
		select {
		case news <- struct{}{}:
		default:
		}
	}
	desk, err := moving.Open(ctx, db, led, connectOffice, moving.Listener{
		Changed: func(int64, string) { poke() }, Progress: func(moving.Snapshot) { poke() },
	})
	if err != nil {
		return err
	}
	defer func() { _ = desk.Close(ctx) }()
	id, err := e.begin(ctx, desk)
	if err != nil {
		return err
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		v, err := desk.Get(id)
		if err != nil {
			return err
		}
		switch v.Status {
		case moving.StatusDone, moving.StatusLeftBehind, moving.StatusFailed, moving.StatusPaused:
			return e.write(v)
		}
		select {
		case <-news:
		case <-tick.C:
		}
	}
}

// begin starts the move, or lets the one of an earlier child go on.
func (e *errand) begin(ctx context.Context, desk *moving.Desk) (string, error) {
	if all := desk.List(); len(all) > 0 {
		v := all[0]
		if v.Status == moving.StatusInterrupted {
			desk.Resume(ctx, true, func(*moving.Mailbox) bool { return true })
			return v.ID, nil
		}
		_, err := desk.Start(ctx, v.ID)
		return v.ID, err
	}
	boxes := make([]moving.Mailbox, len(e.People))
	for i, p := range e.People {
		boxes[i] = moving.Mailbox{Label: p.Label, From: p.From.endpoint(), To: p.To.endpoint()}
	}
	v, err := desk.Create(ctx, "", boxes, moving.Options{
		Verify: migrate.VerifyFingerprint, Parallel: e.Parallel,
		// A budget that is never reached has every message ask, as an office with one would.
		Schedule: schedule.Plan{BytesPerDay: 1 << 40},
	})
	if err != nil {
		return "", err
	}
	_, err = desk.Start(ctx, v.ID)
	return v.ID, err
}

func (s errandSide) endpoint() moving.Endpoint {
	return moving.Endpoint{Kind: "imap", Host: "127.0.0.1", Port: s.Port, Security: "plain", User: s.User, Secret: s.Password}
}

// connectOffice takes passwords as they are: the vault is no matter of a soak.
func connectOffice(_ context.Context, e moving.Endpoint, _ bool) (mailbox.Account, error) {
	if e.Kind != "imap" {
		return nil, core.E(core.Invalid, "connect", nil)
	}
	return imap.New(imap.Config{
		Host: e.Host, Port: e.Port, Security: imap.Plain, User: e.User,
		Secret: func(context.Context) (string, error) { return e.Secret, nil },
	})
}

func (e *errand) write(v moving.View) error {
	o := outcome{Status: v.Status}
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		o.Mailboxes = append(o.Mailboxes, outcomeBox{Label: mb.Label, State: mb.State, Counts: mb.Outcome.Counts, Fault: mb.Fault})
	}
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return os.WriteFile(outcomeFile(e.Dir), raw, 0o600)
}

func outcomeFile(dir string) string { return filepath.Join(dir, "outcome.json") }
