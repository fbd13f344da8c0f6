package practice_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailroom/backend/core"
	"mailroom/backend/provider/practice"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func start(t testing.TB, o practice.Options) *practice.Office {
	t.Helper()
	f, err := practice.Start(context.Background(), o)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return f
}

// dial connects go-imap's own client, an independent implementation, with the office's
// certificate authority.
func dial(t testing.TB, side practice.Side) *imapclient.Client {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(side.CA) {
		t.Fatal("CA is no PEM")
	}
	c, err := imapclient.DialTLS(net.JoinHostPort(side.Host, strconv.Itoa(side.Port)),
		&imapclient.Options{TLSConfig: &tls.Config{RootCAs: pool, ServerName: side.Name}})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func signIn(t testing.TB, side practice.Side, address, password string) *imapclient.Client {
	t.Helper()
	c := dial(t, side)
	if err := c.Login(address, password).Wait(); err != nil {
		t.Fatalf("login %s: %v", address, err)
	}
	return c
}

// digest reads a whole mailbox and sums up what every folder and message is.
func digest(t testing.TB, c *imapclient.Client, h hash.Hash) (messages int, size int64) {
	t.Helper()
	folders, err := c.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true, Size: true}}).Collect()
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	for _, f := range folders {
		fmt.Fprintf(h, "%s %v\n", f.Mailbox, f.Attrs)
		if slices.Contains(f.Attrs, imap.MailboxAttrNoSelect) {
			continue
		}
		sel, err := c.Select(f.Mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil {
			t.Fatalf("examine %s: %v", f.Mailbox, err)
		}
		if sel.NumMessages != *f.Status.NumMessages {
			t.Fatalf("%s: EXISTS %d, STATUS %d", f.Mailbox, sel.NumMessages, *f.Status.NumMessages)
		}
		n, b := digestFolder(t, c, h, sel)
		if b != *f.Status.Size {
			t.Fatalf("%s: %d bytes, STATUS says %d", f.Mailbox, b, *f.Status.Size)
		}
		messages, size = messages+n, size+b
	}
	return messages, size
}

func digestFolder(t testing.TB, c *imapclient.Client, h hash.Hash, sel *imap.SelectData) (messages int, size int64) {
	t.Helper()
	if sel.NumMessages == 0 {
		return 0, 0
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	cmd := c.Fetch(imap.UIDSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true, BodySection: []*imap.FetchItemBodySection{whole}})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		messages++
		var told, got int64
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				fmt.Fprintf(h, "%d ", item.UID)
			case imapclient.FetchItemDataFlags:
				fmt.Fprintf(h, "%v ", item.Flags)
			case imapclient.FetchItemDataInternalDate:
				fmt.Fprintf(h, "%s ", item.Time)
			case imapclient.FetchItemDataRFC822Size:
				told = item.Size
			case imapclient.FetchItemDataBodySection:
				got, _ = io.Copy(h, item.Literal)
			}
		}
		if told != got {
			t.Fatalf("RFC822.SIZE %d, %d bytes came", told, got)
		}
		size += got
	}
	if err := cmd.Close(); err != nil {
		t.Fatalf("fetch: %v", err)
	}
	return messages, size
}

