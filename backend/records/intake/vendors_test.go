package intake_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/records"
	"mailroom/backend/records/intake"
	"mailroom/backend/secret"
	fromNetease "mailroom/backend/testkit/vendors/netease"
	fromTencent "mailroom/backend/testkit/vendors/tencent"
)

const office = "office.example.com"

// happened is what the emulated vendors are seeded with: for each of these days so many
// mails in, mails out and sign-ins a person, at different minutes.
type happened struct {
	people []string // local parts
	times  []time.Time
}

func lately(days int) happened {
	h := happened{people: []string{"li", "han", "wang"}}
	last := time.Now().Add(-time.Hour).Truncate(time.Minute)
	for i := range days * 24 { // one an hour
		h.times = append(h.times, last.Add(-time.Duration(i)*time.Hour))
	}
	return h
}

func (h happened) size() int { return len(h.people) * len(h.times) }

func (h happened) addresses() []string {
	var all []string
	for _, p := range h.people {
		all = append(all, p+"@"+office)
	}
	return all
}

// host is an emulated vendor.
type host interface{ Count(path string) int }

// source is an adapter at an emulated vendor, and how many records of each kind are
// to be found there.
type source struct {
	name  string
	logs  logs.Source
	wants map[logs.Kind]int
	host  host
}

func adapter(t *testing.T, m provider.Maker, c provider.Config) logs.Source {
	t.Helper()
	c.Domain, c.Pace = office, 1e6
	p, err := m.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if closer, ok := p.(interface{ Close() error }); ok {
		t.Cleanup(func() { _ = closer.Close() })
	}
	return p.(logs.Source)
}

func sources(t *testing.T, h happened) []source {
	t.Helper()
	exmail, open, classic := fromTencent.New(office), fromNetease.NewOpen(office), fromNetease.NewClassic(office)
	t.Cleanup(func() { exmail.Close(); open.Close(); classic.Close() })
	for _, name := range h.people {
		address := name + "@" + office
		exmail.AddMember(fromTencent.Member{UserID: address, Name: name})
		open.AddAccount(fromNetease.Account{Name: name, Nickname: name})
		classic.AddAccount(fromNetease.Account{Name: name, Nickname: name})
		for i, at := range h.times {
			subject, ip := fmt.Sprintf("报价 %d", i), "203.0.113.7"
			exmail.AddMail(
				fromTencent.Mail{Subject: subject, Sender: "a@partner.example", Receiver: address, At: at, Status: 13},
				fromTencent.Mail{Sent: true, Subject: subject, Sender: address, Receiver: "a@partner.example", At: at, Status: 3},
			)
			exmail.AddSignIns(fromTencent.SignIn{UserID: address, At: at, IP: ip, Type: 1})
			mail := fromNetease.Mail{From: "a@partner.example", To: address, Subject: subject, At: at, Size: 1000, IP: ip, OK: true}
			web, client := fromNetease.Login{Name: name, At: at, IP: ip, Method: "web", OK: true}, fromNetease.Login{Name: name, At: at, IP: ip, Method: "imap", OK: true}
			open.AddMail(mail)
			classic.AddMail(mail)
			open.AddLogins(web, client)
			classic.AddLogins(web, client)
		}
	}
	secrets := map[string]secret.Value{}
	for field, app := range map[string]fromTencent.App{"contactSecret": fromTencent.Contacts, "logSecret": fromTencent.Logs} {
		secrets[field] = secret.NewValue(exmail.Secret(app))
	}
	n := h.size()
	return []source{
		{"Tencent", adapter(t, tencent.Maker(), provider.Config{BaseURL: exmail.BaseURL(), Values: map[string]string{"corpId": fromTencent.CorpID}, Secret: secrets}),
			map[logs.Kind]int{logs.Received: n, logs.Sent: n, logs.SignIn: n}, exmail},
		{"NetEase's platform", adapter(t, netease.Open(), provider.Config{
			BaseURL: open.BaseURL(), Values: map[string]string{"appId": open.AppID, "orgOpenId": open.OrgOpenID},
			Secret: map[string]secret.Value{"authCode": secret.NewValue(open.AuthCode())},
		}), map[logs.Kind]int{logs.Received: n, logs.SignIn: n}, open},
		{"NetEase's classic interface", adapter(t, netease.Classic(), provider.Config{
			BaseURL: classic.BaseURL(), Values: map[string]string{"region": "north", "product": classic.Product},
			Secret: map[string]secret.Value{"key": secret.NewValue(classic.PrivateKeyPEM())},
		}), map[logs.Kind]int{logs.Received: n, logs.SignIn: n}, classic},
	}
}

