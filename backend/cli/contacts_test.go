package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	emulated "mailroom/backend/testkit/vendors/tencent"
)

// The same verbs serve a provider with shared contacts and one without: then the book is kept here.
func TestContactsComeInGoOutAndAreNotDoubled(t *testing.T) {
	s := emulated.New("office.example")
	t.Cleanup(s.Close)
	s.Fill(3, 1)
	for name, office := range map[string]map[string]any{
		"practice": {"provider": "practice"},
		"tencent":  {"provider": "tencent", "domain": "office.example", "corpId": emulated.CorpID, "contactSecret": s.Secret(emulated.Contacts), "baseUrl": s.BaseURL()},
	} {
		t.Run(name, func(t *testing.T) {
			a := administer(t, office)
			before := len(of(a.objects(0, a.in("contacts", "list")...), "contact"))
			cards := filepath.Join(a.dir, "in.vcf")
			a.write(cards, "BEGIN:VCARD\nVERSION:3.0\nFN:王小明\nEMAIL:wang@shop.example\nTEL;TYPE=cell:13800000001\nCATEGORIES:新供应商\nEND:VCARD\n"+
				"BEGIN:VCARD\nVERSION:3.0\nFN:bad\nEMAIL:nonsense\nEND:VCARD\n")
			plan := a.objects(2, a.in("contacts", "import", "--dry-run", cards)...)
			problem := of(plan, "problem")[0]
			if steps := of(plan, "step"); len(steps) != 2 || steps[0]["kind"] != "contactGroup.save" || problem["card"] != 2.0 || problem["column"] != "EMAIL" || problem["code"] != "bad_address" {
				t.Fatalf("%v", plan)
			}
			if now := of(a.objects(0, a.in("contacts", "list")...), "contact"); len(now) != before {
				t.Fatal("a dry run changed the book")
			}
			a.text(2, a.in("contacts", "import", cards)...)
			found := of(a.objects(0, a.in("contacts", "list", "--group", "新供应商")...), "contact")
			if len(found) != 1 || found[0]["name"] != "王小明" || found[0]["local"] != (name == "tencent") {
				t.Fatalf("%v", found)
			}
			a.text(2, a.in("contacts", "import", cards)...) // once more: nothing is doubled
			table := filepath.Join(a.dir, "in.csv")
			a.write(table, "姓名,邮箱,单位\n王明,WANG@shop.example,示例公司\n")
			a.text(0, a.in("contacts", "import", table)...)
			a.text(0, a.in("contacts", "import", "--update", table)...)
			all := of(a.objects(0, a.in("contacts", "list")...), "contact")
			if len(all) != before+1 {
				t.Fatalf("%d contacts, were %d", len(all), before)
			}
			for _, file := range []string{"out.vcf", "out.csv", "out.xlsx"} { // and what goes out comes in as it is
				out := filepath.Join(a.dir, file)
				a.text(0, a.in("contacts", "export", out)...)
				if again := a.objects(0, a.in("contacts", "import", "--update", out)...); len(again) != 1 || last(again)["total"] != 0.0 {
					t.Errorf("%s: an unchanged file changes: %v", file, again)
				}
			}
			raw, err := os.ReadFile(filepath.Join(a.dir, "out.vcf"))
			if err != nil || !strings.Contains(string(raw), "VERSION:3.0") || !strings.Contains(string(raw), "ORG:示例公司") {
				t.Errorf("%v %s", err, raw)
			}
			if _, stderr := a.text(1, a.in("contacts", "export", filepath.Join(a.dir, "out.doc"))...); !strings.Contains(stderr, ".vcf") {
				t.Error(stderr)
			}
		})
	}
}
