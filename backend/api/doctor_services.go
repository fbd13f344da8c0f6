package api

import "log/slog"

// doctoring holds the doctor's services beside the examination itself.
type doctoring struct {
	readers *Readers
	guides  *Guides
	letter  *TestLetter
	monitor *Monitoring
	sheet   *SupportSheet
}

func newDoctoring(a *API) doctoring {
	return doctoring{
		readers: &Readers{api: a}, guides: &Guides{api: a}, letter: &TestLetter{api: a}, monitor: &Monitoring{api: a}, sheet: &SupportSheet{api: a},
	}
}

// services lists the values to bind.
func (d doctoring) services() []any { return []any{d.readers, d.guides, d.letter, d.monitor, d.sheet} }

// begin starts what works by itself: watched domains are looked at from the start.
func (d doctoring) begin() {
	if _, err := d.monitor.open(d.monitor.api.root); err != nil {
		slog.Warn("watched domains are not looked at", "err", err)
	}
}

// close ends what works by itself.
func (d doctoring) close() error { return d.monitor.close() }
