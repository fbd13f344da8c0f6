package api

import (
	"context"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/localbook"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Offices connects the offices that are administered at their providers.
type Offices struct{ api *API }

// practiceMaker is the adapter of the practice office.
const practiceMaker provider.ID = "practice"

// limits of what a provider is waited for.
const (
	checkLimit   = 90 * time.Second
	refreshLimit = 2 * time.Hour
)

// Makers lists the kinds of offices that can be connected.
func (o *Offices) Makers() ([]OfficeMaker, error) {
	return with(o.api, "list adapters", func(_ context.Context, d *data) ([]OfficeMaker, error) {
		return mapped(d.house.Makers(), wireMaker), nil
	})
}

// List lists the connected offices, the oldest first.
func (o *Offices) List() ([]OfficeInfo, error) {
	return with(o.api, "list offices", func(ctx context.Context, d *data) ([]OfficeInfo, error) { return d.offices(ctx) })
}

func (d *data) offices(ctx context.Context) ([]OfficeInfo, error) {
	all, err := d.house.Book().Offices(ctx)
	if err != nil {
		return []OfficeInfo{}, err
	}
	current, err := d.house.Book().Current(ctx)
	return mapped(all, func(one office.Office) OfficeInfo { return d.officeInfo(one, current) }), err
}

func (d *data) officeInfo(one office.Office, current string) OfficeInfo {
	info := OfficeInfo{
		ID: one.ID, Name: one.Name, Title: one.Title(), Provider: string(one.Provider), Domain: one.Domain, Values: filled(one.Values),
		Secrets: []string{}, BaseURL: one.BaseURL, ReadOnly: one.ReadOnly, Current: one.ID == current, Added: millis(one.Added),
	}
	maker, err := d.house.Registry().Maker(one.Provider)
	info.Missing = err != nil
	for _, f := range maker.Fields {
		if one.Secrets[f.Key] != "" {
			info.Secrets = append(info.Secrets, f.Key)
		}
	}
	return info
}

// Recognise finds out whose adapter administers a domain (or an address's). It gives up
// after 20 seconds, or when App.Cancel(requestID) is called.
func (o *Offices) Recognise(requestID, domain string) (OfficeGuess, error) {
	return with(o.api, "recognise office", func(root context.Context, d *data) (OfficeGuess, error) {
		ctx, end := o.api.calls.begin(root, requestID, findLimit)
		defer end()
		found, err := o.api.providers.find(ctx, domain)
		if err != nil {
			return OfficeGuess{}, err
		}
		guess := OfficeGuess{Domain: found.Domain, Offline: found.Offline}
		for _, c := range found.Candidates {
			if c.Provider == "" {
				continue
			}
			if guess.Preset == "" {
				guess.Preset, guess.Certainty = c.Provider, c.Certainty
			}
			if maker, ok := d.house.Registry().ForPreset(c.Provider); ok {
				guess.Preset, guess.Certainty, guess.Provider = c.Provider, c.Certainty, string(maker.ID)
				break
			}
		}
		return guess, nil
	})
}

// Test connects an office that need not be stored, proves that its keys work and tells
// what it can do. What stands in the way is told in the result.
func (o *Offices) Test(requestID string, draft OfficeDraft) (OfficeCheck, error) {
	return with(o.api, "test office", func(root context.Context, d *data) (OfficeCheck, error) {
		ctx, end := o.api.calls.begin(root, requestID, checkLimit)
		defer end()
		one, err := d.drafted(ctx, draft)
		if err != nil {
			return OfficeCheck{Domains: []OfficeDomain{}}, err
		}
		live, domains, err := d.house.Check(ctx, one, nil)
		if err != nil {
			return OfficeCheck{Problem: problemOf(err), Domains: []OfficeDomain{}, Capabilities: noCapabilities()}, nil
		}
		return OfficeCheck{OK: true, Domains: mapped(domains, wireDomain), Capabilities: wireCapabilities(live)}, nil
	})
}

func noCapabilities() OfficeCapabilities {
	return OfficeCapabilities{
		Support: []OfficeSupport{}, Create: []string{}, Change: []string{}, Department: []string{}, SignInWays: []string{},
		Lists: OfficeListTraits{Policies: []string{}},
	}
}

// drafted is the office that a draft describes: secrets that it does not give stay.
func (d *data) drafted(ctx context.Context, draft OfficeDraft) (office.Office, error) {
	one := draftOffice(draft)
	if draft.ID == "" {
		return one, nil
	}
	old, err := d.house.Book().Office(ctx, draft.ID)
	if err != nil {
		return one, err
	}
	one.Added = old.Added
	for field, handle := range old.Secrets {
		if one.Secrets[field] == "" {
			one.Secrets[field] = handle
		}
	}
	return one, nil
}

// Connect tests an office and stores it: a new one, or with an ID an edited one. Errors:
// those of the test; nothing is stored then.
func (o *Offices) Connect(requestID string, draft OfficeDraft) (OfficeInfo, error) {
	return with(o.api, "connect office", func(root context.Context, d *data) (OfficeInfo, error) {
		ctx, end := o.api.calls.begin(root, requestID, checkLimit)
		defer end()
		one, err := d.drafted(ctx, draft)
		if err != nil {
			return OfficeInfo{}, err
		}
		return o.connect(ctx, d, one)
	})
}

// ConnectPractice connects the practice office, or returns the one that is there.
func (o *Offices) ConnectPractice() (OfficeInfo, error) {
	return with(o.api, "connect practice office", func(root context.Context, d *data) (OfficeInfo, error) {
		ctx, end := o.api.calls.begin(root, "", checkLimit)
		defer end()
		all, err := d.house.Book().Offices(ctx)
		if err != nil {
			return OfficeInfo{}, err
		}
		for _, one := range all {
			if one.Provider == practiceMaker {
				return d.officeInfo(one, one.ID), d.house.Book().SetCurrent(ctx, one.ID)
			}
		}
		return o.connect(ctx, d, office.Office{Provider: practiceMaker})
	})
}

func (o *Offices) connect(ctx context.Context, d *data, one office.Office) (OfficeInfo, error) {
	isNew := one.ID == ""
	if !isNew && d.changes.Working(one.ID) {
		return OfficeInfo{}, core.E(core.Conflict, "edit office", nil, "office", one.Title(), "reason", "working")
	}
	before, err := d.house.Book().Office(ctx, one.ID)
	if !isNew && err != nil {
		return OfficeInfo{}, err
	}
	one, err = d.house.Connect(ctx, one)
	if err != nil {
		return OfficeInfo{}, err
	}
	entry := audit.Entry{Act: actOfficeConnected, Subject: one.Title(), ID: one.ID, Facts: map[string]string{"provider": string(one.Provider)}}
	if !isNew {
		entry.Act = actOfficeChanged
		entry.Before, entry.After = officeFacts(before), officeFacts(one)
		o.api.cfg.Desktop.Emit("office:changed", OfficesChanged{OfficeID: one.ID})
		d.forgetAll(ctx, replaced(before.Secrets, one.Secrets))
	} else if err := d.house.Book().SetCurrent(ctx, one.ID); err != nil {
		return OfficeInfo{}, err
	}
	d.record.note(ctx, entry)
	if isNew {
		o.api.cfg.Desktop.Emit("office:changed", OfficesChanged{OfficeID: one.ID})
	}
	o.api.directory.wake(one.ID)
	o.api.shelves.unbar(ctx, d, one.ID)
	current, err := d.house.Book().Current(ctx)
	return d.officeInfo(one, current), err
}

// officeFacts are what the record tells of an office.
func officeFacts(one office.Office) map[string]string {
	facts := map[string]string{"name": one.Name, "domain": one.Domain, "mode": "full"}
	if one.ReadOnly {
		facts["mode"] = "read_only"
	}
	for key, value := range one.Values {
		facts["field."+key] = value
	}
	return facts
}

// replaced are the handles of before that are no longer used.
func replaced(before, after map[string]string) []string {
	used := map[string]bool{}
	for _, handle := range after {
		used[handle] = true
	}
	var gone []string
	for _, handle := range before {
		if !used[handle] {
			gone = append(gone, handle)
		}
	}
	return gone
}

// SetReadOnly switches an office's mode: nothing can be changed in an office that is
// only read.
func (o *Offices) SetReadOnly(id string, readOnly bool) (OfficeInfo, error) {
	return with(o.api, "switch mode of office", func(ctx context.Context, d *data) (OfficeInfo, error) {
		one, err := d.house.Book().Office(ctx, id)
		if err != nil {
			return OfficeInfo{}, err
		}
		before := officeFacts(one)
		if one, err = d.house.SetReadOnly(ctx, id, readOnly); err != nil {
			return OfficeInfo{}, err
		}
		d.record.note(ctx, audit.Entry{Act: actOfficeChanged, Subject: one.Title(), ID: id, Before: before, After: officeFacts(one)})
		o.api.cfg.Desktop.Emit("office:changed", OfficesChanged{OfficeID: id})
		current, err := d.house.Book().Current(ctx)
		return d.officeInfo(one, current), err
	})
}

// SetCurrent chooses the office that the window shows.
func (o *Offices) SetCurrent(id string) error {
	return guardDo("choose office", func() error {
		if err := o.api.frontDesk.refused("choose office"); err != nil {
			return err
		}
		d, err := o.api.ready(o.api.root)
		if err != nil {
			return err
		}
		if err := d.house.Book().SetCurrent(o.api.root, id); err != nil {
			return err
		}
		o.api.cfg.Desktop.Emit("office:changed", OfficesChanged{OfficeID: id})
		return nil
	})
}

// Remove forgets an office: its keys, directory and runs. At the provider nothing
// changes, and its records stay: see [RecordSources.Removed]. It is a conflict while changes of the office are at work.
func (o *Offices) Remove(id string) error {
	return guardDo("remove office", func() error {
		if err := o.api.frontDesk.refused("remove office"); err != nil {
			return err
		}
		ctx := o.api.root
		d, err := o.api.ready(ctx)
		if err != nil {
			return err
		}
		one, err := d.house.Book().Office(ctx, id)
		if err != nil {
			return err
		}
		if d.changes.Working(id) {
			return core.E(core.Conflict, "remove office", nil, "office", one.Title(), "reason", "working")
		}
		handles := replaced(one.Secrets, nil)
		o.api.shelves.retire(ctx, d, one)
		if err := d.house.Remove(ctx, id); err != nil {
			return err
		}
		o.api.shelves.drop(id) // it may have been looked at in between
		if err := d.directory.Forget(ctx, id); err != nil {
			return err
		}
		d.forgetAll(ctx, handles)
		d.record.note(ctx, audit.Entry{Act: actOfficeRemoved, Subject: one.Title(), ID: id})
		o.api.cfg.Desktop.Emit("office:changed", OfficesChanged{OfficeID: id})
		return nil
	})
}

// Capabilities tells what an office can do. They are believed for ten minutes.
func (o *Offices) Capabilities(id string) (OfficeCapabilities, error) {
	return with(o.api, "office capabilities", func(root context.Context, d *data) (OfficeCapabilities, error) {
		ctx, end := o.api.calls.begin(root, "", checkLimit)
		defer end()
		live, err := d.house.Live(ctx, id)
		if err != nil {
			return noCapabilities(), err
		}
		return wireCapabilities(live), nil
	})
}

// vaultSecrets reveals handles for the house.
type vaultSecrets struct{ d *data }

// RevealAll reads secrets by their handles.
func (v vaultSecrets) RevealAll(ctx context.Context, handles []string) (map[string]secret.Value, error) {
	if len(handles) == 0 {
		return nil, nil // an office without secrets needs no vault
	}
	vault, err := v.d.openVault(ctx)
	if err != nil {
		return nil, err
	}
	values, err := vault.GetAll(ctx, handles)
	return values, locked(err)
}

// openOffices opens what belongs to the administered offices.
func (d *data) openOffices(ctx context.Context, a *API) error {
	book, err := office.OpenBook(ctx, a.cfg.DataDir)
	if err != nil {
		return err
	}
	d.house = office.NewHouse(book, a.cfg.Adapters, vaultSecrets{d}, a.officeDir(), nil)
	if d.contacts, err = localbook.Open(ctx, a.cfg.DataDir); err != nil {
		return err
	}
	d.house.KeepContacts(d.contacts)
	if d.directory, err = directory.Open(ctx, a.cfg.DataDir); err != nil {
		return err
	}
	d.changes, err = office.OpenDesk(ctx, office.DeskConfig{
		House: d.house, Directory: d.directory, Record: d.record.note, Told: a.runTold, Forget: d.forgetAll,
	})
	if err != nil {
		return err
	}
	d.fresh = make(chan struct{})
	go func() {
		defer close(d.fresh)
		a.directory.keepFresh(ctx, d)
	}()
	return nil
}
