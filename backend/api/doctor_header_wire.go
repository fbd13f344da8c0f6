package api

import (
	"strconv"

	"mailroom/backend/doctor/header"
)

// AuthResult is the outcome of an authentication check, see [header.Result]; "" nothing
// is said.
type AuthResult string

// JunkVerdict is what a header lets expect, see [header.Verdict].
type JunkVerdict string

// HeaderReport is what a header tells.
type HeaderReport struct {
	Whole      bool              `json:"whole"` // the body is there
	Cut        bool              `json:"cut"`
	From       string            `json:"from"`
	FromDomain string            `json:"fromDomain"`
	ReturnPath string            `json:"returnPath"`
	ReplyTo    string            `json:"replyTo"`
	To         string            `json:"to"`
	Subject    string            `json:"subject"`
	MessageID  string            `json:"messageId"`
	Sent       int64             `json:"sent"` // 0 missing or absurd
	Hops       []HeaderHop       `json:"hops"`
	Total      int64             `json:"total"` // milliseconds from the first server to the last
	SPF        AuthResult        `json:"spf"`
	SPFDomain  string            `json:"spfDomain"`
	SPFReason  string            `json:"spfReason"`
	DKIM       []HeaderSignature `json:"dkim"`
	ARC        HeaderChain       `json:"arc"`
	DMARC      HeaderDMARC       `json:"dmarc"`
	Claims     []HeaderClaim     `json:"claims"`
	Marks      []HeaderMark      `json:"marks"`
	Oddities   []HeaderOddity    `json:"oddities"`
	Junk       HeaderJunk        `json:"junk"`
	Findings   []Finding         `json:"findings"` // the checks of a mail, worst first; none for a letter of ours
}

// HeaderHop is one step of the way.
type HeaderHop struct {
	From      string `json:"from"`
	FromIP    string `json:"fromIp"`
	FromName  string `json:"fromName"` // by reverse DNS; "unknown" there is none
	By        string `json:"by"`
	With      string `json:"with"`
	For       string `json:"for"`
	Encrypted bool   `json:"encrypted"`
	SignedIn  bool   `json:"signedIn"`
	At        int64  `json:"at"`    // 0 no date
	Delay     int64  `json:"delay"` // milliseconds since the step before
	Skew      int64  `json:"skew"`  // milliseconds by which a clock is wrong; 0 none
	Raw       string `json:"raw"`
}

// HeaderSignature is one DKIM signature.
type HeaderSignature struct {
	Domain    string     `json:"domain"`
	Selector  string     `json:"selector"`
	Algorithm string     `json:"algorithm"`
	Signed    []string   `json:"signed"`
	At        int64      `json:"at"`
	Expires   int64      `json:"expires"`
	Notes     []string   `json:"notes"`
	Claimed   AuthResult `json:"claimed"`
	Verified  AuthResult `json:"verified"` // "" not verified
	Reason    string     `json:"reason"`
	Detail    string     `json:"detail"`
}

// HeaderChain is the chain of forwarders (ARC).
type HeaderChain struct {
	Result AuthResult   `json:"result"`
	Reason string       `json:"reason"`
	Seals  []HeaderSeal `json:"seals"`
}

// HeaderSeal is one forwarder's part.
type HeaderSeal struct {
	Instance int    `json:"instance"`
	Domain   string `json:"domain"`
	Says     string `json:"says"`
	Auth     string `json:"auth"`
}

// HeaderDMARC is how the mail stands to its sender's policy.
type HeaderDMARC struct {
	Result     AuthResult `json:"result"`
	Claimed    AuthResult `json:"claimed"`
	Policy     string     `json:"policy"`
	Record     string     `json:"record"`
	At         string     `json:"at"`
	Asked      bool       `json:"asked"`
	SPF        bool       `json:"spf"`  // passed and aligned
	DKIM       bool       `json:"dkim"` // passed and aligned
	SPFDomain  string     `json:"spfDomain"`
	DKIMDomain string     `json:"dkimDomain"`
}

// HeaderClaim is one result that a server wrote down.
type HeaderClaim struct {
	Server string     `json:"server"`
	Top    bool       `json:"top"` // the receiver's own
	Field  string     `json:"field"`
	Method string     `json:"method"`
	Result AuthResult `json:"result"`
	Domain string     `json:"domain"`
	Reason string     `json:"reason"`
}

// HeaderMark is what one spam filter wrote.
type HeaderMark struct {
	System   string         `json:"system"`
	Field    string         `json:"field"`
	Value    string         `json:"value"`
	Limit    string         `json:"limit"`
	Means    string         `json:"means"`
	Weight   int            `json:"weight"`
	Observed bool           `json:"observed"` // known from mail, not from a document
	Source   string         `json:"source"`
	Symbols  []HeaderSymbol `json:"symbols"`
}

