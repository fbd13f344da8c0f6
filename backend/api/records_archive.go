package api

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/archive"
)

// RecordArchives keeps past months of records in a folder, beyond doubt.
type RecordArchives struct {
	api     *API
	shelves *shelves
}

// ArchiveFault is an [archive.Fault] on the wire.
type ArchiveFault string

var archiveFaults = enumOf[ArchiveFault]([]archive.Fault{
	archive.FileChanged, archive.FileMissing, archive.FileExtra, archive.MonthMissing, archive.ChainBroken, archive.EndMissing, archive.Unfinished, archive.Unreadable,
})

// ArchiveState is what is archived of an office.
type ArchiveState struct {
	Folder string         `json:"folder"` // "" none was chosen yet
	Months []ArchiveMonth `json:"months"` // in the order of the chain
	Due    []ArchiveDue   `json:"due"`    // months that have ended and are not archived as they are, the oldest first
	Keep   int            `json:"keep"`   // months that archives are kept at least; 0: for ever
	Old    int            `json:"old"`    // archived months beyond that
}

// ArchiveWhy is an [archive.Why] on the wire.
type ArchiveWhy string

var archiveWhys = enumOf[ArchiveWhy](archive.Whys())

// ArchiveDue is a month that is to be archived.
type ArchiveDue struct {
	Month string     `json:"month"`
	Why   ArchiveWhy `json:"why"`
}

