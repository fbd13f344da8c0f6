package netease_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"mailroom/backend/testkit/vendors/netease"
)

// open speaks to the open platform as its demos do.
type open struct {
	*testing.T
	s               *netease.Open
	access, refresh string
}

func newOpen(t *testing.T) *open {
	t.Helper()
	s := netease.NewOpen(domain)
	t.Cleanup(s.Close)
	return &open{T: t, s: s}
}

func (o *open) post(path string, body any, header map[string]string) (data any, code int) {
	o.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		o.Fatal(err)
	}
	status, answer := send(o.T, http.MethodPost, o.s.URL+path, "application/json", string(raw), header)
	n, told := answer["code"].(float64)
	if status != 200 || !told || answer["success"] != (n == 0) {
		o.Fatalf("%s: %d %v", path, status, answer)
	}
	return answer["data"], int(n)
}

func (o *open) acquire() int {
	o.Helper()
	data, code := o.post("/api/pub/token/acquireToken", map[string]string{"appId": o.s.AppID, "authCode": o.s.AuthCode(), "orgOpenId": o.s.OrgOpenID}, nil)
	if m, ok := data.(map[string]any); ok {
		o.access, o.refresh = m["accessToken"].(string), m["refreshToken"].(string)
		if _, err := time.Parse("2006-01-02 15:04:05", m["accessTokenExpiredTime"].(string)); err != nil {
			o.Error(err)
		}
	}
	return code
}

type kv = map[string]any

func (o *open) do(call string, body kv) (data any, code int) {
	o.Helper()
	whole := kv{"domain": domain}
	maps.Copy(whole, body)
	return o.post("/api/open/"+call, whole, map[string]string{"qiye-access-token": o.access, "qiye-app-id": o.s.AppID, "qiye-org-open-id": o.s.OrgOpenID})
}

func (o *open) wants(code int, call string, body kv) any {
	o.Helper()
	data, got := o.do(call, body)
	if got != code {
		o.Errorf("%s %v: code %d, want %d", call, body, got, code)
	}
	return data
}

func TestTokensLiveAndDieAsToldByTheOpenPlatform(t *testing.T) {
	o := newOpen(t)
	if code := o.acquire(); code != 0 {
		t.Fatal(code)
	}
	o.wants(0, "unit/getUnitList", nil)
	first := o.access
	status, answer := send(t, http.MethodPost, o.s.URL+"/api/pub/token/refresh?"+url.Values{"refreshToken": {o.refresh}}.Encode(), "", "", nil)
	if status != 200 || answer["code"] != float64(0) {
		t.Fatalf("%d %v", status, answer)
	}
	o.wants(-300, "unit/getUnitList", nil) // the old one is dead
	o.access, o.refresh = answer["data"].(map[string]any)["accessToken"].(string), answer["data"].(map[string]any)["refreshToken"].(string)
	if o.access == first {
		t.Error("the same token again")
	}
	o.wants(0, "unit/getUnitList", nil)
	o.s.EndTokens(true)
	o.wants(-301, "unit/getUnitList", nil)
	if _, answer := send(t, http.MethodPost, o.s.URL+"/api/pub/token/refresh?refreshToken="+url.QueryEscape(o.refresh), "", "", nil); answer["code"] != float64(-302) {
		t.Errorf("%v", answer)
	}
	o.s.RefuseAddress(true)
	if code := o.acquire(); code != -201 {
		t.Errorf("a foreign address: %d", code)
	}
	o.s.RefuseAddress(false)
	o.s.EndAuthorisation(true)
	if code := o.acquire(); code != -304 {
		t.Errorf("an ended authorisation: %d", code)
	}
	o.s.EndAuthorisation(false)
	old := o.s.AuthCode()
	o.s.RenewAuthCode()
	if _, code := o.post("/api/pub/token/acquireToken", map[string]string{"appId": o.s.AppID, "authCode": old, "orgOpenId": o.s.OrgOpenID}, nil); code != -100 {
		t.Errorf("the old code: %d", code)
	}
}

