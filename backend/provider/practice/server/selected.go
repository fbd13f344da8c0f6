package server

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// found is a message with its state at one moment.
type found struct {
	*message
	seq   uint32
	flags []imap.Flag
}

// find lists the messages of a set, without holding the folder while they are sent.
func (s *session) find(set imap.NumSet) []found {
	f := s.folder
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []found
	add := func(i int) {
		if i >= 0 && i < len(f.messages) {
			all = append(all, found{f.messages[i], uint32(i) + 1, f.messages[i].flags})
		}
	}
	switch set := set.(type) {
	case imap.UIDSet:
		for _, r := range set {
			from, to := bounds(uint32(r.Start), uint32(r.Stop), f.last())
			i := sort.Search(len(f.messages), func(i int) bool { return uint32(f.messages[i].uid) >= from })
			for ; i < len(f.messages) && uint32(f.messages[i].uid) <= to; i++ {
				add(i)
			}
		}
	case imap.SeqSet:
		for _, r := range set {
			from, to := bounds(r.Start, r.Stop, uint32(len(f.messages)))
			for n := max(from, 1); n <= to && n <= uint32(len(f.messages)); n++ {
				add(int(s.view.DecodeSeqNum(n)) - 1)
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return int(a.seq) - int(b.seq) })
	return slices.CompactFunc(all, func(a, b found) bool { return a.seq == b.seq })
}

// last is the UID that "*" stands for.
func (f *folder) last() uint32 {
	if n := len(f.messages); n > 0 {
		return uint32(f.messages[n-1].uid)
	}
	return 0
}

// bounds resolves "*" (0) and puts the two in order: 7:* and *:7 are the same.
func bounds(from, to, last uint32) (uint32, uint32) {
	star := from == 0 || to == 0
	if from == 0 {
		from = last
	}
	if to == 0 {
		to = last
	}
	if star && from > to {
		from, to = to, from
	}
	return from, to
}

func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	if err := s.gate(); err != nil {
		return err
	}
	all := s.find(set)
	reads := slices.ContainsFunc(options.BodySection, func(b *imap.FetchItemBodySection) bool { return !b.Peek })
	if reads && !s.readOnly {
		s.server.store(s.account, s.folder, all, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil)
		options.Flags = true
		all = s.find(set)
	}
	for _, m := range all {
		seq := s.view.EncodeSeqNum(m.seq)
		if seq == 0 {
			continue
		}
		if err := s.send(w.CreateMessage(seq), m, options); err != nil {
			return err
		}
	}
	return nil
}

// send writes one message's answer. A broken one ends the connection: nothing can
// follow half a literal. The writer is closed in any case, since it holds the
// connection's lock.
func (s *session) send(w *imapserver.FetchResponseWriter, m found, options *imap.FetchOptions) error {
	err := s.items(w, m, options)
	if closeErr := w.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = s.conn.NetConn().Close()
	}
	return err
}

func (s *session) items(w *imapserver.FetchResponseWriter, m found, options *imap.FetchOptions) error {
	if options.UID {
		w.WriteUID(m.uid)
	}
	if options.Flags {
		w.WriteFlags(m.flags)
	}
	if options.InternalDate {
		w.WriteInternalDate(m.date)
	}
	if options.RFC822Size {
		w.WriteRFC822Size(m.body.Size())
	}
	if options.Envelope {
		header, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(m.body.Header())))
		w.WriteEnvelope(imapserver.ExtractEnvelope(header))
	}
	if options.BodyStructure != nil {
		w.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(bytesOf(m.body))))
	}
	for _, section := range options.BodySection {
		if err := sendSection(w, m.body, section); err != nil {
			return err
		}
	}
	return nil
}

// sendSection streams the whole message; parts of it are cut out in memory.
func sendSection(w *imapserver.FetchResponseWriter, body Body, section *imap.FetchItemBodySection) error {
	if len(section.Part) == 0 && section.Specifier == imap.PartSpecifierNone && section.Partial == nil {
		lit := w.WriteBodySection(section, body.Size())
		_, err := body.WriteTo(lit)
		if closeErr := lit.Close(); err == nil {
			err = closeErr
		}
		return err
	}
	data := cut(body, section)
	lit := w.WriteBodySection(section, int64(len(data)))
	_, err := lit.Write(data)
	if closeErr := lit.Close(); err == nil {
		err = closeErr
	}
	return err
}

