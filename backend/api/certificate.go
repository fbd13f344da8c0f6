package api

import (
	"context"
	"io"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/report"
)

// maxLeftCertificate bounds the rows of one certificate.
const maxLeftCertificate = 100_000

// SaveCertificate shows the computer's save dialog and writes the certificate. It
// returns the path; "" if the person changed their mind.
func (m *Moves) SaveCertificate(id string, format CertificateFormat, language Language) (string, error) {
	return with(m.api, "save certificate", func(ctx context.Context, d *data) (string, error) {
		if !has(certificateFormats, format) {
			return "", core.E(core.Invalid, "save certificate", nil, "field", "format", "reason", "unknown")
		}
		if language == LanguageSystem {
			language = LanguageEnglish
		}
		words, err := report.LoadWords(m.api.cfg.Words, string(language))
		if err != nil {
			return "", err
		}
		c, err := d.certificate(ctx, id, m.api.cfg.Version)
		if err != nil {
			return "", err
		}
		name := "mailroom-" + c.Issued.Format("2006-01-02") + "." + string(format)
		path, err := m.api.cfg.Desktop.PickNew(name, FileFilter{Name: string(format), Patterns: "*." + string(format)})
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error {
			if format == CertificateCSV {
				return report.CSV(w, c, words)
			}
			return report.HTML(w, c, words)
		})
	})
}

// certificate gathers what a move has come to.
func (d *data) certificate(ctx context.Context, id, version string) (*report.Certificate, error) {
	v, err := d.desk.Get(id)
	if err != nil {
		return nil, err
	}
	c := &report.Certificate{
		Version: version, Practice: practiceOnly(v.Mailboxes), State: string(v.Status),
		Issued: time.Now(), Started: v.Started, Ended: v.Ended,
	}
	rows := 0
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		row := report.Mailbox{
			Label: mb.Label, From: mb.From.Shown(), To: mb.To.Shown(), State: string(mb.State),
			Counts: reportCounts(wireCounts(mb.Outcome.Counts), mb.Outcome.Counts.Bytes),
			Notes:  mb.Outcome.Notes, Verified: string(mb.Outcome.Verified),
		}
		if mb.Outcome.Differ > 0 {
			row.Verified = "" // what disagrees is no proof
		}
		if err := d.certificateDetails(ctx, id, mb.ID, &row, maxLeftCertificate-rows); err != nil {
			return nil, err
		}
		rows += len(row.Left)
		c.Mailboxes = append(c.Mailboxes, row)
	}
	return c, nil
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
