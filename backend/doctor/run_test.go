package doctor_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailroom/backend/doctor"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func check(id string, run func(context.Context, *doctor.Exam) []doctor.Finding) doctor.Check {
	return doctor.Check{ID: id, Group: doctor.GroupMX, Source: "test", Limit: time.Minute, Run: run,
		Reasons: []doctor.Reason{{Code: "ok", Verdict: doctor.Pass}, {Code: "bad", Verdict: doctor.Fail}, {Code: "so", Verdict: doctor.Warn}}}
}

func says(reason string) func(context.Context, *doctor.Exam) []doctor.Finding {
	return func(_ context.Context, x *doctor.Exam) []doctor.Finding { return doctor.One(x.Domain, reason) }
}

func TestTheWorstComesFirstAndEveryoneIsTold(t *testing.T) {
	var told []string
	all := doctor.Run(t.Context(), &doctor.Exam{Domain: "office.example"}, []doctor.Check{check("b.ok", says("ok")), check("a.bad", says("bad")), check("c.so", says("so"))},
		func(found []doctor.Finding) {
			for _, f := range found {
				told = append(told, f.Check)
			}
		})
	if len(told) != 3 || len(all) != 3 || all[0].Check != "a.bad" || all[1].Check != "c.so" || all[2].Check != "b.ok" {
		t.Fatalf("told %v, got %+v", told, all)
	}
	if counts, whole := doctor.Summary(all); whole != doctor.Fail || counts[doctor.Fail] != 1 || counts[doctor.Warn] != 1 || counts[doctor.Pass] != 1 {
		t.Errorf("%v %v", counts, whole)
	}
}

func TestACheckThatCannotBeRunIsSkippedNeverFailed(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	for reason, run := range map[string]func(context.Context, *doctor.Exam) []doctor.Finding{
		"fault":      func(context.Context, *doctor.Exam) []doctor.Finding { panic("own fault") },
		"timeout":    func(context.Context, *doctor.Exam) []doctor.Finding { <-stuck; return nil },
		"nothing":    func(context.Context, *doctor.Exam) []doctor.Finding { return nil },
		"no_network": says("no_network"),
	} {
		one := check("x", run)
		if reason == "timeout" {
			one.Limit = 50 * time.Millisecond
		}
		all := doctor.Run(t.Context(), &doctor.Exam{Domain: "office.example"}, []doctor.Check{one}, nil)
		if len(all) != 1 || all[0].Verdict != doctor.Skipped || all[0].Reason != reason {
			t.Errorf("%s: %+v", reason, all)
		}
	}
	all := doctor.Run(t.Context(), &doctor.Exam{}, []doctor.Check{check("x", says("invented"))}, nil)
	if all[0].Verdict != doctor.Skipped || all[0].Reason != "fault" {
		t.Errorf("a reason without a text: %+v", all[0])
	}
	if _, whole := doctor.Summary(all); whole != doctor.Skipped {
		t.Errorf("nothing could be run: %s", whole)
	}
	shut := append(all, doctor.Finding{Verdict: doctor.Warn})
	if _, whole := doctor.Summary(shut); whole != doctor.Skipped {
		t.Errorf("a warning about the network passes for a working domain: %s", whole)
	}
	if _, whole := doctor.Summary([]doctor.Finding{{Verdict: doctor.Warn}, {Verdict: doctor.Pass}, all[0]}); whole != doctor.Warn {
		t.Errorf("a weak domain: %s", whole)
	}
}

func TestAnExaminationCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	begun := make(chan struct{})
	go func() { <-begun; cancel() }()
	all := doctor.Run(ctx, &doctor.Exam{}, []doctor.Check{{ID: "x", Run: func(ctx context.Context, _ *doctor.Exam) []doctor.Finding {
		close(begun)
		<-ctx.Done()
		return nil
	}}}, nil)
	if all[0].Reason != "canceled" {
		t.Errorf("%+v", all)
	}
}

func TestWhatTwoChecksNeedIsFoundOutOnce(t *testing.T) {
	var asked atomic.Int32
	need := func(ctx context.Context, x *doctor.Exam) []doctor.Finding {
		v, ok := doctor.Once(ctx, x, "mx", func(context.Context) string { asked.Add(1); return "ok" })
		if !ok {
			return nil
		}
		return doctor.One(x.Domain, v)
	}
	all := doctor.Run(t.Context(), &doctor.Exam{}, []doctor.Check{check("a", need), check("b", need), check("c", need)}, nil)
	for _, f := range all {
		if f.Verdict != doctor.Pass {
			t.Errorf("%+v", f)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestEvidenceIsBounded(t *testing.T) {
	f := doctor.F("x", "ok").Show(doctor.EvidenceRecord, "x TXT", strings.Repeat("收", 50_000))
	if n := len(f.Evidence[0].Text); n > doctor.MaxEvidence || n < doctor.MaxEvidence-4 {
		t.Errorf("%d bytes", n)
	}
}
