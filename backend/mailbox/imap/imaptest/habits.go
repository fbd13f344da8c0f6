package imaptest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Quirks are habits of real servers; the zero value has none.
type Quirks struct {
	Separator    string // between levels; "" is "/"
	Prefix       string // of the personal namespace
	Permanent    string // PERMANENTFLAGS; "" is the system flags and \*
	NoUIDNext    bool   // neither SELECT nor STATUS tell it
	Validity     uint32 // UIDVALIDITY of every folder; 0: each has its own
	FirstUID     uint32 // UIDs begin here in every folder; 0: at 1
	SelectOnly   bool   // UIDVALIDITY is told on SELECT and by STATUS, not on EXAMINE
	LateMessages bool   // what comes after a folder was opened is seen only by opening it again
	StatusTail   string // behind every STATUS line
	SizeError    int    // added to every RFC822.SIZE
	MaxErrors    int    // refusals after which a connection is closed; 0: any number
	CaseFold     bool   // folders that differ in case only are the same

	Strict      bool   // a command whose capability is not advertised is unknown
	DropUnknown bool   // an unknown command ends the connection without an answer
	MaxConns    int    // connections of one account (with Options.People); 0: any number
	ConnsText   string // refusal of one more
	ShowAtMost  int    // a folder shows its newest so many messages; 0: all
	MostAtOnce  int    // messages in one answer to UID FETCH; 0: any number
	AllMail     string // raw name of the folder that holds every message once more

	LongestCommand int           // bytes of a command line without literals; 0: any length
	LongestLine    int           // bytes of a line in a message; 0: any length
	LargestMessage int           // bytes; 0: any size
	FinalCRLF      bool          // a message must end with CR LF
	DailyUp        int64         // bytes that an account may append (with Options.People); 0: any amount
	ThrottleEvery  int           // every so many APPENDs of a connection are put off once; 0: never
	Backoff        time.Duration // the pause asked for then
}

// needed are the capabilities that commands belong to.
var needed = map[string][]string{
	"ID": {"ID"}, "NAMESPACE": {"NAMESPACE"}, "ENABLE": {"ENABLE"}, "IDLE": {"IDLE"}, "UNSELECT": {"UNSELECT"},
	"MOVE": {"MOVE"}, "UID MOVE": {"MOVE"}, "UID EXPUNGE": {"UIDPLUS"}, "COMPRESS": {"COMPRESS=DEFLATE"},
	"GETQUOTA": {"QUOTA"}, "GETQUOTAROOT": {"QUOTA"}, "XLIST": {"XLIST"}, "STARTTLS": {"STARTTLS"},
}

// habits does what the quirks say before a command is answered; false: it is dealt with.
func (c *Conn) habits(cmd *Command, known bool) bool {
	q := c.Server.opts.Quirks
	caps := strings.Fields(c.Server.opts.Caps + " " + c.Server.opts.PreCaps)
	if q.Strict && !slices.ContainsFunc(needed[cmd.Verb], func(n string) bool { return slices.Contains(caps, n) }) && needed[cmd.Verb] != nil {
		known = false
	}
	switch {
	case !known && q.DropUnknown:
		c.Close()
	case !known && q.Strict:
		c.BAD(cmd, "unknown command")
	case q.LongestCommand > 0 && len(cmd.Tag)+len(cmd.Verb)+len(cmd.Args)+2 > q.LongestCommand:
		c.BAD(cmd, "[CLIENTBUG] "+cmd.Verb+" Command line too long")
	case cmd.Verb == "APPEND" && len(cmd.Literals) > 0:
		return c.takes(cmd)
	default:
		return true
	}
	return false
}

// takes looks at a message before it is stored.
func (c *Conn) takes(cmd *Command) bool {
	q := c.Server.opts.Quirks
	body := cmd.Literals[len(cmd.Literals)-1]
	c.appends++
	c.Server.mu.Lock()
	overspent := q.DailyUp > 0 && c.account.up+int64(len(body)) > q.DailyUp
	if !overspent {
		c.account.up += int64(len(body))
	}
	c.Server.mu.Unlock()
	switch {
	case q.ThrottleEvery > 0 && c.appends%q.ThrottleEvery == 0:
		c.BAD(cmd, fmt.Sprintf("Request is throttled. Suggested Backoff Time: %d milliseconds", q.Backoff.Milliseconds()))
	case overspent:
		c.NO(cmd, "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)")
	case q.LargestMessage > 0 && len(body) > q.LargestMessage:
		c.NO(cmd, "[TOOBIG] Maximum size of appendable message has been exceeded")
	case q.FinalCRLF && !strings.HasSuffix(string(body), "\r\n"):
		c.BAD(cmd, "[CLIENTBUG] APPEND Additional arguments found after last expected argument")
	case q.LongestLine > 0 && slices.ContainsFunc(strings.Split(string(body), "\n"), func(l string) bool { return len(l) > q.LongestLine }):
		c.BAD(cmd, "Command Argument Error. 11")
	default:
		return true
	}
	return false
}
