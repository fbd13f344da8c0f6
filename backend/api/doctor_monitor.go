package api

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/monitor"
)

// Monitoring looks at chosen domains on schedule while the program runs.
type Monitoring struct {
	api *API

	once sync.Once
	m    *monitor.Monitor
	err  error
}

// monitorFile is the name of its file within the data folder.
const monitorFile = "monitor.db"

// WatchedDomain is a domain that is looked at on schedule.
type WatchedDomain struct {
	ID      string       `json:"id"` // "" a new one
	Domain  string       `json:"domain"`
	Only    []string     `json:"only"`    // groups of checks; empty: the usual ones
	Minutes int          `json:"minutes"` // between two looks, 5 to 10,080
	On      bool         `json:"on"`
	Next    int64        `json:"next"`
	Last    *MonitorLook `json:"last,omitempty"`
}

// MonitorLook is one look in figures.
type MonitorLook struct {
	At      int64   `json:"at"`
	Verdict Verdict `json:"verdict"`
	Away    bool    `json:"away"` // the computer's own network was away
	Fails   int     `json:"fails"`
	Warns   int     `json:"warns"`
	Passes  int     `json:"passes"`
	Took    int64   `json:"took"` // milliseconds
}

// MonitorChange is a check that ends differently from before.
type MonitorChange struct {
	WatchID string  `json:"watchId"`
	Domain  string  `json:"domain"`
	At      int64   `json:"at"`
	Check   string  `json:"check"`
	Subject string  `json:"subject"`
	From    Verdict `json:"from"` // skipped: it was not known before
	To      Verdict `json:"to"`
	Reason  string  `json:"reason"`
	Worse   bool    `json:"worse"`
}

// MonitorHistory is what a watch has seen.
type MonitorHistory struct {
	Looks   []MonitorLook   `json:"looks"`   // oldest first
	Changes []MonitorChange `json:"changes"` // newest first
}

// MonitorTold tells of a look; changes are news for the person.
type MonitorTold struct {
	Seq     int64           `json:"seq"`
	WatchID string          `json:"watchId"`
	Look    MonitorLook     `json:"look"`
	Changes []MonitorChange `json:"changes"`
}

// usualWatch are the checks of a watch that names none: what breaks by itself and needs
// no list of others.
var usualWatch = []string{"domain", "mx", "spf", "dkim", "dmarc", "transport", "ports", "tls", "smtp"}

// open opens the file when it is first needed.
func (s *Monitoring) open(ctx context.Context) (*monitor.Monitor, error) {
	s.once.Do(func() {
		s.m, s.err = monitor.Open(ctx, filepath.Join(s.api.cfg.DataDir, monitorFile), s.examine, monitor.Options{Told: s.told})
	})
	return s.m, s.err
}

func (s *Monitoring) close() error {
	s.once.Do(func() { s.err = errClosed })
	if s.m == nil {
		return nil
	}
	return s.m.Close()
}

func (s *Monitoring) examine(ctx context.Context, domain string, only []string) ([]doctor.Finding, error) {
	x, err := s.api.exam(domain)
	if err != nil {
		return nil, err
	}
	x.Endpoint.RDAP, x.Endpoint.Routes = "", ""
	if len(only) == 0 {
		only = usualWatch
	}
	x.Past = s.past()
	picked, _ := checks.Only(checks.All(), append([]string{"ports.network"}, only...))
	return doctor.Run(ctx, x, picked, nil), nil
}

// past is what earlier examinations saw; nil where the file cannot be opened.
func (s *Monitoring) past() doctor.Past {
	m, err := s.open(s.api.root)
	if err != nil {
		return nil
	}
	return m
}

func (s *Monitoring) told(w monitor.Watch, l monitor.Look, changes []monitor.Change) {
	s.api.cfg.Desktop.Emit("monitor:told", MonitorTold{
		Seq: time.Now().UnixMilli(), WatchID: w.ID, Look: wireLook(l), Changes: mapped(changes, wireChange),
	})
}

// withMonitor runs a method that needs the monitor.
func withMonitor[T any](s *Monitoring, op string, f func(context.Context, *monitor.Monitor) (T, error)) (T, error) {
	return with(s.api, op, func(ctx context.Context, _ *data) (T, error) {
		m, err := s.open(ctx)
		if err != nil {
			var none T
			return none, err
		}
		return f(ctx, m)
	})
}

