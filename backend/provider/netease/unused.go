package netease

import "mailroom/backend/provider"

var classicUnused = []provider.UnusedCall{
	{Call: "unit/getUnit", Why: "unit/getUnitList tells as much of every department."},
	{Call: "mobile/getMobile, mobile/addMobile", Why: "account/getAccount tells the number and account/updateAccount sets it, with the other values in one call."},
	{Call: "archive/addArchiveMailAccount", Why: "No call tells who is archived or takes anybody out: it could not be shown before, checked after or undone."},
	{Call: "the parameters fwd, fwdauth, addr_right, resetpass_general and resetpass_mobile", Why: "What their values mean is known by their names only. An update sends them back as they were."},
	{Call: "mailbox/listMessages", Why: "Mentioned without parameters; mail is read over IMAP."},
	{Call: "cm.qiye.163.com/oaserver/user/getUnreadMsg", Why: "The older form of mailbox/getUnreadMsg, which is made."},
}

var openUnused = []provider.UnusedCall{
	{Call: "account/deleteAccount", Why: "Nothing brings the account back; account/deleteAccountSim, which is made, can be undone."},
	{Call: "account/moveUnit", Why: "account/updateAccount moves people too, and the vendor's own sample shows it."},
	{Call: "account/getAccountListByNicknameAndJobNo", Why: "The directory is read whole and searched on this computer."},
	{Call: "unit/updateUnit", Why: "Its parameters are not described: a department keeps its name."},
	{Call: "mobile/getMobile, mobile/addMobile", Why: "account/getAccount tells the number and account/updateAccount sets it. A call that takes it away is not described here."},
	{Call: "mailbox/listMessages", Why: "Mail is read over IMAP."},
	{Call: "address/getMaxRevision, address/getRevisionData", Why: "They tell which accounts changed since a revision, not contacts; what their \"op\" can be is not described, so a reading of the whole directory cannot be spared."},
	{Call: "push/addDynamicSubscribe, push/addPushMailSubscribe", Why: "They need a server that the vendor can reach; this program has none."},
}
