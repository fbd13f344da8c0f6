package practice_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/smtp"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"mailroom/backend/provider"
	"mailroom/backend/provider/practice"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/secret"
)

// First and second passwords of new people.
const (
	firstPassword  = "Kiefer-7-Blau-Q"
	secondPassword = "Ahorn-9-Rot-Zw"
)

// administered is a practice office with its mail servers.
type administered struct {
	t      *testing.T
	dir    string
	admin  *admin.Adapter
	office *practice.Office
}

func administer(t *testing.T) *administered {
	t.Helper()
	a := &administered{t: t, dir: t.TempDir()}
	p, err := admin.Maker(nil).New(provider.Config{Dir: filepath.Join(a.dir, "one")})
	if err != nil {
		t.Fatal(err)
	}
	a.admin = p.(*admin.Adapter)
	t.Cleanup(func() {
		if err := a.admin.Close(); err != nil {
			t.Error(err)
		}
	})
	a.office = start(t, practice.Options{Size: 20, Dir: filepath.Join(a.dir, "mail"), Directory: a.admin})
	return a
}

func (a *administered) create(local string) provider.Person {
	a.t.Helper()
	address := local + "@" + a.office.New().Domain
	p, err := a.admin.CreatePerson(a.t.Context(), provider.NewPerson{Person: provider.Person{Address: address, Name: local, Quota: -1}, Password: secret.NewValue(firstPassword)})
	if err != nil {
		a.t.Fatal(err)
	}
	return p
}

