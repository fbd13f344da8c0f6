package lookup

import (
	"slices"
	"strings"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
)

// mail tells what became of the newest mail that was found, and lists the others.
func (a *asking) mail(hits []records.Hit, more bool) error {
	mails := mailsOf(hits)
	a.out.Others = mails[1:min(len(mails), 21)]
	err := a.fate(&mails[0].Record)
	a.out.Facts.Count, a.out.Facts.More = len(mails), more
	return err
}

// mailsOf are the mails that records are of, each once.
func mailsOf(hits []records.Hit) (mails []records.Hit) {
	seen := map[string]bool{}
	for _, h := range hits {
		if id := identity(&h.Record); !seen[id] {
			seen[id] = true
			mails = append(mails, h)
		}
	}
	return mails
}

// identity is what the records of one mail have in common.
func identity(r *logs.Record) string {
	if r.MessageID != "" {
		return r.MessageID
	}
	return strings.Join([]string{r.From, r.Subject, r.At.Truncate(10 * time.Minute).Format(time.RFC3339)}, "\x00")
}

// fate lays out the time line of a record's mail and makes the verdict.
func (a *asking) fate(r *logs.Record) error {
	line, err := a.trail(r)
	if err != nil {
		return err
	}
	slices.Reverse(line)
	a.out.Line = line
	a.judge(r)
	return nil
}

// afterwards is how long after its arrival a mail's fate is looked for.
const afterwards = 90 * 24 * time.Hour

// trail finds the records of one mail, newest first.
func (a *asking) trail(r *logs.Record) ([]records.Hit, error) {
	before := 72 * time.Hour
	if act(r) {
		before = afterwards
	}
	root := query.Node{Op: query.And, Kids: []query.Node{
		{Op: query.Is, Field: query.On, Value: "span", From: r.At.Add(-before), To: r.At.Add(afterwards)},
	}}
	if r.MessageID != "" {
		root.Kids = append(root.Kids, query.Node{Op: query.Is, Field: query.MessageID, Value: r.MessageID, Folded: strings.Trim(r.MessageID, "<>")})
	} else {
		if r.From != "" {
			root.Kids = append(root.Kids, one(query.From, r.From))
		}
		if r.Subject != "" {
			root.Kids = append(root.Kids, one(query.Subject, r.Subject))
		}
		if len(root.Kids) == 1 {
			root.Kids = append(root.Kids, one(query.Person, r.Person))
		}
	}
	hits, _, err := a.find(query.Query{Root: root})
	if act(r) && r.MessageID == "" { // of several mails with this subject, the last one before
		for _, h := range hits {
			if h.Record.Kind == logs.Received && !h.Record.At.After(r.At) {
				mail := h.Record
				return slices.DeleteFunc(hits, func(h records.Hit) bool {
					return !act(&h.Record) && !sameMail(&mail, &h.Record)
				}), err
			}
		}
	}
	return slices.DeleteFunc(hits, func(h records.Hit) bool {
		return h.Record.Kind == logs.Traffic || h.Record.Kind == logs.SignIn || !sameMail(r, &h.Record)
	}), err
}

// act says whether a record is of something that somebody did.
func act(r *logs.Record) bool { return r.Kind == logs.User || r.Kind == logs.Admin }

// sameMail keeps mails with equal subjects apart that have no ID: what happened to one
// in the mailbox may come much later, another mail is another.
func sameMail(r, other *logs.Record) bool {
	if r.MessageID != "" || act(other) {
		return true
	}
	away := other.At.Sub(r.At)
	return other.Subject == r.Subject && away > -10*time.Minute && away < 10*time.Minute
}

var outcomes = map[logs.Kind]map[logs.Outcome]Verdict{
	logs.Received: {
		logs.Delivered: Arrived, logs.OK: Arrived, logs.Junk: ArrivedJunk, logs.Foldered: ArrivedFolder, logs.Quarantined: Held,
		logs.Blocked: Turned, logs.Refused: Turned, logs.Pending: UnderWay, logs.Failed: Turned, logs.Bounced: Turned,
	},
	logs.Sent: {
		logs.Delivered: SentOn, logs.OK: SentOn, logs.Bounced: CameBack, logs.Failed: NotSent, logs.Blocked: NotSent, logs.Refused: NotSent,
		logs.Pending: UnderWay, logs.Quarantined: Held, logs.Junk: SentOn, logs.Foldered: SentOn,
	},
}

// judge makes the verdict of a mail from its time line: what the recipient's log says
// counts more than the sender's, and what somebody did to it afterwards more than both.
func (a *asking) judge(asked *logs.Record) {
	best := asked
	for i := range a.out.Line {
		if r := &a.out.Line[i].Record; r.Kind == logs.Received && best.Kind != logs.Received {
			best = r
		}
	}
	a.out.Verdict = outcomes[best.Kind][best.Outcome]
	if a.out.Verdict == "" {
		a.out.Verdict = Unclear
	}
	a.out.Facts = factsOf(best)
	for i := range a.out.Line {
		r := &a.out.Line[i].Record
		if !act(r) || r.Outcome == logs.Failed || r.At.Before(best.At) {
			continue
		}
		v, ok := map[logs.Action]Verdict{logs.ActMailMove: ArrivedMoved, logs.ActMailTrash: ArrivedTrash, logs.ActMailDelete: ArrivedGone,
			logs.ActRelease: Arrived, logs.ActMailRestore: Arrived}[r.Action]
		if !ok {
			continue
		}
		a.out.Verdict = v
		a.out.Facts.Then, a.out.Facts.By, a.out.Facts.Folder = r.At, r.Person, r.Target
		if r.IP.IsValid() {
			a.out.Facts.IP = r.IP.String()
		}
	}
}

// deleted tells who deleted or moved the newest mail that was found.
func (a *asking) deleted(hits []records.Hit, more bool) error {
	done := &hits[0].Record
	if err := a.fate(done); err != nil {
		return err
	}
	a.out.Others = hits[1:min(len(hits), 21)]
	f := &a.out.Facts
	if a.out.Verdict == Unclear || f.Then.IsZero() || !came(a.out.Line) { // the mail itself is not in the log
		a.out.Verdict = map[logs.Action]Verdict{logs.ActMailMove: Moved, logs.ActMailTrash: Trashed}[done.Action]
		if a.out.Verdict == "" {
			a.out.Verdict = Gone
		}
		*f = factsOf(done)
		f.Then, f.By, f.At = done.At, done.Person, time.Time{}
	}
	f.Count, f.More = len(hits), more
	return nil
}

// came says whether a time line has the mail itself, not only what was done to it.
func came(line []records.Hit) bool {
	return slices.ContainsFunc(line, func(h records.Hit) bool { return !act(&h.Record) })
}
