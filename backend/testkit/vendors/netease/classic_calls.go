package netease

import (
	"strconv"
)

// pageRows is how many accounts a page of unit/getAccountList holds.
const pageRows = 2000

// classicFields are the values that account/createAccount takes; account/updateAccount
// takes the same without unit_id and quota.
var classicFields = map[string]field{
	"nickname": nickname, "password": password, "pass_type": passType, "passchange_req": passChange, "mobile": mobile, "job_no": jobNo,
	"exp_time": expires, "addr_right": addrRight, "addr_visible": visible, "fwd": fwd, "fwdauth": fwdAuth,
	"resetpass_general": reset("resetpass_general"), "resetpass_mobile": reset("resetpass_mobile"),
}

func withQuota() map[string]field {
	all := map[string]field{"quota": quota}
	for name, f := range classicFields {
		all[name] = f
	}
	return all
}

type classicCall func(*Classic, parameters) (any, refusal)

var classicCalls = map[string]classicCall{
	"unit/getUnitList": takes((*Classic).unitList), "unit/getUnit": takes((*Classic).getUnit, "unit_id*"),
	"unit/createUnit":               takes((*Classic).newUnit, "unit_name*", "unit_desc", "parent_id"),
	"unit/updateUnit":               takes((*Classic).changeUnit, "unit_id*", "unit_name", "unit_desc"),
	"unit/deleteUnit":               takes(func(s *Classic, p parameters) (any, refusal) { return nil, s.deleteUnit(p["unit_id"]) }, "unit_id*"),
	"unit/getAccountList":           takes((*Classic).accountList, "unit_id*", "page_num", "recuion"),
	"account/createAccount":         (*Classic).newAccount,
	"account/updateAccount":         (*Classic).changeAccount,
	"account/getAccount":            takes((*Classic).getAccount, "account_name*"),
	"account/suspendAccount":        named((*company).suspend),
	"account/recoverAccount":        named((*company).recover),
	"account/deleteAccountSim":      named(func(c *company, name string) refusal { return c.remove(name, false) }),
	"account/updatePassword":        (*Classic).newPassword,
	"account/getAccountAliasList":   takes((*Classic).aliasList, "account_name*"),
	"account/addAccountAlias":       aliased(true),
	"account/deleteAccountAlias":    aliased(false),
	"mobile/getMobile":              takes((*Classic).getMobile, "account_name*"),
	"mobile/addMobile":              takes((*Classic).setMobile, "account_name*", "mobile*"),
	"mobile/deleteMobile":           takes((*Classic).setMobile, "account_name*"),
	"domain/getDomain":              takes(func(s *Classic, _ parameters) (any, refusal) { return map[string]any{"domain": s.domain}, "" }),
	"mail/getReceivedMailLogs":      takes((*Classic).mailLog, "accounts", "start*", "end*"),
	"login/getClientLoginLogs":      takes((*Classic).clientLog, "accounts", "start*", "end*", "page_num", "page_size"),
	"mailbox/getUnreadMsg":          takes((*Classic).unread, "account_name*"),
	"archive/addArchiveMailAccount": takes((*Classic).archive, "account_name*"),
}

// takes checks a call's parameters first.
func takes(call classicCall, names ...string) classicCall {
	return func(s *Classic, p parameters) (any, refusal) {
		if no := p.only(names...); no != "" {
			return nil, no
		}
		return call(s, p)
	}
}

func named(change func(*company, string) refusal) classicCall {
	return takes(func(s *Classic, p parameters) (any, refusal) { return nil, change(s.company, p["account_name"]) }, "account_name*")
}

func aliased(add bool) classicCall {
	return takes(func(s *Classic, p parameters) (any, refusal) {
		return nil, s.alias(p["account_name"], p["alias_name"], add)
	}, "account_name*", "alias_name*")
}

