package tencent_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

func TestMain(m *testing.M) { leak.Main(m) }

// caller speaks to an emulator as curl would.
type caller struct {
	t      *testing.T
	s      *tencent.Server
	tokens map[tencent.App]string
}

func start(t *testing.T) *caller {
	s := tencent.New("office.example")
	t.Cleanup(s.Close)
	return &caller{t: t, s: s, tokens: map[tencent.App]string{}}
}

func (c *caller) raw(method, address, body string) map[string]any {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Close = true
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
	if err := json.Unmarshal(raw, &reply); err != nil {
		return map[string]any{"status": resp.StatusCode, "body": string(raw)}
	}
	if resp.StatusCode != http.StatusOK {
		c.t.Errorf("%s %s: status %d", method, address, resp.StatusCode)
	}
	return reply
}

func (c *caller) token(app tencent.App) string {
	c.t.Helper()
	r := c.raw(http.MethodGet, c.s.BaseURL()+"gettoken?"+url.Values{"corpid": {tencent.CorpID}, "corpsecret": {c.s.Secret(app)}}.Encode(), "")
	token, _ := r["access_token"].(string)
	if len(token) < 64 || len(token) > 512 {
		c.t.Fatalf("gettoken: %v", r)
	}
	return token
}

func appOf(call string) tencent.App {
	switch area, _, _ := strings.Cut(call, "/"); area {
	case "log":
		return tencent.Logs
	case "useroption":
		return tencent.Options
	case "mail":
		return tencent.NewMail
	case "service":
		return tencent.SignOn
	}
	return tencent.Contacts
}

