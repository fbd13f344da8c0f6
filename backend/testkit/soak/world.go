package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/link"
	"mailroom/backend/testkit/program"
	"mailroom/backend/testkit/servers"
)

// sources are the servers that mail is moved from.
var sources = []servers.Options{{}, {Without: []string{"CONDSTORE", "QRESYNC"}}}

// sizes is how many mailboxes of different size each source has.
const sizes = 3

// side is a server with the line to it, on which bytes are counted and cut.
type side struct {
	server *servers.Server
	line   *link.Link
}

func (s *side) close() error {
	s.line.Close()
	return s.server.Stop()
}

// box is a filled mailbox at a source.
type box struct {
	user   servers.User
	corpus corpus.Corpus
	holds  corpus.Manifest
}

// world holds the servers of a soak. They are started when first needed and stay.
type world struct {
	dir          string
	program      string
	messages     int
	folders      []string
	sources      map[int]*side
	boxes        map[[2]int]*box
	destinations map[string]*side
	serial       int
}

func (w *world) start(ctx context.Context, o servers.Options) (*side, error) {
	w.serial++
	o.Dir = filepath.Join(w.dir, fmt.Sprintf("server-%d", w.serial))
	s, err := servers.StartDovecot(ctx, o)
	if err != nil {
		return nil, err
	}
	l, err := link.Start(s.Addr(), link.Options{})
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return &side{s, l}, nil
}

func (w *world) source(ctx context.Context, at, size int) (*side, *box, error) {
	s := w.sources[at]
	if s == nil {
		var err error
		if s, err = w.start(ctx, sources[at]); err != nil {
			return nil, nil, err
		}
		w.sources[at] = s
	}
	if b := w.boxes[[2]int{at, size}]; b != nil {
		return s, b, nil
	}
	// The largest has all the messages, the others a half and a tenth.
	n := max(20, []int{w.messages, w.messages / 2, w.messages / 10}[size])
	b := &box{user: servers.User{Name: fmt.Sprintf("quelle-%d@old.example", size), Password: "quelle-1"}}
	b.corpus = corpus.Small(n, uint64(1+size))
	if len(w.folders) > 0 {
		b.corpus = b.corpus.InFolder(w.folders...)
		n = b.corpus.Count
	}
	if err := s.server.AddUser(b.user); err != nil {
		return nil, nil, err
	}
	if _, err := corpus.Fill(ctx, s.server, b.user, b.corpus); err != nil {
		return nil, nil, err
	}
	var err error
	if b.holds, err = corpus.ReadServer(ctx, s.server, b.user); err != nil {
		return nil, nil, err
	}
	if got := b.holds.Count(); got != n {
		return nil, nil, fmt.Errorf("the source holds %d messages of %d", got, n)
	}
	w.boxes[[2]int{at, size}] = b
	return s, b, nil
}

func (w *world) destination(ctx context.Context, v variant) (*side, error) {
	if d := w.destinations[v.name]; d != nil {
		return d, nil
	}
	d, err := w.start(ctx, v.options())
	if err == nil {
		w.destinations[v.name] = d
	}
	return d, err
}

func (w *world) close() error {
	var errs []error
	for _, s := range w.sources {
		errs = append(errs, s.close())
	}
	for _, d := range w.destinations {
		errs = append(errs, d.close())
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}

// scene is one iteration's mailboxes.
type scene struct {
	plan
	from, to *side
	box      *box
	user     servers.User    // at the destination
	before   corpus.Manifest // what the destination held that the source does not
	move     program.Move
	state    string
	begun    int64 // bytes that the line to the destination had carried before
}

// open makes a fresh account at the destination, with what the plan says it holds.
func (w *world) open(ctx context.Context, p plan) (*scene, error) {
	s := &scene{plan: p}
	var err error
	if s.from, s.box, err = w.source(ctx, p.source, p.size); err != nil {
		return nil, err
	}
	if s.to, err = w.destination(ctx, p.variant); err != nil {
		return nil, err
	}
	w.serial++
	s.state = filepath.Join(w.dir, fmt.Sprintf("state-%d", w.serial))
	s.user = servers.User{Name: fmt.Sprintf("ziel-%d@new.example", w.serial), Password: "ziel-2"}
	if err := s.to.server.AddUser(s.user); err != nil {
		return nil, err
	}
	var held corpus.Corpus
	switch p.holds {
	case part:
		held = some(s.box.corpus, func(int) bool { return p.random.Float64() < p.share })
	case strangers:
		held = corpus.Small(25, 99)
		s.before = corpus.Expected(held)
	}
	if held.Count > 0 {
		if _, err := corpus.Fill(ctx, s.to.server, s.user, held); err != nil {
			return nil, err
		}
	}
	s.move = program.Move{
		Path: w.program, State: s.state, Verify: p.verify,
		From: program.Mailbox{User: s.box.user, Port: s.from.line.Port()}, To: program.Mailbox{User: s.user, Port: s.to.line.Port()},
	}
	s.begun = s.to.line.Counts().Up
	if p.lanes > 0 {
		s.move.Args = []string{"--connections", fmt.Sprint(p.lanes)}
	}
	return s, nil
}

// some is the part of a corpus that keep chooses, in order.
func some(c corpus.Corpus, keep func(i int) bool) corpus.Corpus {
	var chosen []corpus.Message
	i := 0
	for m := range c.Messages {
		if keep(i) {
			chosen = append(chosen, m)
		}
		i++
	}
	c.Count = len(chosen)
	c.Messages = func(yield func(corpus.Message) bool) {
		for _, m := range chosen {
			if !yield(m) {
				return
			}
		}
	}
	return c
}

// judge reads the destination and tells what is wrong with it; "" nothing.
func (s *scene) judge(ctx context.Context) (string, error) {
	got, err := corpus.ReadServer(ctx, s.to.server, s.user)
	if err != nil {
		return "", err
	}
	d := corpus.Compare(s.box.holds, got, corpus.Rules{ParentsAreReal: true, Others: s.before != nil})
	wrong := d.String()
	if s.before != nil {
		d := corpus.Compare(s.before, got, corpus.Rules{ParentsAreReal: true, Others: true, AnySubscribed: true})
		if !d.Empty() {
			wrong += "what was there before:\n" + d.String()
		}
		if more := got.Count() - s.box.holds.Count() - s.before.Count(); more != 0 {
			wrong += fmt.Sprintf("%+d messages in all\n", more)
		}
	}
	return wrong, nil
}
