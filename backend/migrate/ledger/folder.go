package ledger

import (
	"context"
	"database/sql"
	"errors"
)

// Folder is what the ledger knows of one source folder of one UIDVALIDITY.
type Folder struct {
	ID             int64
	Account        int64
	Source         string // raw name
	Validity       uint32
	Current        bool   // false: the source has another UIDVALIDITY now
	Target         string // raw name
	TargetValidity uint32 // 0: not yet seen
	Watermark      uint32 // destination UIDs below it are accounted for
	Listed         uint32 // highest source UID taken in
	ModSeq         uint64 // source modification sequence up to which flags are in step
	SourceState    string // the source's STATUS when all was done; "" if something is open
	TargetState    string
}

const folderColumns = `id, account, source, validity, current, target, target_validity, watermark, listed, modseq, source_state, target_state`

func scanFolder(row interface{ Scan(...any) error }) (Folder, error) {
	var f Folder
	var source, target []byte
	var modseq int64
	err := row.Scan(&f.ID, &f.Account, &source, &f.Validity, &f.Current, &target, &f.TargetValidity,
		&f.Watermark, &f.Listed, &modseq, &f.SourceState, &f.TargetState)
	f.Source, f.Target, f.ModSeq = string(source), string(target), uint64(modseq)
	return f, err
}

// Folders returns the account's folders, superseded ones included.
func (l *Ledger) Folders(ctx context.Context, account int64) (all []Folder, err error) {
	rows, err := l.db.R.QueryContext(ctx, `SELECT `+folderColumns+` FROM folder WHERE account=? ORDER BY id`, account)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		f, err := scanFolder(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// Folder returns the record of a source folder at a UIDVALIDITY, making it if new
// and marking those of other validities as superseded. A folder that is sent to
// another target than before starts anew there: its messages are pending again.
func (l *Ledger) Folder(ctx context.Context, account int64, source string, validity uint32, target string) (Folder, error) {
	var f Folder
	err := l.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE folder SET current=0 WHERE account=? AND source=? AND validity<>?`,
			account, []byte(source), validity); err != nil {
			return err
		}
		var err error
		f, err = scanFolder(tx.QueryRowContext(ctx, `INSERT INTO folder (account, source, validity, target) VALUES (?,?,?,?)
			ON CONFLICT DO UPDATE SET current=1 RETURNING `+folderColumns, account, []byte(source), validity, []byte(target)))
		if err != nil || f.Target == target {
			return err
		}
		f.Target, f.TargetValidity, f.Watermark, f.SourceState, f.TargetState = target, 0, 0, "", ""
		if _, err := tx.ExecContext(ctx, `UPDATE folder SET target=?, target_validity=0, watermark=0, source_state='', target_state='' WHERE id=?`,
			[]byte(target), f.ID); err != nil {
			return err
		}
		return forget(ctx, tx, f.ID)
	})
	return f, err
}

// forget makes everything of a folder that had a place at the destination pending.
func forget(ctx context.Context, tx *sql.Tx, folder int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM flight WHERE folder=?`, folder); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE message SET state=?, target=0, verified=0 WHERE folder=? AND state IN (?,?,?)`,
		Pending, folder, Sent, Copied, Adopted)
	return err
}

// SetTarget records the destination's UIDVALIDITY. If it differs from the one
// known, every UID pair of the folder is void: the messages are pending again and
// reset is true.
func (l *Ledger) SetTarget(ctx context.Context, f *Folder, validity uint32) (reset bool, err error) {
	if f.TargetValidity == validity {
		return false, nil
	}
	reset = f.TargetValidity != 0
	err = l.db.Write(ctx, func(tx *sql.Tx) error {
		if reset {
			f.Watermark = 0
			if err := forget(ctx, tx, f.ID); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE folder SET target_validity=?, watermark=?, source_state='', target_state='' WHERE id=?`,
			validity, f.Watermark, f.ID)
		return err
	})
	f.TargetValidity = validity
	return reset, err
}

// SetWatermark says that all destination UIDs below mark are accounted for.
func (l *Ledger) SetWatermark(ctx context.Context, f *Folder, mark uint32) error {
	f.Watermark = mark
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE folder SET watermark=? WHERE id=?`, mark, f.ID)
		return err
	})
}

// Settle records that flags are in step up to modseq and, with both states not
// empty, that nothing is open as long as both STATUS answers stay the same.
func (l *Ledger) Settle(ctx context.Context, f *Folder, modseq uint64, source, target string) error {
	f.ModSeq, f.SourceState, f.TargetState = modseq, source, target
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE folder SET modseq=?, source_state=?, target_state=? WHERE id=?`,
			int64(modseq), source, target, f.ID)
		return err
	})
}