// HeaderSymbol is one test of a filter that adds up tests.
type HeaderSymbol struct {
	Name  string `json:"name"`
	Score string `json:"score"` // "" not told
	Topic string `json:"topic"`
}

// HeaderOddity is something about the form.
type HeaderOddity struct {
	Code  string            `json:"code"`
	Facts map[string]string `json:"facts"`
}

// HeaderJunk is why a mail went, or would go, to junk.
type HeaderJunk struct {
	Verdict JunkVerdict    `json:"verdict"`
	Score   int            `json:"score"` // 0 to 100
	Grounds []HeaderGround `json:"grounds"`
}

// HeaderGround is one ground with its weight.
type HeaderGround struct {
	Code   string            `json:"code"`
	Weight int               `json:"weight"`
	Facts  map[string]string `json:"facts"`
}

func wireHeader(r header.Report) HeaderReport {
	return HeaderReport{
		Findings: []Finding{},
		Whole:    r.Whole, Cut: r.Cut, From: r.From, FromDomain: r.FromDomain, ReturnPath: r.ReturnPath, ReplyTo: r.ReplyTo, To: r.To,
		Subject: r.Subject, MessageID: r.MessageID, Sent: ms(r.Sent), Total: r.Total.Milliseconds(),
		Hops: mapped(r.Hops, func(h header.Hop) HeaderHop {
			return HeaderHop{
				From: h.From, FromIP: h.FromIP, FromName: h.FromName, By: h.By, With: h.With, For: h.For, Encrypted: h.Encrypted,
				SignedIn: h.Signed, At: ms(h.At), Delay: h.Delay.Milliseconds(), Skew: h.Skew.Milliseconds(), Raw: h.Raw,
			}
		}),
		SPF: AuthResult(r.SPF.Result), SPFDomain: r.SPF.Domain, SPFReason: r.SPF.Reason,
		DKIM: mapped(r.DKIM, wireSignature),
		ARC: HeaderChain{
			Result: AuthResult(r.ARC.Result), Reason: r.ARC.Reason,
			Seals: mapped(r.ARC.Sealed, func(s header.Seal) HeaderSeal {
				return HeaderSeal{Instance: s.Instance, Domain: s.Domain, Says: s.Says, Auth: s.Auth}
			}),
		},
		DMARC: HeaderDMARC{
			Result: AuthResult(r.DMARC.Result), Claimed: AuthResult(r.DMARC.Claimed), Policy: r.DMARC.Policy, Record: r.DMARC.Record,
			At: r.DMARC.At, Asked: r.DMARC.Asked, SPF: r.DMARC.SPF, DKIM: r.DMARC.DKIM, SPFDomain: r.DMARC.SPFDomain, DKIMDomain: r.DMARC.DKIMDomain,
		},
		Claims: mapped(r.Claims, func(c header.Claim) HeaderClaim {
			return HeaderClaim{Server: c.Server, Top: c.Top, Field: c.Field, Method: c.Method, Result: AuthResult(c.Result), Domain: c.Domain, Reason: c.Reason}
		}),
		Marks: mapped(r.Marks, wireMark),
		Oddities: mapped(r.Oddities, func(o header.Oddity) HeaderOddity {
			return HeaderOddity{Code: o.Code, Facts: facts(o.Facts)}
		}),
		Junk: HeaderJunk{
			Verdict: JunkVerdict(r.Junk.Verdict), Score: r.Junk.Score,
			Grounds: mapped(r.Junk.Grounds, func(g header.Ground) HeaderGround {
				return HeaderGround{Code: g.Code, Weight: g.Weight, Facts: facts(g.Facts)}
			}),
		},
	}
}

func wireSignature(s header.Signature) HeaderSignature {
	return HeaderSignature{
		Domain: s.Domain, Selector: s.Selector, Algorithm: s.Algorithm, Signed: some(s.Signed), At: ms(s.At), Expires: ms(s.Expires),
		Notes: some(s.Notes), Claimed: AuthResult(s.Claimed), Verified: AuthResult(s.Verified), Reason: s.Reason, Detail: s.Detail,
	}
}

func wireMark(m header.Mark) HeaderMark {
	return HeaderMark{
		System: m.System, Field: m.Field, Value: m.Value, Limit: m.Limit, Means: m.Means, Weight: m.Weight, Observed: m.Observed, Source: m.Source,
		Symbols: mapped(m.Symbols, func(s header.Symbol) HeaderSymbol {
			score := ""
			if s.Score != 0 {
				score = strconv.FormatFloat(s.Score, 'f', -1, 64)
			}
			return HeaderSymbol{Name: s.Name, Score: score, Topic: s.Topic}
		}),
	}
}

var junkVerdicts = []enum[JunkVerdict]{
	{JunkVerdict(header.VerdictJunk), "Junk"}, {JunkVerdict(header.VerdictDoubt), "Doubt"},
	{JunkVerdict(header.VerdictFine), "Fine"}, {JunkVerdict(header.VerdictUnknown), "Unknown"},
}
