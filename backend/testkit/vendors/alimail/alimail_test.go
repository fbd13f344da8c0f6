package alimail_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/vendors/alimail"
)

func TestMain(m *testing.M) { leak.Main(m) }

type caller struct {
	t     *testing.T
	s     *alimail.Server
	token string
}

func start(t *testing.T) *caller {
	s := alimail.New("office.example")
	t.Cleanup(s.Close)
	c := &caller{t: t, s: s}
	_, reply := c.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {alimail.ClientID}, "client_secret": {s.Secret()}})
	c.token, _ = reply["access_token"].(string)
	if c.token == "" || reply["expires_in"] != 3600.0 {
		t.Fatalf("token: %v", reply)
	}
	return c
}

func (c *caller) form(v url.Values) (int, map[string]any) {
	c.t.Helper()
	return c.send(http.MethodPost, "/oauth2/v2.0/token", v.Encode(), "application/x-www-form-urlencoded")
}

func (c *caller) call(method, path string, body any) (int, map[string]any) {
	c.t.Helper()
	raw := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		raw = string(b)
	}
	return c.send(method, path, raw, "application/json")
}

func (c *caller) send(method, path, body, kind string) (int, map[string]any) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.s.BaseURL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Content-Type", kind)
	if c.token != "" {
		req.Header.Set("Authorization", "bearer "+c.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	reply := map[string]any{}
	_ = json.Unmarshal(raw, &reply)
	return resp.StatusCode, reply
}

func (c *caller) want(what string, status int, method, path string, body any) map[string]any {
	c.t.Helper()
	got, reply := c.call(method, path, body)
	if got != status {
		c.t.Errorf("%s: %d %v, want %d", what, got, reply, status)
	}
	if got != 200 && reply["detailErrorCode"] == nil && got != 405 && got != 404 {
		c.t.Errorf("%s: an error without its code: %v", what, reply)
	}
	return reply
}

func TestTokensAndRights(t *testing.T) {
	c := start(t)
	if status, _ := c.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {alimail.ClientID}, "client_secret": {"x"}}); status != 401 {
		t.Errorf("bad secret: %d", status)
	}
	if status, reply := c.form(url.Values{"grant_type": {"password"}}); status != 400 || reply["code"] != 1003.0 {
		t.Errorf("bad grant: %d %v", status, reply)
	}
	c.want("organisation", 200, "GET", "/v2/organization/$current", nil)
	c.s.Advance(time.Hour)
	c.want("expired", 401, "GET", "/v2/organization/$current", nil)
	good := start(t)
	good.s.LimitCalls(2)
	good.want("one", 200, "GET", "/v2/domains", nil)
	good.want("two", 200, "GET", "/v2/domains", nil)
	good.want("three", 429, "GET", "/v2/domains", nil)
	good.s.Advance(time.Second)
	good.s.Deny("/v2/users")
	good.want("no right", 403, "GET", "/v2/users/x", nil)
	good.want("nobody knows this path", 404, "GET", "/v2/mailGroups", nil)
	good.want("wrong method", 405, "PUT", "/v2/domains", nil)
}

