package corpus

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Login says where and as whom.
type Login struct {
	Addr     string // host:port
	User     string
	Password string
	TLS      *tls.Config // nil: plain text
}

// Read reads a whole account, every byte of it, with EXAMINE and BODY.PEEK.
func Read(ctx context.Context, at Login) (Manifest, error) {
	c, err := connect(ctx, at)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	prefix, separator, err := namespace(c)
	if err != nil {
		return nil, err
	}
	boxes, err := c.List("", "*", nil).Collect()
	if err != nil {
		return nil, fmt.Errorf("list folders: %w", err)
	}
	subscribed, err := subscriptions(ctx, c, at)
	if err != nil {
		return nil, err
	}
	m := Manifest{}
	for _, b := range boxes {
		contents := &Contents{Subscribed: subscribed[b.Mailbox]}
		contents.NoSelect = slices.Contains(b.Attrs, imap.MailboxAttrNoSelect) || slices.Contains(b.Attrs, imap.MailboxAttrNonExistent)
		m[keyOf(b.Mailbox, prefix, separator)] = contents
		if contents.NoSelect {
			continue
		}
		if contents.Messages, err = readFolder(c, b.Mailbox); err != nil {
			return nil, fmt.Errorf("read %q: %w", b.Mailbox, err)
		}
	}
	return m, c.Logout().Wait()
}

func connect(ctx context.Context, at Login) (*imapclient.Client, error) {
	conn, err := dial(ctx, at)
	if err != nil {
		return nil, err
	}
	c := imapclient.New(conn, nil)
	if err := c.Login(at.User, at.Password).Wait(); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("sign in as %s: %w", at.User, err)
	}
	return c, nil
}

// keyOf turns a server's name into a [Key]: without the namespace's prefix, levels
// joined by "/".
func keyOf(name, prefix, separator string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	name = strings.TrimPrefix(name, prefix)
	if separator != "" {
		name = strings.Join(strings.Split(name, separator), "/")
	}
	return name
}

func namespace(c *imapclient.Client) (prefix, separator string, err error) {
	if c.Caps().Has(imap.CapNamespace) {
		ns, err := c.Namespace().Wait()
		if err != nil {
			return "", "", fmt.Errorf("namespace: %w", err)
		}
		if len(ns.Personal) > 0 {
			return ns.Personal[0].Prefix, string(ns.Personal[0].Delim), nil
		}
	}
	root, err := c.List("", "", nil).Collect()
	if err != nil || len(root) == 0 {
		return "", "", fmt.Errorf("ask for the separator: %w", err)
	}
	return "", string(root[0].Delim), nil
}

func subscriptions(ctx context.Context, c *imapclient.Client, at Login) (map[string]bool, error) {
	out := map[string]bool{}
	if !c.Caps().Has(imap.CapListExtended) {
		names, err := lsub(ctx, at)
		for _, n := range names {
			out[n] = true
		}
		return out, err
	}
	boxes, err := c.List("", "*", &imap.ListOptions{SelectSubscribed: true}).Collect()
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	for _, b := range boxes {
		out[b.Mailbox] = slices.Contains(b.Attrs, imap.MailboxAttrSubscribed) || len(b.Attrs) == 0
	}
	return out, nil
}

func readFolder(c *imapclient.Client, name string) ([]Entry, error) {
	state, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || state.NumMessages == 0 {
		return nil, err
	}
	section := &imap.FetchItemBodySection{Peek: true}
	cmd := c.Fetch(imap.UIDSet{imap.UIDRange{Start: 1, Stop: 0}},
		&imap.FetchOptions{Flags: true, InternalDate: true, UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	defer cmd.Close()
	var out []Entry
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		e, err := readMessage(msg)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	if err := cmd.Close(); err != nil {
		return nil, err
	}
	if len(out) != int(state.NumMessages) {
		return nil, fmt.Errorf("%d messages read of %d", len(out), state.NumMessages)
	}
	return out, nil
}

func readMessage(msg *imapclient.FetchMessageData) (Entry, error) {
	w := newEntry()
	var e Entry
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			e.UID = uint32(item.UID)
		case imapclient.FetchItemDataInternalDate:
			e.Date = item.Time.UTC().Truncate(time.Second)
		case imapclient.FetchItemDataFlags:
			var all []string
			for _, f := range item.Flags {
				all = append(all, string(f))
			}
			e.Flags, e.Keywords = splitFlags(all)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				return e, fmt.Errorf("message %d has no body", msg.SeqNum)
			}
			if _, err := io.Copy(w, item.Literal); err != nil {
				return e, fmt.Errorf("message %d: %w", msg.SeqNum, err)
			}
		}
	}
	read := w.entry()
	e.Sum, e.Size, e.Label = read.Sum, read.Size, read.Label
	return e, nil
}
