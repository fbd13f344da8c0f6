package lookup

import (
	"regexp"
	"slices"
	"strings"

	"mailroom/backend/logs"
)

// About is what a question is after.
type About string

// The aims. AboutMail is that of a question that does not say.
const (
	AboutMail    About = "mail"
	AboutDeleted About = "deleted" // who deleted or moved a mail
	AboutSignIn  About = "signin"
	AboutActs    About = "acts" // what an administrator or a person changed
)

// topic is something that people change. take are its words, which are not looked for.
type topic struct {
	re, take *regexp.Regexp
	actions  []logs.Action
}

// topics are told from deleted mail: "who deleted the account". Between their words a name
// may stand.
var topics = []topic{
	{
		regexp.MustCompile(`(?:修改|重置|重设|改|换)[^，。]{0,60}密码|密码[^，。]{0,30}(?:修改|重置|改|换)|(?i)\b(?:chang\w*|reset\w*|set)\b.{0,60}\bpasswords?\b|\bpasswords?\b.{0,30}\b(?:chang\w*|reset\w*)\b`),
		regexp.MustCompile(`修改|重置|重设|改|换|密码|(?i)\b(?:chang\w*|reset\w*|set|passwords?)\b`),
		[]logs.Action{logs.ActPassword},
	},
	{
		regexp.MustCompile(`自动转发|转发设置|(?:设|开)[^，。]{0,30}转发|谁[^，。]{0,60}转发|转发到(?:公司)?外|(?i)\b(?:auto-?)?forwarding\b|\bauto-?forward\w*|\bforward(?:s|ed|ing)?\b.{0,30}\b(?:mails?|outside|external(?:ly)?)\b`),
		regexp.MustCompile(`自动|设置|设|开启|开|转发|(?i)\b(?:auto-?)?forward\w*\b|\bset\b|\bup\b|\bswitched\b|\bturned\b|\bon\b`),
		[]logs.Action{logs.ActForwardOn, logs.ActForwardOff},
	},
	{
		regexp.MustCompile(`(?:新建|创建|开通|添加|新增)[^，。]{0,60}(?:账号|帐号|账户|邮箱|成员|用户)|(?i)\b(?:creat\w*|add(?:ed|s)?|opened)\b.{0,60}\b(?:accounts?|users?|mailbox(?:es)?|members?)\b`),
		regexp.MustCompile(`新建|创建|开通|添加|新增|账号|帐号|账户|邮箱|成员|用户|(?i)\b(?:creat\w*|add(?:ed|s)?|opened|new|accounts?|users?|mailbox(?:es)?|members?)\b`),
		[]logs.Action{logs.ActPersonAdd},
	},
	{
		regexp.MustCompile(`(?:删除|删|注销)[^，。]{0,60}(?:账号|帐号|账户|成员|用户)|(?i)\b(?:delet\w*|remov\w*)\b.{0,60}\b(?:accounts?|users?|mailbox(?:es)?|members?)\b`),
		regexp.MustCompile(`删除|删|注销|账号|帐号|账户|成员|用户|(?i)\b(?:delet\w*|remov\w*|accounts?|users?|mailbox(?:es)?|members?)\b`),
		[]logs.Action{logs.ActPersonDelete},
	},
	{
		regexp.MustCompile(`禁用|停用|冻结|(?i)\b(?:disabl\w*|suspend\w*|deactivat\w*)\b|\bswitched off\b.{0,60}\baccount`),
		regexp.MustCompile(`禁用|停用|冻结|账号|帐号|账户|邮箱|(?i)\b(?:disabl\w*|suspend\w*|deactivat\w*|switched|off|accounts?)\b`),
		[]logs.Action{logs.ActPersonOff},
	},
	{
		regexp.MustCompile(`启用|解冻|(?i)\b(?:re-?enabl\w*|enabl\w*|reactivat\w*)\b`),
		regexp.MustCompile(`启用|解冻|账号|帐号|账户|邮箱|(?i)\b(?:re-?enabl\w*|enabl\w*|reactivat\w*|accounts?)\b`),
		[]logs.Action{logs.ActPersonOn},
	},
	{
		regexp.MustCompile(`收信规则|过滤规则|(?i)\b(?:mail|inbox) rules?\b`),
		regexp.MustCompile(`收信规则|过滤规则|修改|改|(?i)\b(?:mail|inbox) rules?\b|\bchang\w*\b|\bset\b`),
		[]logs.Action{logs.ActRule},
	},
	{
		regexp.MustCompile(`改了什么|改过什么|改了啥|改了哪些|操作(?:记录|日志)|(?:做|干)了?(?:什么|啥|哪些)(?:操作)?|操作(?:了什么|$|\s)|(?i)\bwhat (?:did|has|have)\b.*\b(?:chang\w*|do|done)\b|\bchanges? (?:made|by|of)\b|\bchang\w* (?:the )?settings?\b|\bsettings? chang\w*`),
		regexp.MustCompile(`改了什么|改过什么|改了啥|改了哪些|操作(?:记录|日志)|(?:做|干)了?(?:什么|啥|哪些)(?:操作)?|操作(?:了什么)?|管理员|(?i)\b(?:what|did|has|have|chang\w*|do|done|made|by|of|settings?|admin\w*)\b`),
		nil,
	},
}

