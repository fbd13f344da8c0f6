package mailboxtest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

func testFolders(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	wanted := [][]string{{"INBOX"}}
	if !c.OneFolder {
		wanted = append(wanted, []string{"归档"}, []string{"R&D"}, []string{"Ärger~1"}, []string{"日本語 メール"})
	}
	if !c.OneFolder && !c.Flat {
		wanted = append(wanted, []string{"项目"}, []string{"项目", "二〇二〇"}, []string{"项目", "二〇二〇", "A 组"})
	}
	var ids []string
	for i, levels := range wanted {
		if root := w.Traits().UserRoot; i > 0 && len(root) > 0 {
			levels = append(slices.Clone(root), levels...)
			wanted[i] = levels
		}
		id, err := w.FolderID(levels)
		must(t, err)
		ids = append(ids, id)
	}
	for range 2 { // a folder that exists is no error
		refused, err := w.Create(ctx, ids)
		must(t, err)
		must(t, errors.Join(refused...))
		refused, err = w.Subscribe(ctx, ids)
		must(t, err)
		must(t, errors.Join(refused...))
	}
	s := c.again(t, ctx, a, w)
	folders, err := s.Folders(ctx)
	must(t, err)
	seen := map[string]int{}
	for _, f := range folders {
		seen[f.ID]++
	}
	for i, levels := range wanted {
		at := slices.IndexFunc(folders, func(f mailbox.Folder) bool { return slices.Equal(f.Levels, levels) })
		switch {
		case at < 0:
			t.Errorf("folder %q is not listed: %+v", levels, folders)
		case folders[at].ID != ids[i] || seen[ids[i]] != 1:
			t.Errorf("folder %q is listed as %q (%d times), made as %q", levels, folders[at].ID, seen[ids[i]], ids[i])
		case !folders[at].Selectable || !folders[at].Subscribed:
			t.Errorf("folder %q is not selectable or not subscribed", levels)
		case (folders[at].Role == core.RoleInbox) != (i == 0):
			t.Errorf("folder %q has role %q", levels, folders[at].Role)
		}
		status, err := s.Examine(ctx, ids[i])
		must(t, err)
		if status.Messages != 0 || status.UIDValidity == 0 {
			t.Errorf("new folder %q has status %+v", levels, status)
		}
	}
}

func testEmptyLevel(t *testing.T, c Case) {
	ctx := withDeadline(t)
	w := openWriter(t, ctx, c.New(t))
	for _, levels := range [][]string{nil, {""}, {"a", ""}} {
		if id, err := w.FolderID(levels); core.CodeOf(err) != core.Invalid {
			t.Errorf("levels %q gave %q, %v", levels, id, err)
		}
	}
}

func testUnknownFolder(t *testing.T, c Case) {
	ctx := withDeadline(t)
	s := open(t, ctx, c.New(t))
	if _, err := s.Examine(ctx, "No-Such-Folder"); err == nil {
		t.Error("a folder that does not exist could be opened")
	}
	got, err := s.Statuses(ctx, []string{"No-Such-Folder"})
	if err != nil || len(got) != 0 {
		t.Errorf("statuses of no folder: %v, %v", got, err)
	}
	if folders, err := s.Folders(ctx); err != nil || len(folders) == 0 {
		t.Errorf("the session did not survive: %v, %v", folders, err)
	}
}

func testUIDs(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "UIDs")
	uids := appendAll(t, ctx, w, id, plains(5)...)
	uids = append(uids, appendAll(t, ctx, w, id, plains(3)...)...)
	if !slices.IsSorted(uids) || len(slices.Compact(slices.Clone(uids))) != 8 {
		t.Errorf("UIDs do not ascend: %v", uids)
	}
	before, err := w.Examine(ctx, id)
	must(t, err)
	s := c.again(t, ctx, a, w)
	after, err := s.Examine(ctx, id)
	must(t, err)
	if before.UIDValidity != after.UIDValidity || before.UIDValidity == 0 {
		t.Errorf("UIDVALIDITY was %d, is %d", before.UIDValidity, after.UIDValidity)
	}
	if s.Traits().UIDNext && after.UIDNext <= uids[7] {
		t.Errorf("UIDNEXT %d after UID %d", after.UIDNext, uids[7])
	}
	if got := uidsOf(t, ctx, s, id); !slices.Equal(got, uids) {
		t.Errorf("UIDs were %v, are %v", uids, got)
	}
}

