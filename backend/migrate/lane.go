package migrate

import (
	"context"
	"errors"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// A lane is one pair of sessions that works through targets, one after the other.
// When a session dies it opens another and looks at the destination before it
// sends anything again.
type lane struct {
	*move
	src          mailbox.Session
	dst          mailbox.Writer
	refusalsHere int // by the destination on this connection
	shelf        shelf
}

// setbacks is how many failures in a row without any progress end a target's work.
const setbacks = 6

// close says goodbye to both sides at once.
func (l *lane) close() {
	var both sync.WaitGroup
	if src := l.src; src != nil {
		both.Go(func() { _ = src.Close() })
	}
	if dst := l.dst; dst != nil {
		both.Go(func() { _ = dst.Close() })
	}
	both.Wait()
	l.src, l.dst = nil, nil
	l.refusalsHere = 0
}

// connect opens what is not open, both sides at once.
func (l *lane) connect(ctx context.Context) error {
	type opened struct {
		s   mailbox.Session
		err error
	}
	dst := make(chan opened, 1)
	go func() {
		if l.dst != nil {
			dst <- opened{s: l.dst}
			return
		}
		s, err := l.to.open(ctx)
		dst <- opened{s, err}
	}()
	var srcErr error
	if l.src == nil {
		l.src, srcErr = l.from.open(ctx)
	}
	d := <-dst
	if d.err == nil {
		w, ok := d.s.(mailbox.Writer)
		if !ok {
			_ = d.s.Close()
			return errors.Join(srcErr, core.E(core.Unsupported, "write to destination", nil, "side", l.to.name))
		}
		l.dst = w
	}
	if srcErr != nil {
		return srcErr
	}
	return d.err
}

// connectDestination opens only the destination, if it is not open.
func (l *lane) connectDestination(ctx context.Context) error {
	if l.dst != nil {
		return nil
	}
	s, err := l.to.open(ctx)
	if err != nil {
		return err
	}
	w, ok := s.(mailbox.Writer)
	if !ok {
		_ = s.Close()
		return core.E(core.Unsupported, "write to destination", nil, "side", l.to.name)
	}
	l.dst = w
	return nil
}

// work brings one target to its end, through whatever breaks on the way.
func (l *lane) work(ctx context.Context, t *target, act func(context.Context, *target) error) error {
	failures := 0
	for {
		before := t.steps.Load()
		err := l.connect(ctx)
		if err == nil {
			err = act(ctx, t)
		}
		if err == nil {
			return nil
		}
		if t.steps.Load() > before {
			failures = 0
		}
		failures++
		d, again := l.setback(ctx, err, failures)
		if !again {
			return givenUp(err)
		}
		l.close()
		if err := l.pause(ctx, d, classOf(err)); err != nil {
			return err
		}
	}
}

// givenUp makes a refusal that asked for a slower pace, or for a day's rest, final
// for the whole account, unless it was about one folder.
func givenUp(err error) error {
	v, _, ok := judge(err, 0)
	if !ok || lost(err) || core.CodeOf(err) != core.RateLimited || v.Scope == preset.ScopeFolder || v.Scope == preset.ScopeMessage {
		return err
	}
	return core.E(core.RateLimited, "give up", err, "class", string(v.Class))
}

// setback decides whether a target's work goes on after err, and after which pause.
func (l *lane) setback(ctx context.Context, err error, failures int) (time.Duration, bool) {
	wait := min(time.Duration(1<<min(failures, 6))*250*time.Millisecond, 15*time.Second)
	if final(ctx, err) || failures > setbacks {
		return 0, false
	}
	if v, _, ok := judge(err, failures-1); ok && !lost(err) {
		switch v.Action {
		case preset.Wait, preset.Reconnect, preset.RetryOnce, preset.Repair:
			return max(v.Wait, wait), v.Action == preset.Wait || v.Action == preset.Reconnect || failures < 2
		default:
			return 0, false
		}
	}
	return wait, lost(err) || core.CodeOf(err) == core.Malformed
}
