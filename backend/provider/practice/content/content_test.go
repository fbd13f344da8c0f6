package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// digest covers everything that a company consists of.
func digest(t testing.TB, c *Company) string {
	t.Helper()
	h := sha256.New()
	for i, p := range c.People {
		fmt.Fprintf(h, "%+v\n", p)
		for _, f := range c.Mailboxes[i].Folders {
			fmt.Fprintf(h, "%s %s %v\n", f.Path, f.Attr, f.Parent)
			for _, l := range f.Letters {
				fmt.Fprintf(h, "%s %v %d %x\n", l.Date, l.Flags, l.size, l.sum)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestTheSameSeedMakesTheSameCompany(t *testing.T) {
	one, two, other := Make(7, 500), Make(7, 500), Make(8, 500)
	if digest(t, one) != digest(t, two) {
		t.Fatal("two companies of one seed differ")
	}
	if digest(t, one) == digest(t, other) {
		t.Fatal("another seed made the same company")
	}
}

func TestTheCompanyOfSeedOneNeverChanges(t *testing.T) {
	const want = "e1971765cc8fb0baf2827e244630e7270b6f2185e5d5b997ca14f5ec16882b42"
	if got := digest(t, Make(1, 600)); got != want {
		t.Fatalf("digest %s, want %s: a saved practice office would no longer match its letters", got, want)
	}
}

func TestALetterIsTheSameEachTimeItIsRead(t *testing.T) {
	for _, m := range Make(3, 300).Mailboxes {
		for _, f := range m.Folders {
			for _, l := range f.Letters {
				var b bytes.Buffer
				n, err := l.WriteTo(&b)
				if err != nil || n != l.Size() || sha256.Sum256(b.Bytes()) != l.Sum() {
					t.Fatalf("%s: %d bytes, %v; want %d", f.Path, n, err, l.Size())
				}
				if head := l.Header(); !bytes.HasPrefix(b.Bytes(), head) {
					t.Fatalf("%s: header\n%s\nis not the beginning of\n%s", f.Path, head, b.Bytes()[:len(head)])
				}
			}
		}
	}
}

func TestOrdinaryLettersAreReadableMail(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Make(2, 800).Mailboxes {
		for _, f := range m.Folders {
			for _, l := range f.Letters {
				if l.awkward > 0 {
					continue
				}
				var b bytes.Buffer
				_, _ = l.WriteTo(&b)
				if i := bytes.IndexByte(b.Bytes(), '\n'); b.Bytes()[i-1] != '\r' {
					t.Fatal("a bare line feed in an ordinary letter")
				}
				msg, err := mail.ReadMessage(&b)
				if err != nil {
					t.Fatalf("%s: %v", f.Path, err)
				}
				for _, field := range []string{"From", "To"} {
					if _, err := msg.Header.AddressList(field); err != nil {
						t.Fatalf("%s %q: %v", field, msg.Header.Get(field), err)
					}
				}
				if seen[msg.Header.Get("Message-ID")] {
					t.Fatalf("Message-ID %s twice", msg.Header.Get("Message-ID"))
				}
				seen[msg.Header.Get("Message-ID")] = true
			}
		}
	}
}

func TestTheOfficeIsBelievable(t *testing.T) {
	c := Make(1, 0)
	var letters, size int64
	roles := map[string]int{}
	for _, m := range c.Mailboxes {
		n, b := m.Totals()
		letters, size = letters+n, size+b
		for _, f := range m.Folders {
			if f.Attr != "" {
				roles[f.Attr]++
			}
		}
	}
	if letters < DefaultSize*9/10 || letters > DefaultSize*11/10 {
		t.Errorf("%d letters", letters)
	}
	if size < 30<<20 || size > 120<<20 {
		t.Errorf("%d bytes", size)
	}
	if len(c.People) != 12 || len(roles) != 5 {
		t.Errorf("%d people, roles %v", len(c.People), roles)
	}
	inbox := c.Mailboxes[0].Folders[0].Letters
	biggest := slices.MaxFunc(inbox, func(a, b *Letter) int { return int(a.size - b.size) })
	if biggest.size < 12_000_000 {
		t.Errorf("the biggest letter has %d bytes", biggest.size)
	}
}

func TestAttachmentsReallyOpen(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	if _, data := attachment(r, "a.png"); data != nil {
		if _, err := png.Decode(bytes.NewReader(data)); err != nil {
			t.Errorf("png: %v", err)
		}
	}
	_, data := attachment(r, "a.xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("xlsx: %v", err)
	}
	defer book.Close()
	if cell, err := book.GetCellValue("Sheet1", "A1"); cell != "1" || err != nil {
		t.Errorf("xlsx A1 = %q, %v", cell, err)
	}
	if _, data := attachment(r, "a.pdf"); !strings.HasPrefix(string(data), "%PDF-1.4\n") || !strings.HasSuffix(string(data), "%%EOF\n") {
		t.Error("pdf without its marks")
	}
}

func BenchmarkLetter(b *testing.B) {
	letters := Make(1, 500).Mailboxes[0].Folders[1].Letters
	for b.Loop() {
		for _, l := range letters {
			_, _ = l.WriteTo(io.Discard)
		}
	}
}