func TestAnIndependentClientReadsTheSameOfficeTwice(t *testing.T) {
	read := func() string {
		f := start(t, practice.Options{Seed: 5, Size: 600})
		h := sha256.New()
		for _, p := range f.People() {
			n, b := digest(t, signIn(t, f.Old(), p.OldAddress, p.Password), h)
			if int64(n) != p.Messages || b != p.Bytes {
				t.Fatalf("%s: read %d messages, %d bytes; People says %d, %d", p.OldAddress, n, b, p.Messages, p.Bytes)
			}
		}
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	if one, two := read(), read(); one != two {
		t.Fatalf("one seed, two offices: %s %s", one, two)
	}
}

func TestTheNewSideIsEmptyButHasItsOwnFolders(t *testing.T) {
	f := start(t, practice.Options{Size: 100})
	p := f.People()[0]
	c := signIn(t, f.New(), p.NewAddress, p.Password)
	folders, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	roles := map[imap.MailboxAttr]string{}
	for _, folder := range folders {
		for _, attr := range folder.Attrs {
			roles[attr] = folder.Mailbox
		}
	}
	if len(folders) != 6 || roles[imap.MailboxAttrSent] != "Sent" || roles[imap.MailboxAttrTrash] != "Trash" {
		t.Fatalf("folders %d, roles %v", len(folders), roles)
	}
	if n, _ := f.Count(p.NewAddress); n != 0 {
		t.Fatalf("%d messages", n)
	}
}

func TestEveryExtensionThatIsOfferedWorks(t *testing.T) {
	f := start(t, practice.Options{Size: 100})
	p := f.People()[0]
	c := signIn(t, f.New(), p.NewAddress, p.Password)
	caps, err := c.Capability().Wait()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []imap.Cap{"LITERAL+", "UIDPLUS", "SPECIAL-USE", "MOVE", "NAMESPACE", "ID", "UNSELECT", "LIST-STATUS", "STATUS=SIZE", "APPENDLIMIT=67108864"} {
		if _, ok := caps[want]; !ok {
			t.Errorf("no %s among %v", want, caps)
		}
	}
	id, err := c.ID(&imap.IDData{Name: "test"}).Wait()
	if err != nil || id.Name != "new.practice.example" {
		t.Fatalf("ID: %+v, %v", id, err)
	}
	space, err := c.Namespace().Wait()
	if err != nil || space.Personal[0].Delim != '.' {
		t.Fatalf("NAMESPACE: %+v, %v", space, err)
	}
	date := time.Date(2020, 2, 29, 23, 59, 58, 0, time.FixedZone("", 8*3600))
	text := []byte("Subject: x\r\n\r\nhello\nworld")
	cmd := c.Append("INBOX", int64(len(text)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen, "Urgent"}, Time: date})
	_, _ = cmd.Write(text)
	_ = cmd.Close()
	appended, err := cmd.Wait()
	if err != nil || appended.UID != 1 {
		t.Fatalf("APPEND: %+v, %v", appended, err)
	}
	checkStored(t, c, text, date)
	checkMoved(t, c)
}

func checkStored(t *testing.T, c *imapclient.Client, text []byte, date time.Time) {
	t.Helper()
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	subject := &imap.FetchItemBodySection{Peek: true, Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Subject"}}
	part := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 1, Size: 4}}
	messages, err := c.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{Flags: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{whole, subject, part}}).Collect()
	if err != nil || len(messages) != 1 {
		t.Fatalf("FETCH: %d, %v", len(messages), err)
	}
	m := messages[0]
	if !bytes.Equal(m.FindBodySection(whole), text) || string(m.FindBodySection(subject)) != "Subject: x\r\n\r\n" || string(m.FindBodySection(part)) != "ubje" {
		t.Fatalf("body sections %+v", m.BodySection)
	}
	if !m.InternalDate.Equal(date) || !slices.Contains(m.Flags, "Urgent") {
		t.Fatalf("date %s, flags %v", m.InternalDate, m.Flags)
	}
}

func checkMoved(t *testing.T, c *imapclient.Client) {
	t.Helper()
	if err := c.Create("Kunden.Süd", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Move(imap.UIDSetNum(1), "Kunden.Süd").Wait(); err != nil {
		t.Fatalf("MOVE: %v", err)
	}
	if sel, err := c.Select("Kunden.Süd", nil).Wait(); err != nil || sel.NumMessages != 1 {
		t.Fatalf("%+v %v", sel, err)
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Subject", Value: "X"}}}, nil).Wait()
	if err != nil || len(found.AllUIDs()) != 1 {
		t.Fatalf("SEARCH: %v %v", found.AllUIDs(), err)
	}
	if err := c.Store(imap.UIDSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}, Silent: true}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if gone, err := c.UIDExpunge(imap.UIDSetNum(2)).Collect(); err != nil || len(gone) != 0 {
		t.Fatalf("UID EXPUNGE of another: %v %v", gone, err)
	}
	if gone, err := c.UIDExpunge(imap.UIDSetNum(1)).Collect(); err != nil || len(gone) != 1 {
		t.Fatalf("UID EXPUNGE: %v %v", gone, err)
	}
}

func TestWrongPasswordsAreRefused(t *testing.T) {
	f := start(t, practice.Options{Size: 100})
	p := f.People()[0]
	for _, c := range [][2]string{{p.OldAddress, "wrong"}, {p.OldAddress, ""}, {"nobody@old.example", ""}, {p.NewAddress, p.Password}} {
		err := dial(t, f.Old()).Login(c[0], c[1]).Wait()
		if e, ok := errors.AsType[*imap.Error](err); !ok || e.Code != imap.ResponseCodeAuthenticationFailed {
			t.Errorf("%s %q: %v", c[0], c[1], err)
		}
	}
}

func TestFaultsHappenOnRequest(t *testing.T) {
	f := start(t, practice.Options{Size: 100})
	p := f.People()[0]
	f.SetNewFaults(practice.Faults{Quota: 20})
	c := signIn(t, f.New(), p.NewAddress, p.Password)
	cmd := c.Append("INBOX", 30, nil)
	_, _ = cmd.Write(make([]byte, 30))
	_ = cmd.Close()
	if _, err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "OVERQUOTA") {
		t.Errorf("full mailbox: %v", err)
	}
	f.SetNewFaults(practice.Faults{Quota: 64 << 10})
	room, err := c.GetQuotaRoot("INBOX").Wait()
	if err != nil || len(room) != 1 || room[0].Resources[imap.QuotaResourceStorage].Limit != 64 {
		t.Errorf("room: %+v %v", room, err)
	}
	f.SetNewFaults(practice.Faults{ThrottleEvery: 1, Backoff: 1500 * time.Millisecond})
	if _, err := c.Status("INBOX", &imap.StatusOptions{UIDNext: true}).Wait(); err == nil || !strings.Contains(err.Error(), "Suggested Backoff Time: 1500 milliseconds") {
		t.Errorf("throttle: %v", err)
	}
	f.SetNewFaults(practice.Faults{DropEvery: 1})
	if _, err := c.Status("INBOX", &imap.StatusOptions{UIDNext: true}).Wait(); err == nil {
		t.Error("the connection survived")
	}
	f.SetNewFaults(practice.Faults{RefuseSignIn: true})
	if err := dial(t, f.New()).Login(p.NewAddress, p.Password).Wait(); err == nil {
		t.Error("the right password was taken")
	}
}

