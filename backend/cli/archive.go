package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"mailroom/backend/records/archive"
)

// archiveVerb keeps past months of records beyond doubt.
type archiveVerb struct {
	Create archiveCreate `cmd:"" help:"help_archive_create"`
	List   archiveList   `cmd:"" help:"help_archive_list"`
	Search archiveSearch `cmd:"" help:"help_archive_search"`
	Verify archiveVerify `cmd:"" help:"help_archive_verify"`
}

func (v *archiveVerb) chosen(word string) verb {
	switch word {
	case "create":
		return &v.Create
	case "list":
		return &v.List
	case "search":
		return &v.Search
	}
	return &v.Verify
}

// archiveCreate archives the months that are due.
type archiveCreate struct {
	Dir       string `arg:"" name:"dir" help:"help_archive_dir"`
	zoneFlag  `embed:""`
	bookFlags `embed:""`
}

func (v *archiveCreate) run(ctx context.Context, r *run) int {
	book, err := v.open(ctx, r, false)
	if err != nil {
		return r.fail(err)
	}
	defer func() { _ = book.Close() }()
	if err := v.set(ctx, book); err != nil {
		return r.fail(err)
	}
	made, err := archive.Create(ctx, book, v.Dir, filepath.Base(book.Dir()), time.Now(), nil)
	for _, l := range made {
		if r.json != nil {
			r.json.send(monthOf(&l))
			continue
		}
		fmt.Fprintln(r.stdout, r.words.say("archive.month", "month", l.Month, "n", strconv.FormatInt(l.Rows, 10)))
	}
	if err != nil {
		return r.fail(err)
	}
	head := ""
	if chain, err := archive.Chain(v.Dir); err == nil && len(chain) > 0 {
		head = chain[len(chain)-1].Sum
	}
	switch {
	case r.json != nil:
		r.json.send(map[string]any{"event": "summary", "months": len(made), "sum": head, "exit": exitOK, "errors": []recordError{}})
	case len(made) == 0:
		fmt.Fprintln(r.stdout, r.words.say("archive.nothing"))
	default:
		fmt.Fprintln(r.stdout, r.words.say("archive.made", "n", strconv.Itoa(len(made)), "sum", head))
	}
	return exitOK
}

// archiveVerify reads every byte of an archive.
type archiveVerify struct {
	Dir  string `arg:"" name:"dir" help:"help_archive_dir"`
	Sum  string `placeholder:"SHA256" help:"help_archive_head"`
	JSON bool   `name:"json" help:"help_json"`
}

// flawLine is one fault in the JSON.
type flawLine struct {
	What archive.Fault `json:"what"`
	File string        `json:"file"`
}

func (v *archiveVerify) run(ctx context.Context, r *run) int {
	report, err := archive.Verify(ctx, v.Dir, v.Sum)
	if err != nil {
		return r.fail(err)
	}
	exit := exitOK
	flaws := []flawLine{}
	for _, f := range report.Flaws {
		exit = exitLeft
		flaws = append(flaws, flawLine{f.What, f.File})
	}
	if r.json != nil {
		r.json.send(map[string]any{
			"event": "summary", "months": report.Months, "files": report.Files, "rows": report.Rows, "bytes": report.Bytes, "deleted": len(report.Deleted),
			"flaws": flaws, "sum": report.Head, "exit": exit, "errors": []recordError{},
		})
		return exit
	}
	if exit == exitOK {
		fmt.Fprintln(r.stdout, r.words.say("archive.whole", "months", r.words.say("count.months", "n", strconv.Itoa(report.Months)),
			"files", r.words.say("count.files", "n", strconv.Itoa(report.Files)),
			"rows", r.words.say("count.rows", "n", strconv.FormatInt(report.Rows, 10)), "sum", report.Head))
		return exit
	}
	texts, err := r.pageWords()
	if err != nil {
		return r.fail(err)
	}
	fmt.Fprintln(r.stdout, r.words.say("archive.broken", "n", strconv.Itoa(len(flaws))))
	for _, f := range flaws {
		fmt.Fprintln(r.stdout, "  "+printable(texts.T("records.archiveFault."+string(f.What), "file", f.File)))
	}
	return exit
}
