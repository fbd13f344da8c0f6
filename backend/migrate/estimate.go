package migrate

import (
	"context"
	"fmt"
	"io"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/foldermap"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// estimate weighs a move without changing either side. The ledger is only read: a
// dry run leaves no trace there but the account's number.
func (m *Mover) estimate(ctx context.Context) (Estimate, error) {
	mv := m.begin()
	l := &lane{move: mv}
	defer l.close()
	e := Estimate{Folders: []FolderReport{}, WillLeave: []LeftBehind{}, Warnings: []Trouble{}, RoomFree: -1, MaxMessage: -1}
	if err := mv.prepare(ctx, l, false); err != nil {
		return e, err
	}
	if err := mv.room(ctx, l, &e); err != nil {
		return e, err
	}
	targets := map[*origin]*target{}
	for _, t := range mv.targets {
		for _, o := range t.origins {
			targets[o] = t
		}
	}
	for _, o := range mv.origins {
		fr, err := mv.weigh(ctx, l, o, targets[o] != nil, &e)
		if err != nil {
			return e, err
		}
		e.Folders = append(e.Folders, fr)
		e.Messages += fr.Messages
		e.Bytes += fr.Bytes
	}
	e.RoomNeeded = e.ToCopyBytes
	if e.RoomFree >= 0 && e.RoomNeeded > e.RoomFree {
		e.Warnings = append(e.Warnings, Trouble{Code: core.OverQuota, Class: string(preset.OverQuota),
			Args: map[string]string{"needed": fmt.Sprint(e.RoomNeeded), "free": fmt.Sprint(e.RoomFree)}})
	}
	mv.duration(ctx, l, &e)
	mv.book.note(mv.srcTraits.Notes...)
	e.Warnings = append(e.Warnings, mv.book.troubles...)
	return e, nil
}

// room asks the destination's limits.
func (mv *move) room(ctx context.Context, l *lane, e *Estimate) error {
	id, err := l.dst.FolderID([]string{"INBOX"})
	if err != nil {
		id = "INBOX"
	}
	r, err := l.dst.Room(ctx, id)
	if err != nil {
		if lost(err) {
			return err
		}
		return nil // no limits told
	}
	e.MaxMessage = r.MaxMessage
	if e.MaxMessage < 0 {
		if d := preset.Engine(mv.dstTraits.Family, true); d.MaxMessage > 0 {
			e.MaxMessage = d.MaxMessage
		}
	}
	if r.QuotaTotal >= 0 && r.QuotaUsed >= 0 {
		e.RoomFree = max(0, r.QuotaTotal-r.QuotaUsed)
	}
	return nil
}

// weigh lists one source folder and counts what would be copied.
func (mv *move) weigh(ctx context.Context, l *lane, o *origin, open bool, e *Estimate) (FolderReport, error) {
	fr, err := mv.report(ctx, o, &Result{}, nil)
	if err != nil || !o.entry.Source.Selectable {
		return fr, err
	}
	fr.Copied, fr.AlreadyThere, fr.LeftBehind = 0, 0, 0
	if o.entry.Action != foldermap.Copy {
		return fr, nil
	}
	arrived := newUIDSet()
	if err := mv.arrived(ctx, o, arrived); err != nil {
		return fr, err
	}
	if !open && o.known { // settled: nothing to list
		counts, _, err := mv.led.Tally(ctx, o.folder.ID)
		fr.AlreadyThere = counts[ledger.Copied] + counts[ledger.Adopted]
		return fr, err
	}
	if _, err := l.src.Examine(ctx, o.entry.Source.ID); err != nil {
		return fr, err
	}
	fr.Counts = Counts{}
	err = l.src.List(ctx, 1, 0, 0, func(meta mailbox.Meta) error {
		fr.Messages++
		fr.Bytes += meta.Size
		row := l.entry(o, meta)
		switch {
		case row.State == ledger.Excluded:
			fr.Excluded++
		case arrived.has(meta.UID):
			fr.AlreadyThere++
		case e.MaxMessage >= 0 && meta.Size > e.MaxMessage:
			fr.LeftBehind++
			e.WillLeaveCount++
			if len(e.WillLeave) < leftLimit {
				e.WillLeave = append(e.WillLeave, LeftBehind{Folder: o.name(), UID: meta.UID, Date: meta.Date, Size: meta.Size, Class: string(preset.TooBig)})
			}
		default:
			e.ToCopy++
			e.ToCopyBytes += meta.Size
		}
		return nil
	})
	return fr, err
}

// arrived gathers the source UIDs that need no copying any more.
func (mv *move) arrived(ctx context.Context, o *origin, into *uidSet) error {
	folders, err := mv.led.Folders(ctx, mv.account)
	if err != nil {
		return err
	}
	for _, f := range folders {
		if f.Source != o.entry.Source.ID || f.Validity != o.status.UIDValidity || f.Target != o.targetID {
			continue
		}
		for part, err := range mv.led.Each(ctx, f.ID, ledger.Sent, ledger.Copied, ledger.Adopted) {
			if err != nil {
				return err
			}
			for _, row := range part {
				into.add(row.UID)
			}
		}
	}
	return nil
}

// What a move manages where nothing else limits it: measured between two own servers
// on one machine (docs/performance.md) and halved.
const (
	batchesPerSecond = 1000 // messages, where the destination takes batches
	singlesPerSecond = 400  // messages, where it takes them one by one
	usualBytes       = 20 << 20
	sampleBytes      = 2 << 20
)

// duration estimates the time from the presets, the round trips and a short sample of
// the source's speed.
func (mv *move) duration(ctx context.Context, l *lane, e *Estimate) {
	if e.ToCopy == 0 {
		return
	}
	from, to := preset.Engine(mv.srcTraits.Family, false), preset.Engine(mv.dstTraits.Family, true)
	bytesPerSecond := float64(usualBytes)
	if v := mv.sample(ctx, l); v > 0 {
		bytesPerSecond = min(bytesPerSecond, v)
	}
	if v := pace(mv.opt.BytesPerSecond, from.BytesPerSecond, to.BytesPerSecond); v > 0 && mv.throttle.after == 0 {
		bytesPerSecond = min(bytesPerSecond, float64(v))
	}
	messagesPerSecond := float64(singlesPerSecond)
	if mv.dstTraits.MultiAppend {
		messagesPerSecond = batchesPerSecond
	}
	if !mv.dstTraits.NonSync && mv.dstTraits.RTT > 0 {
		messagesPerSecond = min(messagesPerSecond, float64(mv.lanes())/mv.dstTraits.RTT.Seconds())
	}
	if v := slower(from.MessagesPerSecond, to.MessagesPerSecond); v > 0 {
		messagesPerSecond = min(messagesPerSecond, v)
	}
	e.Seconds = 1 + float64(e.ToCopyBytes)/bytesPerSecond + float64(e.ToCopy)/messagesPerSecond
	if mv.throttle.daily > 0 {
		e.Days = float64(e.ToCopyBytes) / float64(mv.throttle.daily)
	}
}

// sample fetches some messages and throws them away to learn the source's speed.
func (mv *move) sample(ctx context.Context, l *lane) float64 {
	for _, t := range mv.targets {
		o := t.origins[0]
		if o.status.Messages == 0 {
			continue
		}
		if _, err := l.src.Examine(ctx, o.entry.Source.ID); err != nil {
			return 0
		}
		var uids []uint32
		sum := int64(0)
		err := l.src.List(ctx, 1, 0, 0, func(meta mailbox.Meta) error {
			if sum < sampleBytes && meta.Size < sampleBytes {
				uids = append(uids, meta.UID)
				sum += meta.Size
			}
			return nil
		})
		if err != nil || len(uids) == 0 {
			return 0
		}
		read, start := int64(0), time.Now()
		err = l.src.Fetch(ctx, uids, func(msg mailbox.Message) error {
			if msg.Err != nil {
				return nil
			}
			n, err := io.Copy(io.Discard, msg.Body)
			read += n
			return err
		})
		if err != nil || read < sampleBytes/8 {
			return 0
		}
		return float64(read) / max(time.Since(start).Seconds(), 1e-3)
	}
	return 0
}
