package api

import (
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/testkit/nameserver"
)

// The practice office's domain goes from one provider to another, seen by a DNS
// server of ours; the runs for late mail begin by themselves.
func TestASwitchIsSeenAndLateMailFollows(t *testing.T) {
	d := nameserver.Start(t, `$ORIGIN office.example.
@ 300 IN MX 5 mxbiz1.qq.com.
@ 300 IN TXT "v=spf1 include:spf.mail.qq.com include:spf.qiye.163.com ~all"`)
	h := open(t, t.TempDir())
	m := must(h.moves.Create(h.practiceDraft(2)))(t)
	s := must(h.switches.Get(m.ID))(t)
	if s.Domain == "" || s.To != "" || s.Checked != 0 || len(s.Steps) != 14 {
		t.Errorf("guessed: %+v", s)
	}
	wantCode(t, "no new provider", second(h.switches.Check("", m.ID)), core.Invalid)
	wantCode(t, "no domain", second(h.switches.Set(m.ID, SwitchInput{Domain: "office", To: "netease-qiye"})), core.Invalid)
	wantCode(t, "an unknown provider", second(h.switches.Set(m.ID, SwitchInput{Domain: "office.example", To: "pigeon"})), core.Invalid)
	wantCode(t, "no resolver", second(h.switches.SetResolvers([]string{"a b"})), core.Invalid)
	if r := must(h.switches.SetResolvers([]string{d.Addr}))(t); len(r) != 1 || r[0] != d.Addr {
		t.Errorf("resolvers %v", r)
	}
	must(h.switches.Set(m.ID, SwitchInput{Domain: "Office.Example.", From: "tencent-exmail", To: "netease-qiye"}))(t)
	s = must(h.switches.Check("r", m.ID))(t)
	state := func(id string) SwitchState {
		for _, x := range s.Steps {
			if string(x.ID) == id {
				return x.State
			}
		}
		return ""
	}
	if state("people") != "todo" || state("mx") != "blocked" || state("spf") != "done" || s.Checked == 0 {
		t.Errorf("before the move: %+v", s.Steps)
	}
	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveDone, MoveLeftBehind)
	s = must(h.switches.SeeLeft(m.ID, m.Progress.Counts.LeftBehind))(t)
	if state("people") != "done" || state("left") != "done" || state("mx") != "todo" {
		t.Errorf("after the move: %+v", s.Steps)
	}
	wantCode(t, "another number", second(h.switches.SeeLeft(m.ID, 99)), core.Conflict)

	if err := d.Replace("office.example.", "MX", "office.example. 300 IN MX 5 qiye163mx01.mxmail.netease.com."); err != nil {
		t.Fatal(err)
	}
	s = must(h.switches.Check("r", m.ID))(t)
	if state("mx") != "done" || state("spread") != "done" || s.SwitchedAt == 0 || !s.Views[0].New {
		t.Errorf("after the switch: %+v", s)
	}
	m = h.until(m.ID, "run again", func(m Move) bool {
		ended := m.State != MoveQueued && m.State != MoveRunning && m.State != MoveVerifying
		return ended && m.Runs == 2 && m.Next > time.Now().UnixMilli()
	})
	if m.Options.Repeat.Hours != 3 {
		t.Errorf("repeated every %d hours", m.Options.Repeat.Hours)
	}
	wantCode(t, "the watch ends too soon", second(h.switches.EndWatch(m.ID, true)), core.Conflict)
	wantCode(t, "the old provider goes too soon", second(h.switches.CancelOld(m.ID, true)), core.Conflict)
	if err := h.moves.Remove(m.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "a move that is gone", second(h.switches.Get(m.ID)), core.NotFound)
}
