package api

import (
	"encoding/json"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
)

// Problem is an error on the wire. A rejected call's text is its JSON; results
// that tell of trouble hold it as a field. The page has a sentence per Code (and a
// finer one per Class) and fills in Args; Server is shown as it is, folded beneath.
type Problem struct {
	Code   ErrorCode         `json:"code"`
	Class  string            `json:"class"`  // finer cause: a class of the dictionary of refusals, or vault-locked; "" none
	Args   map[string]string `json:"args"`   // facts: host, port, user, row, column, file, folder …; never nil
	Server string            `json:"server"` // the server's own words; "" none
}

// problemOf flattens err. It returns nil for nil.
func problemOf(err error) *Problem { return problemFrom(moving.FaultOf(err)) }

func problemFrom(f *moving.Fault) *Problem {
	if f == nil {
		return nil
	}
	p := Problem{Code: ErrorCode(f.Code), Class: f.Class, Args: f.Args, Server: f.Server}
	if p.Args == nil {
		p.Args = map[string]string{}
	}
	return &p
}

// FormatError turns any error of a bound method into the JSON text of a [Problem].
// It returns a string because the runtime wraps whatever it gets into new Error(…),
// which would lose an object's fields; and never "", which would count as success.
func FormatError(err error) any {
	p := problemOf(err)
	if p == nil {
		p = &Problem{Code: ErrorCode(core.Internal), Args: map[string]string{}}
	}
	text, jsonErr := json.Marshal(p)
	if jsonErr != nil { // strings and a map of strings: it cannot be
		return `{"code":"internal","class":"","args":{},"server":""}`
	}
	return string(text)
}
