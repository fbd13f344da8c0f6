package migrate

import (
	"context"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// recoverChunk is how many messages are asked for in one go.
const recoverChunk = 20

// Recover reads messages that were left behind from their source again, so that they
// can be saved elsewhere. yield gets the message's place in left, in groups by folder;
// Message.Err says that the source cannot give it: not_found (it is gone, or its
// folder is), conflict with class renumbered (the folder was made anew, and the number
// may mean another message now), or what the source answered. An error of yield ends
// the work and is returned. The source is only read.
func Recover(ctx context.Context, led *ledger.Ledger, from mailbox.Account, toKey string, left []LeftBehind, yield func(int, mailbox.Message) error) error {
	if len(left) == 0 {
		return nil
	}
	known, err := validities(ctx, led, from.Key(), toKey)
	if err != nil {
		return err
	}
	session, err := from.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }()
	present, err := session.Folders(ctx)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, f := range present {
		ids[strings.Join(f.Levels, "/")] = f.ID
	}
	var order []string
	byFolder := map[string][]int{}
	for i := range left {
		name := left[i].Folder
		if _, seen := byFolder[name]; !seen {
			order = append(order, name)
		}
		byFolder[name] = append(byFolder[name], i)
	}
	for _, name := range order {
		r := recovery{session: session, left: left, places: byFolder[name], yield: yield}
		id, there := ids[name]
		if !there {
			if err := r.refuse(core.E(core.NotFound, "recover "+name, nil, "folder", name)); err != nil {
				return err
			}
			continue
		}
		if err := r.folder(ctx, id, known[id]); err != nil {
			return err
		}
	}
	return nil
}

// validities tells the UIDVALIDITY under which each source folder was worked on.
func validities(ctx context.Context, led *ledger.Ledger, fromKey, toKey string) (map[string]uint32, error) {
	account, err := led.Account(ctx, fromKey, toKey)
	if err != nil {
		return nil, err
	}
	folders, err := led.Folders(ctx, account)
	if err != nil {
		return nil, err
	}
	known := map[string]uint32{}
	for _, f := range folders {
		if f.Current {
			known[f.Source] = f.Validity
		}
	}
	return known, nil
}

// recovery is the work on one folder.
type recovery struct {
	session mailbox.Session
	left    []LeftBehind
	places  []int
	yield   func(int, mailbox.Message) error
}

// refuse says of every message of the folder that it cannot be had.
func (r *recovery) refuse(why error) error {
	for _, i := range r.places {
		if err := r.yield(i, mailbox.Message{UID: r.left[i].UID, Err: why}); err != nil {
			return err
		}
	}
	return nil
}

func (r *recovery) folder(ctx context.Context, id string, validity uint32) error {
	st, err := r.session.Examine(ctx, id)
	switch {
	case err != nil && (ctx.Err() != nil || lost(err)):
		return err
	case err != nil:
		return r.refuse(err)
	case validity != 0 && max(1, st.UIDValidity) != validity:
		return r.refuse(core.E(core.Conflict, "recover", nil, "class", "renumbered"))
	}
	for from := 0; from < len(r.places); from += recoverChunk {
		if err := r.some(ctx, r.places[from:min(from+recoverChunk, len(r.places))]); err != nil {
			return err
		}
	}
	return nil
}

func (r *recovery) some(ctx context.Context, places []int) error {
	at := map[uint32]int{}
	var uids []uint32
	for _, i := range places {
		if _, twice := at[r.left[i].UID]; !twice {
			uids = append(uids, r.left[i].UID)
		}
		at[r.left[i].UID] = i
	}
	sortUIDs(uids)
	var broken error // of yield: it ends everything
	err := r.session.Fetch(ctx, uids, func(m mailbox.Message) error {
		i, asked := at[m.UID]
		if !asked {
			return nil
		}
		delete(at, m.UID)
		broken = r.yield(i, m)
		return broken
	})
	switch {
	case broken != nil:
		return broken
	case err != nil && (ctx.Err() != nil || lost(err)):
		return err
	}
	if err == nil {
		err = core.E(core.NotFound, "recover", nil)
	}
	for _, i := range places {
		if _, missing := at[r.left[i].UID]; missing {
			delete(at, r.left[i].UID)
			if err := r.yield(i, mailbox.Message{UID: r.left[i].UID, Err: err}); err != nil {
				return err
			}
		}
	}
	return nil
}
