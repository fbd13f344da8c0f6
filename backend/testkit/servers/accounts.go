package servers

import (
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

func accountName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "nobody"
}

func groupName(gid int) string {
	if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil {
		return g.Name
	}
	return "nogroup"
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Maildir is the folder with a user's mail on the disk, in Maildir++ layout
// (Dovecot and Courier); "" for Cyrus, whose store is its own.
func (s *Server) Maildir(user string) string {
	if s.Kind == "cyrus" {
		return ""
	}
	return filepath.Join(s.Dir, "mail", strings.ToLower(user))
}
