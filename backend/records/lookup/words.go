package lookup

import (
	"regexp"
	"time"
)

// What people type. Chinese and English stand beside each other: a question may mix
// them. Longer words come before the shorter ones that they begin with.

// dayWords are days counted from today.
var dayWords = []struct {
	re   *regexp.Regexp
	back int
}{
	{regexp.MustCompile(`大前天`), 3},
	{regexp.MustCompile(`前天|(?i)\b(?:the )?day before yesterday\b`), 2},
	{regexp.MustCompile(`昨天|昨日|(?i)\byesterday\b`), 1},
	{regexp.MustCompile(`今天|今日|(?i)\btoday\b`), 0},
}

// nightWords name a night by the day on which it began.
var nightWords = []struct {
	re   *regexp.Regexp
	back int
}{
	{regexp.MustCompile(`昨晚|昨夜|(?i)\blast night\b`), 1},
	{regexp.MustCompile(`今晚|(?i)\btonight\b`), 0},
}

// parts of a day, in hours.
var parts = []struct {
	re       *regexp.Regexp
	from, to int
}{
	{regexp.MustCompile(`凌晨|半夜|(?i)\bat night\b|\bnight\b`), 0, 6},
	{regexp.MustCompile(`早上|清晨|早晨|(?i)\bearly morning\b`), 5, 10},
	{regexp.MustCompile(`上午|(?i)\b(?:in the )?morning\b`), 5, 12},
	{regexp.MustCompile(`中午|(?i)\b(?:at )?noon\b`), 11, 14},
	{regexp.MustCompile(`下午|(?i)\b(?:in the )?afternoon\b`), 12, 18},
	{regexp.MustCompile(`傍晚|(?i)\blate afternoon\b`), 16, 20},
	{regexp.MustCompile(`晚上|夜里|晚间|(?i)\b(?:in the )?evening\b`), 18, 24},
}

var (
	weekdayZH = regexp.MustCompile(`(上上|上|这|本)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天末1-6])`)
	weekdayEN = regexp.MustCompile(`(?i)\b(?:on )?(last |this |past )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b`)
	weekZH    = regexp.MustCompile(`(上上|上|这|本)(?:个)?(?:周|星期|礼拜)`)
	weekEN    = regexp.MustCompile(`(?i)\b(last|this) week\b`)
	monthZH   = regexp.MustCompile(`(上|这|本)(?:个)?月`)
	monthEN   = regexp.MustCompile(`(?i)\b(last|this) month\b`)
	agoZH     = regexp.MustCompile(`([0-9一二两三四五六七八九十]{1,4})\s*(?:个)?(分钟|小时|钟头|天|周|星期|月)(?:之)?前`)
	agoEN     = regexp.MustCompile(`(?i)\b([0-9]{1,4}|an?|two|three|four|five|six|seven) (minute|hour|day|week|month)s? ago\b`)
	recentZH  = regexp.MustCompile(`(?:最近|近|过去)\s*([0-9一二两三四五六七八九十]{1,4})\s*(?:个)?(小时|天|周|星期|月)`)
	recentEN  = regexp.MustCompile(`(?i)\b(?:in the )?(?:last|past) ([0-9]{1,4}|two|three|four|five|six|seven) (hour|day|week|month)s\b`)
	someZH    = regexp.MustCompile(`最近|近来|(?i)\brecently\b`)

	dateISO = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	dateZH  = regexp.MustCompile(`(?:(\d{4}|今|去)年)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})月\s*(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?`)
	onlyZH  = regexp.MustCompile(`(?:(\d{4}|今|去)年)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})月份`)
	dateDM  = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? (jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?,?(?: (\d{4}))?\b`)
	dateMD  = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?\b`)

	clock24 = regexp.MustCompile(`\b([01]?\d|2[0-3]):([0-5]\d)\b`)
	clockZH = regexp.MustCompile(`(\d{1,2}|[一二两三四五六七八九十]{1,3})[点时](?:(半)|(\d{1,2}|[一二三四五六七八九十]{1,3})分?)?(?:左右|多|钟)?`)
	clockEN = regexp.MustCompile(`(?i)\b(?:at |around )?(1[0-2]|0?\d)(?::([0-5]\d))? ?(am|pm|a\.m\.|p\.m\.)`)

	sinceRE = regexp.MustCompile(`以来|以后|之后|起|(?i)\b(?:since|after)\b`)
	untilRE = regexp.MustCompile(`以前|之前|(?i)\b(?:before|until)\b`)
	betweRE = regexp.MustCompile(`^\s*(?:到|至|-|–|—|~|(?i)to|and|until)\s*$`)
)

var weekdays = map[string]time.Weekday{
	"一": time.Monday, "二": time.Tuesday, "三": time.Wednesday, "四": time.Thursday, "五": time.Friday, "六": time.Saturday,
	"日": time.Sunday, "天": time.Sunday, "末": time.Saturday, "1": time.Monday, "2": time.Tuesday, "3": time.Wednesday, "4": time.Thursday,
	"5": time.Friday, "6": time.Saturday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

var months = map[string]time.Month{
	"jan": time.January, "feb": time.February, "mar": time.March, "apr": time.April, "may": time.May, "jun": time.June,
	"jul": time.July, "aug": time.August, "sep": time.September, "oct": time.October, "nov": time.November, "dec": time.December,
}

var numbers = map[string]int{"a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}

// About is what a question is after.
type About string

// The aims. AboutMail is that of a question that does not say.
const (
	AboutMail    About = "mail"
	AboutDeleted About = "deleted" // who deleted or moved a mail
	AboutSignIn  About = "signin"
	AboutActs    About = "acts" // what an administrator or a person changed
)

// aims tell what a question is after; the first that is found counts.
var aims = []struct {
	re    *regexp.Regexp
	about About
}{
	{regexp.MustCompile(`(?:谁)?(?:把)?(?:删除|删掉|删了|删|移走|挪走|移动)(?:了|掉|过)?|(?i)\b(?:who )?(?:has |had )?(?:deleted?|removed?|trashed|moved)\b`), AboutDeleted},
	{regexp.MustCompile(`(?:登录|登陆|登入)(?:过|了)?|异地|(?i)\b(?:sign(?:ed)?|log(?:ged)?)[ -]?(?:in|on)s?\b|\blogins?\b`), AboutSignIn},
	{regexp.MustCompile(`改了什么|改过什么|操作记录|改密码|修改密码|(?i)\bwhat did\b.*\b(?:change|do)\b|\bchanged? (?:the )?(?:password|settings?)\b`), AboutActs},
}

// filler is what a question has around what it is about.
var filler = regexp.MustCompile(`(?i)有没有|是不是|是否|为什么|什么时候|在哪里|在哪儿|哪里|在哪|请问|帮我|查一下|查查|看看|邮件|信件|那封|这封|一封|收到|收没收到|到了|到没到|到|发给|发出|发送|寄给|发来|来自|寄来|发的|的信|发|给|我|他|她|的|了|吗|呢|么|没|谁|从|在|把|被|封|哪|？|\?|，|。|、|！` +
	`|\b(?:did|does|do|has|have|had|is|was|were|the|a|an|my|me|i|we|you|he|she|it|his|her|our|from|to|by|for|of|in|on|at|with|about|get|got|mails?|e-?mails?|messages?|letters?|arrived?|received?|receive|sent|send|come|came|where|when|why|who|what|any|please|find|show|subject|titled|called|named|that|this|not|yet|ever)\b`)
