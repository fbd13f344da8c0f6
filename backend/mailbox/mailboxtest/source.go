package mailboxtest

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"mailroom/backend/mailbox"
)

// SourceCase is a kind of mailbox that can only be read.
type SourceCase struct {
	// Fill makes a mailbox whose inbox holds these messages, in their order.
	Fill func(t *testing.T, messages [][]byte) mailbox.Account
	// Quirks tell what the server behind it does to messages; see [Case].
	Quirks Case
	// NoSizes: sizes in listings are estimates.
	NoSizes bool
	// Big is the size of the message that must stream, in bytes; 0: 64 MiB.
	Big int64
}

// RunSource asks of a source what the suite asks of every mailbox, as far as it is
// about reading.
func RunSource(t *testing.T, c SourceCase) {
	t.Helper()
	if c.Big == 0 {
		c.Big = 64 << 20
	}
	for _, p := range []struct {
		name string
		test func(*testing.T, SourceCase)
	}{
		{"messages come back byte for byte", sourceBytes},
		{"numbers ascend and stay", sourceUIDs},
		{"headers hold the asked fields only", sourceHeaders},
		{"messages that are gone are left out", sourceGone},
		{"an unknown folder is an error", sourceUnknown},
		{"an error of the caller comes back as it is", sourceYieldError},
		{"an ended context ends the work", sourceCancel},
		{"a big message streams", sourceBig},
	} {
		t.Run(p.name, func(t *testing.T) { p.test(t, c) })
	}
}

func bodies(samples []sample) [][]byte {
	out := make([][]byte, len(samples))
	for i := range samples {
		out[i] = samples[i].body
	}
	return out
}

// inbox opens the inbox and returns the session and the numbers in it.
func inbox(t *testing.T, ctx context.Context, a mailbox.Account) (mailbox.Session, []mailbox.UID) {
	t.Helper()
	s := open(t, ctx, a)
	_, err := s.Examine(ctx, "INBOX")
	must(t, err)
	return s, uidsHere(t, ctx, s)
}

func sourceBytes(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	samples := c.Quirks.awkward()
	s, uids := inbox(t, ctx, c.Fill(t, bodies(samples)))
	if len(uids) != len(samples) {
		t.Fatalf("%d messages listed, %d put in", len(uids), len(samples))
	}
	c.Quirks.compare(t, s, "INBOX", samples, uids)
	st, err := s.Statuses(ctx, []string{"INBOX", "Elsewhere"})
	must(t, err)
	if len(st) != 1 || st["INBOX"].Messages != uint32(len(samples)) || st["INBOX"].UIDNext <= uids[len(uids)-1] {
		t.Errorf("statuses %+v", st)
	}
}

func sourceUIDs(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	a := c.Fill(t, bodies(plains(20)))
	s, first := inbox(t, ctx, a)
	for i := 1; i < len(first); i++ {
		if first[i] <= first[i-1] {
			t.Fatalf("not ascending: %v", first)
		}
	}
	var part []mailbox.UID
	must(t, s.List(ctx, first[5], first[9], 0, func(m mailbox.Meta) error {
		part = append(part, m.UID)
		return nil
	}))
	if len(part) != 5 || part[0] != first[5] {
		t.Errorf("a range holds %v", part)
	}
	before := fetch(t, ctx, s, first[7])
	must(t, s.Close())
	s, again := inbox(t, ctx, a)
	if len(again) != len(first) || again[7] != first[7] {
		t.Fatalf("numbers %v, then %v", first, again)
	}
	if got := fetch(t, ctx, s, again[7]); !bytes.Equal(got[again[7]], before[first[7]]) {
		t.Error("a number means another message now")
	}
}

