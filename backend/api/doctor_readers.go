package api

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/mail"
	"os"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/bounce"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/header"
	dns "mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/pick"
)

// Readers reads mail for the doctor: returned mail and headers. Nothing of it is kept.
type Readers struct {
	api *API

	once     sync.Once
	resolver *dns.Resolver // nil: the computer names no DNS server
}

// MailInput is a mail as the person hands it in: pasted text, a file of this computer,
// the bytes of a dropped file, or one of a mailbox. The first that is given counts.
type MailInput struct {
	Text   string     `json:"text"`
	Path   string     `json:"path"`
	Base64 string     `json:"base64"`
	Picked *MailPlace `json:"picked,omitempty"`
}

// MailPlace is where a mail lies.
type MailPlace struct {
	Endpoint Endpoint `json:"endpoint"`
	Folder   string   `json:"folder"` // raw name
	Validity uint32   `json:"validity"`
	UID      uint32   `json:"uid"`
}

// MailItem is a mail of a mailbox that can be chosen.
type MailItem struct {
	Folder   string `json:"folder"` // raw name
	Shown    string `json:"shown"`  // the folder as people read it
	Junk     bool   `json:"junk"`
	Validity uint32 `json:"validity"`
	UID      uint32 `json:"uid"`
	From     string `json:"from"`
	Subject  string `json:"subject"`
	Date     int64  `json:"date"`
	Size     int64  `json:"size"`
}

// pickLimit bounds a look into a mailbox, pickDays how far back it goes.
const (
	pickLimit = 60 * time.Second
	pickDays  = 90
)

// RecentMail signs in and lists mail of the last 90 days from the inbox and junk folders,
// the newest first, at most a hundred; with returned, only what looks like returned mail.
// Nothing is changed there, not even marked as read. App.Cancel(requestID) stops it.
// Errors: those of a sign-in.
func (r *Readers) RecentMail(requestID string, e Endpoint, returned bool) ([]MailItem, error) {
	return with(r.api, "list mail", func(root context.Context, _ *data) ([]MailItem, error) {
		ctx, end := r.api.calls.begin(root, requestID, pickLimit)
		defer end()
		account, err := r.api.mailbox(ctx, e)
		if err != nil {
			return []MailItem{}, err
		}
		all, err := pick.Recent(ctx, account, time.Now().AddDate(0, 0, -pickDays), returned)
		return mapped(all, func(i pick.Item) MailItem {
			return MailItem{i.Folder, i.Shown, i.Junk, i.Validity, i.UID, i.From, i.Subject, ms(i.Date), i.Size}
		}), err
	})
}

// mailFiles is what a mail is saved as.
var mailFiles = FileFilter{Name: "EML, TXT", Patterns: "*.eml;*.txt;*.msg;*.mht"}

// maxMailFile is the most that is read of a file, in bytes.
const maxMailFile = 16 << 20

// PickMail shows the computer's dialog for a saved mail; "" if the person changed
// their mind.
func (r *Readers) PickMail() (string, error) {
	return guard("pick mail", func() (string, error) { return r.api.cfg.Desktop.PickFile(mailFiles) })
}

// ReadBounce explains returned mail. App.Cancel(requestID) stops it. Errors: invalid
// where there is nothing to read, not_found and forbidden for the file, those of a sign-in.
func (r *Readers) ReadBounce(requestID string, in MailInput) (BounceReport, error) {
	return guard("read returned mail", func() (BounceReport, error) {
		ctx, end := r.api.calls.begin(r.api.root, requestID, pickLimit)
		defer end()
		raw, err := r.bytes(ctx, in)
		if err != nil {
			return BounceReport{Recipients: []BounceRecipient{}}, err
		}
		report, err := bounce.Read(raw)
		return wireBounce(report), err
	})
}

// readLimit bounds the questions to the DNS while a mail is read.
const readLimit = 20 * time.Second

// examineFor bounds the checks of a mail, which ask name servers and lists.
const examineFor = 25 * time.Second

