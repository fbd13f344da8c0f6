package api

import (
	"context"
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"

	"mailroom/backend/core"
)

// Limits on what is handed to other programs of the computer. Mail programs and
// Windows' own shell take links of about 2,000 characters.
const (
	maxRecipients = 60
	maxMailLink   = 1900
	maxNotice     = 400 // characters; systems cut at about 256
)

// Notify shows a notification of the computer with words of the page. Unsupported
// where the system has none, or the person wants none: the page shows it in the window
// then.
func (a *App) Notify(title, text string) error {
	_, err := with(a.api, "notify", func(ctx context.Context, d *data) (struct{}, error) {
		if s, err := d.settings(ctx); err == nil && s.Quiet {
			return struct{}{}, core.E(core.Unsupported, "notify", nil, "reason", "quiet")
		}
		return struct{}{}, a.notify(title, text)
	})
	return err
}

func (a *App) notify(title, text string) error {
	return guardDo("notify", func() error {
		if title == "" || utf8.RuneCountInString(title)+utf8.RuneCountInString(text) > maxNotice {
			return core.E(core.Invalid, "notify", nil, "field", "text", "reason", "too_long")
		}
		return a.api.cfg.Desktop.Notify(title, text)
	})
}

// WriteMail opens a draft in the person's mail program, with the recipients hidden
// from each other. Nothing is sent. Errors: invalid with Args field (to, text) and
// reason (missing, malformed, too_many, too_long): then the page offers to copy.
func (a *App) WriteMail(to []string, subject, text string) error {
	return guardDo("write mail", func() error {
		link, err := mailLink(to, subject, text)
		if err != nil {
			return err
		}
		a.api.cfg.Desktop.Browse(link)
		return nil
	})
}

// mailLink builds a mailto link (RFC 6068).
func mailLink(to []string, subject, text string) (string, error) {
	switch {
	case len(to) == 0:
		return "", core.E(core.Invalid, "write mail", nil, "field", "to", "reason", "missing")
	case len(to) > maxRecipients:
		return "", core.E(core.Invalid, "write mail", nil, "field", "to", "reason", "too_many")
	}
	escaped := make([]string, len(to))
	for i, address := range to {
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address || strings.ContainsAny(address, "\r\n,;?&") {
			return "", core.E(core.Invalid, "write mail", nil, "field", "to", "reason", "malformed", "value", address)
		}
		escaped[i] = escape(address)
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n") // RFC 6068, section 5
	link := "mailto:?bcc=" + strings.Join(escaped, ",") + "&subject=" + escape(subject) + "&body=" + escape(text)
	if len(link) > maxMailLink {
		return "", core.E(core.Invalid, "write mail", nil, "field", "text", "reason", "too_long")
	}
	return link, nil
}

// escape writes everything but letters, digits and the harmless marks as percent
// codes: what opens links refuses some of the others.
func escape(s string) string {
	s = strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
	return strings.NewReplacer("~", "%7E", "*", "%2A").Replace(s)
}