// Days of Beijing or moments, pages or none, one person at a time or all: what happened
// at the vendor is in the book once, and a second round brings nothing twice.
func TestEveryVendorsRecordsComeOnce(t *testing.T) {
	h := lately(4)
	for _, s := range sources(t, h) {
		t.Run(s.name, func(t *testing.T) {
			book, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "book"), time.FixedZone("+08:00", 8*3600))
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			job := &intake.Job{
				Book: book, Source: s.logs, Scope: s.name, Since: h.times[len(h.times)-1].Add(-time.Hour),
				People: func(context.Context) ([]string, error) { return h.addresses(), nil },
				Wait:   func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			}
			for round := range 2 {
				results, err := job.Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range results {
					if r.Err != nil || r.Tally.Unusable > 0 {
						t.Errorf("round %d: %s: %+v %v", round, r.Kind, r.Tally, r.Err)
					}
					if want, known := s.wants[r.Kind]; known && round == 0 && r.Tally.New != want {
						t.Errorf("%s: %d records, %d happened", r.Kind, r.Tally.New, want)
					}
					if round == 1 && r.Tally.New > 0 && r.Kind != logs.Traffic {
						t.Errorf("the second round brought %d of %s again", r.Tally.New, r.Kind)
					}
				}
				for kind := range s.wants {
					if !slices.ContainsFunc(results, func(r intake.Result) bool { return r.Kind == kind }) {
						t.Errorf("nothing was asked about %s", kind)
					}
				}
			}
		})
	}
}

// "12 to 14 March is missing: the provider keeps 30 days": whether the vendor says how
// long it keeps its logs or must be found out, it is asked no further, round after round.
func TestWhatAVendorKeepsNoLongerIsToldWithItsDays(t *testing.T) {
	h := lately(1)
	keeps := map[string]int{"Tencent": 30, "NetEase's platform": 180, "NetEase's classic interface": 180}
	for _, s := range sources(t, h) {
		t.Run(s.name, func(t *testing.T) {
			if exmail, ok := s.host.(*fromTencent.Server); ok {
				exmail.KeepLogs(keeps[s.name])
			}
			book, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "book"), time.FixedZone("+08:00", 8*3600))
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			since := time.Now().AddDate(-1, 0, 0)
			job := &intake.Job{
				Book: book, Source: s.logs, Scope: s.name, Since: since,
				People: func(context.Context) ([]string, error) { return h.addresses(), nil },
				Wait:   func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			}
			asked := [2]int{}
			for round := range asked {
				before := s.host.Count("")
				if _, err := job.Run(t.Context()); err != nil {
					t.Fatal(err)
				}
				asked[round] = s.host.Count("") - before
			}
			for kind := range s.wants {
				gaps, err := book.Gaps(t.Context(), kind, records.Span{From: since, To: time.Now().AddDate(0, 0, -1)})
				if err != nil || len(gaps) == 0 {
					t.Fatalf("%s: no gap, %v", kind, err)
				}
				for _, g := range gaps {
					if g.Why != records.TooOld || g.Days() != keeps[s.name] {
						t.Errorf("%s: %+v, kept %d days", kind, g, g.Days())
					}
				}
				if first, last := gaps[0].From, gaps[len(gaps)-1].To; !first.Equal(since.Truncate(time.Millisecond)) && first.After(since) || time.Since(last) > time.Duration(keeps[s.name]+1)*24*time.Hour {
					t.Errorf("%s: missing from %v to %v", kind, first, last)
				}
			}
			if asked[0] > 400 || asked[1] > 60 {
				t.Errorf("a year took %v questions", asked)
			}
		})
	}
}
