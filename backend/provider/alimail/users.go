package alimail

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// user is one account as the vendor tells it.
type user struct {
	ID          string   `json:"id"`
	Email       string   `json:"email"`
	Aliases     []string `json:"emailAliases"`
	Name        string   `json:"name"`
	EmployeeNo  string   `json:"employeeNo"`
	JobTitle    string   `json:"jobTitle"`
	Phone       string   `json:"phone"`
	WorkPhone   string   `json:"workPhone"`
	Info        string   `json:"info"`
	Departments []string `json:"departmentIds"`
	Status      string   `json:"status"` // NORMAL or FREEZE
	Hidden      *bool    `json:"isHidden"`
	MustChange  *bool    `json:"forceChangePasswordNextSignIn"`
	Created     moment   `json:"createdTime"`
	LastLogin   moment   `json:"lastLoginTime"`
	LastClient  moment   `json:"lastLoginTime4StandardProtocol"` // IMAP, POP, SMTP
}

// moment is a time of the vendor's; what cannot be read is the zero time.
type moment struct{ time.Time }

// UnmarshalJSON reads ISO 8601 with or without a zone, which is then UTC.
func (m *moment) UnmarshalJSON(b []byte) error {
	s, err := strconv.Unquote(string(b))
	if err != nil {
		return nil // a number, or null: the vendor's own kind of time is a text
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", time.DateTime} {
		if t, err := time.Parse(form, s); err == nil {
			m.Time = t
			return nil
		}
	}
	return nil
}

// person maps a user; where says how to name departments.
func (u user) person(ours func(string) string) provider.Person {
	p := provider.Person{
		ID: u.ID, Address: strings.ToLower(u.Email), Name: u.Name, Title: u.JobTitle, Mobile: u.Phone, Phone: u.WorkPhone,
		StaffNo: u.EmployeeNo, Remark: u.Info, Hidden: flag(u.Hidden), MustChange: flag(u.MustChange), Quota: -1, Used: -1, Created: u.Created.Time,
		Status: provider.Active, LastSignIn: u.LastLogin.Time,
	}
	if p.ID == "" {
		p.ID = p.Address
	}
	if u.Status == frozen {
		p.Status = provider.Suspended
	}
	if u.LastClient.After(p.LastSignIn) {
		p.LastSignIn = u.LastClient.Time
	}
	for _, id := range u.Departments {
		if id = ours(id); id != provider.RootDepartment { // who is directly at the top is in no department of ours
			p.Departments = append(p.Departments, id)
		}
	}
	for _, a := range u.Aliases {
		if a = strings.ToLower(strings.TrimSpace(a)); a != "" && a != p.Address {
			p.Aliases = append(p.Aliases, a)
		}
	}
	return p
}

func flag(b *bool) provider.Flag {
	switch {
	case b == nil:
		return provider.Unknown
	case *b:
		return provider.Yes
	}
	return provider.No
}

// usersOf lists one page of a department's people.
func (o *Office) usersOf(ctx context.Context, op, id string, offset int) (users []user, total int, err error) {
	var answer struct {
		Users []user `json:"users"`
		Total int    `json:"total"`
	}
	err = o.do(ctx, wire.Call{
		Op: op, Method: http.MethodGet, Path: "/v2/departments/" + url.PathEscape(id) + "/users", Query: o.window(offset), Into: &answer,
	})
	return answer.Users, answer.Total, err
}

// People lists one page of one department after the other: the API has no listing of
// everybody. Somebody who is in several departments comes with the first of them; so
// it does not matter whether a department's listing holds the people below it too.
func (o *Office) People(ctx context.Context, page string) ([]provider.Person, string, error) {
	w, at, offset, err := o.resume(ctx, page)
	if err != nil {
		return nil, "", err
	}
	for at <= len(w.all) {
		people, next, err := o.page(ctx, w, at, offset)
		if err != nil {
			return nil, "", err
		}
		if offset = next; next == 0 {
			at++
			for at <= len(w.all) && w.all[at-1].HasUsers != nil && !*w.all[at-1].HasUsers {
				at++
			}
		}
		token := ""
		if at <= len(w.all) {
			token = w.id(at) + ":" + strconv.Itoa(offset)
		}
		if len(people) > 0 || token == "" {
			return people, token, nil
		}
	}
	return nil, "", nil
}

// id is the vendor's ID of the department at a place of the walk.
func (w *walk) id(at int) string {
	if at == 0 {
		return root
	}
	return w.all[at-1].ID
}

