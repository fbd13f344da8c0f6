package netease

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

type openCall func(*Open, parameters) (any, *no)

var (
	openCreateFields = map[string]field{
		"name": nickname, "password": password, "passType": passType, "passChangeFirstLogin": passChange, "jobNumber": jobNo,
		"visibleInAddr": visible, "bindMobile": mobile,
	}
	openUpdateFields = map[string]field{"name": nickname, "jobNumber": jobNo, "bindmobile": mobile, "visibleInAddr": visible}
	openWordFields   = map[string]field{"password": password, "passType": passType, "passChangeFirstLogin": passChange}
)

var openCalls = map[string]openCall{
	"unit/getUnitList":    asks((*Open).unitList),
	"unit/createUnit":     asks((*Open).newUnit, "unitName*", "parentId", "unitDesc"),
	"unit/moveUnit":       asks((*Open).shiftUnit, "unitId*", "unitParentId", "parentId"),
	"unit/deleteUnit":     asks(func(s *Open, p parameters) (any, *no) { return nil, because(s.deleteUnit(p["unitId"])) }, "unitId*"),
	"unit/updateUnitRank": asks((*Open).rankUnit, "unitId*", "rank*"),
	"unit/getAccountList": asks((*Open).accountList, "pageNum*", "pageSize*", "unitId", "recursion"),

	"account/getAccount":                       asks((*Open).getAccount, "accountName*"),
	"account/createAccount":                    asksAny((*Open).newAccount),
	"account/updateAccount":                    asksAny((*Open).changeAccount),
	"account/updatePassword":                   asks((*Open).newPassword, "accountName*", "password*", "passType*", "passChangeFirstLogin"),
	"account/suspendAccount":                   onAccount((*company).suspend),
	"account/recoverAccount":                   onAccount((*company).recover),
	"account/deleteAccountSim":                 onAccount(func(c *company, name string) refusal { return c.remove(name, false) }),
	"account/deleteAccount":                    onAccount(func(c *company, name string) refusal { return c.remove(name, true) }),
	"account/moveUnit":                         asks((*Open).moveAccount, "accountName*", "unitId*"),
	"account/getAccountAliasList":              asks((*Open).aliasList, "accountName*"),
	"account/getAccountListByNicknameAndJobNo": asks((*Open).byJobNumber, "jobNumber*"),
	"account/updateAccountLoginPerm":           asks((*Open).loginPerm, "accountName*", "loginType*", "loginPerm*"),
	"mailaccount/getMailAccount":               asks((*Open).mailAccount, "accountName*"),
	"mailaccount/updateRsLimit":                asks((*Open).rsLimit, "accountName*", "rsLimitType*"),

	"maillist/updateMaillist":         asks((*Open).changeMaillist, "accountName*", "name", "visibleInAddr", "mailListUserType", "authMembers", "memberUnits", "members"),
	"maillist/addMaillistForwardList": asks((*Open).addMembers, "accountName*", "members*"),

	"logquery/receivedMail": asks((*Open).mailLog, "account", "startTime*", "endTime*", "pageNum*", "pageSize*"),
	"logquery/webLogin":     asks((*Open).webLog, "accountNames*", "startTime*", "endTime*", "pageNum*", "pageSize*"),
	"mailbox/getUnreadMsg":  asks((*Open).unread, "accountName*"),
	"mobile/getMobile":      asks((*Open).getMobile, "accountName*"),
	"mobile/addMobile":      asks((*Open).setMobile, "accountName*", "mobile*"),
}

// asks checks the domain and the other parameters of a call first.
func asks(call openCall, takes ...string) openCall {
	return asksAny(func(s *Open, p parameters) (any, *no) {
		if r := p.only(takes...); r != "" {
			return nil, because(r)
		}
		return call(s, p)
	})
}

