package netease

import "mailroom/backend/provider"

var bothAssumptions = []provider.Assumption{
	{Name: "zone", Certainty: "I", Says: "Times without a zone are Beijing time.", Proof: "A mail sent at a known time, found in the log."},
	{Name: "words", Certainty: "I", Says: "Refusals whose word holds NOTEXIST or EXIST mean that something is missing or there already, as ACCOUNT.NOTEXIST and MAILACCOUNT.NAMEEXIST do; with SIGN or TIMESTAMP in it, that the signature or its time was not taken.",
		Proof: "The vendor's list of codes, or each refusal provoked once."},
	{Name: "restore", Certainty: "C3", Says: "account/recoverAccount brings back what account/deleteAccountSim deleted.",
		Proof: "A test account, deleted and recovered."},
	{Name: "rows", Certainty: "I", Says: "Rows of the sign-in logs hold a time under a name with \"time\" or \"date\" in it; address and account are known by their looks, everything else is kept as it is.",
		Proof: "One answer of each log."},
	{Name: "at-once", Certainty: "I", Says: "Several creations, or the same change of several people, may be under way at the same time, as long as the calls a second are kept to.", Proof: "An import of fifty test accounts, and its undo."},
	{Name: "kept", Certainty: "C3", Says: "Logs reach back 180 days.", Proof: "A question for a day 181 days ago."},
}

var classicAssumptions = append([]provider.Assumption{
	{Name: "product", Certainty: "I", Says: "An office that was given no product code has its domain with underscores for dots; one program's has a word before it.", Proof: "The code in the office's contract."},
	{Name: "sorted", Certainty: "C", Says: "Parameters are signed sorted by name. The vendor's samples are; two programs sign in another order.", Proof: "One signed call."},
	{Name: "default", Certainty: "I", Says: "unit/getAccountList takes \"default\" for those in no department, as account/createAccount does.", Proof: "One call."},
	{Name: "recursion", Certainty: "I", Says: "unit/getAccountList with recuion=false lists a department's own people only.", Proof: "One call for a department with another inside."},
	{Name: "quota", Certainty: "I", Says: "A mailbox's quota is told in the unit in which it is set, MB.", Proof: "An account made with a known quota, read again."},
	{Name: "update", Certainty: "C3", Says: "account/updateAccount empties a value that is sent as nothing.", Proof: "A staff number set and taken away."},
	{Name: "bound", Certainty: "I", Says: "The number that mobile/deleteMobile takes away is the one that the account tells. It is looked at afterwards; a number that stays is told as an error.",
		Proof: "A mobile number set and taken away."},
	{Name: "firm", Certainty: "I", Says: "Nothing known takes an end date away: emptying it is not offered, and an undo says beforehand that it stays.",
		Proof: "An end date set and sent as nothing."},
	{Name: "aliases", Certainty: "I", Says: "account/getAccountAliasList answers with a list, plain or of objects with alias_name, or with one under \"alias\".", Proof: "One answer."},
}, bothAssumptions...)

var openAssumptions = append([]provider.Assumption{
	{Name: "firm", Certainty: "I", Says: "Nothing known takes a mobile number away: emptying it is not offered, and an undo says beforehand that it stays.",
		Proof: "A mobile number set and sent as nothing; mobile/deleteMobile tried, which only the classic interface is known to have."},
	{Name: "codes", Certainty: "C3", Says: "The platform's codes mean what two programs' lists say.", Proof: "The vendor's list of codes."},
	{Name: "partial", Certainty: "C3", Says: "account/updateAccount leaves values alone that are not sent.", Proof: "A department changed, the rest read again."},
	{Name: "rights", Certainty: "I", Says: "mailaccount/getMailAccount tells the limit under the name by which it is set, rsLimitType; where it does not, the limit is not told.",
		Proof: "One answer for an account with a limit."},
	{Name: "unit", Certainty: "C3", Says: "A person belongs to the department in unitId; unitList is not looked at.", Proof: "An account in two departments."},
	{Name: "top", Certainty: "C3", Says: "unit/moveUnit puts a department at the top where parentId is \"root\".", Proof: "One call."},
	{Name: "remark", Certainty: "C3", Says: "A new department wants a description; it gets its name.", Proof: "A call without one."},
	{Name: "own people", Certainty: "I", Says: "unit/getAccountList with recursion false lists a department's own people only.", Proof: "One call for a department with another inside."},
	{Name: "mail rows", Certainty: "I", Says: "Rows of logquery/receivedMail have the names that the classic interface has.", Proof: "One answer."},
	{Name: "unread", Certainty: "I", Says: "mailbox/getUnreadMsg answers with a number or with one under \"count\".", Proof: "One answer."},
}, bothAssumptions...)
