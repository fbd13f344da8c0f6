package link

import (
	"bytes"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// echo is a server that gives every byte back.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

func dial(t *testing.T, l *Link) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// ask sends text and reads as much back.
func ask(t *testing.T, c net.Conn, text []byte) []byte {
	t.Helper()
	go func() { _, _ = c.Write(text) }()
	got := make([]byte, len(text))
	n, _ := io.ReadFull(c, got)
	return got[:n]
}

func TestBytesArriveInOrderAndAreCounted(t *testing.T) {
	l := New(t, echo(t), Options{Delay: time.Millisecond, Window: 64 << 10})
	text := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	c := dial(t, l)
	for range 3 {
		if got := ask(t, c, text); !bytes.Equal(got, text) {
			t.Fatalf("%d bytes of %d came back, or others", len(got), len(text))
		}
	}
	n := int64(3 * len(text))
	if got := l.Counts(); got.Up != n || got.Down != n || got.Connections != 1 {
		t.Errorf("counted %+v, want %d each way on one connection", got, n)
	}
}

func TestTurnsCountRoundTrips(t *testing.T) {
	l := New(t, echo(t))
	c := dial(t, l)
	for range 10 {
		ask(t, c, []byte("x"))
	}
	if got := l.Counts().Turns; got != 19 {
		t.Errorf("ten questions and answers are %d turns, want 19", got)
	}
}

func TestARoundTripTakesTwiceTheDelay(t *testing.T) {
	const delay = 20 * time.Millisecond
	l := New(t, echo(t), Options{Delay: delay})
	c := dial(t, l)
	ask(t, c, []byte("x"))
	began := time.Now()
	for range 5 {
		ask(t, c, []byte("x"))
	}
	// A lower bound holds on however busy a machine.
	if took := time.Since(began); took < 10*delay {
		t.Errorf("five round trips took %s, want at least %s", took, 10*delay)
	}
}

func TestTheRateIsSharedByAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rate{perSecond: 1000}
		began := time.Now()
		var last time.Time
		for range 4 { // as if from four connections
			last = r.book(500)
		}
		if got := last.Sub(began); got != 2*time.Second {
			t.Errorf("2000 bytes at 1000 a second leave after %s", got)
		}
	})
}

func TestACutDeliversExactlySoManyBytes(t *testing.T) {
	for _, at := range []int64{1, 100, 16 << 10, 100_001} {
		l := New(t, echo(t))
		c := dial(t, l)
		ask(t, c, []byte("warm"))
		cut := l.CutAfter(Down, at)
		if got := ask(t, c, make([]byte, 200_000)); int64(len(got)) != at {
			t.Errorf("%d bytes arrived before the cut at %d", len(got), at)
		}
		<-cut
		if got := ask(t, dial(t, l), []byte("again")); string(got) != "again" {
			t.Errorf("after the cut a new connection answers %q", got)
		}
	}
}

func TestRefuseAndCut(t *testing.T) {
	l := New(t, echo(t))
	c := dial(t, l)
	ask(t, c, []byte("x"))
	l.Refuse(true)
	if late, err := net.Dial("tcp", l.Addr()); err == nil {
		if got := ask(t, late, []byte("x")); len(got) != 0 {
			t.Error("a refused connection answers")
		}
		_ = late.Close()
	}
	if got := ask(t, c, []byte("y")); string(got) != "y" {
		t.Error("an old connection does not answer while new ones are refused")
	}
	l.Cut()
	if got := ask(t, c, []byte("z")); len(got) != 0 {
		t.Error("a cut connection answers")
	}
	l.Refuse(false)
	if got := ask(t, dial(t, l), []byte("x")); string(got) != "x" {
		t.Error("connections are refused for ever")
	}
}

func TestStallHoldsBytesAndLetsThemGo(t *testing.T) {
	l := New(t, echo(t))
	c := dial(t, l)
	ask(t, c, []byte("x"))
	l.Stall(true)
	answer := make(chan []byte)
	go func() { answer <- ask(t, c, []byte("late")) }()
	select {
	case got := <-answer:
		t.Fatalf("a stalled link lets %q through", got)
	case <-time.After(100 * time.Millisecond): // nothing may happen: there is no event to wait for
	}
	l.Stall(false)
	if got := <-answer; string(got) != "late" {
		t.Errorf("after the stall %q arrives", got)
	}
}
