// Package mailboxtest is the suite that every kind of mailbox passes: what is
// appended comes back, byte for byte, with flags and date, under UIDs that stay.
//
// It leaves out what one kind alone promises (a server's odd replies, an archive's
// crashes); those tests live beside the kind. Where a server is known to change what
// it is given, the [Case] says so, and the suite asks for exactly that change.
package mailboxtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"mailroom/backend/mailbox"
)

// Case is one kind of mailbox and the ways in which it may differ.
type Case struct {
	// New makes an empty mailbox, whose sessions are writers.
	New func(t *testing.T) mailbox.Account
	// Again opens the same mailbox anew, as a source, after all sessions on a are
	// closed; nil: the account itself is used again.
	Again func(t *testing.T, a mailbox.Account) mailbox.Account

	// RefusesNUL: a message with NUL is refused, or NUL comes back as another byte.
	RefusesNUL bool
	// RefusesBareLF: a message with bare LF is refused (Cyrus).
	RefusesBareLF bool
	// FixesLines: bare LF and CR CR LF come back as CRLF (Dovecot).
	FixesLines bool
	// DropsCR: a CR that is not before a LF is dropped (Courier).
	DropsCR bool
	// EndsLines: a missing last line end is added (Courier).
	EndsLines bool
	// RefusesNoHeader: a message without a header is refused.
	RefusesNoHeader bool
	// RefusesBadHeader: a message with a line in its header that is no field is refused (Cyrus).
	RefusesBadHeader bool
	// DropsZone: dates keep the instant, not the zone.
	DropsZone bool
	// DropsKeywords: only system flags are kept.
	DropsKeywords bool
	// DropsExtremeDates: only dates from 1971 to 2037 are kept.
	DropsExtremeDates bool
	// Flat: folders cannot have children.
	Flat bool
	// OneFolder: there is only the inbox.
	OneFolder bool
	// NoRemove: messages cannot be removed one by one.
	NoRemove bool
	// Big is the size of the message that must stream, in bytes; 0: 64 MiB.
	Big int64
}

// Run runs the whole suite.
func Run(t *testing.T, c Case) {
	t.Helper()
	if c.Big == 0 {
		c.Big = 64 << 20
	}
	for _, p := range []struct {
		name string
		test func(*testing.T, Case)
	}{
		{"folders are made with their names and nesting", testFolders},
		{"a folder's name has no empty level", testEmptyLevel},
		{"an unknown folder is an error", testUnknownFolder},
		{"messages come back byte for byte", testBytes},
		{"one message at a time comes back as well", testSingles},
		{"flags and keywords are kept", testFlags},
		{"flags are added and taken away", testStore},
		{"dates are kept", testDates},
		{"UIDs ascend and stay", testUIDs},
		{"a listing keeps to its range", testRange},
		{"headers hold the asked fields only", testHeaders},
		{"statuses tell counts and next UIDs", testStatuses},
		{"messages that are gone are left out", testGone},
		{"exactly the named messages are removed", testRemove},
		{"an error of the caller comes back as it is", testYieldError},
		{"an ended context ends the work", testCancel},
		{"a big message streams", testBig},
		{"several sessions work on one mailbox", testSessions},
	} {
		t.Run(p.name, func(t *testing.T) { p.test(t, c) })
	}
}

const patience = 2 * time.Minute

func withDeadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// must ends the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a session and closes it with the test.
func open(t *testing.T, ctx context.Context, a mailbox.Account) mailbox.Session {
	t.Helper()
	s, err := a.Open(ctx)
	must(t, err)
	t.Cleanup(func() { _ = s.Close() }) // closed twice where the test does it, too
	return s
}

func openWriter(t *testing.T, ctx context.Context, a mailbox.Account) mailbox.Writer {
	t.Helper()
	w, ok := open(t, ctx, a).(mailbox.Writer)
	if !ok {
		t.Fatal("the session cannot write")
	}
	return w
}