func TestHeadersRightsAndLimitsOfTheOpenPlatform(t *testing.T) {
	o := newOpen(t)
	o.acquire()
	head := map[string]string{"qiye-access-token": o.access, "qiye-app-id": o.s.AppID, "qiye-org-open-id": o.s.OrgOpenID}
	for missing := range head {
		some := maps.Clone(head)
		delete(some, missing)
		if _, code := o.post("/api/open/unit/getUnitList", kv{"domain": domain}, some); code != -424 {
			t.Errorf("without %s: %d", missing, code)
		}
	}
	head["qiye-nonce"], head["qiye-timestamp"] = "n1", fmt.Sprint(time.Now().UnixMilli())
	for _, want := range []int{0, -421} {
		if _, code := o.post("/api/open/unit/getUnitList", kv{"domain": domain}, head); code != want {
			t.Errorf("nonce: %d, want %d", code, want)
		}
	}
	o.s.Deny("account/createAccount", true)
	o.wants(-202, "account/createAccount", kv{})
	o.s.LimitCalls(2)
	o.wants(0, "unit/getUnitList", nil)
	o.wants(0, "unit/getUnitList", nil)
	o.wants(-422, "unit/getUnitList", nil)
	o.s.Advance(time.Minute)
	o.wants(0, "unit/getUnitList", nil)
	o.s.LimitCalls(0)
	o.wants(-3, "unit/getUnitList", kv{"domain": "other.example.com"})
	o.wants(-401, "unit/getUnitList", kv{"more": 1})
	if status, _ := send(t, http.MethodPost, o.s.URL+"/api/open/unit/updateUnit", "application/json", "{}", head); status != 404 {
		t.Errorf("a call that nobody has seen: %d", status)
	}
	if _, answer := send(t, http.MethodPost, o.s.URL+"/api/open/unit/getUnitList", "text/plain", "{}", head); answer["code"] != float64(-424) {
		t.Errorf("another kind of body: %v", answer)
	}
	if _, answer := send(t, http.MethodPost, o.s.URL+"/api/open/unit/getUnitList", "application/json", "[]", head); answer["code"] != float64(-400) {
		t.Errorf("a list: %v", answer)
	}
}

func TestTheOpenPlatformFollowsItsRules(t *testing.T) {
	o := newOpen(t)
	o.acquire()
	unit := o.wants(0, "unit/createUnit", kv{"unitName": "研发部"}).(map[string]any)["unitId"].(string)
	below := o.wants(0, "unit/createUnit", kv{"unitName": "一组", "parentId": unit}).(map[string]any)["unitId"].(string)
	o.wants(-401, "unit/moveUnit", kv{"unitId": unit, "unitParentId": below})
	o.wants(0, "unit/moveUnit", kv{"unitId": below, "parentId": "root"})
	o.wants(0, "unit/updateUnitRank", kv{"unitId": below, "rank": 1})
	han := kv{"accountName": "han.meimei", "name": "韩梅梅", "password": "Wiese77", "passType": 0, "unitId": unit, "visibleInAddr": 0}
	o.wants(0, "account/createAccount", han)
	o.wants(-3, "account/createAccount", han)
	o.wants(-4, "account/moveUnit", kv{"accountName": "han.meimei", "unitId": "99"})
	o.wants(0, "account/updateAccount", kv{"accountName": "han.meimei", "name": "韩小梅", "unitId": below})
	o.wants(-401, "account/updateAccountLoginPerm", kv{"accountName": "han.meimei", "loginType": "fax", "loginPerm": 1})
	o.wants(0, "account/updateAccountLoginPerm", kv{"accountName": "han.meimei", "loginType": "imap", "loginPerm": 0})
	o.wants(0, "mailaccount/updateRsLimit", kv{"accountName": "han.meimei", "rsLimitType": 19})
	if a, ok := o.s.Account("han.meimei"); !ok || a.Logins["imap"] != 0 || a.RsLimit != 19 || a.Unit != below || !a.Hidden || a.Nickname != "韩小梅" {
		t.Errorf("%+v", a)
	}
	o.wants(0, "account/deleteAccountSim", kv{"accountName": "han.meimei"})
	o.wants(-3, "account/suspendAccount", kv{"accountName": "han.meimei"})
	o.wants(0, "account/recoverAccount", kv{"accountName": "han.meimei"})
	o.wants(0, "account/deleteAccount", kv{"accountName": "han.meimei"})
	o.wants(-3, "account/recoverAccount", kv{"accountName": "han.meimei"})

	o.s.AddMaillist(netease.Maillist{Name: "all", Title: "All"})
	o.wants(-401, "maillist/updateMaillist", kv{"accountName": "all", "name": "Everybody"}) // without members or units
	o.wants(-401, "maillist/updateMaillist", kv{"accountName": "all", "mailListUserType": 0, "authMembers": "a@b.example", "members": "a@b.example"})
	o.wants(0, "maillist/updateMaillist", kv{"accountName": "all", "mailListUserType": 3, "authMembers": "a@b.example", "members": "a@b.example"})
	o.wants(0, "maillist/addMaillistForwardList", kv{"accountName": "all", "members": "c@b.example"})
	if l, _ := o.s.Maillist("all"); len(l.Members) != 2 || l.UserType != 3 {
		t.Errorf("%+v", l)
	}
}