// ArchiveMonth is one archived month.
type ArchiveMonth struct {
	Seq    int    `json:"seq"`
	Month  string `json:"month"`
	Folder string `json:"folder"`
	Made   int64  `json:"made"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	Gaps   int    `json:"gaps"`
}

// ArchiveReport is what verifying an archive came to.
type ArchiveReport struct {
	Folder  string        `json:"folder"`
	Months  int           `json:"months"`
	Files   int           `json:"files"`
	Rows    int64         `json:"rows"`
	Bytes   int64         `json:"bytes"`
	Deleted int           `json:"deleted"` // months that a rule deleted
	Flaws   []ArchiveFlaw `json:"flaws"`   // empty: the archive is whole
}

// ArchiveFlaw is one thing that is wrong. The page has a sentence for each.
type ArchiveFlaw struct {
	What ArchiveFault `json:"what"`
	File string       `json:"file"`
}

// archiveSetting is what an office's book knows of its archive.
type archiveSetting struct {
	Folder string `json:"folder"`
	Head   string `json:"head"` // sum of the last manifest
	Keep   int    `json:"keep"`
}

const archiveSettingName = "archive"

func (s *shelf) archive(ctx context.Context) (a archiveSetting, err error) {
	err = s.book.Setting(ctx, archiveSettingName, &a)
	return a, err
}

func noArchive() ArchiveState { return ArchiveState{Months: []ArchiveMonth{}, Due: []ArchiveDue{}} }

// State tells what is archived and what is due, without reading the files.
func (r *RecordArchives) State(officeID string) (ArchiveState, error) {
	return shelved(r.shelves, "state of archive", officeID, func(ctx context.Context, _ *data, sh *shelf) (ArchiveState, error) { return r.state(ctx, sh) })
}

func (r *RecordArchives) state(ctx context.Context, sh *shelf) (ArchiveState, error) {
	state := noArchive()
	kept, err := sh.archive(ctx)
	if err != nil {
		return state, err
	}
	state.Folder, state.Keep = kept.Folder, kept.Keep
	chain, err := []archive.Link(nil), error(nil)
	if kept.Folder != "" {
		if chain, err = archive.Chain(kept.Folder); err != nil {
			return state, err
		}
	}
	now := r.api.now()
	for _, l := range chain {
		m := ArchiveMonth{Seq: l.Seq, Month: l.Month, Folder: l.Folder, Made: millis(l.Made), Rows: l.Rows, Gaps: len(l.Gaps)}
		for _, f := range l.Files {
			m.Bytes += f.Bytes
		}
		state.Months = append(state.Months, m)
	}
	state.Old = len(archive.Old(chain, kept.Keep, now))
	due, err := archive.Due(ctx, sh.book, kept.Folder, now)
	state.Due = mapped(due, func(m archive.DueMonth) ArchiveDue { return ArchiveDue{m.Month, ArchiveWhy(m.Why)} })
	return state, err
}

// Choose shows the computer's dialog for the archive's folder.
func (r *RecordArchives) Choose(officeID string) (ArchiveState, error) {
	return shelved(r.shelves, "choose archive", officeID, func(ctx context.Context, d *data, sh *shelf) (ArchiveState, error) {
		dir, err := r.api.cfg.Desktop.PickFolder()
		if err != nil {
			return noArchive(), err
		}
		if dir != "" {
			kept, err := sh.archive(ctx)
			if err != nil {
				return noArchive(), err
			}
			before := kept.Folder
			if dir != before {
				kept.Folder, kept.Head = dir, ""
			}
			if err := sh.book.SetSetting(ctx, archiveSettingName, kept); err != nil {
				return noArchive(), err
			}
			d.record.note(ctx, audit.Entry{
				Act: actArchiveChosen, Subject: sh.title(ctx, d, officeID), ID: officeID,
				Before: map[string]string{"folder": before}, After: map[string]string{"folder": dir},
			})
		}
		return r.state(ctx, sh)
	})
}

// Create archives every month that is due. It may take minutes; App.Cancel(requestID)
// stops it after the month at work.
func (r *RecordArchives) Create(requestID, officeID string) (ArchiveState, error) {
	return shelved(r.shelves, "create archive", officeID, func(root context.Context, d *data, sh *shelf) (ArchiveState, error) {
		ctx, end := r.api.calls.begin(root, requestID, 12*time.Hour)
		defer end()
		kept, err := sh.archive(ctx)
		if err != nil {
			return noArchive(), err
		}
		if kept.Folder == "" {
			return noArchive(), core.E(core.Invalid, "create archive", nil, "field", "folder", "reason", "missing")
		}
		made, err := archive.Create(ctx, sh.book, kept.Folder, sh.title(ctx, d, officeID), r.api.now(), nil)
		if len(made) > 0 {
			kept.Head = made[len(made)-1].Sum
			if saveErr := sh.book.SetSetting(context.WithoutCancel(ctx), archiveSettingName, kept); err == nil {
				err = saveErr
			}
			d.record.note(ctx, audit.Entry{
				Act: actArchiveMade, Subject: sh.title(ctx, d, officeID), ID: officeID,
				Facts: map[string]string{"folder": kept.Folder, "months": strconv.Itoa(len(made)), "sum": kept.Head},
			})
		}
		if err != nil {
			return noArchive(), err
		}
		return r.state(ctx, sh)
	})
}

// Verify reads every byte of the office's archive and tells what is wrong with it.
func (r *RecordArchives) Verify(requestID, officeID string) (ArchiveReport, error) {
	return shelved(r.shelves, "verify archive", officeID, func(root context.Context, _ *data, sh *shelf) (ArchiveReport, error) {
		ctx, end := r.api.calls.begin(root, requestID, 12*time.Hour)
		defer end()
		none := ArchiveReport{Flaws: []ArchiveFlaw{}}
		kept, err := sh.archive(ctx)
		if err != nil {
			return none, err
		}
		if kept.Folder == "" {
			return none, core.E(core.Invalid, "verify archive", nil, "field", "folder", "reason", "missing")
		}
		v, err := archive.Verify(ctx, kept.Folder, kept.Head)
		if err != nil {
			return none, err
		}
		return ArchiveReport{
			Folder: kept.Folder, Months: v.Months, Files: v.Files, Rows: v.Rows, Bytes: v.Bytes, Deleted: len(v.Deleted),
			Flaws: mapped(v.Flaws, func(f archive.Flaw) ArchiveFlaw { return ArchiveFlaw{ArchiveFault(f.What), f.File} }),
		}, nil
	})
}

// SetKeep sets for how many months archives are kept, at least 6; 0: for ever. Nothing
// is deleted by that: see DeleteOld.
func (r *RecordArchives) SetKeep(officeID string, months int) (ArchiveState, error) {
	return shelved(r.shelves, "set keeping", officeID, func(ctx context.Context, d *data, sh *shelf) (ArchiveState, error) {
		if months != 0 && (months < archive.LeastKept || months > 1200) {
			return noArchive(), core.E(core.Invalid, "set keeping", nil, "field", "keep", "reason", "short")
		}
		kept, err := sh.archive(ctx)
		if err != nil {
			return noArchive(), err
		}
		before := kept.Keep
		kept.Keep = months
		if err := sh.book.SetSetting(ctx, archiveSettingName, kept); err != nil {
			return noArchive(), err
		}
		d.record.note(ctx, audit.Entry{
			Act: actArchiveKept, Subject: sh.title(ctx, d, officeID), ID: officeID,
			Before: map[string]string{"months": strconv.Itoa(before)}, After: map[string]string{"months": strconv.Itoa(months)},
		})
		return r.state(ctx, sh)
	})
}

// DeleteOld deletes the archived months beyond the rule, the oldest first; what was
// deleted stays written in the archive. until is the last month that goes, as the person
// typed it: where it is another than the rule says now, nothing is deleted and the error
// is invalid with "field" typed.
func (r *RecordArchives) DeleteOld(officeID, until string) (ArchiveState, error) {
	return shelved(r.shelves, "delete old months", officeID, func(ctx context.Context, d *data, sh *shelf) (ArchiveState, error) {
		kept, err := sh.archive(ctx)
		if err != nil {
			return noArchive(), err
		}
		if kept.Folder == "" || kept.Keep == 0 {
			return noArchive(), core.E(core.Invalid, "delete old months", nil, "field", "keep", "reason", "missing")
		}
		chain, err := archive.Chain(kept.Folder)
		if err != nil {
			return noArchive(), err
		}
		now := r.api.now()
		if old := archive.Old(chain, kept.Keep, now); len(old) == 0 || old[len(old)-1].Month != until {
			return noArchive(), core.E(core.Invalid, "delete old months", nil, "field", "typed", "reason", "differs")
		}
		gone, err := archive.Delete(kept.Folder, kept.Keep, now)
		if len(gone) > 0 {
			names := mapped(gone, func(g archive.Deleted) string { return g.Month })
			d.record.note(ctx, audit.Entry{
				Act: actArchiveDeleted, Subject: sh.title(ctx, d, officeID), ID: officeID,
				Before: map[string]string{"months": strings.Join(names, ", ")},
				Facts:  map[string]string{"folder": kept.Folder, "months": strconv.Itoa(len(gone)), "rule": gone[0].Rule},
			})
		}
		if err != nil {
			return noArchive(), err
		}
		return r.state(ctx, sh)
	})
}

// Open reads an archive that the person picks into a shelf of its own, which can be
// searched like an office's by the ID that is returned; "" if the person changed their
// mind. It is gone when the program ends.
func (r *RecordArchives) Open(requestID string) (string, error) {
	return with(r.api, "open archive", func(root context.Context, _ *data) (string, error) {
		dir, err := r.api.cfg.Desktop.PickFolder()
		if err != nil || dir == "" {
			return "", err
		}
		ctx, end := r.api.calls.begin(root, requestID, 12*time.Hour)
		defer end()
		temp, err := os.MkdirTemp("", "mailroom-archive-")
		if err != nil {
			return "", core.E(core.ReadOnly, "open archive", err, "path", os.TempDir())
		}
		usual, err := archive.Zone(dir)
		if err != nil {
			return "", errors.Join(err, os.RemoveAll(temp))
		}
		book, err := records.Open(ctx, temp, usual)
		if err != nil {
			return "", errors.Join(err, os.RemoveAll(temp))
		}
		sh := &shelf{book: book, temp: temp}
		if _, err := archive.Open(ctx, dir, book, nil, nil); err != nil {
			_ = sh.close()
			return "", err
		}
		s := r.shelves
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed {
			_ = sh.close()
			return "", errClosed
		}
		s.opened++
		id := "archive-" + strconv.Itoa(s.opened)
		s.open[id] = sh
		return id, nil
	})
}

// sizeOf is what a folder's files take on the disk.
func sizeOf(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // what cannot be seen does not count
		}
		if info, err := e.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
