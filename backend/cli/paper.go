package cli

import (
	"bytes"
	"encoding/base64"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/migrate"
	"mailroom/backend/report"
)

// paperFlags ask for a certificate beside the report; move and verify share them.
type paperFlags struct {
	Certificate string `placeholder:"FILE" help:"help_certificate"`
	Lang        string `enum:",zh,en,both" default:"" placeholder:"zh|en|both" help:"help_lang"`
}

// check finds a name without a format before anything is moved.
func (p *paperFlags) check() error {
	if p.Certificate == "" {
		return nil
	}
	if _, err := report.FormatOf(p.Certificate); err != nil {
		return core.E(core.Invalid, "certificate", err, "problem", "certificate_format", "file", p.Certificate)
	}
	if info, err := os.Stat(filepath.Dir(p.Certificate)); err != nil || !info.IsDir() {
		return core.E(core.Invalid, "certificate", err, "problem", "certificate_folder", "file", p.Certificate)
	}
	return nil
}

// save writes the certificate of what was done.
func (p *paperFlags) save(r *run, results []*outcome, exit int) error {
	if p.Certificate == "" {
		return nil
	}
	format, err := report.FormatOf(p.Certificate)
	if err != nil {
		return err
	}
	words, err := p.words(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.Write(&b, format, certificateOf(r.env.Version, results, exit), words...); err != nil {
		return err
	}
	if err := writeWhole(p.Certificate, b.Bytes()); err != nil {
		return err
	}
	r.saved = append(r.saved, r.words.say("saved.certificate", "file", p.Certificate))
	return nil
}

func (p *paperFlags) words(r *run) ([]*report.Words, error) {
	names := map[string][]string{"zh": {"zh-CN"}, "en": {"en"}, "both": {"zh-CN", "en"}}[p.Lang]
	if names == nil {
		names = []string{"en"}
		if r.words == chinese {
			names = []string{"zh-CN"}
		}
	}
	all := make([]*report.Words, 0, len(names))
	for _, name := range names {
		w, err := report.LoadWords(r.env.Words, name)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// writeWhole writes a file whole or not at all.
func writeWhole(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return core.E(core.ReadOnly, "write file", err, "file", path)
	}
	_, err = f.Write(raw)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return core.E(core.ReadOnly, "write file", err, "file", path)
	}
	return nil
}

// certificateOf says what this run came to. What an earlier run stored counts as
// already there: a terminal keeps no list of moves.
func certificateOf(version string, results []*outcome, exit int) *report.Certificate {
	c := &report.Certificate{Version: version, Issued: time.Now(), State: "done"}
	switch exit {
	case exitOK:
	case exitLeft:
		c.State = "left_behind"
	default:
		c.State = "failed"
	}
	for _, res := range results {
		if c.Started.IsZero() || !res.Started.IsZero() && res.Started.Before(c.Started) {
			c.Started = res.Started
		}
		if res.Ended.After(c.Ended) {
			c.Ended = res.Ended
		}
		c.Mailboxes = append(c.Mailboxes, mailboxOf(res))
	}
	return c
}

func mailboxOf(res *outcome) report.Mailbox {
	mb := report.Mailbox{
		Label: first(res.errand.name, res.errand.from.shown), From: res.errand.from.shown, To: res.errand.to.shown,
		State: string(res.State), Counts: paperCounts(res.Counts), Notes: res.Notes,
	}
	if res.code() == core.Canceled {
		mb.State = "canceled"
	}
	if len(res.Mismatch) == 0 && res.Verified != "" && res.Verified != migrate.VerifyNone {
		mb.Verified, mb.ComparedAt = string(res.Verified), res.Ended
		mb.Compared = res.Copied + res.AlreadyThere
	}
	for _, f := range res.Folders {
		mb.Folders = append(mb.Folders, report.Folder{
			Source: f.Source, Target: f.Target, Role: f.Role, Reason: f.Reason, Verified: f.Verified, Counts: paperCounts(f.Counts),
		})
	}
	for _, l := range res.Left {
		mb.Left = append(mb.Left, report.Left{
			Folder: l.Folder, From: l.From, Subject: l.Subject, UID: l.UID, Date: l.Date, Size: l.Size, Class: l.Class, Server: l.Server,
		})
	}
	for _, d := range res.Mismatch {
		mb.Differences = append(mb.Differences, report.Difference{Folder: d.Folder, UID: d.UID, Kind: d.Kind, Detail: d.Detail})
	}
	return mb
}

func paperCounts(c migrate.Counts) report.Counts {
	return report.Counts{
		Messages: c.Messages, Copied: c.Copied, AlreadyThere: c.AlreadyThere, Excluded: c.Excluded, LeftBehind: c.LeftBehind,
		Pending: max(0, c.Messages-c.Copied-c.AlreadyThere-c.Excluded-c.LeftBehind), Bytes: c.Bytes,
	}
}

// readInvitation opens the invitation of the command line and lets it say from where
// to where and how.
func (v *moveVerb) readInvitation(r *run) error {
	switch {
	case v.Invite == "" && v.Result != "":
		return core.E(core.Invalid, "arguments", nil, "problem", "result_alone")
	case v.Invite == "":
		return nil
	case v.From != "" || v.To != "" || v.People != "":
		return core.E(core.Invalid, "arguments", nil, "problem", "invite_alone")
	}
	f, err := os.Open(v.Invite)
	if err != nil {
		return core.E(core.NotFound, "read invitation", err, "file", v.Invite)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, 8<<20))
	if err != nil {
		return core.E(core.Invalid, "read invitation", err, "file", v.Invite, "class", "invite-unreadable")
	}
	inv, err := invite.Read(raw)
	if err == nil {
		err = inv.Expired(time.Now())
	}
	if err != nil {
		return core.E(core.CodeOf(err), "read invitation", err, "file", v.Invite)
	}
	r.invited = inv
	v.Verify = first(inv.Options.Verify, v.Verify)
	v.Exclude, v.ExcludeDeleted = inv.Options.Exclude, inv.Options.ExcludeDeleted
	v.Since, v.Before = day(inv.Options.Since), day(inv.Options.Before)
	v.Connections, v.Rate, v.Daily = inv.Options.Connections, amount(inv.Options.BytesPerSecond), amount(inv.Options.BytesPerDay)
	if r.json == nil {
		_, _ = io.WriteString(r.stderr, r.words.say("invited", "office", inv.Office.Name, "digits", invite.Fingerprint(inv.Office.Key),
			"person", inv.Person, "from", inv.From.Host, "to", inv.To.Host)+"\n")
	}
	return nil
}

