package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// reader is a session that cannot write.
type reader struct {
	*archive
	box    *folder
	closed bool
}

var errNothingOpen = core.E(core.Invalid, "read folder", errors.New("no folder is open"))

// ready guards every act of a session.
func (r *reader) ready(ctx context.Context) error {
	if r.closed {
		return core.E(core.Internal, "use archive session", errors.New("session is closed"))
	}
	return ctx.Err()
}

func (r *reader) Traits() mailbox.Traits {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := mailbox.Traits{
		Kind: r.kind, MultiAppend: true, NonSync: true, UIDPlus: true, UIDNext: true,
		Binary: true, KeepsDate: true, CaseFold: r.folds, Notes: slices.Clone(r.notes),
	}
	r.layout.traits(&t)
	return t
}

func (r *reader) Folders(ctx context.Context) ([]mailbox.Folder, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	places, err := r.list(ctx, true)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	subs, err := r.subscribed()
	if err != nil {
		return nil, err
	}
	out := make([]mailbox.Folder, 0, len(places))
	for _, p := range places {
		out = append(out, mailbox.Folder{
			ID: p.id, Levels: slices.Clone(p.levels), Role: p.role(),
			Selectable: p.selectable, Subscribed: subs.has(p.id),
		})
	}
	return out, nil
}

func (r *reader) Statuses(ctx context.Context, ids []string) (map[string]mailbox.Status, error) {
	out := make(map[string]mailbox.Status, len(ids))
	for _, id := range ids {
		if err := r.ready(ctx); err != nil {
			return nil, err
		}
		f, err := r.folder(ctx, id)
		if err != nil {
			if isContext(err) {
				return nil, err
			}
			continue // absent from the result: it cannot be asked
		}
		out[id] = f.status()
	}
	return out, nil
}

func (r *reader) Examine(ctx context.Context, id string) (mailbox.Status, error) {
	if err := r.ready(ctx); err != nil {
		return mailbox.Status{}, err
	}
	f, err := r.folder(ctx, id)
	if err != nil {
		return mailbox.Status{}, err
	}
	r.box = f
	s := f.status()
	s.ReadOnly = true
	return s, nil
}

func (r *reader) List(ctx context.Context, from, to mailbox.UID, _ uint64, yield func(mailbox.Meta) error) error {
	if r.box == nil {
		return errNothingOpen
	}
	if to == 0 {
		to = ^mailbox.UID(0)
	}
	for {
		list := r.box.after(from, 512)
		if len(list) == 0 {
			return r.ready(ctx)
		}
		for i := range list {
			if err := r.ready(ctx); err != nil {
				return err
			}
			e := &list[i]
			if e.uid > to {
				return nil
			}
			if err := r.layout.look(r.box, e); err != nil {
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				return readFailure("list messages", r.where(r.box, e), err)
			}
			if err := yield(e.meta()); err != nil {
				return err
			}
		}
		from = list[len(list)-1].uid + 1
	}
}

func (e *entry) meta() mailbox.Meta {
	m := mailbox.Meta{UID: e.uid, Flags: slices.Clone(e.flags), Size: max(0, e.size)}
	if e.how&undated == 0 {
		m.Date = dateOf(e.date, e.zone)
	}
	return m
}

// where names a message's file for an error.
func (a *archive) where(f *folder, e *entry) string {
	return filepath.Join(a.dir, filepath.FromSlash(f.path), e.name)
}

func (r *reader) Headers(ctx context.Context, uids []mailbox.UID, yield func(mailbox.UID, int64, []byte) error) error {
	return r.each(ctx, uids, func(e *entry, s *stored, err error) error {
		var head []byte
		var size int64
		if err == nil {
			var body io.Reader
			if body, size, err = s.wire(ctx); err == nil {
				head, err = pickHeader(body)
			}
		}
		if err != nil {
			return readFailure("read header", r.where(r.box, e), err)
		}
		return yield(e.uid, size, head)
	})
}

func (r *reader) Fetch(ctx context.Context, uids []mailbox.UID, yield func(mailbox.Message) error) error {
	return r.each(ctx, uids, func(e *entry, s *stored, err error) error {
		m := mailbox.Message{UID: e.uid}
		if err == nil {
			m.Body, m.Size, err = s.wire(ctx)
		}
		if err != nil {
			if isContext(err) {
				return err
			}
			m.Body, m.Err = nil, readFailure("read message", r.where(r.box, e), err)
		}
		return yield(m)
	})
}

// each opens the messages that are still there, one after the other.
func (r *reader) each(ctx context.Context, uids []mailbox.UID, act func(*entry, *stored, error) error) error {
	if r.box == nil {
		return errNothingOpen
	}
	for _, uid := range uids {
		if err := r.ready(ctx); err != nil {
			return err
		}
		e, ok := r.box.get(uid)
		if !ok {
			continue
		}
		s, err := r.layout.open(r.box, &e)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			err = fmt.Errorf("open: %w", err)
		}
		err = act(&e, s, err)
		if s != nil {
			if cerr := s.close(); err == nil && cerr != nil {
				err = readFailure("close message", r.where(r.box, &e), cerr)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return r.leave()
}
