package switchover

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mailroom/backend/core"
	"mailroom/backend/testkit/nameserver"
)

const before = `$ORIGIN office.example.
@ 3600 IN MX 5 mxbiz1.qq.com.
@ 3600 IN MX 10 mxbiz2.qq.com.
@ 3600 IN TXT "v=spf1 include:spf.mail.qq.com include:sendcloud.example ip4:192.0.2.7 ~all"
autodiscover 3600 IN CNAME imap.exmail.qq.com.
imap 3600 IN CNAME imap.exmail.qq.com.`

// scene is a switch from Tencent to NetEase, seen by two resolvers.
type scene struct {
	t      *testing.T
	p      Plan
	m      Move
	now    time.Time
	near   *nameserver.Server
	far    *nameserver.Server
	looker Looker
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{
		t: t, p: Plan{Move: "m1", Domain: "office.example", From: "tencent-exmail", To: "netease-qiye"},
		now: time.Unix(1_795_000_000, 0), near: nameserver.Start(t, before), far: nameserver.Start(t, before),
	}
	s.looker = Looker{Resolvers: []string{s.near.Addr, s.far.Addr}}
	s.m = Move{People: 12, Ready: 12, LastRun: s.now.Add(-time.Hour), Whole: s.now.Add(-time.Hour)}
	return s
}

func (s *scene) look() bool {
	s.t.Helper()
	z := s.looker.Look(s.t.Context(), s.p.Domain, s.p.From, s.p.To, s.p.Selector)
	return s.p.See(z, s.m, s.now)
}

