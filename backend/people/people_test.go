package people

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mailroom/backend/core"
)

const head = "from_user,from_password,to_user,to_password\n"

func read(t *testing.T, raw string, o ...Options) (*List, []Problem) {
	t.Helper()
	l, p, err := Read(strings.NewReader(raw), append(o, Options{})[0])
	if err != nil {
		t.Fatal(err)
	}
	return l, p
}

// brief writes problems as "code row column first" lines.
func brief(problems []Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(strings.TrimRight(fmt.Sprintf("%s %d %s", p.Code, p.Row, p.Column), " "))
		if p.First > 0 {
			fmt.Fprintf(&b, " first %d", p.First)
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestColumnsMayStandInAnyOrderAndCase(t *testing.T) {
	l, p := read(t, "To_Password, TO USER ,note,Name,from-user,FROM_PASSWORD,To_URL\r\np2,b@new.example,x,李雷,a@old.example, p 1 ,imaps://mail.new.example\r\n")
	if len(p) != 0 || len(l.People) != 1 {
		t.Fatalf("%+v, %s", l, brief(p))
	}
	got := l.People[0]
	want := Person{Row: 2, Name: "李雷", FromUser: "a@old.example", FromPassword: NewSecret(" p 1 "), ToUser: "b@new.example", ToPassword: NewSecret("p2"), ToURL: "imaps://mail.new.example"}
	if got != want || !reflect.DeepEqual(l.Ignored, []string{"note"}) {
		t.Errorf("%+v\nignored %q", got, l.Ignored)
	}
}

func TestEveryEncodingAndSeparatorThatSpreadsheetsSaveIsRead(t *testing.T) {
	table := "姓名,旧邮箱,旧密码,新邮箱,新密码\r\n李雷,li@old.example,密码甲,li@new.example,\"乙\"\"丙\"\r\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(table)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(s string, little, mark bool) string {
		var b []byte
		if mark {
			s = "\ufeff" + s
		}
		for _, u := range utf16.Encode([]rune(s)) {
			if little {
				b = append(b, byte(u), byte(u>>8))
			} else {
				b = append(b, byte(u>>8), byte(u))
			}
		}
		return string(b)
	}
	for _, c := range []struct{ name, raw, encoding string }{
		{"UTF-8", table, "utf-8"},
		{"UTF-8 with mark", "\ufeff" + table, "utf-8"},
		{"GBK", gbk, "gb18030"},
		{"UTF-16 little", wide(table, true, true), "utf-16le"},
		{"UTF-16 big", wide(table, false, true), "utf-16be"},
		{"UTF-16 little without mark", wide(table, true, false), "utf-16le"},
		{"UTF-16 big without mark", wide(table, false, false), "utf-16be"},
		{"Excel's Unicode text", wide(strings.ReplaceAll(table, ",", "\t"), true, true), "utf-16le"},
		{"semicolons", strings.ReplaceAll(table, ",", ";"), "utf-8"},
		{"tabs", strings.ReplaceAll(table, ",", "\t"), "utf-8"},
		{"sep line", "sep=;\r\n" + strings.ReplaceAll(table, ",", ";"), "utf-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, p := read(t, c.raw)
			if len(p) != 0 || len(l.People) != 1 || l.Encoding != c.encoding {
				t.Fatalf("%+v, %s", l, brief(p))
			}
			got := l.People[0]
			if got.Name != "李雷" || got.FromPassword.Reveal() != "密码甲" || got.ToPassword.Reveal() != `乙"丙` || got.ToUser != "li@new.example" {
				t.Errorf("%+v %q %q", got, got.FromPassword.Reveal(), got.ToPassword.Reveal())
			}
		})
	}
}

