package corpus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FillIMAP puts a corpus into an account by IMAP, with a client of its own: folders
// and subscriptions first, then every message with flags and date. What the server
// refuses is told, and is no error.
func FillIMAP(ctx context.Context, at Login, c Corpus) (Filled, error) {
	w, err := openWire(ctx, at)
	if err != nil {
		return Filled{}, err
	}
	stop := context.AfterFunc(ctx, func() { _ = w.conn.Close() })
	defer stop()
	f := &imapFill{wire: w, filled: Filled{Refused: map[string]string{}}, lost: map[string]bool{}}
	if err := f.folders(c.Folders); err != nil {
		return f.filled, errors.Join(fmt.Errorf("fill: %w", err), w.conn.Close())
	}
	for m := range c.Messages {
		if f.lost[Key(m.Folder)] {
			f.filled.Refused[m.Name] = "its folder was refused"
			continue
		}
		if err := f.message(m); err != nil {
			return f.filled, errors.Join(fmt.Errorf("fill: message %s: %w", m.Name, err), w.conn.Close())
		}
	}
	if err := f.settle(0); err != nil {
		return f.filled, errors.Join(fmt.Errorf("fill: %w", err), w.conn.Close())
	}
	return f.filled, w.close()
}

type imapFill struct {
	*wire
	prefix, separator string
	filled            Filled
	lost              map[string]bool // folders that were refused
	open              []sentMessage   // sent, not yet answered
	waiting           int64           // bytes of them
}

type sentMessage struct {
	tag string
	m   Message
}

// The window for servers that take messages without being asked: small enough that
// neither side's buffers can fill with answers nobody reads.
const (
	windowMessages = 32
	windowBytes    = 1 << 20
)

func (f *imapFill) folders(folders []Folder) error {
	lines, err := f.do("NAMESPACE")
	if err != nil {
		return err
	}
	f.prefix, f.separator = personal(lines)
	for _, folder := range folders {
		if folder.NoSelect {
			continue
		}
		name := f.name(folder.Levels)
		if name != `"INBOX"` {
			if err := f.tell("folder "+Key(folder.Levels), "CREATE "+name); err != nil {
				return err
			}
			if f.filled.Refused["folder "+Key(folder.Levels)] != "" {
				f.lost[Key(folder.Levels)] = true
				continue
			}
		}
		if folder.Subscribed {
			if err := f.tell("subscription "+Key(folder.Levels), "SUBSCRIBE "+name); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell runs a command and notes its refusal.
func (f *imapFill) tell(what, command string) error {
	_, err := f.do(command)
	if no, ok := errors.AsType[refusal](err); ok {
		f.filled.Refused[what] = no.line
		return nil
	}
	return err
}

// personal reads prefix and separator from: * NAMESPACE (("INBOX." ".")) NIL NIL
func personal(lines []string) (prefix, separator string) {
	for _, line := range lines {
		if !strings.HasPrefix(line, "* NAMESPACE ((") {
			continue
		}
		parts := strings.Split(line, `"`)
		if len(parts) > 3 {
			return parts[1], parts[3]
		}
	}
	return "", "/"
}

func (f *imapFill) name(levels []string) string {
	if Key(levels) == "INBOX" {
		return `"INBOX"`
	}
	var out []string
	for _, l := range levels {
		out = append(out, encodeUTF7(l))
	}
	return quoted(strings.TrimPrefix(f.prefix+strings.Join(out, f.separator), "INBOX.INBOX."))
}

func (f *imapFill) message(m Message) error {
	command := fmt.Sprintf("APPEND %s (%s) %q {%d", f.name(m.Folder),
		strings.Join(slices.Concat(m.Flags, m.Keywords), " "), m.Date.Format("_2-Jan-2006 15:04:05 -0700"), m.Size)
	if !f.has("LITERAL+") {
		return f.asked(m, command+"}")
	}
	// Room first: the server must never wait for us to read while we write.
	if err := f.settle(windowMessages - 1); err != nil {
		return err
	}
	for f.waiting > 0 && f.waiting+m.Size > windowBytes {
		if err := f.settle(len(f.open) - 1); err != nil {
			return err
		}
	}
	tag := f.send(command + "+}")
	if err := f.copyBody(m); err != nil {
		return err
	}
	f.open = append(f.open, sentMessage{tag, m})
	f.waiting += m.Size
	return nil
}

// asked sends one message to a server that wants to be asked before the bytes come.
func (f *imapFill) asked(m Message, command string) error {
	tag := f.send(command)
	if _, err := f.until(tag); err != nil {
		return f.note(m, err)
	}
	if err := f.copyBody(m); err != nil {
		return err
	}
	_, err := f.until(tag)
	return f.note(m, err)
}

// settle reads answers until at most n messages are unanswered.
func (f *imapFill) settle(n int) error {
	for len(f.open) > max(n, 0) {
		first := f.open[0]
		f.open = f.open[1:]
		f.waiting -= first.m.Size
		_, err := f.until(first.tag)
		if err := f.note(first.m, err); err != nil {
			return err
		}
	}
	return nil
}

func (f *imapFill) note(m Message, err error) error {
	if no, ok := errors.AsType[refusal](err); ok {
		f.filled.Refused[m.Name] = no.line
		return nil
	}
	if err == nil {
		f.filled.Messages++
		f.filled.Bytes += m.Size
	}
	return err
}
