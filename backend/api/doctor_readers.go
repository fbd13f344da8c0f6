package api

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/bounce"
	"mailroom/backend/doctor/header"
	dns "mailroom/backend/doctor/lookup"
)

// Readers reads mail for the doctor: returned mail and headers. Nothing of it is kept.
type Readers struct {
	api *API

	once     sync.Once
	resolver *dns.Resolver // nil: the computer names no DNS server
}

// MailInput is a mail as the person hands it in: pasted text, a file of this computer,
// or the bytes of a dropped file. The first that is not "" counts.
type MailInput struct {
	Text   string `json:"text"`
	Path   string `json:"path"`
	Base64 string `json:"base64"`
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

// ReadBounce explains returned mail. Errors: invalid where there is nothing to read,
// not_found and forbidden for the file.
func (r *Readers) ReadBounce(in MailInput) (BounceReport, error) {
	return guard("read returned mail", func() (BounceReport, error) {
		raw, err := in.bytes()
		if err != nil {
			return BounceReport{Recipients: []BounceRecipient{}}, err
		}
		report, err := bounce.Read(raw)
		return wireBounce(report), err
	})
}

// readLimit bounds the questions to the DNS while a mail is read.
const readLimit = 20 * time.Second

// ReadHeader explains a header, alone or with its mail; signatures are verified where
// the mail is whole and the DNS answers. App.Cancel(requestID) stops it.
func (r *Readers) ReadHeader(requestID string, in MailInput) (HeaderReport, error) {
	return guard("read header", func() (HeaderReport, error) {
		raw, err := in.bytes()
		if err != nil {
			return wireHeader(header.Report{}), err
		}
		ctx, end := r.api.calls.begin(r.api.root, requestID, readLimit)
		defer end()
		report, err := header.Read(ctx, raw, header.Options{TXT: r.txt()})
		return wireHeader(report), err
	})
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

// bytes is the mail that was handed in.
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
