package tencent

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider/wire"
)

// Whatever the other side sends is judged, read and mapped without a panic, and an
// answer without an envelope that means success is none.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"errcode":0,"errmsg":"ok","userlist":[{"userid":"li@x.example","enable":"1","gender":1,"department":["2",3]}]}`,
		`{"errcode":"40014","errmsg":5}`, `{"errcode":0,"list":[{"time":"1700000000","type":20,"remark":"1","operator":"a<b@c>"}]}`,
		`{"groups":[{"groupid":"a@b","allow_type":null}]}`, `[]`, `{"errcode":1e9}`, "\xff",
	} {
		f.Add([]byte(seed), 200)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		a := wire.Answer{Status: status, Header: http.Header{}, Body: body}
		r := judge(a)
		if r == nil && (status != 200 || !json.Valid(body)) {
			t.Fatalf("%d %q passes for success", status, body)
		}
		if r != nil && r.Code == "" {
			t.Fatalf("%d %q has no code", status, body)
		}
		var answer struct {
			member
			UserList []member     `json:"userlist"`
			Groups   []group      `json:"groups"`
			List     []act        `json:"list"`
			Tree     []department `json:"department"`
		}
		if json.Unmarshal(body, &answer) != nil {
			return
		}
		for _, m := range append(answer.UserList, answer.member) {
			if p := m.person(); p.Status == "" || len(p.Aliases) > len(m.Slaves) {
				t.Fatalf("%+v", p)
			}
		}
		for _, g := range answer.Groups {
			_ = g.list()
		}
		for _, e := range answer.List {
			if rec := e.record(status%2 == 0); rec.Kind != logs.Admin || rec.Action == "" {
				t.Fatalf("%+v", rec)
			}
		}
	})
}

// A text either goes out without JSON's \u form or is refused before.
func FuzzSayable(f *testing.F) {
	f.Add("R&D <研发>")
	f.Add("a\u2028b\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if err := sayable("test", "name", s, 64); err != nil {
			if core.CodeOf(err) != core.Invalid {
				t.Fatal(err)
			}
			return
		}
		var got string
		sent := make(chan string, 1)
		base, _ := wire.Base("http://localhost:1", "")
		c := wire.New(wire.Options{Base: base, Pace: 1e6, Limit: time.Minute, HTTP: &http.Client{Transport: keep(sent)}})
		if err := c.Do(t.Context(), wire.Call{Method: http.MethodPost, Body: s}); err != nil {
			t.Fatal(err)
		}
		raw := <-sent
		if err := json.Unmarshal([]byte(raw), &got); err != nil || got != s {
			t.Fatalf("%q went out as %s", s, raw)
		}
		for i := 0; i+1 < len(raw); i++ {
			if raw[i] == '\\' {
				if raw[i+1] == 'u' {
					t.Fatalf("%q went out as %s", s, raw)
				}
				i++
			}
		}
	})
}

// keep is a way out that keeps what was sent.
type keep chan string

func (k keep) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	k <- string(raw)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}
