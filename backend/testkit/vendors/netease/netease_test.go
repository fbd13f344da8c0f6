package netease_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/vendors/netease"
)

func TestMain(m *testing.M) { leak.Main(m) }

const domain = "office.example.com"

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func send(t *testing.T, method, address, kind, body string, header map[string]string) (status int, answer map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	direct := *client
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := direct.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.NewDecoder(bytes.NewReader(raw)).Decode(&answer)
	return res.StatusCode, answer
}

// classic speaks to the classic API as its demos do.
type classic struct {
	*testing.T
	s   *netease.Classic
	key *rsa.PrivateKey
}

func newClassic(t *testing.T) classic {
	t.Helper()
	s := netease.NewClassic(domain)
	t.Cleanup(s.Close)
	block, _ := pem.Decode([]byte(s.PrivateKeyPEM()))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := hex.DecodeString(s.PrivateKeyHex()); err != nil || !bytes.Equal(raw, block.Bytes) {
		t.Fatal("the two forms of the key differ")
	}
	return classic{t, s, key.(*rsa.PrivateKey)}
}

func (c classic) sign(text string) string {
	sum := sha1.Sum([]byte(text))
	raw, err := rsa.SignPKCS1v15(nil, c.key, crypto.SHA1, sum[:])
	if err != nil {
		c.Fatal(err)
	}
	return hex.EncodeToString(raw)
}

func (c classic) values(pairs ...string) url.Values {
	v := url.Values{"domain": {domain}, "product": {"office_example_com"}, "time": {fmt.Sprint(time.Now().UnixMilli())}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, name+"="+v.Get(name))
	}
	v.Set("sign", c.sign(strings.Join(parts, "&")))
	return v
}

// post sends values as a form and returns what the call gave, or the vendor's word.
func (c classic) post(call string, v url.Values) (con any, word string) {
	c.Helper()
	status, answer := send(c.T, http.MethodPost, c.s.URL+"/qiyeservice/api/"+call, "application/x-www-form-urlencoded", v.Encode(), nil)
	if status != 200 {
		c.Fatalf("%s: status %d", call, status)
	}
	word, _ = answer["error_code"].(string)
	if answer["suc"] != (word == "") || answer["ver"] != float64(0) {
		c.Errorf("%s: envelope %v", call, answer)
	}
	return answer["con"], word
}

func (c classic) do(call string, pairs ...string) (con any, word string) {
	c.Helper()
	return c.post(call, c.values(pairs...))
}

func TestASignatureMustBeRightToTheLetter(t *testing.T) {
	c := newClassic(t)
	if _, word := c.do("unit/createUnit", "unit_name", "研发&部=1", "unit_desc", "测试"); word != "" {
		t.Fatal(word)
	}
	for name, spoil := range map[string]func(url.Values){
		"changed":    func(v url.Values) { v.Set("unit_name", "其他") },
		"more":       func(v url.Values) { v.Set("extra", "1") },
		"upper case": func(v url.Values) { v.Set("sign", strings.ToUpper(v.Get("sign"))) },
		"none":       func(v url.Values) { v.Del("sign") },
		"unsorted": func(v url.Values) {
			v.Set("sign", c.sign("unit_name="+v.Get("unit_name")+"&domain="+domain+"&product=office_example_com&time="+v.Get("time")))
		},
		"encoded": func(v url.Values) {
			v.Set("sign", c.sign("domain="+domain+"&product=office_example_com&time="+v.Get("time")+"&unit_name="+url.QueryEscape(v.Get("unit_name"))))
		},
	} {
		v := c.values("unit_name", "销售部")
		spoil(v)
		if _, word := c.post("unit/createUnit", v); word != "SIGN.INVALID" {
			t.Errorf("%s: %q", name, word)
		}
	}
	c.s.Advance(time.Hour)
	if _, word := c.do("unit/getUnitList"); word != "TIME.INVALID" {
		t.Errorf("an hour late: %q", word)
	}
	c.s.Advance(-time.Hour)
	c.s.ForgetKey()
	if _, word := c.do("unit/getUnitList"); word != "SIGN.INVALID" {
		t.Errorf("another key: %q", word)
	}
}

func TestTheClassicAPITakesPostsInBothWays(t *testing.T) {
	c := newClassic(t)
	call := c.s.URL + "/qiyeservice/api/unit/getUnitList"
	if status, answer := send(t, http.MethodPost, call+"?"+c.values().Encode(), "", "", nil); status != 200 || answer["suc"] != true {
		t.Errorf("in the address: %d %v", status, answer)
	}
	if status, _ := send(t, http.MethodGet, call+"?"+c.values().Encode(), "", "", nil); status != 405 {
		t.Errorf("GET: %d", status)
	}
	if status, _ := send(t, http.MethodPost, c.s.URL+"/qiyeservice/api/unit/nothing", "", "", nil); status != 404 {
		t.Errorf("unknown call: %d", status)
	}
	v := c.values()
	if status, answer := send(t, http.MethodPost, call+"?domain=x", "application/x-www-form-urlencoded", v.Encode(), nil); status != 200 || answer["error_code"] != "PARAM.INVALID" {
		t.Errorf("twice: %d %v", status, answer)
	}
	c.s.WrongRegion(true)
	if _, word := c.do("unit/getUnitList"); word != "DOMAIN.NOTEXIST" {
		t.Errorf("the other region: %q", word)
	}
	c.s.WrongRegion(false)
	c.s.Deny("unit/getUnitList", true)
	if _, word := c.do("unit/getUnitList"); word == "" {
		t.Error("a denied call works")
	}
}