// List lists the watches with their last look, and begins to look.
func (s *Monitoring) List() ([]WatchedDomain, error) {
	return withMonitor(s, "list watches", func(ctx context.Context, m *monitor.Monitor) ([]WatchedDomain, error) {
		all, err := m.Watches(ctx)
		if err != nil {
			return []WatchedDomain{}, err
		}
		out := make([]WatchedDomain, len(all))
		for i, w := range all {
			out[i] = wireWatch(w)
			looks, err := m.History(ctx, w.ID, time.Now().Add(-kept))
			if err != nil {
				return []WatchedDomain{}, err
			}
			if n := len(looks); n > 0 {
				last := wireLook(looks[n-1])
				out[i].Last = &last
			}
		}
		return out, nil
	})
}

// kept is how far back the last look is searched for.
const kept = 180 * 24 * time.Hour

// Save makes a watch or changes one. Errors: invalid, not_found, too_big.
func (s *Monitoring) Save(w WatchedDomain) (WatchedDomain, error) {
	return withMonitor(s, "save watch", func(ctx context.Context, m *monitor.Monitor) (WatchedDomain, error) {
		name, err := checks.ReadName(w.Domain)
		if err != nil {
			return w, err
		}
		if len(w.Only) > 0 {
			if _, unknown := checks.Only(checks.All(), w.Only); len(unknown) > 0 {
				return w, core.E(core.Invalid, "save watch", nil, "field", "only", "value", unknown[0], "reason", "unknown")
			}
		}
		saved, err := m.Save(ctx, monitor.Watch{ID: w.ID, Domain: name.Domain, Only: w.Only, Every: time.Duration(w.Minutes) * time.Minute, On: w.On})
		return wireWatch(saved), err
	})
}

// Remove forgets a watch and its history.
func (s *Monitoring) Remove(id string) error {
	_, err := withMonitor(s, "remove watch", func(ctx context.Context, m *monitor.Monitor) (struct{}, error) {
		return struct{}{}, m.Remove(ctx, id)
	})
	return err
}

// LookNow looks at once. Errors: not_found, conflict while it is being looked at.
func (s *Monitoring) LookNow(id string) (MonitorLook, error) {
	return withMonitor(s, "look now", func(ctx context.Context, m *monitor.Monitor) (MonitorLook, error) {
		l, err := m.LookNow(ctx, id)
		return wireLook(l), err
	})
}

// History tells what a watch has seen in the last days, 1 to 180.
func (s *Monitoring) History(id string, days int) (MonitorHistory, error) {
	return withMonitor(s, "history", func(ctx context.Context, m *monitor.Monitor) (MonitorHistory, error) {
		none := MonitorHistory{Looks: []MonitorLook{}, Changes: []MonitorChange{}}
		if days < 1 || days > 180 {
			return none, core.E(core.Invalid, "history", nil, "field", "days", "reason", "malformed")
		}
		since := time.Now().Add(-time.Duration(days) * 24 * time.Hour)
		looks, err := m.History(ctx, id, since)
		if err != nil {
			return none, err
		}
		changes, err := m.Changes(ctx, id, since)
		if err != nil {
			return none, err
		}
		return MonitorHistory{Looks: mapped(looks, wireLook), Changes: mapped(changes, wireChange)}, nil
	})
}

func wireWatch(w monitor.Watch) WatchedDomain {
	return WatchedDomain{ID: w.ID, Domain: w.Domain, Only: some(w.Only), Minutes: int(w.Every / time.Minute), On: w.On, Next: ms(w.Next)}
}

func wireLook(l monitor.Look) MonitorLook {
	return MonitorLook{At: ms(l.At), Verdict: Verdict(l.Verdict), Away: l.Away, Fails: l.Fails, Warns: l.Warns, Passes: l.Passes, Took: l.Took.Milliseconds()}
}

func wireChange(c monitor.Change) MonitorChange {
	from := Verdict(c.From)
	if from == "" {
		from = Verdict(doctor.Skipped)
	}
	return MonitorChange{WatchID: c.WatchID, Domain: c.Domain, At: ms(c.At), Check: c.Check, Subject: c.Subject, From: from, To: Verdict(c.To), Reason: c.Reason, Worse: c.Worse()}
}
