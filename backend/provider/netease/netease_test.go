package netease

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// testKey is made once: a key of 1024 bits, as they are usual there.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	return k
})

func pkcs8(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(testKey())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestAKeyIsReadInEveryFormThatTheVendorHandsOut(t *testing.T) {
	pkcs1 := x509.MarshalPKCS1PrivateKey(testKey())
	spaced := hex.EncodeToString(pkcs8(t))
	for name, text := range map[string]string{
		"PEM of PKCS#8": pemOf("PRIVATE KEY", pkcs8(t)), "PEM of PKCS#1": pemOf("RSA PRIVATE KEY", pkcs1),
		"hex": spaced, "hex in capitals and lines": strings.ToUpper(spaced[:64]) + "\r\n  " + spaced[64:] + "\n",
	} {
		if k, err := readKey(secret.NewValue(text)); err != nil || !k.Equal(testKey()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	public, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for reason, text := range map[string]string{
		"missing": "  ", "form": "MIIBVQIBADANBgkq", "public": pemOf("PUBLIC KEY", public), "encrypted": pemOf("ENCRYPTED PRIVATE KEY", pkcs8(t)),
		"too_long": strings.Repeat("a", longestKey+1),
	} {
		_, err := readKey(secret.NewValue(text))
		if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["reason"] != reason || core.ArgsOf(err)["field"] != "key" {
			t.Errorf("%s: %v %v", reason, err, core.ArgsOf(err))
		}
		if len(text) > 20 && strings.Contains(err.Error(), text[len(text)/2:len(text)/2+10]) {
			t.Errorf("%s: the error repeats the key", reason)
		}
	}
}

// The text is the one in the vendor's description of createUnit.
func TestParametersAreSignedSortedAndAsTheyAre(t *testing.T) {
	form := url.Values{
		"unit_name": {"研发部"}, "unit_desc": {"测试"}, "time": {"1460000000000"}, "product": {"abc_com"}, "parent_id": {"1234"}, "domain": {"abc.com"}, "sign": {"x"},
	}
	const want = "domain=abc.com&parent_id=1234&product=abc_com&time=1460000000000&unit_desc=测试&unit_name=研发部"
	if got := signedText(form); got != want {
		t.Errorf("signed %q", got)
	}
	made, err := sign(testKey(), want)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(made)
	sum := sha1.Sum([]byte(want))
	if err != nil || made != strings.ToLower(made) || len(made) != 256 || rsa.VerifyPKCS1v15(&testKey().PublicKey, crypto.SHA1, sum[:], raw) != nil {
		t.Errorf("the signature %q does not hold", made)
	}
}

func TestDepartmentsComeInOrderWhateverTheyAreToldIn(t *testing.T) {
	all := tree([]provider.Department{
		{ID: "4", Parent: "2", Name: "d"}, {ID: "2", Parent: "1", Name: "b", Order: 2}, {ID: "3", Parent: "1", Name: "c", Order: 1},
		{ID: "1", Parent: "0", Name: "a"}, {ID: "9", Parent: "77", Name: "orphan"}, {ID: "5", Parent: "6", Name: "round"}, {ID: "6", Parent: "5", Name: "about"},
		{ID: "22_default", Name: "nowhere"}, {ID: "7", Parent: "7", Name: "itself"}, {ID: "4", Parent: "1", Name: "twice"},
	})
	var order []string
	seen := map[string]bool{"": true}
	for _, d := range all {
		if !seen[d.Parent] {
			t.Errorf("%+v comes before its parent", d)
		}
		seen[d.ID] = true
		order = append(order, d.ID)
	}
	if strings.Join(order, " ") != "1 3 2 4 9 7 5 6" {
		t.Errorf("the order is %v", order)
	}
}

// server answers by the end of the path; what came is kept.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string][]string
	asked   []string
	bodies  []string
	headers []http.Header
}

func serve(t *testing.T, answers map[string][]string) *server {
	s := &server{answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked, s.bodies, s.headers = append(s.asked, r.URL.Path), append(s.bodies, string(raw)), append(s.headers, r.Header.Clone())
		for end, list := range s.answers {
			if strings.HasSuffix(r.URL.Path, end) {
				answer := list[0]
				if len(list) > 1 {
					s.answers[end] = list[1:]
				}
				_, _ = io.WriteString(w, answer)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) count(end string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, path := range s.asked {
		if strings.HasSuffix(path, end) {
			n++
		}
	}
	return n
}

func connect[T any](t *testing.T, m provider.Maker, s *server) T {
	t.Helper()
	p, err := m.New(provider.Config{
		Domain: "Office.Example", BaseURL: s.URL, Pace: 1e6,
		Values: map[string]string{"region": "east", "appId": "app", "orgOpenId": "0123456789abcdef"},
		Secret: map[string]secret.Value{"key": secret.NewValue(pemOf("PRIVATE KEY", pkcs8(t))), "authCode": secret.NewValue("auth-code-1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.(io.Closer).Close() })
	return p.(T)
}

func TestATokenThatEndsIsRenewedAndTheCallMadeAgain(t *testing.T) {
	const people = `{"code":0,"success":true,"message":"ok","data":{"count":1,"list":[{"accountName":"li","name":"李","status":0}]}}`
	s := serve(t, map[string][]string{
		"/acquireToken":   {`{"code":0,"success":true,"data":{"accessToken":"access-one","accessTokenExpiredTime":"2099-01-01 00:00:00","refreshToken":"refresh-one"}}`},
		"/refresh":        {`{"code":0,"success":true,"data":{"accessToken":"access-two","accessTokenExpiredTime":"2020-01-01 00:00:00","refreshToken":"refresh-two"}}`},
		"/getAccountList": {people, `{"code":-301,"success":false,"message":"access token access-one expired"}`, people},
	})
	p := connect[*open](t, Open(), s)
	for range 3 {
		if list, _, err := p.People(t.Context(), ""); err != nil || len(list) != 1 || list[0].Address != "li@office.example" {
			t.Fatalf("%v %v", list, err)
		}
	}
	if s.count("/acquireToken") != 1 || s.count("/refresh") != 1 || s.count("/getAccountList") != 4 {
		t.Errorf("asked %v", s.asked)
	}
	last := s.headers[len(s.headers)-1]
	if last.Get("qiye-access-token") != "access-two" || last.Get("qiye-app-id") != "app" || last.Get("qiye-org-open-id") == "" || last.Get("qiye-nonce") == "" {
		t.Errorf("headers %v", last)
	}
}

func TestARefreshTokenThatEndedLeadsBackToTheKeys(t *testing.T) {
	s := serve(t, map[string][]string{
		"/acquireToken":   {`{"code":0,"success":true,"data":{"accessToken":"access-one","refreshToken":"refresh-one"}}`},
		"/refresh":        {`{"code":-302,"success":false,"message":"refresh token expired"}`},
		"/getAccountList": {`{"code":-300,"success":false,"message":"no"}`, `{"code":0,"success":true,"data":{"count":0,"list":[]}}`},
	})
	p := connect[*open](t, Open(), s)
	if err := p.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.count("/acquireToken") != 2 || s.count("/refresh") != 1 {
		t.Errorf("asked %v", s.asked)
	}
}

func TestAKeyThatIsRefusedIsNotTriedForever(t *testing.T) {
	s := serve(t, map[string][]string{
		"/acquireToken": {`{"code":-100,"success":false,"message":"auth-code-1 is wrong"}`},
	})
	p := connect[*open](t, Open(), s)
	err := p.Check(t.Context())
	if core.CodeOf(err) != core.Unauthenticated || core.ArgsOf(err)["vendorCode"] != "-100" || strings.Contains(core.ArgsOf(err)["vendorText"], "auth-code-1") {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
	if n := s.count(""); n != 1 {
		t.Errorf("%d requests", n)
	}
	s.answers["/acquireToken"] = []string{`{"code":0,"success":true,"data":{"accessToken":"a-token","refreshToken":"r-token"}}`}
	s.answers["/getAccountList"] = []string{`{"code":-305,"success":false,"message":"app expired"}`}
	if err := p.Check(t.Context()); core.ArgsOf(err)["reason"] != reasonExpired || s.count("/getAccountList") != 1 {
		t.Errorf("%v after %d calls", err, s.count("/getAccountList"))
	}
}

func TestEveryCodeOfThePlatformHasItsMeaning(t *testing.T) {
	for code, want := range map[int64]core.Code{
		-1: core.Unreachable, -3: core.Rejected, -4: core.NotFound, -201: core.Forbidden, -202: core.Forbidden, -401: core.Invalid,
		-422: core.RateLimited, -500: core.Unreachable, -9999: core.Rejected, 77: core.Rejected,
	} {
		if got := openRefusal(code, "text"); got.Code != want || got.VendorText != "text" {
			t.Errorf("%d is %+v, want %s", code, got, want)
		}
	}
	for words, want := range map[string]core.Code{
		"ACCOUNT.NOTEXIST:": core.NotFound, "MAILACCOUNT.NAMEEXIST": core.Conflict, "UNIT_NOT_EXIST": core.NotFound, "什么": core.Rejected, "BAD.SIGN": core.Rejected,
	} {
		if got := openRefusal(-3, words); got.Code != want || got.VendorCode != "-3" {
			t.Errorf("%q is %+v, want %s", words, got, want)
		}
	}
}

func TestAnUpdateOfTheClassicInterfaceLosesNothing(t *testing.T) {
	s := serve(t, map[string][]string{
		"/getAccount": {`{"suc":true,"con":{"account_name":"li","nickname":"李","mobile":"13900000001","job_no":"7","exp_time":"2030-05-28","addr_right":1,"addr_visible":1,` +
			`"fwd":1,"fwdauth":1,"passchange_req":0,"resetpass_general":1,"resetpass_mobile":0,"status":0,"unit_id":"2952527_default","quota":10240},"error_code":null,"ver":0}`},
		"/updateAccount": {`{"suc":true,"con":null,"error_code":null,"ver":0}`},
	})
	p := connect[*classic](t, Classic(), s)
	name, none := "李雷", ""
	if err := p.UpdatePerson(t.Context(), "LI@office.example", provider.PersonChange{Name: &name, StaffNo: &none}); err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(s.bodies[1])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"account_name": "li", "nickname": "李雷", "mobile": "13900000001", "job_no": "", "exp_time": "2030-05-28", "addr_right": "1", "addr_visible": "1", "fwd": "1",
		"fwdauth": "1", "passchange_req": "0", "resetpass_general": "1", "resetpass_mobile": "0", "domain": "office.example", "product": "office_example",
	}
	for name, value := range want {
		if !form.Has(name) || form.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, form[name], value)
		}
	}
	for name := range form {
		if _, ok := want[name]; !ok && name != "time" && name != "sign" {
			t.Errorf("%s was sent: %q", name, form[name])
		}
	}
	raw, _ := hex.DecodeString(form.Get("sign"))
	sum := sha1.Sum([]byte(signedText(form)))
	if rsa.VerifyPKCS1v15(&testKey().PublicKey, crypto.SHA1, sum[:], raw) != nil {
		t.Error("the signature does not hold")
	}
}

func TestReceivedMailIsReadByItsNames(t *testing.T) {
	s := serve(t, map[string][]string{
		"/getReceivedMailLogs": {`{"suc":1,"con":{"list":[{"mailfrom":"a@partner.example","mailsize":299075,"mailto":"li@office.example","result":1,"sendip":"203.0.113.9",` +
			`"sendtime":"2026-03-10 14:11:34","subject":"报价"},{"mailfrom":"b@partner.example","mailsize":"7","mailto":"li@office.example","result":3,"sendip":"","sendtime":"2026-03-11 00:00:00","subject":"x"}],"total":5},"ver":0}`},
	})
	p := connect[*classic](t, Classic(), s)
	from := time.Date(2026, 3, 10, 0, 0, 0, 0, beijing)
	page, err := p.Fetch(t.Context(), logs.Ask{Kind: logs.Received, From: from, To: from.AddDate(0, 0, 1), Person: "li@office.example"})
	if err != nil || len(page.Records) != 1 || !page.Cut {
		t.Fatalf("%+v %v", page, err)
	}
	r := page.Records[0]
	if r.From != "a@partner.example" || r.Size != 299075 || r.Outcome != logs.Delivered || !r.At.Equal(time.Date(2026, 3, 10, 6, 11, 34, 0, time.UTC)) || r.IP.String() != "203.0.113.9" {
		t.Errorf("%+v", r)
	}
	form, _ := url.ParseQuery(s.bodies[0])
	if form.Get("start") != "2026-03-10 00:00:00" || form.Get("end") != "2026-03-11 00:00:00" || form.Get("accounts") != "li" {
		t.Errorf("asked %v", form)
	}
	s.answers["/getReceivedMailLogs"] = []string{`{"suc":1,"con":{"list":[{"subject":"no time"}],"total":1}}`}
	if _, err := p.Fetch(t.Context(), logs.Ask{Kind: logs.Received, From: from, To: from.AddDate(0, 0, 1), Person: "li@office.example"}); core.CodeOf(err) != core.Malformed {
		t.Errorf("a row without a time: %v", err)
	}
}

func TestALogInPagesIsReadToItsEnd(t *testing.T) {
	row := func(n int) string {
		return strings.Join(slices.Repeat([]string{`{"loginTime":"2026-03-10 08:00:00","accountName":"li","ip":"203.0.113.5","city":"杭州"}`}, n), ",")
	}
	s := serve(t, map[string][]string{
		"/acquireToken": {`{"code":0,"success":true,"data":{"accessToken":"access-one","refreshToken":"r"}}`},
		"/webLogin": {
			`{"code":0,"success":true,"data":{"total":52,"list":[` + row(50) + `]}}`, `{"code":0,"success":true,"data":{"total":52,"list":[` + row(2) + `]}}`,
		},
	})
	p := connect[*open](t, Open(), s)
	from := time.Date(2026, 3, 10, 0, 0, 0, 0, beijing)
	ask, all := logs.Ask{Kind: logs.SignIn, From: from, To: from.Add(12 * time.Hour)}, []logs.Record{}
	for {
		page, err := p.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Records...)
		if ask.Next = page.Next; ask.Next == "" {
			break
		}
	}
	if len(all) != 52 || all[51].Person != "li@office.example" || all[51].Method != logs.Web || all[51].Facts["city"] != "杭州" || !all[51].IP.IsValid() {
		t.Errorf("%d rows, the last %+v", len(all), all[len(all)-1])
	}
	var asked map[string]any
	if err := json.Unmarshal([]byte(s.bodies[2]), &asked); err != nil || asked["pageNum"] != 2.0 || len(asked["accountNames"].([]any)) != 1 {
		t.Errorf("asked %v %v", asked, err)
	}
}

func TestAliasesAreReadInEveryForm(t *testing.T) {
	for raw, want := range map[string]string{
		`null`: "", `[]`: "", `["a","b@office.example"]`: "a b@office.example", `{"alias":["a"]}`: "a", `[{"alias_name":"a"},{"aliasName":"b"}]`: "a b", `{}`: "",
	} {
		got, err := names(json.RawMessage(raw))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s is %v %v", raw, got, err)
		}
	}
}

func FuzzReading(f *testing.F) {
	f.Add(`{"list":[{"time":"2026-03-10 08:00:00","ip":"::1"}],"total":"3"}`, "1/2/3,4")
	f.Add(`[{"a":{"b":1},"c":1e400}]`, "x")
	f.Add(`{"alias":[{"alias_name":5}]}`, "/")
	f.Fuzz(func(t *testing.T, raw, token string) {
		_, _ = names(json.RawMessage(raw))
		if list, _, err := rows(json.RawMessage(raw)); err == nil {
			for _, r := range list {
				_, _ = r.signIn("office.example", "", logs.Web), r.received("a@office.example")
			}
		}
		_, _ = count(json.RawMessage(raw))
		_ = moment(text(token))
		if p, err := readPlace(token); err == nil && token != "" && p.String() == "" {
			t.Errorf("%q became the end", token)
		}
		if _, err := readLogPlace("x", token); err != nil && core.CodeOf(err) != core.Invalid {
			t.Error(err)
		}
		if _, err := readKey(secret.NewValue(raw)); err == nil {
			t.Error("a key was found")
		}
	})
}
