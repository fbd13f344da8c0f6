package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// officeVerb keeps offices and tells what they can do.
type officeVerb struct {
	Add          officeAddVerb          `cmd:"" help:"help_office_add"`
	List         officeListVerb         `cmd:"" help:"help_office_list"`
	Check        officeCheckVerb        `cmd:"" help:"help_office_check"`
	Capabilities officeCapabilitiesVerb `cmd:"" help:"help_office_capabilities"`
	Domain       officeDomainVerb       `cmd:"" help:"help_office_domain"`
}

type officeAddVerb struct {
	File     string `arg:"" placeholder:"FILE" help:"help_office_file"`
	Name     string `placeholder:"NAME" help:"help_office_name"`
	ReadOnly bool   `help:"help_office_read_only"`
	State    string `placeholder:"DIR" help:"help_office_state"`
	JSON     bool   `name:"json" help:"help_json"`
}

type officeListVerb struct {
	State string `placeholder:"DIR" help:"help_office_state"`
	JSON  bool   `name:"json" help:"help_json"`
}

type officeCheckVerb struct {
	officeFlags `embed:""`
}

type officeCapabilitiesVerb struct {
	officeFlags `embed:""`
}

// officeLine is an office on the wire.
type officeLine struct {
	Event    string   `json:"event"` // office
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Provider string   `json:"provider"`
	Domain   string   `json:"domain"`
	ReadOnly bool     `json:"readOnly"`
	Domains  []string `json:"domains,omitempty"`
}

func lineOf(o office.Office) officeLine {
	return officeLine{Event: "office", ID: o.ID, Name: o.Title(), Provider: string(o.Provider), Domain: o.Domain, ReadOnly: o.ReadOnly}
}

// run tests an office and stores it: its secrets go to the vault.
func (v *officeAddVerb) run(ctx context.Context, r *run) int {
	d, err := readOfficeFile(r, v.File)
	if err != nil {
		return r.fail(officeError(err, ""))
	}
	b, err := openBureau(ctx, r, dataFolder(r, v.State), nil)
	if err != nil {
		return r.fail(officeError(err, ""))
	}
	o, err := v.add(ctx, b, d)
	if closing := b.close(ctx); err == nil {
		err = closing
	}
	if err != nil {
		return r.fail(officeError(err, d.office.Title()))
	}
	if r.json != nil {
		r.json.send(lineOf(o))
		return exitOK
	}
	fmt.Fprintln(r.stdout, r.words.say("office.added", "office", o.Title()))
	return exitOK
}

func (v *officeAddVerb) add(ctx context.Context, b *bureau, d officeDescription) (office.Office, error) {
	o := d.office
	if v.Name != "" {
		o.Name = v.Name
	}
	o.ReadOnly = o.ReadOnly || v.ReadOnly
	if o.Title() != "" {
		if _, err := stored(ctx, b.house.Book(), o.Title()); core.CodeOf(err) != core.NotFound {
			return o, core.E(core.Conflict, "add office", err, "problem", "office_there", "value", o.Title())
		}
	}
	// Tried with the secrets in memory first: a refused key does not go to the vault.
	tried := o
	tried.Secrets = map[string]string{}
	tried.ID = rand.Text()
	if _, _, err := b.house.Check(ctx, tried, d.secrets); err != nil {
		return o, err
	}
	if len(d.secrets) > 0 {
		vault, err := b.secrets.open(ctx)
		if err != nil {
			return o, err
		}
		values := map[string]secret.Value{}
		for field, value := range d.secrets {
			handle := "office/" + rand.Text()
			o.Secrets[field], values[handle] = handle, value
		}
		if err := vault.SetAll(ctx, values); err != nil {
			return o, err
		}
	}
	return b.house.Connect(ctx, o)
}

func (v *officeListVerb) run(ctx context.Context, r *run) int {
	b, err := openBureau(ctx, r, dataFolder(r, v.State), nil)
	if err != nil {
		return r.fail(officeError(err, ""))
	}
	all, err := b.house.Book().Offices(ctx)
	if closing := b.close(ctx); err == nil {
		err = closing
	}
	if err != nil {
		return r.fail(officeError(err, ""))
	}
	for _, o := range all {
		if r.json != nil {
			r.json.send(lineOf(o))
			continue
		}
		only := ""
		if o.ReadOnly {
			only = "\t" + r.words.say("office.only_read")
		}
		fmt.Fprintf(r.stdout, "%s\t%s\t%s%s\n", printable(o.Title()), o.Provider, printable(o.Domain), only)
	}
	switch {
	case r.json != nil:
		r.json.send(countLine{"summary", len(all)})
	case len(all) == 0:
		fmt.Fprintln(r.stdout, r.words.say("office.none"))
	}
	return exitOK
}

// countLine ends a listing.
type countLine struct {
	Event string `json:"event"` // summary
	Count int    `json:"count"`
}

// run proves that the office's keys work.
func (v *officeCheckVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		_, domains, err := b.house.Check(ctx, b.office, nil)
		if err != nil {
			return 0, err
		}
		line := lineOf(b.office)
		for _, d := range domains {
			line.Domains = append(line.Domains, d.Name)
		}
		if r.json != nil {
			r.json.send(line)
			return exitOK, nil
		}
		fmt.Fprintln(r.stdout, r.words.say("office.works", "office", b.office.Title(), "domains", strings.Join(line.Domains, ", ")))
		return exitOK, nil
	})
}

// capabilityLine is one capability on the wire.
type capabilityLine struct {
	Event      string `json:"event"` // capability
	Capability string `json:"capability"`
	Can        bool   `json:"can"`
	Local      bool   `json:"local,omitempty"`   // this program does it, on this computer
	Why        string `json:"why,omitempty"`     // not_in_api, not_proven, needs_key, needs_plan, read_only
	Key        string `json:"key,omitempty"`     // the field that would open it
	Console    string `json:"console,omitempty"` // the provider's own page for it
}

// capabilitySummary ends the list of capabilities.
type capabilitySummary struct {
	Event           string   `json:"event"` // summary
	Create          []string `json:"create"`
	Change          []string `json:"change"`
	Department      []string `json:"department"`
	ManyDepartments bool     `json:"manyDepartments"`
	MaxAliases      int      `json:"maxAliases"`
	PrimaryNew      bool     `json:"primaryNew"` // only a new address can become the main one
}

func (v *officeCapabilitiesVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		live, err := b.house.Live(ctx, b.office.ID)
		if err != nil {
			return 0, err
		}
		caps := live.Capabilities
		for _, c := range provider.All() {
			s := caps.Support[c]
			if r.json != nil {
				r.json.send(capabilityLine{"capability", string(c), s.Can, s.Local, string(s.Why), s.Key, s.Console})
				continue
			}
			mark, why := "+", ""
			switch reason := r.words.say("office.why."+string(s.Why), "value", s.Key); {
			case s.Local:
				why = "  " + r.words.say("office.local", "why", reason)
			case !s.Can:
				mark, why = "-", "  "+reason
			}
			fmt.Fprintf(r.stdout, "%s %-24s%s\n", mark, c, why)
		}
		if r.json != nil {
			r.json.send(capabilitySummary{"summary", attrs(caps.Create), attrs(caps.Change), attrs(caps.Department), caps.ManyDepartments, caps.MaxAliases, caps.PrimaryNew})
		}
		return exitOK, nil
	})
}

func attrs(all []provider.Attr) []string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = string(a)
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
