package contactfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/contactfile"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

func gbk(t *testing.T, s string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

// wang is what every program's file below says of the same man.
var wang = provider.Contact{
	Name: "王小明", Addresses: []string{"wang@shop.example", "xm@home.example"}, Mobile: "13800000001", Phone: "010-66660001",
	Company: "示例公司", Title: "采购经理", Remark: "下单前先打电话", Groups: []string{"供应商", "华北"},
}

func TestEveryProgramsFileSaysTheSame(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{
		"our own": []byte("name,addresses,mobile,phone,company,title,groups,remark\n" +
			"王小明,wang@shop.example;xm@home.example,13800000001,010-66660001,示例公司,采购经理,供应商;华北,下单前先打电话\n"),
		"our own in Chinese, with a mark and a title above": []byte("\ufeff公司通讯录\n姓名,邮箱地址,手机,电话,公司,职务,分组,备注\n" +
			"王小明,wang@shop.example；xm@home.example,13800000001,010-66660001,示例公司,采购经理,供应商、华北,下单前先打电话\n"),
		"Outlook in Chinese, GBK": gbk(t, `"称谓","名","中间名","姓","单位","职务","商务电话","移动电话","附注","类别","电子邮件地址","电子邮件类型","电子邮件显示名称","电子邮件 2 地址"`+"\r\n"+
			`"","小明","","王","示例公司","采购经理","010-66660001","13800000001","下单前先打电话","供应商;华北","wang@shop.example","SMTP","王小明 (wang@shop.example)","xm@home.example"`+"\r\n"),
		"Outlook in English": []byte("First Name,Middle Name,Last Name,Title,Company,Job Title,Business Phone,Home Fax,Mobile Phone,Categories,Notes,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address\r\n" +
			"小明,,王,采购经理,示例公司,采购经理,010-66660001,010-1,13800000001,供应商;华北,下单前先打电话,wang@shop.example,SMTP,x,xm@home.example\r\n"),
		"Google": []byte("First Name,Middle Name,Last Name,Nickname,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Phone 3 - Label,Phone 3 - Value,Organization Name,Organization Title\n" +
			"小明,,王,,1980-01-01,下单前先打电话,供应商 ::: 华北 ::: * myContacts,* Work,wang@shop.example,Home,xm@home.example,Work Fax,010-2,Work,010-66660001,Mobile,13800000001,示例公司,采购经理\n"),
		"Foxmail": gbk(t, "姓名,电子邮件,备用邮箱,手机,公司电话,公司,职位,备注,组\n王小明,wang@shop.example,xm@home.example,13800000001,010-66660001,示例公司,采购经理,下单前先打电话,供应商|华北\n"),
		"vCard 4.0": []byte("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:王小明\r\nN:王;小明;;;\r\nEMAIL;PREF=2:xm@home.example\r\nitem1.EMAIL;PREF=1;TYPE=work:mailto:wang@shop.example\r\n" +
			"TEL;VALUE=uri;TYPE=\"voice,work\":tel:010-66660001;ext=5\r\nTEL;TYPE=cell:13800000001\r\nORG:示例公司;采购部\r\nTITLE:采购经理\r\nNOTE:下单前\r\n 先打电话\r\nCATEGORIES:供应商,华北\r\nBDAY:19800101\r\nEND:VCARD\r\n"),
		"vCard 3.0 of a telephone": []byte("BEGIN:VCARD\nVERSION:3.0\nN:王;小明;;;\nEMAIL;type=INTERNET;type=WORK;type=pref:wang@shop.example\nEMAIL;type=HOME:xm@home.example\n" +
			"TEL;type=WORK;type=FAX:010-3\nTEL;type=CELL;type=VOICE:13800000001\nTEL;type=WORK:010-66660001\nORG:示例公司;\nTITLE:采购经理\nNOTE:下单前先打电话\nCATEGORIES:供应商,华北,myContacts\nPHOTO;ENCODING=b;TYPE=JPEG:" + strings.Repeat("A", 100) + "\n " + strings.Repeat("B", 100) + "\nEND:VCARD\n"),
	}
	for name, raw := range files {
		f := contactfile.Read(raw, "")
		if len(f.Problems) > 0 || len(f.Entries) != 1 {
			t.Errorf("%s: %d entries, problems %+v", name, len(f.Entries), f.Problems)
			continue
		}
		if got := f.Entries[0].Contact; !reflect.DeepEqual(got, wang) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, wang)
		}
	}
}

