package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// peopleVerb looks after the people of an office.
type peopleVerb struct {
	List    peopleListVerb    `cmd:"" help:"help_people_list"`
	Show    peopleShowVerb    `cmd:"" help:"help_people_show"`
	Import  peopleImportVerb  `cmd:"" help:"help_people_import"`
	Export  peopleExportVerb  `cmd:"" help:"help_people_export"`
	Suspend peopleSuspendVerb `cmd:"" help:"help_people_suspend"`
	Delete  peopleDeleteVerb  `cmd:"" help:"help_people_delete"`
}

type peopleListVerb struct {
	officeFlags `embed:""`
	Search      string `placeholder:"TEXT" help:"help_people_search"`
}

type peopleShowVerb struct {
	officeFlags `embed:""`
	Who         []string `arg:"" placeholder:"ADDRESS" help:"help_people_who"`
}

type peopleSuspendVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	Who         []string `arg:"" placeholder:"ADDRESS" help:"help_people_who"`
}

type peopleDeleteVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	Heir        string   `placeholder:"ADDRESS" help:"help_people_heir"`
	Keep        string   `enum:",attach,forward" default:"" placeholder:"HOW" help:"help_people_keep"`
	Who         []string `arg:"" placeholder:"ADDRESS" help:"help_people_who"`
}

// personLine is one person on the wire. Times are milliseconds since 1970, 0 not told;
// sizes are bytes, -1 not told; flags are yes, no or "" (not told).
type personLine struct {
	Event           string            `json:"event"` // person
	ID              string            `json:"id"`
	Address         string            `json:"address"`
	Name            string            `json:"name"`
	Departments     []string          `json:"departments"` // by their names: 研发/后端; the main one first
	DepartmentIDs   []string          `json:"departmentIds"`
	Title           string            `json:"title"`
	Mobile          string            `json:"mobile"`
	Phone           string            `json:"phone"`
	StaffNo         string            `json:"staffNo"`
	Remark          string            `json:"remark"`
	Gender          string            `json:"gender"`
	Aliases         []string          `json:"aliases"`
	Status          string            `json:"status"` // active, suspended, locked, leaving, deleted
	Hidden          string            `json:"hidden"`
	HiddenAddresses []string          `json:"hiddenAddresses"` // of address and aliases, those that the book leaves out
	MustChange      string            `json:"mustChange"`
	Quota           int64             `json:"quota"` // 0 no limit
	Used            int64             `json:"used"`
	ForwardTo       []string          `json:"forwardTo"`
	ForwardKeep     bool              `json:"forwardKeep"`
	MailRights      string            `json:"mailRights"`
	SignIn          map[string]string `json:"signIn"`
	Created         int64             `json:"created"`
	Expires         int64             `json:"expires"`
	LastSignIn      int64             `json:"lastSignIn"`
	Partial         bool              `json:"partial"` // people show tells more
}

func personOf(p provider.Person, v *directory.View) personLine {
	line := personLine{
		Event: "person", ID: p.ID, Address: p.Address, Name: p.Name, Departments: []string{}, DepartmentIDs: some(p.Departments), Title: p.Title,
		Mobile: p.Mobile, Phone: p.Phone, StaffNo: p.StaffNo, Remark: p.Remark, Gender: p.Gender, Aliases: some(p.Aliases), Status: string(p.Status),
		Hidden: string(p.Hidden), HiddenAddresses: some(p.HiddenAddresses), MustChange: string(p.MustChange), Quota: p.Quota, Used: p.Used, ForwardTo: []string{}, MailRights: string(p.MailRights),
		SignIn: map[string]string{}, Created: store.Millis(p.Created), Expires: store.Millis(p.Expires), LastSignIn: store.Millis(p.LastSignIn), Partial: p.Partial,
	}
	for _, id := range p.Departments {
		line.Departments = append(line.Departments, v.Path(id))
	}
	if p.Forward != nil {
		line.ForwardTo, line.ForwardKeep = some(p.Forward.To), p.Forward.Keep
	}
	for way, allowed := range p.SignIn {
		line.SignIn[string(way)] = string(allowed)
	}
	return line
}

func (v *peopleListVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.connect(ctx)
		if err != nil {
			return 0, err
		}
		people := view.People
		if v.Search != "" {
			people = nil
			for _, id := range view.Search(v.Search, 0) {
				if p, ok := view.Person(id); ok {
					people = append(people, p)
				}
			}
		}
		for _, p := range people {
			if r.json != nil {
				r.json.send(personOf(p, view))
				continue
			}
			line := personOf(p, view)
			fmt.Fprintf(r.stdout, "%s\t%s\t%s\t%s\n", printable(p.Address), printable(p.Name), printable(strings.Join(line.Departments, ", ")), r.words.status(p.Status))
		}
		b.count(len(people), "people.count")
		return exitOK, nil
	})
}