func TestProblemsNameRowAndColumn(t *testing.T) {
	both := Options{From: "imaps://mail.old.example", To: "imaps://mail.new.example"}
	for _, c := range []struct {
		name, raw, want string
		o               Options
	}{
		{"nothing", "", "no_rows 0", Options{}},
		{"header only", head, "no_rows 0", Options{}},
		{"missing columns", "from_user,x\na@old.example,1\n", "missing_column 1 from_password; missing_column 1 to_user; missing_column 1 to_password", Options{}},
		{"no header at all", "a@old.example,p,b@new.example,q\n", "missing_column 1 from_user; missing_column 1 from_password; missing_column 1 to_user; missing_column 1 to_password", Options{}},
		{"a column twice", "from_user,旧邮箱,from_password,to_user,to_password\na,,b,c,d\n", "duplicate_column 1 from_user", Options{}},
		{"empty cells", head + "a@old.example,,b@new.example,q\n\n,,,\n,p,,q\n", "empty 2 from_password; empty 5 from_user; empty 5 to_user", Options{}},
		{"short row", head + "a@old.example,p\n", "empty 2 to_user; empty 2 to_password", Options{}},
		{"bad addresses", head + "a b@old.example,p,b@@new.example,q\na＠old.example,p,@new.example,q\na@old..example,p,b@,q\n", "bad_address 2 from_user; bad_address 2 to_user; bad_address 3 from_user; bad_address 3 to_user; bad_address 4 from_user; bad_address 4 to_user", Options{}},
		{"duplicates", head + "a@old.example,p,b@new.example,q\nA@OLD.example,p,c@new.example,q\nd@old.example,p,B@new.example,q\n", "duplicate_source 3 from_user first 2; duplicate_destination 4 to_user first 2", Options{}},
		{"into itself", head + "a@old.example,p,A@old.example,q\n", "same_as_source 2 to_user", Options{From: "imaps://mail.example:993", To: "imap://MAIL.example"}},
		{"same name elsewhere is fine", head + "a@old.example,p,a@old.example,q\n", "", both},
		{"same name, servers unknown, is fine", head + "a@old.example,p,a@old.example,q\n", "", Options{}},
		{"row's own server decides", "from_user,from_password,to_user,to_password,to_url\na,p,a,q,imaps://mail.old.example/\n", "same_as_source 2 to_user", both},
		{"too many cells", head + "a@old.example,p,b@new.example,q,r\n", "extra_cell 2", Options{}},
		{"stray quote", head + "a@old.example,p\"x,b@new.example,q\nc@old.example,p,d@new.example,q\n", "bad_quote 2", Options{}},
		{"open quote", head + "a@old.example,\"p,b@new.example,q\nc@old.example,p,d@new.example,q\n", "bad_quote 2", Options{}},
		{"bad bytes", head + "a@old.example,\x81\xff\xff,b@new.example,q\n", "bad_encoding 0", Options{}},
		{"half a UTF-16", "\xff\xfea\x00b", "bad_encoding 0", Options{}},
		{"replacement character", head + "a@old.example,p\ufffd,b@new.example,q\n", "bad_encoding 2 from_password", Options{}},
		{"long cell", head + "a@old.example," + strings.Repeat("x", MaxCell+1) + ",b@new.example,q\n", "too_large 2 from_password", Options{}},
		{"URLs", "from_user,from_password,to_user,to_password,from_url,to_url\na,p,b,q,http://x.example,imaps://u:pw@x.example\nc,p,d,q,imaps://,nonsense\n", "bad_url 2 from_url; password_in_url 2 to_url; bad_url 3 from_url; bad_url 3 to_url", Options{}},
		{"archives need no sign-in", "from_user,from_password,to_user,to_password,from_url\n,,b@new.example,q,maildir:/srv/mail/b\n", "", Options{}},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxx", "old_workbook 0", Options{}},
		{"broken workbook", "PK\x03\x04xxxxxxxx", "bad_file 0", Options{}},
		{"sign-in names", head + "OFFICE\\li,p,li*admin,q\nadmin@a.example\\li@a.example,p,li,q\n", "", Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, p := read(t, c.raw, c.o); brief(p) != c.want {
				t.Errorf("\n got %s\nwant %s", brief(p), c.want)
			}
		})
	}
}

func TestAMasterUsersListNeedsNoPasswords(t *testing.T) {
	l, p := read(t, "from_user,to_user,to_password\na@old.example,a@new.example,x\n", Options{NoFromPassword: true})
	if len(p) != 0 || len(l.People) != 1 {
		t.Fatalf("%+v, %s", l, brief(p))
	}
	if _, p := read(t, "from_user,to_user,to_password\na@old.example,a@new.example,\n", Options{NoFromPassword: true}); brief(p) != "empty 2 to_password" {
		t.Errorf("%s", brief(p))
	}
}

