package cli

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/adrg/xdg"

	"mailroom/backend/migrate"
)

// grammar is the command line. Help texts stand in words.go.
type grammar struct {
	Move        moveVerb        `cmd:"" help:"help_move"`
	Verify      verifyVerb      `cmd:"" help:"help_verify"`
	Undo        undoVerb        `cmd:"" help:"help_undo"`
	Practice    practiceVerb    `cmd:"" help:"help_practice"`
	Check       checkVerb       `cmd:"" help:"help_check"`
	Cards       cardsVerb       `cmd:"" help:"help_cards"`
	Seal        sealVerb        `cmd:"" help:"help_seal"`
	Office      officeVerb      `cmd:"" help:"help_office_verb"`
	People      peopleVerb      `cmd:"" help:"help_people_verb"`
	Departments departmentsVerb `cmd:"" help:"help_departments_verb"`
	Lists       listsVerb       `cmd:"" help:"help_lists_verb"`
	Tags        tagsVerb        `cmd:"" help:"help_tags_verb"`
	Contacts    contactsVerb    `cmd:"" help:"help_contacts_verb"`
	Records     recordsVerb     `cmd:"" help:"help_records"`
	Archive     archiveVerb     `cmd:"" help:"help_archive"`
	Version     versionVerb     `cmd:"" help:"help_version"`
}

func (g *grammar) chosen(command string) verb {
	if v := g.ofOffice(command); v != nil {
		return v
	}
	word, rest, _ := strings.Cut(command, " ")
	second, _, _ := strings.Cut(rest, " ")
	switch word {
	case "records":
		return g.Records.chosen(second)
	case "archive":
		return g.Archive.chosen(second)
	case "check":
		return &g.Check
	case "cards":
		return &g.Cards
	case "move":
		return &g.Move
	case "verify":
		return &g.Verify
	case "undo":
		return &g.Undo
	case "practice":
		return &g.Practice
	case "seal":
		return &g.Seal
	}
	return &g.Version
}

// ofOffice is the chosen verb if it is one of those about administered offices.
func (g *grammar) ofOffice(command string) verb {
	words := append(strings.Fields(command), "")
	switch words[0] + " " + words[1] {
	case "office add":
		return &g.Office.Add
	case "office list":
		return &g.Office.List
	case "office check":
		return &g.Office.Check
	case "office capabilities":
		return &g.Office.Capabilities
	case "office domain":
		return &g.Office.Domain
	case "people list":
		return &g.People.List
	case "people show":
		return &g.People.Show
	case "people import":
		return &g.People.Import
	case "people export":
		return &g.People.Export
	case "people suspend":
		return &g.People.Suspend
	case "people delete":
		return &g.People.Delete
	case "departments list":
		return &g.Departments.List
	case "lists list":
		return &g.Lists.List
	case "lists show":
		return &g.Lists.Show
	case "lists import":
		return &g.Lists.Import
	case "lists export":
		return &g.Lists.Export
	case "tags list":
		return &g.Tags.List
	case "tags show":
		return &g.Tags.Show
	case "tags give":
		return &g.Tags.Give
	case "tags take":
		return &g.Tags.Take
	case "tags delete":
		return &g.Tags.Delete
	case "lists add":
		return &g.Lists.Add
	case "contacts list":
		return &g.Contacts.List
	case "contacts import":
		return &g.Contacts.Import
	case "contacts export":
		return &g.Contacts.Export
	}
	return nil
}

