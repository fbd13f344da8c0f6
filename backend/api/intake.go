package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"strings"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/intake"
	"mailroom/backend/people"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Intake reads lists of people who are to get a mailbox, checks every row against the
// office, and saves what became of them.
type Intake struct {
	api *API

	mu   sync.Mutex
	made map[string]map[string]secret.Value // by plan: passwords by address
	kept []string                           // the plans, the oldest first
}

// maxMade is for how many plans initial passwords are remembered; they are never
// written down but into the file that the person asks for.
const maxMade = 8

var newPeople = FileFilter{Name: "Excel, CSV", Patterns: "*.xlsx;*.csv;*.txt"}

// Pick shows the computer's dialog for a list; "" if the person changed their mind.
func (i *Intake) Pick() (string, error) {
	return guard("pick list of new people", func() (string, error) { return i.api.cfg.Desktop.PickFile(newPeople) })
}

// SaveTemplate lets the person save an empty list with the columns that the office can
// take. It returns the path; "" if they changed their mind.
func (i *Intake) SaveTemplate(officeID string, language Language, format ListFormat) (string, error) {
	return with(i.api, "save template", func(ctx context.Context, d *data) (string, error) {
		if !has(listFormats, format) {
			return "", core.E(core.Invalid, "save template", nil, "field", "format", "reason", "unknown")
		}
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return "", err
		}
		path, err := i.api.cfg.Desktop.PickNew("new-people."+string(format), FileFilter{Name: strings.ToUpper(string(format)), Patterns: "*." + string(format)})
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error {
			return intake.Template(w, people.Format(format), language == LanguageChinese, live.Capabilities)
		})
	})
}

// checked is a list held against an office.
type checked struct {
	result   intake.Result
	grid     *people.Grid
	problems []people.Problem
	view     *directory.View
	caps     provider.Capabilities
}

// check reads and checks a list.
func (i *Intake) check(ctx context.Context, d *data, officeID string, source IntakeSource) (checked, error) {
	var c checked
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		return c, err
	}
	if c.view, err = d.directory.View(ctx, officeID); err != nil {
		return c, err
	}
	c.caps = live.Capabilities
	if c.grid, c.problems, err = source.grid(); err != nil {
		return c, err
	}
	against := intake.Directory{
		Domains: c.view.Domains, People: c.view.People, Departments: c.view.Departments, Lists: c.view.Lists, Capabilities: c.caps,
		Rule: passwordRule(live.Provider),
	}
	if len(c.grid.Rows) > 0 {
		o := intake.Options{
			MakePasswords: source.MakePasswords, MustChange: source.MustChange, MakeDepartments: source.MakeDepartments, Department: source.Department,
			Existing: intake.Existing(source.Existing), Rows: map[int]intake.Existing{}, Umlaut: intake.Umlaut(source.Umlaut),
		}
		for _, choice := range source.Chosen {
			o.Rows[choice.Row] = intake.Existing(choice.Existing)
		}
		c.result = intake.Read(c.grid, against, o)
	}
	return c, nil
}

// grid reads the cells of the list.
func (s IntakeSource) grid() (*people.Grid, []people.Problem, error) {
	o := people.GridOptions{Sheet: s.Sheet, Hidden: s.Hidden, Known: intake.IsHeading}
	if s.Path != "" {
		return people.ReadGridFile(s.Path, o)
	}
	if len(s.Base64) > 2*people.MaxBytes {
		return nil, nil, core.E(core.TooBig, "read list of new people", nil)
	}
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil {
		return nil, nil, core.E(core.Invalid, "read list of new people", err, "field", "file")
	}
	return people.ReadGrid(bytes.NewReader(raw), o)
}

// passwordRule is what an office demands of passwords; nothing where it does not tell.
func passwordRule(p provider.Provider) provider.PasswordRule {
	if s, ok := p.(provider.PasswordSetter); ok {
		return s.PasswordRule()
	}
	return provider.PasswordRule{}
}