func TestGoodRowsAreKeptBesideBadOnes(t *testing.T) {
	l, p := read(t, head+"a@old.example,p,b@new.example,q\n,p,c@new.example,q\n\"multi\nline\",p,x@new.example,q\nd@old.example,p,e@new.example,q\n")
	if brief(p) != "empty 3 from_user; bad_address 4 from_user" || len(l.People) != 2 || l.People[1].Row != 6 {
		t.Errorf("%s; %+v", brief(p), l.People)
	}
}

func TestSizesAreBounded(t *testing.T) {
	if _, p := read(t, strings.Repeat("x", MaxBytes+1)); brief(p) != "too_large 0" {
		t.Errorf("%s", brief(p))
	}
	var b strings.Builder
	b.WriteString(head)
	for i := range MaxRows {
		fmt.Fprintf(&b, "u%d@old.example,p,u%d@new.example,q\n", i, i)
	}
	l, p := read(t, b.String())
	if brief(p) != fmt.Sprintf("too_large %d", MaxRows+1) || len(l.People) != MaxRows-1 {
		t.Errorf("%s, %d people", brief(p), len(l.People))
	}
	if _, p := read(t, head+strings.Repeat("a@old.example,p,b@new.example,q\n", 5000)); len(p) != maxProblems {
		t.Errorf("%d problems", len(p))
	}
}

