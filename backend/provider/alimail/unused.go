package alimail

import "mailroom/backend/provider"

// unused are calls that are described and not made.
func unused() []provider.UnusedCall {
	return []provider.UnusedCall{
		{Call: "organization/$current", Why: "The company's name, telephone and address are no part of an office's directory."},
		{Call: "GET domains/{domain}", Why: "GET domains tells as much of every domain."},
		{Call: "domains: add, delete, verify, aliases, rename, release", Why: "Whole domains are added, given up and renamed in the console: a slip there stops everybody's mail, and two of the calls have no described body. verify may change what it looks at."},
		{Call: "users/listByIds, departments/listByIds", Why: "Whether they are GET or POST is not certain; listings by department tell as much."},
		{Call: "users/{id}/changePassword", Why: "It needs the old password, and its method is not certain; resetPassword is made."},
		{Call: "the values nickname, workLocation, officeLocation, homeLocation, customName, managerEmail, employeeType, and a department's managers, email and isHidden", Why: "The directory has no such values. A change names only what it changes, so they stay."},
		{Call: "users/{u}/messages, mailFolders/{f}/messages, stream", Why: "Mail is read over IMAP and sent by the people themselves; mailFolders is asked for unread mail only."},
		{Call: "the older API ud/…", Why: "Version 2 does the same, with another sign-in; only the role of a new account is described there alone, and not how it is read or changed."},
	}
}