func (s *scene) replace(name, kind, records string, servers ...*nameserver.Server) {
	s.t.Helper()
	if len(servers) == 0 {
		servers = []*nameserver.Server{s.near, s.far}
	}
	for _, d := range servers {
		if err := d.Replace(name, kind, records); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *scene) step(id StepID) Step {
	s.t.Helper()
	all := s.p.Steps(s.m, s.now)
	at := slices.IndexFunc(all, func(x Step) bool { return x.ID == id })
	if at < 0 {
		s.t.Fatalf("no step %s", id)
	}
	return all[at]
}

func (s *scene) wants(when string, want map[StepID]State) {
	s.t.Helper()
	for id, state := range want {
		if got := s.step(id); got.State != state {
			s.t.Errorf("%s: %s is %s, want %s: %+v", when, id, got.State, state, got)
		}
	}
}

func TestASwitchFromTheFirstLookToTheEnd(t *testing.T) {
	s := newScene(t)
	s.look()
	s.wants("at first", map[StepID]State{
		StepPeople: Done, StepLeft: Done, StepSPF: Todo, StepTTL: Todo, StepDKIM: Todo, StepDelta: Done, StepMX: Blocked,
		StepSpread: Blocked, StepClients: Blocked, StepDMARC: Todo, StepAfter: Blocked, StepSPFOld: Blocked, StepTTLBack: Blocked, StepCancel: Blocked,
	})
	if mx := s.step(StepMX); len(mx.Should) > 0 || mx.Facts["why"] != "spf,ttl" {
		t.Errorf("the record is shown although it would be dangerous: %+v", mx)
	}
	spf := s.step(StepSPF).Should[0].Value
	if spf != "v=spf1 include:spf.mail.qq.com include:sendcloud.example ip4:192.0.2.7 include:spf.qiye.163.com ~all" {
		t.Errorf("the merged record is %q", spf)
	}
	if ttl := s.step(StepTTL).Should; len(ttl) != 2 || ttl[0].TTL != 600 || ttl[0].Value != "mxbiz1.qq.com" {
		t.Errorf("the short record is %+v", ttl)
	}

	// A day before: SPF for both, a short TTL, the new key.
	s.replace("office.example.", "TXT", `office.example. 3600 IN TXT "`+spf+`"`)
	s.replace("office.example.", "MX", "office.example. 300 IN MX 5 mxbiz1.qq.com.\noffice.example. 300 IN MX 10 mxbiz2.qq.com.")
	s.replace("default._domainkey.office.example.", "TXT", `default._domainkey.office.example. 300 IN TXT "v=DKIM1; k=rsa; p=MIIBIjANBg"`)
	s.look()
	s.wants("just lowered", map[StepID]State{StepSPF: Done, StepDKIM: Done, StepTTL: Wait, StepMX: Blocked})
	s.now = s.now.Add(2 * time.Hour) // the old TTL has passed everywhere
	s.look()
	s.wants("ready", map[StepID]State{StepTTL: Done, StepMX: Todo, StepSpread: Blocked})
	if mx := s.step(StepMX).Should; len(mx) != 2 || mx[0].Value != "qiye163mx01.mxmail.netease.com" || mx[0].Priority != 5 {
		t.Errorf("the new record is %+v", mx)
	}

	// The day: near tells the new place, far still the old one.
	moved := "office.example. 300 IN MX 5 qiye163mx01.mxmail.netease.com.\noffice.example. 300 IN MX 10 qiye163mx02.mxmail.netease.com."
	s.replace("office.example.", "MX", moved, s.near)
	if !s.look() {
		t.Error("the switch was not noticed")
	}
	if s.look() {
		t.Error("it was noticed twice")
	}
	s.wants("half way", map[StepID]State{StepMX: Done, StepSpread: Wait, StepClients: Todo, StepAfter: Blocked})
	if c := s.step(StepClients); len(c.Stands) != 2 || len(c.Should) != 1 || c.Should[0].Value != "imap.qiye.163.com" {
		t.Errorf("names of programs: %+v", c)
	}
	s.now = s.now.Add(20 * time.Minute)
	s.replace("office.example.", "MX", moved, s.far)
	s.look()
	s.wants("everywhere", map[StepID]State{StepSpread: Done, StepAfter: Todo, StepCancel: Blocked})
	s.m.Watching = true
	s.wants("watched", map[StepID]State{StepAfter: Wait})
	if why := s.p.MayEndWatch(s.m, s.now); why != "no_run_since" {
		t.Errorf("the watch may not end because of %q", why)
	}
	s.now = s.now.Add(5 * time.Hour)
	s.m.LastRun = s.now
	if why := s.p.MayEndWatch(s.m, s.now); why != "too_soon" {
		t.Errorf("the watch may not end because of %q", why)
	}
	s.now = s.now.Add(4 * 24 * time.Hour)
	s.wants("days later", map[StepID]State{StepAfter: Todo})
	if why := s.p.MayCancelOld(s.now); why != "watch" {
		t.Errorf("the old provider may not go because of %q", why)
	}

	// The end: the watch ends, SPF and TTL go back.
	s.p.WatchEnded = s.now
	s.wants("the watch has ended", map[StepID]State{StepAfter: Done, StepSPFOld: Todo, StepTTLBack: Todo, StepCancel: Wait})
	if r := s.step(StepSPFOld).Should[0].Value; r != "v=spf1 include:sendcloud.example ip4:192.0.2.7 include:spf.qiye.163.com ~all" {
		t.Errorf("the last record is %q", r)
	}
	if r := s.step(StepTTLBack).Should; len(r) != 2 || r[0].TTL != 3600 || r[0].Value != "qiye163mx01.mxmail.netease.com" {
		t.Errorf("back to %+v", r)
	}
	s.replace("office.example.", "TXT", `office.example. 3600 IN TXT "`+s.step(StepSPFOld).Should[0].Value+`"`)
	s.replace("office.example.", "MX", strings.ReplaceAll(moved, " 300 ", " 3600 "))
	s.now = s.now.Add(30 * 24 * time.Hour)
	s.look()
	s.wants("put back", map[StepID]State{StepSPF: Done, StepSPFOld: Done, StepTTLBack: Done, StepCancel: Todo})
}

func TestASwitchBeforeTheFirstFullRunIsADanger(t *testing.T) {
	s := newScene(t)
	s.m = Move{People: 12, Ready: 3}
	s.replace("office.example.", "MX", "office.example. 300 IN MX 5 qiye163mx01.mxmail.netease.com.")
	s.look()
	s.wants("too soon", map[StepID]State{StepPeople: Todo, StepMX: Danger})
	s.m = Move{People: 12, Ready: 12, Whole: s.now, LastRun: s.now}
	s.wants("caught up", map[StepID]State{StepPeople: Done, StepMX: Done})
	// Back to the old place: everything begins anew.
	s.replace("office.example.", "MX", "office.example. 300 IN MX 5 mxbiz1.qq.com.")
	s.look()
	if !s.p.SwitchedAt.IsZero() || !s.p.SpreadAt.IsZero() {
		t.Errorf("switched back, yet %+v", s.p)
	}
}

func TestTwoPlacesAtOnceAreADanger(t *testing.T) {
	s := newScene(t)
	s.replace("office.example.", "MX", "office.example. 300 IN MX 5 qiye163mx01.mxmail.netease.com.\noffice.example. 300 IN MX 10 mxbiz1.qq.com.")
	s.look()
	if mx := s.step(StepMX); mx.State != Danger || mx.Facts["why"] != "mixed" || len(mx.Should) != 2 {
		t.Errorf("%+v", mx)
	}
}

// What a resolver tells counts down; the domain's own servers know the whole.
func TestTheDomainsOwnServersAreAskedForTheTTL(t *testing.T) {
	own := nameserver.Start(t, before)
	_, port, err := net.SplitHostPort(own.Addr)
	if err != nil {
		t.Fatal(err)
	}
	cache := nameserver.Start(t, `$ORIGIN office.example.
@ 17 IN MX 5 mxbiz1.qq.com.
@ 300 IN NS ns1.office.example.
ns1 300 IN A 127.0.0.1`)
	l := Looker{Resolvers: []string{cache.Addr}, ownPort: port}
	z := l.Look(t.Context(), "office.example", "tencent-exmail", "netease-qiye", "")
	if !z.Own || z.TTL() != 3600 {
		t.Errorf("the TTL is %d, own servers asked: %v", z.TTL(), z.Own)
	}
}

func TestResolversThatFailAreToldAndDoNotStopTheRest(t *testing.T) {
	s := newScene(t)
	s.far.Fail("office.example", nameserver.Hang)
	z := s.looker.Look(t.Context(), "office.example", "tencent-exmail", "netease-qiye", "")
	if z.Views[1].Error != string(core.Timeout) || len(z.MX) != 2 || z.Error != "" {
		t.Errorf("%+v", z)
	}
	s.near.Fail("office.example", nameserver.ServFail)
	z = s.looker.Look(t.Context(), "office.example", "tencent-exmail", "netease-qiye", "")
	if z.Error == "" {
		t.Errorf("nobody answers, yet %+v", z)
	}
	s.p.See(z, s.m, s.now)
	s.wants("blind", map[StepID]State{StepPeople: Done, StepMX: Unknown, StepCancel: Unknown})
	s.near.Fail("office.example", nameserver.Truncate)
	if z = s.looker.Look(t.Context(), "office.example", "tencent-exmail", "netease-qiye", ""); len(z.MX) != 2 {
		t.Errorf("an answer that needs TCP: %+v", z)
	}
	if z = s.looker.Look(t.Context(), "..", "", "netease-qiye", ""); z.Error == "" {
		t.Error("a name that is none was asked for")
	}
}

func TestAPlanOutlivesTheProgram(t *testing.T) {
	dir := t.TempDir()
	b, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t)
	s.look()
	if err := b.Save(t.Context(), s.p); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err = Open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	got, err := b.Get(t.Context(), "m1")
	if err != nil || got.UsualTTL != 3600 || len(got.Zone.Views) != 2 {
		t.Errorf("%v, %+v", err, got)
	}
	if open, err := b.Open(t.Context()); err != nil || len(open) != 1 {
		t.Errorf("%v, %d open", err, len(open))
	}
	if _, err := b.Get(t.Context(), "m2"); core.CodeOf(err) != core.NotFound {
		t.Errorf("an unknown one: %v", err)
	}
}

