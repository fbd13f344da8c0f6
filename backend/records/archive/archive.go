// Package archive writes the records of past months into a folder that can be kept for
// years and handed to an auditor: for each month and kind a compressed file of one JSON
// object a line and a spreadsheet, with a manifest of SHA-256 sums. Each manifest holds
// the sum of the one before, so that nothing can be changed or taken out unseen.
//
// It leaves out the book itself (package records), and archives of mail (backend/mailbox/
// archive).
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
)

const (
	manifestName = "manifest.json"
	deletedName  = "deleted.json"
	version      = 2
)

// Manifest says what one month's folder holds.
type Manifest struct {
	Version  int       `json:"version"`
	Seq      int       `json:"seq"`      // place in the chain, from 1
	Previous string    `json:"previous"` // SHA-256 of the manifest before, in hex; "" for the first
	Office   string    `json:"office"`
	Month    string    `json:"month"` // "2026-11", of Zone; of UTC up to version 1
	Zone     string    `json:"zone"`  // the office's: an IANA name or an offset
	From     time.Time `json:"from"`  // what it holds: From is included, To is not
	To       time.Time `json:"to"`    // both are zero up to version 1; see [Manifest.Span]
	Made     time.Time `json:"made"`
	Rows     int64     `json:"rows"`
	Files    []File    `json:"files"`
	// Gaps are spans of the month that no source could tell when it was made.
	Gaps []Gap `json:"gaps"`
}

// File is one file of a month's folder.
type File struct {
	Name   string    `json:"name"`
	Kind   logs.Kind `json:"kind"`
	Rows   int64     `json:"rows"`
	Bytes  int64     `json:"bytes"`
	SHA256 string    `json:"sha256"`
}

// Gap is a span that is missing of a kind.
type Gap struct {
	Kind logs.Kind   `json:"kind"`
	From time.Time   `json:"from"`
	To   time.Time   `json:"to"`
	Why  records.Why `json:"why"`
}

// Link is a manifest of a chain with where it lies.
type Link struct {
	Manifest
	Folder string // name within the archive
	Sum    string // SHA-256 of the manifest's file
}

// Deleted is a month that was deleted by a rule.
type Deleted struct {
	Seq   int       `json:"seq"`
	Month string    `json:"month"`
	Sum   string    `json:"sum"` // of its manifest
	To    time.Time `json:"to,omitzero"`
	Rule  string    `json:"rule"`
	At    time.Time `json:"at"`
}

// Chain reads all manifests of an archive in their order; none where there is no
// archive yet. A folder whose manifest cannot be read is malformed with "file".
func Chain(dir string) ([]Link, error) {
	found, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, core.E(core.NotFound, "read archive", err, "path", dir)
	}
	var chain []Link
	for _, f := range found {
		if !f.IsDir() || strings.HasSuffix(f.Name(), halfDone) {
			continue
		}
		path := filepath.Join(dir, f.Name(), manifestName)
		raw, err := readSmall(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody else's folder; verify names it
		}
		l := Link{Folder: f.Name(), Sum: sum(raw)}
		if err == nil {
			err = json.Unmarshal(raw, &l.Manifest)
		}
		if err == nil && l.Version > version {
			return nil, core.E(core.NewerData, "read archive", nil, "file", path)
		}
		if err != nil || l.Seq < 1 {
			return nil, core.E(core.Malformed, "read archive", err, "file", path)
		}
		chain = append(chain, l)
	}
	slices.SortFunc(chain, func(a, b Link) int { return a.Seq - b.Seq })
	return chain, nil
}

// most is the size of a manifest that is believed.
const most = 8 << 20

func readSmall(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%d bytes are too many", info.Size())
	}
	return os.ReadFile(path)
}

// errNoFile is a link, a pipe or a device where a file should be: what it leads to is not
// kept in the archive, and may have no end.
var errNoFile = errors.New("not a file")

func sum(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:])
}

// Gone lists the months of an archive that a rule deleted. Errors: malformed with "file".
func Gone(dir string) ([]Deleted, error) { return readDeleted(dir) }

func readDeleted(dir string) ([]Deleted, error) {
	raw, err := readSmall(filepath.Join(dir, deletedName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []Deleted
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil {
		return nil, core.E(core.Malformed, "read archive", err, "file", filepath.Join(dir, deletedName))
	}
	return all, nil
}
