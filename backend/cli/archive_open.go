package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/archive"
	"mailroom/backend/records/query"
)

// monthOf is an archived month in the JSON.
func monthOf(l *archive.Link) map[string]any {
	span, bytes := l.Span(), int64(0)
	for _, f := range l.Files {
		bytes += f.Bytes
	}
	return map[string]any{
		"event": "month", "seq": l.Seq, "month": l.Month, "zone": l.Zone, "from": span.From.UTC().Format(time.RFC3339), "to": span.To.UTC().Format(time.RFC3339),
		"folder": l.Folder, "made": l.Made.UTC().Format(time.RFC3339), "rows": l.Rows, "files": len(l.Files), "bytes": bytes, "gaps": len(l.Gaps), "sum": l.Sum,
	}
}

// archiveList lists the months of an archive.
type archiveList struct {
	Dir  string `arg:"" name:"dir" help:"help_archive_dir"`
	JSON bool   `name:"json" help:"help_json"`
}

func (v *archiveList) run(_ context.Context, r *run) int {
	chain, deleted, err := chainOf(v.Dir)
	if err != nil {
		return r.fail(err)
	}
	z, err := archive.Zone(v.Dir)
	if err != nil {
		return r.fail(err)
	}
	for _, d := range deleted {
		if r.json != nil {
			r.json.send(map[string]any{"event": "deleted", "seq": d.Seq, "month": d.Month, "rule": d.Rule, "at": d.At.UTC().Format(time.RFC3339), "sum": d.Sum})
			continue
		}
		fmt.Fprintln(r.stdout, r.words.say("archive.gone", "month", d.Month, "at", d.At.In(z).Format(time.DateOnly)))
	}
	rows, head := int64(0), ""
	for i := range chain {
		l := &chain[i]
		rows, head = rows+l.Rows, l.Sum
		if r.json != nil {
			r.json.send(monthOf(l))
			continue
		}
		span := l.Span()
		fmt.Fprintln(r.stdout, printable(r.words.say("archive.listed", "folder", l.Folder, "n", strconv.FormatInt(l.Rows, 10), "zone", l.Zone,
			"from", span.From.In(z).Format("2006-01-02 15:04"), "to", span.To.In(z).Format("2006-01-02 15:04"))))
	}
	if r.json != nil {
		r.json.send(map[string]any{
			"event": "summary", "months": len(chain), "deleted": len(deleted), "rows": rows, "zone": z.String(), "sum": head, "exit": exitOK, "errors": []recordError{},
		})
	}
	return exitOK
}

// chainOf reads the manifests of an archive; not_found where there is none.
func chainOf(dir string) ([]archive.Link, []archive.Deleted, error) {
	chain, err := archive.Chain(dir)
	if err != nil {
		return nil, nil, err
	}
	deleted, err := archive.Gone(dir)
	if err == nil && len(chain) == 0 && len(deleted) == 0 {
		err = core.E(core.NotFound, "open archive", nil, "problem", "no_archive", "path", dir)
	}
	return chain, deleted, err
}

// archiveSearch asks an archive as the records themselves are asked.
type archiveSearch struct {
	Dir         string `arg:"" name:"dir" help:"help_archive_dir"`
	searchFlags `embed:""`
	JSON        bool `name:"json" help:"help_json"`
}

func (v *archiveSearch) run(ctx context.Context, r *run) int {
	defer roomy(r.env.Getenv)()
	chain, _, err := chainOf(v.Dir)
	if err != nil {
		return r.fail(err)
	}
	z, err := archive.Zone(v.Dir)
	if err != nil {
		return r.fail(err)
	}
	q, err := query.Parse(strings.Join(v.Question, " "), z)
	if err != nil {
		return r.fail(questionError(err))
	}
	months := monthsOf(chain, q, v.Before)
	report, err := archive.Verify(ctx, v.Dir, "")
	if err != nil {
		return r.fail(err)
	}
	if len(report.Flaws) > 0 {
		fmt.Fprintln(r.stderr, "mailroom: "+r.words.say("archive.doubt", "n", strconv.Itoa(len(report.Flaws)), "dir", v.Dir))
	}
	temp, err := os.MkdirTemp("", "mailroom-archive-")
	if err != nil {
		return r.fail(core.E(core.ReadOnly, "open archive", err, "path", os.TempDir()))
	}
	defer func() { _ = os.RemoveAll(temp) }()
	book, err := records.Open(ctx, temp, z)
	if err != nil {
		return r.fail(err)
	}
	defer func() { _ = book.Close() }()
	if len(months) > 0 {
		if _, err := archive.Open(ctx, v.Dir, book, months, v.teller(r)); err != nil {
			return r.fail(errors.Join(err, ctx.Err()))
		}
	}
	return v.search(ctx, r, book)
}

func (v *archiveSearch) teller(r *run) func(string) {
	if r.json != nil {
		return nil
	}
	return func(month string) { fmt.Fprintln(r.stderr, r.words.say("archive.opening", "month", month)) }
}

// monthsOf are the months of an archive in which a question can find anything: others
// need not be opened.
func monthsOf(chain []archive.Link, q query.Query, before int64) map[string]bool {
	const near = 24 * time.Hour // a record may be told of again with another time of its day
	from, to := q.Range()
	months := map[string]bool{}
	for i := range chain {
		span := chain[i].Span()
		if !to.IsZero() && span.From.Add(-near).After(to) || !from.IsZero() && span.To.Add(near).Before(from) || before > 0 && span.From.Add(-near).After(records.Moment(before)) {
			continue
		}
		months[chain[i].Month] = true
	}
	return months
}