// asksAny checks the domain and leaves the other parameters to the call.
func asksAny(call openCall) openCall {
	return func(s *Open, p parameters) (any, *no) {
		if p["domain"] != s.domain {
			return nil, because(noDomain)
		}
		delete(p, "domain")
		for name, v := range p {
			if strings.HasPrefix(v, listMark) && name != "accountNames" {
				return nil, because(wrong(name))
			}
		}
		return call(s, p)
	}
}

func onAccount(change func(*company, string) refusal) openCall {
	return asks(func(s *Open, p parameters) (any, *no) { return nil, because(change(s.company, p["accountName"])) }, "accountName*")
}

func (s *Open) unitList(parameters) (any, *no) {
	list := []any{}
	tell := func(u *Unit) {
		parent := u.Parent
		if parent == "" {
			parent = "root"
		}
		list = append(list, map[string]any{
			"unitOpenId": "unit" + u.ID, "unitId": u.ID, "unitParentId": parent, "unitName": u.Name, "rank": u.Rank, "unitDesc": u.Desc,
		})
	}
	if s.defaultListed {
		tell(s.unit(defaultUnit))
	}
	for _, u := range s.units {
		tell(u)
	}
	return list, nil
}

func (s *Open) newUnit(p parameters) (any, *no) {
	u, r := s.createUnit(p["parentId"], p["unitName"], p["unitDesc"])
	if r != "" {
		return nil, because(r)
	}
	return map[string]any{"unitId": u.ID}, nil
}

func (s *Open) shiftUnit(p parameters) (any, *no) {
	parent := p["unitParentId"]
	if parent == "" {
		if parent = p["parentId"]; parent != "root" {
			return nil, because(wrong("unitParentId"))
		}
	}
	return nil, because(s.moveUnit(p["unitId"], parent))
}

func (s *Open) rankUnit(p parameters) (any, *no) {
	u := s.unit(p["unitId"])
	rank, err := strconv.Atoi(p["rank"])
	switch {
	case u == nil:
		return nil, because(noUnit)
	case err != nil || rank < 1:
		return nil, because(wrong("rank"))
	}
	u.Rank = rank
	return nil, nil
}

// paging reads pageNum and pageSize.
func paging(p parameters) (number, size int, refused *no) {
	number, errNumber := strconv.Atoi(p["pageNum"])
	size, errSize := strconv.Atoi(p["pageSize"])
	switch {
	case errNumber != nil || number < 1:
		return 0, 0, because(wrong("pageNum"))
	case errSize != nil || size < 1 || size > mostRows:
		return 0, 0, because(wrong("pageSize"))
	}
	return number, size, nil
}

func (s *Open) accountList(p parameters) (any, *no) {
	number, size, refused := paging(p)
	if refused != nil {
		return nil, refused
	}
	var units []string // everybody
	if id := p["unitId"]; id != "" {
		u := s.unit(id)
		if u == nil {
			return nil, because(noUnit)
		}
		units = []string{u.ID}
		switch p["recursion"] {
		case "true", "1":
			units = s.below(u.ID)
		case "", "false", "0":
		default:
			return nil, because(wrong("recursion"))
		}
	}
	all := s.in(units)
	list := []any{}
	for _, a := range page(all, number, s.fit(size)) {
		list = append(list, s.told(a))
	}
	return map[string]any{"count": len(all), "list": list}, nil
}

// told is an account as listings tell it.
func (s *Open) told(a *Account) map[string]any {
	u := s.unit(a.Unit)
	if u == nil {
		u = &Unit{ID: a.Unit}
	}
	name := "name"
	if s.nickname {
		name = "nickname"
	}
	return map[string]any{
		"accountOpenId": a.OpenID(), "account_id": 7_000_000, "accountName": a.Name, name: a.Nickname, "mobile": a.Mobile, "jobNumber": a.JobNo,
		"job": a.Job, "gender": a.Gender, "remark": a.Remark, "unitList": []any{map[string]any{"unitId": u.ID, "unitName": u.Name}},
		"unitId": u.ID, "unitName": u.Name, "status": a.Status, "domain": s.domain,
	}
}

