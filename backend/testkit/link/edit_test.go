package link

import (
	"io"
	"strings"
	"testing"
)

func TestEditsChangeLinesAndNeverLiterals(t *testing.T) {
	answers := "* CAPABILITY IMAP4rev1 UIDPLUS MOVE\r\n" +
		"* OK [UIDNEXT 12] Predicted next UID\r\n" +
		"* STATUS \"a\" (MESSAGES 3 UIDNEXT 12 UNSEEN 0)\r\n" +
		"* 1 FETCH (BODY[] {36}\r\n[APPENDUID 1 2] UIDPLUS UIDNEXT 12\r\n)\r\n" +
		"a1 OK [APPENDUID 1 2:3] Append completed.\r\nno line end"
	for name, tc := range map[string]struct {
		hide Hide
		want string
	}{
		"nothing": {0, answers},
		"without UIDPLUS": {UIDPlus, strings.NewReplacer("4rev1 UIDPLUS", "4rev1", "OK [APPENDUID 1 2:3] ", "OK ").
			Replace(answers)},
		"without UIDNEXT": {UIDNext, strings.NewReplacer("* OK [UIDNEXT 12] Predicted next UID\r\n", "", "MESSAGES 3 UIDNEXT 12 ", "MESSAGES 3 ").
			Replace(answers)},
	} {
		for _, size := range []int{1, 7, 40, len(answers)} {
			e := editor{hide: tc.hide}
			var got strings.Builder
			for at := 0; at < len(answers); at += size {
				got.Write(e.take([]byte(answers[at:min(at+size, len(answers))])))
			}
			got.Write(e.rest())
			if got.String() != tc.want {
				t.Errorf("%s in pieces of %d:\n%q, want\n%q", name, size, got.String(), tc.want)
			}
		}
	}
}

func TestALinkEditsWhatTheServerSays(t *testing.T) {
	l := New(t, echo(t), Options{Hide: UIDPlus})
	c := dial(t, l)
	if _, err := c.Write([]byte("x UIDPLUS y\r\n")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len("x y\r\n"))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "x y\r\n" {
		t.Errorf("%q %v", got, err)
	}
}
