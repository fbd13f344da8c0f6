package mox

import "mailroom/backend/provider"

// unused are calls of the administrator's interface that are not made.
func unused() []provider.UnusedCall {
	return []provider.UnusedCall{
		{Call: "DomainAdd, DomainRemove, DomainDisabledSave, DomainDescriptionSave, DomainDKIM*, Routes*", Why: "Whole domains, their keys and routes are set on the server: a slip there stops everybody's mail."},
		{Call: "DomainDMARCAddressSave, DomainTLSRPTAddressSave", Why: "They say which account gets reports. Somebody who does is refused deletion, with the reason."},
		{Call: "QueueDrop, QueueFail, QueueHoldSet, QueueNextAttemptSet", Why: "What becomes of mail that waits is for the server's administrator; its state is told by QueueList."},
		{Call: "TLSReports, DMARCReports", Why: "The doctor reads DMARC reports from their files, whoever the provider is; reports on TLS are left to the server's own page."},
		{Call: "WebserverConfig*, LogLevel*, TLSPublicKeys", Why: "They are about the server and not about the office's mail."},
		{Call: "webapi and import of the account's interface", Why: "Mail is moved over IMAP, which keeps flags and dates and can be proved."},
	}
}