func (s *Open) getAccount(p parameters) (any, *no) {
	a := s.accounts[p["accountName"]]
	if a == nil && s.aliased {
		a = s.owner(p["accountName"])
	}
	if a == nil {
		return nil, because(noAccount)
	}
	whole := s.told(a)
	maps.Copy(whole, map[string]any{"visibleInAddr": shown(a), "passChangeFirstLogin": a.PassChange})
	return whole, nil
}

func (s *Open) newAccount(p parameters) (any, *no) {
	for _, needed := range []string{"accountName", "name", "password", "passType"} {
		if p[needed] == "" {
			return nil, because(wrong(needed))
		}
	}
	a, r := s.create(p, openCreateFields, p["accountName"], p["unitId"], "accountName", "unitId")
	if r != "" {
		return nil, because(r)
	}
	return s.told(a), nil
}

func (s *Open) changeAccount(p parameters) (any, *no) {
	unit, moves := p["unitId"]
	u := s.unit(unit)
	if moves && u == nil {
		return nil, because(noUnit)
	}
	if r := s.update(p, openUpdateFields, p["accountName"], "accountName", "unitId", "mobilePrefix"); r != "" {
		return nil, because(r)
	}
	if moves {
		s.accounts[p["accountName"]].Unit = u.ID
	}
	return nil, nil
}

func (s *Open) newPassword(p parameters) (any, *no) {
	return nil, because(s.update(p, openWordFields, p["accountName"], "accountName"))
}

func (s *Open) moveAccount(p parameters) (any, *no) {
	a, u := s.live(p["accountName"]), s.unit(p["unitId"])
	switch {
	case a == nil:
		return nil, because(noAccount)
	case u == nil:
		return nil, because(noUnit)
	}
	a.Unit = u.ID
	return nil, nil
}

// on runs something for an account that is there.
func (s *Open) on(p parameters, tell func(*Account) (any, refusal)) (any, *no) {
	a := s.live(p["accountName"])
	if a == nil {
		return nil, because(noAccount)
	}
	data, r := tell(a)
	return data, because(r)
}

func (s *Open) aliasList(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) { return map[string]any{"alias": append([]string{}, a.Aliases...)}, "" })
}

func (s *Open) byJobNumber(p parameters) (any, *no) {
	list := []any{}
	for _, a := range s.in(nil) {
		if a.JobNo == p["jobNumber"] {
			list = append(list, s.told(a))
		}
	}
	return map[string]any{"list": list}, nil
}

func (s *Open) loginPerm(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) {
		if _, known := a.Logins[p["loginType"]]; !known {
			return nil, wrong("loginType")
		}
		if p["loginPerm"] != "0" && p["loginPerm"] != "1" {
			return nil, wrong("loginPerm")
		}
		logins := maps.Clone(a.Logins)
		logins[p["loginType"]], _ = strconv.Atoi(p["loginPerm"])
		a.Logins = logins
		return nil, ""
	})
}

func (s *Open) mailAccount(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) {
		return map[string]any{"accountName": a.Name, "domain": s.domain, "rsLimitType": a.RsLimit, "loginPerm": a.Logins}, ""
	})
}

func (s *Open) rsLimit(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) {
		n, err := strconv.Atoi(p["rsLimitType"])
		if err != nil || !slices.Contains([]int{-1, 17, 18, 19}, n) {
			return nil, wrong("rsLimitType")
		}
		a.RsLimit = n
		return nil, ""
	})
}

