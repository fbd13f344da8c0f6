package office

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

const (
	planAge  = time.Hour // how long a plan can be applied
	maxPlans = 40
	// closely is up to how many targets a preview reads each from the provider.
	closely = 30
	// manySteps is from how many harmless steps on a plan is confirmed.
	manySteps = 20
)

// planned is one step with what it takes to carry it out and to take it back.
type planned struct {
	step   Step
	change Change
	before thing
}

// plan is a kept plan.
type plan struct {
	Plan
	items []planned
}

// previewing is the making of one plan.
type previewing struct {
	live      *Live
	w         *world
	passwords map[string]secret.Value
	items     []planned
	handles   int
}

// Preview finds out what changes would do, in their order, and keeps the plan. Nothing
// is changed. A directory that was never read is read first. Errors: not_found (the
// office), invalid (a change that makes no sense; "row" tells which), those of the
// provider; what stands in the way of a single change is its step's refusal.
func (d *Desk) Preview(ctx context.Context, officeID string, changes []Change) (Plan, error) {
	return d.preview(ctx, officeID, changes, "")
}

func (d *Desk) preview(ctx context.Context, officeID string, changes []Change, undoes string, kept ...planned) (Plan, error) {
	for i, c := range changes {
		if err := c.Validate(); err != nil {
			return Plan{}, core.E(core.Invalid, "preview", err, "change", strconv.Itoa(i+1))
		}
		changes[i] = c.clean()
	}
	live, err := d.cfg.House.Live(ctx, officeID)
	if err != nil {
		return Plan{}, err
	}
	view, err := d.cfg.Directory.View(ctx, officeID)
	if err == nil && view.Refreshed.IsZero() {
		if _, err = d.cfg.Directory.Refresh(ctx, officeID, live.Provider, live.Capabilities, live.SharedContacts(), nil); err == nil {
			view, err = d.cfg.Directory.View(ctx, officeID)
		}
	}
	if err == nil && slices.ContainsFunc(changes, Change.leavesLists) {
		view, err = d.wholeLists(ctx, live, view)
	}
	if err != nil {
		return Plan{}, err
	}
	p := &previewing{live: live, w: newWorld(view, live, targets(slices.Values(changes)) > closely)}
	if p.passwords, err = d.reveal(ctx, slices.Values(changes)); err != nil {
		return Plan{}, err
	}
	p.ask(ctx, changes)
	p.items = make([]planned, 0, len(changes)+len(kept))
	for _, c := range changes {
		for _, part := range p.expand(c) {
			if err := p.add(ctx, part); err != nil {
				return Plan{}, err
			}
		}
	}
	for i, one := range kept {
		one.step.Number = len(p.items) + i + 1
		kept[i] = one
	}
	return d.keep(officeID, append(p.items, kept...), undoes), nil
}

// targets counts the objects that would have to be read.
func targets(changes iter.Seq[Change]) int {
	seen := map[ref]bool{}
	for c := range changes {
		if c.Target != "" {
			seen[ref{c.Kind.Of(), c.Target}] = true
		}
	}
	return len(seen)
}

// reveal reads the passwords that changes need, all at once.
func (d *Desk) reveal(ctx context.Context, changes iter.Seq[Change]) (map[string]secret.Value, error) {
	var handles []string
	for c := range changes {
		if c.Password != "" {
			handles = append(handles, c.Password)
		}
	}
	if len(handles) == 0 {
		return nil, nil
	}
	return d.cfg.House.secrets.RevealAll(ctx, handles)
}

// mostAsked is up to how many new addresses the provider is asked about beforehand.
const mostAsked = 200

