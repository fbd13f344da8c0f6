package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/say"
	"mailroom/backend/report"
)

// Doctor examines domains and helps with their DNS records. Examinations live as long
// as the program runs; the last [keptExams] can be asked for.
type Doctor struct {
	api *API

	words  sync.Once
	zh, en *say.Words

	mu      sync.Mutex
	seq     int64
	exams   []*runningExam
	watches map[string]context.CancelFunc
}

// keptExams is how many examinations are remembered.
const keptExams = 20

type runningExam struct {
	exam  Exam
	found []doctor.Finding
	stop  context.CancelFunc
}

// bothWords loads the texts of both languages once.
func (d *Doctor) bothWords() (zh, en *say.Words) {
	d.words.Do(func() {
		if d.api.cfg.Words != nil {
			d.zh, _ = report.LoadWords(d.api.cfg.Words, "zh-CN")
			d.en, _ = report.LoadWords(d.api.cfg.Words, "en")
		}
	})
	return d.zh, d.en
}

func newID() string {
	var raw [8]byte
	_, _ = rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

// setup is the world that an examination goes through.
func (d *Doctor) setup(resolver string) (checks.Setup, error) {
	s := checks.Setup{Resolvers: slices.Clone(d.api.cfg.Resolvers)}
	if resolver != "" {
		s.Resolvers = []string{resolver}
	}
	return s, checks.ReadRehearsal(d.api.cfg.Rehearsal, &s)
}

// Start begins an examination and returns at once; exam:found brings findings as they
// come, exam:ended tells the end. Errors: invalid for the domain, a provider, a resolver
// or a word in Only; not_found where the computer has no DNS server.
func (d *Doctor) Start(req ExamRequest) (Exam, error) {
	return guard("examine", func() (Exam, error) {
		picked, unknown := checks.Only(checks.All(), req.Only)
		if len(unknown) > 0 {
			return Exam{}, core.E(core.Invalid, "examine", nil, "field", "only", "value", unknown[0])
		}
		setup, err := d.setup(req.Resolver)
		if err != nil {
			return Exam{}, err
		}
		if req.Spread {
			setup.Resolvers = append(setup.Resolvers, checks.Public...)
		}
		setup.Options = doctor.Options{Provider: req.Provider, Leaving: req.Leaving, Switching: req.Switching, OwnHost: req.OwnHost, Parked: req.Parked,
			Selectors: req.Selectors, SendingIP: req.SendingIP}
		x, err := checks.Prepare(req.Domain, setup)
		if err != nil {
			return Exam{}, err
		}
		if !req.Lists {
			x.AskNobody()
		}
		x.Past = d.api.doctoring.monitor.past()
		if req.Mailbox != nil {
			if err := d.signInto(x, req); err != nil {
				return Exam{}, err
			}
			req.Mailbox.Secret = "" // the handle is forgotten soon; nobody needs it again
		}
		return d.begin(req, x, picked), nil
	})
}

// signInto lets the examination sign in to a mailbox.
func (d *Doctor) signInto(x *doctor.Exam, req ExamRequest) (err error) {
	at := *req.Mailbox
	if x.Mailbox, err = d.api.mailbox(d.api.root, at); err != nil {
		return err
	}
	if req.Outgoing != nil && req.Outgoing.Host != "" {
		o, err := d.api.outgoing(*req.Outgoing, at)
		if err != nil {
			return err
		}
		x.Outgoing = o
	}
	return nil
}

func (d *Doctor) begin(req ExamRequest, x *doctor.Exam, picked []doctor.Check) Exam {
	ctx, cancel := context.WithCancel(d.api.root)
	total := 0
	for _, c := range picked {
		if c.Wants == nil || c.Wants(x) {
			total++
		}
	}
	r := &runningExam{stop: cancel, exam: Exam{ID: newID(), Request: req, Domain: x.Domain, Shown: x.Shown, State: ExamRunning, Verdict: Verdict(doctor.Skipped),
		Counts: map[string]int{}, Total: total, Started: time.Now().UnixMilli(), Findings: []Finding{}}}
	r.exam.Request.Only, r.exam.Request.Selectors, r.exam.Request.SendingIP = some(req.Only), some(req.Selectors), some(req.SendingIP)
	d.mu.Lock()
	d.exams = append(d.exams, r)
	if len(d.exams) > keptExams {
		d.exams[0].stop()
		d.exams = d.exams[1:]
	}
	first := d.view(r)
	d.mu.Unlock()
	d.api.background.Go(func() {
		defer cancel()
		doctor.Run(ctx, x, picked, func(found []doctor.Finding) { d.tell(r, found) })
		d.end(ctx, r, x)
	})
	return first
}

func (d *Doctor) tell(r *runningExam, found []doctor.Finding) {
	zh, en := d.bothWords()
	d.mu.Lock()
	r.found = append(r.found, found...)
	r.exam.Done++
	d.seq++
	event := ExamFound{ID: r.exam.ID, Seq: d.seq, Done: r.exam.Done, Total: r.exam.Total, Findings: mapped(found, func(f doctor.Finding) Finding { return wireFinding(f, zh, en) })}
	d.mu.Unlock()
	d.api.cfg.Desktop.Emit("exam:found", event)
}

func (d *Doctor) end(ctx context.Context, r *runningExam, x *doctor.Exam) {
	d.mu.Lock()
	r.exam.State = ExamDone
	if ctx.Err() != nil {
		r.exam.State = ExamStopped
	}
	r.exam.TookMs = time.Now().UnixMilli() - r.exam.Started
	r.exam.Queries = x.DNS.Queries()
	d.seq++
	event := ExamEnded{ID: r.exam.ID, Seq: d.seq, State: r.exam.State}
	d.mu.Unlock()
	d.api.cfg.Desktop.Emit("exam:ended", event)
}

// view is an examination on the wire; the caller holds the lock.
func (d *Doctor) view(r *runningExam) Exam {
	zh, en := d.bothWords()
	e := r.exam
	sorted := slices.Clone(r.found)
	doctor.Sort(sorted)
	counts, whole := doctor.Summary(sorted)
	e.Counts, e.Verdict, e.Seq = map[string]int{}, Verdict(whole), d.seq
	for v, n := range counts {
		e.Counts[string(v)] = n
	}
	e.Findings = mapped(sorted, func(f doctor.Finding) Finding { return wireFinding(f, zh, en) })
	if e.State == ExamRunning {
		e.TookMs = time.Now().UnixMilli() - e.Started
	}
	return e
}

// Get returns an examination as far as it has come. Error: not_found.
func (d *Doctor) Get(id string) (Exam, error) {
	return guard("examination", func() (Exam, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, r := range d.exams {
			if r.exam.ID == id {
				return d.view(r), nil
			}
		}
		return Exam{Findings: []Finding{}, Counts: map[string]int{}}, core.E(core.NotFound, "examination", nil, "id", id)
	})
}

// Recent lists the examinations that are remembered, the newest first, without findings.
func (d *Doctor) Recent() ([]Exam, error) {
	return guard("recent examinations", func() ([]Exam, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		all := []Exam{}
		for i := len(d.exams) - 1; i >= 0; i-- {
			e := d.view(d.exams[i])
			e.Findings = []Finding{}
			all = append(all, e)
		}
		return all, nil
	})
}

// Stop ends an examination; what was found stays. An unknown id is fine.
func (d *Doctor) Stop(id string) error {
	return guardDo("stop examination", func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, r := range d.exams {
			if r.exam.ID == id {
				r.stop()
			}
		}
		return nil
	})
}

// Checks lists every check in the order in which they are shown.
func (d *Doctor) Checks() ([]CheckInfo, error) {
	return guard("checks", func() ([]CheckInfo, error) {
		return mapped(checks.All(), func(c doctor.Check) CheckInfo {
			return CheckInfo{c.ID, CheckGroup(c.Group), c.Source, mapped(c.Reasons, func(r doctor.Reason) string { return r.Code })}
		}), nil
	})
}
