package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/listfile"
	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// Lists reads mailing lists from a file, checks every row, and writes the office's own
// into one. Single lists are changed through [Changes].
type Lists struct{ api *API }

var listTables = FileFilter{Name: "CSV, Excel", Patterns: "*.csv;*.txt;*.xlsx"}

// FileSource is a file that the person picked or dropped.
type FileSource struct {
	Path   string `json:"path"`
	Base64 string `json:"base64"` // the file itself, where Path is ""
	Sheet  string `json:"sheet"`  // of a workbook; "" the one that looks like ours
}

// FileProblem is one thing that is wrong with a file. The page has a text for each code.
type FileProblem struct {
	Code   string `json:"code"`
	Row    int    `json:"row"`    // 0: the whole file
	Column string `json:"column"` // name of a value; "" the whole row
	Value  string `json:"value"`
	First  int    `json:"first"` // of a double: the row that came first; 0 none
	Light  bool   `json:"light"` // the row is taken all the same
}

// ListFile is what a file of mailing lists comes to. Nothing has been sent.
type ListFile struct {
	Encoding string        `json:"encoding"` // "" for XLSX
	Sheets   []string      `json:"sheets"`
	Sheet    string        `json:"sheet"`
	New      int           `json:"new"`
	Changed  int           `json:"changed"`
	Same     int           `json:"same"`
	Stopped  int           `json:"stopped"` // rows that are left out
	Rows     []ListFileRow `json:"rows"`
	Problems []FileProblem `json:"problems"`
}

// ListFileRow is one list that would be created or changed.
type ListFileRow struct {
	Row     int      `json:"row"`
	Address string   `json:"address"`
	Name    string   `json:"name"`
	Fresh   bool     `json:"fresh"` // it would be created
	Set     []string `json:"set"`   // values that would change
	Members int      `json:"members"`
}

// Pick shows the computer's dialog for a file; "" if the person changed their mind.
func (l *Lists) Pick() (string, error) {
	return guard("pick file of lists", func() (string, error) { return l.api.cfg.Desktop.PickFile(listTables) })
}

// Read checks a file of mailing lists against the office. Nothing is sent, but lists of
// which only a part is known are read whole first.
func (l *Lists) Read(requestID, officeID string, source FileSource) (ListFile, error) {
	none := ListFile{Sheets: []string{}, Rows: []ListFileRow{}, Problems: []FileProblem{}}
	return with(l.api, "read lists", func(root context.Context, d *data) (ListFile, error) {
		ctx, end := l.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		grid, changes, found, err := l.check(ctx, d, officeID, source)
		if err != nil {
			return none, err
		}
		found.Encoding, found.Sheets, found.Sheet = grid.Encoding, full(grid.Sheets), grid.Sheet
		for _, c := range changes {
			if c.Kind == office.CreateList {
				found.New++
			} else {
				found.Changed++
			}
			found.Rows = append(found.Rows, ListFileRow{
				Row: c.Row, Address: c.List.Address, Name: c.List.Name, Fresh: c.Kind == office.CreateList, Set: texts(c.Set), Members: len(c.List.Members),
			})
		}
		return found, nil
	})
}

// Preview reads a file again and finds out what it would do, until App.Cancel(requestID).
func (l *Lists) Preview(requestID, officeID string, source FileSource) (ChangePlan, error) {
	return with(l.api, "preview lists", func(root context.Context, d *data) (ChangePlan, error) {
		ctx, end := l.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		_, changes, _, err := l.check(ctx, d, officeID, source)
		if err != nil {
			return ChangePlan{}, err
		}
		if len(changes) == 0 {
			return ChangePlan{}, core.E(core.Invalid, "preview lists", nil, "field", "rows", "reason", "missing")
		}
		plan, err := d.changes.Preview(ctx, officeID, changes)
		return wirePlan(plan), err
	})
}

func (l *Lists) check(ctx context.Context, d *data, officeID string, source FileSource) (*people.Grid, []office.Change, ListFile, error) {
	found := ListFile{Rows: []ListFileRow{}, Problems: []FileProblem{}}
	grid, problems, err := source.grid(listfile.IsHeading)
	if err != nil {
		return nil, nil, found, err
	}
	for _, p := range problems {
		found.Problems = append(found.Problems, FileProblem{Code: string(p.Code), Row: p.Row})
	}
	if len(grid.Rows) == 0 {
		return grid, nil, found, nil
	}
	view, err := l.whole(ctx, d, officeID)
	if err != nil {
		return nil, nil, found, err
	}
	changes, wrong, same := listfile.Changes(grid, view)
	stopped := map[int]bool{}
	for _, p := range wrong {
		found.Problems = append(found.Problems, FileProblem{Code: string(p.Code), Row: p.Row, Column: string(p.Column), Value: p.Value})
		if p.Row > 0 {
			stopped[p.Row] = true
		}
	}
	found.Same, found.Stopped = same, len(stopped)
	return grid, changes, found, nil
}

// grid reads the cells of a file.
func (s FileSource) grid(known func(string) bool) (*people.Grid, []people.Problem, error) {
	o := people.GridOptions{Sheet: s.Sheet, Known: known}
	if s.Path != "" {
		return people.ReadGridFile(s.Path, o)
	}
	raw, err := s.bytes()
	if err != nil {
		return nil, nil, err
	}
	return people.ReadGrid(bytes.NewReader(raw), o)
}

// bytes is a file that was dropped.
func (s FileSource) bytes() ([]byte, error) {
	if len(s.Base64) > 2*people.MaxBytes {
		return nil, core.E(core.TooBig, "read file", nil)
	}
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil {
		return nil, core.E(core.Invalid, "read file", err, "field", "file")
	}
	return raw, nil
}

// whole is the directory with all that its lists hold: of some providers' lists the
// directory knows only a part.
func (l *Lists) whole(ctx context.Context, d *data, officeID string) (*directory.View, error) {
	v, err := d.directory.View(ctx, officeID)
	if err != nil || !v.PartialLists() {
		return v, err
	}
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		return nil, err
	}
	if reader, ok := live.Provider.(provider.ListReader); ok {
		return d.directory.CompleteLists(ctx, officeID, reader)
	}
	return v, nil
}

// Save shows the computer's dialog and writes all lists as a file that Read takes again;
// path as in Staff.SaveRows. Formulas are made harmless.
func (l *Lists) Save(requestID, officeID string, format ListFormat) (string, error) {
	return with(l.api, "save lists", func(root context.Context, d *data) (string, error) {
		ctx, end := l.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		if !has(listFormats, format) {
			return "", core.E(core.Invalid, "save lists", nil, "field", "format", "reason", "unknown")
		}
		v, err := l.whole(ctx, d, officeID)
		if err != nil {
			return "", err
		}
		name := "lists"
		if len(v.Domains) > 0 {
			name = v.Domains[0].Name + " lists " + strconv.Itoa(len(v.Lists))
		}
		return l.api.saveTable(name, format, listfile.Header(), listfile.Rows(v))
	})
}
