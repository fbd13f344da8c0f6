// Package preset holds what is known of mail servers as data: which refusal means
// what, how fast a server may be asked, which folder name has which role, which
// names a destination cannot hold. The data are JSON files beside the code, embedded
// and checked by tests; each fact names its source and how certain it is.
//
// It leaves out every decision about one message or folder (package migrate) and
// every sentence for people (the page). It does no I/O.
package preset

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

//go:embed data/*.json data/providers/*.json data/explain/*.json data/dnshosts/*.json
var files embed.FS

// Certainty says how a fact is known.
type Certainty string

// The degrees of certainty.
const (
	Confirmed Certainty = "C" // read in the source named beside it
	Memory    Certainty = "M" // believed, not found in a source; verify before relying on it
	Inferred  Certainty = "I" // concluded from confirmed facts
)

// Fact says where a row of data comes from.
type Fact struct {
	Source    string    `json:"source"`
	Certainty Certainty `json:"certainty"`
}

func (f Fact) check() error {
	switch {
	case f.Source == "":
		return errors.New("no source")
	case f.Certainty != Confirmed && f.Certainty != Memory && f.Certainty != Inferred:
		return fmt.Errorf("certainty %q", f.Certainty)
	}
	return nil
}

// duration reads "15m" and the like from the data files.
type duration time.Duration

func (d *duration) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return err
	}
	if v < 0 {
		return fmt.Errorf("negative duration %q", s)
	}
	*d = duration(v)
	return nil
}

// decode reads one JSON document strictly: an unknown field or a second document
// is an error, so that a slip of the pen in the data cannot pass unseen.
func decode(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return nil
}

// mustLoad reads an embedded file. The files are part of the program and tested, so
// trouble here is a fault of the build and panics.
func mustLoad(name string, into any) {
	raw, err := files.ReadFile("data/" + name)
	if err == nil {
		err = decode(raw, into)
	}
	if err != nil {
		panic(fmt.Sprintf("preset: %s: %v", name, err))
	}
}
