package tencent

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// The limits of tags (docs #10050 and #10054).
const (
	mostTagName    = 32 // characters
	mostTagPeople  = 1000
	mostTagParties = 100
)

// tagID is the vendor's ID of a tag. What is no number names none.
func tagID(op, id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		return 0, core.E(core.NotFound, op, nil)
	}
	return n, nil
}

// Tags lists all tags by name; who has them [Office.Tag] tells. Doc #10056.
func (o *Office) Tags(ctx context.Context) ([]provider.Tag, error) {
	var answer struct {
		List []struct {
			ID   *number `json:"tagid"`
			Name text    `json:"tagname"`
		} `json:"taglist"`
	}
	if err := o.get(ctx, fieldContacts, "list tags", "tag/list", nil, &answer); err != nil {
		return nil, err
	}
	tags := make([]provider.Tag, 0, len(answer.List))
	for _, t := range answer.List {
		if t.ID != nil {
			tags = append(tags, provider.Tag{ID: strconv.FormatInt(int64(*t.ID), 10), Name: string(t.Name), Partial: true})
		}
	}
	return tags, nil
}

// Tag reads one with everybody who has it. Doc #10053.
func (o *Office) Tag(ctx context.Context, id string) (provider.Tag, error) {
	const op = "read tag"
	n, err := tagID(op, id)
	if err != nil {
		return provider.Tag{}, err
	}
	var answer struct {
		Name  *text `json:"tagname"`
		Users []struct {
			ID string `json:"userid"`
		} `json:"userlist"`
		Parties []number `json:"partylist"`
	}
	if err := o.get(ctx, fieldContacts, op, "tag/get", url.Values{"tagid": {strconv.FormatInt(n, 10)}}, &answer); err != nil {
		return provider.Tag{}, err
	}
	if answer.Name == nil {
		return provider.Tag{}, core.E(core.Malformed, op, nil)
	}
	t := provider.Tag{ID: id, Name: string(*answer.Name)}
	for _, u := range answer.Users {
		if address := strings.ToLower(strings.TrimSpace(u.ID)); address != "" && !slices.Contains(t.People, address) {
			t.People = append(t.People, address)
		}
	}
	for _, p := range answer.Parties {
		t.Departments = append(t.Departments, departmentName(p))
	}
	return t, nil
}

// tagBody is what the calls that change a tag take.
type tagBody struct {
	ID   *int64 `json:"tagid,omitempty"`
	Name string `json:"tagname,omitempty"`
}

// tagNameFits: up to 32 characters.
func tagNameFits(op, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrName), "reason", "missing")
	case utf8.RuneCountInString(name) > mostTagName:
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrName), "reason", "length")
	}
	return sayable(op, provider.AttrName, name, 0)
}

// CreateTag creates a tag and gives it to people and departments. Doc #10050.
func (o *Office) CreateTag(ctx context.Context, t provider.Tag) (provider.Tag, error) {
	const op = "create tag"
	if err := tagNameFits(op, t.Name); err != nil {
		return provider.Tag{}, err
	}
	var answer struct {
		ID *number `json:"tagid"`
	}
	err := o.do(ctx, fieldContacts, wire.Call{
		Op: op, Method: http.MethodPost, Path: "/tag/create", Body: tagBody{Name: t.Name}, Into: &answer, Once: true,
	})
	if err != nil {
		return provider.Tag{}, err
	}
	if answer.ID == nil {
		return provider.Tag{}, core.E(core.Malformed, op, nil)
	}
	t.ID, t.Partial = strconv.FormatInt(int64(*answer.ID), 10), false
	return t, o.UpdateTag(ctx, t.ID, provider.Tag{Name: t.Name}.Difference(t))
}

// UpdateTag renames a tag, and gives it to people and departments or takes it from them.
// Docs #10051, #10054, #10055.
func (o *Office) UpdateTag(ctx context.Context, id string, c provider.TagChange) error {
	const op = "update tag"
	n, err := tagID(op, id)
	if err != nil {
		return err
	}
	if c.Name != nil {
		if err := tagNameFits(op, *c.Name); err != nil {
			return err
		}
		if err := o.post(ctx, fieldContacts, op, "tag/update", tagBody{ID: &n, Name: *c.Name}, nil); err != nil {
			return err
		}
	}
	if err := o.tagged(ctx, op, "tag/addtagusers", n, c.AddPeople, c.AddDepartments); err != nil {
		return err
	}
	return o.tagged(ctx, op, "tag/deltagusers", n, c.RemovePeople, c.RemoveDepartments)
}

// taggedBody is what tag/addtagusers and tag/deltagusers take.
type taggedBody struct {
	ID      int64    `json:"tagid"`
	Users   []string `json:"userlist,omitempty"`
	Parties []int64  `json:"partylist,omitempty"`
}

// tagged gives a tag to people and departments or takes it from them, so many at a time.
func (o *Office) tagged(ctx context.Context, op, path string, tag int64, people, departments []string) error {
	people = lower(people)
	parties := make([]int64, 0, len(departments))
	for _, d := range departments {
		n, ok := departmentID(d)
		if !ok {
			return core.E(core.Invalid, op, nil, "field", string(provider.AttrDepartments), "reason", "unknown")
		}
		parties = append(parties, n)
	}
	for len(people)+len(parties) > 0 {
		body := taggedBody{ID: tag, Users: people[:min(len(people), mostTagPeople)], Parties: parties[:min(len(parties), mostTagParties)]}
		people, parties = people[len(body.Users):], parties[len(body.Parties):]
		var answer struct {
			People  text     `json:"invalidlist"` // joined by bars
			Parties []number `json:"invalidparty"`
		}
		err := o.post(ctx, fieldContacts, op, path, body, &answer)
		if path == "tag/deltagusers" && core.ArgsOf(err)["vendorCode"] == "40031" {
			err = nil // all of them are unknown, so none has it
		}
		if err != nil {
			return err
		}
		if path != "tag/addtagusers" {
			continue // who is unknown has no tag
		}
		switch first, _, _ := strings.Cut(string(answer.People), "|"); {
		case first != "":
			return core.E(core.Invalid, op, nil, "field", string(provider.AttrMembers), "reason", "unknown", "address", first)
		case len(answer.Parties) > 0:
			return core.E(core.Invalid, op, nil, "field", string(provider.AttrDepartments), "reason", "unknown")
		}
	}
	return nil
}

// DeleteTag deletes a tag; those who had it stay. Doc #10052.
func (o *Office) DeleteTag(ctx context.Context, id string) error {
	const op = "delete tag"
	n, err := tagID(op, id)
	if err != nil {
		return err
	}
	return o.do(ctx, fieldContacts, wire.Call{
		Op: op, Method: http.MethodGet, Path: "/tag/delete", Query: url.Values{"tagid": {strconv.FormatInt(n, 10)}}, Deletes: true,
	})
}
