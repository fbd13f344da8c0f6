package archive

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// stage is where a batch's messages wait until all are on the disk.
type stage interface {
	// add writes one message and tells its entry, without a UID.
	add(ctx context.Context, e entry, body io.Reader) (entry, error)
	// sync makes the messages last and settles their names. The turn is held.
	sync(ctx context.Context, list []entry) error
	// publish puts them into the folder, after the index has them. The turn is held.
	publish(list []entry) error
	// abort takes back everything. It may be called twice, and after publish.
	abort()
}

// batch is one atomic run of messages: all of them arrive, or none.
type batch struct {
	w     *writer
	box   *folder
	stage stage
	list  []entry
	done  []mailbox.Appended
	err   error
}

func (w *writer) Batch(ctx context.Context, id string, n int) (mailbox.Batch, error) {
	if err := w.ready(ctx); err != nil {
		return nil, err
	}
	if w.open != nil {
		return nil, core.E(core.Internal, "append", errors.New("the batch before is not finished"))
	}
	f, err := w.folder(ctx, id)
	if err != nil {
		return nil, err
	}
	s, err := w.layout.stage(ctx, f)
	if err != nil {
		return nil, writeFailure("append", filepath.Join(w.dir, filepath.FromSlash(f.path)), err)
	}
	w.open = &batch{w: w, box: f, stage: s, list: make([]entry, 0, min(max(n, 0), 1000))}
	return w.open, nil
}

// abort gives the batch up; nothing of it stays.
func (b *batch) abort() {
	b.stage.abort()
	if b.w.open == b {
		b.w.open = nil
	}
}

// fail gives the batch up because of err.
func (b *batch) fail(err error) error {
	b.abort()
	b.err = writeFailure("append", filepath.Join(b.w.dir, filepath.FromSlash(b.box.path)), err)
	return b.err
}

func (b *batch) Add(ctx context.Context, m mailbox.Append) error {
	if b.err != nil {
		return b.err
	}
	if err := b.w.ready(ctx); err != nil {
		return b.fail(err)
	}
	e := entry{size: m.Size, how: exact | ownWriting, flags: tidyFlags(m.Flags)}
	if m.Date.IsZero() {
		m.Date = time.Now()
	}
	e.setDate(m.Date)
	body := &counted{patient: patient{ctx: ctx, src: io.LimitReader(m.Body, m.Size+1)}}
	e, err := b.stage.add(ctx, e, body)
	if err != nil {
		if body.err != nil {
			err = core.E(core.CodeOf(body.err), "read message to append", body.err)
		}
		return b.fail(err)
	}
	if body.n != m.Size {
		return b.fail(core.E(core.Internal, "append", errors.New("message is not as long as announced")))
	}
	b.list = append(b.list, e)
	return nil
}

func (b *batch) Finish(ctx context.Context) error {
	if b.err != nil {
		return b.err
	}
	if err := b.w.ready(ctx); err != nil {
		return b.fail(err)
	}
	if holds, ok := b.stage.(interface{ holdsTurn() bool }); !ok || !holds.holdsTurn() {
		if err := b.box.lock(ctx); err != nil {
			return b.fail(err)
		}
		defer b.box.unlock()
	}
	if err := b.commit(ctx); err != nil {
		return b.fail(err)
	}
	b.stage.abort() // frees what the stage holds; nothing is left to take back
	b.w.open = nil
	return nil
}

func (b *batch) commit(ctx context.Context) error {
	if len(b.list) == 0 {
		return nil
	}
	f := b.box
	if uint64(f.next)+uint64(len(b.list)) >= 1<<32-1 {
		return core.E(core.Conflict, "append", nil, "reason", "uids_used_up")
	}
	if err := b.stage.sync(ctx, b.list); err != nil {
		return err
	}
	next := f.next
	for i := range b.list {
		b.list[i].uid = next
		next++
	}
	if err := f.log.append(line{T: "add", Messages: recordsOf(b.list)}); err != nil {
		return err
	}
	// From here on the batch is there: what cannot be renamed now waits in the
	// staging folder and is served from it until the next opening.
	err := b.stage.publish(b.list)
	f.add(b.list, next)
	for i := range b.list {
		b.done = append(b.done, mailbox.Appended{UID: b.list[i].uid})
	}
	return err
}

func (b *batch) Wait(ctx context.Context) ([]mailbox.Appended, error) {
	if b.err != nil {
		return nil, b.err
	}
	if b.w.open == b {
		return nil, core.E(core.Internal, "append", errors.New("the batch is not finished"))
	}
	return b.done, ctx.Err()
}

// counted counts a message's bytes and remembers whether reading it failed.
type counted struct {
	patient
	n   int64
	err error
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.patient.Read(b)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}
