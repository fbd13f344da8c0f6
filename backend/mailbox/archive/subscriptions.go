package archive

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// subscriptions are kept in "folders.jsonl" of the state folder; a Maildir's own
// file (Dovecot, Courier) is read where ours is missing. Without any, all folders
// count as subscribed.
type subscriptions struct {
	all bool
	ids map[string]bool
}

func (s *subscriptions) has(id string) bool { return s.all || s.ids[id] }

// subscribed loads the subscriptions once; a.mu is held.
func (a *archive) subscribed() (*subscriptions, error) {
	if a.subs != nil {
		return a.subs, nil
	}
	s := &subscriptions{ids: map[string]bool{}}
	raw, err := a.root.ReadFile(path.Join(a.state, "folders.jsonl"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.all = true
		if m, ok := a.layout.(*maildir); ok {
			s.all = !m.foreignSubscriptions(s.ids)
		}
	case err != nil:
		return nil, readFailure("read subscriptions", a.state, err)
	default:
		for _, part := range slices.Collect(strings.SplitAfterSeq(string(raw), "\n")) {
			if l, err := decodeLine([]byte(part)); err == nil && l.T == "sub" {
				s.ids[string(l.Folder)] = true
			}
		}
	}
	a.subs = s
	return s, nil
}

// subscribe remembers one subscription; a.mu is held.
func (a *archive) subscribe(id string) error {
	s, err := a.subscribed()
	if err != nil {
		return err
	}
	if s.ids[id] && !s.all {
		return nil
	}
	name := path.Join(a.state, "folders.jsonl")
	var good int64
	if raw, err := a.root.ReadFile(name); err == nil {
		good = int64(strings.LastIndexByte(string(raw), '\n') + 1)
	}
	ix, err := openIndex(a.root, name, good, line{T: "head", Version: formatVersion, Kind: a.kind})
	if err != nil {
		return err
	}
	err = ix.append(line{T: "sub", Folder: octets(id)})
	if e := ix.close(); err == nil {
		err = e
	}
	if err == nil {
		s.all = false
		s.ids[id] = true
	}
	return err
}
