package alimail

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const (
	userChange = "name nickname employeeNo jobTitle workLocation officeLocation homeLocation phone workPhone customName info " +
		"departmentIds status managerEmail isHidden forceChangePasswordNextSignIn"
	userCreate       = userChange + " email password employeeType"
	departmentValues = "name parentId isHidden hiddenExcludeUsers hiddenExcludeDepartments managers email"
)

var endpoints = map[string]struct {
	names string
	run   handler
}{
	"GET /v2/organization/$current":           {"", getOrganisation},
	"PATCH /v2/organization/$current":         {"name introduction telephone address preferredLanguage", patchOrganisation},
	"GET /v2/domains":                         {"", listDomains},
	"GET /v2/domains/{domain}":                {"", getDomain},
	"POST /v2/domains":                        {"domain", addDomain},
	"DELETE /v2/domains/{domain}":             {"", deleteDomain},
	"POST /v2/domains/{domain}/verify":        {"", verifyDomain},
	"POST /v2/domains/{domain}/aliases":       {"alias", addDomainAlias},
	"DELETE /v2/domains/{domain}/aliases/{a}": {"", deleteDomainAlias},

	"GET /v2/users/{id}":                   {"", getUser},
	"POST /v2/users/listByIds":             {"ids", listUsers},
	"GET /v2/users/listByIds":              {"ids", listUsers}, // one client sends it so
	"POST /v2/users":                       {userCreate, createUser},
	"PATCH /v2/users/{id}":                 {userChange, patchUser},
	"DELETE /v2/users/{id}":                {"", deleteUser},
	"POST /v2/users/{id}/changePassword":   {"old new", changePassword},
	"POST /v2/users/{id}/resetPassword":    {"password forceChangePasswordNextSignIn", resetPassword},
	"POST /v2/users/{id}/emailAliases":     {"alias asDefault", addAlias},
	"DELETE /v2/users/{id}/emailAliases":   {"alias", deleteAlias},
	"GET /v2/users/{id}/mailFolders":       {"", listFolders},
	"GET /v2/departments/{id}":             {"", getDepartment},
	"POST /v2/departments/listByIds":       {"ids", listDepartments},
	"GET /v2/departments/listByIds":        {"ids", listDepartments},
	"POST /v2/departments":                 {departmentValues, createDepartment},
	"PATCH /v2/departments/{id}":           {departmentValues, patchDepartment},
	"DELETE /v2/departments/{id}":          {"", deleteDepartment},
	"GET /v2/departments/{id}/users":       {"", departmentUsers},
	"GET /v2/departments/{id}/departments": {"", subDepartments},
}

func missing(what string) *refusal { return refuse(http.StatusNotFound, "NotFound", what+" not found") }

func wrong(text string) *refusal { return refuse(http.StatusBadRequest, "InvalidParameter", text) }

func taken(text string) *refusal { return refuse(http.StatusConflict, "AlreadyExists", text) }

// tell is a user as an answer shows it.
func (s *Server) tell(u *User) User {
	t := *u
	t.Aliases = append([]string{}, u.Aliases...)
	t.Departments = []string{}
	for _, id := range u.Departments {
		t.Departments = append(t.Departments, s.shown(id))
	}
	return t
}

// shown is a department's id as answers give it.
func (s *Server) shown(id string) string {
	if id == rootID && s.aliased {
		return "$root"
	}
	return id
}

func getUser(s *Server, a *ask) (any, *refusal) {
	u := s.find(a.PathValue("id"))
	if u == nil {
		return nil, missing("user")
	}
	return s.tell(u), nil
}

// ids reads at most a hundred ids.
func (a *ask) ids() ([]string, *refusal) {
	var ids []string
	a.into("ids", &ids)
	if len(ids) == 0 || len(ids) > 100 {
		return nil, wrong("ids: 1 to 100")
	}
	return ids, nil
}

func listUsers(s *Server, a *ask) (any, *refusal) {
	ids, refused := a.ids()
	list := []User{}
	for _, id := range ids {
		if u := s.users[id]; u != nil {
			list = append(list, s.tell(u))
		}
	}
	return map[string]any{"users": list}, refused
}

func createUser(s *Server, a *ask) (any, *refusal) {
	u := User{Email: strings.ToLower(a.text("email")), Password: a.text("password"), Kind: a.text("employeeType"), Initial: true, Created: stamp(s.now())}
	if refused := s.fill(a, &u); refused != nil {
		return nil, refused
	}
	switch {
	case !s.proper(u.Email):
		return nil, wrong("email")
	case u.Name == "", u.Password == "":
		return nil, wrong("name and password are required")
	case !slices.Contains([]string{"", "EMPLOYEE", "SERVICE"}, u.Kind):
		return nil, wrong("employeeType")
	case s.taken(u.Email):
		return nil, taken("email exists")
	}
	return s.tell(s.users[s.addUser(u)]), nil
}

