package imap

import (
	"errors"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// refusal turns a server's NO, BAD or BYE into the contract's error.
func (c *conn) refusal(verb string, st status) *mailbox.Refusal {
	return &mailbox.Refusal{
		Status: st.kind, Code: st.code, CodeArg: c.scrub(decodeText(st.arg)), Text: c.scrub(st.text),
		Command: verb, Family: c.family,
	}
}

// refused wraps a refusal with the code that its response code or plain wording
// shows. It never claims that the connection is gone; where nothing is obvious the
// code is rejected, and package migrate's dictionary knows more.
func (c *conn) refused(op, verb string, st status) error {
	return core.E(refusedCode(verb, st), op, c.refusal(verb, st))
}

var byResponseCode = map[string]core.Code{
	"OVERQUOTA": core.OverQuota, "TOOBIG": core.TooBig, "THROTTLED": core.RateLimited, "LIMIT": core.RateLimited,
	"INUSE": core.RateLimited, "NONEXISTENT": core.NotFound, "TRYCREATE": core.NotFound, "ALREADYEXISTS": core.Conflict,
	"AUTHENTICATIONFAILED": core.Unauthenticated, "AUTHORIZATIONFAILED": core.Unauthenticated,
	"EXPIRED": core.Unauthenticated, "NOPERM": core.Forbidden, "CONTACTADMIN": core.Forbidden,
}

func refusedCode(verb string, st status) core.Code {
	text := strings.ToLower(st.text)
	switch {
	case strings.Contains(text, "backoff time"), strings.Contains(text, "throttled"),
		strings.Contains(text, "bandwidth limits"), strings.Contains(text, "rate limit"):
		return core.RateLimited
	case strings.HasSuffix(verb, "APPEND") && (st.code == "LIMIT" || strings.Contains(text, "maximum size") ||
		strings.Contains(text, "message size exceeded") || strings.Contains(text, "too large")):
		return core.TooBig
	case strings.Contains(text, "over quota"), strings.Contains(text, "overquota"), strings.Contains(text, "quota exceeded"),
		strings.Contains(text, "disk quota"):
		return core.OverQuota
	}
	if code, ok := byResponseCode[st.code]; ok {
		return code
	}
	return core.Rejected
}

// signInRefused codes the refusal of a sign-in: unauthenticated, except where the
// server says that it is only busy (RFC 5530 UNAVAILABLE, INUSE, LIMIT).
func (c *conn) signInRefused(verb string, st status) error {
	code := refusedCode(verb, st)
	busy := st.code == "UNAVAILABLE" || st.code == "SERVERBUG"
	if code != core.RateLimited && !busy {
		code = core.Unauthenticated
	} else {
		code = core.RateLimited
	}
	return core.E(code, "sign in", c.refusal(verb, st), "host", c.cfg.Host, "user", c.cfg.User)
}

// alreadyThere recognises the refusal of a CREATE whose folder exists.
func alreadyThere(st status) bool {
	if st.code == "ALREADYEXISTS" {
		return true
	}
	text := strings.ToLower(st.text)
	for _, words := range []string{"already exists", "mailbox exists", "folder exists", "duplicate folder", "name conflict", "已存在", "已经存在"} {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

func asRefusal(err error) (*mailbox.Refusal, bool) { return errors.AsType[*mailbox.Refusal](err) }
