package tencent_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	emulated "mailroom/backend/testkit/vendors/tencent"
)

// BenchmarkCreate compares creating members through the adapter with the bare requests,
// against an emulator without a limit: what the adapter adds of its own.
func BenchmarkCreate(b *testing.B) {
	start := func(b *testing.B) *emulated.Server {
		s := emulated.New(domain)
		b.Cleanup(s.Close)
		return s
	}
	b.Run("adapter", func(b *testing.B) {
		s := start(b)
		o, err := tencent.New(provider.Config{
			Domain: domain, BaseURL: s.BaseURL(), Values: map[string]string{"corpId": emulated.CorpID}, Pace: 1e9,
			Secret: map[string]secret.Value{"contactSecret": secret.NewValue(s.Secret(emulated.Contacts))},
		})
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			if _, err := o.CreatePerson(b.Context(), newcomer(fmt.Sprintf("p%d", i))); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		s := start(b)
		client := &http.Client{Transport: &http.Transport{}}
		b.Cleanup(client.CloseIdleConnections)
		ask := func(req *http.Request, into any) {
			res, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			defer res.Body.Close()
			raw, err := io.ReadAll(res.Body)
			if err == nil {
				err = json.Unmarshal(raw, into)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		var token struct {
			Token string `json:"access_token"`
		}
		q := url.Values{"corpid": {emulated.CorpID}, "corpsecret": {s.Secret(emulated.Contacts)}}
		req, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, s.BaseURL()+"gettoken?"+q.Encode(), nil)
		ask(req, &token)
		for i := 0; b.Loop(); i++ {
			raw, _ := json.Marshal(map[string]any{"userid": fmt.Sprintf("p%d@%s", i, domain), "name": "韩梅梅", "department": []int{1}, "password": "Wiese77-Blau", "cpwd_login": 0})
			req, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, s.BaseURL()+"user/create?access_token="+url.QueryEscape(token.Token), bytes.NewReader(raw))
			req.Header.Set("Content-Type", "application/json")
			var answer struct {
				Code int    `json:"errcode"`
				Text string `json:"errmsg"`
			}
			if ask(req, &answer); answer.Code != 0 {
				b.Fatal(answer.Text)
			}
		}
	})
}