func quotedPrintable(raw []byte) string {
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%20 == 0 {
			b.WriteString("=\r\n")
		}
		fmt.Fprintf(&b, "=%02X", c)
	}
	return b.String()
}

func TestCardsOfChinesePhones(t *testing.T) {
	t.Parallel()
	for name, charset := range map[string]string{"GBK": "GBK", "gb2312": "gb2312", "UTF-8": "UTF-8", "none said, GBK": ""} {
		encode := func(s string) []byte { return gbk(t, s) }
		if charset == "UTF-8" {
			encode = func(s string) []byte { return []byte(s) }
		}
		params := ";ENCODING=QUOTED-PRINTABLE"
		if charset != "" {
			params = ";CHARSET=" + charset + params
		}
		var raw bytes.Buffer
		raw.WriteString("BEGIN:VCARD\r\nVERSION:2.1\r\n")
		raw.WriteString("N" + params + ":" + quotedPrintable(encode("王;小明")) + ";;;\r\n")
		raw.WriteString("TEL;CELL;PREF:13800000001\r\nTEL;WORK;VOICE:010-66660001\r\nEMAIL;INTERNET;PREF:wang@shop.example\r\nEMAIL:xm@home.example\r\n")
		raw.WriteString("ORG" + params + ":" + quotedPrintable(encode("示例公司")) + "\r\nTITLE;QUOTED-PRINTABLE:")
		raw.WriteString(quotedPrintable(encode("采购经理")) + "\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\r\n /9j/4AAQSkZJRgABAQ\r\n\r\n")
		raw.WriteString("CATEGORIES:")
		raw.Write(encode("供应商,华北")) // eight bits, as they are
		raw.WriteString("\r\nNOTE" + params + ":" + quotedPrintable(encode("下单前先打电话")) + "\r\nAGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nFN:nobody\r\nEND:VCARD\r\nEND:VCARD\r\n")
		f := contactfile.Read(raw.Bytes(), "")
		if len(f.Problems) > 0 || len(f.Entries) != 1 || !reflect.DeepEqual(f.Entries[0].Contact, wang) {
			t.Errorf("%s: %+v, problems %+v", name, f.Entries, f.Problems)
		}
	}
}

func TestWhatIsWrongIsToldWhereItStands(t *testing.T) {
	t.Parallel()
	type at struct {
		code   contactfile.Code
		row    int
		column string
		stop   bool
	}
	card := func(lines string) string { return "BEGIN:VCARD\nVERSION:3.0\n" + lines + "END:VCARD\n" }
	for name, c := range map[string]struct {
		file    string
		entries int
		want    []at
	}{
		"rows": {"name,email,order\nA,a@x.example,\nB,nonsense,\n,,\nC,c@x.example,first\n" + strings.Repeat("x", 3000) + ",d@x.example,\n, ,5\n", 2, []at{
			{contactfile.BadAddress, 3, "addresses", true}, {contactfile.BadOrder, 5, "order", false}, {contactfile.TooLong, 6, "name", true}, {contactfile.NoName, 7, "name", true},
		}},
		"cards": {card("FN:A\nEMAIL:a@x.example\n") + card("FN:B\nEMAIL:b at x.example\n") + card("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=FF=FF\nTEL:1\n") +
			card("TEL:123456\n") + card("FN:C\nTEL;TYPE=cell:1\nTEL:2\nTEL:3\n") + "BEGIN:VCARD\nFN:D\n", 2, []at{
			{"bad_address", 2, "EMAIL", true}, {"card_encoding", 3, "FN", true}, {"no_name", 4, "FN", true}, {"more_numbers", 5, "TEL", false}, {"card_unclosed", 6, "", true},
		}},
		"no column of ours": {"colour,size\nred,1\n", 0, []at{{"no_contact_columns", 0, "", true}}},
		"nothing":           {"", 0, []at{{"no_rows", 0, "", true}}},
	} {
		f := contactfile.Read([]byte(c.file), "")
		var got []at
		for _, p := range f.Problems {
			got = append(got, at{p.Code, p.Row, p.Column, p.Stop})
		}
		if len(f.Entries) != c.entries || !slices.Equal(got, c.want) {
			t.Errorf("%s: %d entries, problems %+v", name, len(f.Entries), got)
		}
	}
}

