package mox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/smtp"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/servers"
)

const password = "Kiefer-7-Blau-Q"

// fresh is a local part that no test run before has used on the shared server.
func fresh(local string) string { return fmt.Sprintf("%s%08x", local, rand.Uint32()) }

// create makes an account that goes with the test; a local part alone is one at the
// server's own domain.
func create(t *testing.T, o *Office, address string) provider.Person {
	t.Helper()
	if !strings.Contains(address, "@") {
		address = fresh(address) + "@" + server.Domain
	}
	t.Cleanup(func() {
		if all, err := o.read(context.WithoutCancel(t.Context()), ""); err == nil {
			if name, ok := all.find(address); ok {
				_ = o.DeletePerson(context.WithoutCancel(t.Context()), name) // the test may have done it, or need it in a list
			}
		}
	})
	p, err := o.CreatePerson(t.Context(), provider.NewPerson{Person: provider.Person{Address: address, Quota: -1}, Password: secret.NewValue(password)})
	if err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
}

func reason(t *testing.T, err error, code core.Code, want string) {
	t.Helper()
	if core.CodeOf(err) != code || core.ArgsOf(err)["reason"] != want {
		t.Errorf("%v %v, want %s %s", err, core.ArgsOf(err), code, want)
	}
}

func TestASessionThatEndedIsOpenedAgain(t *testing.T) {
	m := servers.Mox(t)
	o := connect(t, configOf(m))
	must(t, o.Check(t.Context()))
	must(t, m.Restart(t.Context()))
	must(t, o.Check(t.Context()))
	create(t, o, "after.restart")
}

// mox shuts a computer out after ten refused sign-ins in a minute, for mail too.
func TestAWrongPasswordIsTriedTwiceAndNeverAgain(t *testing.T) {
	c := config()
	c.Secret = map[string]secret.Value{"password": secret.NewValue("not-the-password")}
	o := connect(t, c)
	for range 5 {
		err := o.Check(t.Context())
		if core.CodeOf(err) != core.Unauthenticated || strings.Contains(err.Error(), "not-the-password") {
			t.Errorf("%v", err)
		}
	}
	if n := o.wire.Sent(); n != 4 {
		t.Errorf("%d requests, want two for each of two sign-ins", n)
	}
}

func TestAnotherServerIsRecognised(t *testing.T) {
	c := config()
	c.Values = map[string]string{"address": server.URL + "/nowhere"}
	err := connect(t, c).Check(t.Context())
	if core.CodeOf(err) != core.Malformed {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
}

func TestAnAccountThatGetsReportsCannotBeDeleted(t *testing.T) {
	o := connect(t, config())
	p := create(t, o, "reports")
	must(t, o.ask(t.Context(), "", "DomainDMARCAddressSave", nil, "localhost", "dmarcreports", "", p.ID, "DMARC"))
	err := o.DeletePerson(t.Context(), p.ID)
	reason(t, err, core.Conflict, "report_target")
	if core.ArgsOf(err)["domain"] != "localhost" {
		t.Errorf("%v", core.ArgsOf(err))
	}
	must(t, o.ask(t.Context(), "", "DomainDMARCAddressSave", nil, "localhost", "", "", "", ""))
	must(t, o.DeletePerson(t.Context(), p.ID))
}

func TestTheLastMemberOfAListCannotBeDeleted(t *testing.T) {
	o := connect(t, config())
	p, q := create(t, o, "only"), create(t, o, "second")
	l, err := o.CreateList(t.Context(), provider.List{Address: fresh("few") + "@localhost", Members: []string{p.Address}, Policy: provider.PolicyMembers})
	must(t, err)
	submit(t, p.Address, "later@customer.example", "From: "+p.Address+"\r\nSubject: waits\r\n\r\nhello\r\n")
	err = o.DeletePerson(t.Context(), p.ID)
	reason(t, err, core.Conflict, "last_member")
	if page, err := o.Fetch(t.Context(), logs.Ask{Kind: logs.Sent, From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Minute), Person: p.Address}); err != nil || len(page.Records) != 1 {
		t.Errorf("of the mail that waits %d are left after a deletion that was refused, %v", len(page.Records), err)
	}
	if core.ArgsOf(err)["list"] != l.Address {
		t.Errorf("%v", core.ArgsOf(err))
	}
	must(t, o.UpdateList(t.Context(), l.ID, provider.ListChange{Members: &[]string{p.Address, q.Address}}))
	must(t, o.DeletePerson(t.Context(), p.ID))
	if now, err := o.List(t.Context(), l.ID); err != nil || !slices.Equal(now.Members, []string{q.Address}) {
		t.Errorf("%+v %v", now, err)
	}
}

