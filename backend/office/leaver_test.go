package office_test

import (
	"slices"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// Whoever is deleted is on lists: the preview names them, and says whether they go too.
func TestADeletionTellsOfTheLists(t *testing.T) {
	b := newBureau(t)
	at := "@" + b.domain()
	list := office.Change{Kind: office.CreateList, List: provider.List{Address: "few" + at, Name: "几个", Members: []string{"anna" + at}, Policy: provider.PolicyAnyone}}
	b.do(b.somebody("anna"), b.somebody("bert"), list)
	for local, want := range map[string][]string{"anna": {"few" + at}, "bert": nil} {
		s := b.preview(office.Change{Kind: office.DeletePerson, Target: b.person(local + at).ID}).Steps[0]
		if !slices.Equal(s.Lists, want) || s.ListsStay {
			t.Errorf("%s: %v %v", local, s.Lists, s.ListsStay)
		}
	}
	b.vendor.stays = true
	if _, err := b.house.SetReadOnly(t.Context(), b.id, false); err != nil { // what it can do is asked again
		t.Fatal(err)
	}
	if s := b.preview(office.Change{Kind: office.DeletePerson, Target: b.person("anna" + at).ID}).Steps[0]; !s.ListsStay {
		t.Errorf("%+v", s)
	}
}