func TestGroupCardsNameTheirMembers(t *testing.T) {
	t.Parallel()
	f := contactfile.Read([]byte("BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:03A0E51F-0000-4000-8000-000000000001\nFN:A\nEMAIL:a@x.example\nEND:VCARD\n"+
		"BEGIN:VCARD\nVERSION:4.0\nFN:B\nEMAIL:b@x.example\nEND:VCARD\n"+
		"BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:客户\nMEMBER:urn:uuid:03a0e51f-0000-4000-8000-000000000001\nMEMBER:mailto:b@x.example\nEND:VCARD\n"), "")
	if len(f.Entries) != 2 || !slices.Equal(f.Entries[0].Contact.Groups, []string{"客户"}) || !slices.Equal(f.Entries[1].Contact.Groups, []string{"客户"}) {
		t.Errorf("%+v %+v", f.Entries, f.Problems)
	}
}

// invented makes a book of everything that a contact can hold.
func invented(r *rand.Rand, n int) contactfile.Book {
	alphabet := []rune("abcXYZ 王明=+-@'\"\\;,:|、，；\n\t<>(){}%#é😀1234567890")
	text := func(most int) string {
		out := make([]rune, r.IntN(most+1))
		for i := range out {
			out[i] = alphabet[r.IntN(len(alphabet))]
		}
		return strings.TrimSpace(strings.ReplaceAll(string(out), "\t", " "))
	}
	line := func(most int) string { return strings.TrimSpace(strings.ReplaceAll(text(most), "\n", " ")) }
	b := contactfile.Book{Domain: "office.example"}
	for i := range 4 {
		b.Groups = append(b.Groups, provider.ContactGroup{ID: fmt.Sprint("k", i), Name: fmt.Sprint(i, line(12)), Order: i})
	}
	for i := range n {
		c := provider.Contact{
			ID: fmt.Sprint("c", i), Name: fmt.Sprint(line(20), i), Company: line(20), Title: line(10), Remark: text(200), Order: r.IntN(5),
			Mobile: strings.TrimSpace("+86 138" + fmt.Sprint(r.IntN(1e6))), Phone: []string{"", "=010-1", "+1 (555) 01", "13900000000"}[r.IntN(4)],
		}
		for j := range r.IntN(4) {
			c.Addresses = append(c.Addresses, fmt.Sprintf("a%d.%d+x'%d@Shop.example", i, j, r.IntN(9)))
		}
		for _, g := range b.Groups {
			if r.IntN(3) == 0 {
				c.Groups = append(c.Groups, g.ID)
			}
		}
		b.Contacts = append(b.Contacts, c)
	}
	return b
}

func TestWhatIsWrittenIsReadBackWithoutLoss(t *testing.T) {
	t.Parallel()
	for seed := range uint64(16) {
		b := invented(rand.New(rand.NewPCG(seed, 7)), 12)
		formats := []contactfile.Format{contactfile.CSV, contactfile.VCard3, contactfile.VCard4}
		if seed < 2 {
			formats = append(formats, contactfile.XLSX)
		}
		for _, name := range formats {
			var raw bytes.Buffer
			if err := b.Write(&raw, name); err != nil {
				t.Fatal(err)
			}
			f := contactfile.Read(raw.Bytes(), "")
			if len(f.Problems) > 0 || len(f.Entries) != len(b.Contacts) {
				t.Fatalf("seed %d %s: %d of %d, problems %+v\n%s", seed, name, len(f.Entries), len(b.Contacts), f.Problems, raw.String())
			}
			for i, want := range b.Contacts {
				for j, id := range want.Groups {
					at := slices.IndexFunc(b.Groups, func(g provider.ContactGroup) bool { return g.ID == id })
					want.Groups = slices.Clone(want.Groups)
					want.Groups[j] = b.Groups[at].Name
				}
				want.ID = ""
				if got := f.Entries[i].Contact; !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d %s:\n got %s\nwant %s\n%s", seed, name, fmt.Sprintf("%+q", fmt.Sprint(got)), fmt.Sprintf("%+q", fmt.Sprint(want)), raw.String())
				}
			}
		}
	}
}

func TestNoCellOfTheTableIsAFormula(t *testing.T) {
	t.Parallel()
	b := contactfile.Book{Contacts: []provider.Contact{{Name: "=cmd()", Mobile: "+86 138", Remark: "fine\n=cmd()\n  @SUM(1)", Company: "＝x"}}}
	var raw bytes.Buffer
	if err := b.Write(&raw, contactfile.CSV); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.FieldsFunc(raw.String(), func(r rune) bool { return strings.ContainsRune("\r\n,", r) }) {
		if cell := strings.TrimLeft(line, " \""); cell != "" && strings.ContainsRune("=+-@＝", []rune(cell)[0]) {
			t.Errorf("%q is a formula", line)
		}
	}
}

