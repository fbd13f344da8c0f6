package api

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"mailroom/backend/audit"
	"mailroom/backend/office"
	"mailroom/backend/report"
	"mailroom/backend/store"
)

// Audit tells what Mailroom itself did.
type Audit struct{ api *API }

// AuditQuery restricts a page of the record.
type AuditQuery struct {
	Text  string `json:"text"`  // in a subject, a fact, or the name of an act in either language
	After int64  `json:"after"` // older than this seq; 0 from the newest
	Limit int    `json:"limit"` // at most 500
}

// AuditPage is a page of the record, the newest first.
type AuditPage struct {
	Total int64        `json:"total"`
	Rows  []AuditEntry `json:"rows"`
}

// AuditEntry is one thing that was done. The page has a text per act.
type AuditEntry struct {
	Seq     int64             `json:"seq"`
	Time    int64             `json:"time"`
	Act     string            `json:"act"`
	Subject string            `json:"subject"`
	ID      string            `json:"id"`
	Facts   map[string]string `json:"facts"`
	Before  map[string]string `json:"before"`
	After   map[string]string `json:"after"`
}

// AuditCheck is what walking the chain of the record found.
type AuditCheck struct {
	Entries int64  `json:"entries"`
	Flaw    string `json:"flaw"` // "" sound, changed, missing, cut
	At      int64  `json:"at"`   // the first entry that is wrong or missing
}

// List tells a page of the record.
func (a *Audit) List(q AuditQuery) (AuditPage, error) {
	return with(a.api, "read record", func(ctx context.Context, d *data) (AuditPage, error) {
		rows, total, err := d.record.log.List(ctx, a.query(q))
		return AuditPage{Total: total, Rows: mapped(rows, wireEntry)}, err
	})
}

// query adds the acts whose name holds the text that is looked for.
func (a *Audit) query(q AuditQuery) audit.Query {
	found := audit.Query{Text: strings.TrimSpace(q.Text), After: q.After, Limit: q.Limit}
	if found.Text == "" {
		return found
	}
	for _, language := range []Language{LanguageChinese, LanguageEnglish} {
		words, err := report.LoadWords(a.api.cfg.Words, string(language))
		if err != nil {
			continue // the texts of a language that is not there cannot be searched
		}
		for _, act := range acts {
			if strings.Contains(strings.ToLower(words.T(actKey(act))), strings.ToLower(found.Text)) && !slices.Contains(found.Acts, act) {
				found.Acts = append(found.Acts, act)
			}
		}
	}
	return found
}

// actKey is where an act's text stands in the language files.
func actKey(act string) string {
	area, what, _ := strings.Cut(act, ".")
	return "audit.act." + area + "." + what
}

func wireEntry(e audit.Entry) AuditEntry {
	return AuditEntry{
		Seq: e.Seq, Time: millis(e.Time), Act: e.Act, Subject: e.Subject, ID: e.ID,
		Facts: filled(e.Facts), Before: filled(e.Before), After: filled(e.After),
	}
}

// filled replaces a nil map: the page must never see null.
func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// Check walks the whole record and tells whether every entry is as it was written.
func (a *Audit) Check() (AuditCheck, error) {
	return with(a.api, "check record", func(ctx context.Context, d *data) (AuditCheck, error) {
		var known audit.Head
		if err := d.setting(ctx, headSetting, &known); err != nil {
			return AuditCheck{}, err
		}
		r, err := d.record.log.Check(ctx, known)
		return AuditCheck{Entries: r.Entries, Flaw: string(r.Flaw), At: r.At}, err
	})
}

