package preset

import (
	"slices"
	"sync"
	"time"
)

// EngineDefaults says how hard a server may be worked. A zero number means "no limit"
// or "unknown"; what a session itself learns (APPENDLIMIT, a refusal) comes first.
type EngineDefaults struct {
	Family           string        // the row that was used
	Connections      int           // to start with, at least 1
	ConnectionsLater int           // after QuietFor without a refusal; never less than Connections
	QuietFor         time.Duration // 0: no growth
	MaxConnections   int           // what the server is known to allow per account; 0 unknown

	BytesPerSecond    int64   // 0: no throttle
	SlowAfterBytes    int64   // BytesPerSecond holds only after so many bytes of the day; 0: from the start
	MessagesPerSecond float64 // 0: no throttle
	DailyBytes        int64   // budget of 24 hours per account; 0: none

	UIDWindow     int           // messages asked in one FETCH
	MaxCommand    int           // longest command line in bytes without literals
	MaxMessage    int64         // bytes; for the estimate only: the server's own APPENDLIMIT comes first
	ErrorsPerConn int           // reconnect after so many refusals on one connection; 0: never
	SignInGap     time.Duration // shortest time between two sign-ins at one host
	ParkAfter     int           // refused sign-ins that end the account's work

	Notes []string // short codes of habits to mind, e.g. "export-host"
	Facts []Fact
}

type engineRow struct {
	Families         []string `json:"families"`
	Side             string   `json:"side"` // source, destination, or "" for both
	Connections      int      `json:"connections"`
	ConnectionsLater int      `json:"connectionsLater"`
	QuietFor         duration `json:"quietFor"`
	MaxConnections   int      `json:"maxConnections"`
	BytesPerSecond   int64    `json:"bytesPerSecond"`
	SlowAfterBytes   int64    `json:"slowAfterBytes"`
	MessagesPerSec   float64  `json:"messagesPerSecond"`
	DailyBytes       int64    `json:"dailyBytes"`
	UIDWindow        int      `json:"uidWindow"`
	MaxCommand       int      `json:"maxCommand"`
	MaxMessage       int64    `json:"maxMessage"`
	ErrorsPerConn    int      `json:"errorsPerConn"`
	SignInGap        duration `json:"signInGap"`
	ParkAfter        int      `json:"parkAfter"`
	Notes            []string `json:"notes"`
	Facts            []Fact   `json:"facts"`
}

var engineRows = sync.OnceValue(func() []engineRow {
	var rows []engineRow
	mustLoad("engine.json", &rows)
	return rows
})

// Engine returns the defaults for a server family (or alias) as a destination or a
// source. Own servers (dovecot, cyrus, courier, and "own" for anything on this computer
// or in the office) are not throttled. A family that the data do not know, "" too, gets
// the cautious row "unknown": two connections, no throttle.
func Engine(family string, destination bool) EngineDefaults {
	family = Family(family)
	side := "source"
	if destination {
		side = "destination"
	}
	var fallback *engineRow
	for i := range engineRows() {
		r := &engineRows()[i]
		if r.Side != "" && r.Side != side {
			continue
		}
		if slices.Contains(r.Families, family) {
			return r.defaults(family)
		}
		if slices.Contains(r.Families, "unknown") {
			fallback = r
		}
	}
	return fallback.defaults("unknown")
}

func (r *engineRow) defaults(family string) EngineDefaults {
	return EngineDefaults{
		Family: family, Connections: r.Connections, ConnectionsLater: max(r.Connections, r.ConnectionsLater),
		QuietFor: time.Duration(r.QuietFor), MaxConnections: r.MaxConnections,
		BytesPerSecond: r.BytesPerSecond, SlowAfterBytes: r.SlowAfterBytes, MessagesPerSecond: r.MessagesPerSec,
		DailyBytes: r.DailyBytes, UIDWindow: r.UIDWindow, MaxCommand: r.MaxCommand, MaxMessage: r.MaxMessage,
		ErrorsPerConn: r.ErrorsPerConn, SignInGap: time.Duration(r.SignInGap), ParkAfter: r.ParkAfter,
		Notes: slices.Clone(r.Notes), Facts: slices.Clone(r.Facts),
	}
}