// ask asks the provider what the new addresses are used for: it knows of lists and
// people that it does not list. Without an answer the directory counts alone.
func (p *previewing) ask(ctx context.Context, changes []Change) {
	checker, ok := p.live.Provider.(provider.AddressChecker)
	if !ok || !p.live.Capabilities.Can(provider.CanCheckAddresses) {
		return
	}
	var addresses []string
	for _, c := range changes {
		for _, a := range append([]string{c.Person.Address, c.List.Address}, c.Person.Aliases...) {
			if use, _ := p.w.view.UseOf(a); c.creates() && strings.Contains(a, "@") && use == provider.UseFree {
				addresses = append(addresses, a)
			}
		}
		for _, a := range c.newMembers() {
			if use, _ := p.w.view.UseOf(a); use == provider.UseFree && p.ours(a) {
				addresses = append(addresses, a)
			}
		}
		if use, _ := p.w.view.UseOf(c.Address); (c.Kind == AddAlias || c.Kind == SetPrimary) && use == provider.UseFree {
			addresses = append(addresses, c.Address)
		}
	}
	if len(addresses) == 0 || len(addresses) > mostAsked {
		return
	}
	uses, err := checker.CheckAddresses(ctx, addresses)
	if err != nil {
		return // the provider itself says so when it is sent
	}
	for address, use := range uses {
		switch use {
		case provider.UseFree:
			p.w.nobody[strings.ToLower(address)] = true
		case provider.UsePerson, provider.UseAlias, provider.UseList:
			p.w.uses[strings.ToLower(address)] = use
		}
	}
}

// add makes one step. An error says that nothing can be found out at present.
func (p *previewing) add(ctx context.Context, c Change) error {
	item := planned{change: c, step: Step{
		Number: len(p.items) + 1, Kind: c.Kind, Target: c.Target, Label: c.Label, Row: c.Row, Danger: rules[c.Kind].danger,
	}}
	s := &item.step
	s.Refusal = p.supported(c)
	if c.Kind.Of() == UntoldList {
		p.addUntold(item)
		return nil
	}
	at := ref{c.Kind.Of(), c.Target}
	if c.Target != "" {
		before, err := p.w.get(ctx, at)
		switch {
		case err == nil:
			item.before = before
			if s.Label = before.label(); s.Label == "" {
				s.Label = c.Label
			}
		case core.CodeOf(err) == core.NotFound && c.Kind == RestorePerson: // many do not tell of those who are deleted
			item.before = thing{Person: &provider.Person{ID: c.Target, Address: c.Label, Status: provider.Deleted, Quota: -1, Used: -1}}
		case standsStill(err):
			return err
		case s.Refusal == nil:
			s.Refusal = refusalOf(err)
		}
	}
	if c.creates() {
		s.Label = c.effect(thing{}, keep).label()
	}
	if item.before.none() && c.Target != "" {
		p.items = append(p.items, item)
		return nil
	}
	after := c.effect(item.before, keep)
	s.Diffs = c.diffs(item.before, after, p.w.name)
	if heir, ok := p.w.view.Person(c.Heir); ok && c.Kind == DeletePersonKeeping {
		s.Diffs = append(s.Diffs, Diff{Attr: AttrHeir, Part: string(c.Keep), Before: []string{}, After: []string{heir.Address}})
	}
	if s.Refusal == nil {
		s.Refusal = p.refuse(c, item.before, after, s.Diffs)
	}
	if s.Undoable, s.KeepsBack = p.live.wayBack(c, item.before); s.Undoable {
		s.Stays, _ = p.live.stays(c, item.before)
	}
	if c.Kind == DeletePerson {
		s.Lists = p.listsOf(item.before)
		s.ListsStay = len(s.Lists) > 0 && !p.live.Capabilities.LeavesLists
	}
	if s.Refusal == nil {
		if c.creates() && c.Handle != "" {
			at.id = c.Handle
			after = after.named(c.Handle)
		}
		if at.id == "" {
			at.id = "@new/" + strconv.Itoa(s.Number)
		}
		p.w.set(at, item.before, after)
	}
	p.items = append(p.items, item)
	return nil
}

// keep leaves handles as they are.
func keep(id string) string { return id }

// standsStill is true for errors after which nothing can be found out or sent: the
// provider does not answer, or not with this key.
func standsStill(err error) bool {
	switch core.CodeOf(err) {
	case core.Unreachable, core.Timeout, core.Canceled, core.Unauthenticated, core.RateLimited, core.UntrustedCert:
		return true
	}
	return false
}

func refusalOf(err error) *Refusal {
	args := core.ArgsOf(err)
	r := &Refusal{Code: core.CodeOf(err), Attr: provider.Attr(args["field"]), Args: args}
	delete(args, "field")
	return r
}

