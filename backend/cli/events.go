package cli

import (
	"encoding/json"
	"io"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
)

// events writes one JSON object a line.
type events struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func newEvents(w io.Writer) *events {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &events{enc: enc}
}

func (e *events) send(v any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = e.enc.Encode(v) // nobody to tell when stdout is gone
}

// progressEvent is one mailbox's state; times are milliseconds since 1970.
type progressEvent struct {
	Event  string        `json:"event"` // progress
	From   string        `json:"from"`
	To     string        `json:"to"`
	Phase  migrate.Phase `json:"phase"`
	Folder string        `json:"folder"`
	migrate.Counts
	BytesTotal int64  `json:"bytesTotal"`
	FlagsSet   int64  `json:"flagsSet"`
	Verified   int64  `json:"verified"`
	WaitUntil  int64  `json:"waitUntil,omitempty"`
	WaitClass  string `json:"waitClass,omitempty"`
}

// summaryEvent is the last line.
type summaryEvent struct {
	Event     string            `json:"event"` // summary
	Mailboxes []mailboxSummary  `json:"mailboxes"`
	Errors    []migrate.Trouble `json:"errors,omitempty"` // what ended everything before any mailbox
}

type mailboxSummary struct {
	From  string        `json:"from"`
	To    string        `json:"to"`
	State migrate.State `json:"state"`
	migrate.Counts
	Folders  []migrate.FolderReport `json:"folders"`
	Errors   []migrate.Trouble      `json:"errors"`
	Left     []migrate.LeftBehind   `json:"left"`
	Mismatch []migrate.Mismatch     `json:"mismatch"`
	Verified migrate.Level          `json:"verified"`
	FlagsSet int64                  `json:"flagsSet"`
	Notes    []string               `json:"notes"`
	Estimate *estimateSummary       `json:"estimate,omitempty"`
}

// estimateSummary is what only a dry run tells; sizes in bytes, -1 unknown.
type estimateSummary struct {
	ToCopy      int64   `json:"toCopy"`
	ToCopyBytes int64   `json:"toCopyBytes"`
	RoomFree    int64   `json:"roomFree"`
	MaxMessage  int64   `json:"maxMessage"`
	Seconds     float64 `json:"seconds"`
	Days        float64 `json:"days"`
}

// summary sends the last line. Slices are never null.
func (e *events) summary(results []*outcome, errs []error) {
	s := summaryEvent{Event: "summary", Mailboxes: []mailboxSummary{}}
	for _, err := range errs {
		s.Errors = append(s.Errors, troubleOf(err))
	}
	for _, res := range results {
		m := mailboxSummary{From: res.From, To: res.To, State: res.State, Counts: res.Counts, Folders: some(res.Folders), Errors: some(res.Errors),
			Left: some(res.Left), Mismatch: some(res.Mismatch), Verified: res.Verified, FlagsSet: res.FlagsSet, Notes: some(res.Notes)}
		if res.err != nil && len(m.Errors) == 0 {
			m.Errors = append(m.Errors, troubleOf(res.err))
		}
		if est := res.estimate; est != nil {
			m.Estimate = &estimateSummary{est.ToCopy, est.ToCopyBytes, est.RoomFree, est.MaxMessage, est.Seconds, est.Days}
		}
		s.Mailboxes = append(s.Mailboxes, m)
	}
	e.send(s)
}

func some[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// troubleOf makes an error ready for JSON: code, facts and the server's own words.
func troubleOf(err error) migrate.Trouble {
	args := core.ArgsOf(err)
	return migrate.Trouble{Code: core.CodeOf(err), Class: args["class"], Args: args, Server: serverWords(err)}
}
