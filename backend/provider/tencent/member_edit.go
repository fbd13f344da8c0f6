package tencent

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// memberBody is what user/create and user/update take; what is nil stays as it is.
// gender is a text on purpose: with a number the vendor garbles the Chinese of the
// other fields.
type memberBody struct {
	UserID     string    `json:"userid"`
	Name       *string   `json:"name,omitempty"`
	Department []int64   `json:"department,omitempty"`
	Position   *string   `json:"position,omitempty"`
	Mobile     *string   `json:"mobile,omitempty"`
	Tel        *string   `json:"tel,omitempty"`
	ExtID      *string   `json:"extid,omitempty"`
	Gender     *string   `json:"gender,omitempty"`
	Slaves     *[]string `json:"slaves,omitempty"`
	Password   *string   `json:"password,omitempty"`
	MustChange *int      `json:"cpwd_login,omitempty"`
	Enable     *int      `json:"enable,omitempty"`
}

const mostTitle = 64 // bytes

// memberBody checks values and words them for the vendor. Docs #10014 and #10015.
func (o *Office) memberBody(op string, c provider.PersonChange) (memberBody, error) {
	var b memberBody
	for _, v := range []struct {
		from  *string
		to    **string
		field provider.Attr
		most  int
	}{
		{c.Name, &b.Name, provider.AttrName, mostName},
		{c.Title, &b.Position, provider.AttrTitle, mostTitle},
		{c.Mobile, &b.Mobile, provider.AttrMobile, 0},
		{c.Phone, &b.Tel, provider.AttrPhone, 0},
		{c.StaffNo, &b.ExtID, provider.AttrStaffNo, 0},
	} {
		if v.from == nil {
			continue
		}
		if err := sayable(op, v.field, *v.from, v.most); err != nil {
			return b, err
		}
		*v.to = v.from
	}
	if c.Gender != nil {
		said, known := map[string]string{"male": "1", "female": "2", "": "0"}[*c.Gender]
		if !known {
			return b, core.E(core.Invalid, op, nil, "field", string(provider.AttrGender))
		}
		b.Gender = &said
	}
	if c.Departments != nil {
		ids, err := departmentIDs(op, *c.Departments)
		if err != nil {
			return b, err
		}
		b.Department = ids
	}
	return b, nil
}

// departmentIDs words a person's departments; nobody is in none: the root then.
func departmentIDs(op string, ids []string) ([]int64, error) {
	wrong := func(reason string) error {
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrDepartments), "reason", reason)
	}
	if len(ids) > mostDepartments {
		return nil, wrong("too_many")
	}
	numbers := make([]int64, 0, max(1, len(ids)))
	for _, id := range ids {
		n, ok := departmentID(id)
		if !ok {
			return nil, wrong("unknown")
		}
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) == 0 {
		numbers = append(numbers, rootID)
	}
	return numbers, nil
}

// CreatePerson creates a member. Doc #10014.
func (o *Office) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
	const op = "create member"
	body, err := o.newMember(op, p)
	if err != nil {
		return provider.Person{}, err
	}
	err = o.do(ctx, fieldContacts, wire.Call{
		Op: op, Method: http.MethodPost, Path: "/user/create", Body: body, Once: true, Hide: []secret.Value{p.Password},
	})
	if err != nil {
		return provider.Person{}, o.taken(ctx, body.UserID, departmentUnknown(err))
	}
	made := p.Person
	made.ID, made.Address, made.Status, made.Quota, made.Used = body.UserID, body.UserID, provider.Active, -1, -1
	made.MustChange, made.Partial = flag(*body.MustChange == 1), o.caps.Can(provider.CanSetSignIn)
	return made, nil
}

func (o *Office) newMember(op string, p provider.NewPerson) (memberBody, error) {
	if err := o.caps.CanCreate(p); err != nil {
		return memberBody{}, err
	}
	address := strings.ToLower(strings.TrimSpace(p.Address))
	if addressLike(op, address) != nil {
		return memberBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrAddress))
	}
	if strings.TrimSpace(p.Name) == "" {
		return memberBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrName), "reason", "missing")
	}
	if err := passwordFits(op, p.Password); err != nil {
		return memberBody{}, err
	}
	if len(p.Aliases) > mostAliases {
		return memberBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrAliases), "reason", "too_many")
	}
	change := provider.PersonChange{Name: &p.Name, Departments: &p.Departments}
	for _, v := range []struct {
		from string
		to   **string
	}{{p.Title, &change.Title}, {p.Mobile, &change.Mobile}, {p.Phone, &change.Phone}, {p.StaffNo, &change.StaffNo}, {p.Gender, &change.Gender}} {
		if v.from != "" {
			*v.to = &v.from
		}
	}
	body, err := o.memberBody(op, change)
	if err != nil {
		return memberBody{}, err
	}
	password, must := p.Password.Reveal(), 0
	if p.MustChange == provider.Yes {
		must = 1
	}
	body.UserID, body.Password, body.MustChange = address, &password, &must
	if len(p.Aliases) > 0 {
		aliases := make([]string, 0, len(p.Aliases))
		for _, a := range p.Aliases {
			a = strings.ToLower(strings.TrimSpace(a))
			if addressLike(op, a) != nil {
				return memberBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrAliases), "reason", "address")
			}
			aliases = append(aliases, a)
		}
		body.Slaves = &aliases
	}
	return body, nil
}

