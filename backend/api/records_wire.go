package api

import (
	"sort"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/judge"
	answer "mailroom/backend/records/lookup"
	"mailroom/backend/records/query"
)

// RecordKind is a [logs.Kind] on the wire.
type RecordKind string

// RecordOutcome is a [logs.Outcome] on the wire.
type RecordOutcome string

// RecordMethod is a [logs.Method] on the wire.
type RecordMethod string

// RecordAction is a [logs.Action] on the wire.
type RecordAction string

// LookupVerdict is a [answer.Verdict] on the wire.
type LookupVerdict string

// LookupAbout is a [answer.About] on the wire.
type LookupAbout string

// GapReason is a [records.Why] on the wire.
type GapReason string

// FindingRule is a [judge.Rule] on the wire.
type FindingRule string

// RecordForm asks field by field what a question asks in words; empty fields ask
// nothing. Days are "2026-11-12", moments "2026-11-12T14:03".
type RecordForm struct {
	Words    string          `json:"words"`
	Person   string          `json:"person"` // beginning of an address, or all of it
	Address  string          `json:"address"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Subject  string          `json:"subject"`
	IP       string          `json:"ip"` // an address, a network, or the beginning of one with a dot at its end
	Kinds    []RecordKind    `json:"kinds"`
	Outcomes []RecordOutcome `json:"outcomes"`
	Methods  []RecordMethod  `json:"methods"`
	Actions  []RecordAction  `json:"actions"`
	After    string          `json:"after"`  // included
	Before   string          `json:"before"` // not included
}

func (f RecordForm) form() query.Form {
	return query.Form{
		Words: f.Words, Person: f.Person, Address: f.Address, From: f.From, To: f.To, Subject: f.Subject, IP: f.IP, After: f.After, Before: f.Before,
		Kinds:    mapped(f.Kinds, func(k RecordKind) logs.Kind { return logs.Kind(k) }),
		Outcomes: mapped(f.Outcomes, func(o RecordOutcome) logs.Outcome { return logs.Outcome(o) }),
		Methods:  mapped(f.Methods, func(m RecordMethod) logs.Method { return logs.Method(m) }),
		Actions:  mapped(f.Actions, func(a RecordAction) logs.Action { return logs.Action(a) }),
	}
}

// RecordQuery asks for a page of records.
type RecordQuery struct {
	Shelf    string `json:"shelf"`    // an office's ID, or what RecordArchives.Open gave
	Question string `json:"question"` // in the language, "" everything; see Records.Question
	Before   string `json:"before"`   // RecordPage.next of the page before; "" the newest
	Limit    int    `json:"limit"`    // 1-500; 0: 50
}

// RecordPage is a page of a search, the newest first.
type RecordPage struct {
	Rows []RecordRow `json:"rows"`
	Next string      `json:"next"` // "" there is no more
}

// RecordFact is what else a source tells of a record, under its own name.
type RecordFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// RecordTraffic is a day's traffic; -1 is not told.
type RecordTraffic struct {
	Sent          int64 `json:"sent"`
	Received      int64 `json:"received"`
	SentBytes     int64 `json:"sentBytes"`
	ReceivedBytes int64 `json:"receivedBytes"`
	Used          int64 `json:"used"`
	Quota         int64 `json:"quota"`
}

// RecordRow is one record.
type RecordRow struct {
	ID        string         `json:"id"`
	Source    string         `json:"source"` // a provider's name, "file", or the name in an archive
	Kind      RecordKind     `json:"kind"`
	At        int64          `json:"at"`
	Zone      string         `json:"zone"` // of the source
	Person    string         `json:"person"`
	Name      string         `json:"name"`
	From      string         `json:"from"`
	To        []string       `json:"to"`
	Subject   string         `json:"subject"`
	Size      int64          `json:"size"`
	IP        string         `json:"ip"`
	Method    RecordMethod   `json:"method"`
	Agent     string         `json:"agent"`
	Action    RecordAction   `json:"action"`
	Target    string         `json:"target"`
	Outcome   RecordOutcome  `json:"outcome"`
	Said      string         `json:"said"`
	Remark    string         `json:"remark"`
	Times     int            `json:"times"`
	MessageID string         `json:"messageId"`
	VendorID  string         `json:"vendorId"`
	Traffic   *RecordTraffic `json:"traffic,omitempty"`
	Facts     []RecordFact   `json:"facts"`
}

func wireRecord(h records.Hit, sources map[uint32]string) RecordRow {
	r := &h.Record
	row := RecordRow{
		ID: strconv.FormatInt(h.ID, 10), Source: sources[h.Source], Kind: RecordKind(r.Kind), At: millis(r.At), Zone: r.Zone, Person: r.Person, Name: r.Name,
		From: r.From, To: append([]string{}, r.To...), Subject: r.Subject, Size: r.Size, Method: RecordMethod(r.Method), Agent: r.Agent,
		Action: RecordAction(r.Action), Target: r.Target, Outcome: RecordOutcome(r.Outcome), Said: r.Said, Remark: r.Remark, Times: max(r.Times, 1),
		MessageID: r.MessageID, VendorID: r.ID, Facts: []RecordFact{},
	}
	if r.IP.IsValid() {
		row.IP = r.IP.String()
	}
	if d := r.Day; d != nil {
		row.Traffic = &RecordTraffic{d.Sent, d.Received, d.SentBytes, d.ReceivedBytes, d.Used, d.Quota}
	}
	for name, value := range r.Facts {
		row.Facts = append(row.Facts, RecordFact{name, value})
	}
	sort.Slice(row.Facts, func(i, j int) bool { return row.Facts[i].Name < row.Facts[j].Name })
	return row
}

// recordPlace reads a record's place; 0 for "".
func recordPlace(id string) (int64, error) {
	if id == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 {
		return 0, core.E(core.Invalid, "read place", err, "field", "id")
	}
	return n, nil
}

// RecordDetail is one record with its past and the story that it belongs to.
type RecordDetail struct {
	Row   RecordRow    `json:"row"`
	Past  []RecordPast `json:"past"` // what it was before, oldest first
	Story LookupAnswer `json:"story"`
}

// RecordPast is what a record was until a change was seen.
type RecordPast struct {
	Until int64     `json:"until"`
	Row   RecordRow `json:"row"`
}

// LookupAnswer answers a question. The page makes a sentence of the verdict and the
// facts.
type LookupAnswer struct {
	Question LookupQuestion `json:"question"`
	Verdict  LookupVerdict  `json:"verdict"`
	Facts    LookupFacts    `json:"facts"`
	Line     []RecordRow    `json:"line"`   // the evidence, oldest first
	Others   []RecordRow    `json:"others"` // what else may be meant, newest first
	Top      []RecordPerson `json:"top"`    // who has most, for a ranking; names are left out

	Strangers []LookupStranger `json:"strangers"` // whom the question names and the office does not have, where nothing was found
}

// LookupStranger is somebody whom a question names as if of the office.
type LookupStranger struct {
	Asked string         `json:"asked"` // as the question spells it
	Near  []NamedAddress `json:"near"`  // of the office, who are called nearly so
}

// LookupQuestion is what a question was understood as.
type LookupQuestion struct {
	Text     string          `json:"text"`
	About    LookupAbout     `json:"about"`
	Who      []string        `json:"who"`      // addresses or parts of them, IP addresses, Message-IDs
	AnyOf    []string        `json:"anyOf"`    // people of whom one is meant
	Outcomes []RecordOutcome `json:"outcomes"` // that were asked for; empty: any
	Actions  []RecordAction  `json:"actions"`  // the same
	Words    string          `json:"words"`
	Larger   int64           `json:"larger"`  // bytes; 0: any size
	Smaller  int64           `json:"smaller"` // the same
	From     int64           `json:"from"`    // 0: open
	To       int64           `json:"to"`      // not included; 0: open
}

// LookupFacts are what the sentence is made of; what does not matter is zero.
type LookupFacts struct {
	At      int64          `json:"at"`
	Later   int64          `json:"later"` // of what happened to it afterwards
	Person  string         `json:"person"`
	By      string         `json:"by"`
	From    string         `json:"from"`
	To      string         `json:"to"`
	Subject string         `json:"subject"`
	Folder  string         `json:"folder"`
	IP      string         `json:"ip"`
	Said    string         `json:"said"`
	Count   int            `json:"count"`  // of what was found; of mails, this is the newest
	People  int            `json:"people"` // how many people the sign-ins are of
	More    bool           `json:"more"`
	Bad     int            `json:"bad"`
	Since   int64          `json:"since"` // what was looked through
	Until   int64          `json:"until"`
	Gaps    []RecordGap    `json:"gaps"`
	Has     []RecordKind   `json:"has"`     // kinds that were looked through
	Sources []LookupSource `json:"sources"` // who told what was looked through
	Lacks   []RecordKind   `json:"lacks"`   // kinds that no source of the office tells
	Shares  []LookupShare  `json:"shares"`  // how the counted mails ended, the most frequent first
	Bytes   int64          `json:"bytes"`   // of the counted mails; 0: not told
}

// LookupShare is how many of the counted mails ended in one way.
type LookupShare struct {
	Outcome string `json:"outcome"` // a RecordOutcome; "" not told
	Count   int    `json:"count"`
}

// LookupSource is the time that one source told of what was looked through.
type LookupSource struct {
	Source string `json:"source"` // a provider's name, "file"; "" imported records, by their days
	From   int64  `json:"from"`
	To     int64  `json:"to"`   // not included
	Sure   bool   `json:"sure"` // it told everything of that time
}

// RecordGap is a span that is missing.
type RecordGap struct {
	From   int64     `json:"from"`
	To     int64     `json:"to"`
	Reason GapReason `json:"reason"`
	Code   ErrorCode `json:"code"` // for the reason "refused"
	Days   int       `json:"days"` // that the provider keeps, for the reason "too_old"; 0: not known
}

func wireGap(m records.Missing) RecordGap {
	return RecordGap{millis(m.From), millis(m.To), GapReason(m.Why), ErrorCode(m.Code), m.Days()}
}

func wireKind(k logs.Kind) RecordKind { return RecordKind(k) }

func wireAnswer(a answer.Answer, sources map[uint32]string) LookupAnswer {
	f := a.Facts
	row := func(h records.Hit) RecordRow { return wireRecord(h, sources) }
	return LookupAnswer{
		Verdict: LookupVerdict(a.Verdict), Line: mapped(a.Line, row), Others: mapped(a.Others, row), Strangers: []LookupStranger{},
		Top: mapped(a.Top, func(p records.PersonFigures) RecordPerson {
			return RecordPerson{Person: p.Person, Figures: wireFigures(p.Figures)}
		}),
		Question: LookupQuestion{
			Text: a.Question.Text, About: LookupAbout(a.Question.About), Words: a.Question.Words, Larger: a.Question.Larger, Smaller: a.Question.Smaller,
			Who: append([]string{}, a.Question.Named()...), AnyOf: full(a.Question.AnyOf),
			Outcomes: mapped(a.Question.Outcomes, func(o logs.Outcome) RecordOutcome { return RecordOutcome(o) }),
			Actions:  mapped(a.Question.Actions, func(act logs.Action) RecordAction { return RecordAction(act) }),
			From:     millis(a.Question.Span.From), To: millis(a.Question.Span.To),
		},
		Facts: LookupFacts{
			At: millis(f.At), Later: millis(f.Then), Person: f.Person, By: f.By, From: f.From, To: f.To, Subject: f.Subject, Folder: f.Folder, IP: f.IP,
			Said: f.Said, Count: f.Count, People: f.People, More: f.More, Bad: f.Bad, Since: millis(f.Span.From), Until: millis(f.Span.To), Gaps: mapped(f.Missing, wireGap),
			Sources: mapped(f.Sources, func(s answer.Source) LookupSource {
				return LookupSource{s.Scope, millis(s.From), millis(s.To), s.Sure}
			}),
			Has: mapped(f.Has, wireKind), Lacks: mapped(f.Lacks, wireKind), Bytes: f.Bytes,
			Shares: mapped(f.Shares, func(s answer.Share) LookupShare { return LookupShare{string(s.Outcome), s.Count} }),
		},
	}
}

var recordKinds = enumOf[RecordKind](logs.Kinds())

var recordOutcomes = enumOf[RecordOutcome](logs.Outcomes())

var recordMethods = enumOf[RecordMethod](logs.Methods())

var recordActions = enumOf[RecordAction](logs.Actions())

var lookupVerdicts = enumOf[LookupVerdict](answer.Verdicts())

var lookupAbouts = enumOf[LookupAbout]([]answer.About{answer.AboutMail, answer.AboutDeleted, answer.AboutSignIn, answer.AboutActs})

var gapReasons = enumOf[GapReason]([]records.Why{records.TooOld, records.Cut, records.Refused, records.Partial, records.Unread, records.Unsure})

var findingRules = enumOf[FindingRule](judge.Rules())

func kindOf(k RecordKind) logs.Kind { return logs.Kind(k) }

func outcomeOf(o RecordOutcome) logs.Outcome { return logs.Outcome(o) }

// enumOf names the constants of a closed set by their values: "mail_delete" becomes
// MailDelete.
func enumOf[To, From ~string](values []From) []enum[To] {
	all := make([]enum[To], len(values))
	for i, v := range values {
		name, up := "", true
		for _, r := range string(v) {
			if r == '_' || r == '-' || r == '.' {
				up = true
				continue
			}
			if up && 'a' <= r && r <= 'z' {
				r -= 'a' - 'A'
			}
			up = false
			name += string(r)
		}
		all[i] = enum[To]{To(v), name}
	}
	return all
}
