package logfile

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
)

// waitingFormat is what shares mails that wait: Postfix and Dovecot write into one log.
func waitingFormat(f Format) Format {
	if f == Dovecot {
		return Postfix
	}
	return f
}

// waiting reads what was known, at the end of the file that was read last, of mails
// whose end was still to come. What cannot be read is not waited for.
func (r *Reader) waiting(ctx context.Context, f Format) ([]mail, error) {
	rows, err := r.db.R.QueryContext(ctx, `SELECT body FROM waiting WHERE format=? ORDER BY nth`, waitingFormat(f))
	if err != nil {
		return nil, core.E(core.Internal, "read waiting mails", err)
	}
	defer func() { _ = rows.Close() }()
	var all []mail
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, core.E(core.Internal, "read waiting mails", err)
		}
		var m mail
		if json.Unmarshal(body, &m) == nil {
			all = append(all, m)
		}
	}
	return all, rows.Err()
}

func keepWaiting(ctx context.Context, tx *sql.Tx, f Format, mails []mail) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE format=?`, waitingFormat(f)); err != nil {
		return err
	}
	for i := range mails {
		body, err := json.Marshal(&mails[i])
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO waiting VALUES (?,?,?,?) ON CONFLICT DO NOTHING`, waitingFormat(f), mails[i].Key, i, string(body)); err != nil {
			return err
		}
	}
	return nil
}

// rotated are the names that logrotate, newsyslog and savelog give: mail.log.2.gz,
// mail.log-20261101.
var rotated = regexp.MustCompile(`^(.+?)(?:\.(\d{1,4})|-(\d{8,10}))?(?:\.(?:gz|GZ))?$`)

// OldestFirst puts the files of one log into the order in which they were written, by
// their names, whatever order they are listed in: a mail that waited in the queue is
// understood from its first line on. Other files stay where they are.
func OldestFirst(paths []string) []string {
	type file struct {
		path string
		age  int
	}
	groups := map[string][]file{}
	base := make([]string, len(paths))
	for i, path := range paths {
		dir, name := filepath.Split(path)
		m := rotated.FindStringSubmatch(name)
		if m == nil {
			m = []string{"", name, "", ""}
		}
		f := file{path: path}
		if n, err := strconv.Atoi(m[2]); err == nil {
			f.age = n + 1
		} else if day, err := strconv.Atoi((m[3] + "00")[:min(len(m[3])+2, 10)]); err == nil && m[3] != "" {
			f.age = 1<<40 - day
		}
		base[i] = strings.Join([]string{dir, m[1]}, "")
		groups[base[i]] = append(groups[base[i]], f)
	}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b file) int { return b.age - a.age })
	}
	sorted := make([]string, len(paths))
	for i := range paths {
		g := groups[base[i]]
		sorted[i], groups[base[i]] = g[0].path, g[1:]
	}
	return sorted
}
