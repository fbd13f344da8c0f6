package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	emulated "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

// kontor is an office of five people and one list at an emulated vendor.
func kontor(t *testing.T) (*emulated.Server, *administered) {
	t.Helper()
	s := emulated.New("office.example")
	t.Cleanup(s.Close)
	s.Fill(5, 2)
	first := s.Someone(0).UserID
	s.AddGroup(emulated.Group{GroupID: "few@office.example", Name: "几个", Users: []string{first}, Allow: 3, AllowUsers: []string{first}})
	return s, administer(t, map[string]any{"provider": "tencent", "domain": "office.example", "corpId": emulated.CorpID,
		"contactSecret": s.Secret(emulated.Contacts), "optionSecret": s.Secret(emulated.Options), "baseUrl": s.URL}) // without the API's folder
}

// Who reads an error learns what is wrong with which value, in the page's own words.
func TestTroubleWithAnOfficeSaysWhatIsWrong(t *testing.T) {
	s, a := kontor(t)
	describe := func(key, value string) string {
		fields := map[string]string{"provider": "tencent", "domain": "office.example", "corpId": emulated.CorpID, "contactSecret": s.Secret(emulated.Contacts), "baseUrl": s.URL}
		fields[key] = value
		path := filepath.Join(a.dir, key+".json")
		a.write(path, string(must(json.Marshal(fields))(t)))
		return path
	}
	check := func(exit int, file, en, zh string) {
		t.Helper()
		for lang, want := range map[string]string{"en_GB.UTF-8": en, "zh_CN.UTF-8": zh} {
			a.env["LANG"] = lang
			_, stderr := a.text(exit, "office", "check", "--office", file)
			if !strings.Contains(stderr, want) || strings.TrimRight(stderr, " \n")+"\n" != stderr {
				t.Errorf("%s does not say %q", stderr, want)
			}
		}
	}
	check(1, "nowhere.json", "no file nowhere.json", "没有文件 nowhere.json")
	check(1, describe("baseUrl", "http://192.0.2.1"), "baseUrl: The address must begin with https://", "baseUrl：地址要以 https://")
	check(1, describe("baseUrl", s.URL+"/elsewhere"), "127.0.0.1 answers, but not with this provider's API", "请核对 baseUrl")
	check(3, describe("optionSecret", "hunter2"), "refuses optionSecret of", "的 optionSecret 被服务商拒绝")
	s.Fail(trouble.Fault{Path: "department/list", Times: 2, Status: 200, Body: `{"errcode":60020,"errmsg":"not allow to access from your ip"}`})
	check(3, a.file, "certain IP addresses only", "IP")
	s.Fail(trouble.Fault{Path: "department/list", Times: 2, Status: 200, Body: `{"errcode":50003,"errmsg":"app disabled"}`})
	check(3, a.file, "switched off", "停用")
}

func TestListsThatAreRefusedHidePeopleFromNobody(t *testing.T) {
	s, a := kontor(t)
	s.Fail(trouble.Fault{Path: "group/fuzzysearch", Times: 4, Status: 200, Body: `{"errcode":60011,"errmsg":"no privilege"}`})
	stdout, stderr := a.text(0, a.in("people", "list")...)
	if !strings.Contains(stdout, s.Someone(0).UserID) || !strings.Contains(stderr, "The mailing lists could not be read: ") {
		t.Errorf("%q %q", stdout, stderr)
	}
	a.text(0, a.in("departments", "list")...)
	a.text(0, a.in("people", "suspend", "--yes", s.Someone(0).UserID)...)
	if stdout, stderr = a.text(3, a.in("lists", "list")...); stdout != "" || !strings.Contains(stderr, "60011") {
		t.Errorf("%q %q", stdout, stderr)
	}
}

func TestAPreviewOfADeletionTellsWhatGoesAndWhatStays(t *testing.T) {
	s, a := kontor(t)
	first := s.Someone(0).UserID
	stdout, _ := a.text(0, a.in("people", "delete", first, "--dry-run")...)
	for _, want := range []string{"is on: few@office.example", "cannot be undone", "One change"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not told: %s", want, stdout)
		}
	}
	step := of(a.objects(0, a.in("people", "delete", first, "--dry-run")...), "step")[0]
	if lists := step["lists"].([]any); len(lists) != 1 || lists[0] != "few@office.example" || step["listsStay"] != true {
		t.Errorf("%v", step)
	}
	exported, _ := a.text(0, a.in("people", "export", "-")...)
	if !strings.Contains(exported, "few@office.example") {
		t.Errorf("the export does not tell of the list: %s", exported)
	}
}

func TestValuesAreWordsInBothLanguages(t *testing.T) {
	s, a := kontor(t)
	first := s.Someone(0).UserID
	for lang, want := range map[string][]string{"en_GB.UTF-8": {"the named senders only", "status: active → suspended"}, "zh_CN.UTF-8": {"只有指定发信人", "状态：正常 → 已停用"}} {
		a.env["LANG"] = lang
		shown, _ := a.text(0, a.in("lists", "show", "few@office.example")...)
		changed, _ := a.text(0, a.in("people", "suspend", first, "--dry-run")...)
		for _, w := range want {
			if !strings.Contains(shown+changed, w) {
				t.Errorf("%q is not in %s%s", w, shown, changed)
			}
		}
	}
}

// Rows that are left out are told in words, and a row that the provider refuses with its.
func TestRowsThatComeToNothingAreToldInWords(t *testing.T) {
	s, a := kontor(t)
	list := filepath.Join(a.dir, "new.csv")
	a.write(list, "name,address,password,aliases,lists\n甲,a1@office.example,letters,,\n=乙,a2@office.example,Kiefer77x,,\n丙,a3@office.example,Kiefer77x,"+
		"b1@office.example;b2@office.example;b3@office.example;b4@office.example;b5@office.example;b6@office.example,\n丁,,Kiefer77x,,\n戊,a5@office.example,Kiefer77x,,\n")
	s.Fail(trouble.Fault{Path: "user/create", Pass: 1, Status: 200, Body: `{"errcode":987654,"errmsg":"call the moon"}`})
	stdout, stderr := a.text(2, a.in("people", "import", list, "--yes")...)
	for _, want := range []string{"The password needs a digit.", "is a formula", "At most 5 aliases", "is used."} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q is not told: %s", want, stderr)
		}
	}
	if !strings.Contains(stdout, "not done: The provider refuses. 987654 call the moon") {
		t.Error(stdout)
	}
}

// Every code that a file's check knows has its sentence.
func TestEveryProblemOfAFileHasItsSentence(t *testing.T) {
	codes := regexp.MustCompile(`\w*Code\s+= "(\w+)"`)
	for _, file := range []string{"intake/intake.go", "listfile/listfile.go", "contactfile/contactfile.go", "contactfile/vcard/vcard.go"} {
		found := codes.FindAllStringSubmatch(string(must(os.ReadFile(filepath.Join("..", "office", filepath.FromSlash(file))))(t)), -1)
		if len(found) < 4 {
			t.Errorf("%s: %d codes", file, len(found))
		}
		for _, m := range found {
			if !has("list." + m[1]) {
				t.Errorf("%s: no sentence for %s", file, m[1])
			}
		}
	}
}
