package api

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"mailroom/backend/core"
)

func TestAPastedTableKeepsItsMistakesAndHidesItsPasswords(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	text := "李雷\tli＠old.example\thunter2\tli@new.example\t\nhan@old.example\n"
	list := must(h.people.Read(PeopleSource{Text: text}))(t)
	if len(list.Rows) != 2 || !list.Guessed || list.Rows[0].FromUser != "li＠old.example" || list.Rows[0].FromSecret == "" || list.Rows[0].ToSecret != "" {
		t.Fatalf("%+v", list)
	}
	if list.Rows[0].Name != "李雷" || strings.Contains(list.Rows[0].FromSecret, "hunter2") {
		t.Errorf("%+v", list.Rows[0])
	}
	password := must(h.data.reveal(t.Context(), list.Rows[0].FromSecret))(t)
	if password != "hunter2" {
		t.Errorf("%q", password)
	}
	found := must(h.people.Check(PeopleCheck{Rows: []CheckedRow{
		{FromUser: list.Rows[0].FromUser, ToUser: list.Rows[0].ToUser, FromPassword: true},
	}}))(t)
	want := []RowFinding{
		{Row: 1, Column: "from_user", Code: "full_width", Weight: "fix", Fixed: "li@old.example"},
		{Row: 1, Column: "to_password", Code: "empty", Weight: "stop"},
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("%+v", found)
	}
}

func TestAListWithoutPasswordsNeedsNoVault(t *testing.T) {
	h := open(t, t.TempDir(), noKeychain)
	list := must(h.people.Read(PeopleSource{Text: "旧邮箱\t新邮箱\nli@old.example\tli@new.example\n"}))(t)
	if len(list.Rows) != 1 {
		t.Errorf("%+v", list)
	}
	_, err := h.people.Read(PeopleSource{Text: "li@old.example\tp\tli@new.example\tq\n"})
	wantCode(t, "passwords into a locked vault", err, core.Forbidden)
}

func TestRowsWithServersOfTheirOwnBecomeEndpoints(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	list := must(h.people.Read(PeopleSource{Text: "旧邮箱,旧密码,新邮箱,新密码,旧服务器\nli@old.example,p,li@new.example,q,imaps://mail.third.example\nhan@old.example,p,han@new.example,q,nonsense\n"}))(t)
	if len(list.Rows) != 2 || list.Rows[0].From == nil || list.Rows[0].From.Host != "mail.third.example" || list.Rows[0].From.Secret != list.Rows[0].FromSecret {
		t.Fatalf("%+v", list.Rows)
	}
	if list.Rows[1].From != nil {
		t.Errorf("%+v", list.Rows[1])
	}
}

// lookup is a DNS that knows one domain with and one without mail servers.
type lookup struct{}

func (lookup) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	switch name {
	case "new.example.":
		return []*net.MX{{Host: "mx.new.example."}}, nil
	case "slow.example.":
		return nil, &net.DNSError{Name: name, IsTimeout: true}
	}
	return nil, &net.DNSError{Name: name, IsNotFound: true}
}

func (lookup) LookupHost(_ context.Context, name string) ([]string, error) {
	if name == "old.example." {
		return []string{"127.0.0.1"}, nil
	}
	return nil, &net.DNSError{Name: name, IsNotFound: true}
}

func TestOnlyDomainsThatDoNotExistAreUnknown(t *testing.T) {
	h := open(t, t.TempDir())
	h.dns = lookup{}
	unknown := must(h.people.Domains([]string{"old.example", "odl.example", "new.example", "slow.example"}))(t)
	if !reflect.DeepEqual(unknown, []string{"odl.example"}) {
		t.Errorf("%q", unknown)
	}
}

func TestSavedTablesCannotRunInASpreadsheet(t *testing.T) {
	h := open(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "problems.csv")
	h.w.picks = []string{path}
	table := SavedTable{Name: "a/b", Header: []string{"Row", "Problem"}, Rows: [][]string{{"1", "=cmd()"}, {"2"}, {"3", "x", "too many"}}}
	if got := must(h.people.SaveTable(table))(t); got != path {
		t.Errorf("%q", got)
	}
	if text := string(must(os.ReadFile(path))(t)); text != "\ufeffRow,Problem\r\n1,'=cmd()\r\n2,\r\n3,x\r\n" {
		t.Errorf("%q", text)
	}
}

func TestTemplatesComeInBothFormats(t *testing.T) {
	h := open(t, t.TempDir())
	for format, magic := range map[ListFormat]string{ListCSV: "\ufeff姓名", ListXLSX: "PK"} {
		path := filepath.Join(t.TempDir(), "list")
		h.w.picks = []string{path}
		must(h.people.SaveTemplate(LanguageChinese, format))(t)
		if text := string(must(os.ReadFile(path))(t)); !strings.HasPrefix(text, magic) {
			t.Errorf("%s: %.20q", format, text)
		}
	}
	_, err := h.people.SaveTemplate(LanguageChinese, "doc")
	wantCode(t, "unknown format", err, core.Invalid)
}

func TestDraftsKeepTheirPasswords(t *testing.T) {
	dir, keys := t.TempDir(), withKeychain(&keychain{})
	h := open(t, dir, keys)
	handles := must(h.vault.KeepAll([]string{"one", "", "three"}))(t)
	if len(handles) != 3 || handles[0] == "" || handles[1] != "" || handles[2] == "" {
		t.Fatalf("%q", handles)
	}
	draft := WizardDraft{Head: DraftHead{ID: "d1", Step: 3, Steps: 6, Title: "old.example", People: 1}, Handles: handles[:1], Document: `{"a":1}`}
	must(h.drafts.Save(draft))(t)
	h.close()

	h = open(t, dir, keys)
	<-h.data.unsealed
	if all := must(h.drafts.List())(t); len(all) != 1 || all[0].Step != 3 || all[0].Updated == 0 {
		t.Errorf("%+v", all)
	}
	if got := must(h.drafts.Get("d1"))(t); got.Document != draft.Document || !reflect.DeepEqual(got.Handles, draft.Handles) {
		t.Errorf("%+v", got)
	}
	if password := must(h.data.reveal(t.Context(), handles[0]))(t); password != "one" {
		t.Errorf("the draft's password was swept")
	}
	_, err := h.data.reveal(t.Context(), handles[2])
	wantCode(t, "a password that nothing needs", err, core.Forbidden)
	if err := h.drafts.Remove("d1"); err != nil {
		t.Fatal(err)
	}
	_, err = h.data.reveal(t.Context(), handles[0])
	wantCode(t, "the password of a draft that is gone", err, core.Forbidden)
	wantCode(t, "a draft that is gone", second(h.drafts.Get("d1")), core.NotFound)
}