func testRange(t *testing.T, c Case) {
	ctx := withDeadline(t)
	w := openWriter(t, ctx, c.New(t))
	id := c.folder(t, ctx, w, "Range")
	uids := appendAll(t, ctx, w, id, plains(10)...)
	_, err := w.Examine(ctx, id)
	must(t, err)
	for _, r := range []struct {
		from, to mailbox.UID
		want     []mailbox.UID
	}{
		{1, 0, uids}, {uids[3], uids[6], uids[3:7]}, {uids[9], 0, uids[9:]}, {uids[9] + 1, 0, nil}, {uids[5], uids[5], uids[5:6]},
	} {
		var got []mailbox.UID
		must(t, w.List(ctx, r.from, r.to, 0, func(m mailbox.Meta) error {
			got = append(got, m.UID)
			return nil
		}))
		if !slices.Equal(got, r.want) {
			t.Errorf("from %d to %d: %v, want %v", r.from, r.to, got, r.want)
		}
	}
}

func testStatuses(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	one, two := c.folder(t, ctx, w, "One"), c.folder(t, ctx, w, "Two")
	appendAll(t, ctx, w, one, plains(2)...)
	last := appendAll(t, ctx, w, two, plains(3)...)
	// In a new session: of the selected folder a server may tell an older state (Courier).
	s := c.again(t, ctx, a, w)
	got, err := s.Statuses(ctx, []string{one, two})
	must(t, err)
	want := map[string]uint32{one: 2, two: 3}
	if c.OneFolder {
		want = map[string]uint32{one: 5}
	}
	for id, n := range want {
		if got[id].Messages != n || got[id].UIDValidity == 0 {
			t.Errorf("%q: %+v, want %d messages", id, got[id], n)
		}
	}
	if s.Traits().UIDNext && got[two].UIDNext <= last[2] {
		t.Errorf("UIDNEXT %d after UID %d", got[two].UIDNext, last[2])
	}
}

func testRemove(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Remove")
	samples := c.awkward()[:8]
	uids := appendAll(t, ctx, w, id, samples...)
	_, err := w.Select(ctx, id)
	must(t, err)
	must(t, w.Store(ctx, uids[:1], true, []string{`\Deleted`}))
	err = w.Remove(ctx, []mailbox.UID{uids[1], uids[4], uids[7]})
	if c.NoRemove {
		if core.CodeOf(err) != core.Unsupported {
			t.Errorf("remove: %v, want unsupported", err)
		}
		return
	}
	must(t, err)
	keep := []int{0, 2, 3, 5, 6}
	var left []sample
	var leftUIDs []mailbox.UID
	for _, i := range keep {
		left = append(left, samples[i])
		leftUIDs = append(leftUIDs, uids[i])
	}
	if got := uidsOf(t, ctx, w, id); !slices.Equal(got, leftUIDs) {
		t.Errorf("left are %v, want %v", got, leftUIDs)
	}
	more := appendAll(t, ctx, w, id, plain(9))
	if more[0] <= uids[7] {
		t.Errorf("UID %d came again after %d was removed", more[0], uids[7])
	}
	left, leftUIDs = append(left, plain(9)), append(leftUIDs, more...)
	s := c.again(t, ctx, a, w)
	if got := uidsOf(t, ctx, s, id); !slices.Equal(got, leftUIDs) {
		t.Errorf("later left are %v, want %v", got, leftUIDs)
	}
	c.compare(t, s, id, left, leftUIDs)
}

func testSessions(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	one, two := openWriter(t, ctx, a), openWriter(t, ctx, a)
	id := c.folder(t, ctx, one, "Shared")
	first := appendAll(t, ctx, one, id, plains(3)...)
	second := appendAll(t, ctx, two, id, plains(2)...)
	if second[0] <= first[2] {
		t.Errorf("UIDs %v and %v overlap", first, second)
	}
	must(t, one.Close())
	if got := uidsOf(t, ctx, two, id); len(got) != 5 {
		t.Errorf("the other session lists %v", got)
	}
	if strings.TrimSpace(a.Key()) == "" {
		t.Error("the account has no key")
	}
}