// Whoever else may send stays, there is one v=spf1, one all at the end, and the
// result does not change when it is made again.
func TestMergedSPFKeepsEverybodyElse(t *testing.T) {
	terms := []string{"include:spf.mail.qq.com", "include:spf.qiye.163.com", "ip4:192.0.2.0/24", "a", "mx", "include:sendcloud.example", "-all", "~all", "?all", "exists:%{i}.example"}
	rapid.Check(t, func(r *rapid.T) {
		record := "v=spf1 " + strings.Join(rapid.SliceOfN(rapid.SampledFrom(terms), 0, 6).Draw(r, "terms"), " ")
		with := rapid.SliceOfN(rapid.SampledFrom([]string{"netease-qiye", "tencent-exmail", "", "no-such"}), 0, 3).Draw(r, "with")
		got := merged(record, with, nil)
		if again := merged(got, with, nil); again != got {
			r.Fatalf("%q became %q", got, again)
		}
		if strings.Count(got, "v=spf1") != 1 || strings.Count(got, "all") != 1 || !strings.HasSuffix(got, "all") {
			r.Fatalf("%q is no record", got)
		}
		for _, term := range strings.Fields(record)[1:] {
			if !strings.HasSuffix(term, "all") && !slices.Contains(strings.Fields(got), term) {
				r.Fatalf("%s is lost in %q", term, got)
			}
		}
		for _, p := range with {
			if sender(p) != "" && !allows(got, p) {
				r.Fatalf("%s may not send by %q", p, got)
			}
		}
	})
}

