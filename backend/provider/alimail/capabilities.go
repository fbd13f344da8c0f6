package alimail

import "mailroom/backend/provider"

var can = []provider.Capability{
	provider.CanReadPeople, provider.CanCreatePeople, provider.CanEditPeople, provider.CanDeletePeople, provider.CanSuspend,
	provider.CanEditAliases, provider.CanSetPrimary, provider.CanSetPassword, provider.CanHide, provider.CanCountUnread,
	provider.CanReadDepartments, provider.CanEditDepartments, provider.CanCheckDomain,
}

// unproven are capabilities that the platform is said to have, without a public text
// on the calls: mail groups, shared contacts, rights, mailbox settings, audit log.
var unproven = []provider.Capability{
	provider.CanReadLists, provider.CanEditLists, provider.CanReadContacts, provider.CanEditContacts, provider.CanForward,
	provider.CanSetSignIn, provider.CanLogAdmin, provider.CanLogUser, provider.CanLogSignIn, provider.CanLogMail,
}

func capabilities() provider.Capabilities {
	c := provider.Capabilities{
		Support: map[provider.Capability]provider.Support{},
		Create: []provider.Attr{
			provider.AttrAddress, provider.AttrPassword, provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile,
			provider.AttrPhone, provider.AttrStaffNo, provider.AttrRemark, provider.AttrHidden, provider.AttrMustChange,
		},
		Change: []provider.Attr{
			provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile, provider.AttrPhone,
			provider.AttrStaffNo, provider.AttrRemark, provider.AttrHidden, provider.AttrMustChange,
		},
		Department:      []provider.Attr{provider.AttrName, provider.AttrParent},
		ManyDepartments: true,
		PrimaryNew:      true,   // assumption "as-default"
		AtOnce:          atOnce, // assumption "at-once"
	}
	for _, what := range provider.All() {
		c.Support[what] = provider.Support{Why: provider.NotInAPI, Console: console}
	}
	for _, what := range unproven {
		c.Support[what] = provider.Support{Why: provider.NotProven, Console: console}
	}
	for _, what := range can {
		c.Support[what] = provider.Support{Can: true}
	}
	c.Support[provider.CanSetPrimary] = provider.Support{Can: true, Console: console} // for aliases that are there already
	return c
}

// assumptions are what this adapter takes for true without a public text of this API
// that says so.
func assumptions() []provider.Assumption {
	return []provider.Assumption{
		{Name: "statuses", Certainty: "I", Says: "a refusal's HTTP status means what it means elsewhere: 404 unknown, 409 taken; the list of detailErrorCode is not public", Proof: "reading an unknown user, creating one twice"},
		{Name: "token-refused", Certainty: "I", Says: "400 and 401 of the token call say that the app's ID or secret is wrong", Proof: "one call with a wrong secret"},
		{Name: "domain-verdicts", Certainty: "I", Says: "isVerified and isMxVerified of a domain are what the vendor found when it last looked; when that was is not told", Proof: "a domain whose MX was changed, read before and after"},
		{Name: "walk", Certainty: "C3", Says: "there is no listing of all users: the departments are walked from $root", Proof: "the official list of calls"},
		{Name: "listed-whole", Certainty: "I", Says: "a department's listing tells as much of a user as reading one does", Proof: "one listing compared with one user"},
		{Name: "patch", Certainty: "I", Says: "PATCH changes the values that are sent and no others", Proof: "changing one value of a user who has several"},
		{Name: "info", Certainty: "I", Says: "a user's \"info\" is the remark that the console shows, \"phone\" the mobile number", Proof: "one user read and compared with the console"},
		{Name: "reset-text", Certainty: "C3", Says: "resetPassword takes forceChangePasswordNextSignIn as the text \"true\" or \"false\"", Proof: "one call, then a sign-in on the web"},
		{Name: "delete-department", Certainty: "I", Says: "what deleting a department with people does is not known: it is looked at first and refused here", Proof: "deleting a department with one test account in it"},
		{Name: "at-once", Certainty: "I", Says: "several creations, or the same change of several people, may be under way at the same time, as long as the calls a second are kept to", Proof: "an import of fifty test accounts, and its undo"},
		{Name: "as-default", Certainty: "I", Says: "an address that is added with asDefault becomes the user's email, and the former email one of the aliases; the user's id stays. That it did is read back. Whether an alias that is there already can become the default is not described", Proof: "adding one address with asDefault to a test account, the user read before and after"},
		{Name: "unread", Certainty: "C3", Says: "mailFolders tells unreadItemCount of every folder at the top", Proof: "one mailbox compared"},
	}
}
