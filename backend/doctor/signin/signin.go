// Package signin sorts refused sign-ins by what a person can do about them. It leaves out
// signing in itself and every sentence.
package signin

import (
	"errors"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// The outcomes of a sign-in.
const (
	OK           = "ok"
	Refused      = "refused"
	AppPassword  = "app-password"  // a code or client password is wanted
	IMAPOff      = "imap-off"      // switched off for this mailbox
	SecondFactor = "second-factor" // signing in on the web is wanted
	Locked       = "locked"        // for a while
	Cert         = "cert"
	Unreachable  = "unreachable"
	Unknown      = "unknown"
)

// Outcome reads the cause of a refused sign-in at a mailbox: the server's class of refusal
// counts first.
func Outcome(err error) string {
	if err == nil {
		return OK
	}
	if refused, is := errors.AsType[*mailbox.Refusal](err); is {
		switch preset.Classify(preset.Reply{
			Status: refused.Status, Code: refused.Code, CodeArg: refused.CodeArg, Text: refused.Text, Command: refused.Command, Family: refused.Family,
		}).Class {
		case preset.NeedsAppPassword:
			return AppPassword
		case preset.ImapOff:
			return IMAPOff
		case preset.CoolDown, preset.IPBlocked, preset.WebLogin:
			return Locked
		case preset.OAuthNeeded:
			return SecondFactor
		}
	}
	switch core.CodeOf(err) {
	case core.Unauthenticated, core.Forbidden:
		return Refused
	case core.Unreachable, core.Timeout, core.Malformed:
		return Unreachable
	case core.UntrustedCert:
		return Cert
	case core.RateLimited:
		return Locked
	}
	return Unknown
}

// Outgoing reads the cause of a refused sign-in at an outgoing server.
func Outgoing(err error) string {
	if err == nil {
		return OK
	}
	switch core.CodeOf(err) {
	case core.Unauthenticated, core.Rejected, core.RateLimited:
		return Refused
	case core.Unreachable, core.Timeout, core.Unsupported:
		return Unreachable
	case core.UntrustedCert:
		return Cert
	}
	return Unknown
}