func TestUsersFollowTheirRules(t *testing.T) {
	c := start(t)
	li := map[string]any{"email": "li@office.example", "name": "李雷", "password": "Abc12345", "departmentIds": []string{"$root"}}
	made := c.want("create", 200, "POST", "/v2/users", li)
	id, _ := made["id"].(string)
	c.want("twice", 409, "POST", "/v2/users", li)
	c.want("unknown field", 400, "POST", "/v2/users", map[string]any{"email": "x@office.example", "mobile": "1"})
	c.want("another domain", 400, "POST", "/v2/users", map[string]any{"email": "x@other.example", "name": "x", "password": "p"})
	c.want("a password is no change", 400, "PATCH", "/v2/users/"+id, map[string]any{"password": "x"})
	c.want("nothing to change", 400, "PATCH", "/v2/users/"+id, map[string]any{})
	c.want("freeze", 200, "PATCH", "/v2/users/li@office.example", map[string]any{"status": "FREEZE"})
	if u, _ := c.s.User(id); u.Status != "FREEZE" || u.Frozen == "" || u.Name != "李雷" {
		t.Errorf("frozen: %+v", u)
	}
	c.want("reset", 200, "POST", "/v2/users/"+id+"/resetPassword", map[string]any{"password": "New12345", "forceChangePasswordNextSignIn": "true"})
	if u, _ := c.s.User(id); u.Password != "New12345" || !u.MustChange {
		t.Errorf("reset: %+v", u)
	}
	c.want("alias", 200, "POST", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "l@office.example", "asDefault": false})
	c.want("alias twice", 409, "POST", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "l@office.example", "asDefault": false})
	c.want("alias away", 200, "DELETE", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "l@office.example"})
	c.want("no word on the default", 400, "POST", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "l@office.example"})
	c.want("a text for yes", 400, "POST", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "l@office.example", "asDefault": "true"})
	before := c.want("get", 200, "GET", "/v2/users/"+id, nil)["email"]
	c.want("default", 200, "POST", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "l@office.example", "asDefault": true})
	if u := c.want("get", 200, "GET", "/v2/users/"+id, nil); u["email"] != "l@office.example" || u["emailAliases"].([]any)[0] != before {
		t.Errorf("%v", u)
	}
	c.s.DefaultForSending(true)
	c.want("for sending", 200, "POST", "/v2/users/"+id+"/emailAliases", map[string]any{"alias": "m@office.example", "asDefault": true})
	if u := c.want("get", 200, "GET", "/v2/users/"+id, nil); u["email"] != "l@office.example" {
		t.Errorf("%v", u)
	}
	list := c.want("by ids", 200, "POST", "/v2/users/listByIds", map[string]any{"ids": []string{id, "none"}})
	if len(list["users"].([]any)) != 1 {
		t.Errorf("by ids: %v", list)
	}
	c.want("101 ids", 400, "POST", "/v2/users/listByIds", map[string]any{"ids": make([]string, 101)})
	if folders := c.want("folders", 200, "GET", "/v2/users/"+id+"/mailFolders", nil); len(folders["folders"].([]any)) != 5 {
		t.Errorf("folders: %v", folders)
	}
	c.want("delete", 200, "DELETE", "/v2/users/"+id, nil)
	c.want("gone", 404, "GET", "/v2/users/"+id, nil)
}

func TestDepartmentsComeInPages(t *testing.T) {
	c := start(t)
	c.s.Fill(1000, 120)
	root := c.want("root", 200, "GET", "/v2/departments/$root", nil)
	if root["id"] == "$root" {
		t.Errorf("the root: %v", root)
	}
	top := c.want("top", 200, "GET", "/v2/departments/$root/departments?limit=100", nil)["departments"].([]any)
	if len(top) != 10 || top[0].(map[string]any)["parentId"] != root["id"] {
		t.Fatalf("top: %v", top)
	}
	id := top[0].(map[string]any)["id"].(string)
	all := c.want("users", 200, "GET", "/v2/departments/"+id+"/users", nil)
	page := c.want("page", 200, "GET", "/v2/departments/"+id+"/users?offset=3&limit=2", nil)
	if len(page["users"].([]any)) != 2 || page["total"] != all["total"] || page["users"].([]any)[0].(map[string]any)["id"] != all["users"].([]any)[3].(map[string]any)["id"] {
		t.Errorf("page: %v", page)
	}
	c.want("limit 101", 400, "GET", "/v2/departments/"+id+"/users?limit=101", nil)
	c.want("not empty", 409, "DELETE", "/v2/departments/"+id, nil)
	fresh := c.want("create", 200, "POST", "/v2/departments", map[string]any{"name": "新部门", "parentId": id})["id"].(string)
	c.want("loop", 400, "PATCH", "/v2/departments/"+id, map[string]any{"parentId": fresh})
	c.want("rename", 200, "PATCH", "/v2/departments/"+fresh, map[string]any{"name": "改名"})
	if d := c.want("get", 200, "GET", "/v2/departments/"+fresh, nil); d["name"] != "改名" || d["parentId"] != id {
		t.Errorf("renamed: %v", d)
	}
	c.want("delete", 200, "DELETE", "/v2/departments/"+fresh, nil)
}

func TestDomains(t *testing.T) {
	c := start(t)
	c.want("add", 200, "POST", "/v2/domains", map[string]any{"domain": "second.example"})
	c.want("alias", 200, "POST", "/v2/domains/second.example/aliases", map[string]any{"alias": "alias.example"})
	if d := c.want("get", 200, "GET", "/v2/domains/second.example", nil); len(d["aliases"].([]any)) != 1 || d["isMaster"] != false {
		t.Errorf("domain: %v", d)
	}
	if v := c.want("verify", 200, "POST", "/v2/domains/second.example/verify", nil); v["isOwner"] != false {
		t.Errorf("verify: %v", v)
	}
	c.want("alias away", 200, "DELETE", "/v2/domains/second.example/aliases/alias.example", nil)
	c.want("delete", 200, "DELETE", "/v2/domains/second.example", nil)
	c.want("the main one stays", 403, "DELETE", "/v2/domains/office.example", nil)
}