// aims tell what else a question is after; the first that is found counts.
var aims = []struct {
	re    *regexp.Regexp
	about About
}{
	{regexp.MustCompile(`(?:谁)?(?:把)?(?:被)?(?:删除|删掉|删了|删|移动到|移动|移走|移到|移去|移|挪走|挪到|挪)(?:了|掉|过|的|到)?|(?i)\b(?:who )?(?:has |had )?(?:deleted?|removed?|trashed|moved)\b`), AboutDeleted},
	{regexp.MustCompile(`(?:登录|登陆|登入|上线)(?:过|了|的)?|异地|(?i)\b(?:sign(?:ed|ing|s)?|log(?:ged|ging|s)?)[ -]?(?:in|on)s?\b|\blogins?\b|\blogons?\b`), AboutSignIn},
	{regexp.MustCompile(`(?:输错|输入错误)(?:的)?密码|密码(?:错误|不对|输错|错)|(?i)\b(?:wrong|bad|mistyped|mistypes?|forgot(?:ten)?) (?:(?:a|the|their|his|her|my) )?passwords?\b`), AboutSignIn},
	{regexp.MustCompile(`(?:哪些|哪个|什么|啥)\s*(?:IP|ip)(?:地址)?|(?:IP|ip)\s*地址|(?i)\b(?:which|what) ips?\b|\bip address(?:es)?\b`), AboutSignIn},
}

// word is a word for how something went.
type word struct {
	re       *regexp.Regexp
	outcomes []logs.Outcome
	maybe    bool // it may as well have gone otherwise
}