func TestTheHeirGetsAddressesAndPlacesInLists(t *testing.T) {
	o := connect(t, config())
	p, heir := create(t, o, "leaver"), create(t, o, "heir")
	alias := fresh("zz") + "@localhost"
	must(t, o.AddAlias(t.Context(), p.ID, alias))
	l, err := o.CreateList(t.Context(), provider.List{Address: fresh("inherits") + "@localhost", Members: []string{p.Address}, Policy: provider.PolicyAnyone})
	must(t, err)
	must(t, o.DeletePersonKeeping(t.Context(), p.ID, heir.ID, provider.KeepForward))
	now, err := o.Person(t.Context(), heir.ID)
	must(t, err)
	if !slices.Equal(now.Aliases, []string{p.Address, alias}) || now.Address != heir.Address {
		t.Errorf("the heir has %+v", now)
	}
	if l, err := o.List(t.Context(), l.ID); err != nil || !slices.Equal(l.Members, []string{heir.Address}) {
		t.Errorf("%+v %v", l, err)
	}
	if got := core.CodeOf(o.DeletePersonKeeping(t.Context(), heir.ID, heir.ID, provider.KeepForward)); got != core.Invalid {
		t.Errorf("the own heir: %v", got)
	}
}

func TestANameIsGivenAtTheCreationOnly(t *testing.T) {
	o := connect(t, config())
	address := fresh("named") + "@localhost"
	p, err := o.CreatePerson(t.Context(), provider.NewPerson{Person: provider.Person{Address: address, Name: "王小明", Quota: -1}, Password: secret.NewValue(password)})
	must(t, err)
	now, err := o.Person(t.Context(), p.ID)
	must(t, err)
	if p.Name != "王小明" || now.Name != "王小明" || !now.LastSignIn.IsZero() {
		t.Errorf("created as %+v, read as %+v: the name is there, and nobody has signed in", p, now)
	}
	other := "另一个"
	if err := o.UpdatePerson(t.Context(), p.ID, provider.PersonChange{Name: &other}); core.CodeOf(err) != core.Unsupported {
		t.Errorf("%v", err)
	}
	must(t, o.DeletePerson(t.Context(), p.ID))
}

// A minute's thousand requests are enough for two hundred people who come and go again.
func TestSomebodyComesWithFourRequestsAndGoesWithOne(t *testing.T) {
	o := connect(t, config())
	must(t, o.Check(t.Context()))
	create(t, o, "first") // finds out what is asked once
	const people = 4
	before := o.wire.Sent()
	var made []provider.Person
	for range people {
		p, err := o.CreatePerson(t.Context(), provider.NewPerson{Person: provider.Person{Address: fresh("few") + "@localhost", Name: "王小明", Quota: -1}, Password: secret.NewValue(password)})
		must(t, err)
		made = append(made, p)
	}
	if n := o.wire.Sent() - before; n != 4*people || o.asks.Load() {
		t.Errorf("%d requests for %d people; the server gives tokens itself: %v", n, people, o.asks.Load())
	}
	all, err := o.Everybody(t.Context())
	must(t, err)
	for _, p := range made {
		if i := slices.IndexFunc(all, func(of provider.Person) bool { return of.ID == p.ID }); i < 0 || all[i].Name != "王小明" {
			t.Errorf("%s is not among everybody with its name", p.Address)
		}
	}
	before = o.wire.Sent()
	for _, p := range made {
		must(t, o.DeletePerson(t.Context(), p.ID))
	}
	if n := o.wire.Sent() - before; n != people {
		t.Errorf("%d requests for %d deletions", n, people)
	}
}