func TestClassicAccountsFollowTheirRules(t *testing.T) {
	c := newClassic(t)
	unit := c.s.AddUnit("", "研发部")
	create := func(pairs ...string) string {
		_, word := c.do("account/createAccount", pairs...)
		return word
	}
	base := []string{"account_name", "han.meimei", "nickname", "韩梅梅", "password", "Wiese77", "pass_type", "0"}
	for wrong, want := range map[string]string{
		"unit_id 99": "UNIT.NOTEXIST", "passchange_req 3": "PARAM.INVALID:passchange_req", "exp_time tomorrow": "PARAM.INVALID:exp_time",
		"pass_type 1": "PARAM.INVALID:password", "odd 1": "PARAM.INVALID:odd", "quota 0": "PARAM.INVALID:quota",
	} {
		name, value, _ := strings.Cut(wrong, " ")
		if word := create(append(slices.Clone(base), name, value)...); word != want {
			t.Errorf("%s: %q", wrong, word)
		}
	}
	if word := create(append(slices.Clone(base), "unit_id", unit, "mobile", "13900000000", "addr_visible", "0")...); word != "" {
		t.Fatal(word)
	}
	if word := create(base...); word != "MAILACCOUNT.NAMEEXIST" {
		t.Errorf("twice: %q", word)
	}
	for _, step := range []struct{ call, more, want string }{
		{"account/addAccountAlias", "alias_name han", ""},
		{"account/addAccountAlias", "alias_name han", "MAILACCOUNT.NAMEEXIST"},
		{"account/updateAccount", "nickname 韩小梅", ""},
		{"account/updateAccount", "quota 5", "PARAM.INVALID:quota"},
		{"account/suspendAccount", "", ""},
		{"account/deleteAccountSim", "", ""},
		{"account/suspendAccount", "", "ACCOUNT.NOTEXIST"},
		{"account/recoverAccount", "", ""},
		{"account/deleteAccountAlias", "alias_name other", "ALIAS.NOTEXIST"},
	} {
		pairs := []string{"account_name", "han.meimei"}
		if name, value, told := strings.Cut(step.more, " "); told {
			pairs = append(pairs, name, value)
		}
		if _, word := c.do(step.call, pairs...); word != step.want {
			t.Errorf("%s %s: %q", step.call, step.more, word)
		}
	}
	con, _ := c.do("account/getAccount", "account_name", "han.meimei")
	got := con.(map[string]any)
	if got["nickname"] != "韩小梅" || got["unit_id"] != unit || got["status"] != float64(0) || got["addr_visible"] != float64(0) {
		t.Errorf("%v", got)
	}
	if con, _ := c.do("unit/getAccountList", "unit_id", unit, "recuion", "true"); con.(map[string]any)["count"] != float64(1) {
		t.Errorf("%v", con)
	}
	if _, word := c.do("unit/deleteUnit", "unit_id", unit); word != "UNIT.NOTEMPTY" {
		t.Errorf("a department with people: %q", word)
	}
	_, _ = c.do("account/deleteAccountSim", "account_name", "han.meimei")
	c.s.NeverRevive(true)
	if _, word := c.do("account/recoverAccount", "account_name", "han.meimei"); word != "ACCOUNT.NOTEXIST" {
		t.Errorf("revived: %q", word)
	}
}

func TestTheEntryOpensForTheCompanysKeyOnly(t *testing.T) {
	c := newClassic(t)
	c.s.AddAccount(netease.Account{Name: "li", Nickname: "Li"})
	at := fmt.Sprint(time.Now().UnixMilli())
	q := url.Values{"domain": {domain}, "account_name": {"li"}, "time": {at}, "enc": {c.sign("li" + domain + at)}, "lang": {"0"}}
	if status, _ := send(t, http.MethodGet, c.s.URL+"/domain/oa/Entry?"+q.Encode(), "", "", nil); status != http.StatusFound {
		t.Errorf("status %d", status)
	}
	q.Set("account_name", "wang")
	if status, _ := send(t, http.MethodGet, c.s.URL+"/domain/oa/Entry?"+q.Encode(), "", "", nil); status != http.StatusForbidden {
		t.Errorf("another account: status %d", status)
	}
}

func TestClassicLogsAndABigCompany(t *testing.T) {
	c := newClassic(t)
	c.s.Fill(5000, 200)
	at := time.Date(2026, 11, 12, 14, 3, 5, 0, time.FixedZone("", 8*3600))
	c.s.AddMail(netease.Mail{From: "zhou@customer.example.com", To: "li@" + domain, Subject: "发票", At: at, Size: 1000, IP: "203.0.113.9", OK: true})
	c.s.AddLogins(netease.Login{Name: "li", At: at, IP: "203.0.113.9", Method: "imap", OK: true})
	con, word := c.do("mail/getReceivedMailLogs", "accounts", "li", "start", "2026-11-12", "end", "2026-11-12 14:03:05")
	if word != "" || con.(map[string]any)["total"] != float64(1) {
		t.Errorf("%v %q", con, word)
	}
	if con, word := c.do("login/getClientLoginLogs", "accounts", "li", "start", "2026-11-12", "end", "2026-11-12"); word != "" || len(con.([]any)) != 1 {
		t.Errorf("%v %q", con, word)
	}
	if _, word := c.do("login/getClientLoginLogs", "accounts", "li", "start", "12.11.2026", "end", "2026-11-12"); word == "" {
		t.Error("a day of another form is taken")
	}
	con, _ = c.do("unit/getUnitList")
	if n := len(con.([]any)); n != 200 {
		t.Errorf("%d departments", n)
	}
}
