package archive

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// writer is a session that may write.
type writer struct {
	*reader
	open *batch // begun and not finished
}

var permanent = []string{`\Answered`, `\Flagged`, `\Deleted`, `\Seen`, `\Draft`, `\*`}

func (w *writer) FolderID(levels []string) (string, error) {
	if len(levels) == 0 || slices.Contains(levels, "") {
		return "", core.E(core.Invalid, "folder name", nil, "reason", "empty_level")
	}
	if len(levels) > maxDepth {
		return "", core.E(core.Invalid, "folder name", nil, "reason", "depth")
	}
	tidy := make([]string, len(levels))
	for i, l := range levels {
		tidy[i] = legible(l)
	}
	if strings.EqualFold(tidy[0], "INBOX") {
		tidy[0] = "INBOX"
	}
	places, err := w.list(context.Background(), false)
	if err != nil {
		return "", err
	}
	for _, p := range places {
		if p.selectable && equalLevels(p.levels, tidy) {
			return p.id, nil
		}
	}
	return w.layout.id(tidy)
}

func (w *writer) Create(ctx context.Context, ids []string) ([]error, error) {
	if err := w.ready(ctx); err != nil {
		return nil, err
	}
	places, err := w.list(ctx, true)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.places = slices.Clone(places)
	out := make([]error, len(ids))
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		out[i] = w.create(id)
	}
	return out, nil
}

func (w *writer) Subscribe(ctx context.Context, ids []string) ([]error, error) {
	if err := w.ready(ctx); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]error, len(ids))
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		out[i] = w.subscribe(id)
	}
	return out, nil
}

// create makes one folder; the archive's mu is held.
func (w *writer) create(id string) error {
	for _, p := range w.places {
		if p.id == id && p.selectable {
			return nil
		}
		if w.folds && p.id != id && strings.EqualFold(p.id, id) {
			return core.E(core.Conflict, "create folder", nil, "folder", legible(id), "existing", legible(p.id))
		}
	}
	p, err := w.layout.create(id)
	if err != nil {
		return writeFailure("create folder", filepath.Join(w.dir, filepath.FromSlash(p.path)), err)
	}
	w.places = slices.DeleteFunc(w.places, func(old place) bool { return old.id == id })
	w.places = append(w.places, p)
	return nil
}

func (w *writer) Select(ctx context.Context, id string) (mailbox.Status, error) {
	s, err := w.Examine(ctx, id)
	if err != nil {
		return s, err
	}
	s.ReadOnly = false
	s.PermanentFlags = slices.Clone(permanent)
	return s, nil
}

// turn takes the selected folder for a change.
func (w *writer) turn(ctx context.Context) error {
	if err := w.ready(ctx); err != nil {
		return err
	}
	if w.box == nil {
		return errNothingOpen
	}
	if w.open != nil {
		return core.E(core.Internal, "change folder", errors.New("a batch is not finished"))
	}
	return w.box.lock(ctx)
}

func (w *writer) Store(ctx context.Context, uids []mailbox.UID, add bool, flags []string) error {
	if err := w.turn(ctx); err != nil {
		return err
	}
	defer w.box.unlock()
	var changed []entry
	for _, uid := range uids {
		e, ok := w.box.get(uid)
		if !ok {
			continue
		}
		if now := mergeFlags(e.flags, add, flags); !slices.Equal(now, e.flags) {
			e.flags = now
			changed = append(changed, e)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return w.layout.flag(w.box, changed)
}

// logFlags writes changed flags to the index and then to the folder.
func (f *folder) logFlags(changed []entry) error {
	l := line{T: "flags"}
	for i := range changed {
		r := changed[i].record()
		l.Messages = append(l.Messages, record{UID: r.UID, Flags: r.Flags})
	}
	if err := f.log.append(l); err != nil {
		return err
	}
	for _, e := range changed {
		f.change(e.uid, func(old *entry) { *old = e })
	}
	return nil
}

func (w *writer) Remove(ctx context.Context, uids []mailbox.UID) error {
	if err := w.turn(ctx); err != nil {
		return err
	}
	defer w.box.unlock()
	var gone []entry
	for _, uid := range uids {
		if e, ok := w.box.get(uid); ok {
			gone = append(gone, e)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return w.layout.remove(ctx, w.box, gone)
}

// forget writes removed messages to the index and drops them from the folder.
func (f *folder) forget(gone []entry) error {
	uids := make([]mailbox.UID, len(gone))
	for i := range gone {
		uids[i] = gone[i].uid
	}
	if err := f.log.append(line{T: "gone", Gone: uids}); err != nil {
		return err
	}
	f.drop(uids)
	return nil
}

func (w *writer) Room(ctx context.Context, _ string) (mailbox.Room, error) {
	return mailbox.Room{MaxMessage: -1, QuotaTotal: -1, QuotaUsed: -1, QuotaMessages: -1}, w.ready(ctx)
}

func (w *writer) Close() error {
	if w.open != nil {
		w.open.abort()
	}
	return w.reader.Close()
}

// systemFlags are the flags of RFC 9051 section 2.3.2 that last.
var systemFlags = []string{`\Answered`, `\Flagged`, `\Deleted`, `\Seen`, `\Draft`}

// tidyFlags drops \Recent and doubles, and spells system flags as the RFC does.
func tidyFlags(flags []string) []string {
	var out []string
	for _, f := range flags {
		for _, s := range systemFlags {
			if strings.EqualFold(f, s) {
				f = s
			}
		}
		if f == "" || strings.EqualFold(f, `\Recent`) || containsFold(out, f) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func mergeFlags(have []string, add bool, flags []string) []string {
	if add {
		return tidyFlags(append(slices.Clone(have), flags...))
	}
	var out []string
	for _, f := range have {
		if !containsFold(flags, f) {
			out = append(out, f)
		}
	}
	return out
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}