// Another version may not take a token that it did not give.
func TestAServerThatGivesTokensItselfIsAskedForThem(t *testing.T) {
	o := connect(t, config())
	o.asks.Store(true)
	p, err := o.CreatePerson(t.Context(), provider.NewPerson{Person: provider.Person{Address: fresh("asked") + "@localhost", Name: "王小明", Quota: -1}, Password: secret.NewValue(password)})
	must(t, err)
	now, err := o.Person(t.Context(), p.ID)
	must(t, err)
	if now.Name != "王小明" {
		t.Errorf("%+v", now)
	}
	must(t, o.DeletePerson(t.Context(), p.ID))
}

func TestTheRoomChangesAndOtherLimitsStay(t *testing.T) {
	o := connect(t, config())
	p := create(t, o, "limits")
	must(t, o.ask(t.Context(), "", "AccountSettingsSave", nil, p.ID, 77, 33, 0, false, true))
	for _, quota := range []int64{5 << 20, 0, -1} {
		must(t, o.UpdatePerson(t.Context(), p.ID, provider.PersonChange{Quota: &quota}))
		if now, err := o.Person(t.Context(), p.ID); err != nil || now.Quota != quota {
			t.Errorf("room for %d bytes became %d, %v", quota, now.Quota, err)
		}
	}
	a, _, err := o.readAccount(t.Context(), "", p.ID)
	must(t, err)
	if a.MaxOutgoingMessagesPerDay != 77 || a.MaxFirstTimeRecipientsPerDay != 33 || !a.NoFirstTimeSenderDelay || !a.NoCustomPassword {
		t.Errorf("other limits changed: %+v", a)
	}
}

func TestTheSameNameAtTwoDomains(t *testing.T) {
	o := connect(t, config())
	branch, twin := fresh("branch")+".example", fresh("twin")
	must(t, o.ask(t.Context(), "", "DomainAdd", nil, false, branch, "mox", ""))
	o.domain = branch
	if domains, err := o.Domains(t.Context()); err != nil || len(domains) < 2 || domains[0].Name != branch {
		t.Errorf("%+v %v", domains, err)
	}
	first, second := create(t, o, twin+"@localhost"), create(t, o, twin+"@"+branch)
	if first.ID == second.ID || second.Address != twin+"@"+branch {
		t.Errorf("%+v and %+v", first, second)
	}
	for _, p := range []provider.Person{first, second} {
		if again, err := connect(t, config()).Person(t.Context(), p.Address); err != nil || again.ID != p.ID {
			t.Errorf("%s is %q, %v", p.Address, again.ID, err)
		}
		must(t, o.DeletePerson(t.Context(), p.ID))
	}
}

func TestWhatCannotBeMadeWholeIsNotMade(t *testing.T) {
	o := connect(t, config())
	half := fresh("half") + "@localhost"
	_, err := o.CreatePerson(t.Context(), provider.NewPerson{
		Person:   provider.Person{Address: half, Aliases: []string{servers.MoxUser.Name}, Quota: -1},
		Password: secret.NewValue(password),
	})
	reason(t, err, core.Conflict, "taken")
	if _, err := o.Person(t.Context(), half); core.CodeOf(err) != core.NotFound {
		t.Errorf("it is there: %v", err)
	}
}

// submit hands a mail in, without TLS: the server's certificate names no address.
func submit(t *testing.T, from, to, text string) {
	t.Helper()
	submitWith(t, from, password, to, text)
}

