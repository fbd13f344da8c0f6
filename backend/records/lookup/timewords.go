package lookup

import (
	"regexp"
	"time"
)

// What people type of times. Chinese and English stand beside each other: a question may
// mix them. Longer words come before the shorter ones that they begin with.

// dayWords are days counted from today, some with a part of the day in hours.
var dayWords = []struct {
	re             *regexp.Regexp
	back, from, to int
}{
	{regexp.MustCompile(`大前天`), 3, 0, 0},
	{regexp.MustCompile(`前天早上|前早`), 2, 5, 12},
	{regexp.MustCompile(`前天|前日|(?i)\b(?:the )?day before yesterday\b`), 2, 0, 0},
	{regexp.MustCompile(`昨早|昨晨`), 1, 5, 12},
	{regexp.MustCompile(`昨天|昨日|昨儿|(?i)\byesterday\b`), 1, 0, 0},
	{regexp.MustCompile(`今早|今晨`), 0, 5, 12},
	{regexp.MustCompile(`今天|今日|今儿|当天|(?i)\b(?:earlier )?today\b`), 0, 0, 0},
	{regexp.MustCompile(`(?i)\bthis (?:early )?morning\b`), 0, 5, 12},
	{regexp.MustCompile(`(?i)\bthis afternoon\b`), 0, 12, 18},
	{regexp.MustCompile(`(?i)\bthis evening\b`), 0, 18, 24},
	{regexp.MustCompile(`后天|(?i)\b(?:the )?day after tomorrow\b`), -2, 0, 0},
	{regexp.MustCompile(`明天|明日|(?i)\btomorrow\b`), -1, 0, 0},
}

// nightWords name a night by the day on which it began.
var nightWords = []struct {
	re   *regexp.Regexp
	back int
}{
	{regexp.MustCompile(`前晚`), 2},
	{regexp.MustCompile(`昨晚上?|昨夜|昨天夜里|昨天深夜|(?i)\blast night\b|\byesterday (?:at )?night\b`), 1},
	{regexp.MustCompile(`今晚上?|今夜|(?i)\btonight\b`), 0},
}

// parts of a day, in hours; beyond 24 they are of the next day.
var parts = []struct {
	re       *regexp.Regexp
	from, to int
}{
	{regexp.MustCompile(`凌晨|半夜|(?i)\bafter midnight\b`), 0, 6},
	{regexp.MustCompile(`夜里|夜间|深夜|(?i)\b(?:at|during the|in the) night\b`), 20, 30},
	{regexp.MustCompile(`早上|清晨|早晨|清早|一早|(?i)\b(?:in the )?early morning\b`), 5, 10},
	{regexp.MustCompile(`上午|(?i)\b(?:in the )?morning\b`), 5, 12},
	{regexp.MustCompile(`中午|午间|(?i)\b(?:at )?(?:noon|lunch ?time)\b`), 11, 14},
	{regexp.MustCompile(`下午|午后|(?i)\b(?:in the )?afternoon\b`), 12, 18},
	{regexp.MustCompile(`傍晚|(?i)\b(?:in the )?late afternoon\b`), 16, 20},
	{regexp.MustCompile(`晚上|晚间|(?i)\b(?:in the )?evening\b`), 18, 24},
}

const (
	zhNumber = `[0-9]{1,4}|[一二两三四五六七八九十]{1,4}`
	zhDay    = `[0-9]{1,2}|[一二三四五六七八九十]{1,3}`
	zhMonth  = `[0-9]{1,2}|[一二三四五六七八九十]{1,2}`
	zhYear   = `(?:([0-9]{4}|今|去|前)年)?\s*`
	zhWhich  = `上上|上|这|本|当|下`
	enMonth  = `(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?`
	enFew    = `[0-9]{1,4}|an?|half an|half a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|(?:a )?few|several|(?:a )?couple of`
	clock12  = `([0-9]{1,2})(?:[:.]([0-5][0-9]))?`
)