// classicUnit is a department as the API tells it: at the top without parent_id.
func classicUnit(u *Unit) map[string]any {
	m := map[string]any{"unit_id": u.ID, "unit_name": u.Name}
	if u.Parent != "" {
		m["parent_id"] = u.Parent
	}
	if u.Desc != "" {
		m["unit_desc"] = u.Desc
	}
	return m
}

func (s *Classic) unitList(parameters) (any, refusal) {
	list := []any{}
	if s.defaultListed {
		list = append(list, classicUnit(s.unit(defaultUnit)))
	}
	for _, u := range s.units {
		list = append(list, classicUnit(u))
	}
	return list, ""
}

func (s *Classic) getUnit(p parameters) (any, refusal) {
	u := s.unit(p["unit_id"])
	if u == nil {
		return nil, noUnit
	}
	return classicUnit(u), ""
}

func (s *Classic) newUnit(p parameters) (any, refusal) {
	u, no := s.createUnit(p["parent_id"], p["unit_name"], p["unit_desc"])
	if no != "" {
		return nil, no
	}
	return classicUnit(u), ""
}

func (s *Classic) changeUnit(p parameters) (any, refusal) {
	u := s.unit(p["unit_id"])
	if u == nil || u.ID == defaultUnit {
		return nil, noUnit
	}
	name, renamed := p["unit_name"]
	switch {
	case renamed && name == "":
		return nil, wrong("unit_name")
	case renamed && s.sibling(u.Parent, name, u.ID):
		return nil, unitTaken
	case renamed:
		u.Name = name
	}
	if desc, told := p["unit_desc"]; told {
		u.Desc = desc
	}
	return nil, ""
}

func (s *Classic) accountList(p parameters) (any, refusal) {
	u := s.unit(p["unit_id"])
	if u == nil {
		return nil, noUnit
	}
	number := 1
	if v, told := p["page_num"]; told {
		var err error
		if number, err = strconv.Atoi(v); err != nil || number < 1 {
			return nil, wrong("page_num")
		}
	}
	units := []string{u.ID}
	switch p["recuion"] {
	case "true":
		units = s.below(u.ID)
	case "", "false":
	default:
		return nil, wrong("recuion")
	}
	all := s.in(units)
	list := []any{}
	for _, a := range page(all, number, s.fit(pageRows)) {
		row := map[string]any{"account_name": a.Name, "account_openid": a.OpenID(), "nickname": a.Nickname, "create_time": a.Created.UnixMilli()}
		if a.Mobile != "" {
			row["mobile"] = a.Mobile
		}
		if a.JobNo != "" {
			row["job_no"] = a.JobNo
		}
		list = append(list, row)
	}
	return map[string]any{"count": len(all), "list": list}, ""
}

func (s *Classic) newAccount(p parameters) (any, refusal) {
	for _, needed := range []string{"account_name", "nickname", "password", "pass_type"} {
		if p[needed] == "" {
			return nil, wrong(needed)
		}
	}
	a, no := s.create(p, withQuota(), p["account_name"], p["unit_id"], "account_name", "unit_id")
	if no != "" {
		return nil, no
	}
	return map[string]any{
		"account_id": 7_000_000 + len(s.accounts), "account_name": a.Name, "account_openid": a.OpenID(), "domain": s.domain, "domain_id": 1,
		"nickname": a.Nickname, "true_name": a.Nickname, "mobile": a.Mobile, "job_no": a.JobNo, "quota": a.Quota, "status": a.Status,
		"unit_id": a.Unit, "create_time": a.Created.UnixMilli(), "exp_time": nil, "passchange_req": a.PassChange, "type": 2, "org_id": OrgID,
		"sex": 0, "privacy_level": 0, "authcode_status": 0, "bigattach_status": 0, "addr_right": a.AddrRight, "addr_visible": shown(a),
	}, ""
}

func (s *Classic) changeAccount(p parameters) (any, refusal) {
	return nil, s.update(p, classicFields, p["account_name"], "account_name")
}

func (s *Classic) newPassword(p parameters) (any, refusal) {
	if no := p.only("account_name*", "password*", "pass_type*", "passchange_req"); no != "" {
		return nil, no
	}
	return s.changeAccount(p)
}

