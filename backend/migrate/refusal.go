package migrate

import (
	"context"
	"errors"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// judge looks a server's refusal up in the error dictionary; ok is false if err is
// not a refusal.
func judge(err error, attempt int) (v preset.Verdict, r *mailbox.Refusal, ok bool) {
	r, ok = errors.AsType[*mailbox.Refusal](err)
	if !ok {
		return preset.Verdict{}, nil, false
	}
	return preset.Classify(preset.Reply{Status: r.Status, Code: r.Code, CodeArg: r.CodeArg, Text: r.Text,
		Command: r.Command, Family: r.Family, Attempt: attempt}), r, true
}

// lost reports that the session is dead, so that its commands' outcome is unknown.
func lost(err error) bool {
	if r, ok := errors.AsType[*mailbox.Refusal](err); ok && r.Status == "BYE" {
		return true
	}
	switch core.CodeOf(err) {
	case core.Unreachable, core.Timeout:
		return true
	}
	return false
}

// final reports that no further try of this run can help. A server's mere wish for a
// slower pace is not final: that it was heeded long enough is, which names its class.
func final(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	switch core.CodeOf(err) {
	case core.RateLimited:
		return core.ArgsOf(err)["class"] != ""
	case core.Unauthenticated, core.UntrustedCert, core.Forbidden, core.OverQuota, core.DiskFull, core.ReadOnly,
		core.NewerData, core.InUse, core.Internal, core.Canceled:
		return true
	}
	return false
}

// parked is the error that ends an account's work for now.
func parked(v preset.Verdict, err error) error {
	code := core.RateLimited
	switch v.Class {
	case preset.OverQuota:
		code = core.OverQuota
	case preset.DailyQuota, preset.CoolDown, preset.Throttle, preset.ConnLimit, preset.Transient:
	case preset.NoRight, preset.ImapOff, preset.IPBlocked:
		code = core.Forbidden
	default:
		code = core.Unauthenticated
	}
	return core.E(code, "park", err, "class", string(v.Class))
}

// classOf names an error's class for reports: the dictionary's, else the code.
func classOf(err error) string {
	if class := core.ArgsOf(err)["class"]; class != "" {
		return class
	}
	if v, _, ok := judge(err, 0); ok {
		return string(v.Class)
	}
	return string(core.CodeOf(err))
}

// serverWords are the other side's own words, if any.
func serverWords(err error) string {
	if r, ok := errors.AsType[*mailbox.Refusal](err); ok {
		return r.Error()
	}
	return ""
}

func troubleOf(err error, folder string) Trouble {
	return Trouble{Code: core.CodeOf(err), Class: classOf(err), Folder: folder, Args: core.ArgsOf(err), Server: serverWords(err)}
}
