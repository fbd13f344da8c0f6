package logfile

import (
	"context"
	"errors"
	"io"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// reading is one reading of a file, from where the last one ended.
type reading struct {
	r        *Reader
	s        *stream
	known    *state
	res      *Result
	progress func(bytes, of int64)
	p        parser
	a        *records.Adding
	batch    []logs.Record
	moment   string // the time of the last line, as it is written
	begun    int64  // where its lines begin
}

func (on *reading) read(ctx context.Context, head [][]byte) (err error) {
	if on.a, err = on.r.book.Begin(ctx, Scope); err != nil {
		return err
	}
	if err := on.resume(ctx, head); err != nil {
		return err
	}
	for {
		if on.res.Lines%4096 == 0 {
			if ctx.Err() != nil {
				return errors.Join(ctx.Err(), on.end(context.WithoutCancel(ctx)))
			}
			if on.progress != nil {
				on.progress(on.s.at, on.s.size)
			}
		}
		place := on.s.at
		line, half, err := on.s.next()
		if err != nil {
			if on.res.Half = half; errors.Is(err, io.EOF) {
				err = nil
			} else {
				err = core.E(core.Malformed, "read log", err, "file", on.res.Path)
			}
			return errors.Join(err, on.end(context.WithoutCancel(ctx)))
		}
		on.res.Lines++
		if err := on.line(ctx, place, line); err != nil {
			return err
		}
	}
}

// end keeps what was read, and notes the place.
func (on *reading) end(ctx context.Context) error {
	on.found(on.p.rest())
	err := errors.Join(on.a.Add(ctx, on.batch), on.a.Flush(ctx))
	on.res.Tally = on.a.Tally()
	if err != nil { // what was not kept is read again
		return err
	}
	on.known.place, on.known.moment = on.s.at, on.begun
	on.known.lines += on.res.Lines
	return nil
}

func (on *reading) line(ctx context.Context, place int64, raw []byte) error {
	if moment := stampOf(raw); moment != "" && moment != on.moment {
		on.moment, on.begun = moment, place
	}
	if on.s.long {
		on.bad("long")
		return nil
	}
	found, bad := on.p.line(logs.Readable(string(raw)))
	if bad {
		on.bad("malformed")
	}
	if len(found) == 0 {
		return nil
	}
	on.res.Useful++
	on.found(found)
	if len(on.batch) < recordsAtOnce {
		return nil
	}
	err := on.a.Add(ctx, on.batch)
	on.batch = on.batch[:0:0]
	return err
}

func (on *reading) found(found []logs.Record) {
	on.res.seen(found)
	on.batch = append(on.batch, found...)
}

// mostBad is how many damaged lines are named.
const mostBad = 100

func (on *reading) bad(reason string) {
	if on.res.Wrong++; on.res.Wrong <= mostBad {
		on.res.Bad = append(on.res.Bad, records.BadLine{Line: on.known.lines + on.res.Lines, Reason: reason})
	}
}

// resume goes to where the last reading ended, with what it knew. Equal events of one
// moment are told apart by their number: those that were read already are counted again.
func (on *reading) resume(ctx context.Context, head [][]byte) error {
	known := on.known
	if known.place > 0 && !on.s.packed && known.place > on.s.size {
		known.place, known.moment, known.lines, on.res.Before = 0, 0, 0, 0 // it was emptied and begins anew with the same lines
	}
	on.begun = known.moment
	if known.place > 0 && known.moment < known.place {
		if err := on.again(head); err != nil {
			return err
		}
	}
	if err := on.s.skip(known.place); err != nil {
		return core.E(core.Malformed, "read log", err, "file", on.res.Path)
	}
	on.p = on.parser(head)
	mails, err := on.r.waiting(ctx, on.res.Format)
	on.p.take(mails)
	return err
}

func (on *reading) parser(head [][]byte) parser {
	p := newParser(on.res.Format, &clock{zone: on.known.zone, wrote: on.s.wrote, last: on.known.last})
	if on.known.place > 0 && on.res.Format == Exchange {
		for _, line := range head { // the names of the fields
			p.line(string(line))
		}
	}
	return p
}

// again reads the lines of the last moment, for the sake of those that have no ID.
func (on *reading) again(head [][]byte) error {
	if err := on.s.skip(on.known.moment); err != nil {
		return core.E(core.Malformed, "read log", err, "file", on.res.Path)
	}
	p := on.parser(head)
	var counted []logs.Record
	for on.s.at < on.known.place {
		raw, _, err := on.s.next()
		if err != nil {
			return core.E(core.Malformed, "read log", err, "file", on.res.Path)
		}
		if moment := stampOf(raw); moment != "" {
			on.moment = moment
		}
		found, _ := p.line(logs.Readable(string(raw)))
		counted = append(counted, found...)
		if len(counted) >= recordsAtOnce {
			on.a.Count(counted)
			counted = counted[:0]
		}
	}
	on.a.Count(counted)
	return nil
}

// stampOf is the time of a line as it is written, to the second; "" for a format whose
// records have IDs.
func stampOf(line []byte) string {
	switch {
	case len(line) >= 19 && line[4] == '-' && (line[10] == 'T' || line[10] == ' '):
		return string(line[:19])
	case len(line) >= 16 && line[3] == ' ' && line[6] == ' ' && line[15] == ' ':
		return string(line[:15])
	}
	return ""
}
