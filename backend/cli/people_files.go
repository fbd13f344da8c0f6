package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/intake"
	"mailroom/backend/people"
	"mailroom/backend/provider"
	"mailroom/backend/report"
	"mailroom/backend/secret"
)

type peopleImportVerb struct {
	officeFlags     `embed:""`
	changing        `embed:""`
	File            string `arg:"" placeholder:"FILE" help:"help_people_file"`
	Passwords       string `placeholder:"FILE" help:"help_people_passwords"`
	MustChange      bool   `help:"help_people_must_change"`
	MakeDepartments bool   `help:"help_people_departments"`
	UpdateExisting  bool   `help:"help_people_update"`
}

type peopleExportVerb struct {
	officeFlags `embed:""`
	File        string `arg:"" placeholder:"FILE" help:"help_people_out"`
}

// problemLine is one thing that is wrong with a file, on the wire.
type problemLine struct {
	Event  string   `json:"event"` // problem
	Code   string   `json:"code"`
	Weight string   `json:"weight"`         // stop: the row is not sent; look: it is, as told
	Row    int      `json:"row"`            // 0: the whole file
	Card   int      `json:"card,omitempty"` // of a vCard file, in place of Row
	Column string   `json:"column"`
	Cell   string   `json:"cell"`
	Value  string   `json:"value"`
	Fixed  string   `json:"fixed,omitempty"`
	First  int      `json:"first,omitempty"`
	Who    string   `json:"who,omitempty"`
	Facts  []string `json:"facts,omitempty"`
}

// grid reads the cells of a file.
func grid(path string, known func(string) bool) (*people.Grid, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, core.E(core.NotFound, "read list", err, "file", path)
	}
	defer f.Close()
	g, problems, err := people.ReadGrid(f, people.GridOptions{Known: known})
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, core.E(core.Invalid, "read list", problems[0].Err(), "file", path)
	}
	return g, nil
}

func (v *peopleImportVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		g, err := grid(v.File, intake.IsHeading)
		if err != nil {
			return 0, err
		}
		view, err := b.connect(ctx)
		if err != nil {
			return 0, err
		}
		o := intake.Options{MakePasswords: v.Passwords != "", MustChange: v.MustChange, MakeDepartments: v.MakeDepartments}
		if v.UpdateExisting {
			o.Existing = intake.Update
		}
		res := intake.Read(g, b.knownTo(view), o)
		for _, p := range res.Problems {
			b.problem(v.File, "person", problemLine{"problem", string(p.Code), string(p.Weight), p.Row, 0, string(p.Column), p.Cell, p.Value, p.Fixed, p.First, p.Who, p.Facts})
		}
		if v.Passwords != "" && !v.DryRun {
			if err := savePasswords(v.Passwords, res.Rows); err != nil {
				return 0, err
			}
		}
		changes, err := res.Changes(view.Lists, func(values []secret.Value) ([]string, error) {
			handles := make([]string, len(values))
			for i, value := range values {
				if !value.IsZero() {
					handles[i] = b.secrets.hold(value)
				}
			}
			return handles, nil
		})
		if err != nil {
			return 0, err
		}
		exit, err := b.carryOut(ctx, changes, v.changing)
		if err == nil && res.Stopped > 0 {
			exit = worse(exit, exitLeft)
		}
		return exit, err
	})
}

// knownTo is what is known of the office while a list is checked.
func (b *bureau) knownTo(v *directory.View) intake.Directory {
	d := intake.Directory{Domains: v.Domains, People: v.People, Departments: v.Departments, Lists: v.Lists, Capabilities: b.live.Capabilities}
	if s, ok := b.live.Provider.(provider.PasswordSetter); ok {
		d.Rule = s.PasswordRule()
	}
	return d
}

// problem tells one thing that is wrong with a file; of says whose columns it has, where
// a column's name means another thing there.
func (b *bureau) problem(file, of string, p problemLine) {
	if b.r.json != nil {
		b.r.json.send(p)
		return
	}
	w := b.r.words
	where := printable(filepath.Base(file))
	if p.Cell != "" {
		where += " " + p.Cell
	} else if p.Row > 0 {
		where += " " + w.say("step.row", "row", itoa(p.Row))
	} else if p.Card > 0 {
		where += " " + w.say("step.card", "row", itoa(p.Card))
	}
	text := p.Code
	if has("list." + p.Code) {
		text = w.fill("list."+p.Code, map[string]string{
			"value": cmp.Or(p.Value, p.Fixed, p.Who), "column": w.attr(p.Column, of), "first": strconv.Itoa(p.First), "fixed": p.Fixed, "who": p.Who, "facts": w.facts(p.Facts),
		})
	}
	fmt.Fprintln(b.r.stderr, where+": "+text)
}

