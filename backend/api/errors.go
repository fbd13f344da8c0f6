package api

import (
	"encoding/json"
	"errors"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Problem is an error on the wire. A rejected call's text is its JSON; results
// that tell of trouble hold it as a field. The page has a sentence per Code (and a
// finer one per Class) and fills in Args; Server is shown as it is, folded beneath.
type Problem struct {
	Code   ErrorCode         `json:"code"`
	Class  string            `json:"class"`  // finer cause by the error dictionary, e.g. "imap_disabled"; "" none
	Args   map[string]string `json:"args"`   // facts: host, port, user, row, column, file, folder …; never nil
	Server string            `json:"server"` // the server's own words; "" none
}

// problemOf flattens err. It returns nil for nil.
func problemOf(err error) *Problem {
	if err == nil {
		return nil
	}
	p := &Problem{Code: ErrorCode(core.CodeOf(err)), Args: core.ArgsOf(err)}
	p.Class = p.Args["class"]
	delete(p.Args, "class")
	if r, ok := errors.AsType[*mailbox.Refusal](err); ok {
		p.Server = r.Text
	}
	return p
}

// FormatError turns any error of a bound method into the JSON text of a [Problem].
// It returns a string because the runtime wraps whatever it gets into new Error(…),
// which would lose an object's fields; and never "", which would count as success.
func FormatError(err error) any {
	text, jsonErr := json.Marshal(problemOf(err))
	if jsonErr != nil || err == nil {
		return `{"code":"internal","class":"","args":{},"server":""}`
	}
	return string(text)
}