func patchUser(s *Server, a *ask) (any, *refusal) {
	u := s.find(a.PathValue("id"))
	if u == nil {
		return nil, missing("user")
	}
	if len(a.body) == 0 { // nothing says what the vendor makes of it
		return nil, wrong("nothing to change")
	}
	changed := *u
	if refused := s.fill(a, &changed); refused != nil {
		return nil, refused
	}
	if changed.Status != u.Status {
		if changed.Frozen = ""; changed.Status == "FREEZE" {
			changed.Frozen = stamp(s.now())
		}
	}
	if a.bad == nil {
		*u = changed
	}
	return nil, nil
}

// fill takes over the values that were given; an empty one clears.
func (s *Server) fill(a *ask, u *User) *refusal {
	for name, into := range map[string]*string{
		"name": &u.Name, "nickname": &u.Nickname, "employeeNo": &u.EmployeeNo, "jobTitle": &u.JobTitle, "workLocation": &u.WorkLocation,
		"officeLocation": &u.OfficeLocation, "homeLocation": &u.HomeLocation, "phone": &u.Phone, "workPhone": &u.WorkPhone,
		"customName": &u.CustomName, "info": &u.Info, "status": &u.Status, "managerEmail": &u.Manager,
	} {
		a.into(name, into)
	}
	a.into("isHidden", &u.Hidden)
	a.into("forceChangePasswordNextSignIn", &u.MustChange)
	if a.has("departmentIds") {
		ids := []string{}
		a.into("departmentIds", &ids)
		if len(ids) == 0 {
			return wrong("departmentIds")
		}
		u.Departments = nil
		for _, id := range ids {
			if s.departments[own(id)] == nil {
				return missing("department")
			}
			u.Departments = append(u.Departments, own(id))
		}
	}
	if !slices.Contains([]string{"", "NORMAL", "FREEZE"}, u.Status) {
		return wrong("status")
	}
	return nil
}

func deleteUser(s *Server, a *ask) (any, *refusal) {
	u := s.find(a.PathValue("id"))
	if u == nil {
		return nil, missing("user")
	}
	delete(s.users, u.ID)
	return nil, nil
}

func changePassword(s *Server, a *ask) (any, *refusal) {
	u := s.find(a.PathValue("id"))
	switch {
	case u == nil:
		return nil, missing("user")
	case a.text("new") == "", a.text("old") != u.Password:
		return nil, wrong("old or new")
	}
	u.Password, u.Initial = a.text("new"), false
	return nil, nil
}

// resetPassword takes its flag as a truth value and as the text "true" or "false", as
// one client sends it.
func resetPassword(s *Server, a *ask) (any, *refusal) {
	u := s.find(a.PathValue("id"))
	if u == nil {
		return nil, missing("user")
	}
	raw := strings.Trim(string(a.body["forceChangePasswordNextSignIn"]), `"`)
	if a.text("password") == "" || !slices.Contains([]string{"", "true", "false"}, raw) {
		return nil, wrong("password and flag")
	}
	u.Password, u.MustChange, u.Initial = a.text("password"), raw == "true", true
	return nil, nil
}

func addAlias(s *Server, a *ask) (any, *refusal) {
	u, alias, first := s.find(a.PathValue("id")), strings.ToLower(a.text("alias")), false
	a.into("asDefault", &first)
	switch {
	case u == nil:
		return nil, missing("user")
	case a.bad != nil:
		return nil, a.bad
	case !a.has("asDefault"): // the one client always sends it
		return nil, wrong("asDefault is required")
	case !s.proper(alias):
		return nil, wrong("alias")
	case s.taken(alias):
		return nil, taken("alias exists")
	case first && !s.sending: // the main address becomes an alias
		u.Aliases, u.Email = append(u.Aliases, u.Email), alias
	default:
		u.Aliases = append(u.Aliases, alias)
	}
	return nil, nil
}

func deleteAlias(s *Server, a *ask) (any, *refusal) {
	u, alias := s.find(a.PathValue("id")), strings.ToLower(a.text("alias"))
	switch {
	case u == nil:
		return nil, missing("user")
	case !slices.Contains(u.Aliases, alias):
		return nil, missing("alias")
	}
	u.Aliases = slices.DeleteFunc(slices.Clone(u.Aliases), func(x string) bool { return x == alias })
	return nil, nil
}

// listFolders tells of the five standing folders; the inbox holds what is unread.
func listFolders(s *Server, a *ask) (any, *refusal) {
	u := s.find(a.PathValue("id"))
	if u == nil {
		return nil, missing("user")
	}
	list := []map[string]any{}
	for id, name := range map[string]string{"1": "已发送", "2": "收件箱", "3": "垃圾邮件", "5": "草稿", "6": "已删除邮件"} {
		unread := 0
		if id == "2" {
			unread = u.Unread
		}
		list = append(list, map[string]any{
			"id": id, "displayName": name, "parentFolderId": "", "childFolderCount": 0, "totalItemCount": unread + 10, "unreadItemCount": unread, "extensions": json.RawMessage(`{}`),
		})
	}
	if s.value {
		return map[string]any{"value": list}, nil
	}
	return map[string]any{"folders": list}, nil
}
