package archive

import (
	"os"
	"path/filepath"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// The kinds of archives; also their URL schemes.
const (
	kindMaildir = "maildir"
	kindMbox    = "mbox"
	kindEML     = "eml"
)

// Open names an archive by URL: "maildir:DIR", "mbox:FILE", "mbox:DIR" or "eml:DIR"
// (a path as the system writes it, nothing is percent-decoded; "~/" is the home
// folder). With write false its sessions only read and nothing in it is changed, not
// even by a lock; with write true they implement [mailbox.Writer], and what is missing
// is made when the first session opens. An mbox path that does not exist yet is a file
// if it ends in ".mbox" or ".mbx", else a folder of mbox files.
//
// Errors: invalid (not such a URL), not_found, forbidden. The account's Open gives
// in_use while another writer holds the archive, read_only and disk_full with the path.
func Open(url string, write bool) (mailbox.Account, error) {
	kind, dir, err := splitURL(url)
	if err != nil {
		return nil, err
	}
	a := &archive{kind: kind, key: kind + ":" + filepath.ToSlash(dir), dir: dir, write: write}
	switch kind {
	case kindMaildir:
		a.state = "mailroom-state"
		a.layout = &maildir{archive: a, colon: infoColon}
	case kindEML:
		a.state = ".mailroom"
		a.layout = &eml{archive: a}
	case kindMbox:
		file, err := a.mboxFile()
		if err != nil {
			return nil, err
		}
		a.layout = &mbox{archive: a, file: file}
	}
	return a, nil
}

// Is tells whether a URL names an archive rather than a server.
func Is(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	switch strings.ToLower(scheme) {
	case kindMaildir, kindMbox, kindEML:
		return true
	}
	return false
}

func splitURL(url string) (kind, dir string, err error) {
	scheme, rest, _ := strings.Cut(url, ":")
	if !Is(url) || rest == "" || strings.ContainsRune(rest, 0) {
		return "", "", core.E(core.Invalid, "archive address", nil, "url", url)
	}
	rest = strings.TrimPrefix(rest, "//")
	if home, err := os.UserHomeDir(); err == nil && (rest == "~" || strings.HasPrefix(rest, "~/")) {
		rest = filepath.Join(home, rest[1:])
	}
	dir, err = filepath.Abs(rest)
	if err != nil {
		return "", "", core.E(core.Invalid, "archive address", err, "url", url)
	}
	return strings.ToLower(scheme), dir, nil
}

// mboxFile decides whether the path is one mbox file; then its folder becomes the
// root and the file's name is returned.
func (a *archive) mboxFile() (string, error) {
	info, err := os.Stat(a.dir)
	isFile := false
	switch {
	case err == nil && info.IsDir():
		// Apple Mail exports a folder "Name.mbox" that holds one file "mbox".
		if inner, e := os.Stat(filepath.Join(a.dir, "mbox")); e == nil && inner.Mode().IsRegular() &&
			strings.EqualFold(filepath.Ext(a.dir), ".mbox") {
			a.dir = filepath.Join(a.dir, "mbox")
			isFile = true
		}
	case err == nil:
		isFile = true
	case os.IsNotExist(err):
		ext := strings.ToLower(filepath.Ext(a.dir))
		isFile = ext == ".mbox" || ext == ".mbx"
	default:
		return "", readFailure("open archive", a.dir, err)
	}
	if !isFile {
		a.state = ".mailroom"
		return "", nil
	}
	file := filepath.Base(a.dir)
	a.dir = filepath.Dir(a.dir)
	a.state = file + ".mailroom"
	return file, nil
}
