package intake

import (
	"context"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// surely is how far back a log is believed to reach whatever it says: nobody keeps a log
// for less than a week.
const surely = 7 * 24 * time.Hour

// proof is how far back a source that does not say how long it keeps its log has been
// seen to reach: it told a record of that age. Empty answers about earlier days prove
// nothing, since what is no longer kept looks the same.
type proof struct {
	reached time.Duration // the age of the oldest record, when it was told
	oldest  time.Time     // the oldest record of the window that is asked for; zero: none yet
}

func (k *kind) proofSetting() string { return records.ReachedSetting(k.Scope, k.reach.Kind) }

// silent says that the source does not say how long it keeps this log.
func (k *kind) silent() bool { return k.reach.Kept <= 0 && !k.reach.Partial }

func (k *kind) readProof(ctx context.Context) error {
	if !k.silent() {
		return nil
	}
	return inBook(k.Book.Setting(ctx, k.proofSetting(), &k.proof.reached))
}

// witness notes what a page told. A day's sums of nothing are no record of it.
func (k *kind) witness(all []logs.Record) {
	for i := range all {
		r := &all[i]
		if d := r.Day; d != nil && d.Sent <= 0 && d.Received <= 0 && d.Used <= 0 {
			continue
		}
		if k.proof.oldest.IsZero() || r.At.Before(k.proof.oldest) {
			k.proof.oldest = r.At
		}
	}
}

// known parts a window that was answered into what is certain, and takes note of the
// rest. Windows come newest first: an older record vouches for the empty days after it.
func (k *kind) known(ctx context.Context, w records.Span) (records.Span, error) {
	if !k.silent() {
		return w, nil
	}
	now := k.now()
	if first := k.proof.oldest; !first.IsZero() {
		if err := k.prove(ctx, k.floor(first, false)); err != nil {
			return w, err
		}
	}
	since := k.floor(now.Add(-max(k.proof.reached, surely)), false)
	if !w.From.Before(since) {
		return w, nil
	}
	doubt := records.Span{From: w.From, To: since}
	if w.To.Before(since) {
		doubt.To = w.To
	}
	w.From = doubt.To
	return w, inBook(k.Book.Lost(ctx, k.Scope, k.reach.Kind, records.Missing{Span: doubt, Why: records.Unsure}))
}

// prove notes that the source still keeps everything from a moment on.
func (k *kind) prove(ctx context.Context, since time.Time) error {
	age := k.now().Sub(since)
	if !k.silent() || age <= max(k.proof.reached, surely) {
		return nil
	}
	k.proof.reached = age
	if err := k.Book.SetSetting(ctx, k.proofSetting(), age); err != nil {
		return inBook(err)
	}
	return k.vouch(ctx, since)
}

// vouch counts days that were answered with nothing as complete, from a moment on.
func (k *kind) vouch(ctx context.Context, since time.Time) error {
	covers, err := k.Book.Covers(ctx)
	if err != nil {
		return inBook(err)
	}
	for _, c := range covers {
		if c.Scope != k.Scope || c.Kind != k.reach.Kind {
			continue
		}
		for _, m := range c.Lost {
			if m.Why != records.Unsure || !m.To.After(since) {
				continue
			}
			if m.From.Before(since) {
				m.From = since
			}
			if err := k.Book.Covered(ctx, c.Scope, c.Kind, m.Span, m.To); err != nil {
				return inBook(err)
			}
		}
	}
	return nil
}