// facts are a problem's facts: demands on a password have sentences.
func (w language) facts(all []string) string {
	told := make([]string, len(all))
	for i, fact := range all {
		if told[i] = fact; has("refusal.invalid." + fact) {
			told[i] = w.say("refusal.invalid." + fact)
		}
	}
	return strings.Join(told, " ")
}

// savePasswords writes the initial passwords of those who are about to be created, for
// nobody but this user: they are known nowhere else.
func savePasswords(path string, rows []intake.Row) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return core.E(core.ReadOnly, "save passwords", err, "file", path, "problem", "passwords_file")
	}
	table := make([][]string, len(rows))
	for i, row := range rows {
		table[i] = []string{row.Person.Address, row.Person.Name, row.Password.Reveal()}
	}
	if err = report.Table(f, []string{"address", "name", "password"}, table); err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return core.E(core.ReadOnly, "save passwords", err, "file", path)
	}
	return nil
}

func (v *peopleExportVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.connect(ctx)
		if err != nil {
			return 0, err
		}
		if view, err = b.whole(ctx, view); err != nil { // for the column of lists
			return 0, err
		}
		var rows [][]string
		for _, p := range view.People {
			if p.Status != provider.Deleted {
				rows = append(rows, peopleRow(p, view))
			}
		}
		return b.export(v.File, peopleHeader, rows)
	})
}

// peopleHeader are the columns of an exported list: those that an import reads again,
// and what only the provider can set.
var peopleHeader = []string{
	"name", "address", "departments", "title", "mobile", "phone", "staffNo", "gender", "aliases", "lists", "quota", "hidden", "hiddenAddresses", "mailRights", "forward", "remark",
	"status", "id",
}

func peopleRow(p provider.Person, v *directory.View) []string {
	departments := make([]string, len(p.Departments))
	for i, id := range p.Departments {
		departments[i] = v.Path(id)
	}
	var lists []string
	for _, l := range v.Lists {
		for _, m := range l.Members {
			if (m == p.Address || slices.Contains(p.Aliases, m)) && !slices.Contains(lists, l.Address) {
				lists = append(lists, l.Address)
			}
		}
	}
	quota := ""
	if p.Quota > 0 {
		quota = strconv.FormatFloat(float64(p.Quota)/(1<<30), 'f', -1, 64) // in GB, as an import reads it
	}
	forward := ""
	if p.Forward != nil {
		forward = strings.Join(p.Forward.To, ";")
	}
	return []string{
		p.Name, p.Address, strings.Join(departments, ";"), p.Title, p.Mobile, p.Phone, p.StaffNo, p.Gender, strings.Join(p.Aliases, ";"),
		strings.Join(lists, ";"), quota, string(p.Hidden), strings.Join(p.HiddenAddresses, ";"), string(p.MailRights), forward, p.Remark, string(p.Status), p.ID,
	}
}

// export writes a table: XLSX or CSV by the name's ending, "-" as CSV to the output.
func (b *bureau) export(path string, header []string, rows [][]string) (int, error) {
	write := func(w io.Writer) error { return report.Table(w, header, rows) }
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		write = func(w io.Writer) error { return workbook(w, header, rows) }
	}
	return b.exportTo(path, len(rows), write)
}

// exportTo writes a file whole or not at all; "-" is the output.
func (b *bureau) exportTo(path string, count int, write func(io.Writer) error) (int, error) {
	if path == "-" {
		return exitOK, write(b.r.stdout)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".mailroom-*")
	if err != nil {
		return 0, core.E(core.ReadOnly, "export", err, "file", path)
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return 0, core.E(core.ReadOnly, "export", err, "file", path)
	}
	if b.r.json != nil {
		b.r.json.send(savedLine{"summary", path, count})
	} else {
		fmt.Fprintln(b.r.stdout, b.r.words.say("saved.rows", "n", itoa(count), "file", path))
	}
	return exitOK, nil
}

// workbook writes a table as XLSX.
func workbook(w io.Writer, header []string, rows [][]string) error {
	book, err := report.NewLongWorkbook(w, header)
	if err != nil {
		return err
	}
	for _, row := range rows {
		book.Row(row)
	}
	return book.Close()
}

// savedLine ends an export.
type savedLine struct {
	Event string `json:"event"` // summary
	File  string `json:"file"`
	Count int    `json:"count"`
}
