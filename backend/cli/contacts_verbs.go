package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/contactfile"
	"mailroom/backend/office/directory"
	"mailroom/backend/people"
)

// contactsVerb looks after the shared contacts of an office, wherever they are kept.
type contactsVerb struct {
	List   contactsListVerb   `cmd:"" help:"help_contacts_list"`
	Import contactsImportVerb `cmd:"" help:"help_contacts_import"`
	Export contactsExportVerb `cmd:"" help:"help_contacts_export"`
}

type contactsListVerb struct {
	officeFlags `embed:""`
	Group       string `placeholder:"NAME" help:"help_contacts_group"`
}

type contactsImportVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	Update      bool   `help:"help_contacts_update"`
	Group       string `placeholder:"NAME" help:"help_contacts_into"`
	File        string `arg:"" placeholder:"FILE" help:"help_contacts_file"`
}

type contactsExportVerb struct {
	officeFlags `embed:""`
	Group       string `placeholder:"NAME" help:"help_contacts_group"`
	VCard       string `name:"vcard" enum:"3,4" default:"3" placeholder:"3|4" help:"help_contacts_vcard"`
	File        string `arg:"" placeholder:"FILE" help:"help_contacts_out"`
}

// contactLine is one shared contact on the wire.
type contactLine struct {
	Event     string   `json:"event"` // contact
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Addresses []string `json:"addresses"` // the first is the main one
	Mobile    string   `json:"mobile"`
	Phone     string   `json:"phone"`
	Company   string   `json:"company"`
	Title     string   `json:"title"`
	Remark    string   `json:"remark"`
	Groups    []string `json:"groups"` // by their names
	Order     int      `json:"order"`
	Local     bool     `json:"local"` // kept on this computer, since the provider has no public call
}

// groupNamed is the ID of a group of contacts; "" for "".
func groupNamed(v *directory.View, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	for _, g := range v.Groups {
		if g.ID == name || strings.EqualFold(g.Name, name) {
			return g.ID, nil
		}
	}
	return "", core.E(core.NotFound, "find group", nil, "problem", "no_group", "value", name)
}

// shared connects the office and reads its shared contacts. Errors: unsupported where nobody
// keeps any.
func (b *bureau) shared(ctx context.Context, group string) (*directory.View, string, error) {
	view, err := b.connect(ctx, "contacts")
	if err != nil {
		return nil, "", err
	}
	if !b.live.Capabilities.Can("contacts.read") {
		return nil, "", core.E(core.Unsupported, "read contacts", nil)
	}
	id, err := groupNamed(view, group)
	return view, id, err
}

func (v *contactsListVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, group, err := b.shared(ctx, v.Group)
		if err != nil {
			return 0, err
		}
		local := b.live.Capabilities.Support["contacts.read"].Local
		book := contactfile.Of(view, group)
		for _, c := range book.Contacts {
			line := contactLine{
				Event: "contact", ID: c.ID, Name: c.Name, Addresses: some(c.Addresses), Mobile: c.Mobile, Phone: c.Phone, Company: c.Company,
				Title: c.Title, Remark: c.Remark, Groups: some(book.GroupNames(c)), Order: c.Order, Local: local,
			}
			if r.json != nil {
				r.json.send(line)
				continue
			}
			number := c.Mobile
			if number == "" {
				number = c.Phone
			}
			fmt.Fprintf(r.stdout, "%s\t%s\t%s\t%s\n", printable(c.Name), printable(strings.Join(c.Addresses, ", ")), printable(number), printable(strings.Join(line.Groups, ", ")))
		}
		b.count(len(book.Contacts), "contacts.count")
		if local && r.json == nil {
			fmt.Fprintln(r.stdout, r.words.say("contacts.local"))
		}
		return exitOK, nil
	})
}

// run brings the contacts of a file into the book.
func (v *contactsImportVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		raw, err := readBounded(v.File)
		if err != nil {
			return 0, err
		}
		view, group, err := b.shared(ctx, v.Group)
		if err != nil {
			return 0, err
		}
		how := contactfile.Options{Existing: contactfile.Leave, Group: group}
		if v.Update {
			how.Existing = contactfile.Update
		}
		file := contactfile.Read(raw, "")
		out := file.Plan(view, how)
		left := out.Count(contactfile.Left)
		for _, p := range out.Problems {
			line := problemLine{Event: "problem", Code: string(p.Code), Weight: "look", Row: p.Row, Column: p.Column, Value: p.Value, First: p.First}
			if p.Stop {
				line.Weight = "stop"
			}
			if file.Kind == contactfile.Cards {
				line.Row, line.Card = 0, p.Row
			}
			b.problem(v.File, "", line)
		}
		if left > 0 && r.json == nil {
			fmt.Fprintln(r.stderr, r.words.say("contacts.left", "n", itoa(left)))
		}
		exit, err := b.carryOut(ctx, out.Changes, v.changing)
		if err == nil && (out.Stopped() > 0 || len(file.Entries) == 0) {
			exit = worse(exit, exitLeft)
		}
		return exit, err
	})
}

// readBounded reads a file up to one byte more than is understood.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, core.E(core.NotFound, "read contacts", err, "file", path)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, people.MaxBytes+1))
	if err != nil {
		return nil, core.E(core.Invalid, "read contacts", err, "file", path)
	}
	return raw, nil
}

// run writes the book: vCard, CSV or XLSX by the name's ending, "-" as vCard to the output.
func (v *contactsExportVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, group, err := b.shared(ctx, v.Group)
		if err != nil {
			return 0, err
		}
		book := contactfile.Of(view, group)
		format := contactfile.Format("vcard" + v.VCard)
		switch ending := strings.ToLower(filepath.Ext(v.File)); ending {
		case ".csv", ".xlsx":
			format = contactfile.Format(ending[1:])
		case ".vcf", ".vcard":
		default:
			if v.File != "-" {
				return 0, core.E(core.Invalid, "export", nil, "file", v.File, "problem", "contacts_format")
			}
		}
		return b.exportTo(v.File, len(book.Contacts), func(w io.Writer) error { return book.Write(w, format) })
	})
}
