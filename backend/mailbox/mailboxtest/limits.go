package mailboxtest

import (
	"context"
	"errors"
	"hash/crc32"
	"io"
	"runtime"
	"testing"

	"mailroom/backend/mailbox"
)

func testGone(t *testing.T, c Case) {
	ctx := withDeadline(t)
	w := openWriter(t, ctx, c.New(t))
	id := c.folder(t, ctx, w, "Gone")
	uids := appendAll(t, ctx, w, id, plains(2)...)
	_, err := w.Examine(ctx, id)
	must(t, err)
	asked := append(uids, uids[1]+100, uids[1]+1)
	if got := fetch(t, ctx, w, asked...); len(got) != 2 {
		t.Errorf("%d messages fetched, want 2", len(got))
	}
	n := 0
	must(t, w.Headers(ctx, asked, func(mailbox.UID, int64, []byte) error {
		n++
		return nil
	}))
	if n != 2 {
		t.Errorf("%d headers, want 2", n)
	}
}

func testYieldError(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Errors")
	uids := appendAll(t, ctx, w, id, plains(3)...)
	must(t, w.Close())
	enough := errors.New("enough")
	for name, act := range map[string]func(mailbox.Session) error{
		"list": func(s mailbox.Session) error {
			return s.List(ctx, 1, 0, 0, func(mailbox.Meta) error { return enough })
		},
		"headers": func(s mailbox.Session) error {
			return s.Headers(ctx, uids, func(mailbox.UID, int64, []byte) error { return enough })
		},
		"fetch": func(s mailbox.Session) error {
			return s.Fetch(ctx, uids, func(mailbox.Message) error { return enough })
		},
	} {
		s := open(t, ctx, a)
		_, err := s.Examine(ctx, id)
		must(t, err)
		if err := act(s); !errors.Is(err, enough) {
			t.Errorf("%s: %v", name, err)
		}
		_ = s.Close() // an abandoned session may complain
	}
}

func testCancel(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Cancel")
	uids := appendAll(t, ctx, w, id, plains(50)...)
	must(t, w.Close())
	t.Run("while fetching", func(t *testing.T) {
		s := open(t, ctx, a)
		_, err := s.Examine(ctx, id)
		must(t, err)
		short, cancel := context.WithCancel(ctx)
		defer cancel()
		n := 0
		err = s.Fetch(short, uids, func(m mailbox.Message) error {
			n++
			cancel()
			_, err := io.Copy(io.Discard, m.Body)
			return err
		})
		if err == nil || n == len(uids) {
			t.Errorf("fetched %d of %d, %v", n, len(uids), err)
		}
	})
	t.Run("while appending", func(t *testing.T) {
		w := openWriter(t, ctx, a)
		short, cancel := context.WithCancel(ctx)
		defer cancel()
		b, err := w.Batch(short, id, 2)
		must(t, err)
		s := plain(1)
		err = b.Add(short, mailbox.Append{Size: int64(len(s.body)) + 1<<20, Body: io.MultiReader(
			&sliceThen{data: s.body, then: cancel}, zeros(1<<20))})
		if err == nil {
			err = b.Finish(short)
		}
		if err == nil {
			_, err = b.Wait(short)
		}
		if err == nil {
			t.Error("the batch went through")
		}
		_ = w.Close() // dead
		if got := len(uidsOf(t, ctx, open(t, ctx, a), id)); got > len(uids) {
			t.Errorf("half a message arrived: %d listed, %d appended", got, len(uids))
		}
	})
	t.Run("before opening", func(t *testing.T) {
		short, cancel := context.WithCancel(ctx)
		cancel()
		if s, err := a.Open(short); err == nil {
			_ = s.Close()
			t.Error("a session opened")
		}
	})
}

// sliceThen gives its bytes, then acts once.
type sliceThen struct {
	data []byte
	then func()
}

func (s *sliceThen) Read(b []byte) (int, error) {
	if len(s.data) == 0 {
		s.then()
		return 0, io.EOF
	}
	n := copy(b, s.data)
	s.data = s.data[n:]
	return n, nil
}

// zeros reads n bytes of text.
func zeros(n int64) io.Reader { return io.LimitReader(textReader{}, n) }

type textReader struct{}

func (textReader) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func testBig(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Big")
	sum := crc32.NewIEEE()
	peak := newPeak()
	b, err := w.Batch(ctx, id, 1)
	must(t, err)
	must(t, b.Add(ctx, mailbox.Append{Size: c.Big, Body: peak.watch(io.TeeReader(bigMessage(c.Big), sum))}))
	must(t, b.Finish(ctx))
	done, err := b.Wait(ctx)
	must(t, err)
	must(t, done[0].Err)
	_, err = w.Examine(ctx, id)
	must(t, err)
	got := crc32.NewIEEE()
	uids := uidsOf(t, ctx, w, id)
	must(t, w.Fetch(ctx, uids, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		n, err := io.Copy(got, peak.watch(m.Body))
		if n != c.Big || m.Size != c.Big {
			t.Errorf("fetched %d bytes, announced %d, appended %d", n, m.Size, c.Big)
		}
		return err
	}))
	if got.Sum32() != sum.Sum32() {
		t.Error("the message came back changed")
	}
	if limit := uint64(24 << 20); peak.most > peak.before+limit {
		t.Errorf("heap grew by %d MiB while streaming", (peak.most-peak.before)>>20)
	}
}

// bigMessage makes a message of exactly size bytes, in lines.
func bigMessage(size int64) io.Reader {
	line := []byte("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n")
	start := []byte("Message-ID: <big@old.example>\r\nSubject: big\r\n\r\n")
	const end = "\r\n"
	return io.MultiReader(&sliceThen{data: start, then: func() {}},
		io.LimitReader(&repeat{unit: line}, size-int64(len(start)+len(end))),
		&sliceThen{data: []byte(end), then: func() {}})
}

// repeat reads a unit for ever.
type repeat struct {
	unit []byte
	at   int
}

func (r *repeat) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		k := copy(b[n:], r.unit[r.at:])
		n += k
		r.at = (r.at + k) % len(r.unit)
	}
	return n, nil
}

// peak samples the live heap as bytes flow.
type peak struct{ before, most uint64 }

func newPeak() *peak {
	runtime.GC()
	return &peak{before: heap()}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (p *peak) watch(r io.Reader) io.Reader { return &watched{src: r, peak: p} }

type watched struct {
	src  io.Reader
	peak *peak
	n    int64
	next int64
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.src.Read(b)
	if w.n += int64(n); w.n >= w.next {
		w.next += 8 << 20
		runtime.GC() // what is garbage does not count
		w.peak.most = max(w.peak.most, heap())
	}
	return n, err
}
