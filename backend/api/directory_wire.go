package api

import "mailroom/backend/provider"

// OfficePerson is one account of the directory. Flags are yes, no or "" (not told),
// numbers -1 where the provider does not tell.
type OfficePerson struct {
	ID              string         `json:"id"`
	Address         string         `json:"address"`
	Name            string         `json:"name"`
	Departments     []string       `json:"departments"` // IDs, the main one first
	Title           string         `json:"title"`
	Mobile          string         `json:"mobile"`
	Phone           string         `json:"phone"`
	StaffNo         string         `json:"staffNo"`
	Remark          string         `json:"remark"`
	Gender          string         `json:"gender"`
	Aliases         []string       `json:"aliases"`
	Status          string         `json:"status"` // active, suspended, locked, leaving, deleted
	Hidden          string         `json:"hidden"`
	HiddenAddresses []string       `json:"hiddenAddresses"` // of address and aliases, those that the book leaves out
	MustChange      string         `json:"mustChange"`
	Quota           int64          `json:"quota"` // 0: no limit
	Used            int64          `json:"used"`
	Forward         *OfficeForward `json:"forward,omitempty"`
	MailRights      string         `json:"mailRights"`
	SignIn          []OfficeSignIn `json:"signIn"`
	Created         int64          `json:"created"`
	Expires         int64          `json:"expires"`
	LastSignIn      int64          `json:"lastSignIn"`
	Partial         bool           `json:"partial"` // Directory.Person knows more
}

// OfficeForward says where an account's mail goes on to.
type OfficeForward struct {
	To   []string `json:"to"`
	Keep bool     `json:"keep"`
}

// OfficeSignIn is one way of signing in and whether it is allowed.
type OfficeSignIn struct {
	Way     string `json:"way"`
	Allowed string `json:"allowed"` // yes, no
}