// again opens the mailbox anew after closing w.
func (c Case) again(t *testing.T, ctx context.Context, a mailbox.Account, w mailbox.Session) mailbox.Session {
	t.Helper()
	must(t, w.Close())
	if c.Again != nil {
		a = c.Again(t, a)
	}
	return open(t, ctx, a)
}

// folder makes a folder (the inbox where there is no other) and selects it.
func (c Case) folder(t *testing.T, ctx context.Context, w mailbox.Writer, levels ...string) string {
	t.Helper()
	if c.OneFolder || len(levels) == 0 {
		levels = []string{"INBOX"}
	}
	if prefix := w.Traits().UserRoot; len(prefix) > 0 && levels[0] != "INBOX" {
		levels = append(slices.Clone(prefix), levels...)
	}
	id, err := w.FolderID(levels)
	must(t, err)
	refused, err := w.Create(ctx, []string{id})
	must(t, errors.Join(append(refused, err)...))
	_, err = w.Select(ctx, id)
	must(t, err)
	return id
}

// appendAll appends messages as one batch and returns their UIDs.
func appendAll(t *testing.T, ctx context.Context, w mailbox.Writer, id string, list ...sample) []mailbox.UID {
	t.Helper()
	// Selected, not examined: Courier refuses APPEND to a folder that is examined.
	_, err := w.Select(ctx, id)
	must(t, err)
	before := uidsHere(t, ctx, w)
	b, err := w.Batch(ctx, id, len(list))
	must(t, err)
	for _, s := range list {
		must(t, b.Add(ctx, mailbox.Append{
			Flags: s.flags, Date: s.date, Size: int64(len(s.body)), Body: bytes.NewReader(s.body),
		}))
	}
	must(t, b.Finish(ctx))
	done, err := b.Wait(ctx)
	must(t, err)
	if len(done) != len(list) {
		t.Fatalf("%d results for %d messages", len(done), len(list))
	}
	var uids []mailbox.UID
	for i, d := range done {
		if d.Err != nil {
			t.Fatalf("message %q refused: %v", list[i].name, d.Err)
		}
		uids = append(uids, d.UID)
	}
	if !w.Traits().UIDPlus {
		uids = slices.DeleteFunc(uidsOf(t, ctx, w, id), func(u mailbox.UID) bool { return slices.Contains(before, u) })
	}
	if len(uids) != len(list) || slices.Contains(uids, 0) {
		t.Fatalf("UIDs %v for %d messages", uids, len(list))
	}
	return uids
}

// uidsHere lists the opened folder.
func uidsHere(t *testing.T, ctx context.Context, s mailbox.Session) []mailbox.UID {
	t.Helper()
	var out []mailbox.UID
	must(t, s.List(ctx, 1, 0, 0, func(m mailbox.Meta) error {
		out = append(out, m.UID)
		return nil
	}))
	return out
}

func uidsOf(t *testing.T, ctx context.Context, s mailbox.Session, id string) []mailbox.UID {
	t.Helper()
	var out []mailbox.UID
	for _, m := range list(t, ctx, s, id) {
		out = append(out, m.UID)
	}
	return out
}

// list examines a folder and lists all of it.
func list(t *testing.T, ctx context.Context, s mailbox.Session, id string) []mailbox.Meta {
	t.Helper()
	_, err := s.Examine(ctx, id)
	must(t, err)
	var out []mailbox.Meta
	must(t, s.List(ctx, 1, 0, 0, func(m mailbox.Meta) error {
		out = append(out, m)
		return nil
	}))
	return out
}

// fetch reads messages whole.
func fetch(t *testing.T, ctx context.Context, s mailbox.Session, uids ...mailbox.UID) map[mailbox.UID][]byte {
	t.Helper()
	out := map[mailbox.UID][]byte{}
	must(t, s.Fetch(ctx, uids, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		raw, err := io.ReadAll(m.Body)
		if err == nil && int64(len(raw)) != m.Size {
			t.Errorf("UID %d: announced %d bytes, gave %d", m.UID, m.Size, len(raw))
		}
		if _, twice := out[m.UID]; twice {
			t.Errorf("UID %d came twice", m.UID)
		}
		out[m.UID] = raw
		return err
	}))
	return out
}
