package api

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

func TestEveryActHasATextInBothLanguages(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		words := must(report.LoadWords(locales.FS, language))(t)
		for _, act := range acts {
			if !words.Has(actKey(act)) {
				t.Errorf("%s: no text for %s", language, act)
			}
		}
	}
}

func TestWhatIsDoneIsWrittenDownAndCanBeFound(t *testing.T) {
	h := open(t, t.TempDir())
	draft := h.practiceDraft(1)
	draft.Name = "=Umzug, \"1\""
	m := must(h.moves.Create(draft))(t)
	h.deaf(true) // the next act is quicker than the record notices the end
	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveDone, MoveLeftBehind)
	draft.Name = "搬家一"
	must(h.moves.Edit(m.ID, draft))(t)
	h.deaf(false)
	must(h.moves.Undo(m.ID, m.Stored))(t)
	h.untilState(m.ID, MoveUndone)
	if err := h.moves.Remove(m.ID); err != nil {
		t.Fatal(err)
	}

	page := h.recorded(6)
	var told []string
	for _, e := range page.Rows {
		told = append(told, e.Act)
		if e.Facts == nil || e.Before == nil || e.After == nil || e.Time == 0 {
			t.Errorf("%+v", e)
		}
	}
	for _, act := range []string{actMoveCreated, actMoveStarted, actMoveEnded, actMoveChanged, actMoveUndo, actMoveRemoved} {
		if !strings.Contains(strings.Join(told, " "), act) {
			t.Errorf("%s is not in the record: %v", act, told)
		}
	}
	for text, want := range map[string]string{"搬家一": actMoveRemoved, "撤销": actMoveUndo, "UMZUG": actMoveStarted} {
		found := must(h.audit.List(AuditQuery{Text: text, Limit: 50}))(t)
		ok := false
		for _, e := range found.Rows {
			ok = ok || e.Act == want
		}
		if !ok || found.Total >= page.Total {
			t.Errorf("%s: %d found, %s among them: %v", text, found.Total, want, ok)
		}
	}
	if c := must(h.audit.Check())(t); c.Flaw != "" || c.Entries != page.Total {
		t.Errorf("%+v", c)
	}

	path := filepath.Join(t.TempDir(), "record.csv")
	h.w.picks = []string{path}
	must(h.audit.Export(LanguageChinese))(t)
	rows := must(csv.NewReader(strings.NewReader(strings.TrimPrefix(string(must(os.ReadFile(path))(t)), "\ufeff"))).ReadAll())(t)
	if len(rows) != int(page.Total)+1 || !strings.HasPrefix(rows[1][3], "'=Umzug") {
		t.Errorf("%d rows, the first %v", len(rows), rows[1])
	}
}

// deaf keeps the record from noticing by itself that moves end.
func (h *house) deaf(deaf bool) {
	record := must(h.ready(h.t.Context()))(h.t).record
	record.mu.Lock()
	defer record.mu.Unlock()
	record.ending = deaf
}

// recorded waits until the record has so many entries.
func (h *house) recorded(n int64) (page AuditPage) {
	h.t.Helper()
	h.eventually(fmt.Sprintf("%d entries of the record", n), func() bool {
		page = must(h.audit.List(AuditQuery{Limit: 100}))(h.t)
		return page.Total >= n
	})
	return page
}

func TestARecordThatWasCutOffShows(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	must(h.moves.Create(h.practiceDraft(1)))(t)
	must(h.moves.Create(h.practiceDraft(2)))(t)
	h.close()
	if err := os.Remove(filepath.Join(dir, auditFile)); err != nil {
		t.Fatal(err)
	}
	h = open(t, dir)
	if c := must(h.audit.Check())(t); c.Flaw != "cut" || c.At != 1 {
		t.Errorf("%+v", c)
	}
	wantCode(t, "a removed move", second(h.moves.Edit("none", h.practiceDraft(1))), core.NotFound)
}