func book() *directory.View {
	return &directory.View{
		Groups: []provider.ContactGroup{{ID: "g1", Name: "供应商", Order: 3}},
		Contacts: []provider.Contact{
			{ID: "c1", Name: "Wang", Addresses: []string{"Wang@shop.example"}, Phone: "010-1", Groups: []string{"g1"}, Remark: "kept"},
			{ID: "c2", Name: "Li Lei", Mobile: "+86 139 0000 0000"},
			{ID: "c3", Name: "Han", Addresses: []string{"han@shop.example"}},
		},
	}
}

func TestContactsOfTheBookAreFoundAndNothingIsDoubled(t *testing.T) {
	t.Parallel()
	file := []byte("name,email,mobile,company,groups\n" +
		"王,wang@SHOP.example;new@shop.example,,示例,客户\n" + // the book's, with more
		"li lei,lei@shop.example,13900000000,,\n" + // by name and number
		"Han,han@shop.example,,,\n" + // the same
		"Both,wang@shop.example;x@y.example,,,\n" + // an earlier row
		"Mei,mei@shop.example,,,客户;供应商\n" +
		"Mei2,MEI@shop.example,,,\n" +
		"Two,han@shop.example;lei@shop.example,,,\n")
	f := contactfile.Read(file, "")
	out := f.Plan(book(), contactfile.Options{Existing: contactfile.Update, Group: "g1"})
	var got []string
	for _, c := range out.Changes {
		got = append(got, fmt.Sprintf("%s %s row%d %s", c.Kind, c.Target, c.Row, strings.Join(c.Contact.Groups, "+")))
	}
	want := []string{
		"contactGroup.save  row0 ", "contact.save c1 row2 g1+@group/1", "contact.save c2 row3 g1", "contact.save c3 row4 g1", "contact.save  row6 @group/1+g1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if c := out.Changes[1].Contact; c.Name != "王" || c.Remark != "kept" || c.Phone != "010-1" || !slices.Equal(c.Addresses, []string{"Wang@shop.example", "new@shop.example"}) {
		t.Errorf("%+v", c)
	}
	if out.Changes[0].Group.Order != 4 || !slices.Equal(out.Groups, []string{"客户"}) || out.Stopped() != 3 {
		t.Errorf("%+v %v %d", out.Changes[0].Group, out.Groups, out.Stopped())
	}
	out = f.Plan(book(), contactfile.Options{Existing: contactfile.Leave})
	if out.Count(contactfile.Left) != 2 || out.Count(contactfile.New) != 1 || out.Count(contactfile.Same) != 1 || len(out.Changes) != 2 {
		t.Errorf("%+v", out.Rows)
	}
	full := book()
	for i := range 19 {
		full.Contacts[0].Addresses = append(full.Contacts[0].Addresses, fmt.Sprintf("more%d@shop.example", i))
	}
	if over := f.Plan(full, contactfile.Options{Existing: contactfile.Update}); over.Problems[0].Code != contactfile.TooLong || over.Problems[0].Row != 2 {
		t.Errorf("more addresses than a contact can have: %+v", over.Problems)
	}
	several := contactfile.Read([]byte("name,email\nX,wang@shop.example;han@shop.example\n"), "").Plan(book(), contactfile.Options{Existing: contactfile.Update})
	if len(several.Changes) != 0 || several.Problems[0].Code != contactfile.Several {
		t.Errorf("%+v", several)
	}
}

// Whatever the file is, what comes of it are changes that make sense.
func FuzzRead(f *testing.F) {
	f.Add([]byte("name,email\nA,a@x.example\n"))
	f.Add([]byte("BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CD=F5;=D0=A1=\n=C3=F7\nEMAIL:a@x.example\nEND:VCARD\n"))
	f.Add([]byte("BEGIN:VCARD\nitem1.TEL;TYPE=\"cell,voice\":tel:+1;x\nEND:VCARD\nBEGIN:VCARD\nKIND:group\nMEMBER:x\n"))
	f.Add([]byte("\xff\xfeB\x00E\x00G\x00I\x00N\x00:\x00V\x00C\x00A\x00R\x00D\x00\n\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := contactfile.Read(raw, "")
		out := file.Plan(book(), contactfile.Options{Existing: contactfile.Update})
		for _, c := range out.Changes {
			if err := c.Validate(); err != nil {
				t.Errorf("%+v: %v (%v)", c, err, core.ArgsOf(err))
			}
			if c.Kind != office.SaveContact && c.Kind != office.SaveContactGroup {
				t.Errorf("a file of contacts led to %s", c.Kind)
			}
		}
	})
}