// Read checks a list. Nothing is sent, and no password is kept.
func (i *Intake) Read(officeID string, source IntakeSource) (IntakeResult, error) {
	return with(i.api, "read list of new people", func(ctx context.Context, d *data) (IntakeResult, error) {
		c, err := i.check(ctx, d, officeID, source)
		if err != nil {
			return IntakeResult{Sheets: []string{}, People: []IntakePerson{}, There: []IntakeThere{}, Departments: []string{}, Problems: []IntakeProblem{}}, err
		}
		return c.wire(source), nil
	})
}

func (c checked) wire(source IntakeSource) IntakeResult {
	r := c.result
	out := IntakeResult{
		Path: source.Path, Encoding: c.grid.Encoding, Sheets: full(c.grid.Sheets), Sheet: c.grid.Sheet, Hidden: c.grid.Hidden,
		Total: r.Total, Stopped: r.Stopped, Already: r.Already, Changed: r.Changed, There: []IntakeThere{}, People: []IntakePerson{}, Departments: []string{}, Problems: []IntakeProblem{},
	}
	for _, p := range c.problems {
		out.Problems = append(out.Problems, IntakeProblem{Code: string(p.Code), Weight: IntakeWeight(intake.Stop), Row: p.Row, Facts: []string{}})
	}
	out.Problems = append(out.Problems, mapped(r.Problems, wireIntakeProblem)...)
	paths := map[string]string{}
	for _, u := range r.New {
		paths[u.Handle] = u.Path
		out.Departments = append(out.Departments, u.Path)
	}
	path := func(id string) string {
		if p, fresh := paths[id]; fresh {
			return p
		}
		return c.view.Path(id)
	}
	for _, e := range r.There {
		out.There = append(out.There, wireThere(e, path))
	}
	for _, row := range r.Rows {
		p := IntakePerson{
			Row: row.Number, Name: row.Called, Address: row.Person.Address, Aliases: full(row.Person.Aliases), Departments: []string{}, Made: row.Made,
		}
		for _, id := range row.Person.Departments {
			p.Departments = append(p.Departments, path(id))
		}
		out.People = append(out.People, p)
	}
	return out
}

// Preview reads a list again and finds out what creating its people would do, until
// App.Cancel(requestID). Its passwords are put into the vault.
func (i *Intake) Preview(requestID, officeID string, source IntakeSource) (ChangePlan, error) {
	return with(i.api, "preview intake", func(root context.Context, d *data) (ChangePlan, error) {
		ctx, end := i.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		c, err := i.check(ctx, d, officeID, source)
		if err != nil {
			return ChangePlan{}, err
		}
		all, err := c.result.Changes(c.view.Lists, func(passwords []secret.Value) ([]string, error) { return d.keepAll(ctx, passwords) })
		if err != nil {
			return ChangePlan{}, err
		}
		if len(all) == 0 {
			return ChangePlan{}, core.E(core.Invalid, "preview intake", nil, "field", "rows", "reason", "missing")
		}
		plan, err := d.changes.Preview(ctx, officeID, all)
		if err != nil {
			return ChangePlan{}, err
		}
		i.remember(plan.ID, c.result.Rows)
		return wirePlan(plan), nil
	})
}

// remember keeps the initial passwords of a plan in memory.
func (i *Intake) remember(planID string, rows []intake.Row) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.made == nil {
		i.made = map[string]map[string]secret.Value{}
	}
	passwords := map[string]secret.Value{}
	for _, r := range rows {
		if !r.Password.IsZero() {
			passwords[r.Person.Address] = r.Password
		}
	}
	i.made[planID] = passwords
	if i.kept = append(i.kept, planID); len(i.kept) > maxMade {
		delete(i.made, i.kept[0])
		i.kept = i.kept[1:]
	}
}

// passwords are the initial passwords of a plan, by address.
func (i *Intake) passwords(planID string) map[string]secret.Value {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.made[planID]
}
