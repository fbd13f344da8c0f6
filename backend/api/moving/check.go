package moving

import (
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
)

// Limits on what a person may ask for.
const (
	maxMailboxes = 5000
	maxParallel  = 16
)

// check finds what is wrong with a draft before anything connects. Errors are
// invalid with Args row (1-based), field and reason.
func check(mailboxes []Mailbox, o *Options) error {
	switch {
	case len(mailboxes) == 0:
		return core.E(core.Invalid, "check move", nil, "field", "mailboxes", "reason", "missing")
	case len(mailboxes) > maxMailboxes:
		return core.E(core.Invalid, "check move", nil, "field", "mailboxes", "reason", "too_many", "limit", strconv.Itoa(maxMailboxes))
	}
	switch o.Verify {
	case "":
		o.Verify = migrate.VerifyFingerprint
	case migrate.VerifyNone, migrate.VerifyCounts, migrate.VerifyFingerprint, migrate.VerifyBytes:
	default:
		return core.E(core.Invalid, "check move", nil, "field", "verify", "reason", "unknown")
	}
	if err := checkWhen(o); err != nil {
		return err
	}
	if err := o.checkDays(); err != nil {
		return err
	}
	o.Parallel = min(max(o.Parallel, 0), maxParallel)
	seen := map[string]int{}
	for i := range mailboxes {
		mb := &mailboxes[i]
		row := strconv.Itoa(i + 1)
		for _, side := range []struct {
			name string
			e    *Endpoint
		}{{"from", &mb.From}, {"to", &mb.To}} {
			field, reason := side.e.wrong()
			if side.name == "to" && side.e.Kind == "pop3" {
				field, reason = "kind", "read_only_kind"
			}
			if reason != "" && (!mb.Self || field != "password") {
				return core.E(core.Invalid, "check move", nil, "row", row, "side", side.name, "field", field, "reason", reason)
			}
		}
		from, to := mb.From.place(), mb.To.place()
		if from == to {
			return core.E(core.Invalid, "check move", nil, "row", row, "reason", "same_mailbox", "mailbox", mb.From.Shown())
		}
		if other, twice := seen[from+"\x00"+to]; twice {
			return core.E(core.Invalid, "check move", nil, "row", row, "reason", "duplicate", "other", strconv.Itoa(other), "mailbox", mb.From.Shown())
		}
		seen[from+"\x00"+to] = i + 1
	}
	return nil
}

// checkDays looks at the bounds on dates: real days, in their order.
func (o *Options) checkDays() error {
	since, err := migrate.ParseDay(o.Since)
	if err != nil {
		return core.E(core.Invalid, "check move", nil, "field", "since", "reason", "malformed")
	}
	before, err := migrate.ParseDay(o.Before)
	if err != nil || !before.IsZero() && !before.After(since) {
		return core.E(core.Invalid, "check move", nil, "field", "before", "reason", "malformed")
	}
	return nil
}

// Check finds what is wrong with an endpoint before anything connects: invalid with
// Args field and reason.
func (e *Endpoint) Check() error {
	if field, reason := e.wrong(); reason != "" {
		return core.E(core.Invalid, "check endpoint", nil, "field", field, "reason", reason)
	}
	return nil
}

// wrong names the field that is wrong and why; "" if all is well.
func (e *Endpoint) wrong() (field, reason string) {
	switch e.Kind {
	case "practice":
		switch {
		case e.User == "":
			return "user", "missing"
		case e.Side != "old" && e.Side != "new":
			return "side", "unknown"
		}
	case "imap", "pop3":
		return e.wrongServer()
	case "maildir", "mbox", "eml":
		switch {
		case e.Path == "":
			return "path", "missing"
		case !filepath.IsAbs(e.Path):
			return "path", "not_absolute"
		}
	default:
		return "kind", "unknown"
	}
	return "", ""
}

func (e *Endpoint) wrongServer() (field, reason string) {
	switch {
	case e.Host == "":
		return "host", "missing"
	case strings.ContainsAny(e.Host, " /@\r\n\x00"):
		return "host", "malformed"
	case e.Port < 0 || e.Port > 65535:
		return "port", "malformed"
	case e.User == "":
		return "user", "missing"
	case strings.ContainsAny(e.User+e.Authz, "\r\n\x00"):
		return "user", "malformed"
	case (e.Auth == "oauth" || e.alone()) && e.App == "":
		return "app", "missing"
	case e.Secret == "" && e.Auth == "oauth":
		return "signIn", "missing"
	case e.Secret == "" && !e.alone():
		return "password", "missing"
	case e.CA != "" && !filepath.IsAbs(e.CA):
		return "ca", "not_absolute"
	}
	switch e.Security {
	case "tls", "starttls":
	case "plain":
		if ip := net.ParseIP(strings.Trim(e.Host, "[]")); !strings.EqualFold(e.Host, "localhost") && (ip == nil || !ip.IsLoopback()) {
			return "security", "not_loopback"
		}
	default:
		return "security", "unknown"
	}
	return "", ""
}

// alone says whether the office's app signs in without the person.
func (e *Endpoint) alone() bool { return e.Auth == "service" || e.Auth == "application" }

// place tells mailboxes apart: the same place is the same mailbox.
func (e *Endpoint) place() string {
	switch e.Kind {
	case "practice":
		return "practice " + e.Side + " " + strings.ToLower(e.User)
	case "imap", "pop3":
		user := e.User
		if e.Authz != "" {
			user = e.Authz
		}
		port := e.Port
		if port == 0 {
			port = e.usualPort()
		}
		// One server listens on 143 and 993, so the standard ports are one place.
		server := strings.ToLower(e.Host)
		if port != 143 && port != 993 && port != 110 && port != 995 {
			server += ":" + strconv.Itoa(port)
		}
		return "imap " + server + " " + strings.ToLower(user)
	}
	return "path " + filepath.Clean(e.Path)
}

// usualPort is the standard one of the kind and protection.
func (e *Endpoint) usualPort() int {
	switch {
	case e.Kind == "pop3" && e.Security == "tls":
		return 995
	case e.Kind == "pop3":
		return 110
	case e.Security == "tls":
		return 993
	}
	return 143
}

// Shown is the mailbox's name for a message to the person.
func (e *Endpoint) Shown() string {
	switch {
	case e.Path != "":
		return e.Path
	case e.Authz != "":
		return e.Authz
	}
	return e.User
}