// expand makes several changes of one where the provider needs more than one call, or
// can do only a part: then what it can do is done and the rest is refused by itself.
func (p *previewing) expand(c Change) []Change {
	caps := p.live.Capabilities
	switch {
	case c.Kind == CreatePerson && caps.Can(provider.CanCreatePeople):
		return p.expandCreate(c)
	case c.Kind == UpdatePerson && caps.Can(provider.CanEditPeople):
		return p.expandUpdate(c)
	case c.Kind == DeleteContactGroup:
		return append(p.emptyGroup(c), c)
	case c.Kind == DeleteList:
		return append(p.leaveLists(c), c)
	case c.Kind == DeleteDepartment:
		return append(append(p.leaveLists(c), p.leaveTags(c)...), c)
	}
	return []Change{c}
}

// expandCreate gives what cannot be set at creation afterwards.
func (p *previewing) expandCreate(c Change) []Change {
	caps := p.live.Capabilities
	head, rest := c, []Change(nil)
	later := func(next Change) {
		if head.Handle == "" {
			p.handles++
			head.Handle = "@made/" + strconv.Itoa(p.handles)
		}
		next.Target, next.Label, next.Row = head.Handle, c.Person.Address, c.Row
		rest = append(rest, next)
	}
	person := provider.NewPerson{Person: c.Person}
	for _, a := range person.Given() {
		if a == provider.AttrAddress || slices.Contains(caps.Create, a) {
			continue
		}
		switch {
		case a == provider.AttrAliases:
			for _, alias := range c.Person.Aliases {
				later(Change{Kind: AddAlias, Address: alias})
			}
			head.Person.Aliases = nil
		case a == provider.AttrForward:
			later(Change{Kind: SetForward, Forward: c.Person.Forward})
			head.Person.Forward = nil
		case a == provider.AttrMailRights:
			later(Change{Kind: SetMailRights, Rights: c.Person.MailRights})
			head.Person.MailRights = ""
		case a == provider.AttrSignIn:
			for _, way := range slices.Sorted(maps.Keys(c.Person.SignIn)) {
				later(Change{Kind: SetSignIn, Way: way, On: c.Person.SignIn[way] == provider.Yes})
			}
			head.Person.SignIn = nil
		case a == provider.AttrHidden && !caps.CanChange(a):
			later(Change{Kind: SetHidden, On: c.Person.Hidden == provider.Yes})
			head.Person.Hidden = provider.Unknown
		case a == provider.AttrHiddenAddresses && caps.Can(provider.CanHideAddresses):
			for _, address := range c.Person.HiddenAddresses {
				later(Change{Kind: HideAddress, Address: address, On: true})
			}
			head.Person.HiddenAddresses = nil
		case a == provider.AttrHiddenAddresses: // told by refuse
		case a == provider.AttrMustChange:
			// Told by refuse: there is no change of it alone.
		default:
			later(Change{Kind: UpdatePerson, Set: []provider.Attr{a}, Person: c.Person})
			clearPerson(&head.Person, a)
		}
	}
	return append([]Change{head}, rest...)
}

// clearPerson takes a value away.
func clearPerson(p *provider.Person, a provider.Attr) {
	blank := provider.Person{Quota: -1}
	setPerson(p, blank, []provider.Attr{a}, keep)
}

// expandUpdate parts an update into what can be changed and what cannot.
func (p *previewing) expandUpdate(c Change) []Change {
	caps := p.live.Capabilities
	var can []provider.Attr
	var all []Change
	for _, a := range c.Set {
		if caps.CanChange(a) {
			can = append(can, a)
			continue
		}
		part := c
		part.Set = []provider.Attr{a}
		if a == provider.AttrHidden && caps.Can(provider.CanHide) {
			part = Change{Kind: SetHidden, Target: c.Target, Label: c.Label, Row: c.Row, On: c.Person.Hidden == provider.Yes, Seen: c.Seen}
		}
		all = append(all, part)
	}
	if len(can) > 0 {
		c.Set = can
		all = slices.Insert(all, 0, c)
	}
	return all
}

