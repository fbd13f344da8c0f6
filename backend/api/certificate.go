package api

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/report"
)

// Papers saves what is to be handed over and kept: certificates of moves.
type Papers struct{ api *API }

// CertificateOrder is what certificate the person wants.
type CertificateOrder struct {
	MoveID    string            `json:"moveId"`
	MailboxID string            `json:"mailboxId"` // "" the whole office
	Format    CertificateFormat `json:"format"`
	Language  PaperLanguage     `json:"language"`
	PerPerson bool              `json:"perPerson"` // one file for each person, in a folder
	Left      bool              `json:"left"`      // save the messages left behind beside it, read from the old mailbox again
}

// CertificateSaved is what was written.
type CertificateSaved struct {
	Path    string        `json:"path"`  // the file, or the folder with PerPerson; "" the person changed their mind
	Files   int           `json:"files"` // certificates
	Left    int           `json:"left"`  // messages saved beside them
	Missing []MissingLeft `json:"missing"`
	Check   string        `json:"check"` // the short check number of a single certificate
}

// MissingLeft tells how many left-behind messages of a mailbox could not be saved, and why.
type MissingLeft struct {
	Mailbox string  `json:"mailbox"`
	Count   int     `json:"count"`
	Problem Problem `json:"problem"` // of the first one
}

// Limits of one order.
const (
	maxLeftCertificate = 100_000          // rows of one certificate
	certificateLimit   = 30 * time.Minute // mostly for reading left-behind messages again
)

// Save shows the computer's dialog for a file or folder and writes the certificate.
// It stops when App.Cancel(requestID) is called: files that are complete stay. While
// messages are read from the old mailbox, papers:progress tells how far it is.
func (p *Papers) Save(requestID string, order CertificateOrder) (CertificateSaved, error) {
	return with(p.api, "save certificate", func(root context.Context, d *data) (CertificateSaved, error) {
		ctx, end := p.api.calls.begin(root, requestID, certificateLimit)
		defer end()
		none := CertificateSaved{Missing: []MissingLeft{}}
		words, err := p.api.paperWords(order)
		if err != nil {
			return none, err
		}
		c, boxes, err := d.certificate(ctx, order.MoveID, order.MailboxID, p.api.cfg.Version)
		if err != nil {
			return none, err
		}
		path, err := p.api.askWhere(order, c)
		if err != nil || path == "" {
			return none, err
		}
		s := &saving{api: p.api, data: d, order: order, request: requestID, words: words, certificate: c, boxes: boxes}
		saved, err := s.write(ctx, path)
		if err == nil {
			s.note(ctx)
		}
		return saved, err
	})
}

// paperWords reads the texts for an order, which is checked.
func (a *API) paperWords(order CertificateOrder) ([]*report.Words, error) {
	if !has(certificateFormats, order.Format) {
		return nil, core.E(core.Invalid, "save certificate", nil, "field", "format", "reason", "unknown")
	}
	names := []Language{Language(order.Language)}
	switch order.Language {
	case PaperBoth:
		names = []Language{LanguageChinese, LanguageEnglish}
	case PaperChinese, PaperEnglish:
	default:
		return nil, core.E(core.Invalid, "save certificate", nil, "field", "language", "reason", "unknown")
	}
	all := make([]*report.Words, 0, len(names))
	for _, name := range names {
		w, err := report.LoadWords(a.cfg.Words, string(name))
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// askWhere shows the dialog that fits an order.
func (a *API) askWhere(order CertificateOrder, c *report.Certificate) (string, error) {
	if order.PerPerson {
		return a.cfg.Desktop.PickFolder()
	}
	name := "mailroom-" + c.Issued.Format("2006-01-02")
	if order.MailboxID != "" {
		name += "-" + report.FileName(c.Mailboxes[0].Label, "mailbox")
	}
	format := string(order.Format)
	return a.cfg.Desktop.PickNew(name+"."+format, FileFilter{Name: format, Patterns: "*." + format})
}

// saving is one order at work.
type saving struct {
	api         *API
	data        *data
	order       CertificateOrder
	request     string
	words       []*report.Words
	certificate *report.Certificate
	boxes       []string // identifiers of the mailboxes, as in the certificate
	saved       CertificateSaved
}

func (s *saving) write(ctx context.Context, path string) (CertificateSaved, error) {
	s.saved = CertificateSaved{Path: path, Missing: []MissingLeft{}}
	dir := path
	if !s.order.PerPerson {
		dir = filepath.Dir(path)
	}
	if s.order.Left {
		if err := s.saveLeft(ctx, dir); err != nil {
			return s.saved, err
		}
	}
	if !s.order.PerPerson {
		s.saved.Files, s.saved.Check = 1, s.certificate.ShortCheck()
		return s.saved, s.file(path, s.certificate)
	}
	taken := map[string]bool{}
	for i := range s.certificate.Mailboxes {
		if err := ctx.Err(); err != nil {
			return s.saved, core.E(core.Canceled, "save certificate", err)
		}
		name := unique(taken, report.FileName(s.certificate.Mailboxes[i].Label, "mailbox-"+strconv.Itoa(i+1)))
		if err := s.file(filepath.Join(dir, name+"."+string(s.order.Format)), s.certificate.Only(i)); err != nil {
			return s.saved, err
		}
		s.saved.Files++
	}
	return s.saved, nil
}

// note records that a certificate was saved, and which.
func (s *saving) note(ctx context.Context) {
	subject := s.order.MoveID
	if v, err := s.data.desk.Get(s.order.MoveID); err == nil {
		subject = moveName(v)
	}
	facts := map[string]string{
		"format": string(s.order.Format), "language": string(s.order.Language), "files": strconv.Itoa(s.saved.Files),
		"check": s.certificate.ShortCheck(),
	}
	if s.order.MailboxID != "" {
		facts["mailbox"] = s.certificate.Mailboxes[0].Label
	}
	s.data.record.note(ctx, audit.Entry{Act: actCertificateSaved, Subject: subject, ID: s.order.MoveID, Facts: facts})
}

func (s *saving) file(path string, c *report.Certificate) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return core.E(core.Invalid, "save certificate", nil, "field", "path", "reason", "malformed", "file", path)
	}
	return writeFile(path, func(w io.Writer) error { return report.Write(w, report.Format(s.order.Format), c, s.words...) })
}

