package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"mailroom/backend/mailbox/archive"
	"mailroom/backend/mailbox/archive/seal"
	"mailroom/backend/migrate"
)

// sealVerb seals an archive, or looks whether it is as it was sealed.
type sealVerb struct {
	Path  string `arg:"" placeholder:"PATH" help:"help_seal_path"`
	Check bool   `help:"help_seal_check"`
	JSON  bool   `name:"json" help:"help_json"`
}

// sealPath is where an archive of that address lies.
func sealPath(address string) string {
	if archive.Is(address) {
		_, address, _ = strings.Cut(address, ":")
	}
	return address
}

func (v *sealVerb) run(ctx context.Context, r *run) int {
	path := sealPath(v.Path)
	if !v.Check {
		s, err := seal.Make(ctx, path, r.env.Version)
		if err != nil {
			return r.fail(err)
		}
		v.tell(r, seal.Report{Summary: s}, "sealed", path)
		return exitOK
	}
	report, err := seal.Check(ctx, path)
	if err != nil {
		return r.fail(err)
	}
	key, exit := "seal.intact", exitOK
	if !report.Intact() {
		key, exit = "seal.broken", exitLeft
	}
	v.tell(r, report, strings.TrimPrefix(key, "seal."), path)
	return exit
}

// tell prints the outcome: one object, or sentences.
func (v *sealVerb) tell(r *run, report seal.Report, outcome, path string) {
	if v.JSON {
		raw, err := json.Marshal(map[string]any{
			"event": "seal", "outcome": outcome, "path": path, "files": report.Files, "bytes": report.Bytes, "number": report.Number,
			"changed": report.Changed, "missing": report.Missing, "added": report.Added, "damaged": report.Damaged,
		})
		if err == nil {
			fmt.Fprintln(r.stdout, string(raw))
		}
		return
	}
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	fmt.Fprintln(r.stdout, r.words.say("seal."+outcome, "path", path, "files", count(report.Files), "number", report.Number,
		"changed", count(report.ChangedCount), "missing", count(report.MissingCount), "added", count(report.AddedCount)))
	for _, names := range [][]string{report.Changed, report.Missing, report.Added} {
		for _, name := range names {
			fmt.Fprintln(r.stdout, "  "+printable(name))
		}
	}
}

// sealing takes a copy's seal off before the work and seals it anew after it, where
// the verb asks for that.
func (r *run) sealing(ctx context.Context, e *errand, do func() (migrate.Result, *migrate.Estimate, error)) (migrate.Result, *migrate.Estimate, error) {
	if !r.writes || !archive.Is(e.to.shown) {
		return do()
	}
	path := sealPath(e.to.shown)
	if err := seal.Break(ctx, path); err != nil {
		return migrate.Result{}, nil, err
	}
	res, estimate, err := do()
	if err != nil || !r.seal {
		return res, estimate, err
	}
	s, err := seal.Make(ctx, path, r.env.Version)
	if err == nil {
		res.Notes = append(res.Notes, "sealed:"+s.Number)
	}
	return res, estimate, err
}
