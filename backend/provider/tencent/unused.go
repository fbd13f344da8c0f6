package tencent

import "mailroom/backend/provider"

// unused are calls that are described and not made.
func unused() []provider.UnusedCall {
	return []provider.UnusedCall{
		{Call: "user/fuzzysearch, department/search", Why: "The directory is read whole and searched on this computer; what user/fuzzysearch tells of somebody is not described."},
		{Call: "publicmail/search, get, create, update, delete", Why: "The vendor's table of contents names public mailboxes; the paths are known from memory only, the fields not at all."},
		{Call: "public contacts and their groups, VIP accounts by department", Why: "Named in the vendor's table of contents alone: neither paths nor fields are public."},
		{Call: "the push of new mail", Why: "It needs a server that the vendor can reach; this program has none. mail/newcount is asked instead."},
		{Call: "log/operation with a type", Why: "Two numberings of the types are in use; everything is asked for and sorted out here."},
		{Call: "WeCom's mail calls (qyapi.weixin.qq.com)", Why: "Another product with another sign-in and no log of mail; which offices of Exmail it takes is not public."},
	}
}
