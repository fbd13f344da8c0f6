package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/alimail"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// session runs the command; say sends a line and returns the answer.
func session(t *testing.T, kind string) (office map[string]string, say func(string) string) {
	in, input := io.Pipe()
	output, out := io.Pipe()
	file := filepath.Join(t.TempDir(), "office.json")
	done := make(chan error, 1)
	go func() {
		done <- run(t.Context(), kind, file, order{"office.example", 30, 5, 2}, in, out)
		_ = out.Close()
	}()
	lines := bufio.NewScanner(output)
	if !lines.Scan() {
		t.Fatal(<-done)
	}
	if err := json.Unmarshal(lines.Bytes(), &office); err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	if raw, err := os.ReadFile(file); err != nil || json.Unmarshal(raw, &kept) != nil || kept["baseUrl"] != office["baseUrl"] {
		t.Errorf("the file holds %v, %v", kept, err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return office, func(line string) string {
		t.Helper()
		if _, err := io.WriteString(input, line+"\n"); err != nil || !lines.Scan() {
			t.Fatalf("%s: %v %v", line, err, lines.Err())
		}
		return lines.Text()
	}
}

// connect makes the adapter that the office file is for.
func connect(t *testing.T, m provider.Maker, office map[string]string) provider.Provider {
	t.Helper()
	c := provider.Config{Domain: office["domain"], BaseURL: office["baseUrl"], Values: map[string]string{}, Secret: map[string]secret.Value{}, Pace: 1e6}
	if office["provider"] != string(m.ID) {
		t.Fatalf("the file is for %s", office["provider"])
	}
	for _, f := range m.Fields {
		value := office[f.Key]
		if f.Kind == provider.FieldSecret || f.Kind == provider.FieldKey {
			c.Secret[f.Key] = secret.NewValue(value)
		} else {
			c.Values[f.Key] = value
		}
	}
	p, err := m.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if closer, ok := p.(io.Closer); ok {
		t.Cleanup(func() { _ = closer.Close() })
	}
	return p
}

func TestTheOfficeFileConnectsTencentsAdapter(t *testing.T) {
	office, say := session(t, "tencent")
	p := connect(t, tencent.Maker(), office)
	if err := p.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	people, _, err := p.People(t.Context(), "")
	if err != nil || len(people) == 0 {
		t.Fatalf("%d people, %v", len(people), err)
	}
	if shown := say("show " + people[0].Address); !strings.Contains(shown, people[0].Name) {
		t.Errorf("shown: %s", shown)
	}
	if shown := say("show nobody@office.example"); shown != "null" {
		t.Errorf("nobody is shown as %s", shown)
	}
	before := say("count gettoken")
	if before == "0" || say("expire") != `"ok"` || p.Check(t.Context()) != nil || say("count gettoken") == before {
		t.Errorf("after %s tokens, ended ones are not renewed", before)
	}
	if say(`fail {"path":"user/get","times":-1,"body":"{\"errcode\":60011,\"errmsg\":\"no privilege\"}"}`) != `"ok"` {
		t.Error("no fault")
	}
	if _, err := p.Person(t.Context(), people[0].ID); core.CodeOf(err) != core.Forbidden {
		t.Errorf("without the right: %v", err)
	}
	if say("heal") != `"ok"` {
		t.Error("not healed")
	}
	if _, err := p.Person(t.Context(), people[0].ID); err != nil {
		t.Error(err)
	}
	if !strings.Contains(say("dance"), "no such request") {
		t.Error("nonsense is answered")
	}
}

func TestTheOfficeFilesConnectTheOtherAdapters(t *testing.T) {
	for kind, m := range map[string]provider.Maker{
		"netease": netease.Open(), "netease-classic": netease.Classic(), "alimail": alimail.Maker(),
	} {
		office, say := session(t, kind)
		p := connect(t, m, office)
		if err := p.Check(t.Context()); err != nil {
			t.Errorf("%s: %v %v", kind, err, core.ArgsOf(err))
			continue
		}
		people, next, err := p.People(t.Context(), "")
		for err == nil && len(people) == 0 && next != "" { // a department without people is a page of its own
			people, next, err = p.People(t.Context(), next)
		}
		if err != nil || len(people) == 0 {
			t.Errorf("%s: %d people, %v", kind, len(people), err)
			continue
		}
		if shown := say("show " + people[0].Address); !strings.Contains(shown, people[0].Name) {
			t.Errorf("%s shows %s", kind, shown)
		}
	}
}

func TestEveryVendorStartsAndEnds(t *testing.T) {
	for kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			office, say := session(t, kind)
			at := office["baseUrl"]
			if kind == "mox" { // a real server: its address is a field of the form, and nothing counts
				at = office["address"]
			} else if n := say("count"); n != "0" {
				t.Errorf("%s requests came before the first", n)
			}
			if at == "" || office["domain"] != "office.example" || office["provider"] != kind {
				t.Errorf("%v", office)
			}
		})
	}
	if err := run(t.Context(), "fax", "", order{}, strings.NewReader(""), io.Discard); err == nil {
		t.Error("a fax was started")
	}
}