// certificate gathers what a move has come to, for one mailbox or (mailbox "") all.
// It returns the identifiers of the mailboxes as well.
func (d *data) certificate(ctx context.Context, id, mailbox, version string) (*report.Certificate, []string, error) {
	v, err := d.desk.Get(id)
	if err != nil {
		return nil, nil, err
	}
	c := &report.Certificate{
		Version: version, Practice: practiceOnly(v.Mailboxes), State: string(v.Status),
		Issued: time.Now(), Started: v.Started, Ended: v.Ended,
	}
	var boxes []string
	rows := 0
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		if mailbox != "" && mb.ID != mailbox {
			continue
		}
		row := certificateRow(mb)
		if err := d.certificateDetails(ctx, id, mb.ID, &row, maxLeftCertificate-rows); err != nil {
			return nil, nil, err
		}
		rows += len(row.Left)
		c.Mailboxes = append(c.Mailboxes, row)
		boxes = append(boxes, mb.ID)
	}
	if len(c.Mailboxes) == 0 {
		return nil, nil, core.E(core.NotFound, "certificate", nil, "id", mailbox)
	}
	if mailbox != "" {
		c = c.Only(0)
	}
	return c, boxes, nil
}

func certificateRow(mb *moving.Mailbox) report.Mailbox {
	row := report.Mailbox{
		Label: mb.Label, From: mb.From.Shown(), To: mb.To.Shown(), State: string(mb.State),
		Counts: reportCounts(wireCounts(mb.Outcome.Counts), mb.Outcome.Counts.Bytes),
		Notes:  mb.Outcome.Notes, Verified: string(mb.Outcome.Verified),
	}
	switch {
	case mb.Outcome.Differ > 0:
		row.Verified = "" // what disagrees is no proof
	case row.Verified != "" && row.Verified != "none":
		row.Compared, row.ComparedAt = mb.Outcome.Compared, mb.Outcome.Ended
	}
	return row
}

func (d *data) certificateDetails(ctx context.Context, move, mailbox string, row *report.Mailbox, room int) error {
	folders, err := d.desk.Folders(ctx, move, mailbox)
	if err != nil {
		return err
	}
	row.Folders = mapped(folders, func(f moving.Folder) report.Folder {
		return report.Folder{
			Source: f.Source, Target: f.Target, Role: f.Role, Reason: f.Reason, Verified: f.Verified,
			Counts: reportCounts(wireCounts(f.Counts), f.Counts.Bytes),
		}
	})
	differ, err := d.desk.Differences(ctx, move, mailbox)
	if err != nil {
		return err
	}
	row.Differences = mapped(differ, func(f moving.Difference) report.Difference {
		return report.Difference{Folder: f.Folder, UID: f.UID, Kind: f.Kind, Detail: f.Detail}
	})
	const page = 500
	for len(row.Left) < room {
		_, left, err := d.desk.Left(ctx, move, mailbox, len(row.Left), page)
		if err != nil {
			return err
		}
		row.Left = append(row.Left, mapped(left, func(l moving.Left) report.Left {
			return report.Left{
				Folder: l.Folder, From: l.From, Subject: l.Subject, UID: l.UID, Date: l.Date, Size: l.Size, Class: l.Class, Server: l.Server,
			}
		})...)
		if len(left) < page {
			return nil
		}
	}
	return nil
}

func reportCounts(c Counts, bytes int64) report.Counts {
	return report.Counts{
		Messages: c.Messages, Copied: c.Copied, AlreadyThere: c.AlreadyThere, Excluded: c.Excluded,
		LeftBehind: c.LeftBehind, Pending: c.Pending, Bytes: bytes,
	}
}
