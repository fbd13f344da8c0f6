package trouble_test

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/vendors/trouble"
)

func TestMain(m *testing.M) { leak.Main(m) }

func get(ctx context.Context, t *testing.T, url string) (status int, body string, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode, string(raw), err
}

func TestEveryFaultIsWhatItSays(t *testing.T) {
	var done atomic.Int32
	h := trouble.New(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		done.Add(1)
		_, _ = io.WriteString(w, "all is well and always was")
	}))
	defer h.Close()
	ctx := t.Context()

	h.Fail(trouble.Fault{Path: "/a", Pass: 1, Status: 429, Header: http.Header{"Retry-After": {"3"}}, Body: "slower"})
	if s, body, err := get(ctx, t, h.URL+"/a"); s != 200 || err != nil || len(body) != 26 {
		t.Errorf("the first goes through: %d %q %v", s, body, err)
	}
	if s, body, _ := get(ctx, t, h.URL+"/a"); s != 429 || body != "slower" {
		t.Errorf("the second is refused: %d %q", s, body)
	}
	if s, _, _ := get(ctx, t, h.URL+"/a"); s != 200 {
		t.Errorf("the third goes through: %d", s)
	}

	before := done.Load()
	h.Fail(trouble.Fault{Lose: true}, trouble.Fault{Cut: 5})
	if _, _, err := get(ctx, t, h.URL+"/b"); err == nil || done.Load() != before+1 {
		t.Errorf("a lost answer: %v, done %d", err, done.Load()-before)
	}
	if s, body, err := get(ctx, t, h.URL+"/b"); s != 200 || err == nil || body != "all i" || done.Load() != before+2 {
		t.Errorf("a cut answer: %d %q %v", s, body, err)
	}

	h.Fail(trouble.Fault{Done: true, Status: 429})
	if s, _, _ := get(ctx, t, h.URL+"/b"); s != 429 || done.Load() != before+3 {
		t.Errorf("done, and told to wait: %d, done %d", s, done.Load()-before)
	}

	h.Fail(trouble.Fault{Hang: true})
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if _, _, err := get(short, t, h.URL+"/c"); err == nil || done.Load() != before+3 {
		t.Errorf("a hanging answer: %v", err)
	}

	h.Fail(trouble.Fault{Times: -1, Status: 502})
	for range 3 {
		if s, _, _ := get(ctx, t, h.URL+"/d"); s != 502 {
			t.Errorf("still broken: %d", s)
		}
	}
	h.Heal()
	if s, _, _ := get(ctx, t, h.URL+"/d"); s != 200 || h.Count("/d") != 4 || h.Count("") != 11 {
		t.Errorf("healed: %d, %v", s, h.Counts())
	}
}