// fates are the words for what became of mail; tries those for how a sign-in went.
var (
	fates = []word{
		{regexp.MustCompile(`垃圾(?:邮件|信件|信|箱|文件夹)?|(?i)\b(?:in |into |to )?(?:the )?(?:junk|spam)(?: ?mails?| folder| ?box)?\b`), []logs.Outcome{logs.Junk}, false},
		{regexp.MustCompile(`退信|被退回来|被退回|退回来|退回|被退|(?i)\b(?:bounce[sd]?|bouncing|undeliverable|undelivered|c[ao]me back|returned)\b`), []logs.Outcome{logs.Bounced}, false},
		{regexp.MustCompile(`被?拦截|被?拦下|被?拒收|被拒绝?|(?i)\b(?:blocked|rejected|refused|turned away)\b`), []logs.Outcome{logs.Blocked, logs.Refused}, false},
		{regexp.MustCompile(`被?隔离|被?扣下|被?扣留|(?i)\b(?:quarantined?|held back|on hold)\b`), []logs.Outcome{logs.Quarantined}, false},
		{regexp.MustCompile(`没有?发出去|发不出去|(?:发送|投递|发)失败|(?i)\b(?:failed(?: to send)?|not sent|could not be sent)\b`), []logs.Outcome{logs.Failed, logs.Bounced}, false},
		{regexp.MustCompile(`(?:没有?|未)(?:能)?(?:送达|送到|发到|投递)|(?i)\b(?:was|were|did|does|has|have|is)(?:\s?n\s?t| not) (?:been |get )?(?:delivered|through|go through|reach\w*)\b|\bnot (?:been )?delivered\b`), []logs.Outcome{logs.Failed, logs.Bounced, logs.Blocked, logs.Pending}, true},
		{regexp.MustCompile(`卡住|排队|投递中|(?i)\b(?:stuck|queued|deferred|still on (?:its|the) way)\b`), []logs.Outcome{logs.Pending}, false},
	}
	tries = []word{
		{regexp.MustCompile(`被?锁定?|(?i)\b(?:locked(?: out)?)\b`), []logs.Outcome{logs.Locked}, false},
		{regexp.MustCompile(`失败|(?:输错|输入错误)(?:的)?密码|密码(?:错误|不对|输错|错)|没登上|登不上|被?拒绝?|(?i)\b(?:fail\w*|refused|rejected|(?:wrong|bad|mistyped|mistypes?|forgot(?:ten)?) (?:(?:a|the|their|his|her|my) )?passwords?|unsuccessful)\b`), []logs.Outcome{logs.Refused, logs.Locked, logs.Failed}, false},
		{regexp.MustCompile(`成功|(?i)\bsuccess\w*\b`), nil, false}, // how many succeeded is told in any case
	}
)

// deletions are what somebody did whom a question asks for who deleted; moves are words
// for the other thing. outside is where forwarded mail goes.
var (
	deletions = []logs.Action{logs.ActMailDelete, logs.ActMailTrash}
	moves     = regexp.MustCompile(`移|挪|(?i)\bmoved\b`)
	outside   = regexp.MustCompile(`到?(?:公司|单位|办公室)?(?:外面|外部|外边|以外|之外|外)(?:的?(?:邮箱|地址))?(?:去|了)*|(?i)\b(?:to )?(?:the )?(?:outside|external(?:ly)?)(?: (?:of )?(?:the |our )?(?:office|company)| address(?:es)?)?\b`)
)

// lastOne asks for the newest, which is told first in any case; "最近" alone is a time.
var lastOne = regexp.MustCompile(`最近一次|最后一次|上一次|上次|最近一封|最后一封|最新的?|(?i)\blast time\b|\b(?:newest|latest|most recent)\b`)

// fields are the names of columns, which people write before what they look for.
var fields = regexp.MustCompile(`(?:主题|标题|题目|发件人|收件人|寄件人|收信人|发信人)(?:是|为|叫|有|含|包含)?\s*[:：]?|(?i)\b(?:subject|sender|recipient|from|to|cc)\s*[:：]`)

// replies are what programs put before a subject.
var replies = regexp.MustCompile(`(?i)(?:^|\s)(?:re|fwd?|aw|wg|回复|答复|转发)\s*[:：]`)