// get and post make a call with its app's token.
func (c *caller) get(call string, pairs ...string) map[string]any {
	c.t.Helper()
	q := url.Values{"access_token": {c.tokenFor(call)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return c.raw(http.MethodGet, c.s.BaseURL()+call+"?"+q.Encode(), "")
}

func (c *caller) post(call, body string) map[string]any {
	c.t.Helper()
	return c.raw(http.MethodPost, c.s.BaseURL()+call+"?access_token="+c.tokenFor(call), body)
}

func (c *caller) tokenFor(call string) string {
	c.t.Helper()
	app := appOf(call)
	if c.tokens[app] == "" {
		c.tokens[app] = c.token(app)
	}
	return c.tokens[app]
}

func code(r map[string]any) int {
	n, ok := r["errcode"].(float64)
	if !ok {
		return -999
	}
	return int(n)
}

func (c *caller) want(what string, r map[string]any, errcode int) {
	c.t.Helper()
	if code(r) != errcode {
		c.t.Errorf("%s: %v, want %d", what, r, errcode)
	}
}

func (c *caller) wantGood(what string, r map[string]any, errmsg string) {
	c.t.Helper()
	if code(r) != 0 || r["errmsg"] != errmsg {
		c.t.Errorf("%s: %v, want %q", what, r, errmsg)
	}
}

func TestATokenOpensItsOwnAppAndEnds(t *testing.T) {
	c := start(t)
	base := c.s.BaseURL()
	c.want("no corpid", c.raw(http.MethodGet, base+"gettoken?corpsecret=x", ""), 41002)
	c.want("no secret", c.raw(http.MethodGet, base+"gettoken?corpid="+tencent.CorpID, ""), 41004)
	c.want("bad corpid", c.raw(http.MethodGet, base+"gettoken?corpid=other&corpsecret=x", ""), 40013)
	c.want("bad secret", c.raw(http.MethodGet, base+"gettoken?corpid="+tencent.CorpID+"&corpsecret=x", ""), 40001)

	contacts, logs := c.token(tencent.Contacts), c.token(tencent.Logs)
	if again := c.token(tencent.Contacts); again != contacts {
		t.Error("a second token while the first is good")
	}
	list := base + "department/list?access_token="
	c.want("no token", c.raw(http.MethodGet, base+"department/list", ""), 41001)
	c.want("nobody's token", c.raw(http.MethodGet, list+"abc", ""), 40014)
	c.want("another app's token", c.raw(http.MethodGet, list+logs, ""), 48002)
	c.wantGood("own token", c.raw(http.MethodGet, list+contacts, ""), "ok")
	c.s.Advance(2 * time.Hour)
	c.want("expired", c.raw(http.MethodGet, list+contacts, ""), 42001)
	fresh := c.token(tencent.Contacts)
	c.wantGood("fresh", c.raw(http.MethodGet, list+fresh, ""), "ok")
	c.s.RefuseAddress(true)
	c.want("foreign address", c.raw(http.MethodGet, list+fresh, ""), 60020)
	c.s.RefuseAddress(false)
	c.s.SwitchOff(tencent.Contacts, true)
	c.want("app off", c.raw(http.MethodGet, list+fresh, ""), 50003)
	c.s.SwitchOff(tencent.Contacts, false)
	c.s.RenewSecret(tencent.Contacts)
	c.want("secret renewed", c.raw(http.MethodGet, list+fresh, ""), 40014)
}

func TestMethodPathAndParametersMustBeRight(t *testing.T) {
	c := start(t)
	token := c.token(tencent.Contacts)
	base, with := c.s.BaseURL(), "?access_token="+token
	c.want("GET for POST", c.raw(http.MethodGet, base+"user/create"+with, ""), 43002)
	c.want("POST for GET", c.raw(http.MethodPost, base+"user/get"+with, "{}"), 43001)
	if r := c.raw(http.MethodGet, base+"user/everybody"+with, ""); r["status"] != 404 {
		t.Errorf("unknown call: %v", r)
	}
	c.want("guessed call", c.get("publicmail/search"), 48002)
	c.want("empty body", c.post("user/create", ""), 44002)
	c.want("no JSON", c.post("user/create", "userid=a"), 40035)
	c.want("unknown field", c.post("department/create", `{"name":"a","parentid":1,"parent":1}`), 40035)
	c.want("enable is not for create", c.post("user/create", `{"userid":"a@office.example","name":"a","department":[1],"password":"abc123","enable":1}`), 40035)
	c.want("unknown parameter", c.get("department/list", "page", "2"), 40035)
	c.want("escapes", c.post("department/create", `{"name":"a\u003cb","parentid":1}`), 40033)
	c.wantGood("escaped backslash", c.post("department/search", `{"name":"a\\u003cb"}`), "ok")
	c.want("number as text", c.post("department/create", `{"name":"a","parentid":"1"}`), 40035)
	c.want("text as number", c.post("department/create", `{"name":5,"parentid":1}`), 40035)
	c.s.LimitCalls(2)
	c.wantGood("first", c.get("department/list"), "ok")
	c.wantGood("second", c.get("department/list"), "ok")
	c.want("third", c.get("department/list"), 45009)
	c.s.Advance(time.Minute)
	c.wantGood("a minute later", c.get("department/list"), "ok")
	c.s.Deny("user/delete", true)
	c.want("without the right", c.get("user/delete", "userid", "a@office.example"), 60011)
	c.s.FailWith("department/list", 99999, "something new")
	c.want("code of the future", c.get("department/list"), 99999)
}

func TestDepartmentsFollowTheirRules(t *testing.T) {
	c := start(t)
	create := func(name string, parent int64) map[string]any {
		body, _ := json.Marshal(map[string]any{"name": name, "parentid": parent, "order": 500})
		return c.post("department/create", string(body))
	}
	made := create("销售部", 1)
	c.wantGood("create", made, "created")
	sales := int64(made["id"].(float64))
	c.want("same name", create("销售部", 1), 60008)
	c.want("too long", create(strings.Repeat("部", 22), 1), 60001)
	c.wantGood("just long enough", create(strings.Repeat("部", 21), 1), "created")
	c.want("bad character", create("a:b", 1), 60009)
	c.want("full-width bar", create("a｜b", 1), 60009)
	c.want("no parent", create("x", 42), 60004)
	sub := int64(create("华东", sales)["id"].(float64))
	id, subID := strconv.FormatInt(sales, 10), strconv.FormatInt(sub, 10)
	c.want("loop", c.post("department/update", `{"id":`+id+`,"parentid":`+subID+`}`), 60010)
	c.wantGood("rename", c.post("department/update", `{"id":`+id+`,"name":"销售"}`), "updated")
	found := c.post("department/search", `{"name":"华东","fuzzy":0}`)["department"].([]any)[0].(map[string]any)
	if found["path"] != "样例公司/销售/华东" || found["order"] != 0.0 {
		t.Errorf("found %v", found)
	}
	if list := c.get("department/list", "id", id)["department"].([]any); len(list) != 2 {
		t.Errorf("below: %v", list)
	}
	c.s.AddMember(tencent.Member{UserID: "li@office.example", Name: "李", Departments: []int64{sub}})
	c.want("delete with members", c.get("department/delete", "id", subID), 60005)
	c.want("delete with children", c.get("department/delete", "id", id), 60006)
	c.want("delete the root", c.get("department/delete", "id", "1"), 60007)
	c.want("delete what is not there", c.get("department/delete", "id", "42"), 60003)
	c.wantGood("delete the member", c.get("user/delete", "userid", "li@office.example"), "deleted")
	c.wantGood("delete", c.get("department/delete", "id", subID), "deleted")
}

func TestMembersFollowTheirRules(t *testing.T) {
	c := start(t)
	c.s.AddMember(tencent.Member{UserID: "boss@office.example", Name: "老板", Creator: true, Slaves: []string{"chef@office.example"}})
	c.s.AddGroup(tencent.Group{GroupID: "all@office.example", Name: "all", Departments: []int64{1}})
	create := func(change func(map[string]any)) map[string]any {
		m := map[string]any{"userid": "li@office.example", "name": "李", "department": []int{1}, "password": "abc123", "gender": "1", "slaves": []string{"l@office.example"}}
		change(m)
		body, _ := json.Marshal(m)
		return c.post("user/create", string(body))
	}
	with := func(name string, value any) map[string]any { return create(func(m map[string]any) { m[name] = value }) }
	without := func(name string) map[string]any { return create(func(m map[string]any) { delete(m, name) }) }
	c.want("no userid", without("userid"), 41009)
	c.want("no address", with("userid", "li"), 40003)
	c.want("another domain", with("userid", "li@other.example"), 40003)
	c.want("somebody's", with("userid", "boss@office.example"), 60102)
	c.want("an alias", with("userid", "chef@office.example"), 60106)
	c.want("a group", with("userid", "all@office.example"), 60106)
	c.want("no department", without("department"), 60127)
	c.want("unknown department", with("department", []int{7}), 60003)
	c.want("21 departments", with("department", make([]int, 21)), 60110)
	c.want("letters only", with("password", "abcdef"), 40058)
	c.want("name of 65 bytes", with("name", strings.Repeat("x", 65)), 60112)
	c.want("alias taken", with("slaves", []string{"chef@office.example"}), 60106)
	c.want("six aliases", with("slaves", []string{"1@office.example", "2@office.example", "3@office.example", "4@office.example", "5@office.example", "6@office.example"}), 40058)
	c.wantGood("create", create(func(map[string]any) {}), "created")
	got := c.get("user/get", "userid", "li@office.example")
	if got["enable"] != 1.0 || got["gender"] != "1" || got["name"] != "李" {
		t.Errorf("get: %v", got)
	}
	list := c.get("user/list", "department_id", "1", "fetch_child", "1")["userlist"].([]any)
	if len(list) != 2 || list[1].(map[string]any)["enable"] != "1" {
		t.Errorf("list: %v", list)
	}
	c.wantGood("switch off", c.post("user/update", `{"userid":"li@office.example","enable":0}`), "updated")
	if m, _ := c.s.Member("li@office.example"); !m.Off || m.Name != "李" || len(m.Slaves) != 1 {
		t.Errorf("after an update of one value: %+v", m)
	}
	c.wantGood("gender as a number", c.post("user/update", `{"userid":"li@office.example","gender":2,"position":"经理"}`), "updated")
	if m, _ := c.s.Member("li@office.example"); m.Position == "经理" || m.Position == "" {
		t.Errorf("the position came through unharmed: %q", m.Position)
	}
	c.want("the creator stays", c.get("user/delete", "userid", "boss@office.example"), 301005)
	c.want("an alias is nobody", c.get("user/get", "userid", "chef@office.example"), 60111)
	checked := c.post("user/batchcheck", `{"userlist":["x","new@office.example","li@office.example","l@office.example","all@office.example"]}`)["list"].([]any)
	for i, kind := range []float64{-1, 0, 1, 2, 3} {
		if checked[i].(map[string]any)["type"] != kind {
			t.Errorf("check %d: %v", i, checked[i])
		}
	}
	many, _ := json.Marshal(map[string]any{"userlist": make([]string, 21)})
	c.want("21 checks", c.post("user/batchcheck", string(many)), 40032)
	c.s.SetSeats(2)
	c.want("no seat", create(func(m map[string]any) { m["userid"], m["slaves"] = "new@office.example", []string{} }), 45024)
}

func TestGroupsAndTagsFollowTheirRules(t *testing.T) {
	c := start(t)
	c.s.Fill(30, 5)
	one, two := c.s.Someone(1).UserID, c.s.Someone(2).UserID
	c.want("empty", c.post("group/create", `{"groupid":"g@office.example","groupname":"g","allow_type":0}`), 40063)
	c.want("no policy", c.post("group/create", `{"groupid":"g@office.example","groupname":"g","userlist":["`+one+`"]}`), 40063)
	c.want("stale policy", c.post("group/create", `{"groupid":"g@office.example","groupname":"g","allow_type":4,"userlist":["`+one+`"]}`), 40035)
	c.want("unknown member", c.post("group/create", `{"groupid":"g@office.example","groupname":"g","allow_type":0,"userlist":["x@office.example"]}`), 40031)
	c.wantGood("create", c.post("group/create", `{"groupid":"g@office.example","groupname":"组","allow_type":3,"userlist":["`+one+`"],"allow_userlist":["`+two+`"]}`), "created")
	c.wantGood("update", c.post("group/update", `{"groupid":"g@office.example","department":[1]}`), "updated")
	if g := c.get("group/get", "groupid", "g@office.example"); g["groupname"] != "组" || g["allow_type"] != 3.0 || len(g["department"].([]any)) != 1 {
		t.Errorf("get: %v", g)
	}
	if all := c.get("group/fuzzysearch"); all["count"] != 4.0 {
		t.Errorf("all: %v", all)
	}
	c.wantGood("delete", c.get("group/delete", "groupid", "g@office.example"), "deleted")
	c.want("gone", c.get("group/get", "groupid", "g@office.example"), 60111)

	tag := c.post("tag/create", `{"tagname":"项目"}`)
	c.wantGood("tag", tag, "created")
	c.want("same name", c.post("tag/create", `{"tagname":"项目"}`), 40071)
	r := c.post("tag/addtagusers", `{"tagid":1,"userlist":["`+one+`","x@office.example","y@office.example"],"partylist":[9]}`)
	if code(r) != 0 || r["invalidlist"] != "x@office.example|y@office.example" || len(r["invalidparty"].([]any)) != 1 {
		t.Errorf("partly bad: %v", r)
	}
	c.want("all bad", c.post("tag/addtagusers", `{"tagid":1,"userlist":["x@office.example"]}`), 40070)
	c.want("all bad to remove", c.post("tag/deltagusers", `{"tagid":1,"userlist":["x@office.example"]}`), 40031)
}

func TestLogsOptionsAndLinks(t *testing.T) {
	c := start(t)
	c.s.Fill(30, 5)
	now := time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC)
	c.s.FillLogs(now, 10, 20)
	who := c.s.Someone(3).UserID
	days := `"begin_date":"2026-03-01","end_date":"2026-03-10"`
	mail := c.post("log/mail", `{`+days+`,"mailtype":"0"}`)["list"].([]any)
	if len(mail) != 200 {
		t.Errorf("%d mails", len(mail))
	}
	sum := c.post("log/mailstatus", `{`+days+`,"domain":"office.example"}`)
	if sum["sendsum"].(float64)+sum["recvsum"].(float64) != 200 {
		t.Errorf("sums: %v", sum)
	}
	for call, body := range map[string]string{"log/login": `"userid":"` + who + `"`, "log/operation": `"type":0`, "log/batchjob": ``} {
		body = strings.TrimSuffix(`{`+days+`,`+body, ",") + `}`
		if r := c.post(call, body); code(r) != 0 || len(r["list"].([]any)) == 0 {
			t.Errorf("%s: %v", call, r)
		}
	}
	c.want("too long", c.post("log/mail", `{"begin_date":"2026-01-01","end_date":"2026-06-01","mailtype":0}`), 601002)
	c.want("no day", c.post("log/mail", `{"begin_date":"2026-1-1","end_date":"2026-06-01","mailtype":0}`), 40035)

	c.wantGood("switch IMAP off", c.post("useroption/update", `{"userid":"`+who+`","option":[{"type":2,"value":"0"}]}`), "update")
	c.want("the sister's shape", c.post("useroption/update", `{"userid":"`+who+`","option":{"list":[{"type":2,"value":"0"}]}}`), 40035)
	c.want("the member's own switch", c.post("useroption/update", `{"userid":"`+who+`","option":[{"type":4,"value":"1"}]}`), 40035)
	told := c.post("useroption/get", `{"userid":"`+who+`","type":[2,3]}`)["option"].([]any)
	if told[0].(map[string]any)["value"] != "0" || told[1].(map[string]any)["value"] != "1" {
		t.Errorf("options: %v", told)
	}
	if r := c.get("service/get_login_url", "userid", who); r["expires_in"] != 300.0 || !strings.HasPrefix(r["login_url"].(string), "https://exmail.qq.com/") {
		t.Errorf("link: %v", r)
	}
	if r := c.get("mail/newcount", "userid", who); code(r) != 0 || r["count"] != float64(c.s.Someone(3).Unread) {
		t.Errorf("count: %v", r)
	}
}

func TestABigCompanyComesAtOnceAndAScopeHidesTheRest(t *testing.T) {
	c := start(t)
	c.s.Fill(5000, 200)
	if all := c.get("user/list", "department_id", "1", "fetch_child", "1")["userlist"].([]any); len(all) != 5000 {
		t.Errorf("%d people", len(all))
	}
	departments := c.get("department/list")["department"].([]any)
	if len(departments) != 201 {
		t.Errorf("%d departments", len(departments))
	}
	id := int64(departments[len(departments)-1].(map[string]any)["id"].(float64))
	c.s.SetScope(id)
	if few := c.get("user/list", "department_id", "1", "fetch_child", "1")["userlist"].([]any); len(few) == 0 || len(few) > 1000 {
		t.Errorf("%d people in the scope", len(few))
	}
	c.want("outside", c.post("department/create", `{"name":"x","parentid":1}`), 60011)
}

func TestAnAnswerIsLostAfterTheActWasDone(t *testing.T) {
	c := start(t)
	c.s.Fail(trouble.Fault{Path: "user/create", Lose: true})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.s.BaseURL()+"user/create?access_token="+c.tokenFor("user/create"),
		strings.NewReader(`{"userid":"li@office.example","name":"李","department":[1],"password":"abc123"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Error("an answer came")
	}
	if _, there := c.s.Member("li@office.example"); !there {
		t.Error("nothing was done")
	}
}
