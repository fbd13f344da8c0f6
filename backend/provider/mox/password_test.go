package mox

import (
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// What is refused beforehand is what the server refuses, and nothing else: each password
// is put before both.
func TestOnlyPasswordsThatMoxRefusesAreRefusedBeforehand(t *testing.T) {
	o := connect(t, config())
	made := create(t, o, "secretive")
	accepted := 0
	for _, password := range []string{
		"密码三", "密码", "中文 密码 2026", "two words", " begins with a blank", "short 7", "eight888", "\u3000\u3000\u3000", "\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000",
		"with\ttab-12", "line\nbreak-1", "null\x00byte-1", "soft\u00adhyphen", "zero\u200bwidth", "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301",
		"Пароль12", "🔑🔑", "🔑", strings.Repeat("密", 24), strings.Repeat("密", 25), strings.Repeat("x", 72), strings.Repeat("x", 73),
		strings.Repeat("e\u0301", 36), strings.Repeat("\u3000", 72), strings.Repeat("\u3000", 73), "ﾊﾟｽﾜｰﾄﾞ", "",
	} {
		beforehand := passes("try", secret.NewValue(password))
		there := o.ask(t.Context(), "try", "SetPassword", nil, made.ID, secret.NewValue(password))
		if (beforehand == nil) != (there == nil) {
			t.Errorf("%q: beforehand %v %v, the server %v %v", password, beforehand, core.ArgsOf(beforehand), there, core.ArgsOf(there))
		}
		if there == nil {
			accepted++
		}
	}
	if accepted < 10 {
		t.Errorf("the server took %d", accepted)
	}
	if err := o.SetPassword(t.Context(), made.ID, secret.NewValue("two words"), false); err != nil {
		t.Fatal(err)
	}
	if err := signIn(t.Context(), server, made.Address, "two words"); err != nil {
		t.Error(err)
	}
}
