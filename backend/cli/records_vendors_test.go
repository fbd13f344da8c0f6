package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/provider"
	"mailroom/backend/provider/mox"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/practice/past"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/servers"
	fromNetease "mailroom/backend/testkit/vendors/netease"
	fromTencent "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
	"mailroom/frontend/src/i18n/locales"
)

// hurried is an adapter without its pace: emulators wait for nobody.
func hurried(m provider.Maker) provider.Maker {
	made := m.New
	m.New = func(c provider.Config) (provider.Provider, error) {
		c.Pace = 1e6
		return made(c)
	}
	return m
}

// terminal runs verbs on a data folder of its own, with the vendors that tell records.
type terminal struct {
	t     *testing.T
	state string
}

func newTerminal(t *testing.T) *terminal { return &terminal{t, t.TempDir()} }

func (v *terminal) run(ctx context.Context, args ...string) (exit int, all []map[string]any) {
	v.t.Helper()
	var out, errs bytes.Buffer
	exit = Run(ctx, append(args, "--json"), strings.NewReader(""), &out, &errs, Env{
		Version: "1.2.3", Words: locales.FS, Getenv: func(string) string { return "" }, Exit: func(int) {},
		Adapters: provider.NewRegistry(hurried(tencent.Maker()), hurried(netease.Open()), hurried(mox.Maker())),
	})
	return exit, objects(v.t, out.String())
}

// office writes a file that describes an office.
func (v *terminal) office(fields map[string]string) string {
	v.t.Helper()
	raw, err := json.Marshal(fields)
	if err != nil {
		v.t.Fatal(err)
	}
	path := filepath.Join(v.t.TempDir(), fields["provider"]+".json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		v.t.Fatal(err)
	}
	return path
}

func (v *terminal) must(want int, args ...string) []map[string]any {
	v.t.Helper()
	exit, all := v.run(v.t.Context(), args...)
	if exit != want {
		v.t.Fatalf("%v: exit %d, %v", args, exit, all)
	}
	return all
}

const vendorOffice = "office.example.com"

// fitting says whether gaps are those of a whole fetch: where a vendor does not say how
// long it keeps its logs, the silent days before the oldest record, and else none.
func fitting(gaps []any, silent bool, oldest time.Time) bool {
	if !silent || len(gaps) == 0 {
		return !silent && len(gaps) == 0
	}
	gap := gaps[0].(map[string]any)
	to, err := time.Parse(time.RFC3339, gap["to"].(string))
	return len(gaps) == 1 && gap["why"] == "unsure" && err == nil && to.Before(oldest)
}

