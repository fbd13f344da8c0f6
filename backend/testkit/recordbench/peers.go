package recordbench

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/terms"
	"mailroom/backend/store"
)

// PeerTime is what one of SQLite's own ways takes on the same records.
type PeerTime struct {
	Name      string  `json:"name"`
	Rate      float64 `json:"recordsPerSecond"`
	SizeRatio float64 `json:"sizeRatio"`
	Frequent  float64 `json:"frequent"` // first 50 of 发票, warm
	Rare      float64 `json:"rare"`
	Address   float64 `json:"address"`
}

const plainTable = `CREATE TABLE rec (id INTEGER PRIMARY KEY, at INTEGER, kind TEXT, person TEXT, sender TEXT, recipient TEXT, subject TEXT, outcome TEXT,
	ip TEXT, size INTEGER, message TEXT) STRICT; CREATE INDEX rec_at ON rec (at)`

// way is one of SQLite's own.
type way struct {
	name   string
	schema string
	index  string // what is inserted beside a row; "" nothing
	text   func(subject string) string
	find   func(word string) (sql, arg string)
}

func ways() []way {
	asIs := func(s string) string { return s }
	return []way{
		{"LIKE", plainTable, "", asIs, func(w string) (string, string) {
			return `SELECT id, subject FROM rec WHERE subject LIKE ? ORDER BY id DESC LIMIT 50`, "%" + w + "%"
		}},
		// Words of two characters are below three letters: the trigram index can only be scanned.
		{"FTS5 trigram", plainTable + `; CREATE VIRTUAL TABLE idx USING fts5(t, tokenize='trigram', content='', detail='none')`,
			`INSERT INTO idx (rowid, t) VALUES (?, ?)`, asIs, func(w string) (string, string) {
				return `SELECT id, subject FROM rec WHERE subject LIKE ? ORDER BY id DESC LIMIT 50`, "%" + w + "%"
			}},
		{"FTS5, our pairs", plainTable + `; CREATE VIRTUAL TABLE idx USING fts5(t, tokenize='ascii', content='', detail='none')`,
			`INSERT INTO idx (rowid, t) VALUES (?, ?)`, func(s string) string {
				var parts []string
				terms.Each(terms.Fold(s), func(t string) { parts = append(parts, t) })
				return strings.Join(parts, " ")
			}, func(w string) (string, string) {
				return `SELECT id, subject FROM rec WHERE id IN (SELECT rowid FROM idx WHERE idx MATCH ? ORDER BY rowid DESC LIMIT 50) ORDER BY id DESC`, `"` + w + `"`
			}},
	}
}

// peers measures the ways one after the other.
func peers(ctx context.Context, dir string, n int) ([]PeerTime, error) {
	var all []PeerTime
	for i, w := range ways() {
		path := filepath.Join(dir, "peer", string(rune('a'+i))+".db")
		p, err := w.measure(ctx, path, n)
		if err != nil {
			return all, err
		}
		all = append(all, p)
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			return all, err
		}
	}
	return all, nil
}

func (w way) measure(ctx context.Context, path string, n int) (PeerTime, error) {
	p := PeerTime{Name: w.name}
	db, err := store.Open(ctx, path, []string{w.schema})
	if err != nil {
		return p, err
	}
	defer func() { _ = db.Close() }()
	begin := time.Now()
	raw, address, err := w.fill(context.WithoutCancel(ctx), db, n)
	if err != nil {
		return p, err
	}
	p.Rate = float64(n) / time.Since(begin).Seconds()
	for into, ask := range map[*float64][2]string{&p.Frequent: {"发票"}, &p.Rare: {rare}} {
		q, arg := w.find(ask[0])
		if *into, err = median(ctx, db, q, arg); err != nil {
			return p, err
		}
	}
	if p.Address, err = median(ctx, db, `SELECT id, subject FROM rec WHERE sender=?1 OR recipient=?1 OR person=?1 ORDER BY id DESC LIMIT 50`, address); err != nil {
		return p, err
	}
	p.SizeRatio = float64(sizeOf(filepath.Dir(path))) / float64(raw)
	return p, nil
}

// fill puts the corpus in, 20,000 rows in a transaction.
func (w way) fill(ctx context.Context, db *store.DB, n int) (raw int64, address string, err error) {
	o := newOffice(1, n)
	address = o.outside[15_000]
	var rec logs.Record
	for done := 0; done < n; {
		err := db.Write(ctx, func(tx *sql.Tx) error {
			row, err := tx.PrepareContext(ctx, `INSERT INTO rec VALUES (?,?,?,?,?,?,?,?,?,?,?)`)
			if err != nil {
				return err
			}
			index := row
			if w.index != "" {
				if index, err = tx.PrepareContext(ctx, w.index); err != nil {
					return err
				}
			}
			for range 20_000 {
				if !o.next(&rec) {
					return nil
				}
				done++
				line, err := json.Marshal(&rec) // what reading it would cost, the other way round
				if err != nil {
					return err
				}
				raw += int64(len(line)) + 1
				if _, err := row.ExecContext(ctx, done, rec.At.UnixMilli(), string(rec.Kind), rec.Person, rec.From, strings.Join(rec.To, ","), rec.Subject,
					string(rec.Outcome), rec.IP.String(), rec.Size, rec.MessageID); err != nil {
					return err
				}
				if w.index != "" {
					if _, err := index.ExecContext(ctx, done, w.text(rec.Subject)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return raw, address, err
		}
	}
	return raw, address, nil
}

func median(ctx context.Context, db *store.DB, q, arg string) (float64, error) {
	var took []float64
	for range 5 {
		begin := time.Now()
		rows, err := db.R.QueryContext(ctx, q, arg)
		if err != nil {
			return 0, err
		}
		for rows.Next() {
			var id int64
			var subject string
			if err := rows.Scan(&id, &subject); err != nil {
				_ = rows.Close()
				return 0, err
			}
		}
		if err := rows.Close(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(begin).Seconds())
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
