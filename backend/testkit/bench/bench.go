package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"mailroom/backend/testkit/corpus"
)

// Options of a benchmark.
type Options struct {
	Cases    []string      // of [Cases]; empty: all
	Scale    float64       // fraction of the messages; 0: 1
	Runs     int           // of each program in each case; 0: the case's own number
	Program  string        // path of the verbs' binary
	Args     []string      // further arguments for it
	Also     []Other       // further builds of ours, or other arguments, in the same turns
	Imapsync string        // path of the script; "": takes no part
	Peers    []string      // only programs whose name begins with one of these; empty: all
	Dir      string        // where the servers keep their data; "": a temporary folder
	Keep     bool          // do not delete Dir's content at the end
	Calm     time.Duration // how long to wait before a run for the machine to be idle
	Log      io.Writer     // a line for each run; nil: none
}

// Other is another build of the verbs, or the same one with other arguments, that takes
// part beside the first: two ways are compared in turns on the same mail.
type Other struct {
	Name    string
	Program string
	Args    []string // beside Options.Args
}

// Run plays the cases and returns what was measured. What could be measured before
// an error is returned with it.
func Run(ctx context.Context, o Options) (report Report, err error) {
	if o.Scale <= 0 {
		o.Scale = 1
	}
	for _, name := range o.Cases {
		if !slices.Contains(Cases(), name) {
			return report, fmt.Errorf("case %q is none of %s", name, strings.Join(Cases(), ", "))
		}
	}
	b := &bench{Options: o}
	if b.Dir, err = os.MkdirTemp(o.Dir, "mailroom-bench-"); err != nil {
		return report, err
	}
	// The servers run as another user.
	if err := os.Chmod(b.Dir, 0o755); err != nil {
		return report, err
	}
	defer func() {
		if !o.Keep {
			err = errors.Join(err, os.RemoveAll(b.Dir))
		}
	}()
	b.report = Report{Started: time.Now(), Scale: o.Scale, Machine: machine()}
	if err := b.administers(ctx); err != nil {
		return b.report.judged(), err
	}
	if !slices.ContainsFunc(plays(), b.asked) {
		return b.report.judged(), nil
	}
	if b.stage, err = newStage(ctx, b.Dir); err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, b.stage.close()) }()
	list, missing := peers(o)
	b.peers = slices.DeleteFunc(list, func(p *peer) bool { return !b.wanted(p) })
	b.report.Missing = missing
	for _, p := range plays() {
		if !b.asked(p) {
			continue
		}
		if err := b.play(ctx, p); err != nil {
			return b.report.judged(), fmt.Errorf("case %s: %w", p.name, err)
		}
	}
	return b.report.judged(), nil
}

type bench struct {
	Options
	stage  *stage
	peers  []*peer
	report Report
}

func (b *bench) wanted(p *peer) bool {
	return len(b.Peers) == 0 || slices.ContainsFunc(b.Peers, func(name string) bool { return strings.HasPrefix(p.name, name) })
}

func (b *bench) asked(p play) bool {
	if len(b.Cases) == 0 || slices.Contains(b.Cases, p.name) {
		return true
	}
	return slices.ContainsFunc(p.again, func(s step) bool { return slices.Contains(b.Cases, s.name) })
}

func (b *bench) rounds(n int) int {
	if b.Runs > 0 {
		return b.Runs
	}
	return n
}

// play runs everything of one situation.
func (b *bench) play(ctx context.Context, p play) error {
	b.say("%s: filling the source", p.name)
	sc, err := b.stage.open(ctx, p, b.Scale)
	if err != nil {
		return err
	}
	defer sc.close()
	last := map[*peer]job{}
	c := b.report.add(p.name, p.what, sc.messages, sc.bytes)
	for round := range b.rounds(p.rounds) {
		for _, peer := range turned(b.peers, round) {
			j, err := sc.fresh()
			if err != nil {
				return err
			}
			run, err := b.once(ctx, sc, p.name, peer, j, sc.messages)
			if err != nil {
				return fmt.Errorf("%s: %w", peer.name, err)
			}
			c.add(peer, run)
			if last[peer] = j; !run.Finished || run.Failed != "" {
				delete(last, peer)
			}
		}
	}
	for _, s := range p.again {
		if err := b.further(ctx, sc, s, last); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// further repeats a move on accounts that were moved before.
func (b *bench) further(ctx context.Context, sc *scene, s step, last map[*peer]job) error {
	if len(b.Cases) > 0 && !slices.Contains(b.Cases, s.name) {
		return nil
	}
	what := "nothing new since the run before"
	if s.delta {
		what = "1 % new messages and 1 % changed flags"
	}
	c := b.report.add(s.name, what, sc.messages, sc.bytes)
	for round := range b.rounds(s.rounds) {
		moved := 0
		if s.delta {
			var err error
			if moved, err = sc.change(ctx); err != nil {
				return err
			}
		}
		for _, peer := range turned(b.peers, round) {
			j, took := last[peer]
			if !took || peer.raw {
				continue
			}
			run, err := b.once(ctx, sc, s.name, peer, j, moved)
			if err != nil {
				return fmt.Errorf("%s: %w", peer.name, err)
			}
			c.add(peer, run)
		}
	}
	return nil
}

// turned starts with another program in each round.
func turned(list []*peer, round int) []*peer {
	if len(list) == 0 {
		return nil
	}
	at := round % len(list)
	return slices.Concat(list[at:], list[:at])
}

// once is one measured run and its judgement.
func (b *bench) once(ctx context.Context, sc *scene, name string, p *peer, j job, messages int) (Sample, error) {
	commands, err := p.commands(j)
	if err != nil {
		return Sample{}, err
	}
	m := meter{servers: []*host{{sc.source}, {sc.to}}, atOnce: j.atOnce, limit: sc.limit}
	flushDisks()
	m.calm(ctx, b.Calm)
	src, dst := m.servers[0].cpu(), m.servers[1].cpu()
	u := m.run(ctx, commands)
	if ctx.Err() != nil {
		return Sample{}, ctx.Err()
	}
	s := Sample{
		Wall: u.wall, CPU: u.cpu, Memory: u.memory, Other: u.other, Finished: u.ended,
		SourceCPU: m.servers[0].cpu() - src, TargetCPU: m.servers[1].cpu() - dst,
	}
	if u.err != nil {
		s.Failed = u.err.Error()
		b.say("%s", u.output)
	}
	rules := p.allows
	rules.ParentsAreReal = true
	v, err := sc.verdict(ctx, j, rules)
	if err != nil {
		return s, err
	}
	s.Verdict = v.String()
	s.Whole = v.whole()
	if s.Messages = messages; !s.Finished {
		s.Messages = v.Arrived
	}
	b.say("%-9s %-22s %8.2f s  cpu %6.2f  %4d MB  other load %.2f  %s %s", name, p.name, s.Wall.Seconds(), s.CPU.Seconds(),
		s.Memory>>20, s.Other, s.Verdict, s.Failed)
	return s, nil
}

func (b *bench) say(format string, args ...any) {
	if b.Log != nil {
		fmt.Fprintf(b.Log, time.Now().Format("15:04:05 ")+format+"\n", args...)
	}
}

// huge is what memory is measured with.
func huge(scale float64) []corpus.Corpus {
	return []corpus.Corpus{corpus.Huge(3, int64(100e6*scale), seed)}
}