// page is one page of the department at a place of the walk; next is the offset of the
// following one, 0 after the last.
func (o *Office) page(ctx context.Context, w *walk, at, offset int) (people []provider.Person, next int, err error) {
	users, total, err := o.usersOf(ctx, "list users", w.id(at), offset)
	if err != nil {
		return nil, 0, err
	}
	for _, u := range users {
		if w.first(u, at) {
			people = append(people, u.person(w.ours))
		}
	}
	if read := offset + len(users); len(users) > 0 && read < total {
		next = read
	}
	return people, next, nil
}

// first says whether a user is to be told with the department at this place. One whose
// departments are not known is told wherever found.
func (w *walk) first(u user, at int) bool {
	if u.Email == "" {
		return false
	}
	least := -1
	for _, id := range u.Departments {
		if n, known := w.placeOf(id); known && (least < 0 || n < least) {
			least = n
		}
	}
	return least < 0 || least == at
}

// resume finds where a listing goes on. The tree is walked anew with the first page.
func (o *Office) resume(ctx context.Context, page string) (w *walk, at, offset int, err error) {
	o.mu.Lock()
	w = o.last
	o.mu.Unlock()
	if page == "" || w == nil {
		if w, err = o.walk(ctx); err != nil {
			return nil, 0, 0, err
		}
		o.mu.Lock()
		o.last = w
		o.mu.Unlock()
	}
	if page == "" {
		return w, 0, 0, nil
	}
	colon := strings.LastIndexByte(page, ':')
	if colon < 0 {
		return nil, 0, 0, core.E(core.Invalid, "list users", nil, "field", "page")
	}
	at, known := w.placeOf(page[:colon])
	offset, err = strconv.Atoi(page[colon+1:])
	if err != nil || offset < 0 || !known {
		return nil, 0, 0, core.E(core.Invalid, "list users", nil, "field", "page")
	}
	return w, at, offset, nil
}

// Person reads one user by ID or address.
func (o *Office) Person(ctx context.Context, id string) (provider.Person, error) {
	u, err := o.user(ctx, "read user", id)
	if err != nil {
		return provider.Person{}, err
	}
	o.mu.Lock()
	w := o.last
	o.mu.Unlock()
	if w == nil { // the root's own ID, which a user's departments may name
		top, err := o.department(ctx, "read department", root)
		if err != nil {
			return provider.Person{}, err
		}
		w = &walk{rootID: top.ID}
	}
	return u.person(w.ours), nil
}

func (o *Office) user(ctx context.Context, op, id string) (user, error) {
	var u user
	if err := named(op, id); err != nil {
		return u, err
	}
	err := orUnknown(o.do(ctx, wire.Call{Op: op, Method: http.MethodGet, Path: userPath(id), Into: &u}))
	if low := strings.ToLower(id); core.CodeOf(err) == core.NotFound && strings.Contains(id, "@") && low != id {
		err = orUnknown(o.do(ctx, wire.Call{Op: op, Method: http.MethodGet, Path: userPath(low), Into: &u}))
	}
	if err == nil && u.Email == "" {
		err = core.E(core.Malformed, op, nil, "reason", "incomplete")
	}
	return u, err
}

// named refuses what is no name of anything and would make another path: nothing, and
// the two names that mean a place in it.
func named(op, id string) error {
	if strings.TrimSpace(id) == "" || id == "." || id == ".." {
		return core.E(core.NotFound, op, nil)
	}
	return nil
}

func userPath(id string) string { return "/v2/users/" + url.PathEscape(id) }

// folders whose mail nobody waits to read: sent, junk, drafts, deleted.
var quietFolders = map[string]bool{"1": true, "3": true, "5": true, "6": true}

// Unread counts the unread mail of the inbox and the person's own folders at the top.
func (o *Office) Unread(ctx context.Context, id string) (int64, error) {
	const op = "count unread mail"
	if err := named(op, id); err != nil {
		return 0, err
	}
	address := id
	if !strings.Contains(id, "@") { // this call knows addresses only
		u, err := o.user(ctx, op, id)
		if err != nil {
			return 0, err
		}
		address = u.Email
	}
	type folder struct {
		ID     string `json:"id"`
		Unread int64  `json:"unreadItemCount"`
	}
	var answer struct {
		Folders []folder `json:"folders"`
		Value   []folder `json:"value"` // both names were seen
	}
	if err := o.do(ctx, wire.Call{Op: op, Method: http.MethodGet, Path: userPath(address) + "/mailFolders", Into: &answer}); err != nil {
		return 0, orUnknown(err)
	}
	var n int64
	for _, f := range append(answer.Folders, answer.Value...) {
		if !quietFolders[f.ID] {
			n += max(f.Unread, 0)
		}
	}
	return n, nil
}
