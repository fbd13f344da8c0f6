package api

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate"
	"mailroom/backend/report"
)

// leftFolder holds the messages that a move left behind, beside the certificate.
const leftFolder = "left-behind"

// Limits of what is saved beside one certificate.
const (
	maxLeftSaved = 5000
	maxLeftBytes = 4 << 30
)

// saveLeft reads the messages left behind from the old mailboxes again and writes each
// as an EML file. What cannot be had is told in the result, and the certificate is
// written all the same.
func (s *saving) saveLeft(ctx context.Context, dir string) error {
	total := 0
	for i := range s.certificate.Mailboxes {
		total += len(s.certificate.Mailboxes[i].Left)
	}
	keep := &keeping{saving: s, dir: dir, all: min(total, maxLeftSaved), taken: map[string]bool{}}
	taken := map[string]bool{}
	for i := range s.certificate.Mailboxes {
		mb := &s.certificate.Mailboxes[i]
		if len(mb.Left) == 0 {
			continue
		}
		keep.box = mb
		keep.folder = leftFolder + "/" + unique(taken, report.FileName(mb.Label, "mailbox-"+strconv.Itoa(i+1)))
		if err := keep.mailbox(ctx, s.boxes[i]); err != nil {
			return err
		}
	}
	return nil
}

// keeping writes the files of one mailbox after the other.
type keeping struct {
	saving  *saving
	dir     string
	folder  string // relative to dir, with "/"
	box     *report.Mailbox
	done    int
	all     int
	bytes   int64
	taken   map[string]bool
	missing MissingLeft
}

func (k *keeping) mailbox(ctx context.Context, id string) error {
	s := k.saving
	k.missing = MissingLeft{Mailbox: k.box.Label}
	wanted := make([]migrate.LeftBehind, 0, len(k.box.Left))
	for _, l := range k.box.Left {
		wanted = append(wanted, migrate.LeftBehind{Folder: l.Folder, UID: l.UID})
	}
	if room := maxLeftSaved - k.done; len(wanted) > room {
		k.miss(len(wanted)-room, core.E(core.TooBig, "save left behind", nil, "limit", strconv.Itoa(maxLeftSaved)))
		wanted = wanted[:room]
	}
	seen := 0
	err := s.data.desk.Recover(ctx, s.order.MoveID, id, wanted, func(i int, m mailbox.Message) error {
		seen++
		k.done++
		err := m.Err
		if err == nil {
			err = k.keep(i, m)
		}
		s.api.cfg.Desktop.Emit("papers:progress", PapersProgress{RequestID: s.request, Done: k.done, Total: k.all})
		switch code := core.CodeOf(err); {
		case err == nil:
			s.saved.Left++
			return nil
		case code == core.DiskFull || code == core.ReadOnly || code == core.Canceled:
			return err
		}
		k.miss(1, err)
		return nil
	})
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return core.E(core.Canceled, "save left behind", ctx.Err())
	case core.CodeOf(err) == core.DiskFull || core.CodeOf(err) == core.ReadOnly:
		return err
	case err != nil: // the old mailbox does not answer any more: the paper is worth having without
		k.miss(len(wanted)-seen, err)
	}
	if k.missing.Count > 0 {
		s.saved.Missing = append(s.saved.Missing, k.missing)
	}
	return nil
}

func (k *keeping) miss(n int, why error) {
	if k.missing.Count == 0 {
		k.missing.Problem = *problemOf(why)
	}
	k.missing.Count += n
}

// keep writes one message.
func (k *keeping) keep(i int, m mailbox.Message) error {
	l := &k.box.Left[i]
	if k.bytes += m.Size; k.bytes > maxLeftBytes {
		return core.E(core.TooBig, "save left behind", nil)
	}
	folder := filepath.Join(k.dir, filepath.FromSlash(k.folder))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fileError(folder, err)
	}
	parts := []string{l.Folder, strconv.FormatUint(uint64(l.UID), 10)}
	if !l.Date.IsZero() {
		parts = append(parts, l.Date.Format("2006-01-02"))
	}
	name := unique(k.taken, k.folder+"/"+report.FileName(strings.Join(append(parts, l.Subject), " "), "message")) + ".eml"
	err := writeFile(filepath.Join(k.dir, filepath.FromSlash(name)), func(w io.Writer) error {
		n, err := io.Copy(w, io.LimitReader(m.Body, m.Size))
		if err == nil && n != m.Size {
			err = core.E(core.Malformed, "save left behind", io.ErrUnexpectedEOF)
		}
		return err
	})
	if err == nil {
		l.File = name
	}
	return err
}

// unique makes a name that was not taken; case does not tell names apart on every disk.
func unique(taken map[string]bool, name string) string {
	for n := 1; ; n++ {
		candidate := name
		if n > 1 {
			candidate += " (" + strconv.Itoa(n) + ")"
		}
		if key := strings.ToLower(candidate); !taken[key] {
			taken[key] = true
			return candidate
		}
	}
}