// departmentUnknown: where a person is created or changed, "no such department" is
// about a value, not about the person.
func departmentUnknown(err error) error {
	for _, number := range []string{"60003", "60123"} {
		err = reread(err, number, meaning{code: core.Invalid, field: provider.AttrDepartments, reason: "unknown"})
	}
	return err
}

// taken asks, after a refusal whose number says nothing certain, whether the address
// was in use: the numbers of this API are not published.
func (o *Office) taken(ctx context.Context, address string, err error) error {
	if code := core.CodeOf(err); code != core.Rejected && code != core.Invalid || core.ArgsOf(err)["field"] != "" {
		return err
	}
	uses, checkErr := o.CheckAddresses(ctx, []string{address})
	if checkErr != nil {
		return err
	}
	switch uses[address] {
	case provider.UsePerson, provider.UseAlias, provider.UseList:
		return reread(err, core.ArgsOf(err)["vendorCode"], meaning{code: core.Conflict, field: provider.AttrAddress})
	}
	return err
}

// UpdatePerson changes a member. Doc #10015.
func (o *Office) UpdatePerson(ctx context.Context, id string, c provider.PersonChange) error {
	const op = "update member"
	if err := o.caps.CanUpdate(c); err != nil {
		return err
	}
	body, err := o.memberBody(op, c)
	if err != nil {
		return err
	}
	return departmentUnknown(o.update(ctx, op, id, body))
}

// update sends a change of one member.
func (o *Office) update(ctx context.Context, op, id string, body memberBody, hide ...secret.Value) error {
	if err := addressLike(op, id); err != nil {
		return err
	}
	body.UserID = id
	return unknownPerson(o.do(ctx, fieldContacts, wire.Call{Op: op, Method: http.MethodPost, Path: "/user/update", Body: body, Hide: hide}))
}

// DeletePerson deletes a member; the API knows no way back. Doc #10016.
func (o *Office) DeletePerson(ctx context.Context, id string) error {
	const op = "delete member"
	if err := addressLike(op, id); err != nil {
		return err
	}
	return unknownPerson(o.do(ctx, fieldContacts, wire.Call{
		Op: op, Method: http.MethodGet, Path: "/user/delete", Query: url.Values{"userid": {id}}, Deletes: true,
	}))
}

// SuspendPerson switches a member off.
func (o *Office) SuspendPerson(ctx context.Context, id string) error {
	off := 0
	return o.update(ctx, "suspend member", id, memberBody{Enable: &off})
}

// ResumePerson switches a member on.
func (o *Office) ResumePerson(ctx context.Context, id string) error {
	on := 1
	return o.update(ctx, "resume member", id, memberBody{Enable: &on})
}

// SetPassword sets a member's password.
func (o *Office) SetPassword(ctx context.Context, id string, password secret.Value, mustChange bool) error {
	const op = "set password"
	if err := passwordFits(op, password); err != nil {
		return err
	}
	text, must := password.Reveal(), 0
	if mustChange {
		must = 1
	}
	return o.update(ctx, op, id, memberBody{Password: &text, MustChange: &must}, password)
}

// PasswordRule is what docs #10014 and #10015 say: letters and digits. What else the
// vendor demands is not published.
func (o *Office) PasswordRule() provider.PasswordRule {
	return provider.PasswordRule{Letters: true, Digits: true}
}

func passwordFits(op string, password secret.Value) error {
	text := password.Reveal()
	letter := strings.ContainsFunc(text, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) })
	digit := strings.ContainsFunc(text, func(r rune) bool { return '0' <= r && r <= '9' })
	if !letter || !digit {
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrPassword), "reason", "rule")
	}
	return sayable(op, provider.AttrPassword, text, 0)
}
