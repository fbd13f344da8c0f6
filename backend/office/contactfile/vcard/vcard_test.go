package vcard_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	govcard "github.com/emersion/go-vcard"

	"mailroom/backend/office/contactfile/vcard"
)

// A second reader, by others, understands what we write.
func TestOthersReadWhatWeWrite(t *testing.T) {
	t.Parallel()
	for _, version := range []vcard.Version{vcard.V3, vcard.V4} {
		var out bytes.Buffer
		w := vcard.NewWriter(&out, version)
		note := strings.Repeat("先打电话，再下单；", 30) + "\nC:\\new, done"
		name := map[vcard.Version]string{vcard.V3: "王, 小明", vcard.V4: "王, 小明; x"}[version] // go-vcard leaves \; of 3.0 as it is
		for range 2 {
			if err := w.Card([]vcard.Line{
				{Name: "FN", Value: vcard.EscapeText(name, version)}, {Name: "N", Value: "王;小明;;;"},
				{Name: "EMAIL", Params: ";TYPE=INTERNET", Value: "wang@shop.example"}, {Name: "NOTE", Value: vcard.Escape(note)},
			}); err != nil {
				t.Fatal(err)
			}
		}
		for _, line := range strings.Split(out.String(), "\r\n") {
			if len(line) > 75 {
				t.Errorf("a line has %d bytes", len(line))
			}
		}
		read := govcard.NewDecoder(&out)
		n := 0
		for {
			card, err := read.Decode()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
			if card.Value("VERSION") != string(version) || card.PreferredValue("FN") != name || card.Value("NOTE") != note || card.Name().GivenName != "小明" {
				t.Errorf("%s: %q %q %q %q", version, card.Value("VERSION"), card.PreferredValue("FN"), card.Value("NOTE"), card.Name().GivenName)
			}
		}
		if n != 2 {
			t.Errorf("%d cards", n)
		}
	}
}

// And we understand what others write.
func TestWeReadWhatOthersWrite(t *testing.T) {
	t.Parallel()
	card := govcard.Card{}
	card.SetValue("VERSION", "4.0")
	card.SetValue("FN", "Grace Hopper, \\o/")
	card.Add("EMAIL", &govcard.Field{Value: "grace@navy.example", Params: govcard.Params{"TYPE": {"work"}, "PREF": {"1"}}})
	card.Add("NOTE", &govcard.Field{Value: "one\ntwo; three", Group: "item1"})
	var out bytes.Buffer
	if err := govcard.NewEncoder(&out).Encode(card); err != nil {
		t.Fatal(err)
	}
	cards, faults := vcard.Read(out.Bytes())
	if len(cards) != 1 || len(faults) > 0 || cards[0].Text("FN") != "Grace Hopper, \\o/" || cards[0].Text("NOTE") != "one\ntwo; three" || cards[0].All("EMAIL")[0].Rank() != 1 {
		t.Errorf("%+v %v", cards, faults)
	}
}

// What is too much is left out and told; the rest is read.
func TestBounds(t *testing.T) {
	t.Parallel()
	many := "BEGIN:VCARD\nFN:x\n" + strings.Repeat("X-A:1\n", vcard.MaxProperties+5) + "END:VCARD\n"
	long := "BEGIN:VCARD\nFN:y\nNOTE:" + strings.Repeat("a", vcard.MaxValue+1) + "\nEND:VCARD\n"
	cards, faults := vcard.Read([]byte(many + long))
	if len(cards) != 2 || len(faults) != 0 || len(cards[0].Properties) != vcard.MaxProperties || cards[0].Faults[0].Code != vcard.TooMany ||
		cards[1].Text("FN") != "y" || cards[1].Faults[0] != (vcard.Fault{Code: vcard.TooLong, Property: "NOTE"}) {
		t.Errorf("%d cards, %v, %v", len(cards), faults, cards[0].Faults)
	}
	cards, faults = vcard.Read([]byte(strings.Repeat("BEGIN:VCARD\nEND:VCARD\n", vcard.MaxCards+1)))
	if len(cards) != vcard.MaxCards || len(faults) != 1 || faults[0].Code != vcard.Cut {
		t.Errorf("%d cards, %v", len(cards), faults)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\n b\r\nitem1.TEL;TYPE=cell:1\r\nEND:VCARD\r\n"))
	f.Add([]byte("BEGIN:VCARD\nVERSION:2.1\nN;QUOTED-PRINTABLE:=E7=8E=\n=8B\nPHOTO;BASE64:AAAA\n AAAA\n\nEND:VCARD"))
	f.Add([]byte("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nEND:VCARD\nX;Y=\"a:b;c\":d\nNOTE;ENCODING=b:///\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		cards, faults := vcard.Read(raw)
		if len(cards) == 0 && len(faults) == 0 {
			t.Error("nothing, and not a word about it")
		}
		for i, c := range cards {
			if c.Number != i+1 || len(c.Properties) > vcard.MaxProperties {
				t.Errorf("card %d: %d properties, number %d", i, len(c.Properties), c.Number)
			}
			for _, p := range c.Properties {
				if len(p.Value) > vcard.MaxValue || strings.Contains(p.Value, "\x00") {
					t.Errorf("%s holds %d bytes", p.Name, len(p.Value))
				}
			}
		}
	})
}
