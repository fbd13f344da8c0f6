package pop3

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

const (
	headerLimit = 1 << 20 // bytes of a header
	inMemory    = 1 << 20 // bytes of a message that are held; the rest goes to a file
	windowCount = 32      // commands under way at once, where the server takes several
	windowBytes = 4 << 20 // of messages under way at once
)

// top reads a message's header: TOP n 0 (RFC 1939 section 7).
func (s *session) top(number int) ([]byte, error) {
	if err := s.c.send("top", "TOP "+strconv.Itoa(number)+" 0"); err != nil {
		return nil, err
	}
	return s.header("TOP")
}

// header reads the answer to TOP, or to RETR where only the header is wanted.
func (s *session) header(command string) ([]byte, error) {
	if _, err := s.c.status("top", command); err != nil {
		return nil, err
	}
	var header bytes.Buffer
	over := false
	err := s.c.body("top", func(part []byte) error {
		if over || header.Len() > headerLimit {
			return nil
		}
		header.Write(part)
		return nil
	}, func(line []byte) { over = over || len(bytes.TrimRight(line, "\r\n")) == 0 })
	return header.Bytes(), err
}

// Headers yields size and named fields of messages, pipelined where the server takes
// several commands at once (PIPELINING, RFC 2449 section 6.6).
func (s *session) Headers(ctx context.Context, uids []mailbox.UID, yield func(mailbox.UID, int64, []byte) error) error {
	if err := s.ready("headers"); err != nil {
		return err
	}
	command := "TOP"
	if len(s.c.caps) > 0 && !s.c.has("TOP") {
		command = "RETR"
	}
	return s.c.under(ctx, "headers", func() error {
		return s.each(s.wanted(uids), func(e entry) string {
			if command == "TOP" {
				return "TOP " + strconv.Itoa(e.number) + " 0"
			}
			return "RETR " + strconv.Itoa(e.number)
		}, func(e entry) error {
			header, err := s.header(command)
			if err != nil {
				if s.c.broken != nil {
					return err
				}
				return nil // it is gone, or cannot be read: Fetch says so
			}
			return yield(e.uid, e.size, headerFields(header, "Message-ID", "Date", "From", "Subject"))
		})
	})
}

// Fetch streams whole messages. A message that the server refuses comes with its error.
func (s *session) Fetch(ctx context.Context, uids []mailbox.UID, yield func(mailbox.Message) error) error {
	if err := s.ready("fetch"); err != nil {
		return err
	}
	return s.c.under(ctx, "fetch", func() error {
		return s.each(s.wanted(uids), func(e entry) string { return "RETR " + strconv.Itoa(e.number) }, func(e entry) error {
			_, err := s.c.status("fetch", "RETR")
			if err != nil {
				if s.c.broken != nil {
					return err
				}
				return s.hand(ctx, yield, mailbox.Message{UID: e.uid, Err: err})
			}
			m, err := s.receive(e)
			if err != nil {
				return err
			}
			defer m.discard()
			return s.hand(ctx, yield, mailbox.Message{UID: e.uid, Size: m.size, Body: m.reader()})
		})
	})
}

// hand gives a message to the caller, unless the context has ended meanwhile.
func (s *session) hand(ctx context.Context, yield func(mailbox.Message) error, m mailbox.Message) error {
	if err := ctx.Err(); err != nil {
		return s.c.lost("fetch", core.E(core.CodeOf(err), "fetch", err))
	}
	return yield(m)
}

// each sends one command for every entry and reads the answers in order, several at
// once where the server allows it. After an error of the caller's the connection is
// dead if answers are still under way.
func (s *session) each(list []entry, command func(entry) string, read func(entry) error) error {
	most := 1
	if s.c.has("PIPELINING") {
		most = windowCount
	}
	sent, bytesOut := 0, int64(0)
	for done := range list {
		var lines []string
		for sent < len(list) && (sent == done || sent-done < most && bytesOut+list[sent].size <= windowBytes) {
			lines = append(lines, command(list[sent]))
			bytesOut += list[sent].size
			sent++
		}
		if len(lines) > 0 {
			if err := s.c.send("fetch", lines...); err != nil {
				return err
			}
		}
		bytesOut -= list[done].size
		if err := read(list[done]); err != nil {
			if sent > done+1 && s.c.broken == nil {
				s.c.broken = core.E(core.Unreachable, "fetch", nil, "host", s.c.cfg.Host, "why", "abandoned")
			}
			return err
		}
	}
	return nil
}

// held is a message on its way: the beginning in memory, the rest in a file.
type held struct {
	data  bytes.Buffer
	file  *os.File
	size  int64
	lines int
}

// receive reads a message whole before it is handed on, because only then its size
// is known: LIST's is an estimate with many servers.
func (s *session) receive(e entry) (*held, error) {
	m := &held{}
	err := s.c.body("fetch", m.add, nil)
	if err == nil {
		err = m.settle(e.size)
	}
	if err != nil {
		m.discard()
		return nil, err
	}
	return m, nil
}

func (m *held) add(part []byte) error {
	m.size += int64(len(part))
	m.lines += bytes.Count(part, []byte("\n"))
	if m.file == nil && m.data.Len()+len(part) > inMemory {
		f, err := os.CreateTemp("", "mailroom-pop3-*")
		if err != nil {
			return fileFault(err)
		}
		m.file = f
	}
	if m.file == nil {
		m.data.Write(part)
		return nil
	}
	if _, err := m.file.Write(part); err != nil {
		return fileFault(err)
	}
	return nil
}

// settle takes away the line end that servers add to a message without one before the
// closing dot: told is then the size without it. A server that counts each line end
// as one byte tells two less for a message of two lines; that one keeps its end.
func (m *held) settle(told int64) error {
	if m.size == told+2 && m.lines != 2 {
		m.size = told
	}
	if m.file == nil {
		return nil
	}
	if _, err := m.file.Seek(0, io.SeekStart); err != nil {
		return fileFault(err)
	}
	return nil
}

func (m *held) reader() io.Reader {
	if m.file == nil {
		return io.LimitReader(&m.data, m.size)
	}
	return io.LimitReader(io.MultiReader(&m.data, bufio.NewReaderSize(m.file, 64<<10)), m.size)
}

func (m *held) discard() {
	if m.file != nil {
		_ = m.file.Close()
		_ = os.Remove(m.file.Name())
		m.file = nil
	}
}

func fileFault(err error) error {
	return core.E(core.DiskFull, "hold a message", err, "file", os.TempDir())
}

// body reads a multi-line answer of any length up to the lone dot and gives its bytes
// on, dots undone (RFC 1939 section 3). line, if set, sees the beginning of each line.
// An error of yield leaves the rest unread: the connection is dead then.
func (c *conn) body(op string, yield func([]byte) error, line func([]byte)) error {
	fresh := true // at the beginning of a line
	for {
		c.await()
		part, err := c.br.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return c.lost(op, err)
		}
		whole := err == nil
		if fresh {
			if whole && (string(part) == ".\r\n" || string(part) == ".\n") {
				return nil
			}
			if line != nil {
				line(part)
			}
			part = bytes.TrimPrefix(part, []byte("."))
		}
		fresh = whole
		if err := yield(part); err != nil {
			return c.lost(op, err)
		}
	}
}