func submitWith(t *testing.T, from, password, to, text string) {
	t.Helper()
	c, err := smtp.Dial(server.Submit)
	must(t, err)
	defer c.Close()
	host, _, _ := strings.Cut(server.Submit, ":")
	must(t, c.Auth(smtp.PlainAuth("", from, password, host)))
	must(t, c.Mail(from))
	must(t, c.Rcpt(to))
	w, err := c.Data()
	must(t, err)
	_, err = w.Write([]byte(text))
	must(t, err)
	must(t, w.Close())
	must(t, c.Quit())
}

func TestSignInsAndOutgoingMailAreToldAsTheyWere(t *testing.T) {
	from := time.Now().Add(-time.Minute)
	o := connect(t, config())
	p := create(t, o, "watched")
	must(t, signIn(t.Context(), server, p.Address, password))
	if signIn(t.Context(), server, p.Address, "wrong-password") == nil {
		t.Error("a wrong password signs in")
	}
	// This server delivers to itself, and its filter puts mail from somebody new off: it waits.
	submit(t, p.Address, "later@customer.example", "From: "+p.Address+"\r\nTo: later@customer.example\r\nSubject: =?utf-8?b?5Y+R56WoIOWIsOS6hg==?= offer\r\nMessage-ID: <offer@localhost>\r\n\r\nhello\r\n")

	found := map[logs.Outcome]logs.Record{}
	for deadline := time.Now().Add(time.Minute); len(found) < 2 && time.Now().Before(deadline); {
		time.Sleep(200 * time.Millisecond) // mox writes sign-ins down a moment later and tells nobody
		page, err := o.Fetch(t.Context(), logs.Ask{Kind: logs.SignIn, From: from, To: time.Now().Add(time.Minute), Person: p.Address})
		must(t, err)
		for _, r := range page.Records {
			found[r.Outcome] = r
		}
	}
	if ok, no := found[logs.OK], found[logs.Refused]; ok.Method != logs.IMAP && ok.Method != logs.SMTP || no.Method != logs.IMAP || no.Person != p.Address || no.IP.String() != "127.0.0.1" || no.Said == "" {
		t.Errorf("%+v", found)
	}
	page, err := o.Fetch(t.Context(), logs.Ask{Kind: logs.Sent, From: from, To: time.Now().Add(time.Minute), Person: p.Address})
	must(t, err)
	if len(page.Records) != 1 {
		t.Fatalf("%d mails on their way, want 1", len(page.Records))
	}
	if r := page.Records[0]; r.From != p.Address || r.To[0] != "later@customer.example" || r.MessageID != "<offer@localhost>" || r.Subject != "发票 到了 offer" || r.Outcome != logs.Pending || r.Size == 0 {
		t.Errorf("%+v", r)
	}
	if now, err := o.Person(t.Context(), p.ID); err != nil || now.LastSignIn.Before(from) {
		t.Errorf("the last sign-in is %v, %v", now.LastSignIn, err)
	}
}

// The ready-made account keeps what is done (KeepRetiredMessagePeriod). Mail that waits
// is given up here, as an administrator does on the page.
func TestMailThatIsDoneIsToldWhereTheAccountKeepsIt(t *testing.T) {
	from := time.Now().Add(-time.Minute)
	o := connect(t, config())
	id := fresh("done")
	submitWith(t, servers.MoxUser.Name, servers.MoxUser.Password, "later@customer.example", "From: mox@localhost\r\nTo: later@customer.example\r\nSubject: refused\r\nMessage-ID: <"+id+"@localhost>\r\n\r\nhello\r\n")
	must(t, o.ask(t.Context(), "", "QueueFail", nil, filter{Account: "mox"}))
	page, err := o.Fetch(t.Context(), logs.Ask{Kind: logs.Sent, From: from, To: time.Now().Add(time.Minute)})
	must(t, err)
	for _, r := range page.Records {
		if r.MessageID == "<"+id+"@localhost>" {
			if r.Outcome != logs.Bounced || r.To[0] != "later@customer.example" || !r.Clean() {
				t.Errorf("%+v", r)
			}
			return
		}
	}
	t.Errorf("the mail that was given up is not among %+v", page.Records)
}

