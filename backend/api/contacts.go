package api

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/contactfile"
	"mailroom/backend/people"
)

// Contacts brings shared contacts in from a file and writes them into one. Single contacts and
// their groups are changed through [Changes].
type Contacts struct{ api *API }

// ContactFormat is a file format of shared contacts.
type ContactFormat string

// The formats.
const (
	ContactVCard3 ContactFormat = "vcard3" // every phone reads it
	ContactVCard4 ContactFormat = "vcard4"
	ContactCSV    ContactFormat = "csv"
	ContactXLSX   ContactFormat = "xlsx"
)

// ContactExisting says what happens to contacts that are in the book already, see
// [contactfile.Existing].
type ContactExisting string

// ContactSource is a file of shared contacts and how it comes into the book.
type ContactSource struct {
	File     FileSource      `json:"file"`
	Existing ContactExisting `json:"existing"`
	Group    string          `json:"group"` // ID of a group into which all come as well; "" none
}

// ContactFile is what a file of shared contacts comes to. Nothing has been changed.
type ContactFile struct {
	Kind     string           `json:"kind"`     // table, vcard: Row is then the number of a card
	Encoding string           `json:"encoding"` // of CSV
	Sheets   []string         `json:"sheets"`
	Sheet    string           `json:"sheet"`
	Ignored  []string         `json:"ignored"` // columns that mean nothing to us
	New      int              `json:"new"`
	Changed  int              `json:"changed"`
	Same     int              `json:"same"`
	Left     int              `json:"left"`    // in the book already, and left as they are
	Stopped  int              `json:"stopped"` // left out because something is wrong
	Groups   []string         `json:"groups"`  // that would be created
	Rows     []ContactFileRow `json:"rows"`
	Problems []FileProblem    `json:"problems"`
}

// ContactFileRow is one contact of a file.
type ContactFileRow struct {
	Row     int      `json:"row"`
	Name    string   `json:"name"`
	Address string   `json:"address"`
	What    string   `json:"what"`  // new, changed, same, left
	Set     []string `json:"set"`   // values that differ from the book's
	Found   string   `json:"found"` // the contact of the book; "" none
}

var contactFiles = FileFilter{Name: "vCard, CSV, Excel", Patterns: "*.vcf;*.vcard;*.csv;*.txt;*.xlsx"}

// Pick shows the computer's dialog for a file; "" if the person changed their mind.
func (c *Contacts) Pick() (string, error) {
	return with(c.api, "pick file of contacts", func(context.Context, *data) (string, error) { return c.api.cfg.Desktop.PickFile(contactFiles) })
}

// Read checks a file of contacts against the book, contact by contact. Nothing is changed.
func (c *Contacts) Read(officeID string, source ContactSource) (ContactFile, error) {
	return with(c.api, "read contacts", func(ctx context.Context, d *data) (ContactFile, error) {
		file, out, err := source.check(ctx, d, officeID)
		if err != nil {
			return ContactFile{}, err
		}
		return ContactFile{
			Kind: string(file.Kind), Encoding: file.Encoding, Sheets: full(file.Sheets), Sheet: file.Sheet, Ignored: full(file.Ignored),
			New: out.Count(contactfile.New), Changed: out.Count(contactfile.Changed), Same: out.Count(contactfile.Same),
			Left: out.Count(contactfile.Left), Stopped: out.Stopped(), Groups: full(out.Groups),
			Rows: mapped(out.Rows, func(r contactfile.Row) ContactFileRow {
				return ContactFileRow{Row: r.Row, Name: r.Name, Address: r.Address, What: string(r.What), Set: texts(r.Set), Found: r.Found}
			}),
			Problems: mapped(out.Problems, func(p contactfile.Problem) FileProblem {
				return FileProblem{Code: string(p.Code), Row: p.Row, Column: p.Column, Value: p.Value, First: p.First, Light: !p.Stop}
			}),
		}, nil
	})
}

// Preview reads a file again and finds out what it would do, until App.Cancel(requestID).
func (c *Contacts) Preview(requestID, officeID string, source ContactSource) (ChangePlan, error) {
	return with(c.api, "preview contacts", func(root context.Context, d *data) (ChangePlan, error) {
		ctx, end := c.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		_, out, err := source.check(ctx, d, officeID)
		if err != nil {
			return ChangePlan{}, err
		}
		switch n := len(out.Changes); {
		case n == 0:
			return ChangePlan{}, core.E(core.Invalid, "preview contacts", nil, "field", "rows", "reason", "missing")
		case n > maxChanges:
			return ChangePlan{}, core.E(core.Invalid, "preview contacts", nil, "field", "changes", "limit", strconv.Itoa(maxChanges))
		}
		plan, err := d.changes.Preview(ctx, officeID, out.Changes)
		return wirePlan(plan), err
	})
}

