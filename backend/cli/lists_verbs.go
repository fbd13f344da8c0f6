package cli

import (
	"context"
	"fmt"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/listfile"
	"mailroom/backend/provider"
)

// departmentsVerb shows the departments of an office.
type departmentsVerb struct {
	List departmentsListVerb `cmd:"" help:"help_departments_list"`
}

type departmentsListVerb struct {
	officeFlags `embed:""`
}

// departmentLine is one department on the wire.
type departmentLine struct {
	Event  string `json:"event"` // department
	ID     string `json:"id"`
	Parent string `json:"parent"` // "" the office itself
	Name   string `json:"name"`
	Path   string `json:"path"` // 研发/后端
	Remark string `json:"remark"`
	People int    `json:"people"`
}

// telling connects an office that tells what is asked for: an empty listing where the
// provider tells nothing would say that there is none.
func (b *bureau) telling(ctx context.Context, what provider.Capability) (*directory.View, error) {
	needs := []string{"lists"}
	if what == provider.CanReadDepartments {
		needs = nil
	}
	view, err := b.connect(ctx, needs...)
	if err == nil && !b.live.Capabilities.Can(what) {
		err = core.E(core.Unsupported, "read "+string(what), nil)
	}
	return view, err
}

func (v *departmentsListVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.telling(ctx, provider.CanReadDepartments)
		if err != nil {
			return 0, err
		}
		in := map[string]int{}
		for _, p := range view.People {
			if p.Status != provider.Deleted {
				for _, d := range p.Departments {
					in[d]++
				}
			}
		}
		for _, d := range view.Departments {
			path := view.Path(d.ID)
			if r.json != nil {
				r.json.send(departmentLine{"department", d.ID, d.Parent, d.Name, path, d.Remark, in[d.ID]})
				continue
			}
			fmt.Fprintf(r.stdout, "%s\t%d\n", printable(path), in[d.ID])
		}
		b.count(len(view.Departments), "departments.count")
		return exitOK, nil
	})
}

// listsVerb looks after the mailing lists of an office.
type listsVerb struct {
	List   listsListVerb   `cmd:"" help:"help_lists_list"`
	Show   listsShowVerb   `cmd:"" help:"help_lists_show"`
	Import listsImportVerb `cmd:"" help:"help_lists_import"`
	Export listsExportVerb `cmd:"" help:"help_lists_export"`
	Add    listsAddVerb    `cmd:"" help:"help_lists_add"`
}

type listsListVerb struct {
	officeFlags `embed:""`
}

type listsShowVerb struct {
	officeFlags `embed:""`
	Which       []string `arg:"" placeholder:"ADDRESS" help:"help_lists_which"`
}

type listsImportVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	File        string `arg:"" placeholder:"FILE" help:"help_lists_file"`
}

type listsExportVerb struct {
	officeFlags `embed:""`
	File        string `arg:"" placeholder:"FILE" help:"help_people_out"`
}

// listLine is one mailing list on the wire.
type listLine struct {
	Event       string   `json:"event"` // list
	ID          string   `json:"id"`
	Address     string   `json:"address"`
	Name        string   `json:"name"`
	Remark      string   `json:"remark"`
	Members     []string `json:"members"`
	Lists       []string `json:"lists"`
	Departments []string `json:"departments"` // by their names
	Policy      string   `json:"policy"`      // anyone, inside, members, members_named, named; "" not told
	Senders     []string `json:"senders"`
	Hidden      string   `json:"hidden"`
	Off         string   `json:"off"`
	Partial     bool     `json:"partial"` // lists show tells more
}

func listOf(l provider.List, v *directory.View) listLine {
	line := listLine{
		Event: "list", ID: l.ID, Address: l.Address, Name: l.Name, Remark: l.Remark, Members: some(l.Members), Lists: some(l.Lists),
		Departments: []string{}, Policy: string(l.Policy), Senders: some(l.Senders), Hidden: string(l.Hidden), Off: string(l.Off), Partial: l.Partial,
	}
	for _, id := range l.Departments {
		line.Departments = append(line.Departments, v.Path(id))
	}
	return line
}

func (v *listsListVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.telling(ctx, provider.CanReadLists)
		if err != nil {
			return 0, err
		}
		for _, l := range view.Lists {
			if r.json != nil {
				r.json.send(listOf(l, view))
				continue
			}
			members := strconv.Itoa(len(l.Members))
			if l.Partial {
				members = "-" // the listing does not tell; "lists show" does
			}
			fmt.Fprintf(r.stdout, "%s\t%s\t%s\n", printable(l.Address), printable(l.Name), members)
		}
		b.count(len(view.Lists), "lists.count")
		return exitOK, nil
	})
}

func (v *listsShowVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.connect(ctx, "lists")
		if err != nil {
			return 0, err
		}
		for _, which := range v.Which {
			l, err := b.list(ctx, view, which)
			if err != nil {
				return 0, err
			}
			if r.json != nil {
				r.json.send(listOf(l, view))
				continue
			}
			fmt.Fprintf(r.stdout, "%s  %s\n", printable(l.Address), printable(l.Name))
			for _, value := range directory.ListValues(l, view.Path) {
				if len(value.Values) > 0 && value.Attr != provider.AttrAddress && value.Attr != provider.AttrName {
					fmt.Fprintln(r.stdout, "  "+r.words.attr(string(value.Attr), value.Part)+": "+r.words.values(string(value.Attr), value.Values))
				}
			}
		}
		return exitOK, nil
	})
}

// list reads a list by address or ID.
func (b *bureau) list(ctx context.Context, v *directory.View, which string) (provider.List, error) {
	reader, ok := b.live.Provider.(provider.ListReader)
	if !ok || !b.live.Capabilities.Can(provider.CanReadLists) {
		return provider.List{}, core.E(core.Unsupported, "read list", nil)
	}
	id := which
	if use, by := v.UseOf(which); use == provider.UseList {
		id = by
	} else if _, there := v.List(which); !there {
		return provider.List{}, core.E(core.NotFound, "find list", nil, "problem", "no_list", "value", which)
	}
	return reader.List(ctx, id)
}

// run brings the office's lists to what a file says.
func (v *listsImportVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		g, err := grid(v.File, listfile.IsHeading)
		if err != nil {
			return 0, err
		}
		view, err := b.connect(ctx, "lists")
		if err != nil {
			return 0, err
		}
		if view, err = b.whole(ctx, view); err != nil {
			return 0, err
		}
		changes, problems, _ := listfile.Changes(g, view)
		for _, p := range problems {
			b.problem(v.File, "", problemLine{Event: "problem", Code: string(p.Code), Weight: "stop", Row: p.Row, Column: string(p.Column), Value: p.Value})
		}
		exit, err := b.carryOut(ctx, changes, v.changing)
		if err == nil && len(problems) > 0 {
			exit = worse(exit, exitLeft)
		}
		return exit, err
	})
}

// whole reads the lists of which the listing told only a part.
func (b *bureau) whole(ctx context.Context, v *directory.View) (*directory.View, error) {
	reader, ok := b.live.Provider.(provider.ListReader)
	if !ok || !b.live.Capabilities.Can(provider.CanReadLists) {
		return v, nil
	}
	return b.store.CompleteLists(ctx, b.office.ID, reader)
}

func (v *listsExportVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.telling(ctx, provider.CanReadLists)
		if err != nil {
			return 0, err
		}
		if view, err = b.whole(ctx, view); err != nil {
			return 0, err
		}
		return b.export(v.File, listfile.Header(), listfile.Rows(view))
	})
}