// Programs are led to the old provider by more than a CNAME: by SRV records, by an address
// that is the old provider's, and by the redirection that Outlook follows.
func TestNamesThatLeadToTheOldPlaceByOtherWaysAreFound(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "autodiscover.office.example" && r.URL.Path == "/autodiscover/autodiscover.xml" {
			http.Redirect(w, r, "https://imap.exmail.qq.com/autodiscover/autodiscover.xml", http.StatusFound)
		}
	}))
	defer web.Close()
	d := nameserver.Start(t, `$ORIGIN office.example.
@ 600 IN MX 5 qiye163mx01.mxmail.netease.com.
autodiscover 600 IN A 127.0.0.1
mail 600 IN A 192.0.2.7
imap 600 IN A 192.0.2.99
_imaps._tcp 600 IN SRV 0 1 993 imap.exmail.qq.com.
_imap._tcp 600 IN SRV 0 0 0 .
$ORIGIN exmail.qq.com.
imap 600 IN A 192.0.2.7`)
	_, port, _ := net.SplitHostPort(web.Listener.Addr().String())
	l := Looker{Resolvers: []string{d.Addr}, webPort: port}
	z := l.Look(t.Context(), "office.example", "tencent-exmail", "netease-qiye", "")
	want := []Name{
		{Name: "autodiscover", Value: "imap.exmail.qq.com", Seen: "HTTP 302"},
		{Name: "mail", Value: "imap.exmail.qq.com", Seen: "A 192.0.2.7"},
		{Name: "_imaps._tcp", Value: "imap.exmail.qq.com", Seen: "SRV"},
	}
	if !slices.Equal(z.Names, want) {
		t.Errorf("%+v", z.Names)
	}
	p := Plan{Domain: "office.example", From: "tencent-exmail", To: "netease-qiye", Zone: z, SwitchedAt: time.Unix(1, 0)}
	if s := p.clients(); s.State != Todo || len(s.Stands) != 3 || s.Stands[1] != "mail → imap.exmail.qq.com (A 192.0.2.7)" {
		t.Errorf("%+v", s)
	}
}
