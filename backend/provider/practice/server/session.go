package server

import (
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"mailroom/backend/provider"
)

// session is one client's connection. imapserver calls its methods one at a time.
type session struct {
	server *Server
	conn   *imapserver.Conn

	account *account
	// The selected folder; nil outside the selected state.
	folder   *folder
	view     *imapserver.SessionTracker
	readOnly bool
}

var (
	_ imapserver.SessionNamespace   = (*session)(nil)
	_ imapserver.SessionMove        = (*session)(nil)
	_ imapserver.SessionAppendLimit = (*session)(nil)
)

func no(code imap.ResponseCode, text string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

var errNoFolder = no(imap.ResponseCodeNonExistent, "No such mailbox")

func (s *session) Close() error { return s.Unselect() }

func (s *session) Login(username, password string) error {
	if err := s.gate(); err != nil {
		return err
	}
	a, _, err := s.server.admit(username, password, provider.IMAP)
	if err != nil {
		return imapserver.ErrAuthFailed
	}
	s.account = a
	if c, ok := s.conn.NetConn().(*identConn); ok {
		c.usage = func() (used, limit int64) {
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.used, s.server.faults().Quota
		}
	}
	return nil
}

func (s *session) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: s.server.separator}}}, s.gate()
}

// AppendLimit is the size of the largest message, in bytes (RFC 7889).
func (s *session) AppendLimit() uint32 { return s.server.appendLimit }

func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if err := s.gate(); err != nil {
		return err
	}
	if len(patterns) == 0 { // asks for the separator only, RFC 9051 section 6.3.9
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: s.server.separator})
	}
	all := s.account.sorted()
	for _, f := range all {
		if !s.wanted(f, ref, patterns, options) {
			continue
		}
		data := &imap.ListData{Mailbox: f.name, Delim: s.server.separator, Attrs: s.attributes(f, all)}
		if options.ReturnStatus != nil && !f.parent {
			data.Status = f.status(options.ReturnStatus)
		}
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) wanted(f *folder, ref string, patterns []string, options *imap.ListOptions) bool {
	if (options.SelectSubscribed && !f.subscribed) || (options.SelectSpecialUse && f.attr == "") {
		return false
	}
	for _, p := range patterns {
		if imapserver.MatchList(f.name, s.server.separator, ref, p) {
			return true
		}
	}
	return false
}

func (s *session) attributes(f *folder, all []*folder) []imap.MailboxAttr {
	children := imap.MailboxAttrHasNoChildren
	for _, other := range all {
		if strings.HasPrefix(other.name, f.name+string(s.server.separator)) {
			children = imap.MailboxAttrHasChildren
			break
		}
	}
	attrs := []imap.MailboxAttr{children}
	if f.parent {
		attrs = append(attrs, imap.MailboxAttrNoSelect)
	}
	if f.subscribed {
		attrs = append(attrs, imap.MailboxAttrSubscribed)
	}
	if f.attr != "" {
		attrs = append(attrs, f.attr)
	}
	return attrs
}

// selectable finds a folder that holds messages.
func (s *session) selectable(name string) (*folder, error) {
	f := s.account.folder(name)
	if f == nil || f.parent {
		return nil, errNoFolder
	}
	return f, nil
}

func (s *session) Status(name string, options *imap.StatusOptions) (*imap.StatusData, error) {
	if err := s.gate(); err != nil {
		return nil, err
	}
	f, err := s.selectable(name)
	if err != nil {
		return nil, err
	}
	return f.status(options), nil
}