// invitedErrand is the one mailbox of an invitation.
func (r *run) invitedErrand(a *addressing) ([]*errand, []error) {
	e := &errand{name: r.invited.Person}
	from, err := trusting(a, &r.invited.From)
	if err != nil {
		return nil, []error{err}
	}
	to, err := trusting(a, &r.invited.To)
	if err != nil {
		return nil, []error{err}
	}
	if e.from, err = r.place(from, sideFrom, addressOf(&r.invited.From), "", "", ""); err == nil {
		e.to, err = r.place(to, sideTo, addressOf(&r.invited.To), "", "", "")
	}
	if err != nil {
		return nil, []error{err}
	}
	return []*errand{e}, nil
}

// trusting is how a server of an invitation is reached: by the certificate or authority
// that the invitation names, else by those of the command line.
func trusting(a *addressing, s *invite.Server) (*addressing, error) {
	own := *a
	own.Pin = first(s.Pin, a.Pin)
	authority, err := s.AuthorityFile(filepath.Join(a.stateDir(), "authorities"))
	own.CA = first(authority, a.CA)
	return &own, err
}

func addressOf(s *invite.Server) string {
	u := url.URL{Scheme: "imaps", User: url.User(s.User), Host: s.Host}
	switch s.Security {
	case "starttls":
		u.Scheme = "imap+starttls"
	case "plain":
		u.Scheme = "imap"
	}
	if s.Port != 0 {
		u.Host = net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	}
	if s.Auth != "" {
		u.RawQuery = url.Values{"mechanism": {s.Auth}}.Encode()
	}
	return u.String()
}

// invitedTargets are the folder choices of an invitation.
func invitedTargets(choices []invite.Choice) map[string]string {
	all := map[string]string{}
	for _, c := range choices {
		raw, err := base64.RawURLEncoding.DecodeString(c.Folder)
		switch {
		case err != nil:
		case c.Skip:
			all[string(raw)] = ""
		case c.Target != "":
			all[string(raw)] = c.Target
		}
	}
	return all
}

// saveResult signs what came of an invitation and writes it for the office.
func (v *moveVerb) saveResult(r *run, res *outcome) error {
	if v.Result == "" || r.invited == nil {
		return nil
	}
	answer := invite.Result{
		Program: r.env.Version, State: string(res.State), Started: res.Started, Ended: res.Ended, Counts: invitedCounts(res.Counts),
		Verified: string(res.Verified), Compared: res.Copied + res.AlreadyThere, DifferAll: len(res.Mismatch), Notes: res.Notes,
	}
	for _, f := range res.Folders {
		answer.Folders = append(answer.Folders, invite.Folder{
			Key: base64.RawURLEncoding.EncodeToString([]byte(f.SourceID)), Source: f.Source, Target: f.Target, Role: string(f.Role),
			Action: f.Action, Reason: f.Reason, Verified: f.Verified, Counts: invitedCounts(f.Counts),
		})
	}
	for _, l := range res.Left {
		answer.Left = append(answer.Left, invite.Left{
			Folder: l.Folder, UID: l.UID, Date: l.Date, From: l.From, Subject: l.Subject, Size: l.Size, Class: l.Class, Server: l.Server,
		})
	}
	for _, d := range res.Mismatch {
		answer.Differ = append(answer.Differ, invite.Difference{Folder: d.Folder, UID: d.UID, Kind: d.Kind, Detail: d.Detail})
	}
	raw, err := r.invited.Answer(answer).Encode()
	if err != nil {
		return err
	}
	if err := writeWhole(v.Result, raw); err != nil {
		return err
	}
	r.saved = append(r.saved, r.words.say("saved.result", "file", v.Result))
	return nil
}

func invitedCounts(c migrate.Counts) invite.Counts {
	return invite.Counts{
		Messages: c.Messages, Copied: c.Copied, AlreadyThere: c.AlreadyThere, Excluded: c.Excluded, LeftBehind: c.LeftBehind, Bytes: c.Bytes,
	}
}
