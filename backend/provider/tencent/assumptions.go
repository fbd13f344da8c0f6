package tencent

import "mailroom/backend/provider"

// assumptions are what this adapter takes for true without a public text of this API
// that says so. Certainty as in docs/providers.md: I inferred, M from memory.
func assumptions() []provider.Assumption {
	return []provider.Assumption{
		{Name: "codes", Certainty: "I", Says: "error numbers beside 0, 40001, 40014, 40031, 40070 and 601002 mean what they mean in the WeCom API", Proof: "refused calls against a real company: a name too long, a member twice, an unknown department"},
		{Name: "http-200", Certainty: "I", Says: "refusals come with HTTP 200 and an errcode", Proof: "one refused call"},
		{Name: "at-once", Certainty: "I", Says: "several creations, or the same change of several people, may be under way at the same time, as long as the calls a second are kept to", Proof: "an import of fifty test accounts, and its undo"},
		{Name: "all-departments", Certainty: "I", Says: "department/list without id tells every department that the app may see", Proof: "one call in a company with three departments"},
		{Name: "pace", Certainty: "I", Says: "8 calls a second are allowed; no limit is published", Proof: "reading 5,000 members' options without error 45009"},
		{Name: "days", Certainty: "I", Says: "begin_date and end_date are days in Beijing, both included, and today may be asked for", Proof: "a log around midnight, asked for day by day"},
		{Name: "operation-type", Certainty: "C", Says: "log/operation takes type 0 for everything; older texts say 1", Proof: "one call with each"},
		{Name: "clear-lists", Certainty: "I", Says: "an empty list in user/update and group/update clears it; it is looked at afterwards", Proof: "taking the last alias away"},
		{Name: "empty-days", Certainty: "I", Says: "how long each log is kept is not told, and a day that is no longer kept may be answered without rows. Such a day counts as complete only where it is of the last week, or where the log has told a record as old; every other is told as not known to be complete", Proof: "one question for a day two years ago, of each log"},
		{Name: "leavers", Certainty: "I", Says: "what becomes of a deleted member's places in groups is not known; the preview of a deletion names the groups", Proof: "deleting somebody who is in one"},
		{Name: "gender-0", Certainty: "I", Says: "gender \"0\" in user/update takes the gender back", Proof: "one update"},
		{Name: "all-groups", Certainty: "C3", Says: "group/fuzzysearch by GET without a word names every group, as groups[] of groupid and groupname", Proof: "one call"},
		{Name: "named-senders", Certainty: "I", Says: "a group that only named senders may write to wants one at least, as in the WeCom API; without any it is refused here", Proof: "a group with allow_type 3 and no allow_userlist"},
		{Name: "outside-scope", Certainty: "I", Says: "log/login of somebody outside of the logs app's scope is refused with 60011 or 50002; the others are asked all the same", Proof: "one call for a member outside of the scope"},
		{Name: "newcount", Certainty: "I", Says: "mail/newcount from 2000-01-01 to today counts all unread mail", Proof: "one call, compared with the mailbox"},
		{Name: "signin-refused", Certainty: "I", Says: "log/login does not tell refused sign-ins apart", Proof: "one sign-in with a wrong password"},
	}
}
