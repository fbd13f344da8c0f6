package api

import (
	"reflect"
	"slices"
	"testing"

	"mailroom/backend/core"
)

// harmlessAtFrontDesk are the methods that touch neither the office's data nor its
// provider: the window's own, dialogs of the computer, texts that the page hands in, and
// the doctor's looks at the public DNS.
var harmlessAtFrontDesk = []string{
	"App.Info", "App.Startup", "App.OpenLink", "App.Cancel", "App.CloseAsked", "App.Quit", "App.Notify", "App.WriteMail",
	"App.Events", "People.Pick", "Invites.Pick", "Intake.Pick", "Lists.Pick", "Staff.SaveRows", "Providers.Explain", "Providers.ExplainMail",
	"Endpoints.PickCA", "Endpoints.PickArchive", "People.PickFile", "People.SaveTemplate", "People.Check", "People.SaveTable", "SignIns.PickKeyFile",
	"Providers.List", "Providers.Find", "Records.Question", "RecordSources.PickFiles",
}

// allowedMethods are those that a locked program answers.
var allowedMethods = []string{
	"Records.Search", "Records.Row", "Records.Saved", "RecordLookup.Ask", "RecordLookup.Trace", "RecordSources.State", "Offices.List", "App.Settings",
	"FrontDesk.State", "FrontDesk.Leave", "FrontDesk.Names", "FrontDesk.SetLanguage",
}

// Every method that is bound to the page is called while the program is locked: what is
// not for the front desk is refused, and a new method is refused unless somebody lists
// it here with open eyes.
func TestALockedProgramAnswersTheFrontDeskAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, administering)
	o := h.office()
	if _, err := h.frontDesk.Lock(o.ID, "short"); core.ArgsOf(err)["field"] != "password" {
		t.Errorf("a short password: %v", err)
	}
	if s := must(h.frontDesk.Lock(o.ID, "right horse battery"))(t); !s.Locked || s.OfficeID != o.ID {
		t.Fatalf("%+v", s)
	}
	if s := must(h.frontDesk.SetLanguage(LanguageEnglish))(t); s.Language != LanguageEnglish {
		t.Errorf("%+v", s)
	}
	h.close()
	h = open(t, dir, administering) // it stays locked
	if s := must(h.frontDesk.State())(t); !s.Locked || s.Language != LanguageEnglish {
		t.Errorf("after a restart: %+v", s)
	}
	if names := must(h.frontDesk.Names(o.ID))(t); len(names) != 12 || names[0].Name == "" || names[0].Address == "" {
		t.Errorf("%+v", names)
	}
	if _, err := h.frontDesk.Names("another"); core.CodeOf(err) != core.Forbidden {
		t.Errorf("names of another office: %v", err)
	}
	if s := must(h.sources.State(o.ID))(t); len(s.Folders) != 0 {
		t.Errorf("folders of this computer are shown: %+v", s.Folders)
	}
	for _, service := range h.Services() {
		v := reflect.ValueOf(service)
		for i := range v.NumMethod() {
			name := v.Elem().Type().Name() + "." + v.Type().Method(i).Name
			if slices.Contains(harmlessAtFrontDesk, name) || slices.Contains(allowedMethods, name) || doctors(v.Elem().Type().Name()) {
				continue
			}
			m := v.Method(i)
			args := make([]reflect.Value, m.Type().NumIn())
			for k := range args {
				args[k] = reflect.Zero(m.Type().In(k))
			}
			out := m.Call(args)
			err, _ := out[len(out)-1].Interface().(error)
			if core.CodeOf(err) != core.Forbidden || core.ArgsOf(err)["reason"] != "front_desk" {
				t.Errorf("%s is not refused: %v", name, err)
			}
		}
	}
	if _, err := h.lookup.Ask("", o.ID, "发票"); err != nil {
		t.Errorf("a question: %v", err)
	}
	if _, err := h.lookup.Ask("", "another", "发票"); core.CodeOf(err) != core.Forbidden {
		t.Errorf("another office: %v", err)
	}
	if _, err := h.frontDesk.Leave("wrong horse"); core.CodeOf(err) != core.Unauthenticated {
		t.Errorf("a wrong password: %v", err)
	}
	if s := must(h.frontDesk.Leave("right horse battery"))(t); s.Locked {
		t.Errorf("%+v", s)
	}
	must(h.directory.Snapshot(o.ID))(t)
}

// doctors look at what anybody can see from outside.
func doctors(service string) bool {
	return slices.Contains([]string{"Doctor", "Readers", "Guides", "TestLetter", "Monitoring", "SupportSheet", "Certificates"}, service)
}
