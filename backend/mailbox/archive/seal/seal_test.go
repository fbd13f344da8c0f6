package seal

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"mailroom/backend/core"
)

// folder makes an archive of some files.
func folder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "li.lei")
	for name, text := range map[string]string{
		"cur/1.a:2,S": "one", "cur/2.b:2,": "two", "new/3.c": "three", ".Sent/cur/4.d": "four", "mailroom-state/x.jsonl": "index", "mailroom-state/lock": "",
	} {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func sealed(t *testing.T, path string) Summary {
	t.Helper()
	s, err := Make(t.Context(), path, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func checked(t *testing.T, path string) Report {
	t.Helper()
	r, err := Check(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnUntouchedArchiveIsIntact(t *testing.T) {
	dir := folder(t)
	s := sealed(t, dir)
	if s.Files != 5 || s.Bytes != 20 || len(s.Number) != 64 {
		t.Errorf("%+v", s)
	}
	if r := checked(t, dir); !r.Intact() || r.Summary != s {
		t.Errorf("%+v, sealed %+v", r, s)
	}
	if err := os.Remove(filepath.Join(dir, "mailroom-state", "lock")); err != nil { // as every use does
		t.Fatal(err)
	}
	if r := checked(t, dir); !r.Intact() {
		t.Errorf("%+v", r)
	}
}

func TestEveryChangeIsFound(t *testing.T) {
	dir := folder(t)
	sealed(t, dir)
	write(t, filepath.Join(dir, "cur/2.b:2,"), "twO") // the same length
	write(t, filepath.Join(dir, "new/9.z"), "more")
	if err := os.Remove(filepath.Join(dir, ".Sent/cur/4.d")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "cur/1.a:2,S"), filepath.Join(dir, "cur/1.a:2,SF")); err != nil {
		t.Fatal(err)
	}
	r := checked(t, dir)
	if r.Intact() || r.Damaged || len(r.Changed) != 1 || r.Changed[0] != "cur/2.b:2," || r.MissingCount != 2 || r.AddedCount != 2 {
		t.Errorf("%+v", r)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if r := checked(t, dir); r.MissingCount != 5 {
		t.Errorf("%+v", r)
	}
}

func TestEveryByteOfEveryFileCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.mbox")
	text := "From li Mon\nSubject: x\n\nhello\n\n"
	write(t, path, text)
	sealed(t, path)
	for i := range text {
		changed := []byte(text)
		changed[i] ^= 1
		write(t, path, string(changed))
		if r := checked(t, path); r.ChangedCount != 1 {
			t.Errorf("byte %d: %+v", i, r)
		}
	}
	write(t, path, text)
	if r := checked(t, path); !r.Intact() {
		t.Errorf("%+v", r)
	}
}

func TestAnAlteredSealIsTold(t *testing.T) {
	dir := folder(t)
	sealed(t, dir)
	raw, err := os.ReadFile(dir + Suffix)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.Index(raw, []byte(`"sha256":"`)) + 12
	raw[i] ^= 1
	write(t, dir+Suffix, string(raw))
	if r := checked(t, dir); r.Intact() || !r.Damaged {
		t.Errorf("%+v", r)
	}
	for _, text := range []string{"", "{}\n", "{\"format\":2}\n", string(raw[:len(raw)/2])} {
		write(t, dir+Suffix, text)
		if _, err := Check(t.Context(), dir); core.CodeOf(err) != core.Malformed {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestWhatCannotBeSealedIsToldAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	_, err := Make(t.Context(), filepath.Join(dir, "none"), "1")
	if core.CodeOf(err) != core.NotFound {
		t.Error(err)
	}
	if _, err := Check(t.Context(), filepath.Join(dir, "none")); core.CodeOf(err) != core.NotFound {
		t.Error(err)
	}
	box := folder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Make(ctx, box, "1"); core.CodeOf(err) != core.Canceled || Exists(box) {
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Dir(box))
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func FuzzASeal(f *testing.F) {
	f.Add("{\"format\":1}\n{\"path\":\"a\",\"size\":1,\"sha256\":\"x\"}\n{\"files\":1,\"bytes\":1,\"number\":\"y\"}\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		dir := filepath.Join(t.TempDir(), "box")
		write(t, filepath.Join(dir, "a"), "x")
		write(t, dir+Suffix, text)
		if r, err := Check(t.Context(), dir); err == nil && r.Intact() {
			t.Errorf("a made-up seal holds: %q", text)
		}
	})
}
