package core

// Role is what a folder is for, after RFC 6154 (special-use).
type Role string

// The roles. RoleInbox is not in RFC 6154 but behaves like one.
const (
	RoleNone      Role = ""
	RoleInbox     Role = "inbox"
	RoleSent      Role = "sent"
	RoleDrafts    Role = "drafts"
	RoleTrash     Role = "trash"
	RoleJunk      Role = "junk"
	RoleArchive   Role = "archive"
	RoleAll       Role = "all"       // Gmail's All Mail, Proton's All Mail: a second copy of everything
	RoleFlagged   Role = "flagged"   // Gmail's Starred: a view, not a place
	RoleImportant Role = "important" // RFC 8457; a view
)
