package api

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
)

// RemovedOffice is an office that is no longer connected and whose records are kept.
type RemovedOffice struct {
	ID       string   `json:"id"` // also that of its shelf, which can be searched and not added to
	Title    string   `json:"title"`
	Provider string   `json:"provider"`
	Removed  int64    `json:"removed"` // 0: not known
	Months   []string `json:"months"`  // of which there are records, the newest first
	Rows     int64    `json:"rows"`
	Bytes    int64    `json:"bytes"` // on the disk
}

// removal is what a book knows of its office's end.
type removal struct {
	Title    string    `json:"title"`
	Provider string    `json:"provider"`
	At       time.Time `json:"at"`
}

const removalSetting = "removed"

// retire ends what is at work for an office that is about to be removed, and writes into
// its book whose it was: the records stay, to be read, until somebody deletes them.
func (s *shelves) retire(ctx context.Context, d *data, one office.Office) {
	if s.known(one.ID) {
		if sh, err := s.of(ctx, d, one.ID); err != nil {
			slog.Warn("records do not know that their office is removed", "err", err)
		} else if err := sh.book.SetSetting(ctx, removalSetting, removal{Title: one.Title(), Provider: string(one.Provider), At: s.api.now()}); err != nil {
			slog.Warn("records do not know that their office is removed", "err", err)
		}
	}
	s.drop(one.ID)
}

// left says whether an ID is that of an office that was removed and has records. IDs come
// from the page: only what lies in the folder itself counts.
func (s *shelves) left(id string) bool {
	found, err := os.ReadDir(s.dir(""))
	return err == nil && slices.ContainsFunc(found, func(e os.DirEntry) bool { return e.IsDir() && e.Name() == id }) && s.known(id)
}

// Removed lists offices that were removed and whose records are still here.
func (s *RecordSources) Removed() ([]RemovedOffice, error) {
	return with(s.api, "list removed offices", func(ctx context.Context, d *data) ([]RemovedOffice, error) {
		all := []RemovedOffice{}
		offices, err := d.house.Book().Offices(ctx)
		if err != nil {
			return all, err
		}
		found, err := os.ReadDir(s.shelves.dir(""))
		if err != nil {
			return all, nil // no records were ever kept
		}
		for _, e := range found {
			id := e.Name()
			if slices.ContainsFunc(offices, func(o office.Office) bool { return o.ID == id }) || !s.shelves.left(id) {
				continue
			}
			one, err := s.removed(ctx, d, id)
			if err != nil {
				slog.Warn("records of a removed office cannot be read", "code", core.CodeOf(err), "err", err)
				continue
			}
			all = append(all, one)
		}
		slices.SortFunc(all, func(a, b RemovedOffice) int { return int(b.Removed - a.Removed) })
		return all, nil
	})
}

func (s *RecordSources) removed(ctx context.Context, d *data, id string) (RemovedOffice, error) {
	one := RemovedOffice{ID: id, Months: []string{}}
	sh, err := s.shelves.of(ctx, d, id)
	if err != nil {
		return one, err
	}
	one.Title, one.Provider, one.Removed = sh.removed.Title, sh.removed.Provider, millis(sh.removed.At)
	one.Months, one.Rows, err = sh.extent(ctx)
	one.Bytes = sizeOf(sh.book.Dir())
	return one, err
}

// extent is of which months there are records, the newest first, and how many.
func (s *shelf) extent(ctx context.Context) (months []string, rows int64, err error) {
	files, err := s.book.Months()
	if err != nil {
		return []string{}, 0, err
	}
	for _, name := range files {
		n, err := s.book.Len(ctx, name)
		if err != nil {
			return []string{}, rows, err
		}
		rows += n
	}
	months, err = s.book.OfficeMonths(ctx)
	return full(months), rows, err
}

// Erase deletes the records of an office that was removed. typed is the office's name as
// the person typed it. Errors: invalid with "field" typed where it is another; forbidden
// while the office is connected; not_found.
func (s *RecordSources) Erase(id, typed string) ([]RemovedOffice, error) {
	none := []RemovedOffice{}
	_, err := with(s.api, "delete records", func(ctx context.Context, d *data) (struct{}, error) {
		if _, err := d.house.Book().Office(ctx, id); err == nil {
			return struct{}{}, core.E(core.Forbidden, "delete records", nil, "reason", "connected")
		}
		if !s.shelves.left(id) {
			return struct{}{}, core.E(core.NotFound, "delete records", nil, "id", id)
		}
		one, err := s.removed(ctx, d, id)
		if err != nil {
			return struct{}{}, err
		}
		if typed != one.Title {
			return struct{}{}, core.E(core.Invalid, "delete records", nil, "field", "typed", "reason", "differs")
		}
		s.shelves.drop(id)
		if err := os.RemoveAll(s.shelves.dir(id)); err != nil {
			return struct{}{}, core.E(core.ReadOnly, "delete records", err, "path", s.shelves.dir(id))
		}
		d.record.note(ctx, audit.Entry{
			Act: actRecordsErased, Subject: one.Title, ID: id,
			Facts: map[string]string{"rows": strconv.FormatInt(one.Rows, 10), "months": strconv.Itoa(len(one.Months)), "from": last(one.Months), "to": first(one.Months)},
		})
		return struct{}{}, nil
	})
	if err != nil {
		return none, err
	}
	return s.Removed()
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

func last(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}