func (s ContactSource) check(ctx context.Context, d *data, officeID string) (*contactfile.File, contactfile.Outcome, error) {
	if !has(existingContacts, s.Existing) {
		return nil, contactfile.Outcome{}, core.E(core.Invalid, "read contacts", nil, "field", "existing", "reason", "unknown")
	}
	raw, err := s.File.content()
	if err != nil {
		return nil, contactfile.Outcome{}, err
	}
	view, err := d.directory.View(ctx, officeID)
	if err != nil {
		return nil, contactfile.Outcome{}, err
	}
	if _, there := view.Group(s.Group); s.Group != "" && !there {
		return nil, contactfile.Outcome{}, core.E(core.NotFound, "read contacts", nil, "field", "groups")
	}
	file := contactfile.Read(raw, s.File.Sheet)
	return file, file.Plan(view, contactfile.Options{Existing: contactfile.Existing(s.Existing), Group: s.Group}), nil
}

// content is the file itself, up to one byte more than is read.
func (s FileSource) content() ([]byte, error) {
	if s.Path == "" {
		return s.bytes()
	}
	f, err := os.Open(s.Path)
	if err != nil {
		code := core.Internal
		switch {
		case errors.Is(err, fs.ErrNotExist):
			code = core.NotFound
		case errors.Is(err, fs.ErrPermission):
			code = core.Forbidden
		}
		return nil, core.E(code, "read file", err, "file", s.Path)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, people.MaxBytes+1))
	if err != nil {
		return nil, core.E(core.Internal, "read file", err, "file", s.Path)
	}
	return raw, nil
}

// Save shows the computer's dialog and writes the contacts of a group, "" all, as a file that
// Read takes again without loss. It returns the path; "" if the person changed their mind.
func (c *Contacts) Save(officeID, group string, format ContactFormat) (string, error) {
	return with(c.api, "save contacts", func(ctx context.Context, d *data) (string, error) {
		if !has(contactFormats, format) {
			return "", core.E(core.Invalid, "save contacts", nil, "field", "format", "reason", "unknown")
		}
		v, err := d.directory.View(ctx, officeID)
		if err != nil {
			return "", err
		}
		book := contactfile.Of(v, group)
		name := strings.TrimSpace(book.Domain + " contacts")
		if g, ok := v.Group(group); ok {
			name += " " + g.Name
		}
		return c.saveAs(name, format, func(w io.Writer) error { return book.Write(w, contactfile.Format(format)) })
	})
}

// SaveTemplate lets the person save an empty table with the columns that Read understands.
func (c *Contacts) SaveTemplate(language Language, format ContactFormat) (string, error) {
	return with(c.api, "save template", func(context.Context, *data) (string, error) {
		if format != ContactCSV && format != ContactXLSX {
			return "", core.E(core.Invalid, "save template", nil, "field", "format", "reason", "unknown")
		}
		words, err := c.api.wordsOf(language)
		if err != nil {
			return "", err
		}
		var headings []string
		for _, c := range contactfile.Columns() {
			headings = append(headings, words.T("attr."+c))
		}
		return c.saveAs("contacts", format, func(w io.Writer) error {
			return people.WriteHeadings(w, people.Format(format), headings)
		})
	})
}

func (c *Contacts) saveAs(name string, format ContactFormat, write func(io.Writer) error) (string, error) {
	ending := string(format)
	if format == ContactVCard3 || format == ContactVCard4 {
		ending = "vcf"
	}
	path, err := c.api.cfg.Desktop.PickNew(fileName(name)+"."+ending, FileFilter{Name: strings.ToUpper(ending), Patterns: "*." + ending})
	if err != nil || path == "" {
		return "", err
	}
	return path, writeFile(path, write)
}

var contactFormats = []enum[ContactFormat]{{ContactVCard3, "VCard3"}, {ContactVCard4, "VCard4"}, {ContactCSV, "CSV"}, {ContactXLSX, "XLSX"}}

var existingContacts = []enum[ContactExisting]{{ContactExisting(contactfile.Leave), "Leave"}, {ContactExisting(contactfile.Update), "Update"}}
