package audit

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"mailroom/backend/core"
)

// Query restricts what [Log.List] returns.
type Query struct {
	Text  string   // anywhere in subject and facts; "" all
	Acts  []string // or one of these acts
	After int64    // only entries older than this Seq; 0 from the newest
	Limit int      // at most 500
}

// List returns entries, the newest first, and how many there are in all that match.
func (l *Log) List(ctx context.Context, q Query) (entries []Entry, total int64, err error) {
	where, args := q.where()
	if err := l.db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE `+where, args...).Scan(&total); err != nil {
		return nil, 0, core.E(core.Internal, "count the record", err)
	}
	if q.After > 0 {
		where += ` AND seq < ?`
		args = append(args, q.After)
	}
	rows, err := l.db.Reader().QueryContext(ctx, `SELECT record FROM entry WHERE `+where+` ORDER BY seq DESC LIMIT ?`, append(args, min(max(q.Limit, 1), 500))...)
	if err != nil {
		return nil, 0, core.E(core.Internal, "read the record", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var record string
		var e Entry
		if err := rows.Scan(&record); err != nil {
			return nil, 0, core.E(core.Internal, "read the record", err)
		}
		if err := json.Unmarshal([]byte(record), &e); err != nil {
			return nil, 0, core.E(core.Malformed, "read the record", err)
		}
		entries = append(entries, e)
	}
	return entries, total, rows.Err()
}

func (q Query) where() (string, []any) {
	if q.Text == "" && len(q.Acts) == 0 {
		return `1`, nil
	}
	var parts []string
	var args []any
	if q.Text != "" {
		parts = append(parts, `search LIKE ? ESCAPE '\'`)
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(q.Text))+"%")
	}
	if len(q.Acts) > 0 {
		parts = append(parts, `act IN (?`+strings.Repeat(`,?`, len(q.Acts)-1)+`)`)
		for _, act := range q.Acts {
			args = append(args, act)
		}
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// Flaw says what is wrong with the record.
type Flaw string

// The flaws.
const (
	Sound   Flaw = ""
	Changed Flaw = "changed" // an entry is not what it was
	Missing Flaw = "missing" // an entry was taken out
	Cut     Flaw = "cut"     // entries at the end are gone
)

// Report is what [Log.Check] found.
type Report struct {
	Entries int64 // that were looked at
	Flaw    Flaw
	At      int64 // the first entry that is wrong or missing
}

// Check walks the whole chain. known is a head that was kept elsewhere: if the record
// no longer reaches it, its end was cut off; the zero Head asks for nothing.
func (l *Log) Check(ctx context.Context, known Head) (r Report, err error) {
	rows, err := l.db.Reader().QueryContext(ctx, `SELECT seq, time, act, record, prev, hash FROM entry ORDER BY seq`)
	if err != nil {
		return r, core.E(core.Internal, "check the record", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var last Head
	for rows.Next() {
		var seq, millis int64
		var act, record, prev, hash string
		if err := rows.Scan(&seq, &millis, &act, &record, &prev, &hash); err != nil {
			return r, core.E(core.Internal, "check the record", err)
		}
		r.Entries++
		var e Entry
		switch {
		case seq != last.Seq+1:
			r.Flaw, r.At = Missing, last.Seq+1
		case prev != last.Hash || link(prev, []byte(record)) != hash,
			json.Unmarshal([]byte(record), &e) != nil, e.Seq != seq, e.Act != act, e.Time.UnixMilli() != millis,
			seq == known.Seq && hash != known.Hash:
			r.Flaw, r.At = Changed, seq
		}
		if r.Flaw != Sound {
			return r, nil
		}
		last = Head{Seq: seq, Hash: hash}
	}
	if last.Seq < known.Seq {
		r.Flaw, r.At = Cut, last.Seq+1
	}
	return r, rows.Err()
}
