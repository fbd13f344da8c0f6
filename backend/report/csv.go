package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// CSV writes the certificate for a spreadsheet: one row for each mailbox, folder,
// difference and message left behind, and the check as the last. It begins with a byte order mark, without
// which Excel takes UTF-8 for something else, and no cell can be a formula.
func CSV(out io.Writer, c *Certificate, w *Words) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	rows := csv.NewWriter(out)
	rows.UseCRLF = true
	t := func(key string) string { return w.T("certificate." + key) }
	head := []string{
		"", t("mailbox"), t("from"), t("to"), t("folder"), t("target"), t("messages"), t("copied"), t("alreadyThere"),
		t("excluded"), t("leftBehind"), t("pending"), t("bytes"), t("state"), t("proof"),
		"UID", t("date"), t("sender"), t("subject"), t("size"), t("reason"), t("server"), t("file"),
	}
	write := func(cells ...string) {
		row := make([]string, len(head))
		for i, cell := range cells {
			row[i] = harmless(cell)
		}
		_ = rows.Write(row) // rows.Error tells at the end
	}
	write(head...)
	for i := range c.Mailboxes {
		mb := &c.Mailboxes[i]
		write(join([]string{t("mailbox"), mb.Label, mb.From, mb.To, "", ""}, figures(mb.Counts), []string{w.state(mb.State), w.level(mb.Verified)})...)
		for _, f := range mb.Folders {
			write(join([]string{t("folder"), mb.Label, "", "", f.Source, f.Target}, figures(f.Counts), []string{"", levelOrNothing(w, f.Verified), "", "", "", "", "", w.rule(f.Reason)})...)
		}
		for _, d := range mb.Differences {
			write(join([]string{t("differences"), mb.Label, "", "", d.Folder, ""}, make([]string, 7), []string{"", "", uid(d.UID), "", "", "", "", w.kind(d.Kind), d.Detail})...)
		}
		for _, l := range mb.Left {
			write(join([]string{t("leftBehind"), mb.Label, "", "", l.Folder, ""}, make([]string, 7),
				[]string{"", "", uid(l.UID), stamp(l.Date), l.From, l.Subject, strconv.FormatInt(l.Size, 10), w.reason(l.Class), l.Server, l.File})...)
		}
	}
	write(t("check"), c.Check())
	rows.Flush()
	return rows.Error()
}

func join(parts ...[]string) []string {
	var all []string
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func figures(c Counts) []string {
	all := make([]string, 0, 7)
	for _, n := range []int64{c.Messages, c.Copied, c.AlreadyThere, c.Excluded, c.LeftBehind, c.Pending, c.Bytes} {
		all = append(all, strconv.FormatInt(n, 10))
	}
	return all
}

func levelOrNothing(w *Words, level string) string {
	if level == "" || level == "none" {
		return ""
	}
	return w.level(level)
}

func uid(n uint32) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(n), 10)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05")
}

// harmless makes a cell that a spreadsheet shows and does not run: what would start
// a formula gets an apostrophe before it (OWASP, "CSV Injection"), and characters
// that could start a new cell or row in lenient readers become spaces.
func harmless(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, cell)
	if trimmed := strings.TrimLeft(cell, " "); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		return "'" + cell
	}
	return cell
}