// changeMaillist sets what a mailing list is; who is named may be named only where the
// kind of senders looks at names.
func (s *Open) changeMaillist(p parameters) (any, *no) {
	l := s.lists[p["accountName"]]
	if l == nil {
		return nil, because(noMaillist)
	}
	changed := *l
	if v, told := p["name"]; told {
		changed.Title = v
	}
	if v, told := p["visibleInAddr"]; told {
		n, err := strconv.Atoi(v)
		if changed.Visible = n; err != nil || n < 0 || n > 1 {
			return nil, because(wrong("visibleInAddr"))
		}
	}
	if v, told := p["mailListUserType"]; told {
		n, err := strconv.Atoi(v)
		if changed.UserType = n; err != nil || !slices.Contains([]int{0, 2, 3, 4}, n) {
			return nil, because(wrong("mailListUserType"))
		}
	}
	if v, told := p["authMembers"]; told {
		if changed.Senders = names(v); changed.UserType != 2 && changed.UserType != 3 {
			return nil, because(wrong("authMembers"))
		}
	}
	_, units := p["memberUnits"]
	_, members := p["members"]
	changed.Units, changed.Members = names(p["memberUnits"]), names(p["members"])
	if !units && !members || len(changed.Units)+len(changed.Members) == 0 {
		return nil, because(wrong("members"))
	}
	for _, id := range changed.Units {
		if s.unit(id) == nil {
			return nil, because(noUnit)
		}
	}
	for _, a := range slices.Concat(changed.Members, changed.Senders) {
		if !strings.Contains(a, "@") {
			return nil, because(wrong("members"))
		}
	}
	*l = changed
	return nil, nil
}

func (s *Open) addMembers(p parameters) (any, *no) {
	l := s.lists[p["accountName"]]
	if l == nil {
		return nil, because(noMaillist)
	}
	for _, a := range names(p["members"]) {
		if !strings.Contains(a, "@") {
			return nil, because(wrong("members"))
		}
		if !slices.Contains(l.Members, a) {
			l.Members = append(slices.Clip(l.Members), a)
		}
	}
	return nil, nil
}

func (s *Open) mailLog(p parameters) (any, *no) {
	number, size, refused := paging(p)
	if refused != nil {
		return nil, refused
	}
	from, to, ok := within(p["startTime"], p["endTime"])
	if !ok || len(p["startTime"]) != len(momentForm) || len(p["endTime"]) != len(momentForm) {
		return nil, because(wrong("startTime"))
	}
	rows := s.received(names(p["account"]), from, to)
	list := []any{}
	for _, m := range page(rows, number, size) {
		list = append(list, map[string]any{
			"mailfrom": m.From, "mailsize": m.Size, "mailto": m.To, "result": outcome(m.OK), "sendip": m.IP,
			"sendtime": m.At.In(beijing).Format(momentForm), "subject": m.Subject,
		})
	}
	return map[string]any{"count": len(rows), "list": list}, nil
}

func (s *Open) webLog(p parameters) (any, *no) {
	number, size, refused := paging(p)
	if refused != nil {
		return nil, refused
	}
	wanted, isList := strings.CutPrefix(p["accountNames"], listMark)
	from, to, ok := within(p["startTime"], p["endTime"])
	if !isList || !ok || len(p["startTime"]) != len(momentForm) {
		return nil, because(wrong("accountNames"))
	}
	rows := s.signIns(true, names(wanted), from, to)
	list := []any{}
	for _, l := range page(rows, number, size) {
		list = append(list, map[string]any{
			"accountName": l.Name, "loginTime": l.At.In(beijing).Format(momentForm), "ip": l.IP, "result": outcome(l.OK),
		})
	}
	return map[string]any{"count": len(rows), "list": list}, nil
}

func (s *Open) unread(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) { return map[string]any{"count": a.Unread}, "" })
}

func (s *Open) getMobile(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) { return map[string]any{"mobile": a.Mobile}, "" })
}

func (s *Open) setMobile(p parameters) (any, *no) {
	return s.on(p, func(a *Account) (any, refusal) {
		if changed := *a; mobile(&changed, p["mobile"]) {
			*a = changed
			return nil, ""
		}
		return nil, wrong("mobile")
	})
}