func (a *administered) ok(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// opens says whether a mailbox opens for reading.
func (a *administered) opens(address, password string) bool {
	a.t.Helper()
	c := dial(a.t, a.office.New())
	defer c.Close()
	return c.Login(address, password).Wait() == nil
}

// subjects are those of a folder's mails.
func (a *administered) subjects(side practice.Side, address, password, folder string) (all []string) {
	a.t.Helper()
	c := signIn(a.t, side, address, password)
	defer c.Close()
	selected, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	a.ok(err)
	if selected.NumMessages == 0 {
		return nil
	}
	set := imap.SeqSet{}
	set.AddRange(1, selected.NumMessages)
	messages, err := c.Fetch(set, &imap.FetchOptions{Envelope: true}).Collect()
	a.ok(err)
	for _, m := range messages {
		all = append(all, m.Envelope.Subject)
	}
	return all
}

// send hands a mail in as a mail program does.
func (a *administered) send(from, password, subject string, to ...string) error {
	a.t.Helper()
	side := a.office.New()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(side.CA)
	conn, err := tls.Dial("tcp", net.JoinHostPort(side.Host, strconv.Itoa(side.SMTP)), &tls.Config{RootCAs: pool, ServerName: side.Name})
	a.ok(err)
	c, err := smtp.NewClient(conn, side.Name)
	a.ok(err)
	defer c.Close()
	if err := c.Auth(smtp.PlainAuth("", from, password, side.Name)); err != nil {
		return err
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	for _, one := range to {
		if err := c.Rcpt(one); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = w.Write([]byte("From: " + from + "\r\nTo: " + strings.Join(to, ", ") + "\r\nSubject: " + subject + "\r\n\r\nhello\r\n"))
	a.ok(err)
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func TestSomebodyNewHasAMailboxThatSendsAndReceives(t *testing.T) {
	a := administer(t)
	anna, bert := a.create("anna"), a.create("bert")
	a.ok(a.admin.AddAlias(t.Context(), bert.ID, "b@"+a.office.New().Domain))
	_, err := a.admin.CreateList(t.Context(), provider.List{Address: "both@" + a.office.New().Domain, Name: "Both", Policy: provider.PolicyMembers, Members: []string{anna.Address, bert.Address}})
	a.ok(err)

	a.ok(a.send(anna.Address, firstPassword, "to the address", bert.Address))
	a.ok(a.send(anna.Address, firstPassword, "to the alias", "b@"+a.office.New().Domain))
	a.ok(a.send(anna.Address, firstPassword, "to the list", "both@"+a.office.New().Domain))
	old := a.office.People()[3]
	a.ok(a.send(anna.Address, firstPassword, "to the old provider", old.OldAddress))
	if got := a.subjects(a.office.New(), bert.Address, firstPassword, "INBOX"); strings.Join(got, ", ") != "to the address, to the alias, to the list" {
		t.Errorf("bert got %q", got)
	}
	if got := a.subjects(a.office.New(), anna.Address, firstPassword, "INBOX"); strings.Join(got, ", ") != "to the list" {
		t.Errorf("anna got %q", got)
	}
	if got := a.subjects(a.office.Old(), old.OldAddress, old.Password, "INBOX"); got[len(got)-1] != "to the old provider" {
		t.Errorf("the last mail at the old provider is %q", got[len(got)-1])
	}
	for what, err := range map[string]error{
		"with a wrong password":        a.send(anna.Address, secondPassword, "x", bert.Address),
		"to somebody outside":          a.send(anna.Address, firstPassword, "x", "customer@shop.example.org"),
		"to nobody":                    a.send(anna.Address, firstPassword, "x", "nobody@"+a.office.New().Domain),
		"to a list of others":          a.send(anna.Address, firstPassword, "x", "all@"+a.office.New().Domain),
		"to two, of whom one is not":   a.send(anna.Address, firstPassword, "half", bert.Address, "nobody@"+a.office.New().Domain),
		"with an unknown user's login": a.send("nobody@"+a.office.New().Domain, firstPassword, "x", bert.Address),
	} {
		if err == nil {
			t.Errorf("mail was taken %s", what)
		}
	}
	if n := len(a.subjects(a.office.New(), bert.Address, firstPassword, "INBOX")); n != 3 {
		t.Errorf("of mail that was refused bert got something: %d", n)
	}

	// Everything is there after a restart.
	a.ok(a.office.Close())
	a.office = start(t, practice.Options{Size: 20, Dir: filepath.Join(a.dir, "mail"), Directory: a.admin})
	if got := a.subjects(a.office.New(), bert.Address, firstPassword, "INBOX"); len(got) != 3 {
		t.Errorf("after a restart bert has %q", got)
	}
}

func TestWhatIsChangedInTheOfficeIsSoAtItsServer(t *testing.T) {
	a := administer(t)
	anna, bert := a.create("anna"), a.create("bert")
	a.ok(a.send(bert.Address, firstPassword, "kept", anna.Address))

	a.ok(a.admin.SetPassword(t.Context(), anna.ID, secret.NewValue(secondPassword), false))
	if a.opens(anna.Address, firstPassword) || !a.opens(anna.Address, secondPassword) {
		t.Error("the password at the server is the old one")
	}
	a.ok(a.admin.SuspendPerson(t.Context(), anna.ID))
	if a.opens(anna.Address, secondPassword) {
		t.Error("somebody who was switched off signs in")
	}
	a.ok(a.send(bert.Address, firstPassword, "while off", anna.Address))
	a.ok(a.admin.ResumePerson(t.Context(), anna.ID))
	if got := a.subjects(a.office.New(), anna.Address, secondPassword, "INBOX"); len(got) != 2 {
		t.Errorf("mail that came while anna was off: %q", got)
	}
	a.ok(a.admin.SetSignIn(t.Context(), anna.ID, provider.SMTP, false))
	if a.send(anna.Address, secondPassword, "x", bert.Address) == nil || !a.opens(anna.Address, secondPassword) {
		t.Error("SMTP alone is forbidden, and that is not what is so")
	}
	a.ok(a.admin.SetForward(t.Context(), anna.ID, &provider.Forward{To: []string{bert.Address}}))
	a.ok(a.send(bert.Address, firstPassword, "passed on", anna.Address))
	if got := a.subjects(a.office.New(), bert.Address, firstPassword, "INBOX"); strings.Join(got, ", ") != "passed on" {
		t.Errorf("what is passed on: %q", got)
	}

	a.ok(a.admin.DeletePerson(t.Context(), anna.ID))
	if a.opens(anna.Address, secondPassword) || a.send(bert.Address, firstPassword, "x", anna.Address) == nil {
		t.Error("somebody who was deleted still has a mailbox")
	}
	a.ok(a.admin.RestorePerson(t.Context(), anna.ID))
	if got := a.subjects(a.office.New(), anna.Address, secondPassword, "INBOX"); len(got) != 2 {
		t.Errorf("who comes back has %q", got)
	}
	a.ok(a.admin.DeletePersonKeeping(t.Context(), anna.ID, bert.ID, provider.KeepAttach))
	if got := a.subjects(a.office.New(), bert.Address, firstPassword, "anna"); len(got) != 2 {
		t.Errorf("the heir got %q", got)
	}
	a.ok(a.admin.RemoveAlias(t.Context(), bert.ID, anna.Address))
	if again := a.create("anna"); len(a.subjects(a.office.New(), again.Address, firstPassword, "INBOX")) != 0 {
		t.Error("somebody new reads the mail of the one before")
	}

	// The company's own people are in both: a rehearsed move goes on, whatever their passwords are.
	li := a.office.People()[0]
	p, err := a.admin.Person(t.Context(), li.NewAddress)
	a.ok(err)
	a.ok(a.admin.SetPassword(t.Context(), p.ID, secret.NewValue(secondPassword), false))
	if a.opens(li.NewAddress, li.Password) || !a.opens(li.NewAddress, secondPassword) || !a.opens(li.NewAddress, a.office.Key()) {
		t.Error("the password of the company's own people was not changed")
	}
	if a.opens(bert.Address, a.office.Key()) {
		t.Error("the key opens mailboxes that no move is about")
	}
}

func TestAResetOfficeIsAsAtFirst(t *testing.T) {
	a := administer(t)
	anna := a.create("anna")
	li := a.office.People()[0]
	a.ok(a.send(anna.Address, firstPassword, "x", li.NewAddress))
	a.ok(a.admin.Reset(t.Context()))
	a.ok(a.office.Reset(t.Context()))
	people, _, err := a.admin.People(t.Context(), "")
	a.ok(err)
	if len(people) != 12 || people[0].ID == "u1" {
		t.Errorf("%d people, the first is %s", len(people), people[0].ID)
	}
	if a.opens(anna.Address, firstPassword) {
		t.Error("who was created before the reset signs in")
	}
	if got := a.subjects(a.office.New(), li.NewAddress, li.Password, "INBOX"); len(got) != 0 {
		t.Errorf("there is mail: %q", got)
	}
}
