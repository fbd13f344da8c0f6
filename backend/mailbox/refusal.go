package mailbox

import "strings"

// Refusal is a server's own NO, BAD or BYE. Package migrate classifies it by the
// error dictionary; adapters only report it.
type Refusal struct {
	Status  string // NO, BAD, BYE
	Code    string // response code without brackets and arguments, upper case: OVERQUOTA, THROTTLED …
	CodeArg string // what followed the code
	Text    string // human text as the server sent it, decoded leniently to UTF-8
	Command string // LOGIN, SELECT, APPEND …: the verb only, never arguments
	Family  string // Traits.Family of the session
}

func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString(r.Command)
	b.WriteString(": ")
	b.WriteString(r.Status)
	if r.Code != "" {
		b.WriteString(" [" + r.Code)
		if r.CodeArg != "" {
			b.WriteString(" " + r.CodeArg)
		}
		b.WriteString("]")
	}
	if r.Text != "" {
		b.WriteString(" " + r.Text)
	}
	return b.String()
}