var (
	weekdayZH = regexp.MustCompile(`(` + zhWhich + `)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天末1-6])`)
	weekdayEN = regexp.MustCompile(`(?i)\b(?:on )?(last |this |past |next )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b`)
	weekendEN = regexp.MustCompile(`(?i)\b(?:on |over |at )?(last|this|past|the) weekend\b`)
	weekZH    = regexp.MustCompile(`(` + zhWhich + `)(?:一)?(?:个)?(?:周|星期|礼拜)`)
	weekEN    = regexp.MustCompile(`(?i)\b(last|this|next) week\b`)
	monthZH   = regexp.MustCompile(`(` + zhWhich + `)(?:一)?(?:个)?月`)
	monthEN   = regexp.MustCompile(`(?i)\b(last|this|next) month\b`)
	quarterZH = regexp.MustCompile(`(` + zhWhich + `)(?:一)?(?:个)?季度?`)
	quarterEN = regexp.MustCompile(`(?i)\b(last|this|next) quarter\b`)

	beforeLast = regexp.MustCompile(`(?i)\b(?:the )?(week|month) before last\b`)

	agoZH    = regexp.MustCompile(`(` + zhNumber + `|半|几)\s*(?:个)?(分钟|小时|钟头|天|周|星期|礼拜|月|季度|年)(?:之|以)?前`)
	agoEN    = regexp.MustCompile(`(?i)\b(` + enFew + `) (minute|hour|day|week|month|year)s? ago\b`)
	recentZH = regexp.MustCompile(`(?:最近|近|过去|这|前)\s*(` + zhNumber + `|半|几)\s*(?:个)?(小时|钟头|天|日|周|星期|礼拜|月|年)(?:来|以来|内)?`)
	withinZH = regexp.MustCompile(`(` + zhNumber + `|半|几)\s*(?:个)?(分钟|小时|钟头|天|日|周|星期|礼拜|月|年)(?:之|以)?(?:内|来)`)
	recentEN = regexp.MustCompile(`(?i)\b(?:in |within |over |during |for )?(?:the )?(?:last|past|previous) (` + enFew + `) (minute|hour|day|week|month|year)s?\b`)
	hourEN   = regexp.MustCompile(`(?i)\b(?:in |within |over |during )?(?:the )?(?:last|past)() (hour|day)\b`)
	pastEN   = regexp.MustCompile(`(?i)\b(?:in |within |over |during )?(?:the )?past() (week|month|quarter|year)\b`)
	justNow  = regexp.MustCompile(`刚才|刚刚|(?i)\bjust now\b|\ba moment ago\b`)
	lately   = regexp.MustCompile(`最近|近来|近期|(?i)\b(?:recently|lately|these days)\b`)

	dateISO = regexp.MustCompile(`\b([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\b`)
	dateZH  = regexp.MustCompile(zhYear + `(` + zhMonth + `)月份?\s*(` + zhDay + `)[日号]?`)
	dateDM  = regexp.MustCompile(`(?i)\b(?:on )?(?:the )?([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ` + enMonth + `,?(?: ([0-9]{4}))?\b`)
	dateMD  = regexp.MustCompile(`(?i)\b(?:on )?` + enMonth + ` (?:the )?([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?\b`)
	datesZH = regexp.MustCompile(`(` + zhMonth + `)月\s*(` + zhDay + `)[日号]?\s*(?:到|至|-|–|—|~)\s*(` + zhDay + `)[日号]`)
	datesDM = regexp.MustCompile(`(?i)\b(?:from |between )?([0-9]{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to|and|until)\s*([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ` + enMonth)
	datesMD = regexp.MustCompile(`(?i)\b(?:from |between )?` + enMonth + ` ([0-9]{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to|and|until)\s*([0-9]{1,2})(?:st|nd|rd|th)?\b`)

	dateNumbers = regexp.MustCompile(`\b([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]((?:20)?[0-9]{2})\b`)
	dateDigits  = regexp.MustCompile(`(?:^|[\s，,])(20[0-9]{2})([01][0-9])([0-3][0-9])(?:$|[\s，,的])`)
	dateShort   = regexp.MustCompile(`(?:^|[\s，,])([0-9]{1,2})([/.])([0-9]{1,2})(?:$|[\s，,的日号上下早晚])`)

	dayZH = regexp.MustCompile(`(?:(` + zhWhich + `)(?:个)?月)?\s*(` + zhDay + `)[号日](?:那天)?`)
	dayEN = regexp.MustCompile(`(?i)\b(?:on the |the |on )([0-9]{1,2})(?:st|nd|rd|th)(?: of (last|this) month)?\b`)

	onlyZH  = regexp.MustCompile(zhYear + `(` + zhMonth + `)月份?`)
	onlyEN  = regexp.MustCompile(`(?i)\b((?:in|during|of) )?(january|february|april|june|july|august|september|october|november|december)(?:,? ([0-9]{4}|last year|this year))?\b`)
	shortEN = regexp.MustCompile(`(?i)\b((?:in|during|since|until|before|after|last|this|from|to) )?` + enMonthGroup + `(?:,? ([0-9]{4}|last year|this year))?\b`)

	thirdZH = regexp.MustCompile(`(?:(` + zhWhich + `)(?:个)?|(` + zhMonth + `))?月份?(初|上旬|中旬|下旬|底|末)`)
	thirdEN = regexp.MustCompile(`(?i)\b(?:in |at |around )?(?:the )?(early|mid|late|beginning of|start of|middle of|end of)[ -](?:(last|this) month|the month|month|` + enMonth + `)\b`)
	yearZH  = regexp.MustCompile(`([0-9]{4}|今|去|前)年(?:(上|下)半年)?`)
	yearEN  = regexp.MustCompile(`(?i)\b(?:in )?(last year|this year)()\b`)
	halfZH  = regexp.MustCompile(`(上|下)半年`)

	clock24 = regexp.MustCompile(`(?i)\b(?:at |around |about )?([01]?[0-9]|2[0-3]):([0-5][0-9])\b`)
	clockZH = regexp.MustCompile(`(` + zhDay + `|两)[点时](半|一刻|三刻|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})分?)?(?:左右|多|钟|前后)*`)
	clockEN = regexp.MustCompile(`(?i)\b(?:at |around |about )?(1[0-2]|0?[0-9])(?:[:.]([0-5][0-9]))? ?(am\b|pm\b|a\.m\.|p\.m\.)`)
	clockAt = regexp.MustCompile(`(?i)\b(?:at|around|about) ([0-9]{1,2})()(?:\s|$|[?,!])`)
	oclock  = regexp.MustCompile(`(?i)\b(?:at |around |about )?([0-9]{1,2})() ?o['’]?clock\b`)

	clocksZH      = regexp.MustCompile(`(` + zhDay + `|两)[点时]?(半|一刻|三刻)?()\s*(?:到|至|-|–|—|~)\s*(?:上午|中午|下午|晚上|凌晨)?(` + zhDay + `|两)[点时](半|一刻|三刻)?()钟?`)
	clocks24      = regexp.MustCompile(`(?i)\b(?:between |from )?([01]?[0-9]|2[0-3]):([0-5][0-9])()\s*(?:-|–|—|~|to|and|until|到|至)\s*([01]?[0-9]|2[0-3]):([0-5][0-9])()\b`)
	clocksEN      = regexp.MustCompile(`(?i)\b(?:between |from )?` + clock12 + ` ?(am|pm)?\s*(?:-|–|—|to|and|until)\s*` + clock12 + ` ?(am|pm)\b`)
	clocksBetween = regexp.MustCompile(`(?i)\bbetween ` + clock12 + `() and ` + clock12 + `()\b`)

	sinceZH = regexp.MustCompile(`^[ ]*(?:以来|以后|之后|起|开始|后)`)
	untilZH = regexp.MustCompile(`^[ ]*(?:以前|之前|前)`)
	sinceEN = regexp.MustCompile(`(?i)\b(?:since|after)[ ]+(?:the )?[ ]*$`)
	untilEN = regexp.MustCompile(`(?i)\b(?:before|until|till|up to)[ ]+(?:the )?[ ]*$`)
	betweRE = regexp.MustCompile(`^\s*(?:到|至|-|–|—|~|(?i)to|and|until|till|through)\s*$`)
)

