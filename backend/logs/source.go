package logs

import (
	"context"
	"time"
)

// Source hands out records of an office. An adapter of a provider implements it beside
// its other interfaces; files of a server are another source. Implementations are safe
// for one caller at a time.
type Source interface {
	// Reaches tells for each kind that this source has, how far and how it may be
	// asked. It does not use the network.
	Reaches() []Reach
	// Fetch returns one page of what happened in [ask.From, ask.To), in any order.
	// Errors: unsupported for a kind that Reaches does not name; invalid with the
	// argument "problem" "range" where the source finds the window too long or too far
	// back; malformed where a reply is cut or makes no sense (nothing of it is handed
	// out); rate_limited with "retryAfter" in seconds where known; and the usual ones of a
	// connection.
	Fetch(ctx context.Context, ask Ask) (Page, error)
}

// Paced is a [Source] that is asked no more often than so many times a second, because
// its vendor would refuse more.
type Paced interface{ Pace() float64 }

// Reach is how one kind of record may be asked for.
type Reach struct {
	Kind    Kind
	Longest time.Duration  // of one window; 0: any
	Kept    time.Duration  // how far back the source remembers; 0: not known
	Zone    *time.Location // the zone of the source's days and times; nil: UTC
	// WholeDays is true where the source can be asked for days of its zone only. The
	// window then begins and ends at midnight of the zone.
	WholeDays bool
	// Settles is how long after the moment of an event a record may still appear or
	// change its outcome; windows overlap by it. 0: an hour.
	Settles time.Duration
	// PerPerson is true where the source must be asked for one person at a time;
	// [Ask.Person] is then always set.
	PerPerson bool
	// Partial is true where the source leaves records out by nature, as one that lists
	// what is under way and only some of what is done: nothing found proves nothing.
	Partial bool
	// MostRows is the number of rows after which a reply without paging is suspected
	// to be cut by the source; 0: never. A window with that many rows is asked for
	// again in halves.
	MostRows int
}

// Ask is one question to a [Source].
type Ask struct {
	Kind     Kind
	From, To time.Time // From is included, To is not
	Person   string    // an address of the office; "" everybody
	Next     string    // [Page.Next] of the page before; "" the first
}

// Page is one reply of a [Source].
type Page struct {
	Records []Record
	Next    string // token of the next page; "" this was the last
	// Cut is true where the source itself says that there is more in this window than
	// it hands out.
	Cut bool
}