func cut(body Body, section *imap.FetchItemBodySection) []byte {
	var data []byte
	switch {
	case len(section.Part) == 0 && section.Specifier == imap.PartSpecifierHeader:
		data = fields(body.Header(), section.HeaderFields, section.HeaderFieldsNot)
	case len(section.Part) == 0 && section.Specifier == imap.PartSpecifierNone:
		data = bytesOf(body)
	case len(section.Part) == 0 && section.Specifier == imap.PartSpecifierText:
		data = bytesOf(body)[len(body.Header()):]
	default:
		whole := *section
		whole.Partial = nil
		data = imapserver.ExtractBodySection(bytes.NewReader(bytesOf(body)), &whole)
	}
	if p := section.Partial; p != nil {
		from := min(max(p.Offset, 0), int64(len(data)))
		data = data[from:min(from+p.Size, int64(len(data)))]
	}
	return data
}

// fields keeps the named fields of a raw header, each as it stands with its folded
// lines, and the empty line; RFC 9051 section 6.4.5.2.
func fields(header []byte, only, not []string) []byte {
	if len(only) == 0 && len(not) == 0 {
		return header
	}
	has := func(names []string, field string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, field) })
	}
	var out []byte
	keep := false
	for line := range bytes.Lines(header) {
		switch {
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			return append(out, line...)
		case line[0] != ' ' && line[0] != '\t':
			name, _, _ := strings.Cut(string(line), ":")
			name = strings.TrimSpace(name)
			keep = (len(only) > 0 && has(only, name)) || (len(not) > 0 && !has(not, name))
		}
		if keep {
			out = append(out, line...)
		}
	}
	return append(out, "\r\n"...)
}

func (s *session) writable() error {
	if s.readOnly {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: "READ-ONLY", Text: "Mailbox is read-only"}
	}
	return nil
}

func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, _ *imap.StoreOptions) error {
	if err := s.gate(); err != nil {
		return err
	}
	if err := s.writable(); err != nil {
		return err
	}
	s.server.store(s.account, s.folder, s.find(set), flags, s.view)
	if flags.Silent {
		return nil
	}
	for _, m := range s.find(set) {
		_, byUID := set.(imap.UIDSet)
		if seq := s.view.EncodeSeqNum(m.seq); seq != 0 {
			if err := s.send(w.CreateMessage(seq), m, &imap.FetchOptions{Flags: true, UID: byUID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Expunge deletes what is marked \Deleted, with uids only among these.
func (s *session) Expunge(_ *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if err := s.gate(); err != nil {
		return err
	}
	if s.readOnly { // CLOSE in a read-only folder must not expunge
		return nil
	}
	if uids != nil {
		last := s.lastUID()
		for i, r := range *uids {
			from, to := bounds(uint32(r.Start), uint32(r.Stop), last)
			(*uids)[i] = imap.UIDRange{Start: imap.UID(from), Stop: imap.UID(to)}
		}
	}
	s.server.expunge(s.account, s.folder, func(m *message) bool {
		return slices.Contains(m.flags, imap.FlagDeleted) && (uids == nil || uids.Contains(m.uid))
	})
	return nil
}

func (s *session) lastUID() uint32 {
	s.folder.mu.Lock()
	defer s.folder.mu.Unlock()
	return s.folder.last()
}

func (s *session) Copy(set imap.NumSet, name string) (*imap.CopyData, error) {
	if err := s.gate(); err != nil {
		return nil, err
	}
	return s.copyTo(s.find(set), name)
}

func (s *session) copyTo(all []found, name string) (*imap.CopyData, error) {
	to, err := s.selectable(name)
	if err != nil {
		return nil, no(imap.ResponseCodeTryCreate, "No such mailbox")
	}
	data := &imap.CopyData{UIDValidity: to.validity}
	for _, m := range all {
		if err := s.room(m.body.Size()); err != nil {
			return nil, err
		}
		data.SourceUIDs.AddNum(m.uid)
		data.DestUIDs.AddNum(s.server.add(s.account, to, m.body, m.sum, m.date, m.flags))
	}
	return data, nil
}

func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, name string) error {
	if err := s.gate(); err != nil {
		return err
	}
	if err := s.writable(); err != nil {
		return err
	}
	all := s.find(set)
	data, err := s.copyTo(all, name)
	if err != nil {
		return err
	}
	if err := w.WriteCopyData(data); err != nil {
		return fmt.Errorf("move: %w", err)
	}
	gone := map[imap.UID]bool{}
	for _, m := range all {
		gone[m.uid] = true
	}
	s.server.expunge(s.account, s.folder, func(m *message) bool { return gone[m.uid] })
	return nil
}
