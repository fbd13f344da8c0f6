package people

import (
	"reflect"
	"strings"
	"testing"
)

func grid(t testing.TB, raw string, o GridOptions) (*Grid, []Problem) {
	t.Helper()
	g, p, err := ReadGrid(strings.NewReader(raw), o)
	if err != nil {
		t.Fatal(err)
	}
	return g, p
}

func ofOurs(cell string) bool { return cell == "title" || cell == "旧邮箱" || cell == "who" }

func TestAGridKeepsCellsAsTheyStand(t *testing.T) {
	long := strings.Repeat("好", MaxCell)
	g, p := grid(t, "sep=;\nwho;title\n;\n  a ;\"x\ny\"\nb;"+long+"\n", GridOptions{Known: ofOurs})
	if len(p) != 0 || len(g.Rows) != 3 || g.Rows[0].Number != 2 || g.Rows[1].Number != 4 || g.Rows[2].Number != 6 {
		t.Fatalf("%+v %s", g.Rows, brief(p))
	}
	if got := g.Rows[1].Cells; !reflect.DeepEqual(got, []string{"  a ", "x\ny"}) {
		t.Errorf("%q", got)
	}
	if last := g.Rows[2]; !reflect.DeepEqual(last.Long, []int{1}) || len(last.Cells[1]) > MaxCell || !strings.HasPrefix(long, last.Cells[1]) {
		t.Errorf("%+v", last.Long)
	}
	if _, p = grid(t, "", GridOptions{Known: ofOurs}); brief(p) != "no_rows 0" {
		t.Errorf("%s", brief(p))
	}
}

func TestTheSeparatorIsThatOfTheCallersHeadings(t *testing.T) {
	g, _ := grid(t, "who\ttitle\n1,2,3\t4\n", GridOptions{Known: ofOurs})
	if got := g.Rows[1].Cells; !reflect.DeepEqual(got, []string{"1,2,3", "4"}) {
		t.Errorf("%q", got)
	}
}

func TestAGridSaysWhatIsOddAboutAWorkbook(t *testing.T) {
	g, p := grid(t, oddBook(t), GridOptions{Known: ofOurs})
	if len(p) != 0 || g.Sheet != "名单" || g.Hidden != 1 || !reflect.DeepEqual(g.Merged, []string{"B2:B3"}) || len(g.Rows) != 4 {
		t.Fatalf("%+v %s", g, brief(p))
	}
	if g.Rows[2].Cells[1] != "shared" || !reflect.DeepEqual(g.Rows[3].Formula, []int{1}) || g.Rows[3].Number != 5 {
		t.Errorf("%+v", g.Rows)
	}
	if g, _ = grid(t, oddBook(t), GridOptions{Known: ofOurs, Hidden: true}); len(g.Rows) != 5 {
		t.Errorf("with hidden rows: %d", len(g.Rows))
	}
}

func FuzzGrid(f *testing.F) {
	f.Add([]byte("who,title\na,b\n"))
	f.Add([]byte(oddBook(f)))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, problems, err := ReadGrid(strings.NewReader(string(raw)), GridOptions{Known: ofOurs})
		if err != nil || len(problems) == 0 && len(g.Rows) == 0 {
			t.Fatalf("%v %v", err, problems)
		}
	})
}