func TestPagesOfTheOpenPlatformHoldFiftyAtMost(t *testing.T) {
	o := newOpen(t)
	o.s.Fill(120, 4)
	o.acquire()
	o.wants(-401, "unit/getAccountList", kv{"pageNum": 1, "pageSize": 51})
	o.wants(-401, "unit/getAccountList", kv{"pageNum": 0, "pageSize": 50})
	total := 0
	for number := 1; number <= 3; number++ {
		data := o.wants(0, "unit/getAccountList", kv{"pageNum": number, "pageSize": 50, "recursion": true}).(map[string]any)
		total += len(data["list"].([]any))
		if data["count"] != float64(120) {
			t.Errorf("count %v", data["count"])
		}
	}
	if total != 120 {
		t.Errorf("%d people", total)
	}
	at := time.Date(2026, 11, 12, 14, 3, 5, 0, time.FixedZone("", 8*3600))
	o.s.AddLogins(netease.Login{Name: "wang.wei", At: at, IP: "203.0.113.9", Method: "web", OK: true})
	window := kv{"startTime": "2026-11-12 00:00:00", "endTime": "2026-11-12 23:59:59", "pageNum": 1, "pageSize": 50}
	o.wants(-401, "logquery/webLogin", window)
	window["accountNames"] = []string{""}
	if rows := o.wants(0, "logquery/webLogin", window).(map[string]any)["list"].([]any); len(rows) != 1 {
		t.Errorf("%v", rows)
	}
}

func TestASignForSingleSignOnIsForOneAccount(t *testing.T) {
	o := newOpen(t)
	o.s.AddAccount(netease.Account{Name: "li", Nickname: "Li"})
	o.s.RefuseAddress(true) // the token for it may be had from anywhere
	data, code := o.post("/api/pub/token/ssoAuthToken", map[string]string{"appId": o.s.AppID, "authCode": o.s.AuthCode(), "orgOpenId": o.s.OrgOpenID}, nil)
	if code != 0 {
		t.Fatal(code)
	}
	head := map[string]string{"qiye-app-id": o.s.AppID, "qiye-org-open-id": o.s.OrgOpenID, "qiye-sso-auth-token": data.(map[string]any)["ssoAuthToken"].(string)}
	data, code = o.post("/api/sso/ssoSign", kv{"accountName": "li", "domain": domain}, head)
	if code != 0 || o.s.SignedFor(data.(map[string]any)["sign"].(string)) != "li" {
		t.Errorf("%v %d", data, code)
	}
	head["qiye-sso-auth-token"] = "x"
	if _, code = o.post("/api/sso/ssoSign", kv{"accountName": "li", "domain": domain}, head); code != -321 {
		t.Errorf("another token: %d", code)
	}
}
