package leak

import (
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) { Main(m) }

func TestWhoStaysIsToldAndWhoGoesIsWaitedFor(t *testing.T) {
	leave, left := make(chan struct{}), make(chan struct{})
	stays := func() { <-leave; close(left) }
	go stays()
	if err := gone(0); err == nil || !strings.Contains(err.Error(), "leak.") {
		t.Errorf("somebody is there: %v", err)
	}
	time.AfterFunc(600*time.Millisecond, func() { close(leave) }) // longer than goleak waits by itself
	if err := gone(patience); err != nil {
		t.Error(err)
	}
	<-left
}
