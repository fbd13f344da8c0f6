package tencent

import (
	"context"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// batchPage is the token of the admin log's second page: what administrators did to
// many people at once stands in a log of its own.
const batchPage = "batchjob"

// operations are the numbers of log/operation's answers. 42 to 53 come from one copy
// of the page, and the list goes on from 54, where the copy is cut.
var operations = map[number]logs.Action{
	1: logs.ActSignedIn, 2: logs.ActPassword, 3: logs.ActDomain, 4: logs.ActDomain, 5: logs.ActSettings, 6: logs.ActSettings,
	7: logs.ActSettings, 8: logs.ActSettings, 9: logs.ActAnnounce, 10: logs.ActAnnounce,
	11: logs.ActBlacklist, 12: logs.ActBlacklist, 13: logs.ActBlacklist,
	14: logs.ActWhitelist, 15: logs.ActWhitelist, 16: logs.ActWhitelist, 17: logs.ActWhitelist, 18: logs.ActWhitelist,
	19: logs.ActPersonAdd, 20: logs.ActPersonDelete, 21: logs.ActPersonOn, 22: logs.ActPersonOff, 23: logs.ActPersonEdit,
	24: logs.ActAlias, 25: logs.ActImport, 26: logs.ActRole, 27: logs.ActRole,
	28: logs.ActDepartment, 29: logs.ActDepartment, 30: logs.ActDepartment, 31: logs.ActDepartment,
	32: logs.ActList, 33: logs.ActList, 34: logs.ActList, 35: logs.ActBackup, 36: logs.ActImport,
	37: logs.ActSecurity, 38: logs.ActSecurity, 39: logs.ActOpenAPI, 40: logs.ActOpenAPI, 41: logs.ActOpenAPI, 42: logs.ActSettings,
	43: logs.ActExport, 44: logs.ActSettings, 45: logs.ActPassword, 46: logs.ActSettings, 47: logs.ActPassword,
	48: logs.ActForwardOn, 49: logs.ActForwardOff, 50: logs.ActSecurity, 51: logs.ActSecurity, 52: logs.ActSettings, 53: logs.ActSettings,
}

const (
	deletedPerson  = 20
	batchNumbers   = "batch " // before a number of log/batchjob, whose numbers mean other things
	everyOperation = 0        // see the assumption "operation-type"
)

// batches are the numbers of log/batchjob.
var batches = map[number]logs.Action{
	1: logs.ActAnnounce, 2: logs.ActImport, 3: logs.ActAnnounce, 4: logs.ActAlias, 5: logs.ActAnnounce, 6: logs.ActSettings,
	7: logs.ActSettings, 8: logs.ActSettings, 9: logs.ActPersonAdd,
}

// act is one entry of either log.
type act struct {
	Time     number `json:"time"`
	Operator text   `json:"operator"`
	Type     number `json:"type"`
	Operand  text   `json:"operand"` // log/operation
	Remark   text   `json:"remark"`  // log/operation
	Status   *text  `json:"status"`  // log/batchjob; its values are not published
}

// adminLog reads what administrators did: first one by one (doc #10031), then in
// batches (doc #10030).
func (o *Office) adminLog(ctx context.Context, ask logs.Ask, days span) (logs.Page, error) {
	if ask.Next != "" && ask.Next != batchPage {
		return logs.Page{}, core.E(core.Invalid, "read admin log", nil, "problem", "page")
	}
	path, body := "log/operation", any(struct {
		span
		Type number `json:"type"`
	}{days, everyOperation})
	if ask.Next == batchPage {
		path, body = "log/batchjob", days
	}
	var answer struct {
		List []act `json:"list"`
	}
	if err := o.post(ctx, fieldLogs, "read admin log", path, body, &answer); err != nil {
		return logs.Page{}, err
	}
	var page logs.Page
	for _, e := range answer.List {
		r := e.record(ask.Next == batchPage)
		if ask.Person == "" || strings.EqualFold(r.Person, ask.Person) {
			page.Records = append(page.Records, r)
		}
	}
	if ask.Next == "" {
		page.Next = batchPage
	}
	return page, nil
}

func (e act) record(batch bool) logs.Record {
	r := record(logs.Admin, e.Time)
	r.Person, r.Target, r.Remark = bare(string(e.Operator)), string(e.Operand), string(e.Remark)
	r.Said, r.Action = written(e.Type), logs.ActOther
	table := operations
	if batch {
		table, r.Said = batches, batchNumbers+r.Said
	}
	if known, ok := table[e.Type]; ok {
		r.Action = known
	}
	if !batch && e.Type == deletedPerson && e.Remark == "1" { // the vendor's way to say that it was taken back
		r.Action = logs.ActPersonOn
	}
	if e.Status != nil {
		r.Facts = map[string]string{"status": string(*e.Status)}
	}
	if !strings.Contains(r.Person, "@") { // a name, or "system"
		r.Person, r.Name = "", r.Person
	}
	return r
}
