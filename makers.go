package main

import (
	"mailroom/backend/provider"
	"mailroom/backend/provider/alimail"
	"mailroom/backend/provider/mox"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/provider/tencent"
)

// makers are the kinds of offices that can be administered, in the order of the form
// and of docs/providers.md. Where two administer the same provider, the first is
// offered when it is recognised.
func makers() []provider.Maker {
	return []provider.Maker{tencent.Maker(), netease.Open(), netease.Classic(), alimail.Maker(), mox.Maker(), admin.Maker(nil)}
}
