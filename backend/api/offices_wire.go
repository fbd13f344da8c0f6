package api

import (
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// OfficeFieldKind is a [provider.FieldKind] on the wire.
type OfficeFieldKind string

// OfficeReason is a [provider.Reason] on the wire; "" none.
type OfficeReason string

// OfficeMaker is a kind of office that can be connected. The texts of its fields stand
// in the page's language files under office.ID.KEY.
type OfficeMaker struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	ChineseName string        `json:"chineseName"`
	Console     string        `json:"console"` // the provider's administration page; "" none
	Fields      []OfficeField `json:"fields"`
}

// OfficeField is one value that connecting an office needs.
type OfficeField struct {
	Key      string          `json:"key"`
	Kind     OfficeFieldKind `json:"kind"`
	Required bool            `json:"required"`
	Choices  []string        `json:"choices"`
	Example  string          `json:"example"`
	Help     string          `json:"help"` // page of the provider; "" none
}

// OfficeInfo is a connected office.
type OfficeInfo struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Title    string            `json:"title"` // its name, else its domain
	Provider string            `json:"provider"`
	Domain   string            `json:"domain"`
	Values   map[string]string `json:"values"`
	Secrets  []string          `json:"secrets"` // keys of the fields whose secret is in the vault
	BaseURL  string            `json:"baseUrl"`
	ReadOnly bool              `json:"readOnly"`
	Current  bool              `json:"current"`
	Added    int64             `json:"added"`
	Missing  bool              `json:"missing"` // this program has no adapter of that name
}

// OfficeDraft is an office as the person enters it. ID "" connects a new one. Secrets are
// handles of Vault.Keep by field; a field without one keeps what it had.
type OfficeDraft struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Provider string            `json:"provider"`
	Domain   string            `json:"domain"`
	Values   map[string]string `json:"values"`
	Secrets  map[string]string `json:"secrets"`
	BaseURL  string            `json:"baseUrl"`
	ReadOnly bool              `json:"readOnly"`
}

// OfficeGuess is whose adapter administers a domain.
type OfficeGuess struct {
	Domain    string    `json:"domain"`
	Preset    string    `json:"preset"`   // the recognised provider, see Providers.List; "" none
	Provider  string    `json:"provider"` // the adapter, see Offices.Makers; "" there is none for it
	Certainty Certainty `json:"certainty"`
	Offline   bool      `json:"offline"` // no look-up was answered
}

// OfficeCheck is what a test of an office found.
type OfficeCheck struct {
	OK           bool               `json:"ok"`
	Problem      *Problem           `json:"problem,omitempty"`
	Domains      []OfficeDomain     `json:"domains"`
	Capabilities OfficeCapabilities `json:"capabilities"`
}

// OfficeDomain is one mail domain of an office.
type OfficeDomain struct {
	Name   string `json:"name"`
	Alias  bool   `json:"alias"`
	Off    bool   `json:"off"`
	Remark string `json:"remark"`
}

// OfficeCapabilities is what an office can do, with these keys and in its mode. All
// capabilities are there, in their order.
type OfficeCapabilities struct {
	Support         []OfficeSupport    `json:"support"`
	Create          []string           `json:"create"`     // values of a person that can be given at creation
	Change          []string           `json:"change"`     // and afterwards
	Department      []string           `json:"department"` // values of a department that can be set
	ManyDepartments bool               `json:"manyDepartments"`
	Keeps           []string           `json:"keeps"`      // ways of keeping a deleted person's mail: attach, forward
	MaxAliases      int                `json:"maxAliases"` // 0: not known
	PrimaryNew      bool               `json:"primaryNew"` // only a new address can become the main one
	Lists           OfficeListTraits   `json:"lists"`
	Password        OfficePasswordRule `json:"password"`
	SignInWays      []string           `json:"signInWays"` // that can be set
}

// OfficeSupport is one capability; the page has a name for each under capability.ID and
// a sentence for each reason.
type OfficeSupport struct {
	Capability string       `json:"capability"`
	Can        bool         `json:"can"`
	Local      bool         `json:"local"`   // this program does it, on this computer, in the provider's place
	Why        OfficeReason `json:"why"`     // where it cannot, or Local: the provider
	Key        string       `json:"key"`     // for needs_key: the field that would open it
	Console    string       `json:"console"` // for App.OpenLink; "" none
}