func sourceHeaders(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	samples := plains(12)
	s, uids := inbox(t, ctx, c.Fill(t, bodies(samples)))
	n := 0
	must(t, s.Headers(ctx, uids, func(uid mailbox.UID, size int64, header []byte) error {
		n++
		text := string(header)
		for _, want := range []string{"Message-ID:", "Date:", "From:", "Subject:"} {
			if !strings.Contains(text, want) {
				t.Errorf("UID %d: no %s in %q", uid, want, text)
			}
		}
		if strings.Contains(text, "To:") || strings.Contains(text, "Line one") {
			t.Errorf("UID %d: more than asked: %q", uid, text)
		}
		if !c.NoSizes && size != int64(len(samples[0].body)) && size != int64(len(samples[11].body)) {
			t.Errorf("UID %d: size %d", uid, size)
		}
		return nil
	}))
	if n != len(uids) {
		t.Errorf("%d headers of %d", n, len(uids))
	}
}

func sourceGone(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	s, uids := inbox(t, ctx, c.Fill(t, bodies(plains(2))))
	asked := append(uids, uids[1]+1, uids[1]+100)
	if got := fetch(t, ctx, s, asked...); len(got) != 2 {
		t.Errorf("%d messages fetched, want 2", len(got))
	}
	n := 0
	must(t, s.Headers(ctx, asked, func(mailbox.UID, int64, []byte) error {
		n++
		return nil
	}))
	if n != 2 {
		t.Errorf("%d headers, want 2", n)
	}
}

func sourceUnknown(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	s := open(t, ctx, c.Fill(t, nil))
	if _, err := s.Examine(ctx, "No such folder"); err == nil {
		t.Error("it opened")
	}
	st, err := s.Examine(ctx, "INBOX")
	must(t, err)
	if st.Messages != 0 {
		t.Errorf("%d messages in an empty inbox", st.Messages)
	}
}

func sourceYieldError(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	a := c.Fill(t, bodies(plains(5)))
	enough := errors.New("enough")
	for name, act := range map[string]func(mailbox.Session, []mailbox.UID) error{
		"list": func(s mailbox.Session, _ []mailbox.UID) error {
			return s.List(ctx, 1, 0, 0, func(mailbox.Meta) error { return enough })
		},
		"headers": func(s mailbox.Session, uids []mailbox.UID) error {
			return s.Headers(ctx, uids, func(mailbox.UID, int64, []byte) error { return enough })
		},
		"fetch": func(s mailbox.Session, uids []mailbox.UID) error {
			return s.Fetch(ctx, uids, func(mailbox.Message) error { return enough })
		},
	} {
		s, uids := inbox(t, ctx, a)
		if err := act(s, uids); !errors.Is(err, enough) {
			t.Errorf("%s: %v", name, err)
		}
		_ = s.Close() // an abandoned session may complain
	}
}

func sourceCancel(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	a := c.Fill(t, bodies(plains(50)))
	s, uids := inbox(t, ctx, a)
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	n := 0
	err := s.Fetch(short, uids, func(m mailbox.Message) error {
		n++
		cancel()
		_, err := io.Copy(io.Discard, m.Body)
		return err
	})
	if err == nil || n == len(uids) {
		t.Errorf("fetched %d of %d, %v", n, len(uids), err)
	}
	_ = s.Close()
	if s, err := a.Open(short); err == nil {
		_ = s.Close()
		t.Error("a session opened although the context had ended")
	}
}

func sourceBig(t *testing.T, c SourceCase) {
	ctx := withDeadline(t)
	raw, err := io.ReadAll(bigMessage(c.Big))
	must(t, err)
	want := crc32.ChecksumIEEE(raw)
	a := c.Fill(t, [][]byte{raw})
	raw = nil //nolint:ineffassign,wastedassign // the peak is about what the session holds
	s, uids := inbox(t, ctx, a)
	peak := newPeak()
	sum := crc32.NewIEEE()
	must(t, s.Fetch(ctx, uids, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		n, err := io.Copy(sum, peak.watch(m.Body))
		if n != c.Big || m.Size != c.Big {
			t.Errorf("fetched %d bytes, announced %d, put in %d", n, m.Size, c.Big)
		}
		return err
	}))
	if sum.Sum32() != want {
		t.Error("the message came back changed")
	}
	if limit := uint64(24 << 20); peak.most > peak.before+limit {
		t.Errorf("heap grew by %d MiB while streaming", (peak.most-peak.before)>>20)
	}
}
