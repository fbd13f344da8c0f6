package api

import (
	"fmt"
	"slices"
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/mox"
	"mailroom/backend/testkit/servers"
)

// An own server, the real one: people are created with aliases and put into a list, one
// is suspended, what the server has no call for is refused with the reason, and the
// undo takes everything away in an order that the server allows.
func TestAnOfficeOnAnOwnServerIsChangedAndTakenBack(t *testing.T) {
	t.Parallel() // it mostly waits for its turn at the server
	m := servers.Mox(t)
	if err := m.AddDomain(t.Context(), vendorDomain); err != nil {
		t.Fatal(err)
	}
	h := open(t, t.TempDir(), func(c *Config) {
		c.Adapters = provider.NewRegistry(mox.Maker())
		c.Keychain = &keychain{}
	})
	o := h.connected(OfficeDraft{Provider: "mox", Values: map[string]string{"address": m.URL + "/admin/"}}, map[string]string{"password": m.Password})
	if shot := h.read(o.ID); len(shot.People) != 1 || shot.Problem != nil {
		t.Fatalf("%d people, %+v", len(shot.People), shot.Problem)
	}
	if err := h.app.OpenLink("https://www.xmox.nl/"); err != nil {
		t.Errorf("the adapter's console: %v", err)
	}
	address := func(i int) string { return fmt.Sprintf("neu%d@%s", i, vendorDomain) }
	const many = 4
	var wanted []OfficeChange
	for i := range many {
		wanted = append(wanted, OfficeChange{
			Kind: "person.create", Handle: fmt.Sprintf("@%d", i+1), Password: must(h.vault.Keep("Kiefer-7-Blau-Q"))(t),
			Person: &OfficePerson{Address: address(i), Name: fmt.Sprintf("新人%d", i), Quota: -1, Aliases: []string{fmt.Sprintf("auch%d@%s", i, vendorDomain)}},
		})
	}
	wanted = append(wanted,
		OfficeChange{Kind: "list.create", List: &OfficeList{Address: "team@" + vendorDomain, Members: []string{address(0), address(1)}, Policy: "members"}},
		OfficeChange{Kind: "person.suspend", Target: "@2"},
	)
	before := must(h.changes.Preview("", o.ID, append(wanted, OfficeChange{Kind: "person.forward", Target: "@3", Forward: &OfficeForward{To: []string{"x@example.com"}}})))(t)
	if refused := before.Steps[len(before.Steps)-1].Refusal; before.Refused != 1 || refused == nil || refused.Why != "not_in_api" {
		t.Errorf("forwarding at mox: %+v", before.Steps)
	}
	run := h.changed(o.ID, wanted...)
	if run.State != "done" || run.Done != len(wanted) {
		t.Fatalf("%+v: %+v", run, must(h.changes.Results(run.ID, 0, 99))(t).Rows)
	}
	must(h.directory.Refresh("", o.ID))(t)
	shot := must(h.directory.Snapshot(o.ID))(t)
	suspended, named := 0, 0
	for _, p := range shot.People {
		if p.Status == "suspended" {
			suspended++
		}
		if len(p.Aliases) == 1 && p.Name != "" {
			named++
		}
	}
	if len(shot.People) != 1+many || len(shot.Lists) != 1 || suspended != 1 || named != many {
		t.Errorf("%d people, %d suspended, %d with name and alias, lists %+v", len(shot.People), suspended, named, shot.Lists)
	}
	who := shot.People[slices.IndexFunc(shot.People, func(p DirectoryRow) bool { return p.Address == address(0) })]
	room := h.changed(o.ID, OfficeChange{Kind: "person.update", Target: who.ID, Set: []string{"quota"}, Person: &OfficePerson{Quota: 5 << 30}})
	back := must(h.changes.Undo("", room.ID))(t)
	if room.CanUndo != 1 || back.Ready != 1 {
		t.Errorf("the server's own room is not offered back: %+v %+v", room, back.Steps)
	}
	if r := h.ended(must(h.changes.Apply(back.ID, ""))(t)); r.State != "done" {
		t.Errorf("%+v: %+v", r, must(h.changes.Results(r.ID, 0, 9))(t).Rows)
	}
	undo := must(h.changes.Undo("", run.ID))(t)
	if r := h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(t)); r.State != "done" {
		t.Fatalf("undone: %+v: %+v", r, must(h.changes.Results(r.ID, 0, 99))(t).Rows)
	}
	must(h.directory.Refresh("", o.ID))(t)
	if shot := must(h.directory.Snapshot(o.ID))(t); len(shot.People) != 1 || len(shot.Lists) != 0 {
		t.Errorf("after the undo: %d people, lists %+v", len(shot.People), shot.Lists)
	}
}
