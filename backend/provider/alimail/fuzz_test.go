package alimail

import (
	"encoding/json"
	"net/http"
	"testing"

	"mailroom/backend/provider/wire"
)

// Whatever the other side sends is judged and mapped without a panic, and what is no
// success is never taken for one.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"users":[{"id":"1","email":"A@x.example","createdTime":"2020-01-02T03:04:05Z","lastLoginTime":5,"departmentIds":["$root","7"]}],"total":1}`,
		`{"domains":[{"domain":"X.example","aliases":["y.example"],"isVerified":true,"isMxVerified":false,"aliasInfos":[{"alias":"y.example"}]}]}`,
		`{"detailErrorCode":1003,"message":"no"}`, `{"error":{"a":1}}`, `<html>`, ``, "\xff",
	} {
		f.Add([]byte(seed), 200)
		f.Add([]byte(seed), 429)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		r := judge(wire.Answer{Status: status, Header: http.Header{}, Body: body})
		if good := status >= 200 && status < 300; r == nil && !good || r != nil && r.Code == "" {
			t.Fatalf("%d %q: %+v", status, body, r)
		}
		var answer struct {
			user
			Users   []user   `json:"users"`
			Domains []domain `json:"domains"`
		}
		if json.Unmarshal(body, &answer) != nil {
			return
		}
		w := &walk{rootID: root, place: map[string]int{"7": 1}}
		for _, u := range append(answer.Users, answer.user) {
			p := u.person(w.ours)
			if p.Status == "" || p.Created.IsZero() && !u.Created.IsZero() {
				t.Fatalf("%+v", p)
			}
			_ = w.first(u, 0)
		}
		for _, d := range answer.Domains {
			if found, known := verdicts(answer.Domains, d.Name); !known || len(found) > 2 {
				t.Fatalf("%q: %+v %v", d.Name, found, known)
			}
		}
	})
}
