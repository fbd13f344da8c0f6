package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/link"
	"mailroom/backend/testkit/program"
	"mailroom/backend/testkit/servers"
)

// stage holds the servers of a whole benchmark. The accounts on them are never
// emptied: deleting thousands of files makes a file system slow for minutes.
type stage struct {
	dir    string
	source *servers.Server
	target map[bool]*servers.Server // by play.plain
	serial int
}

func newStage(ctx context.Context, dir string) (*stage, error) {
	s := &stage{dir: dir, target: map[bool]*servers.Server{}}
	var err error
	s.source, err = servers.StartDovecot(ctx, servers.Options{Dir: s.path("source")})
	return s, err
}

func (s *stage) path(name string) string { return filepath.Join(s.dir, name) }

func (s *stage) close() error {
	var errs []error
	if s.source != nil {
		errs = append(errs, s.source.Stop())
	}
	for _, t := range s.target {
		errs = append(errs, t.Stop())
	}
	return errors.Join(errs...)
}

func (s *stage) destination(ctx context.Context, plain bool) (*servers.Server, error) {
	if t := s.target[plain]; t != nil {
		return t, nil
	}
	o := servers.Options{Dir: s.path("destination")}
	if plain {
		o = withoutBatches
		o.Dir = s.path("destination-plain")
	}
	t, err := servers.StartDovecot(ctx, o)
	if err == nil {
		s.target[plain] = t
	}
	return t, err
}

// scene is a play made ready: filled source accounts, lines, and what the source holds.
type scene struct {
	*stage
	play
	to        *servers.Server
	lines     []*link.Link
	fromPort  int
	toPort    int
	users     []servers.User
	manifests []corpus.Manifest
	messages  int
	bytes     int64
	deltas    int
}

// open fills the source and reads all of it, which also warms the caches.
func (s *stage) open(ctx context.Context, p play, scale float64) (*scene, error) {
	sc := &scene{stage: s, play: p, fromPort: s.source.Port}
	var err error
	if sc.to, err = s.destination(ctx, p.plain); err != nil {
		return nil, err
	}
	sc.toPort = sc.to.Port
	if p.line != (link.Options{}) {
		for _, end := range []struct {
			server *servers.Server
			port   *int
		}{{s.source, &sc.fromPort}, {sc.to, &sc.toPort}} {
			l, err := link.Start(end.server.Addr(), p.line)
			if err != nil {
				return nil, errors.Join(err, sc.close())
			}
			sc.lines = append(sc.lines, l)
			*end.port = l.Port()
		}
	}
	for i, c := range p.corpora(scale) {
		u := servers.User{Name: fmt.Sprintf("%s-%d@old.example", p.name, i), Password: "quelle-1"}
		if err := s.source.AddUser(u); err != nil {
			return nil, errors.Join(err, sc.close())
		}
		if _, err := corpus.Fill(ctx, s.source, u, c); err != nil {
			return nil, errors.Join(err, sc.close())
		}
		sc.users = append(sc.users, u)
	}
	if err := sc.survey(ctx); err != nil {
		return nil, errors.Join(err, sc.close())
	}
	return sc, nil
}

// close ends the lines; the servers stay for the next play.
func (sc *scene) close() error {
	for _, l := range sc.lines {
		l.Close()
	}
	return nil
}

// survey reads what the source holds now.
func (sc *scene) survey(ctx context.Context) error {
	sc.manifests, sc.messages, sc.bytes = nil, 0, 0
	for _, u := range sc.users {
		m, err := corpus.ReadServer(ctx, sc.source, u)
		if err != nil {
			return err
		}
		sc.manifests = append(sc.manifests, m)
		sc.messages += m.Count()
		sc.bytes += m.Bytes()
	}
	return nil
}

// fresh makes new accounts at the destination and an empty memory for a program.
func (sc *scene) fresh() (job, error) {
	sc.serial++
	j := job{state: sc.path("state-" + strconv.Itoa(sc.serial)), atOnce: max(1, sc.atOnce)}
	for i, u := range sc.users {
		name, _, _ := strings.Cut(u.Name, "@")
		to := servers.User{Name: fmt.Sprintf("%s-run%d@new.example", name, sc.serial), Password: "ziel-2"}
		if err := sc.to.AddUser(to); err != nil {
			return j, err
		}
		j.from = append(j.from, program.Mailbox{User: sc.users[i], Port: sc.fromPort})
		j.to = append(j.to, program.Mailbox{User: to, Port: sc.toPort})
	}
	return j, os.MkdirAll(j.state, 0o700)
}

// verdict compares what arrived with the source. The reading goes past the line.
func (sc *scene) verdict(ctx context.Context, j job, rules corpus.Rules) (verdict, error) {
	var v verdict
	for i := range j.to {
		got, err := corpus.ReadServer(ctx, sc.to, j.to[i].User)
		if err != nil {
			return v, err
		}
		v.add(got.Count(), corpus.Compare(sc.manifests[i], got, rules))
	}
	return v, nil
}
