package api

import (
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// ChangeKind is an [office.Kind] on the wire.
type ChangeKind string

// ChangeDanger is an [office.Danger] on the wire.
type ChangeDanger string

// RunState is an [office.State] on the wire.
type RunState string

// ChangeOutcome is an [office.Outcome] on the wire.
type ChangeOutcome string

// KeepsBack is an [office.KeepsBack] on the wire.
type KeepsBack string

// OfficeChange is one thing that is to be different at the provider. Which fields count
// depends on the kind; for those ending in update, Set names the values that change.
type OfficeChange struct {
	Kind   ChangeKind `json:"kind"`
	Target string     `json:"target"` // ID; "" where something is created
	Handle string     `json:"handle"` // "@1": stands for the new ID in later changes of the plan; "" none
	Label  string     `json:"label"`  // address or name for people; "" is found
	Row    int        `json:"row"`    // of the file; 0 none
	Set    []string   `json:"set"`

	Person     *OfficePerson       `json:"person,omitempty"`
	Password   string              `json:"password"` // handle of Vault.Keep
	MustChange bool                `json:"mustChange"`
	Address    string              `json:"address"` // alias.add, alias.remove, primary, hideAddress
	Heir       string              `json:"heir"`    // deleteKeeping: ID
	Keep       string              `json:"keep"`    // attach, forward
	Forward    *OfficeForward      `json:"forward,omitempty"`
	Rights     string              `json:"rights"`
	Way        string              `json:"way"`
	On         bool                `json:"on"` // signIn: allowed; hide, hideAddress: hidden
	Department *OfficeDepartment   `json:"department,omitempty"`
	List       *OfficeList         `json:"list,omitempty"`
	Add        []string            `json:"add"`    // members, for list.update, list.join and tag.update
	Remove     []string            `json:"remove"` // members, for list.update and tag.update
	Contact    *OfficeContact      `json:"contact,omitempty"`
	Group      *OfficeContactGroup `json:"group,omitempty"`
	Tag        *OfficeTag          `json:"tag,omitempty"`
	Seen       []SeenValue         `json:"seen"` // what was shown of the values that change; empty: not compared
}

// SeenValue is a value as it was shown, by IDs where it names departments.
type SeenValue struct {
	Attr   string   `json:"attr"`
	Values []string `json:"values"`
}

// ChangePlan is what changes would do.
type ChangePlan struct {
	ID      string       `json:"id"`
	Office  string       `json:"office"`
	Made    int64        `json:"made"`
	Steps   []ChangeStep `json:"steps"`
	Danger  ChangeDanger `json:"danger"`
	Typed   string       `json:"typed"` // must be typed; "" nothing
	Ready   int          `json:"ready"`
	Refused int          `json:"refused"`
	Undoes  string       `json:"undoes"` // the run that it takes back; "" none
}

// ChangeStep is one change of a plan.
type ChangeStep struct {
	Number    int            `json:"number"`
	Kind      ChangeKind     `json:"kind"`
	Target    string         `json:"target"`
	Label     string         `json:"label"`
	Row       int            `json:"row"`
	Diffs     []ChangeDiff   `json:"diffs"`
	Danger    ChangeDanger   `json:"danger"`
	Undoable  bool           `json:"undoable"`
	KeepsBack KeepsBack      `json:"keepsBack"`
	Stays     []string       `json:"stays"`     // values that an undo leaves as they are
	Lists     []string       `json:"lists"`     // of somebody who is to be deleted
	ListsStay bool           `json:"listsStay"` // nothing proves that the provider takes them off
	Refusal   *ChangeRefusal `json:"refusal,omitempty"`
}

// ChangeDiff is one value before and after, see [office.Diff].
type ChangeDiff struct {
	Attr   string   `json:"attr"`
	Part   string   `json:"part"`
	Before []string `json:"before"`
	After  []string `json:"after"`
	Secret bool     `json:"secret"`
	Untold bool     `json:"untold"` // the provider does not tell what was before
}

// ChangeRefusal is why a step cannot be done.
type ChangeRefusal struct {
	Code    ErrorCode         `json:"code"`
	Attr    string            `json:"attr"`
	Why     OfficeReason      `json:"why"`
	Key     string            `json:"key"`
	Console string            `json:"console"`
	Args    map[string]string `json:"args"`
	Clash   []ChangeDiff      `json:"clash"` // before: as it was seen; after: as the provider has it
}

// ChangeRun is a plan that is or was carried out.
type ChangeRun struct {
	ID      string        `json:"id"`
	Seq     int64         `json:"seq"`
	Office  string        `json:"office"`
	Title   string        `json:"title"`
	Started int64         `json:"started"`
	Ended   int64         `json:"ended"`
	State   RunState      `json:"state"`
	Total   int           `json:"total"`
	Done    int           `json:"done"`
	Failed  int           `json:"failed"`
	Undoes  string        `json:"undoes"`
	Undone  string        `json:"undone"`
	CanUndo int           `json:"canUndo"`
	Kinds   []ChangeCount `json:"kinds"`
	Problem *Problem      `json:"problem,omitempty"` // why it stands still
}

// ChangeCount is how many steps are of a kind.
type ChangeCount struct {
	Kind ChangeKind `json:"kind"`
	N    int        `json:"n"`
}

// ChangeResult is one step of a run and what became of it.
type ChangeResult struct {
	Step    ChangeStep    `json:"step"`
	Outcome ChangeOutcome `json:"outcome"`
	NewID   string        `json:"newId"`
	Problem *Problem      `json:"problem,omitempty"` // its args hold vendorCode and vendorText where the vendor spoke
	At      int64         `json:"at"`
}

// ChangeResults is a page of a run's results.
type ChangeResults struct {
	Run   ChangeRun      `json:"run"`
	Total int            `json:"total"`
	Rows  []ChangeResult `json:"rows"`
}

func (w OfficeChange) change() office.Change {
	c := office.Change{
		Kind: office.Kind(w.Kind), Target: w.Target, Handle: w.Handle, Label: w.Label, Row: w.Row, Set: codes[provider.Attr](w.Set),
		Password: w.Password, MustChange: w.MustChange, Address: w.Address, Heir: w.Heir, Keep: provider.Keep(w.Keep),
		Rights: provider.MailRights(w.Rights), Way: provider.Way(w.Way), On: w.On, AddMembers: w.Add, RemoveMembers: w.Remove,
		Seen: mapped(w.Seen, func(s SeenValue) office.Seen { return office.Seen{Attr: provider.Attr(s.Attr), Values: s.Values} }),
	}
	if w.Person != nil {
		c.Person = w.Person.person()
	}
	if w.Forward != nil {
		c.Forward = &provider.Forward{To: w.Forward.To, Keep: w.Forward.Keep}
	}
	if w.Department != nil {
		c.Department = provider.Department(*w.Department)
	}
	if w.List != nil {
		c.List = provider.List{
			ID: w.List.ID, Address: w.List.Address, Name: w.List.Name, Remark: w.List.Remark, Members: w.List.Members, Lists: w.List.Lists,
			Departments: w.List.Departments, Policy: provider.Policy(w.List.Policy), Senders: w.List.Senders,
			Hidden: provider.Flag(w.List.Hidden), Off: provider.Flag(w.List.Off),
		}
	}
	if w.Contact != nil {
		c.Contact = provider.Contact(*w.Contact)
	}
	if w.Group != nil {
		c.Group = provider.ContactGroup(*w.Group)
	}
	if w.Tag != nil {
		c.Tag = provider.Tag(*w.Tag)
	}
	return c
}

func (w OfficePerson) person() provider.Person {
	p := provider.Person{
		ID: w.ID, Address: w.Address, Name: w.Name, Departments: w.Departments, Title: w.Title, Mobile: w.Mobile, Phone: w.Phone,
		StaffNo: w.StaffNo, Remark: w.Remark, Gender: w.Gender, Aliases: w.Aliases, Hidden: provider.Flag(w.Hidden), HiddenAddresses: w.HiddenAddresses,
		MustChange: provider.Flag(w.MustChange), Quota: w.Quota, MailRights: provider.MailRights(w.MailRights),
		Expires: store.Time(w.Expires), SignIn: map[provider.Way]provider.Flag{},
	}
	for _, s := range w.SignIn {
		p.SignIn[provider.Way(s.Way)] = provider.Flag(s.Allowed)
	}
	if w.Forward != nil {
		p.Forward = &provider.Forward{To: w.Forward.To, Keep: w.Forward.Keep}
	}
	return p
}

// codes is the reverse of texts.
func codes[T ~string](texts []string) []T {
	return mapped(texts, func(s string) T { return T(s) })
}

func wirePlan(p office.Plan) ChangePlan {
	return ChangePlan{
		ID: p.ID, Office: p.Office, Made: millis(p.Made), Steps: mapped(p.Steps, wireChangeStep), Danger: ChangeDanger(p.Danger), Typed: p.Typed,
		Ready: p.Ready, Refused: p.Refused, Undoes: p.Undoes,
	}
}

func wireChangeStep(s office.Step) ChangeStep {
	w := ChangeStep{
		Number: s.Number, Kind: ChangeKind(s.Kind), Target: s.Target, Label: s.Label, Row: s.Row, Diffs: mapped(s.Diffs, wireDiff),
		Danger: ChangeDanger(s.Danger), Undoable: s.Undoable, KeepsBack: KeepsBack(s.KeepsBack),
		Lists: full(s.Lists), ListsStay: s.ListsStay,
		Stays: mapped(s.Stays, func(a provider.Attr) string { return string(a) }),
	}
	if r := s.Refusal; r != nil {
		w.Refusal = &ChangeRefusal{
			Code: ErrorCode(r.Code), Attr: string(r.Attr), Why: OfficeReason(r.Why), Key: r.Key, Console: r.Console, Args: filled(r.Args),
			Clash: mapped(r.Clash, wireDiff),
		}
	}
	return w
}

func wireDiff(d office.Diff) ChangeDiff {
	return ChangeDiff{Attr: string(d.Attr), Part: d.Part, Before: full(d.Before), After: full(d.After), Secret: d.Secret, Untold: d.Untold}
}

func wireRun(r office.Run, seq int64) ChangeRun {
	w := ChangeRun{
		ID: r.ID, Seq: seq, Office: r.Office, Title: r.Title, Started: millis(r.Started), Ended: millis(r.Ended), State: RunState(r.State),
		Total: r.Total, Done: r.Done, Failed: r.Failed, Undoes: r.Undoes, Undone: r.Undone, CanUndo: r.CanUndo, Problem: problemOf(r.Trouble),
		Kinds: []ChangeCount{},
	}
	for _, k := range office.Kinds() {
		if n := r.Kinds[k]; n > 0 {
			w.Kinds = append(w.Kinds, ChangeCount{ChangeKind(k), n})
		}
	}
	return w
}

func wireResult(r office.Result) ChangeResult {
	return ChangeResult{Step: wireChangeStep(r.Step), Outcome: ChangeOutcome(r.Outcome), NewID: r.NewID, Problem: problemOf(r.Trouble), At: millis(r.At)}
}

// changes checks and converts what the page wants.
func changes(wire []OfficeChange) ([]office.Change, error) {
	all := make([]office.Change, 0, len(wire))
	for i, w := range wire {
		if w.Kind == "" {
			return nil, core.E(core.Invalid, "read changes", nil, "field", "kind", "row", strconv.Itoa(i+1))
		}
		all = append(all, w.change())
	}
	return all, nil
}

var changeKinds = []enum[ChangeKind]{
	{ChangeKind(office.CreatePerson), "CreatePerson"}, {ChangeKind(office.UpdatePerson), "UpdatePerson"},
	{ChangeKind(office.DeletePerson), "DeletePerson"}, {ChangeKind(office.DeletePersonKeeping), "DeletePersonKeeping"},
	{ChangeKind(office.RestorePerson), "RestorePerson"}, {ChangeKind(office.SuspendPerson), "SuspendPerson"},
	{ChangeKind(office.ResumePerson), "ResumePerson"}, {ChangeKind(office.SetPassword), "SetPassword"}, {ChangeKind(office.AddAlias), "AddAlias"},
	{ChangeKind(office.RemoveAlias), "RemoveAlias"}, {ChangeKind(office.SetForward), "SetForward"}, {ChangeKind(office.SetMailRights), "SetMailRights"},
	{ChangeKind(office.SetSignIn), "SetSignIn"}, {ChangeKind(office.SetHidden), "SetHidden"},
	{ChangeKind(office.SetPrimary), "SetPrimary"}, {ChangeKind(office.HideAddress), "HideAddress"}, {ChangeKind(office.CreateDepartment), "CreateDepartment"},
	{ChangeKind(office.UpdateDepartment), "UpdateDepartment"}, {ChangeKind(office.DeleteDepartment), "DeleteDepartment"},
	{ChangeKind(office.CreateList), "CreateList"}, {ChangeKind(office.UpdateList), "UpdateList"}, {ChangeKind(office.DeleteList), "DeleteList"},
	{ChangeKind(office.SaveContact), "SaveContact"}, {ChangeKind(office.DeleteContact), "DeleteContact"},
	{ChangeKind(office.SaveContactGroup), "SaveContactGroup"}, {ChangeKind(office.DeleteContactGroup), "DeleteContactGroup"},
	{ChangeKind(office.CreateTag), "CreateTag"}, {ChangeKind(office.UpdateTag), "UpdateTag"}, {ChangeKind(office.DeleteTag), "DeleteTag"},
	{ChangeKind(office.JoinList), "JoinList"}, {ChangeKind(office.OverwriteList), "OverwriteList"},
}

var changeDangers = []enum[ChangeDanger]{
	{ChangeDanger(office.DangerNone), "None"}, {ChangeDanger(office.DangerConfirm), "Confirm"}, {ChangeDanger(office.DangerTyped), "Typed"},
}

var runStates = []enum[RunState]{
	{RunState(office.Running), "Running"}, {RunState(office.Stopping), "Stopping"}, {RunState(office.Stopped), "Stopped"},
	{RunState(office.Cut), "Interrupted"}, {RunState(office.Done), "Done"}, {RunState(office.Partly), "Partly"},
}

var changeOutcomes = []enum[ChangeOutcome]{
	{ChangeOutcome(office.Waiting), "Waiting"}, {ChangeOutcome(office.Sent), "Sent"}, {ChangeOutcome(office.Made), "Done"},
	{ChangeOutcome(office.There), "There"}, {ChangeOutcome(office.Failed), "Failed"}, {ChangeOutcome(office.Refused), "Refused"},
	{ChangeOutcome(office.Unsure), "Unsure"},
}

var keepsBacks = []enum[KeepsBack]{
	{"", "Nothing"}, {KeepsBack(office.BackNotAtProvider), "NotAtProvider"}, {KeepsBack(office.BackNotKnown), "NotKnown"},
	{KeepsBack(office.BackSecret), "Secret"}, {KeepsBack(office.BackMailGone), "MailGone"}, {KeepsBack(office.BackFirm), "Firm"},
}
