package bounce

import "strings"

// judge fills in what the words and codes mean. The order: codes of one vendor and
// plain words, then the enhanced code, then the reply code, then their class. Words
// go first because servers write 5.7.1 or 5.1.1 for everything.
func judge(rec *Recipient, g gathered) {
	words := rec.Words
	if words == "" && len(g.text) > 0 && rec.Cause == "" {
		words = clip(reasonOf(g.text))
		rec.Words = words
	}
	if rec.Status == "" {
		rec.Status = enhancedCode.FindString(words)
	}
	if m := replyCode.FindStringSubmatch(words); m != nil {
		rec.Reply = m[1]
	}
	if rec.Remote == "" {
		if m := saidBy.FindStringSubmatch(words); m != nil {
			rec.Remote = strings.ToLower(m[1])
		}
	}
	rec.Links = linkIn.FindAllString(words, 5)
	switch rec.Cause {
	case "delivered", "passed-on":
		rec.Fault, rec.Final, rec.Rule, rec.Source = FaultNobody, true, "action", "RFC 3464 section 2.3.3"
		return
	}
	rec.Cause, rec.Rule, rec.Source = causeOf(*rec, strings.ToLower(words))
	c := dict.causes[rec.Cause]
	rec.Fault, rec.Acts = c.Fault, c.Acts
	rec.Final = finality(*rec, c)
	if rec.Cause == "blocklisted" {
		rec.List = listIn(strings.ToLower(words))
	}
}

func causeOf(rec Recipient, lower string) (cause, rule, source string) {
	byCode, coded := dict.byStatus(rec.Status)
	byText, worded := dict.byWords(lower)
	// A vendor's own code, three digits long, says more than general words.
	if _, full := dict.enhanced[rec.Status]; full && len(rec.Status) > 6 && !(worded && vendors(byText.ID)) {
		return byCode.Cause, rec.Status, byCode.Source
	}
	// General words lose against a code that is about something definite.
	if worded && !(coded && vague(byText.Cause) && !vague(byCode.Cause)) {
		if byText.Cause == "delivered" && strings.HasPrefix(rec.Status, "5") {
			return byCode.Cause, rec.Status, byCode.Source
		}
		return byText.Cause, byText.ID, byText.Source
	}
	if coded {
		return byCode.Cause, rec.Status, byCode.Source
	}
	if r, ok := dict.reply[rec.Reply]; ok {
		return r.Cause, rec.Reply, r.Source
	}
	switch {
	case strings.HasPrefix(rec.Status, "4"), strings.HasPrefix(rec.Reply, "4"):
		return "server-busy", "4", "RFC 5321 section 4.2.1"
	case rec.Delayed:
		return "no-answer", "delayed", "RFC 3464 section 2.3.3"
	}
	return "unknown", "", ""
}

func vendors(rule string) bool {
	vendor, _, _ := strings.Cut(rule, "-")
	switch vendor {
	case "netease", "tencent", "aliyun", "microsoft", "gmail", "yahoo", "apple":
		return true
	}
	return false
}

// vague causes come from words that stand in nearly every refusal.
func vague(cause string) bool {
	switch cause {
	case "policy", "server-busy", "server-fault", "unknown", "gave-up", "delivered", "connection-lost", "own-policy", "no-answer":
		return true
	}
	return false
}

// finality: the reply's class decides, then the code's, then what the cause usually is.
func finality(rec Recipient, c Cause) bool {
	switch {
	case rec.Delayed:
		return false
	case rec.Cause == "gave-up":
		return true
	case rec.Reply != "":
		return rec.Reply[0] == '5'
	case strings.HasPrefix(rec.Status, "5"):
		return true
	case strings.HasPrefix(rec.Status, "4"):
		return false
	}
	return c.Final
}

// listIn names the block list in a refusal.
func listIn(lower string) string {
	for _, l := range []struct{ mark, name string }{
		{"spamhaus", "Spamhaus"}, {"zen.", "Spamhaus"}, {"spamcop", "SpamCop"}, {"barracuda", "Barracuda"}, {"uceprotect", "UCEPROTECT"},
		{"sorbs", "SORBS"}, {"psbl", "PSBL"}, {"surbl", "SURBL"}, {"uribl", "URIBL"}, {"mailspike", "Mailspike"},
		{"part of their network is on our block list", "Microsoft"}, {"banned sending ip", "Microsoft"}, {"proofpoint", "Proofpoint"}, {"dt:rbl", "NetEase"},
	} {
		if strings.Contains(lower, l.mark) {
			return l.name
		}
	}
	return ""
}
