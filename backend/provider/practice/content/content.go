// Package content invents the mail of a small company: people, departments, folders
// and letters in Chinese and English, the same for the same seed. Letters are made
// anew each time they are read, so that an office of any size costs little memory.
//
// It leaves out mail servers; package server holds these.
package content

import (
	"runtime"
	"sync"
	"time"
)

// DefaultSize is how many letters a company has unless asked otherwise.
const DefaultSize = 4000

// Company is an invented company.
type Company struct {
	Name, EnglishName string
	OldDomain         string
	NewDomain         string
	People            []Person
	Mailboxes         []Mailbox // one per person, in the same order
}

// Person works for the company.
type Person struct {
	Local             string // before the @, the same at both providers
	Name, EnglishName string
	Title             string
	Department        string
	EnglishDepartment string
	Password          string // of both mailboxes; generated from the seed
}

// Mailbox is what one person has at the old provider.
type Mailbox struct {
	Folders []Folder
}

// Folder is a folder of the old provider.
type Folder struct {
	Path    string // levels joined by "/"
	Attr    string // special use as an IMAP attribute, e.g. \Sent; "" none
	Parent  bool   // holds folders only
	Letters []*Letter
}

// Folders of which only the name is told, made at the new provider beforehand.
var newFolders = []Folder{
	{Path: "INBOX"}, {Path: "Sent", Attr: `\Sent`}, {Path: "Drafts", Attr: `\Drafts`},
	{Path: "Trash", Attr: `\Trash`}, {Path: "Junk", Attr: `\Junk`}, {Path: "Archive", Attr: `\Archive`},
}

// NewFolders returns the folders of an empty mailbox at the new provider.
func NewFolders() []Folder { return append([]Folder(nil), newFolders...) }

// Make invents a company with about size letters (0: [DefaultSize]). It takes a
// second for the default size.
func Make(seed uint64, size int) *Company {
	if size <= 0 {
		size = DefaultSize
	}
	c := &Company{
		Name: "示例文具贸易有限公司", EnglishName: "Example Stationery Trading Ltd",
		OldDomain: OldDomain, NewDomain: NewDomain,
		People: staff(seed),
	}
	weights := 0
	for _, w := range mailWeights {
		weights += w
	}
	for i := range c.People {
		n := size * mailWeights[i%len(mailWeights)] / weights
		c.Mailboxes = append(c.Mailboxes, fill(c, seed, i, n))
	}
	c.measure()
	return c
}

// measure learns every letter's size and checksum, on all processors.
func (c *Company) measure() {
	var wg sync.WaitGroup
	work := make(chan []*Letter)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for letters := range work {
				for _, l := range letters {
					l.measure()
				}
			}
		})
	}
	for _, m := range c.Mailboxes {
		for _, f := range m.Folders {
			work <- f.Letters
		}
	}
	close(work)
	wg.Wait()
}

// Totals counts a mailbox's letters and their bytes.
func (m Mailbox) Totals() (letters, bytes int64) {
	for _, f := range m.Folders {
		letters += int64(len(f.Letters))
		for _, l := range f.Letters {
			bytes += l.size
		}
	}
	return letters, bytes
}

// founded is when the company's oldest mail was written, and lastDay its newest.
var (
	founded = time.Date(2018, time.March, 5, 9, 0, 0, 0, beijing)
	lastDay = time.Date(2026, time.October, 30, 18, 0, 0, 0, beijing)
	beijing = time.FixedZone("", 8*3600)
)
