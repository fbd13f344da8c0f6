package cli

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
)

// report writes what became of each mailbox, in a few lines each, and the next step.
func (r *run) report(results []*outcome, kind string, exit int) {
	for _, res := range results {
		r.reportOne(res, kind)
	}
	if len(results) > 1 {
		r.total(results)
	}
	fmt.Fprintln(r.stdout, r.words.say("next."+kind+"."+strconv.Itoa(exit)))
}

func (r *run) reportOne(res *outcome, kind string) {
	w := r.words
	fmt.Fprintln(r.stdout, w.headline(res))
	detail := func(text string) { fmt.Fprintln(r.stdout, "  "+text) }
	if res.err != nil {
		detail(w.explain(res.err))
	}
	if res.Messages > 0 || res.err == nil {
		detail(w.counts(res, kind))
	}
	if e := res.estimate; e != nil && res.err == nil {
		detail(w.estimate(e))
	}
	for _, line := range w.renames(res.Folders) {
		detail(line)
	}
	for _, line := range w.left(res) {
		detail(line)
	}
	for _, line := range w.mismatches(res.Mismatch) {
		detail(line)
	}
	for _, t := range res.Errors {
		if res.err == nil || t.Code != res.code() || t.Folder != "" {
			detail(w.trouble(t))
		}
	}
}

// headline is one mailbox in one line.
func (w language) headline(res *outcome) string {
	key := "state." + string(res.State)
	if res.code() == core.Canceled {
		key = "state.stopped"
	}
	name := ""
	if res.errand.name != "" {
		name = printable(res.errand.name) + ": "
	}
	return name + printable(res.errand.title()) + ": " + w.say(key)
}

func (w language) counts(res *outcome, kind string) string {
	c := res.Counts
	pairs := []string{"messages", count(c.Messages), "copied", count(c.Copied), "bytes", size(c.Bytes), "there", count(c.AlreadyThere),
		"excluded", count(c.Excluded), "left", count(c.LeftBehind), "level", w.say("level." + string(res.Verified))}
	switch {
	case kind == "dry":
		return w.say("counts.dry", pairs...)
	case kind == "undo":
		return w.say("counts.undo", pairs...)
	case res.Verified != "" && res.Verified != migrate.VerifyNone:
		return w.say("counts.move", pairs...) + " " + w.say("counts.verified", pairs...)
	}
	return w.say("counts.move", pairs...)
}

func (w language) estimate(e *migrate.Estimate) string {
	text := w.say("estimate", "n", count(e.ToCopy), "bytes", size(e.ToCopyBytes))
	switch {
	case e.Days > 0:
		text += " " + w.say("estimate.days", "days", strconv.FormatFloat(e.Days, 'f', 1, 64))
	case e.Seconds > 0:
		text += " " + w.say("estimate.time", "time", clock(time.Duration(e.Seconds*float64(time.Second))))
	}
	if e.RoomFree >= 0 {
		text += " " + w.say("estimate.room", "free", size(e.RoomFree), "needed", size(e.RoomNeeded))
	}
	return text
}

// shownFolders bounds lists in the report; --json has everything.
const shownFolders = 12

func (w language) renames(folders []migrate.FolderReport) []string {
	var lines []string
	more := 0
	for _, f := range folders {
		text := ""
		switch {
		case f.Action == "skip":
			text = w.say("folder.skipped", "source", printable(f.Source), "why", w.reason(f.Reason))
		case f.Target != "" && f.Target != f.Source:
			text = w.say("folder.renamed", "source", printable(f.Source), "target", printable(f.Target))
		default:
			continue
		}
		if len(lines) >= shownFolders {
			more++
			continue
		}
		lines = append(lines, text)
	}
	if more > 0 {
		lines = append(lines, w.say("more", "n", strconv.Itoa(more)))
	}
	return lines
}

// left groups what was left behind by reason, with a few examples of each.
func (w language) left(res *outcome) []string {
	groups := map[string][]migrate.LeftBehind{}
	for _, l := range res.Left {
		groups[l.Class] = append(groups[l.Class], l)
	}
	classes := make([]string, 0, len(groups))
	for class := range groups {
		classes = append(classes, class)
	}
	sort.Strings(classes)
	var lines []string
	for _, class := range classes {
		group := groups[class]
		lines = append(lines, w.say("left.group", "n", strconv.Itoa(len(group)), "why", w.class(class)))
		for _, l := range group[:min(3, len(group))] {
			lines = append(lines, "    "+w.leftOne(l))
		}
	}
	if rest := res.LeftBehind - int64(len(res.Left)); rest > 0 && res.estimate == nil {
		lines = append(lines, w.say("left.pending", "n", count(rest)))
	}
	return lines
}

func (w language) leftOne(l migrate.LeftBehind) string {
	date := ""
	if !l.Date.IsZero() {
		date = l.Date.Format("2006-01-02") + " "
	}
	text := fmt.Sprintf("%s: %s%s %s (%s)", printable(l.Folder), date, printable(l.From), printable(l.Subject), size(l.Size))
	if l.Server != "" {
		text += " " + w.say("server", "words", printable(l.Server))
	}
	return text
}

func (w language) mismatches(all []migrate.Mismatch) []string {
	if len(all) == 0 {
		return nil
	}
	lines := []string{w.say("mismatch.title", "n", strconv.Itoa(len(all)))}
	for _, m := range all[:min(len(all), 5)] {
		lines = append(lines, "    "+w.say("mismatch."+m.Kind, "folder", printable(m.Folder), "uid", strconv.FormatUint(uint64(m.UID), 10), "detail", printable(m.Detail)))
	}
	return lines
}

func (r *run) total(results []*outcome) {
	var sum migrate.Counts
	done := 0
	for _, res := range results {
		if res.err == nil && res.State == migrate.StateDone {
			done++
		}
		sum.Messages += res.Messages
		sum.Copied += res.Copied
		sum.AlreadyThere += res.AlreadyThere
		sum.Excluded += res.Excluded
		sum.LeftBehind += res.LeftBehind
		sum.Bytes += res.Bytes
	}
	fmt.Fprintln(r.stdout, r.words.say("total", "done", strconv.Itoa(done), "total", strconv.Itoa(len(results)), "messages", count(sum.Messages),
		"copied", count(sum.Copied), "bytes", size(sum.Bytes), "there", count(sum.AlreadyThere), "excluded", count(sum.Excluded), "left", count(sum.LeftBehind)))
}

// count writes a number with separators: 12,345.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size writes bytes for people; units are powers of 1024 as file managers show them.
func size(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	v, unit := float64(n), -1
	for v >= 1024 && unit < 3 {
		v, unit = v/1024, unit+1
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + " " + []string{"KB", "MB", "GB", "TB"}[unit]
}

// clock writes a duration as 0:42, 3:05 or 2:03:04.
func clock(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// columns is how wide a text is on a terminal; Chinese characters take two columns.
func columns(text string) int {
	used := 0
	for _, c := range text {
		used++
		if c >= 0x1100 && (c < 0x2010 || c > 0x2bff) {
			used++
		}
	}
	return used
}

// pad fills a cell of a table.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-columns(text)))
}
