package api

import (
	"context"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/archive/seal"
)

// SealCheck is what a look at a sealed copy has found.
type SealCheck struct {
	Sealed  bool     `json:"sealed"` // false: there is no seal
	Intact  bool     `json:"intact"`
	Damaged bool     `json:"damaged"` // the list itself was altered
	Made    int64    `json:"made"`
	Files   int64    `json:"files"`
	Bytes   int64    `json:"bytes"`
	Number  string   `json:"number"` // proves the list, when kept elsewhere
	Changed int64    `json:"changed"`
	Missing int64    `json:"missing"`
	Added   int64    `json:"added"`
	Names   []string `json:"names"` // the first of them
}

const (
	sealLimit = 6 * time.Hour // for reading a whole archive
	sealNames = 20
)

// CheckSeal reads a sealed copy and compares every file with its seal, until
// App.Cancel(requestID). Errors: malformed for a seal that is none.
func (e *Endpoints) CheckSeal(requestID, path string) (SealCheck, error) {
	return with(e.api, "check seal", func(root context.Context, _ *data) (SealCheck, error) {
		result := SealCheck{Names: []string{}}
		if !filepath.IsAbs(path) {
			return result, core.E(core.Invalid, "check seal", nil, "field", "path", "reason", "not_absolute")
		}
		if !seal.Exists(path) {
			return result, nil
		}
		ctx, end := e.api.calls.begin(root, requestID, sealLimit)
		defer end()
		r, err := seal.Check(ctx, path)
		if err != nil {
			return result, err
		}
		result = SealCheck{
			Sealed: true, Intact: r.Intact(), Damaged: r.Damaged, Made: r.Made.UnixMilli(), Files: r.Files, Bytes: r.Bytes, Number: r.Number,
			Changed: r.ChangedCount, Missing: r.MissingCount, Added: r.AddedCount, Names: []string{},
		}
		for _, names := range [][]string{r.Changed, r.Missing, r.Added} {
			result.Names = append(result.Names, names[:min(len(names), sealNames)]...)
		}
		return result, nil
	})
}
