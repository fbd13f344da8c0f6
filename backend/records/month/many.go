package month

import (
	"context"
	"database/sql"
	"strings"
)

// many executes one statement for many rows at a time: what a call costs beside the
// work itself is as much as the work.
type many struct {
	ctx     context.Context
	tx      *sql.Tx
	before  string // INSERT INTO … VALUES
	row     string // (?, ?)
	after   string // ON CONFLICT …
	columns int
	atOnce  int // rows in one call; 0: rowsAtOnce
	full    *sql.Stmt
	args    []any
}

// rowsAtOnce is how many rows go into one call.
const rowsAtOnce = 64

// put takes a row; the values must not change until flush.
func (s *many) put(values ...any) error {
	s.args = append(s.args, values...)
	if s.atOnce == 0 {
		s.atOnce = rowsAtOnce
	}
	if len(s.args) < s.atOnce*s.columns {
		return nil
	}
	if s.full == nil {
		var err error
		if s.full, err = s.tx.PrepareContext(s.ctx, s.sql(s.atOnce)); err != nil {
			return err
		}
	}
	_, err := s.full.ExecContext(s.ctx, s.args...)
	s.empty()
	return err
}

// flush writes what is left.
func (s *many) flush() error {
	if len(s.args) == 0 {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, s.sql(len(s.args)/s.columns), s.args...)
	s.empty()
	return err
}

func (s *many) empty() {
	clear(s.args)
	s.args = s.args[:0]
}

func (s *many) sql(rows int) string {
	return s.before + strings.TrimSuffix(strings.Repeat(s.row+",", rows), ",") + s.after
}
