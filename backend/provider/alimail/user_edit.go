package alimail

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
)

// The values of a user's status.
const (
	normal = "NORMAL"
	frozen = "FREEZE"
)

// userBody is what creating and changing take; what is nil stays as it is.
type userBody struct {
	Email       *string   `json:"email,omitempty"`
	Password    *string   `json:"password,omitempty"`
	Name        *string   `json:"name,omitempty"`
	Departments *[]string `json:"departmentIds,omitempty"`
	JobTitle    *string   `json:"jobTitle,omitempty"`
	Phone       *string   `json:"phone,omitempty"`
	WorkPhone   *string   `json:"workPhone,omitempty"`
	EmployeeNo  *string   `json:"employeeNo,omitempty"`
	Info        *string   `json:"info,omitempty"`
	Hidden      *bool     `json:"isHidden,omitempty"`
	MustChange  *bool     `json:"forceChangePasswordNextSignIn,omitempty"`
	Status      *string   `json:"status,omitempty"`
}

func body(op string, c provider.PersonChange) (userBody, error) {
	b := userBody{
		Name: c.Name, JobTitle: c.Title, Phone: c.Mobile, WorkPhone: c.Phone, EmployeeNo: c.StaffNo, Info: c.Remark, Hidden: c.Hidden,
	}
	if c.Name != nil && strings.TrimSpace(*c.Name) == "" {
		return b, core.E(core.Invalid, op, nil, "field", string(provider.AttrName), "reason", "missing")
	}
	if c.Departments != nil {
		ids := []string{}
		for _, id := range *c.Departments {
			if id = vendors(id); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 { // nobody is in none
			ids = append(ids, root)
		}
		b.Departments = &ids
	}
	return b, nil
}

// CreatePerson creates a user.
func (o *Office) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
	const op = "create user"
	b, err := o.newUser(op, p)
	if err != nil {
		return provider.Person{}, err
	}
	var made user
	err = o.do(ctx, wire.Call{Op: op, Method: http.MethodPost, Path: "/v2/users", Body: b, Into: &made, Once: true, Hide: []secret.Value{p.Password}})
	if err != nil {
		return provider.Person{}, o.taken(ctx, *b.Email, about(err, core.NotFound, provider.AttrDepartments))
	}
	p.Address, p.Status, p.Quota, p.Used = *b.Email, provider.Active, -1, -1
	if p.ID = made.ID; p.ID == "" {
		p.ID = p.Address
	}
	return p.Person, nil
}

func (o *Office) newUser(op string, p provider.NewPerson) (userBody, error) {
	if err := o.caps.CanCreate(p); err != nil {
		return userBody{}, err
	}
	address, password := strings.ToLower(strings.TrimSpace(p.Address)), p.Password.Reveal()
	if !addressLike(address) {
		return userBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrAddress))
	}
	if password == "" {
		return userBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrPassword), "reason", "missing")
	}
	change := provider.PersonChange{Name: &p.Name, Departments: &p.Departments}
	for _, v := range []struct {
		from string
		to   **string
	}{{p.Title, &change.Title}, {p.Mobile, &change.Mobile}, {p.Phone, &change.Phone}, {p.StaffNo, &change.StaffNo}, {p.Remark, &change.Remark}} {
		if v.from != "" {
			*v.to = &v.from
		}
	}
	b, err := body(op, change)
	if err != nil {
		return userBody{}, err
	}
	must := p.MustChange == provider.Yes
	b.Email, b.Password, b.MustChange = &address, &password, &must
	if p.Hidden != provider.Unknown {
		hidden := p.Hidden == provider.Yes
		b.Hidden = &hidden
	}
	return b, nil
}

func addressLike(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	return ok && local != "" && domain != "" && len(address) <= 320 && !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// taken finds out, after a refusal that says nothing certain, whether the address was
// in use.
func (o *Office) taken(ctx context.Context, address string, err error) error {
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Code != core.Invalid && e.Code != core.Rejected || e.Args["field"] != "" {
		return err
	}
	if _, readErr := o.user(ctx, "read user", address); readErr == nil {
		e.Code, e.Args["field"] = core.Conflict, string(provider.AttrAddress)
	}
	return err
}

// UpdatePerson changes a user.
func (o *Office) UpdatePerson(ctx context.Context, id string, c provider.PersonChange) error {
	const op = "update user"
	if err := o.caps.CanUpdate(c); err != nil {
		return err
	}
	b, err := body(op, c)
	if err != nil {
		return err
	}
	return o.patch(ctx, op, id, b)
}

func (o *Office) patch(ctx context.Context, op, id string, b userBody) error {
	if err := named(op, id); err != nil {
		return err
	}
	if b == (userBody{}) { // nothing is to be different; what an empty change does is not described
		_, err := o.user(ctx, op, id)
		return err
	}
	return o.do(ctx, wire.Call{Op: op, Method: http.MethodPatch, Path: userPath(id), Body: b})
}

// DeletePerson deletes a user; nothing public tells of a way back.
func (o *Office) DeletePerson(ctx context.Context, id string) error {
	const op = "delete user"
	if err := named(op, id); err != nil {
		return err
	}
	return o.do(ctx, wire.Call{Op: op, Method: http.MethodDelete, Path: userPath(id), Deletes: true})
}

// SuspendPerson freezes a user.
func (o *Office) SuspendPerson(ctx context.Context, id string) error {
	status := frozen
	return o.patch(ctx, "suspend user", id, userBody{Status: &status})
}

// ResumePerson ends a freeze.
func (o *Office) ResumePerson(ctx context.Context, id string) error {
	status := normal
	return o.patch(ctx, "resume user", id, userBody{Status: &status})
}

// SetHidden hides a user in the address book or shows the user again.
func (o *Office) SetHidden(ctx context.Context, id string, hidden bool) error {
	return o.patch(ctx, "set visibility", id, userBody{Hidden: &hidden})
}

// SetPassword sets a user's password.
func (o *Office) SetPassword(ctx context.Context, id string, password secret.Value, mustChange bool) error {
	const op = "set password"
	if password.IsZero() {
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrPassword), "reason", "missing")
	}
	if err := named(op, id); err != nil {
		return err
	}
	return o.do(ctx, wire.Call{
		Op: op, Method: http.MethodPost, Path: userPath(id) + "/resetPassword", Hide: []secret.Value{password},
		Body: map[string]string{"password": password.Reveal(), "forceChangePasswordNextSignIn": strconv.FormatBool(mustChange)},
	})
}

// PasswordRule is empty: what the vendor demands is set in its console and not told.
func (o *Office) PasswordRule() provider.PasswordRule { return provider.PasswordRule{} }
