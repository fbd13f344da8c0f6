package mox

import (
	"encoding/json"
	"net/http"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// judge tells what an answer means. mox answers errors of a function with status 200.
func judge(a wire.Answer) *wire.Refusal {
	var answer struct {
		Error *struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(a.Body, &answer) == nil && answer.Error != nil && answer.Error.Code != "" {
		return refusal(answer.Error.Code, answer.Error.Message)
	}
	r := wire.ByStatus(a)
	if r != nil && a.Status == http.StatusNotFound {
		// A function that is missing is told in JSON. This is another server, or the
		// administrator's page is not there.
		return &wire.Refusal{Code: core.Malformed, Reason: "not_mox"}
	}
	return r
}

// refusals are pieces of mox's words and what they mean, the first that fits counts.
// Source: admin/admin.go, webadmin/admin.go, mox-/config.go of v0.0.15.
var refusals = []struct {
	words  string
	code   core.Code
	field  provider.Attr
	reason string
}{
	{"too many authentication attempts", core.RateLimited, "", ""},
	{"no such account", core.NotFound, "", ""},
	{"account does not exist", core.NotFound, "", ""},
	{"alias does not exist", core.NotFound, "", ""},
	{"no such alias", core.NotFound, "", ""},
	{"address does not exists", core.NotFound, "", ""},
	{"address not found", core.NotFound, provider.AttrMembers, ""},
	{"account already present", core.Conflict, provider.AttrAddress, accountTaken},
	{"already/still exists", core.Conflict, provider.AttrAddress, accountTaken},
	{"already configured", core.Conflict, provider.AttrAddress, "taken"},
	{"address in use as alias", core.Conflict, provider.AttrAddress, "taken"},
	{"alias already present", core.Conflict, provider.AttrAddress, "taken"},
	{"already present as regular address", core.Conflict, provider.AttrAddress, "taken"},
	{"duplicate alias address", core.Conflict, provider.AttrAddress, "taken"},
	{"is last member of alias", core.Conflict, provider.AttrMembers, "last_member"},
	{"likely a postmaster/reporting address", core.Conflict, provider.AttrAddress, "report_target"},
	{"drop message from queue first", core.Conflict, provider.AttrAddress, "in_queue"},
	{"remove the tls public key", core.Conflict, provider.AttrAddress, "tls_key"},
	{"references non-existent address", core.Invalid, provider.AttrMembers, "not_local"},
	{"duplicate address", core.Invalid, provider.AttrMembers, "twice"},
	{"at least one destination address", core.Invalid, provider.AttrMembers, "missing"},
	{"domain does not exist", core.Invalid, provider.AttrAddress, "domain"},
	{"catchall separator", core.Invalid, provider.AttrAddress, "separator"},
	{"parsing email address", core.Invalid, provider.AttrAddress, "address"},
	{"parsing address", core.Invalid, provider.AttrAddress, "address"},
	{"parsing alias", core.Invalid, provider.AttrAddress, "address"},
	{"parsing localpart", core.Invalid, provider.AttrAddress, "address"},
	{"at least 8 characters", core.Invalid, provider.AttrPassword, "too_short"},
	{"password length exceeds 72 bytes", core.Invalid, provider.AttrPassword, "too_long"},
	{`not allowed by "precis"`, core.Invalid, provider.AttrPassword, "characters"},
}

// accountTaken is the reason where not the address but the account's name is in use.
const accountTaken = "account_taken"

func refusal(code, message string) *wire.Refusal {
	r := &wire.Refusal{Code: core.Rejected, VendorCode: code, VendorText: message}
	switch code {
	case "user:loginFailed", "user:badAuth", "user:noAuth":
		r.Code = core.Unauthenticated
		return r
	case "sherpa:badFunction", "sherpa:badParams":
		r.Code, r.Reason = core.Unsupported, "version" // another version of mox
		return r
	}
	for _, known := range refusals {
		if strings.Contains(message, known.words) {
			r.Code, r.Field, r.Reason = known.code, string(known.field), known.reason
			return r
		}
	}
	return r
}
