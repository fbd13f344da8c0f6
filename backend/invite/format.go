package invite

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"mailroom/backend/core"
)

// The lines around a file that is pasted as text.
const (
	beginMark = "-----BEGIN MAILROOM-----"
	endMark   = "-----END MAILROOM-----"
	lineWidth = 64
)

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, core.E(core.Internal, "write invitation", err)
	}
	return b.Bytes(), nil
}

// Armor makes text of a file that survives being pasted into a mail or a chat, where
// quotation marks and line ends are changed.
func Armor(file []byte) string {
	text := base64.StdEncoding.EncodeToString(file)
	var b strings.Builder
	b.WriteString(beginMark + "\n")
	for len(text) > 0 {
		n := min(lineWidth, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString(endMark + "\n")
	return b.String()
}

// unarmor finds pasted text between its marks, whatever stands around it or before
// each line; what has no marks stays as it is.
func unarmor(raw []byte) ([]byte, error) {
	_, rest, found := bytes.Cut(raw, []byte(beginMark))
	if !found {
		return raw, nil
	}
	body, _, whole := bytes.Cut(rest, []byte(endMark))
	if !whole {
		return nil, io.ErrUnexpectedEOF
	}
	plain := bytes.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '+', r == '/', r == '=':
			return r
		}
		return -1
	}, body)
	file := make([]byte, base64.StdEncoding.DecodedLen(len(plain)))
	n, err := base64.StdEncoding.Decode(file, plain)
	return file[:n], err
}

func unreadable(err error) error {
	return core.E(core.Invalid, "read invitation", err, "class", "invite-unreadable")
}

// KindOf says what a file or pasted text is: "invitation", "result", or "" for neither.
func KindOf(raw []byte) string {
	if len(raw) > maxFile {
		return ""
	}
	file, err := unarmor(raw)
	if err != nil {
		return ""
	}
	var head struct {
		Kind string `json:"mailroom"`
	}
	if json.Unmarshal(bytes.TrimPrefix(file, []byte("\ufeff")), &head) != nil {
		return ""
	}
	if head.Kind != kindInvitation && head.Kind != kindResult {
		return ""
	}
	return head.Kind
}

// decode reads a file of a kind into v. Unknown fields are refused, as what they ask
// for would be left undone; a newer version is told before that.
func decode(raw []byte, kind string, v any) error {
	if len(raw) > maxFile {
		return unreadable(nil)
	}
	file, err := unarmor(raw)
	if err != nil {
		return unreadable(err)
	}
	file = bytes.TrimSpace(bytes.TrimPrefix(file, []byte("\ufeff")))
	var head struct {
		Kind    string `json:"mailroom"`
		Version int    `json:"version"`
	}
	switch err := json.Unmarshal(file, &head); {
	case err != nil:
		return unreadable(err)
	case head.Kind == kindResult && kind == kindInvitation:
		return core.E(core.Invalid, "read invitation", nil, "class", "invite-result")
	case head.Kind == kindInvitation && kind == kindResult:
		return core.E(core.Invalid, "read result", nil, "class", "result-invitation")
	case head.Kind != kind || head.Version < 1:
		return unreadable(nil)
	case head.Version > version:
		return core.E(core.NewerData, "read invitation", nil, "class", "invite-newer")
	}
	strict := json.NewDecoder(bytes.NewReader(file))
	strict.DisallowUnknownFields()
	if err := strict.Decode(v); err != nil {
		return unreadable(err)
	}
	if _, err := strict.Token(); !errors.Is(err, io.EOF) {
		return unreadable(errors.New("something stands behind the end"))
	}
	return nil
}
