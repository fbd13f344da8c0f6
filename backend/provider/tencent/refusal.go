package tencent

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// meaning is what one of the vendor's codes says.
type meaning struct {
	code   core.Code
	field  provider.Attr
	reason string
}

// meanings are the codes. Seen for this API itself are 40001, 40014, 40031, 40070 and
// 601002; the others are those of the same vendor's WeCom API, whose numbering this one
// shares as far as is known (assumption "codes").
var meanings = map[int]meaning{
	-1:     {code: core.Unreachable, reason: "busy"},
	40001:  {code: core.Unauthenticated},
	40003:  {code: core.Invalid, field: provider.AttrAddress},
	40013:  {code: core.Unauthenticated, reason: "corp_id"},
	40014:  {code: core.Unauthenticated},
	40031:  {code: core.Invalid, field: provider.AttrMembers, reason: "unknown"},
	40032:  {code: core.Invalid, field: provider.AttrMembers, reason: "length"},
	40033:  {code: core.Invalid, reason: "characters"},
	40035:  {code: core.Invalid},
	40058:  {code: core.Invalid},
	40063:  {code: core.Invalid, reason: "empty"},
	40066:  {code: core.Invalid, field: provider.AttrDepartments},
	40068:  {code: core.NotFound},
	40070:  {code: core.Invalid, field: provider.AttrMembers, reason: "unknown"},
	40071:  {code: core.Conflict, field: provider.AttrName},
	40072:  {code: core.Invalid, field: provider.AttrName, reason: "length"},
	40091:  {code: core.Unauthenticated, reason: "corp_id"},
	41001:  {code: core.Unauthenticated},
	41002:  {code: core.Unauthenticated, reason: "corp_id"},
	41004:  {code: core.Unauthenticated},
	41009:  {code: core.Invalid, field: provider.AttrAddress, reason: "missing"},
	41019:  {code: core.Invalid, field: provider.AttrDepartments, reason: "missing"},
	41017:  {code: core.NotFound},
	42001:  {code: core.Unauthenticated},
	45009:  {code: core.RateLimited},
	45024:  {code: core.Rejected, reason: "seats"},
	45033:  {code: core.RateLimited},
	48002:  {code: core.Forbidden, reason: "app"},
	50002:  {code: core.Forbidden, reason: "scope"},
	50003:  {code: core.Forbidden, reason: "app_off"},
	60001:  {code: core.Invalid, field: provider.AttrName, reason: "length"},
	60003:  {code: core.NotFound},
	60004:  {code: core.Invalid, field: provider.AttrParent},
	60005:  {code: core.Conflict, reason: "people"},
	60006:  {code: core.Conflict, reason: "departments"},
	60007:  {code: core.Conflict, reason: "root"},
	60008:  {code: core.Conflict, field: provider.AttrName},
	60009:  {code: core.Invalid, field: provider.AttrName, reason: "characters"},
	60010:  {code: core.Invalid, field: provider.AttrParent, reason: "loop"},
	60011:  {code: core.Forbidden, reason: "scope"},
	60020:  {code: core.Forbidden, reason: "ip"},
	60102:  {code: core.Conflict, field: provider.AttrAddress},
	60103:  {code: core.Invalid, field: provider.AttrMobile},
	60104:  {code: core.Conflict, field: provider.AttrMobile},
	60105:  {code: core.Invalid, field: provider.AttrAddress},
	60106:  {code: core.Conflict, field: provider.AttrAddress},
	60110:  {code: core.Invalid, field: provider.AttrDepartments, reason: "too_many"},
	60111:  {code: core.NotFound},
	60112:  {code: core.Invalid, field: provider.AttrName},
	60123:  {code: core.NotFound},
	60124:  {code: core.Invalid, field: provider.AttrParent},
	60125:  {code: core.Invalid, field: provider.AttrName},
	60127:  {code: core.Invalid, field: provider.AttrDepartments, reason: "missing"},
	81001:  {code: core.Rejected, field: provider.AttrParent, reason: "too_many"},
	81002:  {code: core.Invalid, field: provider.AttrParent, reason: "too_deep"},
	81011:  {code: core.Forbidden, reason: "scope"},
	81013:  {code: core.Invalid, field: provider.AttrMembers, reason: "unknown"},
	81014:  {code: core.Invalid, field: provider.AttrMembers, reason: "too_many"},
	301005: {code: core.Conflict, reason: "creator"},
	// The longest window of a log: about three months.
	601002: {code: core.Invalid, reason: "range"},
}

// judge reads the envelope: errcode 0, or none at all as in the token call's official
// sample, is success. Errors come with HTTP 200 as far as is known; a status that is
// none and has no envelope is judged by itself.
func judge(a wire.Answer) *wire.Refusal {
	var envelope struct {
		Code *number `json:"errcode"`
		Text text    `json:"errmsg"`
	}
	err := json.Unmarshal(a.Body, &envelope)
	switch {
	case err == nil && envelope.Code != nil && *envelope.Code != 0:
		return refusal(int64(*envelope.Code), string(envelope.Text))
	case a.Status != http.StatusOK:
		r := wire.ByStatus(a)
		if r == nil {
			r = &wire.Refusal{Code: core.Malformed}
		}
		r.VendorText = string(envelope.Text)
		return r
	case err != nil:
		return &wire.Refusal{Code: core.Malformed, Reason: "not_json"}
	}
	return nil
}

func refusal(code int64, words string) *wire.Refusal {
	r := &wire.Refusal{Code: core.Rejected, VendorCode: strconv.FormatInt(code, 10), VendorText: words}
	if m, known := meanings[int(code)]; known {
		r.Code, r.Field, r.Reason = m.code, string(m.field), m.reason
	}
	return r
}

// reread gives an error another code where a call knows better than the table what
// the vendor's number means for it.
func reread(err error, number string, m meaning) error {
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Args["vendorCode"] != number {
		return err
	}
	e.Code = m.code
	delete(e.Args, "field")
	delete(e.Args, "reason")
	if m.field != "" {
		e.Args["field"] = string(m.field)
	}
	if m.reason != "" {
		e.Args["reason"] = m.reason
	}
	return err
}