// From the vendor to the archive, in the terminal: fetched once, asked, summed, kept.
func TestRecordsOfVendorsAreFetchedAskedAndArchivedInTheTerminal(t *testing.T) {
	exmail, platform := fromTencent.New(vendorOffice), fromNetease.NewOpen(vendorOffice)
	defer exmail.Close()
	defer platform.Close()
	// The past holds all of it: whatever the hour, nothing lies behind the end of the day.
	now := time.Now().Add(-2 * time.Hour)
	exmail.Fill(8, 2)
	exmail.FillLogs(now, 40, 16)
	platform.Fill(8, 2)
	platform.FillLogs(now, 40, 16)
	for name, one := range map[string]struct {
		office map[string]string
		rows   float64
		deaf   string // a kind that the vendor does not tell
	}{
		"Tencent": {map[string]string{
			"provider": "tencent", "domain": vendorOffice, "baseUrl": exmail.BaseURL(), "corpId": fromTencent.CorpID,
			"contactSecret": exmail.Secret(fromTencent.Contacts), "logSecret": exmail.Secret(fromTencent.Logs),
		}, 40*16*2 + 40*2 + 6, "user"},
		"NetEase": {map[string]string{
			"provider": "netease", "domain": vendorOffice, "baseUrl": platform.BaseURL(), "appId": platform.AppID, "authCode": platform.AuthCode(), "orgOpenId": platform.OrgOpenID,
		}, 40*16 + 40*16 - 214, "sent"},
	} {
		t.Run(name, func(t *testing.T) {
			v := newTerminal(t)
			file := v.office(one.office)
			since := now.AddDate(0, 0, -60).Format(time.DateOnly)
			all := v.must(exitOK, "records", "fetch", "--office", file, "--since", since, "--state", v.state)
			sum := all[len(all)-1]
			days := 0.0
			for _, e := range all {
				if e["event"] == "fetched" && e["kind"] == "traffic" {
					days = e["new"].(float64)
				}
				if e["event"] == "fetched" && !fitting(e["gaps"].([]any), name == "Tencent", now.AddDate(0, 0, -38)) {
					t.Errorf("%v", e)
				}
			}
			if sum["event"] != "summary" || sum["new"] != one.rows+days || sum["shelf"] != vendorOffice {
				t.Fatalf("%v, want %v and %v days", sum, one.rows, days)
			}
			all = v.must(exitOK, "records", "fetch", "--office", file, "--since", since, "--state", v.state)
			if sum = all[len(all)-1]; sum["new"] != 0.0 {
				t.Errorf("again: %v", sum)
			}
			for question, exit := range map[string]int{"kind:signin person:li": exitOK, "合同 kind:received": exitOK, "kind:" + one.deaf: exitLeft} {
				all = v.must(exit, "records", "search", question, "--office", file, "--limit", "3", "--state", v.state)
				if exit == exitOK && (all[0]["source"] != one.office["provider"] || len(all) != 4) {
					t.Errorf("%s: %v", question, all)
				}
			}
			month := time.Date(now.In(past.Zone).Year(), now.In(past.Zone).Month()-1, 1, 0, 0, 0, 0, past.Zone).Format("2006-01")
			paper := filepath.Join(t.TempDir(), "month.xlsx")
			sum = v.must(exitOK, "records", "report", month, "--out", paper, "--lang", "both", "--state", v.state)[0]
			if total := sum["total"].(map[string]any); total["received"].(float64) == 0 || total["signIns"].(float64) == 0 {
				t.Errorf("%v", sum)
			}
			dir := filepath.Join(t.TempDir(), "archive")
			all = v.must(exitOK, "archive", "create", dir, "--state", v.state)
			sum = v.must(exitOK, "archive", "verify", dir, "--sum", all[len(all)-1]["sum"].(string))[0]
			if sum["rows"].(float64) == 0 || len(sum["flaws"].([]any)) > 0 {
				t.Errorf("%v", sum)
			}
		})
	}
	t.Run("a fetch that is interrupted", func(t *testing.T) {
		v := newTerminal(t)
		file := v.office(map[string]string{
			"provider": "tencent", "domain": vendorOffice, "baseUrl": exmail.BaseURL(), "corpId": fromTencent.CorpID,
			"contactSecret": exmail.Secret(fromTencent.Contacts), "logSecret": exmail.Secret(fromTencent.Logs),
		})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		// The person presses Ctrl-C once a few days have come.
		exmail.Fail(trouble.Fault{Path: "log/mail", Pass: 10, Before: stop})
		exit, all := v.run(ctx, "records", "fetch", "--office", file, "--state", v.state)
		sum := all[len(all)-1]
		if exit != exitInterrupted || sum["event"] != "summary" || sum["new"].(float64) == 0 || sum["errors"].([]any)[0].(map[string]any)["code"] != "canceled" {
			t.Fatalf("%d %v", exit, all)
		}
		all = v.must(exitOK, "records", "fetch", "--office", file, "--since", now.AddDate(0, 0, -60).Format(time.DateOnly), "--state", v.state)
		if more := all[len(all)-1]; more["new"].(float64)+sum["new"].(float64) < 40*16*2 {
			t.Errorf("%v and then %v", sum, more)
		}
	})
}

// A real server with mail really sent: one that is delivered, one that waits, one that
// comes back, and sign-ins with the right and a wrong password.
// A day that the provider cannot tell is missing, and a script hears of it.
func TestADayThatIsAnsweredWithAnErrorIsTold(t *testing.T) {
	s := fromTencent.New(vendorOffice)
	defer s.Close()
	s.Fill(3, 1)
	s.FillLogs(time.Now().Add(-2*time.Hour), 3, 4)
	v := newTerminal(t)
	file := v.office(map[string]string{"provider": "tencent", "domain": vendorOffice, "baseUrl": s.BaseURL(), "corpId": fromTencent.CorpID,
		"contactSecret": s.Secret(fromTencent.Contacts), "logSecret": s.Secret(fromTencent.Logs)})
	args := []string{"records", "fetch", "--office", file, "--state", v.state, "--kind", "received", "--since", time.Now().AddDate(0, 0, -2).Format(time.DateOnly)}
	s.Fail(trouble.Fault{Path: "log/mail", Pass: 1, Status: 200, Body: `{"errcode":601002,"errmsg":"time over the limit"}`})
	all := v.must(exitLeft, args...)
	if gaps := all[len(all)-2]["gaps"].([]any); len(gaps) != 1 || gaps[0].(map[string]any)["why"] != "refused" || all[len(all)-1]["exit"] != float64(exitLeft) {
		t.Errorf("%v", all)
	}
	v.must(exitOK, args...)
}

