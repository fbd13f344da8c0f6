package api

import (
	"context"
	"io"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/naming"
	"mailroom/backend/office/passrule"
	"mailroom/backend/provider"
	"mailroom/backend/report"
)

// Staff helps with single people: addresses from names, passwords, and tables to save.
type Staff struct{ api *API }

// Propose makes free addresses from a name, in the way in which the office makes them.
// umlaut is how ü is written: v, yu or u.
func (s *Staff) Propose(officeID, name, umlaut string) ([]AddressProposal, error) {
	return with(s.api, "propose addresses", func(ctx context.Context, d *data) ([]AddressProposal, error) {
		v, err := d.directory.View(ctx, officeID)
		if err != nil || len(v.Domains) == 0 {
			return []AddressProposal{}, err
		}
		domain := v.Domains[0].Name
		all := naming.Propose(name, naming.Options{Umlaut: naming.Umlaut(umlaut), First: habitsOf(v).Of(name), Taken: func(local string) bool {
			use, _ := v.UseOf(local + "@" + domain)
			return use != "" && use != provider.UseFree
		}})
		has := naming.HasUmlaut(name)
		return mapped(all, func(p naming.Proposal) AddressProposal {
			return AddressProposal{Address: p.Local + "@" + domain, Pattern: string(p.Pattern), Umlaut: has}
		}), nil
	})
}

func habitsOf(v *directory.View) naming.Habits {
	known := make([]naming.Known, 0, len(v.People))
	for _, p := range v.People {
		local, _, _ := strings.Cut(p.Address, "@")
		known = append(known, naming.Known{Name: p.Name, Local: local})
	}
	return naming.HabitsOf(known)
}

// CheckPassword holds a password against the provider's demands, without sending it.
func (s *Staff) CheckPassword(officeID, password, address string) (PasswordCheck, error) {
	return with(s.api, "check password", func(ctx context.Context, d *data) (PasswordCheck, error) {
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return PasswordCheck{Broken: []string{}}, err
		}
		return PasswordCheck{Broken: texts(passrule.Check(passwordRule(live.Provider), password, address))}, nil
	})
}

// MakePassword makes an initial password that meets the provider's demands, to be shown
// to the person once.
func (s *Staff) MakePassword(officeID, address string) (PasswordCheck, error) {
	return with(s.api, "make password", func(ctx context.Context, d *data) (PasswordCheck, error) {
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return PasswordCheck{Broken: []string{}}, err
		}
		made, err := passrule.Make(passwordRule(live.Provider), address)
		return PasswordCheck{Password: made.Reveal(), Broken: []string{}}, err
	})
}

// SavedRows is a table as the page shows it, to be saved.
type SavedRows struct {
	Name   string     `json:"name"` // of the file, without its ending
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// limits of a table that is saved.
const (
	maxSavedRows = 200_000
	maxSavedCell = 20_000
)

// SaveRows shows the computer's dialog and writes a table as CSV or XLSX, without
// anything that a spreadsheet would calculate. It returns the path; "" if the person
// changed their mind.
func (s *Staff) SaveRows(table SavedRows, format ListFormat) (string, error) {
	return guard("save table", func() (string, error) {
		if len(table.Rows) > maxSavedRows || len(table.Header) == 0 || len(table.Header) > 100 || !has(listFormats, format) {
			return "", core.E(core.Invalid, "save table", nil, "field", "rows", "limit", strconv.Itoa(maxSavedRows))
		}
		for _, row := range table.Rows {
			for i, cell := range row {
				row[i] = strings.ToValidUTF8(cell[:min(len(cell), maxSavedCell)], "")
			}
		}
		return s.api.saveTable(table.Name, format, table.Header, table.Rows)
	})
}

// saveTable asks where to and writes.
func (a *API) saveTable(name string, format ListFormat, header []string, rows [][]string) (string, error) {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, name)
	path, err := a.cfg.Desktop.PickNew(name+"."+string(format), FileFilter{Name: strings.ToUpper(string(format)), Patterns: "*." + string(format)})
	if err != nil || path == "" {
		return "", err
	}
	return path, writeFile(path, func(w io.Writer) error {
		if format == ListXLSX {
			return report.Workbook(w, header, rows)
		}
		return report.Table(w, header, rows)
	})
}

// RunPaper says how to save what became of a run.
type RunPaper struct {
	Run       string     `json:"run"`
	Plan      string     `json:"plan"` // of an intake, for its passwords; "" none
	Passwords bool       `json:"passwords"`
	Format    ListFormat `json:"format"`
	Language  Language   `json:"language"`
}

// SaveRun saves what became of every step of a run; path as in SaveRows.
func (s *Staff) SaveRun(paper RunPaper) (string, error) {
	return with(s.api, "save results", func(ctx context.Context, d *data) (string, error) {
		if !has(listFormats, paper.Format) {
			return "", core.E(core.Invalid, "save results", nil, "field", "format", "reason", "unknown")
		}
		words, err := report.LoadWords(s.api.cfg.Words, string(paperLanguage(paper.Language)))
		if err != nil {
			return "", err
		}
		run, err := d.changes.Run(ctx, paper.Run)
		if err != nil {
			return "", err
		}
		t := runTable{words: words}
		if paper.Passwords {
			t.passwords = s.api.intake.passwords(paper.Plan)
		}
		for from := 0; from < run.Total; {
			page, err := d.changes.Results(ctx, paper.Run, from, 500)
			if err != nil {
				return "", err
			}
			for _, r := range page {
				t.add(r)
			}
			if from += len(page); len(page) == 0 {
				break
			}
		}
		return s.api.saveTable(run.Title+" "+run.Started.Format("2006-01-02 1504"), paper.Format, t.header(), t.rows)
	})
}

func paperLanguage(l Language) Language {
	if l == LanguageChinese {
		return l
	}
	return LanguageEnglish
}