func (s *session) Create(name string, options *imap.CreateOptions) error {
	if err := s.gate(); err != nil {
		return err
	}
	sep := string(s.server.separator)
	name = strings.TrimSuffix(name, sep)
	if name == "" || len(name) > 1000 || strings.HasPrefix(name, sep) || strings.Contains(name, sep+sep) {
		return no(imap.ResponseCodeCannot, "Invalid mailbox name")
	}
	attr := imap.MailboxAttr("")
	if options != nil && len(options.SpecialUse) > 0 {
		attr = options.SpecialUse[0]
	}
	if strings.EqualFold(name, "INBOX") || !s.server.makeFolder(s.account, name, attr) {
		return no(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	}
	return nil
}

func (s *session) Delete(name string) error {
	if err := s.gate(); err != nil {
		return err
	}
	if strings.EqualFold(name, "INBOX") {
		return no(imap.ResponseCodeCannot, "INBOX stays")
	}
	if !s.server.dropFolder(s.account, name) {
		return errNoFolder
	}
	return nil
}

func (s *session) Rename(name, newName string, _ *imap.RenameOptions) error {
	if err := s.gate(); err != nil {
		return err
	}
	if s.account.folder(name) == nil {
		return errNoFolder
	}
	return no(imap.ResponseCodeCannot, "The practice office does not rename folders")
}

func (s *session) Subscribe(name string) error   { return s.subscribe(name, true) }
func (s *session) Unsubscribe(name string) error { return s.subscribe(name, false) }

func (s *session) subscribe(name string, on bool) error {
	if err := s.gate(); err != nil {
		return err
	}
	f := s.account.folder(name)
	if f == nil {
		return errNoFolder
	}
	s.server.subscribe(s.account, f, on)
	return nil
}

func (s *session) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	if err := s.gate(); err != nil {
		return nil, err
	}
	f, err := s.selectable(name)
	if err != nil {
		return nil, no(imap.ResponseCodeTryCreate, "No such mailbox")
	}
	if err := s.room(r.Size()); err != nil {
		return nil, err
	}
	body, sum, err := s.server.keep(r)
	if err != nil {
		return nil, fmt.Errorf("append: %w", err)
	}
	uid := s.server.add(s.account, f, body, sum, options.Time, options.Flags)
	return &imap.AppendData{UIDValidity: f.validity, UID: uid}, nil
}

// room refuses a message that the mailbox's quota cannot hold (RFC 9208 section 5.3).
func (s *session) room(size int64) error {
	quota := s.server.faults().Quota
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if quota > 0 && s.account.used+size > quota {
		return no(imap.ResponseCodeOverQuota, "Quota exceeded (mailbox for user is full)")
	}
	return nil
}

func (s *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	if err := s.gate(); err != nil {
		return nil, err
	}
	f, err := s.selectable(name)
	if err != nil {
		return nil, err
	}
	s.folder, s.readOnly = f, options != nil && options.ReadOnly
	f.mu.Lock()
	defer f.mu.Unlock()
	s.view = f.tracker.NewSession()
	seen := map[imap.Flag]bool{}
	flags := append([]imap.Flag(nil), systemFlags...)
	for _, m := range f.messages {
		for _, flag := range m.flags {
			if !strings.HasPrefix(string(flag), `\`) && !seen[flag] {
				seen[flag] = true
				flags = append(flags, flag)
			}
		}
	}
	data := &imap.SelectData{Flags: flags, NumMessages: uint32(len(f.messages)), UIDNext: f.next, UIDValidity: f.validity}
	if !s.readOnly {
		data.PermanentFlags = append(append([]imap.Flag(nil), flags...), imap.FlagWildcard)
	}
	return data, nil
}

func (s *session) Unselect() error {
	if s.view != nil {
		s.view.Close()
	}
	s.folder, s.view = nil, nil
	return nil
}

func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if s.view == nil {
		return nil
	}
	return s.view.Poll(w, allowExpunge)
}

func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	if s.view == nil {
		<-stop
		return nil
	}
	return s.view.Idle(w, stop)
}

// bytesOf makes a whole message, for the few commands that cannot stream.
func bytesOf(b Body) []byte {
	var w sliceWriter
	w.p = make([]byte, 0, b.Size())
	_, _ = b.WriteTo(&w)
	return w.p
}

type sliceWriter struct{ p []byte }

var _ io.Writer = (*sliceWriter)(nil)

func (w *sliceWriter) Write(p []byte) (int, error) {
	w.p = append(w.p, p...)
	return len(p), nil
}
