package utf7

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesAsServersSpellThem(t *testing.T) {
	for wire, text := range map[string]string{
		"&XfJT0ZAB-": "已发送", "&g0l6P3ux-": "草稿箱", "Tom &- Jerry": "Tom & Jerry", "a&AGI-b": "abb", "&2D3cTA-": "\U0001f44c",
	} {
		if got, whole := Decode(wire); got != text || !whole {
			t.Errorf("Decode(%q) = %q, %t; want %q", wire, got, whole, text)
		}
	}
	for _, text := range []string{"已发送", "Tom & Jerry", "\U0001f44c", "tab\there"} {
		if got := Encode(text); !strings.Contains(got, "&") {
			t.Errorf("Encode(%q) = %q", text, got)
		}
	}
}

func TestWhatIsNotWellFormedStaysAsItIs(t *testing.T) {
	for _, wire := range []string{"&bad-", "R&D", "a&", "&2D0-", "&!!-x"} {
		if got, whole := Decode(wire); got != wire || whole {
			t.Errorf("Decode(%q) = %q, %t", wire, got, whole)
		}
	}
	if got, whole := Decode("已&XfJT0ZAB-"); got != "已已发送" || whole {
		t.Errorf("mixed: %q, %t", got, whole)
	}
}

func FuzzThereAndBack(f *testing.F) {
	f.Add("已发送 & Co")
	f.Add("&bad-")
	f.Fuzz(func(t *testing.T, s string) {
		Decode(s)
		clean := strings.Map(func(r rune) rune {
			if r == utf8.RuneError {
				return -1
			}
			return r
		}, s)
		if got, whole := Decode(Encode(clean)); got != clean || !whole {
			t.Fatalf("%q became %q, %t", clean, got, whole)
		}
	})
}
