package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
)

//go:embed certificate.html
var page string

// maxLeftHTML bounds the list of messages in the page, which is to be printed; the
// CSV file has them all.
const maxLeftHTML = 500

// HTML writes the certificate as one page that needs nothing from outside: it opens
// anywhere, prints well and runs no script. Several languages follow each other.
func HTML(out io.Writer, c *Certificate, languages ...*Words) error {
	for i, w := range languages {
		t, err := template.New("certificate").Funcs(functions(w)).Parse(page)
		if err != nil {
			return core.E(core.Internal, "certificate page", err)
		}
		total := c.Sum()
		data := struct {
			*Certificate
			Words       *Words
			Total       Counts
			Balanced    bool
			First, Last bool
			Number      string
			Whole       string
		}{c, w, total, total.Pending == 0, i == 0, i == len(languages)-1, c.ShortCheck(), c.Check()}
		if err := t.Execute(out, data); err != nil {
			return err
		}
	}
	return nil
}

func functions(w *Words) template.FuncMap {
	return template.FuncMap{
		"t":      func(key string, args ...any) string { return w.T("certificate."+key, args...) },
		"state":  w.state,
		"level":  w.level,
		"method": w.method,
		"kind":   w.kind,
		"role":   w.role,
		"reason": w.reason,
		"rule":   w.rule,
		"note":   w.note,
		"number": number,
		"size":   size,
		"time":   moment,
		"date":   day,
		"few":    func(left []Left) []Left { return left[:min(len(left), maxLeftHTML)] },
		"more":   func(left []Left) int { return max(len(left)-maxLeftHTML, 0) },
		"link":   link,
	}
}

// link makes a relative address of a file's path; what is no plain relative path gives
// none.
func link(path string) string {
	if path == "" || strings.HasPrefix(path, "/") || strings.Contains(path, "\\") || strings.Contains(path, "..") {
		return ""
	}
	return "./" + (&url.URL{Path: path}).EscapedPath()
}

// number groups digits by three with a thin space, which both languages read.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// size shows bytes on 1024-byte steps, as the page and the verbs do: two figures for
// one mailbox would be a riddle.
func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	f, u := float64(n), 0
	for f >= 1024 && u < len(units)-1 {
		f, u = f/1024, u+1
	}
	if u == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[u])
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Format("2006-01-02 15:04:05 -07:00")
}

func day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Format("2006-01-02 15:04")
}
