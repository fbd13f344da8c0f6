package invite

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func sample(t testing.TB, key OfficeKey) *Invitation {
	t.Helper()
	inv, err := Make(Invitation{
		Office: Office{Name: "示例公司"}, Move: "m1", Mailbox: "b1", Person: "李雷",
		From:    Server{Host: "imap.old.example", Port: 993, Security: "tls", User: "li.lei@old.example"},
		To:      Server{Host: "imap.new.example", Security: "starttls", User: "li.lei@new.example"},
		Folders: []Choice{{Folder: "SU5CT1g", Target: "Posteingang"}, {Folder: "U3BhbQ", Skip: true}},
		Options: Options{Verify: "fingerprint", Exclude: []string{"Spam/*"}},
	}, key, 14*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func file(t testing.TB, v interface{ Encode() ([]byte, error) }) []byte {
	t.Helper()
	raw, err := v.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func classOf(err error) string { return core.ArgsOf(err)["class"] }

func TestAnInvitationIsReadBackFromAFileAndFromPastedText(t *testing.T) {
	key := NewOfficeKey()
	inv := sample(t, key)
	raw := file(t, inv)
	if len(raw) > 2000 || !strings.Contains(string(raw), `"host": "imap.old.example"`) {
		t.Errorf("not small or not readable:\n%s", raw)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		t.Fatal(err)
	}
	quoted := "Dear Li Lei,\r\nplease\r\n> " + strings.ReplaceAll(Armor(raw), "\n", "\r\n> ") + "\r\nBest wishes"
	for name, text := range map[string][]byte{
		"a file": raw, "with a mark": append([]byte("\ufeff"), raw...), "CRLF": bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")),
		"compact": compact.Bytes(), "pasted": []byte(Armor(raw)), "quoted in a mail": []byte(quoted),
	} {
		got, err := Read(text)
		if err != nil || got.Person != "李雷" || got.Folders[1] != inv.Folders[1] || !got.Expires.Equal(inv.Expires) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		if KindOf(text) != "invitation" {
			t.Errorf("%s is %q", name, KindOf(text))
		}
	}
	again, err := OfficeKeyFrom(key.Secret())
	if err != nil || Fingerprint(again.Public()) != Fingerprint(inv.Office.Key) || len(Fingerprint(inv.Office.Key)) != 19 {
		t.Errorf("the key of the vault is another: %v", err)
	}
}

func TestAChangedInvitationIsRefused(t *testing.T) {
	inv := sample(t, NewOfficeKey())
	raw := string(file(t, inv))
	for name, change := range map[string][2]string{
		"another server":  {"imap.new.example", "imap.evil.example"},
		"another person":  {"li.lei@old", "han.mei@old"},
		"a later end":     {`"expires": "20`, `"expires": "21`},
		"another folder":  {"Posteingang", "Entwürfe"},
		"no encryption":   {`"security": "tls"`, `"security": "plain"`},
		"another office":  {"示例公司", "别的公司"},
		"another mailbox": {`"mailbox": "b1"`, `"mailbox": "b2"`},
	} {
		changed := strings.Replace(raw, change[0], change[1], 1)
		if changed == raw {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := Read([]byte(changed)); classOf(err) != "invite-changed" {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := *inv
	other.Office.Key = NewOfficeKey().Public()
	if _, err := Read(file(t, &other)); classOf(err) != "invite-changed" {
		t.Errorf("another key: %v", err)
	}
}

func TestWhatCannotBeReadIsToldApart(t *testing.T) {
	inv := sample(t, NewOfficeKey())
	raw := file(t, inv)
	result := file(t, inv.Answer(Result{}))
	for name, c := range map[string]struct {
		raw   []byte
		class string
	}{
		"nothing":            {nil, "invite-unreadable"},
		"half a file":        {raw[:len(raw)/2], "invite-unreadable"},
		"half a paste":       {[]byte(Armor(raw)[:300]), "invite-unreadable"},
		"a picture":          {[]byte("\x89PNG\r\n\x1a\n"), "invite-unreadable"},
		"too large":          {bytes.Repeat([]byte(" "), maxFile+1), "invite-unreadable"},
		"another JSON":       {[]byte(`{"name":"x"}`), "invite-unreadable"},
		"a field more":       {bytes.Replace(raw, []byte(`"version"`), []byte(`"later": 1, "version"`), 1), "invite-unreadable"},
		"something behind":   {append(bytes.Clone(raw), '{'), "invite-unreadable"},
		"a newer one":        {bytes.Replace(raw, []byte(`"version": 1`), []byte(`"version": 2, "later": true`), 1), "invite-newer"},
		"a result":           {result, "invite-result"},
		"without signature":  {bytes.Replace(raw, []byte(`"signature"`), []byte(`"office": {"name":"","key":""}, "signature"`), 1), "invite-unreadable"},
		"an endless nesting": {bytes.Repeat([]byte(`{"a":`), 100_000), "invite-unreadable"},
	} {
		if _, err := Read(c.raw); classOf(err) != c.class {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := inv.Expired(inv.Made.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if err := inv.Expired(inv.Expires); classOf(err) != "invite-expired" || core.ArgsOf(err)["until"] == "" {
		t.Error(err)
	}
}

func TestNonsenseIsNotInvitedTo(t *testing.T) {
	good := *sample(t, NewOfficeKey())
	for name, change := range map[string]func(*Invitation){
		"no server":   func(i *Invitation) { i.From.Host = "" },
		"no user":     func(i *Invitation) { i.To.User = "" },
		"a port":      func(i *Invitation) { i.To.Port = 70000 },
		"a security":  func(i *Invitation) { i.To.Security = "none" },
		"a level":     func(i *Invitation) { i.Options.Verify = "all" },
		"a long name": func(i *Invitation) { i.Person = strings.Repeat("x", 2000) },
		"a choice":    func(i *Invitation) { i.Folders = []Choice{{}} },
		"no move":     func(i *Invitation) { i.Move = "" },
	} {
		inv := good
		change(&inv)
		if _, err := Make(inv, NewOfficeKey(), time.Hour); core.CodeOf(err) != core.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Make(good, NewOfficeKey(), -time.Hour); err == nil {
		t.Error("an invitation that has expired was made")
	}
}

func answer() Result {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	return Result{
		Program: "1.2.3", State: "left_behind", Started: at, Ended: at.Add(time.Hour), Verified: "bytes", Compared: 8,
		Counts: Counts{Messages: 10, Copied: 7, AlreadyThere: 1, Excluded: 1, LeftBehind: 1, Bytes: 1234},
		Left:   []Left{{Folder: "INBOX", UID: 3, Subject: "图纸", Class: "too-big"}},
	}
}

func TestAResultIsTakenForItsInvitationOnly(t *testing.T) {
	inv := sample(t, NewOfficeKey())
	made := Made{ID: inv.ID, Move: inv.Move, Mailbox: inv.Mailbox, ReplyKey: inv.ReplyKey()}
	raw := file(t, inv.Answer(answer()))
	r, err := ReadResult(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(made); err != nil || r.Counts.Copied != 7 || r.Left[0].Subject != "图纸" {
		t.Errorf("%+v %v", r, err)
	}
	if pasted, err := ReadResult([]byte(Armor(raw))); err != nil || pasted.Check(made) != nil {
		t.Errorf("pasted: %v", err)
	}
	changed, err := ReadResult(bytes.Replace(raw, []byte(`"copied": 7`), []byte(`"copied": 8`), 1))
	if err != nil || classOf(changed.Check(made)) != "result-changed" {
		t.Errorf("a changed figure: %v", err)
	}
	second := sample(t, NewOfficeKey())
	of, _ := ReadResult(file(t, second.Answer(answer())))
	if classOf(of.Check(made)) != "result-changed" {
		t.Error("the result of another invitation was taken")
	}
	elsewhere := *inv
	elsewhere.Mailbox = "b2"
	of, _ = ReadResult(file(t, elsewhere.Answer(answer())))
	if classOf(of.Check(made)) != "result-other" {
		t.Error("the result of another mailbox was taken")
	}
	for name, change := range map[string]func(*Result){
		"more than all": func(r *Result) { r.Counts.Copied = 11 },
		"less than 0":   func(r *Result) { r.Counts.Excluded = -1 },
		"overflow":      func(r *Result) { r.Counts.Copied = 1 << 62; r.Counts.AlreadyThere = 1 << 62 },
		"a state":       func(r *Result) { r.State = "perfect" },
		"a folder":      func(r *Result) { r.Folders = []Folder{{Counts: Counts{Copied: 1}}} },
		"backwards":     func(r *Result) { r.Ended = r.Started.Add(-time.Hour) },
	} {
		nonsense := answer()
		change(&nonsense)
		read, err := ReadResult(file(t, inv.Answer(nonsense)))
		if err != nil || classOf(read.Check(made)) != "result-nonsense" {
			t.Errorf("%s: %v %v", name, err, read)
		}
	}
	if _, err := ReadResult(file(t, inv)); classOf(err) != "result-invitation" {
		t.Errorf("an invitation for a result: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	inv := sample(f, NewOfficeKey())
	raw := file(f, inv)
	f.Add(raw)
	f.Add([]byte(Armor(raw)))
	f.Add(file(f, inv.Answer(answer())))
	f.Add([]byte(`{"mailroom":"invitation","version":1}`))
	f.Add([]byte("> -----BEGIN MAILROOM-----\n> e30=\n> -----END MAILROOM-----"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, err := Read(text); err == nil {
			if again, err := Read(file(t, got)); err != nil || again.ID != got.ID {
				t.Errorf("read, but not again: %v", err)
			}
		} else if _, coded := errors.AsType[*core.Error](err); !coded || classOf(err) == "" {
			t.Errorf("without a class: %v", err)
		}
		if got, err := ReadResult(text); err == nil {
			_ = got.Check(Made{ID: inv.ID, ReplyKey: inv.ReplyKey()})
		} else if classOf(err) == "" {
			t.Errorf("without a class: %v", err)
		}
		_ = KindOf(text)
	})
}