// enMonthGroup are the names that are also words or names of people: they count after
// "in" and the like, or with a year.
const enMonthGroup = `(jan|feb|march|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\.?`

var weekdays = map[string]time.Weekday{
	"一": time.Monday, "二": time.Tuesday, "三": time.Wednesday, "四": time.Thursday, "五": time.Friday, "六": time.Saturday,
	"日": time.Sunday, "天": time.Sunday, "末": time.Saturday, "1": time.Monday, "2": time.Tuesday, "3": time.Wednesday, "4": time.Thursday,
	"5": time.Friday, "6": time.Saturday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

var months = map[string]time.Month{
	"jan": time.January, "feb": time.February, "mar": time.March, "apr": time.April, "may": time.May, "jun": time.June,
	"jul": time.July, "aug": time.August, "sep": time.September, "oct": time.October, "nov": time.November, "dec": time.December,
}

var numbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}

// unitsBack is which week, month or quarter a word means.
var unitsBack = map[string]int{"上上": 2, "上": 1, "下": -1, "last": 1, "next": -1}

var yearsBack = map[string]int{"今": 0, "去": 1, "前": 2, "this year": 0, "last year": 1}

// thirdsOf are the thirds of a month, from 0.
var thirdsOf = map[string]int{
	"初": 0, "上旬": 0, "中旬": 1, "下旬": 2, "底": 2, "末": 2,
	"early": 0, "beginning of": 0, "start of": 0, "mid": 1, "middle of": 1, "late": 2, "end of": 2,
}
