package tencent

import "mailroom/backend/provider"

// needs names the app behind each capability.
var needs = map[provider.Capability]string{
	provider.CanReadPeople: fieldContacts, provider.CanCreatePeople: fieldContacts, provider.CanEditPeople: fieldContacts,
	provider.CanDeletePeople: fieldContacts, provider.CanSuspend: fieldContacts, provider.CanEditAliases: fieldContacts,
	provider.CanSetPassword: fieldContacts, provider.CanCheckAddresses: fieldContacts,
	provider.CanReadDepartments: fieldContacts, provider.CanEditDepartments: fieldContacts,
	provider.CanReadLists: fieldContacts, provider.CanEditLists: fieldContacts, provider.CanReadTags: fieldContacts, provider.CanEditTags: fieldContacts,
	provider.CanSetSignIn: fieldOptions, provider.CanSignInLink: fieldSignIn, provider.CanCountUnread: fieldNotice,
	provider.CanLogAdmin: fieldLogs, provider.CanLogSignIn: fieldLogs, provider.CanLogMail: fieldLogs, provider.CanLogTraffic: fieldLogs,
}

// unproven are capabilities whose calls stand in the official table of contents (公共联系人)
// without a public text on how they work.
var unproven = []provider.Capability{provider.CanReadContacts, provider.CanEditContacts}

// mostAliases is the limit of "slaves"; mostDepartments that of a member's departments.
const (
	mostAliases     = 5
	mostDepartments = 20
)

// capabilities is what the apps open that has says yes to.
func capabilities(has func(field string) bool) provider.Capabilities {
	c := provider.Capabilities{
		Support: map[provider.Capability]provider.Support{},
		Create: []provider.Attr{
			provider.AttrAddress, provider.AttrPassword, provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile,
			provider.AttrPhone, provider.AttrStaffNo, provider.AttrGender, provider.AttrAliases, provider.AttrMustChange,
		},
		Change: []provider.Attr{
			provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile, provider.AttrPhone,
			provider.AttrStaffNo, provider.AttrGender, provider.AttrMustChange,
		},
		Department:      []provider.Attr{provider.AttrName, provider.AttrParent, provider.AttrOrder},
		ManyDepartments: true,
		MaxAliases:      mostAliases,
		AtOnce:          atOnce, // assumption "at-once"
		Longest:         map[provider.Attr]int{provider.AttrName: mostName, provider.AttrTitle: mostTitle},
	}
	for _, what := range provider.All() {
		c.Support[what] = provider.Support{Why: provider.NotInAPI, Console: console}
		if field, known := needs[what]; known {
			c.Support[what] = provider.Support{Can: has(field)}
			if !has(field) {
				c.Support[what] = provider.Support{Why: provider.NeedsKey, Key: field, Console: console}
			}
		}
	}
	for _, what := range unproven {
		c.Support[what] = provider.Support{Why: provider.NotProven, Console: console}
	}
	return c
}