// Export shows the computer's save dialog and writes the whole record as CSV. It
// returns the path; "" if the person changed their mind.
func (a *Audit) Export(language Language) (string, error) {
	return with(a.api, "export record", func(ctx context.Context, d *data) (string, error) {
		if language != LanguageChinese {
			language = LanguageEnglish
		}
		words, err := report.LoadWords(a.api.cfg.Words, string(language))
		if err != nil {
			return "", err
		}
		path, err := a.api.cfg.Desktop.PickNew("mailroom-record.csv", FileFilter{Name: "CSV", Patterns: "*.csv"})
		if err != nil || path == "" {
			return "", err
		}
		rows, err := d.record.rows(ctx, words)
		if err != nil {
			return "", err
		}
		t := func(key string) string { return words.T("audit.column." + key) }
		header := []string{t("number"), t("time"), t("act"), t("subject"), t("facts"), t("before"), t("after")}
		return path, writeFile(path, func(w io.Writer) error { return report.Table(w, header, rows) })
	})
}

// maxExport bounds how many entries one export holds.
const maxExport = 200_000

// rows makes all entries cells, the oldest first.
func (r *recorder) rows(ctx context.Context, words *report.Words) ([][]string, error) {
	var all [][]string
	for after := int64(0); len(all) < maxExport; {
		page, _, err := r.log.List(ctx, audit.Query{After: after, Limit: 500})
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			all = append(all, []string{
				store.Time(millis(e.Time)).Format("2006-01-02 15:04:05"), words.T(actKey(e.Act)), e.Subject,
				pairs(words, e.Facts), pairs(words, e.Before), pairs(words, e.After),
			})
			after = e.Seq
		}
		if len(page) < 500 {
			break
		}
	}
	slices.Reverse(all)
	for i := range all {
		all[i] = append([]string{strconv.Itoa(i + 1)}, all[i]...)
	}
	return all, nil
}

// pairs writes facts as "name: value", with the page's names where it has one.
func pairs(words *report.Words, facts map[string]string) string {
	names := make([]string, 0, len(facts))
	for name := range facts {
		names = append(names, name)
	}
	sort.Strings(names)
	parts := make([]string, len(names))
	for i, name := range names {
		shown := name
		if key := "audit.fact." + name; words.Has(key) {
			shown = words.T(key)
		}
		parts[i] = shown + ": " + facts[name]
	}
	return strings.Join(parts, "; ")
}

// headSetting is where the newest head of the record is kept beside it.
const headSetting = "audit-head"

// acts are all acts that are recorded; the page has a text for each.
var acts = append([]string{
	actMoveCreated, actMoveChanged, actMoveStarted, actMoveResumed, actMovePaused, actMoveCanceled, actMoveVerified,
	actMoveUndo, actMoveUndone, actMoveRemoved, actMoveEnded, actCertificateSaved, actInvitationMade, actResultTaken,
	actPasswordChanged, actVaultMade, actPracticeReset, actOfficeConnected, actOfficeChanged, actOfficeRemoved, actMailboxOpened, office.ActRun,
	actLogsRead, actThresholdsSet, actArchiveChosen, actArchiveMade, actArchiveKept, actRecordsZone, actArchiveDeleted, actReportMade, actRecordsErased, actFrontDeskLocked, actFrontDeskLeft,
}, mapped(office.Kinds(), func(k office.Kind) string { return string(k) })...)

// The acts. Those of changes at the provider are named as the kinds of changes.
const (
	actMoveCreated      = "move.created"
	actMoveChanged      = "move.changed"
	actMoveStarted      = "move.started"
	actMoveResumed      = "move.resumed"
	actMovePaused       = "move.paused"
	actMoveCanceled     = "move.canceled"
	actMoveVerified     = "move.verified"
	actMoveUndo         = "move.undo"
	actMoveUndone       = "move.undone"
	actMoveRemoved      = "move.removed"
	actMoveEnded        = "move.ended"
	actCertificateSaved = "certificate.saved"
	actInvitationMade   = "invitation.made"
	actResultTaken      = "invitation.taken"

	actInvitationWithdrawn = "invitation.withdrawn"

	actPasswordChanged = "password.changed"
	actVaultMade       = "vault.made"
	actPracticeReset   = "practice.reset"
	actOfficeConnected = "office.connected"
	actOfficeChanged   = "office.changed"
	actOfficeRemoved   = "office.removed"
	actMailboxOpened   = "office.mailboxOpened"
)

// audited marshals small values for a fact.
func audited(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
