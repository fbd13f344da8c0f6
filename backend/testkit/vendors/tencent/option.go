package tencent

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// endpoints is the whole API.
var endpoints = map[string]endpoint{
	"department/create": {http.MethodPost, Contacts, "name parentid order", "created", createDepartment},
	"department/update": {http.MethodPost, Contacts, "id name parentid order", "updated", updateDepartment},
	"department/delete": {http.MethodGet, Contacts, "id", "deleted", deleteDepartment},
	"department/list":   {http.MethodGet, Contacts, "id", "ok", listDepartments},
	"department/search": {http.MethodPost, Contacts, "name fuzzy", "ok", searchDepartments},
	"user/create":       {http.MethodPost, Contacts, memberNames, "created", createMember},
	"user/update":       {http.MethodPost, Contacts, memberNames + " enable", "updated", updateMember},
	"user/delete":       {http.MethodGet, Contacts, "userid", "deleted", deleteMember},
	"user/get":          {http.MethodGet, Contacts, "userid", "ok", getMember},
	"user/simplelist":   {http.MethodGet, Contacts, "department_id fetch_child", "ok", simpleList},
	"user/list":         {http.MethodGet, Contacts, "department_id fetch_child", "ok", fullList},
	"user/batchcheck":   {http.MethodPost, Contacts, "userlist", "ok", batchCheck},
	"user/fuzzysearch":  {http.MethodGet, Contacts, "userid", "ok", searchMembers},
	"group/create":      {http.MethodPost, Contacts, groupNames, "created", createGroup},
	"group/update":      {http.MethodPost, Contacts, groupNames, "updated", updateGroup},
	"group/delete":      {http.MethodGet, Contacts, "groupid", "deleted", deleteGroup},
	"group/get":         {http.MethodGet, Contacts, "groupid", "ok", getGroup},
	"group/fuzzysearch": {http.MethodGet, Contacts, "fuzzy groupid", "ok", searchGroups},
	"tag/create":        {http.MethodPost, Contacts, "tagid tagname", "created", createTag},
	"tag/update":        {http.MethodPost, Contacts, "tagid tagname", "updated", updateTag},
	"tag/delete":        {http.MethodGet, Contacts, "tagid", "deleted", deleteTag},
	"tag/get":           {http.MethodGet, Contacts, "tagid", "ok", getTag},
	"tag/list":          {http.MethodGet, Contacts, "", "ok", listTags},
	"tag/addtagusers":   {http.MethodPost, Contacts, "tagid userlist partylist", "ok", addTagUsers},
	"tag/deltagusers":   {http.MethodPost, Contacts, "tagid userlist partylist", "deleted", delTagUsers},

	"mail/newcount":         {http.MethodGet, NewMail, "userid begin_date end_date", "ok", newCount},
	"service/get_login_url": {http.MethodGet, SignOn, "userid", "ok", loginURL},

	"log/mailstatus": {http.MethodPost, Logs, "domain begin_date end_date", "ok", mailStatus},
	"log/mail":       {http.MethodPost, Logs, "begin_date end_date mailtype userid subject", "ok", mailLog},
	"log/login":      {http.MethodPost, Logs, "userid begin_date end_date", "ok", signInLog},
	"log/batchjob":   {http.MethodPost, Logs, "begin_date end_date", "ok", batchLog},
	"log/operation":  {http.MethodPost, Logs, "type begin_date end_date", "ok", operationLog},

	"useroption/get":    {http.MethodPost, Options, "userid type", "ok", getOptions},
	"useroption/update": {http.MethodPost, Options, "userid option", "update", updateOptions},
}

// newCount takes the days that the documentation wants, and does without, as callers
// have seen it do.
func newCount(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	for _, name := range []string{"begin_date", "end_date"} {
		if _, err := time.Parse(time.DateOnly, a.text(name)); a.has(name) && err != nil {
			return nil, refuse(40035, "invalid parameter "+name)
		}
	}
	return map[string]any{"count": m.Unread}, nil
}

// loginURL gives a link that is good once and for five minutes.
func loginURL(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	q := url.Values{"fun": {"bizopenssologin"}, "method": {"openapi"}, "userid": {m.UserID}, "authkey": {strings.ToLower(rand.Text())}}
	return map[string]any{"login_url": "https://exmail.qq.com/cgi-bin/login?" + q.Encode(), "expires_in": 300}, nil
}

func getOptions(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	kinds := a.numbers("type")
	if len(kinds) == 0 {
		return nil, refuse(40063, "empty parameter type")
	}
	told := []map[string]any{}
	for _, k := range kinds {
		if k < 1 || k > 4 {
			return nil, refuse(40035, "invalid parameter type")
		}
		value := "0"
		if m.Options[k] {
			value = "1"
		}
		told = append(told, map[string]any{"type": k, "value": value})
	}
	return map[string]any{"option": told}, nil
}

// updateOptions takes a plain list. {"list": […]} is the younger sister's shape.
func updateOptions(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	var list []struct {
		Type  int64  `json:"type"`
		Value string `json:"value"`
	}
	if err := json.Unmarshal(a.body["option"], &list); err != nil || len(list) == 0 {
		return nil, refuse(40035, "invalid parameter option")
	}
	changed := maps.Clone(m.Options)
	for _, o := range list {
		// 4 is the member's own switch and can only be read.
		if o.Type < 1 || o.Type > 3 || (o.Value != "0" && o.Value != "1") {
			return nil, refuse(40035, "invalid parameter option")
		}
		changed[o.Type] = o.Value == "1"
	}
	m.Options = changed
	return nil, nil
}