// count ends a listing.
func (b *bureau) count(n int, key string) {
	if b.r.json != nil {
		b.r.json.send(countLine{"summary", n})
		return
	}
	fmt.Fprintln(b.r.stdout, b.r.words.say(key, "n", itoa(n)))
}

func (w language) status(s provider.Status) string {
	if has("status." + string(s)) {
		return w.say("status." + string(s))
	}
	return string(s)
}

func (v *peopleShowVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.connect(ctx)
		if err != nil {
			return 0, err
		}
		for _, who := range v.Who {
			p, err := b.person(ctx, view, who)
			if err != nil {
				return 0, err
			}
			if r.json != nil {
				r.json.send(personOf(p, view))
				continue
			}
			fmt.Fprintf(r.stdout, "%s  %s  %s\n", printable(p.Name), printable(p.Address), r.words.status(p.Status))
			for _, value := range directory.PersonValues(p, view.Path) {
				if value.Attr == provider.AttrQuota && p.Quota < 0 {
					continue // not told
				}
				if len(value.Values) > 0 && value.Attr != provider.AttrAddress && value.Attr != provider.AttrName && value.Attr != provider.AttrStatus {
					fmt.Fprintln(r.stdout, "  "+r.words.attr(string(value.Attr), value.Part)+": "+r.words.values(string(value.Attr), value.Values))
				}
			}
		}
		return exitOK, nil
	})
}

// person reads somebody by address (an alias will do) or ID.
func (b *bureau) person(ctx context.Context, v *directory.View, who string) (provider.Person, error) {
	id, err := b.find(ctx, v, who)
	if err != nil {
		return provider.Person{}, err
	}
	return b.live.Provider.Person(ctx, id)
}

// find leads an address, an alias or an ID to a person's ID. Where the listing leaves
// aliases out, the provider is asked for this one: some know people by an alias.
func (b *bureau) find(ctx context.Context, v *directory.View, who string) (string, error) {
	if _, ok := v.Person(who); ok {
		return who, nil
	}
	switch use, id := v.UseOf(who); use {
	case provider.UsePerson, provider.UseAlias:
		return id, nil
	}
	for _, p := range v.People { // somebody deleted, who can be brought back
		if p.Address == strings.ToLower(who) {
			return p.ID, nil
		}
	}
	missing := core.E(core.NotFound, "find person", nil, "problem", "no_person", "value", who)
	if !strings.Contains(who, "@") || !slices.ContainsFunc(v.People, func(p provider.Person) bool { return p.Partial && len(p.Aliases) == 0 }) {
		return "", missing
	}
	p, err := b.live.Provider.Person(ctx, who)
	switch low := strings.ToLower(who); {
	case core.CodeOf(err) == core.NotFound, err == nil && p.Address != low && !slices.Contains(p.Aliases, low):
		missing.Args["problem"] = "no_person_listed"
		return "", missing
	case err != nil:
		return "", err
	}
	return p.ID, nil
}

// each makes a change for each of the people.
func (b *bureau) each(ctx context.Context, who []string, make func(id string, v *directory.View) (office.Change, error)) ([]office.Change, error) {
	view, err := b.connect(ctx)
	if err != nil {
		return nil, err
	}
	var changes []office.Change
	for _, one := range who {
		id, err := b.find(ctx, view, one)
		if err != nil {
			return nil, err
		}
		c, err := make(id, view)
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	return changes, nil
}

func (v *peopleSuspendVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		changes, err := b.each(ctx, v.Who, func(id string, _ *directory.View) (office.Change, error) {
			return office.Change{Kind: office.SuspendPerson, Target: id}, nil
		})
		if err != nil {
			return 0, err
		}
		return b.carryOut(ctx, changes, v.changing)
	})
}

func (v *peopleDeleteVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		changes, err := b.each(ctx, v.Who, func(id string, view *directory.View) (office.Change, error) {
			c := office.Change{Kind: office.DeletePerson, Target: id}
			if v.Heir != "" {
				heir, err := b.find(ctx, view, v.Heir)
				if err != nil {
					return c, err
				}
				c.Kind, c.Heir, c.Keep = office.DeletePersonKeeping, heir, provider.Keep(v.Keep)
				if keeps := b.live.Capabilities.Keeps; c.Keep == "" && len(keeps) > 0 {
					c.Keep = keeps[0]
				}
			}
			return c, nil
		})
		if err != nil {
			return 0, err
		}
		return b.carryOut(ctx, changes, v.changing)
	})
}