// OfficeListTraits is what the office's mailing lists can hold.
type OfficeListTraits struct {
	Policies    []string `json:"policies"`
	Outside     bool     `json:"outside"`
	Nested      bool     `json:"nested"`
	Departments bool     `json:"departments"`
	Hidden      bool     `json:"hidden"`
	Off         bool     `json:"off"`
	Rename      bool     `json:"rename"`
	Nameless    bool     `json:"nameless"` // there is no display name
	Remark      bool     `json:"remark"`
	MaxMembers  int      `json:"maxMembers"` // 0: not known
}

// OfficePasswordRule is what the provider demands of a password; 0: not known.
type OfficePasswordRule struct {
	Min       int  `json:"min"`
	Max       int  `json:"max"`
	Letters   bool `json:"letters"`
	Digits    bool `json:"digits"`
	Cases     bool `json:"cases"`
	Symbols   bool `json:"symbols"`
	Kinds     int  `json:"kinds"`
	NoAddress bool `json:"noAddress"`
	NoRuns    int  `json:"noRuns"`
	Opaque    bool `json:"opaque"` // any script and blanks; min and max count bytes
}

func wireMaker(m provider.Maker) OfficeMaker {
	return OfficeMaker{
		ID: string(m.ID), Name: m.Name, ChineseName: m.ChineseName, Console: m.Console,
		Fields: mapped(m.Fields, func(f provider.Field) OfficeField {
			return OfficeField{Key: f.Key, Kind: OfficeFieldKind(f.Kind), Required: f.Required, Choices: full(f.Choices), Example: f.Example, Help: f.Help}
		}),
	}
}

func draftOffice(d OfficeDraft) office.Office {
	return office.Office{
		ID: d.ID, Name: d.Name, Provider: provider.ID(d.Provider), Domain: d.Domain, Values: filled(d.Values), Secrets: filled(d.Secrets),
		BaseURL: d.BaseURL, ReadOnly: d.ReadOnly,
	}
}

func wireCapabilities(live *office.Live) OfficeCapabilities {
	caps := live.Capabilities
	wire := OfficeCapabilities{
		Create: texts(caps.Create), Change: texts(caps.Change), Department: texts(caps.Department),
		ManyDepartments: caps.ManyDepartments, Keeps: texts(caps.Keeps), MaxAliases: caps.MaxAliases, PrimaryNew: caps.PrimaryNew, SignInWays: []string{},
		Lists: OfficeListTraits{Policies: []string{}},
	}
	for _, c := range provider.All() {
		s := caps.Support[c]
		wire.Support = append(wire.Support, OfficeSupport{Capability: string(c), Can: s.Can, Local: s.Local, Why: OfficeReason(s.Why), Key: s.Key, Console: s.Console})
	}
	if r, ok := live.Provider.(provider.ListReader); ok && caps.Can(provider.CanReadLists) {
		t := r.ListTraits()
		wire.Lists = OfficeListTraits{
			Policies: texts(t.Policies), Outside: t.Outside, Nested: t.Nested, Departments: t.Departments, Hidden: t.Hidden, Off: t.Off,
			Rename: t.Rename, Nameless: t.Nameless, Remark: t.Remark, MaxMembers: t.MaxMembers,
		}
	}
	if s, ok := live.Provider.(provider.PasswordSetter); ok {
		r := s.PasswordRule()
		wire.Password = OfficePasswordRule(r)
	}
	if s, ok := live.Provider.(provider.SignInSetter); ok && caps.Can(provider.CanSetSignIn) {
		wire.SignInWays = texts(s.SignInWays())
	}
	return wire
}

// texts makes strings of codes; never nil.
func texts[T ~string](codes []T) []string {
	return mapped(codes, func(c T) string { return string(c) })
}

var officeFieldKinds = []enum[OfficeFieldKind]{
	{OfficeFieldKind(provider.FieldText), "Text"}, {OfficeFieldKind(provider.FieldSecret), "Secret"},
	{OfficeFieldKind(provider.FieldKey), "Key"}, {OfficeFieldKind(provider.FieldChoice), "Choice"},
}

var officeReasons = []enum[OfficeReason]{
	{OfficeReason(provider.NotInAPI), "NotInAPI"}, {OfficeReason(provider.NotProven), "NotProven"}, {OfficeReason(provider.NeedsKey), "NeedsKey"},
	{OfficeReason(provider.NeedsPlan), "NeedsPlan"}, {OfficeReason(provider.ReadOnly), "ReadOnly"}, {"", "None"},
}