// emptyGroup takes contacts out of a group that is to be deleted: providers differ in
// what becomes of them, and only what is done openly can be taken back.
func (p *previewing) emptyGroup(c Change) (all []Change) {
	for _, contact := range p.w.view.Contacts {
		if t, ok := p.w.over[ref{Contact, contact.ID}]; ok {
			if t.none() {
				continue
			}
			contact = *t.Contact
		}
		if !slices.Contains(contact.Groups, c.Target) {
			continue
		}
		contact.Groups = slices.DeleteFunc(slices.Clone(contact.Groups), func(g string) bool { return g == c.Target })
		all = append(all, Change{Kind: SaveContact, Target: contact.ID, Label: contact.Name, Contact: contact})
	}
	return all
}

// leaveLists takes a list or department that is to be deleted out of the lists that it
// is in, for the same reason.
func (p *previewing) leaveLists(c Change) (all []Change) {
	if !p.live.Capabilities.Can(provider.CanEditLists) {
		return nil
	}
	gone, ok := p.w.over[ref{List, c.Target}]
	if !ok {
		gone, _ = known(p.w.view, ref{List, c.Target})
	}
	for _, l := range p.w.view.Lists {
		if t, ok := p.w.over[ref{List, l.ID}]; ok {
			if t.none() {
				continue
			}
			l = *t.List
		}
		update := Change{Kind: UpdateList, Target: l.ID, Label: l.Address, List: l}
		if c.Kind == DeleteDepartment && slices.Contains(l.Departments, c.Target) {
			update.Set = append(update.Set, provider.AttrDepartments)
			update.List.Departments = slices.DeleteFunc(slices.Clone(l.Departments), func(id string) bool { return id == c.Target })
		}
		if c.Kind == DeleteList && gone.List != nil && slices.Contains(l.Lists, gone.List.Address) {
			update.Set = append(update.Set, provider.AttrLists)
			update.List.Lists = slices.DeleteFunc(slices.Clone(l.Lists), func(a string) bool { return a == gone.List.Address })
		}
		if len(update.Set) > 0 {
			all = append(all, update)
		}
	}
	return all
}

// keep makes the plan of its steps and remembers it.
func (d *Desk) keep(officeID string, items []planned, undoes string) Plan {
	p := &plan{items: items, Plan: Plan{ID: rand.Text(), Office: officeID, Made: time.Now(), Danger: DangerNone, Undoes: undoes}}
	typed, label := 0, ""
	p.Steps = make([]Step, 0, len(items))
	for i := range items {
		item := &items[i]
		p.Steps = append(p.Steps, item.step)
		if item.step.Refusal != nil {
			p.Refused++
			continue
		}
		p.Ready++
		if item.step.Danger.rank() > p.Danger.rank() {
			p.Danger = item.step.Danger
		}
		if item.step.Danger == DangerTyped {
			typed, label = typed+1, item.step.Label
		}
	}
	switch {
	case typed == 1:
		p.Typed = label
	case typed > 1:
		p.Typed = strconv.Itoa(typed)
	case p.Danger == DangerNone && p.Ready > manySteps:
		p.Danger = DangerConfirm
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, old := range d.plans {
		if time.Since(old.Made) > planAge {
			delete(d.plans, id)
		}
	}
	for len(d.plans) >= maxPlans {
		oldest := ""
		for id, old := range d.plans {
			if oldest == "" || old.Made.Before(d.plans[oldest].Made) {
				oldest = id
			}
		}
		delete(d.plans, oldest)
	}
	d.plans[p.ID] = p
	return p.Plan
}

// officeOf is the office of a kept plan. Errors: not_found.
func (d *Desk) officeOf(planID string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.plans[planID]; ok {
		return p.Office, nil
	}
	return "", core.E(core.NotFound, "apply plan", errors.New("there is no such plan"), "reason", "plan")
}

// take gives a kept plan away: it can be applied once. Errors: not_found, invalid where
// what was typed is not what the plan demands.
func (d *Desk) take(planID, typed string) (*plan, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.plans[planID]
	switch {
	case !ok || time.Since(p.Made) > planAge:
		return nil, core.E(core.NotFound, "apply plan", errors.New("the plan is too old"), "reason", "plan")
	case p.Typed != "" && !strings.EqualFold(strings.TrimSpace(typed), p.Typed):
		return nil, core.E(core.Invalid, "apply plan", nil, "field", "typed")
	case p.Ready == 0:
		return nil, core.E(core.Invalid, "apply plan", nil, "field", "changes", "reason", "nothing")
	}
	delete(d.plans, planID)
	return p, nil
}
