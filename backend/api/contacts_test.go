package api

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	fromTencent "mailroom/backend/testkit/vendors/tencent"
)

func TestTheBookGoesOutAsCardsAndComesInWithoutDoubles(t *testing.T) {
	h := open(t, t.TempDir(), worded)
	o := h.office()
	before := must(h.directory.Snapshot(o.ID))(t)
	contacts := h.contacts
	for _, format := range []ContactFormat{ContactVCard3, ContactVCard4, ContactCSV, ContactXLSX} {
		path := filepath.Join(t.TempDir(), "book")
		h.w.picks = []string{path}
		if got := must(contacts.Save(o.ID, "", format))(t); got != path {
			t.Fatalf("saved as %q", got)
		}
		again := must(contacts.Read(o.ID, ContactSource{File: FileSource{Path: path}, Existing: "update"}))(t)
		if again.Same != len(before.Contacts) || again.Same == 0 || again.New+again.Changed+again.Stopped+again.Left != 0 || len(again.Problems) != 0 {
			t.Fatalf("%s: %+v", format, again)
		}
	}
	file := "BEGIN:VCARD\nVERSION:3.0\nFN:左伊\nEMAIL:zoe@shop.example\nCATEGORIES:新分组\nEND:VCARD\n" +
		"BEGIN:VCARD\nVERSION:3.0\nFN:" + before.Contacts[0].Name + "\nEMAIL:" + before.Contacts[0].Addresses[0] + "\nTITLE:新职位\nEND:VCARD\nBEGIN:VCARD\nEMAIL:x\n"
	source := ContactSource{File: FileSource{Base64: base64.StdEncoding.EncodeToString([]byte(file))}, Existing: "leave"}
	read := must(contacts.Read(o.ID, source))(t)
	if read.Kind != "vcard" || read.New != 1 || read.Left != 1 || read.Stopped != 1 || !slices.Equal(read.Groups, []string{"新分组"}) || read.Problems[0].Row != 3 {
		t.Fatalf("%+v", read)
	}
	source.Existing = "update"
	plan := must(contacts.Preview("", o.ID, source))(t)
	if plan.Ready != 3 || plan.Steps[2].Row != 2 || len(plan.Steps[2].Diffs) != 1 {
		t.Fatalf("%+v", plan)
	}
	run := h.ended(must(h.changes.Apply(plan.ID, plan.Typed))(t))
	if s := must(h.directory.Snapshot(o.ID))(t); run.State != "done" || len(s.Contacts) != len(before.Contacts)+1 || len(s.Groups) != len(before.Groups)+1 {
		t.Fatalf("%+v", run)
	}
	undo := must(h.changes.Undo("", run.ID))(t)
	h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(t))
	if s := must(h.directory.Snapshot(o.ID))(t); len(s.Contacts) != len(before.Contacts) || len(s.Groups) != len(before.Groups) {
		t.Errorf("%d contacts, %d groups after the undo", len(s.Contacts), len(s.Groups))
	}
	path := filepath.Join(t.TempDir(), "template.csv")
	h.w.picks = []string{path}
	must(contacts.SaveTemplate(LanguageChinese, ContactCSV))(t)
	if raw := must(os.ReadFile(path))(t); !strings.HasPrefix(string(raw), "\ufeff姓名,邮箱地址,") {
		t.Errorf("%q", raw)
	}
	for _, bad := range []ContactSource{{Existing: "perhaps"}, {Existing: "leave", Group: "nobody"}, {Existing: "leave", File: FileSource{Path: filepath.Join(t.TempDir(), "none")}}} {
		if _, err := contacts.Read(o.ID, bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

func TestWhereTheVendorHasNoSharedContactsTheyAreKeptHere(t *testing.T) {
	t.Parallel()
	s := fromTencent.New(vendorDomain)
	t.Cleanup(s.Close)
	s.Fill(3, 1)
	dir := t.TempDir()
	h := open(t, dir, atVendors)
	o := h.connected(OfficeDraft{Provider: "tencent", BaseURL: s.BaseURL(), Values: map[string]string{"corpId": fromTencent.CorpID}},
		map[string]string{"contactSecret": s.Secret(fromTencent.Contacts)})
	for _, c := range must(h.offices.Capabilities(o.ID))(t).Support {
		if strings.HasPrefix(c.Capability, "contacts.") && (!c.Can || !c.Local || c.Why != "not_proven") {
			t.Errorf("%+v", c)
		}
	}
	run := h.changed(o.ID, OfficeChange{Kind: "contact.save", Contact: &OfficeContact{Name: "左伊", Addresses: []string{"zoe@shop.example"}}})
	if run.State != "done" || run.CanUndo != 1 {
		t.Fatalf("%+v", run)
	}
	must(h.directory.Refresh("", o.ID))(t)
	if shot := h.read(o.ID); len(shot.Contacts) != 1 || shot.Contacts[0].Name != "左伊" || len(shot.People) != 3 {
		t.Errorf("%+v", shot.Contacts)
	}
	must(h.offices.SetReadOnly(o.ID, true))(t)
	for _, c := range must(h.offices.Capabilities(o.ID))(t).Support {
		if c.Capability == "contacts.edit" && (c.Can || c.Why != "read_only") {
			t.Errorf("read only: %+v", c)
		}
	}
	if err := h.offices.Remove(o.ID); err != nil {
		t.Fatal(err)
	}
	contacts, _, err := h.data.contacts.Of(o.ID).Contacts(t.Context())
	if err != nil || len(contacts) != 0 {
		t.Errorf("the office is forgotten, its contacts are not: %+v %v", contacts, err)
	}
}