// OfficeDepartment is one node of the tree; Parent "" is the office itself.
type OfficeDepartment struct {
	ID     string `json:"id"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Remark string `json:"remark"`
	Order  int    `json:"order"`
}

// OfficeList is a mailing list.
type OfficeList struct {
	ID          string   `json:"id"`
	Address     string   `json:"address"`
	Name        string   `json:"name"`
	Remark      string   `json:"remark"`
	Members     []string `json:"members"`
	Lists       []string `json:"lists"`
	Departments []string `json:"departments"`
	Policy      string   `json:"policy"`
	Senders     []string `json:"senders"`
	Hidden      string   `json:"hidden"`
	Off         string   `json:"off"`
	Partial     bool     `json:"partial"` // Directory.List knows more
}

// OfficeContact is an entry of the shared book.
type OfficeContact struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Addresses []string `json:"addresses"`
	Mobile    string   `json:"mobile"`
	Phone     string   `json:"phone"`
	Company   string   `json:"company"`
	Title     string   `json:"title"`
	Remark    string   `json:"remark"`
	Groups    []string `json:"groups"`
	Order     int      `json:"order"`
}

// OfficeContactGroup is a group of the shared book.
type OfficeContactGroup struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Order int    `json:"order"`
}

// OfficeTag is a tag that people and departments of the office have.
type OfficeTag struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	People      []string `json:"people"`      // main addresses
	Departments []string `json:"departments"` // IDs
	Partial     bool     `json:"partial"`     // who has it is not known yet
}

// DirectorySnapshot is the office's directory as it was last read.
type DirectorySnapshot struct {
	Office      string               `json:"office"`
	Seq         int64                `json:"seq"`       // grows with every change
	Refreshed   int64                `json:"refreshed"` // when it was last read whole; 0 never: ask for Refresh
	Refreshing  bool                 `json:"refreshing"`
	Problem     *Problem             `json:"problem,omitempty"` // why the last reading failed; what stands here is older
	Domains     []OfficeDomain       `json:"domains"`
	People      []DirectoryRow       `json:"people"`
	Departments []OfficeDepartment   `json:"departments"`
	Lists       []OfficeList         `json:"lists"`
	Contacts    []OfficeContact      `json:"contacts"`
	Groups      []OfficeContactGroup `json:"groups"`
	Tags        []OfficeTag          `json:"tags"`
}

// DirectoryRow is an OfficePerson of a long list: what is "", 0, no or empty is left out,
// and so is how they may sign in (see Directory.Person). Of 5,000 people that is more than
// half of what would go over to the page.
type DirectoryRow struct {
	ID              string         `json:"id"`
	Address         string         `json:"address"`
	Name            string         `json:"name,omitempty"`
	Departments     []string       `json:"departments,omitempty"`
	Title           string         `json:"title,omitempty"`
	Mobile          string         `json:"mobile,omitempty"`
	Phone           string         `json:"phone,omitempty"`
	StaffNo         string         `json:"staffNo,omitempty"`
	Remark          string         `json:"remark,omitempty"`
	Gender          string         `json:"gender,omitempty"`
	Aliases         []string       `json:"aliases,omitempty"`
	Status          string         `json:"status"`
	Hidden          string         `json:"hidden,omitempty"`
	HiddenAddresses []string       `json:"hiddenAddresses,omitempty"`
	MustChange      string         `json:"mustChange,omitempty"`
	Quota           int64          `json:"quota,omitempty"`
	Used            int64          `json:"used,omitempty"`
	Forward         *OfficeForward `json:"forward,omitempty"`
	MailRights      string         `json:"mailRights,omitempty"`
	Created         int64          `json:"created,omitempty"`
	Expires         int64          `json:"expires,omitempty"`
	LastSignIn      int64          `json:"lastSignIn,omitempty"`
	Partial         bool           `json:"partial,omitempty"`
}

// DirectoryState tells how old the directory is, without it.
type DirectoryState struct {
	Office      string   `json:"office"`
	Seq         int64    `json:"seq"`
	Refreshed   int64    `json:"refreshed"`
	Refreshing  bool     `json:"refreshing"`
	Read        int      `json:"read"`  // people read so far, while refreshing
	Began       int64    `json:"began"` // when the reading began, while refreshing
	Problem     *Problem `json:"problem,omitempty"`
	People      int      `json:"people"`
	Departments int      `json:"departments"`
	Lists       int      `json:"lists"`
	Unseen      int      `json:"unseen"` // changes made elsewhere that were not looked at
}

// DirectoryNews is something that was changed at the provider by somebody else.
type DirectoryNews struct {
	Time   int64        `json:"time"`
	Object string       `json:"object"` // person, department, list, contact, contactGroup, tag
	ID     string       `json:"id"`
	Label  string       `json:"label"`
	What   string       `json:"what"` // added, changed, gone
	Diffs  []ChangeDiff `json:"diffs"`
	Seen   bool         `json:"seen"`
}

// DirectoryPerson is a person from a closer look.
type DirectoryPerson struct {
	Person  OfficePerson `json:"person"`
	Fresh   bool         `json:"fresh"`             // the provider answered just now
	Problem *Problem     `json:"problem,omitempty"` // why it did not; the person is as last read
}

// DirectoryList is a mailing list from a closer look.
type DirectoryList struct {
	List    OfficeList `json:"list"`
	Fresh   bool       `json:"fresh"`
	Problem *Problem   `json:"problem,omitempty"`
}

// DirectoryHits are people that a text leads to, the best first.
type DirectoryHits struct {
	Seq int64    `json:"seq"`
	IDs []string `json:"ids"`
}

// DirectoryIndex is what people are searched in, in the order of the snapshot's people
// of the same Seq.
type DirectoryIndex struct {
	Seq   int64    `json:"seq"`
	Texts []string `json:"texts"` // see naming.Text
}

func wireOfficePerson(p provider.Person) OfficePerson {
	w := OfficePerson{
		ID: p.ID, Address: p.Address, Name: p.Name, Departments: full(p.Departments), Title: p.Title, Mobile: p.Mobile, Phone: p.Phone,
		StaffNo: p.StaffNo, Remark: p.Remark, Gender: p.Gender, Aliases: full(p.Aliases), Status: string(p.Status), Hidden: string(p.Hidden), HiddenAddresses: full(p.HiddenAddresses),
		MustChange: string(p.MustChange), Quota: p.Quota, Used: p.Used, MailRights: string(p.MailRights), SignIn: []OfficeSignIn{},
		Created: millis(p.Created), Expires: millis(p.Expires), LastSignIn: millis(p.LastSignIn), Partial: p.Partial,
	}
	if p.Forward != nil {
		w.Forward = &OfficeForward{To: full(p.Forward.To), Keep: p.Forward.Keep}
	}
	for _, way := range []provider.Way{provider.Web, provider.IMAP, provider.POP, provider.SMTP, provider.Exchange, provider.Client, provider.Secured} {
		if f := p.SignIn[way]; f != provider.Unknown {
			w.SignIn = append(w.SignIn, OfficeSignIn{Way: string(way), Allowed: string(f)})
		}
	}
	return w
}

// wirePersonRow is a person of a long list.
func wirePersonRow(p provider.Person) DirectoryRow {
	w := DirectoryRow{
		ID: p.ID, Address: p.Address, Name: p.Name, Departments: p.Departments, Title: p.Title, Mobile: p.Mobile, Phone: p.Phone,
		StaffNo: p.StaffNo, Remark: p.Remark, Gender: p.Gender, Aliases: p.Aliases, Status: string(p.Status), Hidden: string(p.Hidden), HiddenAddresses: p.HiddenAddresses,
		MustChange: string(p.MustChange), Quota: p.Quota, Used: p.Used, MailRights: string(p.MailRights),
		Created: millis(p.Created), Expires: millis(p.Expires), LastSignIn: millis(p.LastSignIn), Partial: p.Partial,
	}
	if p.Forward != nil {
		w.Forward = &OfficeForward{To: full(p.Forward.To), Keep: p.Forward.Keep}
	}
	return w
}

func wireDepartment(d provider.Department) OfficeDepartment { return OfficeDepartment(d) }

func wireList(l provider.List) OfficeList {
	return OfficeList{
		ID: l.ID, Address: l.Address, Name: l.Name, Remark: l.Remark, Members: full(l.Members), Lists: full(l.Lists), Departments: full(l.Departments),
		Policy: string(l.Policy), Senders: full(l.Senders), Hidden: string(l.Hidden), Off: string(l.Off), Partial: l.Partial,
	}
}

func wireContact(c provider.Contact) OfficeContact {
	w := OfficeContact(c)
	w.Addresses, w.Groups = full(w.Addresses), full(w.Groups)
	return w
}

func wireTag(t provider.Tag) OfficeTag {
	w := OfficeTag(t)
	w.People, w.Departments = full(w.People), full(w.Departments)
	return w
}

func wireContactGroup(g provider.ContactGroup) OfficeContactGroup { return OfficeContactGroup(g) }

func wireDomain(d provider.Domain) OfficeDomain { return OfficeDomain(d) }