// addressing names mailboxes and how to reach them; move, verify and undo share it.
type addressing struct {
	From           string   `placeholder:"URL" help:"help_from"`
	To             string   `placeholder:"URL" help:"help_to"`
	People         string   `placeholder:"FILE" help:"help_people"`
	State          string   `placeholder:"DIR" help:"help_state"`
	CA             string   `name:"ca" placeholder:"FILE" help:"help_ca"`
	Pin            string   `placeholder:"SHA256" help:"help_pin"`
	FromAuth       string   `placeholder:"WAY" help:"help_from_auth"`
	ToAuth         string   `placeholder:"WAY" help:"help_to_auth"`
	FromAuthz      string   `placeholder:"USER" help:"help_from_authz"`
	ToAuthz        string   `placeholder:"USER" help:"help_to_authz"`
	Authz          bool     `help:"help_authz"`
	AllowPlaintext bool     `help:"help_plaintext"`
	Connections    int      `placeholder:"N" help:"help_connections"`
	Parallel       int      `placeholder:"N" default:"4" help:"help_parallel"`
	Folders        []string `placeholder:"GLOB" sep:"none" help:"help_folders"`
	Exclude        []string `placeholder:"GLOB" sep:"none" help:"help_exclude"`
	ExcludeDeleted bool     `help:"help_deleted"`
	Since          day      `placeholder:"DAY" help:"help_since"`
	Before         day      `placeholder:"DAY" help:"help_before"`
	JSON           bool     `name:"json" help:"help_json"`
	Log            string   `placeholder:"FILE" help:"help_log"`
}

type moveVerb struct {
	addressing `embed:""`
	DryRun     bool   `help:"help_dry"`
	Verify     string `enum:"none,counts,fingerprint,bytes" default:"fingerprint" placeholder:"LEVEL" help:"help_level"`
	Rate       amount `placeholder:"BYTES" help:"help_rate"`
	Daily      amount `placeholder:"BYTES" help:"help_daily"`
	Seal       bool   `help:"help_seal_move"`
	Invite     string `placeholder:"FILE" help:"help_invite"`
	Result     string `placeholder:"FILE" help:"help_result"`
	paperFlags `embed:""`
}

type verifyVerb struct {
	addressing `embed:""`
	Verify     string `enum:"counts,fingerprint,bytes" default:"fingerprint" placeholder:"LEVEL" help:"help_level"`
	paperFlags `embed:""`
}

type undoVerb struct {
	addressing `embed:""`
}

type practiceVerb struct {
	JSON     bool   `name:"json" help:"help_json"`
	Seed     uint64 `placeholder:"N" default:"1" help:"help_seed"`
	Size     int    `placeholder:"N" help:"help_size"`
	Parallel int    `placeholder:"N" default:"4" help:"help_parallel"`
	State    string `placeholder:"DIR" help:"help_practice_state"`
	Log      string `placeholder:"FILE" help:"help_log"`
}

type versionVerb struct{}

// amount is a number of bytes such as 500000, 500K, 2M, 1.5GB, or none (no limit, -1).
type amount int64

// UnmarshalText reads an amount; units are powers of 1024, a trailing /s is allowed.
func (b *amount) UnmarshalText(text []byte) error {
	s := strings.ToUpper(strings.TrimSpace(string(text)))
	if s == "NONE" {
		*b = -1
		return nil
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "/S"), "B")
	factor := 1.0
	if n := len(s); n > 0 {
		if i := strings.IndexByte("KMGT", s[n-1]); i >= 0 {
			factor, s = math.Pow(1024, float64(i+1)), s[:n-1]
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n > 0 && n*factor < 1e18) { // NaN fails both
		return fmt.Errorf("%q is no amount of bytes (examples: 500K, 2M, none)", string(text))
	}
	*b = amount(max(1, n*factor))
	return nil
}

// day is a day such as 2024-01-31.
type day string

// UnmarshalText takes real days only.
func (d *day) UnmarshalText(text []byte) error {
	if _, err := migrate.ParseDay(string(text)); err != nil {
		return fmt.Errorf("%q is no day (example: 2024-01-31)", string(text))
	}
	*d = day(text)
	return nil
}

// start is the first moment of the day; zero for none, and for what an invitation has
// that is no day.
func (d day) start() time.Time {
	t, _ := migrate.ParseDay(string(d)) // checked where it was read
	return t
}

// stateDir is where the ledger lives.
func (a *addressing) stateDir() string {
	if a.State != "" {
		return a.State
	}
	if dir := os.Getenv("MAILROOM_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(xdg.DataHome, "mailroom")
}

func (a *addressing) options() migrate.Options {
	return migrate.Options{Folders: a.Folders, Exclude: a.Exclude, ExcludeDeleted: a.ExcludeDeleted, Connections: a.Connections,
		Since: a.Since.start(), Before: a.Before.start()}
}