func TestRecordsOfARealServerAreFetchedInTheTerminal(t *testing.T) {
	m := servers.Mox(t)
	ctx := t.Context()
	made, err := hurried(mox.Maker()).New(provider.Config{Domain: m.Domain, BaseURL: m.URL, Secret: map[string]secret.Value{"password": secret.NewValue(m.Password)}})
	if err != nil {
		t.Fatal(err)
	}
	o := made.(*mox.Office)
	defer o.Close()
	person := func(name string) servers.User {
		u := servers.User{Name: name + "@" + m.Domain, Password: "Start-4711-here"}
		if _, err := o.CreatePerson(ctx, provider.NewPerson{Person: provider.Person{Address: u.Name, Quota: -1}, Password: secret.NewValue(u.Password)}); err != nil {
			t.Fatal(err)
		}
		return u
	}
	anna, bert := person("anna"), person("bert")
	for step, err := range map[string]error{
		"keep": m.KeepDone(ctx, anna, time.Hour), "welcome": m.Welcome(ctx, "bert", bert), "hold": m.Hold(ctx, "slow.example.net"), "hold both": m.Hold(ctx, "gone.example.net"),
	} {
		if err != nil {
			t.Fatal(step, err)
		}
	}
	for to, subject := range map[string]string{bert.Name: "offer", "zhou@slow.example.net": "waits", "zhou@gone.example.net": "returns"} {
		if err := m.Send(anna, to, subject); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.GiveUp(ctx, "anna", "gone.example.net"); err != nil {
		t.Fatal(err)
	}
	if err := m.TryIMAP(ctx, bert); err != nil {
		t.Fatal(err)
	}
	if m.TryIMAP(ctx, servers.User{Name: bert.Name, Password: "mistyped"}) == nil || m.Send(servers.User{Name: anna.Name, Password: "mistyped"}, bert.Name, "never") == nil {
		t.Error("a wrong password signs in")
	}
	v := newTerminal(t)
	file := v.office(map[string]string{"provider": "mox", "domain": m.Domain, "address": m.URL, "password": m.Password})
	found := map[string]map[string]any{}
	missing := func() (all []string) {
		for _, want := range []string{
			"offer sent delivered", "waits sent pending", "returns sent bounced", "signin ok imap", "signin refused imap", "signin ok smtp", "signin refused smtp",
		} {
			if found[want] == nil {
				all = append(all, want)
			}
		}
		return all
	}
	for end := time.Now().Add(time.Minute); len(missing()) > 0 && time.Now().Before(end); {
		time.Sleep(200 * time.Millisecond) // mox delivers and writes sign-ins down when it has time, and tells nobody
		v.must(exitOK, "records", "fetch", "--office", file, "--since", time.Now().AddDate(0, 0, -50).Format(time.DateOnly), "--state", v.state)
		for _, e := range v.must(exitOK, "records", "search", "--limit", "500", "--state", v.state) {
			if e["kind"] == "sent" {
				found[fmt.Sprint(e["subject"], " sent ", e["outcome"])] = e
			} else if e["event"] == "record" {
				found[fmt.Sprint("signin ", e["outcome"], " ", e["method"])] = e
			}
		}
	}
	if lost := missing(); len(lost) > 0 {
		t.Fatalf("no %v among %v", lost, found)
	}
	if mail := found["returns sent bounced"]; mail["from"] != anna.Name || mail["to"].([]any)[0] != "zhou@gone.example.net" || mail["source"] != "mox" {
		t.Errorf("%v", mail)
	}
	all := v.must(exitOK, "records", "fetch", "--office", file, "--kind", "sent", "--state", v.state)
	for _, e := range all {
		if e["event"] != "fetched" {
			continue
		}
		if gaps := e["gaps"].([]any); e["kind"] != "sent" || len(gaps) != 1 || gaps[0].(map[string]any)["why"] != "partial" {
			t.Errorf("the queue is no complete log: %v", e)
		}
	}
	if exit, _ := v.run(ctx, "records", "search", "kind:received", "--state", v.state); exit != exitLeft {
		t.Error("mox has no log of what came in")
	}
}