func (s *Classic) getAccount(p parameters) (any, refusal) {
	a := s.accounts[p["account_name"]]
	if a == nil {
		return nil, noAccount
	}
	return map[string]any{
		"account_name": a.Name, "account_openid": a.OpenID(), "addr_right": a.AddrRight, "addr_visible": shown(a),
		"create_time": a.Created.In(beijing).Format(dayForm), "domain": s.domain, "domain_openid": "dom1", "exp_time": a.Expires, "fwd": a.Fwd,
		"fwdauth": a.FwdAuth, "job_no": a.JobNo, "mobile": a.Mobile, "nickname": a.Nickname, "org_openid": "org1", "passchange_req": a.PassChange,
		"quota": a.Quota, "resetpass_general": a.Resets["resetpass_general"], "resetpass_mobile": a.Resets["resetpass_mobile"],
		"status": a.Status, "unit_id": a.Unit,
	}, ""
}

func (s *Classic) aliasList(p parameters) (any, refusal) {
	a := s.live(p["account_name"])
	if a == nil {
		return nil, noAccount
	}
	return append([]string{}, a.Aliases...), ""
}

func (s *Classic) getMobile(p parameters) (any, refusal) {
	a := s.live(p["account_name"])
	if a == nil {
		return nil, noAccount
	}
	return map[string]any{"mobile": a.Mobile}, ""
}

// setMobile binds a telephone, or takes it away where none is given.
func (s *Classic) setMobile(p parameters) (any, refusal) {
	a := s.live(p["account_name"])
	if a == nil {
		return nil, noAccount
	}
	if p["mobile"] == "" {
		if !s.boundApart {
			a.Mobile = ""
		}
		return nil, ""
	}
	changed := *a
	if !mobile(&changed, p["mobile"]) {
		return nil, wrong("mobile")
	}
	*a = changed
	return nil, ""
}

func (s *Classic) mailLog(p parameters) (any, refusal) {
	from, to, ok := within(p["start"], p["end"])
	if !ok {
		return nil, wrong("start")
	}
	rows := s.received(names(p["accounts"]), from, to)
	list := []any{}
	for _, m := range rows {
		list = append(list, map[string]any{
			"mailfrom": m.From, "mailsize": m.Size, "mailto": m.To, "result": outcome(m.OK), "sendip": m.IP,
			"sendtime": m.At.In(beijing).Format(momentForm), "subject": m.Subject,
		})
	}
	return map[string]any{"list": list, "total": len(rows)}, ""
}

func (s *Classic) clientLog(p parameters) (any, refusal) {
	from, okFrom := moment(p["start"], false)
	to, okTo := moment(p["end"], true)
	number, size := 1, 50
	for name, n := range map[string]*int{"page_num": &number, "page_size": &size} {
		if v, told := p[name]; told {
			var err error
			if *n, err = strconv.Atoi(v); err != nil || *n < 1 {
				return nil, wrong(name)
			}
		}
	}
	if !okFrom || !okTo || len(p["start"]) != len(dayForm) || len(p["end"]) != len(dayForm) || to.Before(from) {
		return nil, wrong("start")
	}
	list := []any{}
	for _, l := range page(s.signIns(false, names(p["accounts"]), from, to), number, size) {
		list = append(list, map[string]any{
			"account_name": l.Name, "logintime": l.At.In(beijing).Format(momentForm), "ip": l.IP, "type": l.Method, "result": outcome(l.OK),
		})
	}
	return list, ""
}

func (s *Classic) unread(p parameters) (any, refusal) {
	a := s.live(p["account_name"])
	if a == nil {
		return nil, noAccount
	}
	return map[string]any{"count": a.Unread}, ""
}

func (s *Classic) archive(p parameters) (any, refusal) {
	a := s.live(p["account_name"])
	if a == nil {
		return nil, noAccount
	}
	a.Archived = true
	return nil, ""
}
