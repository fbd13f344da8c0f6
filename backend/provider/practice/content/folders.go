package content

import (
	"math/rand/v2"
	"time"
)

// theme is what a folder's letters are about.
type theme uint8

const (
	themeDaily theme = iota
	themeSent
	themeDraft
	themeJunk
	themeOrder
	themeInvoice
	themeProject
	themeNews
)

// layout is one folder of the old provider with its share of a mailbox's letters.
type layout struct {
	path   string
	attr   string
	theme  theme
	weight int // 0 with parent false: an empty folder
	parent bool
	only   int // 1 + index of the one person who has it; 0 everybody
}

var layouts = []layout{
	{path: "INBOX", theme: themeDaily, weight: 34},
	{path: "已发送", attr: `\Sent`, theme: themeSent, weight: 18},
	{path: "草稿箱", attr: `\Drafts`, theme: themeDraft, weight: 2},
	{path: "已删除", attr: `\Trash`, theme: themeDaily, weight: 4},
	{path: "垃圾邮件", attr: `\Junk`, theme: themeJunk, weight: 5},
	{path: "归档", attr: `\Archive`, theme: themeDaily, weight: 5},
	{path: "客户", theme: themeOrder, weight: 3},
	{path: "客户/华东", theme: themeOrder, weight: 4},
	{path: "客户/华东/上海样品贸易", theme: themeOrder, weight: 4},
	{path: "客户/海外 Overseas", theme: themeOrder, weight: 5},
	{path: "发票", theme: themeInvoice, weight: 5},
	{path: "项目", parent: true},
	{path: "项目/2025 官网改版", theme: themeProject, weight: 4},
	{path: "项目/2026 新品目录", theme: themeProject, weight: 4},
	{path: "Newsletters", theme: themeNews, weight: 3},
	{path: "待办"},
	{path: "R&D", theme: themeProject, weight: 2, only: 1},
	{path: "v1.2 发布", theme: themeProject, weight: 1, only: 1},
	{path: "Quotes & Offers (EU)", theme: themeOrder, weight: 2, only: 7},
	{path: "财务/2024/第四季度", theme: themeInvoice, weight: 3, only: 3},
}

// keywords are the labels that people hang on mail, beside the system's flags.
var keywords = []string{"$Forwarded", "$Label1", "$Label2", "NonJunk", "Urgent"}

// fill makes the folders of one person with about n letters.
func fill(c *Company, seed uint64, person, n int) Mailbox {
	var box Mailbox
	weights := 0
	for _, l := range layouts {
		if l.only == 0 || l.only == person+1 {
			weights += l.weight
		}
	}
	for i, l := range layouts {
		if l.only != 0 && l.only != person+1 {
			continue
		}
		f := Folder{Path: l.path, Attr: l.attr, Parent: l.parent}
		r := rand.New(rand.NewPCG(seed, uint64(person)<<16|uint64(i)<<8|0xf0))
		f.Letters = write(c, r, person, l, n*l.weight/weights)
		if l.path == "INBOX" && person == 0 {
			f.Letters = append(f.Letters, awkwardLetters(c, r)...)
		}
		box.Folders = append(box.Folders, f)
	}
	return box
}

// write makes n letters in threads, their dates spread over the company's life.
func write(c *Company, r *rand.Rand, person int, l layout, n int) []*Letter {
	letters := make([]*Letter, 0, n)
	span := lastDay.Sub(founded)
	for len(letters) < n {
		thread := r.Uint64()
		length := 1
		if l.theme != themeNews && l.theme != themeJunk && r.IntN(3) == 0 {
			length = 2 + r.IntN(4)
		}
		for pos := 0; pos < length && len(letters) < n; pos++ {
			share := time.Duration(float64(span) * float64(len(letters)) / float64(n))
			date := founded.Add(share + time.Duration(r.IntN(36*3600))*time.Second).Truncate(time.Second)
			letter := &Letter{co: c, thread: thread, owner: uint8(person), theme: l.theme, pos: uint8(pos), Date: date.In(zones[r.IntN(len(zones))])}
			letter.Flags = flags(r, l)
			letters = append(letters, letter)
		}
	}
	return letters
}

// zones are where letters came from; most are from home.
var zones = []*time.Location{beijing, beijing, beijing, time.UTC, time.FixedZone("", 3600), time.FixedZone("", -5*3600)}

func flags(r *rand.Rand, l layout) []string {
	var set []string
	if l.theme == themeSent || r.IntN(10) < 7 {
		set = append(set, `\Seen`)
	}
	switch {
	case l.theme == themeDraft:
		return append(set, `\Draft`)
	case l.attr == `\Trash` && r.IntN(25) == 0:
		set = append(set, `\Deleted`)
	case r.IntN(5) == 0:
		set = append(set, `\Answered`)
	}
	if r.IntN(15) == 0 {
		set = append(set, `\Flagged`)
	}
	if r.IntN(10) == 0 {
		set = append(set, pick(r, keywords))
	}
	return set
}
