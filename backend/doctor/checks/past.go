package checks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/mtasts"
	"mailroom/backend/doctor/probe"
)

// pastChecks are those that compare with what earlier examinations saw.
func pastChecks() []doctor.Check {
	all := []doctor.Check{
		define("transport.sts_history", "RFC 8461 3.1", checkSTSHistory, "ok:p", "first:i", "stale:w"),
		define("dkim.age", "M3AAWG DKIM Key Rotation", checkDKIMAge, "ok:p", "first:i", "old:i"),
		define("smtp.greylisting", "RFC 6647", checkGreylisting, "ok:p", "seen:w", "later:w"),
	}
	all[2].Wants = ownHost
	return all
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// checkSTSHistory: senders fetch a policy again only when the record's id changes, so
// the first policy seen under an id is the one that they keep.
func checkSTSHistory(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := stsFetched(ctx, x)
	if none != nil || !s.fetched {
		return none
	}
	record, err := mtasts.ParseRecord(s.records[0])
	switch {
	case err != nil || s.fault != nil || len(s.records) > 1:
		return doctor.One(x.Domain, "nothing")
	case x.Past == nil:
		return doctor.One(x.Domain, "no_past")
	}
	id := record.ID
	thing, now := "mta-sts id "+id, digest(string(s.page.Body))
	before, at, known := x.Past.Recall(ctx, x.Domain, thing)
	f := doctor.F(x.Domain, "ok", "id", id, "date", at.Format(time.DateOnly)).Show(doctor.EvidenceRecord, "_mta-sts."+x.Domain+" TXT", s.records[0]).
		Show(doctor.EvidenceHTTP, s.url, string(s.page.Body))
	switch {
	case !known:
		x.Past.Keep(ctx, x.Domain, thing, now, x.Now())
		f = because(f, "first")
	case before != now:
		f = because(f, "stale").Mend("_mta-sts."+x.Domain, "TXT", "v=STSv1; id="+x.Now().UTC().Format("20060102150405"))
	}
	return one(f)
}

// keyYear is how long a signing key may stand before it is told.
const keyYear = 365 * 24 * time.Hour

func checkDKIMAge(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if x.Past == nil {
		return doctor.One(x.Domain, "no_past")
	}
	all := each(ctx, x, func(k keyAt, f doctor.Finding) doctor.Finding {
		if k.err != nil {
			return doctor.Finding{}
		}
		thing, now := "dkim "+k.selector, digest(k.texts[0])
		before, at, known := x.Past.Recall(ctx, x.Domain, thing)
		if !known || before != now {
			x.Past.Keep(ctx, x.Domain, thing, now, x.Now())
			if !known {
				f = because(f, "first")
			}
			return f.With("days", "0")
		}
		age := x.Now().Sub(at)
		f = f.With("days", strconv.Itoa(int(age.Hours()/24)))
		if age > keyYear {
			f = because(f, "old")
		}
		return f
	})
	if len(all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return all
}

// greyWords are what servers say that put unknown senders off for a while and tell why.
var greyWords = regexp.MustCompile(`(?i)gr[ae]y-?list|postgrey`)

const (
	greyPause  = 2 * time.Second     // before the second try within one examination
	greyMemory = 14 * 24 * time.Hour // a refusal that lies further back explains nothing
)

// checkGreylisting asks for an address that must exist: who is put off first and let in
// when he comes back was greylisted. Where the pause is longer than an examination, the
// next one tells.
func checkGreylisting(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	try := func() (string, []probe.Step, probe.Step, bool) {
		host, steps := envelope(ctx, x, "MAIL FROM:<>", "RCPT TO:<postmaster@"+x.Domain+">", "RSET")
		s, ok := last(steps, 2)
		return host, steps, s, ok
	}
	host, steps, s, ok := try()
	if !ok {
		return doctor.One(x.Domain, "unanswered", "host", x.Domain)
	}
	thing := "put off " + host
	f := transcript(doctor.F(host, "ok", "host", host, "words", s.Code+" "+s.Reply), host, steps)
	if s.Code[0] != '4' {
		if x.Past == nil {
			return one(f)
		}
		before, at, known := x.Past.Recall(ctx, x.Domain, thing)
		if known && before != "" && x.Now().Sub(at) < greyMemory {
			f = because(f, "seen").With("words", before, "minutes", strconv.Itoa(int(x.Now().Sub(at).Minutes()))).Act("", "")
		}
		return one(f)
	}
	words := f.Facts["words"]
	if x.Past != nil {
		x.Past.Keep(ctx, x.Domain, thing, words, x.Now())
	}
	timer := time.NewTimer(min(greyPause, x.Slow()))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return nil
	}
	_, more, second, ok := try()
	switch {
	case ok && second.Code[0] == '2':
		return one(because(transcript(f, host, more), "seen").With("minutes", "0").Act("", ""))
	case greyWords.MatchString(words):
		return one(because(f, "seen").With("minutes", "0").Act("", ""))
	}
	return one(because(f, "later").Act("", ""))
}
