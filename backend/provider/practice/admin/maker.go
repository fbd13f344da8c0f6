// Package admin is the practice office as an office that is administered: its people,
// departments, lists, shared contacts, roles and settings in a file of their own, so
// that everything that some provider can do can be tried without any account.
//
// It leaves out the practice office's mail; package practice holds the mail servers.
package admin

import (
	"context"
	"strconv"
	"time"

	"mailroom/backend/provider"
)

// ID is the adapter's name.
const ID provider.ID = "practice"

// The keys of the form, and of what only tests set.
const (
	keySize = "size"
	keyPace = "pace"
	keyPage = "page" // entries of a page; not in the form
)

// Sizes are how many people an office can begin with. Twelve are the staff whose mail
// the practice servers hold; 5,000 sit in 200 departments.
var sizes = []string{"12", "60", "300", "5000"}

// paces are how many calls a second the office answers: a provider with strict limits
// can be rehearsed. 0: as fast as it can.
var paces = []string{"full", "brisk", "slow"}

var callsASecond = map[string]float64{"full": 0, "brisk": 20, "slow": 2}

// Maker makes practice offices. now is what they take for the time; nil: the clock.
func Maker(now func() time.Time) provider.Maker {
	if now == nil {
		now = time.Now
	}
	return provider.Maker{
		ID: ID, Name: "Practice office", ChineseName: "演练公司", Zone: "Asia/Shanghai",
		Fields: []provider.Field{
			{Key: keySize, Kind: provider.FieldChoice, Choices: sizes},
			{Key: keyPace, Kind: provider.FieldChoice, Choices: paces},
		},
		Presets: nil,
		Best:    capabilities(),
		New:     func(c provider.Config) (provider.Provider, error) { return open(c, now) },
	}
}

// settablePerson are the values of a person that can be set, at creation and later.
var settablePerson = []provider.Attr{
	provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile, provider.AttrPhone, provider.AttrStaffNo,
	provider.AttrRemark, provider.AttrGender, provider.AttrHidden, provider.AttrQuota, provider.AttrExpires,
}

// MaxAliases is how many further addresses an account may have.
const maxAliases = 10

// capabilities is everything but what needs a browser or a mailbox that is read.
func capabilities() provider.Capabilities {
	c := provider.Capabilities{
		Support:         map[provider.Capability]provider.Support{},
		Create:          append([]provider.Attr{provider.AttrAliases, provider.AttrHiddenAddresses, provider.AttrMustChange, provider.AttrForward, provider.AttrMailRights, provider.AttrSignIn}, settablePerson...),
		Change:          append([]provider.Attr{provider.AttrMustChange}, settablePerson...),
		Department:      []provider.Attr{provider.AttrName, provider.AttrParent, provider.AttrRemark, provider.AttrOrder},
		ManyDepartments: true,
		LeavesLists:     true,
		Keeps:           []provider.Keep{provider.KeepAttach, provider.KeepForward},
		MaxAliases:      maxAliases,
	}
	for _, what := range provider.All() {
		c.Support[what] = provider.Support{Can: true}
	}
	// There is no web mail to open, mail is not looked into, nothing of it stands in the
	// world's DNS, and lists that can be read need not be overwritten.
	for _, what := range []provider.Capability{provider.CanSignInLink, provider.CanCountUnread, provider.CanTellRecords, provider.CanCheckDomain, provider.CanTellServers, provider.CanOverwriteLists} {
		c.Support[what] = provider.Support{Why: provider.NotInAPI}
	}
	return c
}

// Capabilities is the same for every practice office.
func (a *Adapter) Capabilities(ctx context.Context) (provider.Capabilities, error) {
	if err := a.turn(ctx, "capabilities"); err != nil {
		return provider.Capabilities{}, err
	}
	return capabilities(), nil
}

func number(text string, usual int) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return usual
}