// ReadHeader explains a header, alone or with its mail; signatures are verified where
// the mail is whole and the DNS answers. App.Cancel(requestID) stops it.
func (r *Readers) ReadHeader(requestID string, in MailInput) (HeaderReport, error) {
	return guard("read header", func() (HeaderReport, error) {
		whole, end := r.api.calls.begin(r.api.root, requestID, pickLimit+readLimit+examineFor)
		defer end()
		raw, err := r.bytes(whole, in)
		if err != nil {
			return wireHeader(header.Report{}), err
		}
		ctx, stop := context.WithTimeout(whole, readLimit)
		defer stop()
		report, err := header.Read(ctx, raw, header.Options{TXT: r.txt()})
		out := wireHeader(report)
		if err == nil {
			out.Findings = r.examine(whole, raw, report)
		}
		return out, err
	})
}

// examine carries out the checks of a mail. Whose domain it is compared with is the
// receiver's; lists are not asked.
func (r *Readers) examine(ctx context.Context, raw []byte, report header.Report) []Finding {
	ctx, cancel := context.WithTimeout(ctx, examineFor)
	defer cancel()
	none := []Finding{}
	own := report.To
	if a, err := mail.ParseAddress(own); err == nil {
		own = a.Address
	}
	x, err := r.api.exam(own)
	if err != nil {
		if x, err = r.api.exam("receiver.example"); err != nil { // no receiver is told: nothing is like it
			return none
		}
	}
	x.AskNobody()
	x.Mail = raw
	picked, _ := checks.Only(checks.All(), []string{string(doctor.GroupMessage)})
	zh, en := r.api.doctor.bothWords()
	return mapped(doctor.Run(ctx, x, picked, nil), func(f doctor.Finding) Finding { return wireFinding(f, zh, en) })
}

// txt asks the computer's DNS server, or the one of the configuration.
func (r *Readers) txt() header.TXT {
	r.once.Do(func() { r.resolver, _ = dns.New(dns.Config{Servers: r.api.cfg.Resolvers}) })
	if r.resolver == nil {
		return nil
	}
	return func(ctx context.Context, name string) ([]string, error) {
		answer := r.resolver.TXT(ctx, name)
		if !answer.Known() {
			return nil, core.E(core.Unreachable, "ask the DNS", answer.Err, "host", name)
		}
		return answer.Texts(), nil
	}
}

// bytes is the mail that was handed in, fetched where it lies in a mailbox.
func (r *Readers) bytes(ctx context.Context, in MailInput) ([]byte, error) {
	if in.Picked == nil || in.Text+in.Path+in.Base64 != "" {
		return in.bytes()
	}
	account, err := r.api.mailbox(ctx, in.Picked.Endpoint)
	if err != nil {
		return nil, err
	}
	return pick.Fetch(ctx, account, in.Picked.Folder, in.Picked.Validity, in.Picked.UID)
}

// bytes is a mail that lies on this computer.
func (in MailInput) bytes() ([]byte, error) {
	switch {
	case in.Text != "":
		return []byte(in.Text), nil
	case in.Path != "":
		return readMailFile(in.Path)
	case in.Base64 != "":
		raw, err := base64.StdEncoding.DecodeString(in.Base64)
		if err != nil {
			return nil, core.E(core.Invalid, "read mail", err, "field", "mail", "reason", "malformed")
		}
		return raw, nil
	}
	return nil, core.E(core.Invalid, "read mail", errors.New("nothing"), "field", "mail", "reason", "missing")
}

func readMailFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil, core.E(core.Invalid, "read mail", nil, "file", path, "reason", "malformed")
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxMailFile))
	if err != nil {
		return nil, fileError(path, err)
	}
	// Outlook's own format is no mail in words (MS-CFB, its first eight bytes).
	if strings.HasPrefix(string(raw), "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
		return nil, core.E(core.Unsupported, "read mail", nil, "file", path, "reason", "msg")
	}
	return raw, nil
}

// ms is a time on the wire: milliseconds since 1970, 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func some(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

func facts(all map[string]string) map[string]string {
	if all == nil {
		return map[string]string{}
	}
	return all
}
