package logfile

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
)

// A log of two gigabytes takes a while: who stops it does not begin anew.
func TestAReadingThatIsStoppedGoesOnWhereItStopped(t *testing.T) {
	const mails = 8000
	var b strings.Builder
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for i := range mails {
		when := at.Add(time.Duration(i) * time.Second).Format("2006-01-02T15:04:05.000000+00:00")
		fmt.Fprintf(&b, "%s mx postfix/qmgr[9]: %010X: from=<a@partner.example>, size=%d, nrcpt=1 (queue active)\n", when, i, i+1)
		fmt.Fprintf(&b, "%s mx postfix/lmtp[11]: %010X: to=<p@office.example>, relay=dovecot[private/lmtp], delay=0.3, delays=0.1/0/0.1/0.1, dsn=2.0.0, status=sent (250 2.0.0 Saved)\n", when, i)
		fmt.Fprintf(&b, "%s mx postfix/qmgr[9]: %010X: removed\n", when, i)
	}
	path := filepath.Join(t.TempDir(), "mail.log")
	write(t, path, b.String())
	r, book := reader(t)
	ctx, stop := context.WithCancel(t.Context())
	first, err := r.File(ctx, path, func(done, of int64) {
		if of != int64(b.Len()) {
			t.Errorf("of %d bytes", of)
		}
		if done > of/2 {
			stop()
		}
	})
	if core.CodeOf(err) != core.Canceled && !errors.Is(err, context.Canceled) || first.Tally.New < mails/3 || first.Tally.New >= mails {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := r.File(t.Context(), path, nil)
	if err != nil || second.Lines > 3*mails-first.Lines+10 || first.Tally.New+second.Tally.New != mails {
		t.Errorf("%+v and then %+v, %v", first, second, err)
	}
	if got := len(all(t, book, "kind:received")); got != mails {
		t.Errorf("%d of %d mails", got, mails)
	}
	if third, err := r.File(t.Context(), path, nil); err != nil || !third.Known {
		t.Errorf("%+v %v", third, err)
	}
}