// filler is what a question has around what it is about: the Chinese as it stands
// between words, the English as whole words.
var filler = regexp.MustCompile(alternatives(`
	有没有人收到 有没有收到 有没有人 有没有 没有收到 没收到 收没收到 收到没有 收到了没有 收到了没 收到了吗 收到没 收到吗 收到了 收到过 收到
	到了没有 到了没 到了吗 到没到 到了 到达 送达 发出去了没有 发出去了吗 发出去了没 发出去没有 发出去了 发出去 发出了吗 发出来 发出 发过来的 发过来 发过去的 发过去 发来的 发来
	发给了 发给 发送给 发送 发的 发了 发过 寄给 寄来的 寄来 寄出 寄的 来自 回复了吗 是不是 是否 为什么 为何 怎么没有 怎么没 怎么 是什么时候 什么时候 啥时候 时候 何时 在哪里 在哪儿
	在哪 去哪里了 去哪儿了 去哪了 哪去了 去哪里 去哪儿 去哪 哪里 哪儿 去向 去了 不见了 找不到了 找不到 不见 丢了 没了 里面有什么 里有什么 里有 里面 请问 帮我查一下 帮我查查 帮我找一下 帮我找 帮我看看 帮我
	查一下 查查 查询 查找 看一下 看看 找一下 找找 想知道 麻烦 邮件 信件 那封信 这封信 那封 这封 一封 有封 哪封 几封 那个 这个 有哪些 哪些 有人 有谁 谁的 谁 什么 所有的
	所有 全部 的信 来信 是什么 了没有 没有 了吗 了没 有吗 管理员
`) + `|^\s*(?:please )?(?:show|list|find)(?: me)?\b|\b(?:` + `please|did|does|do|done|has|have|had|having|is|was|were|are|am|be|been|being|the|a|an|my|mine|me|i|we|us|our|you|your|he|she|it|they|them|his|her|hers|him|its|their|` +
	`from|to|by|for|of|in|on|at|with|about|between|into|and|or|get|gets|got|gotten|mails?|e-?mails?|messages?|letters?|arrived?|arriving|received?|receiving|sent|send|sends|sending|` +
	`come|comes|came|coming|where|when|why|who|whom|what|which|how|any|subject|titled|called|named|that|this|these|those|there|not|yet|ever|if|whether|all|every|` +
	`anything|something|everything|anyone|anybody|someone|somebody|everyone|everybody|would|could|should|can|will` + `)\b`)

// weak words say something only where nothing else does.
var weak = regexp.MustCompile(`(?i)^(?:deliver(?:ed)?|reach(?:ed)?|go|goes|went|gone|missing|lost|disappear(?:ed)?|vanish(?:ed)?|happen(?:ed)?|writes?|wrote|written|repl(?:y|ied)|answer(?:ed)?|back|out|up|off|over|just|now|earlier|later|already|still|again|check|look|new|old|last|first|some|set|made|message-?id|id|mailto|customers?|clients?|use|uses|used|using|ips?|attachments?|附件|带附件|unusual|suspicious|strange|异常|可疑|奇怪|客户|对方|供应商|别人|人家|自己|账号|帐号|人)$`)

// outward and inward words tell which way a mail went; onlyAdmin whose acts are meant.
var (
	outward   = regexp.MustCompile(`发出|发给|寄给|寄出|发送|发往|对方|给客户|(?i)\b(?:send|sends|sent|sending|delivered to)\b|\bmy (?:e-?)?mails? to\b`)
	inward    = regexp.MustCompile(`收到|收没收到|发来|寄来|来信|(?i)\b(?:get|gets|got|receives?|received)\b(?:[^t]|t[^o])|\b(?:arrived?|came|come)\b`)
	onlyAdmin = regexp.MustCompile(`管理员|后台|(?i)\badmin(?:istrator)?s?\b`)
)

// leading, trailing: particles that stay at the ends of a Chinese word when the rest is gone.
const (
	leading  = "的了把被给从在是有由向跟和与我你他她您让请那这些封"
	trailing = "的了吗呢吧么没是在把被给有过啊呀来些封"
	loosened = "发收寄到去来回要想看查找" // may as well belong to the word
)

// alternatives makes a pattern of phrases, the longest first.
func alternatives(phrases string) string {
	all := strings.Fields(phrases)
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	return `(?i)` + strings.Join(all, "|")
}