func TestADomainThatTheServerDoesNotHaveIsNoticed(t *testing.T) {
	c := config()
	c.Domain = "nowhere.example"
	reason(t, connect(t, c).Check(t.Context()), core.Invalid, "no_domain")
	c.Domain = strings.ToUpper(config().Domain)
	if err := connect(t, c).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSubjectsAreToldAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"offer": "offer", "=?utf-8?b?5Y+R56Wo?= no. 7": "发票 no. 7", "=?GB2312?B?t6LGsQ==?=": "发票", "=?gb18030?q?=B7=A2?=\r\n =?gb18030?q?=C6=B1?=": "发票",
		"=?utf-8?b?YQpi?=": "a b", "=?nowhere?b?YQ==?=": "=?nowhere?b?YQ==?=", "=?utf-8?b?!!?= x": "=?utf-8?b?!!?= x",
	} {
		if got := legible(raw); got != want {
			t.Errorf("%q is told as %q, want %q", raw, got, want)
		}
	}
}

func TestAddressesAreSpelledOneWay(t *testing.T) {
	t.Parallel()
	none := destination{}
	a := account{Domain: "例子.example", Destinations: map[string]destination{
		"Li@例子.example": {FullName: "李"}, "old": none, "@例子.example": none, "x@other.example": none,
	}}
	p := person("li", a)
	if p.Address != "li@xn--fsqu00a.example" || p.Name != "李" || !slices.Equal(p.Aliases, []string{"old@xn--fsqu00a.example", "x@other.example"}) {
		t.Errorf("%+v", p)
	}
	if got := (account{Domain: "a.example", Destinations: map[string]destination{"z@a.example": none, "b@b.example": none}}).main("somebody"); got != "z@a.example" {
		t.Errorf("the main address is %s", got)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"user:error","message":"adding account: account already present"}}`))
	f.Add([]byte(`{"error":{"code":"x"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if r := judge(wire.Answer{Status: 200, Body: body}); r != nil && r.Code == "" {
			t.Errorf("%q is refused without a code", body)
		}
	})
}

func TestRecordsForPeopleAreReadOneByOne(t *testing.T) {
	got := zone(strings.Split(`; Time To Live of 5 minutes.
$TTL 300

; DANE: for the machine.
;; _25._tcp.mail.own.example. TLSA 3 1 1 abcd
; SPF-allow host for itself:
mail.own.example.              TXT "v=spf1 a -all"

; Deliver email for the domain to this host.
Office.Example.                    MX 10 mail.own.example.
; A long one.
2024a._domainkey.office.example.   TXT (
		"v=DKIM1;p=abc(" ; not the end
		"def"
	)

this is nothing.
_autodiscover._tcp.office.example. SRV 0 1 443 mail.own.example.
office.example. CAA 0 issue "letsencrypt.org"`, "\n"), "office.example")
	want := []provider.DomainRecord{
		{Name: "mail.own.example", Type: "TXT", Value: "v=spf1 a -all", Note: "SPF-allow host for itself:", Host: true},
		{Name: "office.example", Type: "MX", Value: "10 mail.own.example.", Note: "Deliver email for the domain to this host."},
		{Name: "2024a._domainkey.office.example", Type: "TXT", Value: "v=DKIM1;p=abc(def", Note: "A long one."},
		{Name: "_autodiscover._tcp.office.example", Type: "SRV", Value: "0 1 443 mail.own.example."},
		{Name: "office.example", Type: "CAA", Value: `0 issue "letsencrypt.org"`},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func FuzzZone(f *testing.F) {
	f.Add("a.example. MX 10 b.example.\n; x\nc.example. TXT (\n\"a\"\n\"b\" )")
	f.Add("((((\n\"\\")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range zone(strings.Split(text, "\n"), "a.example") {
			if r.Type == "" || strings.ContainsAny(r.Name, "\n") {
				t.Errorf("%+v", r)
			}
		}
	})
}