func TestAClientThatLeavesInTheMiddleHoldsNothingUp(t *testing.T) {
	f := start(t, practice.Options{Size: 300})
	p := f.People()[0]
	for range 5 {
		// By hand: go-imap's client waits for its own reader in Close.
		c, err := tls.Dial("tcp", net.JoinHostPort(f.Old().Host, strconv.Itoa(f.Old().Port)), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "a LOGIN %s %s\r\nb EXAMINE INBOX\r\nc FETCH 1:* (BODY.PEEK[])\r\n", p.OldAddress, p.Password)
		if _, err := io.CopyN(io.Discard, c, 50_000); err != nil {
			t.Fatal(err)
		}
		_ = c.NetConn().Close()
	}
	if err := f.Close(); err != nil { // waits for every connection
		t.Fatal(err)
	}
}

func TestAFolderRemembersTheOffice(t *testing.T) {
	o := practice.Options{Seed: 9, Size: 200, Dir: t.TempDir()}
	foreign, own := []byte("Subject: foreign\r\n\r\nbody\r\n"), []byte(nil)
	var before string
	var port int
	func() {
		f, err := practice.Start(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		p := f.People()[1]
		from, to := signIn(t, f.Old(), p.OldAddress, p.Password), signIn(t, f.New(), p.NewAddress, p.Password)
		if _, err := from.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		whole := &imap.FetchItemBodySection{Peek: true}
		messages, err := from.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
		if err != nil {
			t.Fatal(err)
		}
		own = messages[0].FindBodySection(whole)
		for _, body := range [][]byte{foreign, own} {
			cmd := to.Append("INBOX", int64(len(body)), &imap.AppendOptions{Time: time.Unix(1e9, 0)})
			_, _ = cmd.Write(body)
			_ = cmd.Close()
			if _, err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		if err := to.Create("Later", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		before, port = newDigest(t, to), f.New().Port
		_, _ = from.Close(), to.Close()
	}()
	f := start(t, o)
	p := f.People()[1]
	if f.New().Port != port {
		t.Errorf("port %d, was %d", f.New().Port, port)
	}
	if after := newDigest(t, signIn(t, f.New(), p.NewAddress, p.Password)); after != before {
		t.Fatal("the restarted office holds something else")
	}
	if err := f.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, b := f.Count(p.NewAddress); n != 0 || b != 0 {
		t.Fatalf("after a reset: %d messages, %d bytes", n, b)
	}
	o.Seed++
	if _, err := practice.Start(t.Context(), o); core.CodeOf(err) != core.Conflict {
		t.Fatalf("another seed in the same folder: %v", err)
	}
}

func newDigest(t *testing.T, c *imapclient.Client) string {
	t.Helper()
	h := sha256.New()
	digest(t, c, h)
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestTwoResetsChangeTheFolders(t *testing.T) {
	f := start(t, practice.Options{Size: 100})
	p := f.People()[0]
	validity := func() uint32 {
		sel, err := signIn(t, f.New(), p.NewAddress, p.Password).Select("INBOX", nil).Wait()
		if err != nil {
			t.Fatal(err)
		}
		return sel.UIDValidity
	}
	first := validity()
	if err := f.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if validity() == first {
		t.Fatal("UIDVALIDITY survived a reset")
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		start(b, practice.Options{})
	}
}
