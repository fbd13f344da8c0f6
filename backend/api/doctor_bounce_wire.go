package api

import "mailroom/backend/doctor/bounce"

// BounceKind is what was handed in, see [bounce.Kind].
type BounceKind string

// BounceFault is whose side can mend it, see [bounce.Fault].
type BounceFault string

// BounceReport is what a returned mail tells.
type BounceReport struct {
	Kind       BounceKind        `json:"kind"`
	Form       string            `json:"form"`   // dsn, text, html, line; "" it returns nothing
	System     string            `json:"system"` // name of who wrote it; "" unknown
	Reporter   string            `json:"reporter"`
	Arrived    int64             `json:"arrived"` // when the reporting server took the mail; 0 not told
	Subject    string            `json:"subject"`
	Original   BounceOriginal    `json:"original"`
	Recipients []BounceRecipient `json:"recipients"`
	Cut        bool              `json:"cut"` // larger than is read
}

// BounceOriginal is what is known of the mail that was sent.
type BounceOriginal struct {
	MessageID string `json:"messageId"`
	Subject   string `json:"subject"`
	From      string `json:"from"`
	To        string `json:"to"`
	Date      string `json:"date"`
}

// BounceRecipient is one address and its fate.
type BounceRecipient struct {
	Address   string      `json:"address"` // "" not told
	Asked     string      `json:"asked"`   // as it was written, if another one
	Status    string      `json:"status"`  // enhanced code, e.g. 5.1.1
	Reply     string      `json:"reply"`   // SMTP code, e.g. 550
	Words     string      `json:"words"`   // the server's own
	Remote    string      `json:"remote"`  // host that refused
	Cause     string      `json:"cause"`   // the page has texts for each
	Fault     BounceFault `json:"fault"`
	Final     bool        `json:"final"`
	Delayed   bool        `json:"delayed"` // the server still tries
	Rule      string      `json:"rule"`    // what told the cause
	Source    string      `json:"source"`
	List      string      `json:"list"` // block list that is named
	Links     []string    `json:"links"`
	Acts      []string    `json:"acts"`      // what the page can offer
	TriesTill int64       `json:"triesTill"` // 0 not told
}

func wireBounce(r bounce.Report) BounceReport {
	return BounceReport{
		Kind: BounceKind(r.Kind), Form: string(r.Form), System: r.SystemName, Reporter: r.Reporter, Arrived: ms(r.Arrived), Subject: r.Subject,
		Original: BounceOriginal(r.Original), Cut: r.Cut,
		Recipients: mapped(r.Recipients, func(x bounce.Recipient) BounceRecipient {
			return BounceRecipient{
				Address: x.Address, Asked: x.Asked, Status: x.Status, Reply: x.Reply, Words: x.Words, Remote: x.Remote, Cause: x.Cause,
				Fault: BounceFault(x.Fault), Final: x.Final, Delayed: x.Delayed, Rule: x.Rule, Source: x.Source, List: x.List,
				Links: some(x.Links), Acts: some(x.Acts), TriesTill: ms(x.TriesTill),
			}
		}),
	}
}

var bounceKinds = []enum[BounceKind]{
	{BounceKind(bounce.KindFailure), "Failure"}, {BounceKind(bounce.KindDelay), "Delay"}, {BounceKind(bounce.KindSuccess), "Success"},
	{BounceKind(bounce.KindAutoReply), "AutoReply"}, {BounceKind(bounce.KindReceipt), "Receipt"}, {BounceKind(bounce.KindComplaint), "Complaint"},
	{BounceKind(bounce.KindOther), "Other"},
}

var bounceFaults = []enum[BounceFault]{
	{BounceFault(bounce.FaultSender), "Sender"}, {BounceFault(bounce.FaultRecipient), "Recipient"},
	{BounceFault(bounce.FaultRecipientSide), "RecipientSide"}, {BounceFault(bounce.FaultNetwork), "Network"},
	{BounceFault(bounce.FaultNobody), "Nobody"}, {BounceFault(bounce.FaultUnknown), "Unknown"},
}