func TestProblemsAreCodedErrorsWithFacts(t *testing.T) {
	err := Problem{Code: DuplicateSource, Row: 7, Column: FromUser, First: 3}.Err()
	want := map[string]string{"problem": "duplicate_source", "row": "7", "column": "from_user", "first": "3"}
	if core.CodeOf(err) != core.Invalid || !reflect.DeepEqual(core.ArgsOf(err), want) {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
	if got := core.ArgsOf(Problem{Code: NoRows}.Err()); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestFilesThatCannotBeOpenedAreNamed(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "people.csv")
	_, _, err := ReadFile(missing, Options{})
	if core.CodeOf(err) != core.NotFound || core.ArgsOf(err)["file"] != missing {
		t.Errorf("%v", err)
	}
	if _, _, err = ReadFile(t.TempDir(), Options{}); err == nil {
		t.Error("a folder was read as a list")
	}
	if err := os.WriteFile(missing, []byte(head+"a,p,b,q\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, p, err := ReadFile(missing, Options{}); err != nil || len(p) != 0 || len(l.People) != 1 {
		t.Errorf("%v %v %v", l, p, err)
	}
	if _, _, err := Read(iotest.ErrReader(errors.New("gone")), Options{}); err == nil {
		t.Error("a broken reader went unnoticed")
	}
}

func workbook(t *testing.T, fill func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWorkbooksAreReadFromTheSheetWithTheHeader(t *testing.T) {
	raw := workbook(t, func(f *excelize.File) {
		_ = f.SetSheetRow("Sheet1", "A1", &[]string{"说明", "请填第二页"})
		_, _ = f.NewSheet("名单")
		_ = f.SetSheetRow("名单", "A2", &[]any{"旧邮箱", "旧密码", "新邮箱", "新密码"})
		_ = f.SetSheetRow("名单", "A3", &[]any{"li@old.example", 12345678901234, "li@new.example", "007"})
		_ = f.SetSheetRow("名单", "A5", &[]any{"han@old.example", nil, "han@new.example", "x"})
	})
	l, p := read(t, raw)
	if l.Format != XLSX || brief(p) != "empty 5 from_password" || len(l.People) != 1 {
		t.Fatalf("%+v, %s", l, brief(p))
	}
	if got := l.People[0]; got.Row != 3 || got.FromPassword.Reveal() != "12345678901234" || got.ToPassword.Reveal() != "007" {
		t.Errorf("%+v %q", got, got.FromPassword.Reveal())
	}
}

func TestWorkbooksThatClaimHugeTablesAreRefused(t *testing.T) {
	for cell, want := range map[string]string{"XFD2": "too_large 2", "A100002": fmt.Sprintf("too_large %d", 2*MaxRows+1)} {
		raw := workbook(t, func(f *excelize.File) {
			_ = f.SetSheetRow("Sheet1", "A1", &[]any{"from_user", "from_password", "to_user", "to_password"})
			_ = f.SetCellStr("Sheet1", cell, "x")
		})
		if _, p := read(t, raw); brief(p) != want {
			t.Errorf("%s: %s", cell, brief(p))
		}
	}
}

func TestTemplatesAreEmptyListsOnceFilledInTheyRead(t *testing.T) {
	for _, format := range []Format{CSV, XLSX} {
		for _, chinese := range []bool{false, true} {
			var b bytes.Buffer
			if err := WriteTemplate(&b, format, chinese); err != nil {
				t.Fatal(err)
			}
			l, p := read(t, b.String())
			if brief(p) != "no_rows 0" || l.Format != format || len(l.Ignored) != 0 {
				t.Errorf("%s: %s, ignored %q", format, brief(p), l.Ignored)
			}
		}
	}
	var b bytes.Buffer
	if err := WriteTemplate(&b, CSV, true); err != nil || !strings.HasPrefix(b.String(), "\ufeff姓名,旧邮箱,旧密码,新邮箱,新密码") {
		t.Errorf("%q, %v", b.String(), err)
	}
	b.WriteString("李雷,a@old.example,p,b@new.example,q,,\r\n")
	if l, p := read(t, b.String()); len(p) != 0 || len(l.People) != 1 {
		t.Errorf("%s", brief(p))
	}
	if err := WriteTemplate(io.Discard, "doc", false); core.CodeOf(err) != core.Invalid {
		t.Errorf("%v", err)
	}
	if err := WriteTemplate(fullDisk{}, CSV, false); core.CodeOf(err) != core.Internal {
		t.Errorf("%v", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestSecretsNeverPrint(t *testing.T) {
	const word = "hunter2"
	p := Person{FromUser: "a@old.example", FromPassword: NewSecret(word), ToPassword: NewSecret(word)}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "person", p, "secret", p.FromPassword, "list", List{People: []Person{p}})
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "person", p, "secret", p.FromPassword, "pointer", &p)
	js, err := json.Marshal(map[string]any{"p": p, "s": p.FromPassword, "all": []Person{p}})
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(js) + p.FromPassword.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		all += fmt.Sprintf(verb+verb+verb, p, &p, p.FromPassword)
	}
	for _, leak := range []string{word, fmt.Sprintf("%x", word), fmt.Sprintf("%X", word), "hunter"} {
		if strings.Contains(all, leak) {
			t.Errorf("%q leaks in %s", leak, all)
		}
	}
	if p.FromPassword.Reveal() != word || p.FromPassword.IsZero() || !NewSecret("").IsZero() || NewSecret("").String() != "" {
		t.Error("the secret is lost")
	}
}

func TestProblemsNeverHoldACellsContent(t *testing.T) {
	_, p := read(t, head+"a b,hunter2 hunter2,hunter2 x,q\nhunter2\"x,y,z,q\n")
	for _, one := range p {
		if text := fmt.Sprintf("%+v %v %v", one, one.Err(), core.ArgsOf(one.Err())); strings.Contains(text, "hunter2") {
			t.Errorf("%s", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "a@old.example,p,b@new.example,q\n"))
	f.Add([]byte("\xff\xfef\x00,\x00"))
	f.Add([]byte("sep=;\nfrom_user;to_user\n\"x"))
	f.Add([]byte("\xb9\xe3\xd6\xdd,\x81\x30\x81\x30"))
	f.Add([]byte("PK\x03\x04"))
	var book bytes.Buffer
	if err := WriteTemplate(&book, XLSX, true); err != nil {
		f.Fatal(err)
	}
	f.Add(book.Bytes())
	known := map[Code]bool{}
	for _, c := range Codes() {
		known[c] = true
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, problems, err := Read(bytes.NewReader(raw), Options{From: "imaps://mail.old.example"})
		if err != nil || l == nil {
			t.Fatal(err)
		}
		if len(l.People) == 0 && len(problems) == 0 {
			t.Error("neither people nor a problem")
		}
		for _, p := range problems {
			if !known[p.Code] || p.Row < 0 {
				t.Errorf("%+v", p)
			}
		}
		for _, p := range l.People {
			if p.Row < 2 || p.ToUser == "" && p.ToURL == "" || p.ToPassword.IsZero() && p.ToURL == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
