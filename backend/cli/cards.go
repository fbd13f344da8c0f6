package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"mailroom/backend/cards"
	"mailroom/backend/core"
	"mailroom/backend/people"
	"mailroom/backend/report"
)

// cardsVerb makes settings cards for the people of a list.
type cardsVerb struct {
	People   string `placeholder:"FILE" required:"" help:"help_cards_people"`
	Provider string `placeholder:"ID" required:"" help:"help_cards_provider"`
	Out      string `placeholder:"DIR" required:"" help:"help_cards_out"`
	Lang     string `enum:",zh,zh-CN,en,both" default:"" placeholder:"LANGUAGE" help:"help_cards_lang"`
	JSON     bool   `name:"json" help:"help_json"`
}

// cardsSummary is the one line of --json.
type cardsSummary struct {
	Event  string `json:"event"`
	Folder string `json:"folder"`
	People int    `json:"people"`
}

func (v *cardsVerb) run(_ context.Context, r *run) int {
	list, err := v.cards()
	if err != nil {
		return r.fail(err)
	}
	words, err := v.words(r)
	if err != nil {
		return r.fail(err)
	}
	folder, err := cards.Save(v.Out, list, words...)
	if err != nil {
		return r.fail(err)
	}
	if r.json != nil {
		r.json.send(cardsSummary{"summary", folder, len(list)})
		return exitOK
	}
	fmt.Fprintln(r.stdout, r.words.say("saved.cards", "n", strconv.Itoa(len(list)), "file", printable(folder)))
	return exitOK
}

// cards reads the list: the new mailbox's address counts, else the old one's.
func (v *cardsVerb) cards() ([]cards.Card, error) {
	table, problems, err := people.ReadTableFile(v.People, people.TableOptions{})
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, core.E(core.Invalid, "people file", problems[0].Err(), "file", v.People)
	}
	var persons []cards.Person
	for _, p := range table.People {
		address := cmp.Or(p.ToUser, p.FromUser)
		if !strings.Contains(address, "@") {
			return nil, core.E(core.Invalid, "people file", nil, "file", v.People, "row", strconv.Itoa(p.Row), "problem", "no_address")
		}
		persons = append(persons, cards.Person{Name: p.Name, Address: address})
	}
	if len(persons) == 0 {
		return nil, core.E(core.Invalid, "people file", nil, "file", v.People, "problem", "no_address", "row", "1")
	}
	_, domain, _ := strings.Cut(persons[0].Address, "@")
	settings, err := cards.Of(v.Provider, domain)
	if err != nil {
		return nil, core.E(core.Invalid, "cards", err, "problem", "provider", "value", v.Provider)
	}
	return cards.For(settings, persons)
}

func (v *cardsVerb) words(r *run) ([]*report.Words, error) {
	switch v.Lang {
	case "zh", "zh-CN":
		r.words = chinese
	case "en":
		r.words = english
	}
	first, err := r.pageWords()
	if err != nil || v.Lang != "both" {
		return []*report.Words{first}, err
	}
	other := map[string]string{"en": "zh-CN", "zh-CN": "en"}[first.Language]
	second, err := report.LoadWords(r.env.Words, other)
	return []*report.Words{first, second}, err
}

// cardsTexts are the texts of the cards' verb.
var cardsTexts = map[string][2]string{
	"help.cards":          {"为新邮箱做设置卡：每人一页，可打印，带二维码、苹果描述文件和 Thunderbird、Outlook 的配置文件；不含密码。", "Make settings cards for the new mailboxes: a page a person with a QR code, Apple profiles, and files for Thunderbird and Outlook; no passwords."},
	"help.cards_people":   {"名单（CSV 或 XLSX）；用 to_user 列的地址，没有就用 from_user。", "List of people (CSV or XLSX); the address in to_user counts, else from_user."},
	"help.cards_provider": {"新邮箱的服务商，例如 tencent-exmail、netease-qiye、aliyun-qiye、m365（见 docs/providers.md）。", "Provider of the new mailboxes, e.g. tencent-exmail, netease-qiye, aliyun-qiye, m365 (docs/providers.md)."},
	"help.cards_out":      {"放在哪里：会在里面新建一个文件夹。", "Where: a new folder is made in it."},
	"help.cards_lang":     {"卡的语言：zh、en 或 both（默认随系统）。", "Language of the cards: zh, en or both (default: as the terminal)."},
	"saved.cards":         {"{n} 张设置卡已存到 {file}", "{n} cards are in {file}"},
	"one.saved.cards":     {"1 张设置卡已存到 {file}", "One card is in {file}"},
	"problem.no_address":  {"{file} 第 {row} 行没有邮箱地址，做不了卡。", "{file}, row {row} has no address, and so there is no card."},
}
