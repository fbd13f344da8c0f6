package foldermap

import (
	"strings"

	"mailroom/backend/core"
)

// systemLabels are Gmail's labels for special folders, as X-GM-LABELS gives them
// (developers.google.com/workspace/gmail/imap/imap-extensions). \Important, \Starred
// and \Muted are missing on purpose: they are views and hold no message.
var systemLabels = map[string]core.Role{
	`\inbox`: core.RoleInbox, `\sent`: core.RoleSent, `\draft`: core.RoleDrafts, `\drafts`: core.RoleDrafts,
	`\trash`: core.RoleTrash, `\junk`: core.RoleJunk, `\spam`: core.RoleJunk,
}

// Elsewhere returns a function that tells whether a message with these Gmail labels
// stands in another folder of the plan, copied or left out by a named rule. A label
// whose folder the server does not list ("show in IMAP" is off) does not count: such a
// message must come with All Mail or it would be lost without a word. Labels may be
// decoded or as on the wire.
func (p Plan) Elsewhere() func(labels []string) bool {
	roles := map[core.Role]bool{}
	names := map[string]bool{}
	for _, e := range p.Entries {
		if e.Source.Selectable && e.Role != core.RoleAll {
			roles[e.Role] = true
			names[e.Source.ID], names[path(e.Source.Levels)] = true, true
		}
	}
	return func(labels []string) bool {
		for _, l := range labels {
			if !strings.HasPrefix(l, `\`) {
				if names[l] {
					return true
				}
				continue
			}
			role, ok := systemLabels[strings.ToLower(`\`+strings.TrimLeft(l, `\`))]
			if ok && roles[role] {
				return true
			}
		}
		return false
	}
}
