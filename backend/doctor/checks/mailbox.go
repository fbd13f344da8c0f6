package checks

import (
	"context"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/signin"
	"mailroom/backend/mailbox"
)

// mailboxChecks sign in to one mailbox and look, without changing anything.
func mailboxChecks() []doctor.Check {
	all := []doctor.Check{
		define("mailbox.sign_in", "RFC 9051 6.2.3; docs/providers.md", checkSignIn, "ok:p", "unclear:w", "refused:f", "app_password:f", "imap_off:f", "second_factor:f", "locked:f", "cert:f", "unreachable:f"),
		define("mailbox.outgoing", "RFC 6409; RFC 4954", checkOutgoing, "ok:p", "unclear:w", "refused:f", "cert:f", "unreachable:f"),
		define("mailbox.room", "RFC 9208", checkRoom, "ok:p", "unknown:i", "nearly:w", "full:f"),
	}
	all[0].Wants, all[2].Wants = withMailbox, withMailbox
	all[1].Wants = func(x *doctor.Exam) bool { return x.Outgoing != nil }
	return all
}

func withMailbox(x *doctor.Exam) bool { return x.Mailbox != nil }

// visit is what one session at the mailbox learnt.
type visit struct {
	outcome  string // see package signin
	problem  error
	traits   mailbox.Traits
	folders  []mailbox.Folder
	states   map[string]mailbox.Status
	room     mailbox.Room
	hasRoom  bool
	sizes    []int64 // of messages, as far as they were listed
	listed   int     // folders whose messages were listed
	messages int64
	bytes    int64
	largest  int64
}

// Bounds of one visit.
const (
	visitMessages = 100_000 // whose sizes are asked for
	visitFolders  = 500
)

// visitOf signs in once for an examination: every further attempt could lock the mailbox.
func visitOf(ctx context.Context, x *doctor.Exam) (visit, bool) {
	return doctor.Once(ctx, x, "mailbox", func(ctx context.Context) visit {
		session, err := x.Mailbox.Open(ctx)
		v := visit{outcome: signin.Outcome(err), problem: err}
		if err != nil {
			return v
		}
		defer func() { _ = session.Close() }()
		v.look(ctx, session)
		return v
	})
}

// look asks folders, sizes and quota by EXAMINE and FETCH of sizes only. It stops where ctx
// ends: what was seen until then counts.
func (v *visit) look(ctx context.Context, s mailbox.Session) {
	v.traits = s.Traits()
	var err error
	if v.folders, err = s.Folders(ctx); err != nil {
		return
	}
	var ids []string
	for _, f := range v.folders[:min(len(v.folders), visitFolders)] {
		if f.Selectable {
			ids = append(ids, f.ID)
		}
	}
	if v.states, err = s.Statuses(ctx, ids); err != nil {
		return
	}
	for _, st := range v.states {
		v.messages += int64(st.Messages)
	}
	if w, ok := s.(mailbox.Writer); ok {
		if v.room, err = w.Room(ctx, "INBOX"); err == nil {
			v.hasRoom = true
		}
	}
	for _, id := range ids {
		if len(v.sizes) >= visitMessages || ctx.Err() != nil {
			return
		}
		if v.states[id].Messages == 0 {
			v.listed++
			continue
		}
		if _, err := s.Examine(ctx, id); err != nil {
			continue
		}
		err := s.List(ctx, 1, 0, 0, func(m mailbox.Meta) error {
			v.sizes = append(v.sizes, m.Size)
			v.bytes += m.Size
			v.largest = max(v.largest, m.Size)
			return nil
		})
		if err == nil {
			v.listed++
		}
	}
}

// visited is the visit where somebody got in; else nothing can be said.
func visited(ctx context.Context, x *doctor.Exam) (visit, []doctor.Finding) {
	v, ok := visitOf(ctx, x)
	switch {
	case !ok:
		return v, []doctor.Finding{}
	case v.outcome != "ok" || len(v.folders) == 0:
		return v, doctor.One(x.Domain, "unanswered", "host", x.Mailbox.Key())
	}
	return v, nil
}

var problemOf = map[string]string{
	signin.OK: "ok", signin.Refused: "refused", signin.AppPassword: "app_password", signin.IMAPOff: "imap_off", signin.SecondFactor: "second_factor",
	signin.Locked: "locked", signin.Cert: "cert", signin.Unreachable: "unreachable",
}

func problem(f doctor.Finding, at, outcome string, err error) doctor.Finding {
	if err != nil {
		f = f.Show(doctor.EvidenceError, at, err.Error())
	}
	reason := problemOf[outcome]
	if reason == "" {
		reason = "unclear"
	}
	if f = because(f, reason); reason != "ok" {
		f = f.Act("", "")
	}
	return f
}

func checkSignIn(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	v, ok := visitOf(ctx, x)
	if !ok {
		return nil
	}
	f := doctor.F(x.Mailbox.Key(), "ok", "family", v.traits.Family, "n", itoa(len(v.folders)))
	if o, ok := officeOf(ctx, x); ok && o.known {
		f = f.With("provider", o.provider.ID)
		f = problem(f, "IMAP", v.outcome, v.problem)
		if f.Reason == "imap_off" || f.Reason == "app_password" {
			f.Fix = nil
			f = f.Act(o.provider.ID, o.provider.SwitchOn.Help)
		}
		return one(f)
	}
	return one(problem(f, "IMAP", v.outcome, v.problem))
}

func checkOutgoing(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	err := x.Outgoing.Try(ctx)
	return one(problem(doctor.F(x.Domain, "ok"), "SMTP", signin.Outgoing(err), err))
}

// Parts of a hundred of the quota.
const (
	quotaFull = 98
	quotaNear = 80
)

func checkRoom(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	v, none := visited(ctx, x)
	if none != nil {
		return none
	}
	f := doctor.F(strings.TrimPrefix(x.Mailbox.Key(), "imap:"), "ok")
	if !v.hasRoom || v.room.QuotaTotal <= 0 || v.room.QuotaUsed < 0 {
		return one(because(f, "unknown"))
	}
	part := v.room.QuotaUsed * 100 / v.room.QuotaTotal
	f = f.With("used", mb(v.room.QuotaUsed), "total", mb(v.room.QuotaTotal), "percent", itoa(int(part)))
	switch {
	case part >= quotaFull:
		f = because(f, "full").Act("", "")
	case part >= quotaNear:
		f = because(f, "nearly").Act("", "")
	}
	return one(f)
}
