package cli

import "maps"

// texts are all sentences of the terminal: Chinese, English. {names} are facts; keys
// under "plain." stand in where a fact is missing.
var texts = func() map[string][2]string {
	all := map[string][2]string{}
	maps.Copy(all, plainTexts)
	maps.Copy(all, errorTexts)
	maps.Copy(all, oauthTexts)
	maps.Copy(all, paperTexts)
	maps.Copy(all, cardsTexts)
	maps.Copy(all, officeTexts)
	maps.Copy(all, stepTexts)
	maps.Copy(all, contactTexts)
	maps.Copy(all, recordsTexts)
	return all
}()

// plainTexts are the texts of a run that goes well.
var plainTexts = map[string][2]string{
	"help.help":           {"显示这份说明。", "Show this help."},
	"help.program":        {"Mailroom 收发室：把公司的邮件完整搬到新邮箱。退出码：0 全部到达；1 参数或本机问题；2 有邮件未搬走；3 登录被拒；4 连不上或被中断（再运行一次即可继续）。多个邮箱时按 1、3、4、2 的次序取最要紧的。", "Mailroom moves a company's mail and leaves nothing behind. Exit codes: 0 all arrived; 1 usage or own fault; 2 messages left behind; 3 sign-in refused; 4 unreachable or interrupted (run again to go on). Over several mailboxes the first of 1, 3, 4, 2 that occurs."},
	"help.move":           {"把一个或多个邮箱的邮件复制到新邮箱；可反复运行，只补新邮件。", "Copy mailboxes; run it again at any time, only what is new is copied."},
	"help.verify":         {"对照新旧邮箱，逐封核对。", "Compare source and destination message by message."},
	"help.undo":           {"从新邮箱删除本次搬入的邮件，其他邮件不动。", "Delete at the destination exactly what the move stored there."},
	"help.practice":       {"用内置的演练公司完整走一遍，不需要任何账号。", "A whole rehearsal on the built-in practice office; needs no account."},
	"help.check":          {"检查一个域名的邮件设置：哪里不对、为什么、怎么改。退出码：0 没有要处理的；2 有；4 什么都查不到；1 参数有误。", "Examine a domain's mail: what is wrong, why, and how to mend it. Exit codes: 0 nothing to mend; 2 something is; 4 nothing could be reached; 1 usage."},
	"help.domain":         {"域名或邮箱地址，可以是中文。", "A domain or an address; Chinese characters are fine."},
	"help.resolver":       {"向哪个 DNS 服务器查询（默认用本机的）；给出多个时，第一个用来检查，其余用来对比。", "Ask this DNS server (default: the computer's). Of several the first is asked and the others are compared with it."},
	"help.provider":       {"正在用或要换到的服务商（编号见 docs/providers.md）。", "The provider in use or moved to (ids in docs/providers.md)."},
	"help.leaving":        {"要离开的服务商。", "The provider that is being left."},
	"help.switching":      {"快要切换：缓存时间应在 600 秒以内。", "A switch is near: records should be cached for 600 seconds at most."},
	"help.mail":           {"连同这封存下来的邮件（EML）一起检查。", "Check this saved mail (EML) too."},
	"help.mailbox":        {"也登录这个邮箱检查，不改动任何东西；密码取自 MAILROOM_FROM_PASSWORD，或运行时输入。", "Sign in to this mailbox too and change nothing; the password comes from MAILROOM_FROM_PASSWORD or is asked for."},
	"help.own_host":       {"收信服务器是自己的：允许试探是否转发陌生人的邮件等（不会真的发信）。", "The receiving servers are yours: may be probed for open relay and the like (no mail is ever sent)."},
	"help.parked":         {"这个域名不收发邮件。", "The domain neither sends nor receives mail."},
	"help.selector":       {"邮件里用到的 DKIM 选择器。", "A DKIM selector known from a mail."},
	"help.sending_ip":     {"代这个域名发信的服务器地址。", "An address that sends the domain's mail."},
	"help.only":           {"只做这些检查：组（spf、dkim……）或编号（spf.lookups）。", "Only these checks: groups (spf, dkim …) or ids (spf.lookups)."},
	"help.lists":          {"向黑名单和注册局查询（--no-lists 不查）。", "Ask block lists and the registry (--no-lists does not)."},
	"help.strict":         {"“要留意”的也算作要处理（退出码 2）。", "Count warnings as something to mend (exit code 2)."},
	"help.all":            {"逐条列出正常的和没检查的。", "List what is fine and what was not checked one by one."},
	"help.lang":           {"输出语言：zh 或 en（默认随系统）。", "Language of the output: zh or en (default: the system's)."},
	"help.version":        {"显示版本。", "Print the version."},
	"help.from":           {"旧邮箱：imaps://用户%40域名@主机:993、imap+starttls://、imap://、pop3s://、pop3+starttls://、pop3://（只有收件箱）、maildir:目录、mbox:文件、eml:目录。密码取自 MAILROOM_FROM_PASSWORD 或运行时输入。", "Source: imaps://user%40old.example@host:993, imap+starttls://, imap://, pop3s://, pop3+starttls://, pop3:// (inbox only), maildir:DIR, mbox:FILE, eml:DIR. Its password comes from MAILROOM_FROM_PASSWORD or a prompt."},
	"help.to":             {"新邮箱，写法相同（POP3 除外）。密码取自 MAILROOM_TO_PASSWORD 或运行时输入。", "Destination, same forms except POP3. Its password comes from MAILROOM_TO_PASSWORD or a prompt."},
	"help.people":         {"名单（CSV 或 XLSX），列：from_user, from_password, to_user, to_password，可另有 from_url, to_url, name；服务器取自 --from/--to，存档地址里的 {user} 换成该行用户。", "List of mailboxes (CSV or XLSX) with from_user, from_password, to_user, to_password and, if wanted, from_url, to_url, name. Servers come from --from/--to; {user} in an archive's address stands for the row's user."},
	"help.state":          {"记录搬家进度的文件夹（默认：个人数据目录下的 mailroom）。", "Folder that remembers the move (default: mailroom in the user's data folder)."},
	"help.ca":             {"额外信任的证书颁发机构（PEM 文件）。", "Trust these certificate authorities as well (PEM)."},
	"help.pin":            {"信任这一张服务器证书（SHA-256 指纹）。", "Trust the one server certificate with this SHA-256."},
	"help.from_auth":      {"不用个人密码打开旧邮箱：google-service:密钥文件，或 microsoft-app:租户/客户端ID（世纪互联用 microsoft-cn-app），客户端密钥取自 MAILROOM_FROM_CLIENT_SECRET。", "Open source mailboxes without people's passwords: google-service:KEYFILE, or microsoft-app:TENANT/CLIENTID (21Vianet: microsoft-cn-app) with the client secret in MAILROOM_FROM_CLIENT_SECRET."},
	"help.to_auth":        {"新邮箱同上，客户端密钥取自 MAILROOM_TO_CLIENT_SECRET。", "The same for destination mailboxes; the client secret is in MAILROOM_TO_CLIENT_SECRET."},
	"help.from_authz":     {"以 URL 中的用户登录，但打开此用户的旧邮箱。", "Sign in as the URL's user, but open this user's source mailbox."},
	"help.to_authz":       {"以 URL 中的用户登录，但打开此用户的新邮箱。", "Sign in as the URL's user, but open this user's destination mailbox."},
	"help.authz":          {"配合 --people：URL 中的用户是管理账号，用它打开每一行的邮箱。", "With --people: the URL's user is a master user who opens every row's mailbox."},
	"help.plaintext":      {"允许不加密连接其他主机（密码可能被窃听）。", "Allow connections without encryption to other hosts than this one."},
	"help.connections":    {"每个邮箱的连接数（默认自动）。", "Connections per mailbox (default: as the server likes it)."},
	"help.parallel":       {"同时处理的邮箱数。", "Mailboxes at a time."},
	"help.folders":        {"只搬匹配的文件夹，例如 '项目/*'；可多次使用。", "Only folders that match, e.g. 'Projects/*'; may be repeated."},
	"help.exclude":        {"不搬匹配的文件夹；可多次使用。", "Leave out folders that match; may be repeated."},
	"help.deleted":        {"不搬已标记删除的邮件。", "Leave out messages marked as deleted."},
	"help.since":          {"只搬这一天（含）以后到达的邮件，例如 2024-01-31；更早的计入“按规则不搬”。", "Move only mail that arrived on this day or later (2024-01-31); older mail is counted as left out by rule."},
	"help.before":         {"只搬这一天（不含）以前到达的邮件。", "Move only mail that arrived before this day."},
	"help.json":           {"每行输出一个 JSON 对象，最后一行是总结。", "Print one JSON object a line; the last is the summary."},
	"help.log":            {"把经过写入日志文件（不含密码和邮件内容）。", "Write a log (never passwords or mail) to this file."},
	"help.dry":            {"只估算，不改动任何一边。", "Only weigh; change nothing on either side."},
	"help.level":          {"核对程度：none 不核对、counts 数量、fingerprint 逐封指纹、bytes 逐字节。", "How much to compare: none, counts, fingerprint, bytes."},
	"help.rate":           {"每秒最多传输，如 500K、2M、none（默认随服务商）。", "At most so many bytes a second: 500K, 2M, none (default: as the provider allows)."},
	"help.daily":          {"每天最多传输，如 2G、none（默认随服务商）。", "At most so many bytes a day: 2G, none (default: as the provider allows)."},
	"help.seal":           {"封存一个本地存档，或检查封存之后有没有被改动。", "Seal a local archive, or look whether it was changed since."},
	"help.seal_path":      {"存档的路径，或 maildir:、mbox:、eml: 地址。", "The archive's path, or its maildir:, mbox: or eml: address."},
	"help.seal_check":     {"只检查：逐个文件对照清单；有改动时退出码为 2。", "Only look: compare every file with the list; exit 2 if something was changed."},
	"help.seal_move":      {"搬完后封存本地存档：旁边放一份每个文件的 SHA-256 清单。", "Seal a local archive after the move: a list of its files with their SHA-256 beside it."},
	"help.seed":           {"演练公司的种子，相同种子得到相同公司。", "Seed of the practice office; the same seed makes the same office."},
	"help.size":           {"大约多少封邮件（默认 4000）。", "About how many messages (default 4000)."},
	"help.practice_state": {"保留演练进度的文件夹（默认：用完即删）。", "Keep the rehearsal's state in this folder (default: thrown away)."},

	"prompt":   {"{user}（{host}）的密码：", "Password of {user} on {host}: "},
	"stopping": {"正在安全停止……再按一次 Ctrl-C 立即结束。再次运行同一命令即可从停下的地方继续。", "Stopping safely; Ctrl-C again ends at once. Run the same command again to go on where it stopped."},
	"server":   {"（服务器原话：{words}）", "(the server says: {words})"},
	"more":     {"……还有 {n} 个（--json 列出全部）", "… and {n} more (--json lists all)"},

	"seal.sealed": {"已封存 {path}：{files} 个文件。封存编号 {number}，请另处记下。", "Sealed {path}: {files} files. Number of the seal: {number}; keep it elsewhere."},
	"seal.intact": {"完好：{path} 的 {files} 个文件都和封存时一样。封存编号 {number}", "Intact: all {files} files of {path} are as they were sealed. Number of the seal: {number}"},
	"seal.broken": {"{path} 封存之后被改动过：改动 {changed} 个，缺少 {missing} 个，多出 {added} 个。", "{path} was changed after it was sealed: {changed} changed, {missing} missing, {added} added."},

	"line.mailboxes": {"邮箱 {done}/{total}", "{done}/{total} mailboxes"},
	"line.messages":  {"{done}/{total} 封", "{done}/{total} messages"},
	"line.speed":     {"{n} 封/秒", "{n}/s"},
	"line.left":      {"还需 {time}", "{time} left"},

	"phase.connecting": {"连接中", "connecting"},
	"phase.listing":    {"列出邮件", "listing"},
	"phase.matching":   {"查看新邮箱里已有的邮件", "looking at what is there already"},
	"phase.copying":    {"复制", "copying"},
	"phase.flags":      {"更新标记", "setting flags"},
	"phase.verifying":  {"核对 {n}", "checking {n}"},
	"phase.undoing":    {"撤销", "undoing"},
	"phase.waiting":    {"等待 {time}（{why}）", "waiting {time} ({why})"},
	"phase.done":       {"完成", "done"},

	"state.done":        {"完成", "done"},
	"state.left_behind": {"完成，但有邮件未搬走", "finished, with messages left behind"},
	"state.failed":      {"未完成", "not finished"},
	"state.stopped":     {"已停止", "stopped"},

	"level.counts":      {"数量", "counts"},
	"level.fingerprint": {"逐封指纹", "every message's fingerprint"},
	"level.bytes":       {"逐字节", "every byte"},
	"level.none":        {"未核对", "not verified"},
	"level.":            {"未核对", "not verified"},

	"counts.move":     {"共 {messages} 封：复制 {copied}（{bytes}），已在新邮箱 {there}，按规则排除 {excluded}，未搬走 {left}。", "{messages} messages: {copied} copied ({bytes}), {there} already there, {excluded} excluded, {left} left behind."},
	"counts.verified": {"已核对：{level}。", "Verified: {level}."},
	"counts.dry":      {"共 {messages} 封：已在新邮箱 {there}，按规则排除 {excluded}，将无法搬走 {left}。", "{messages} messages: {there} already there, {excluded} excluded, {left} would be left behind."},
	"counts.undo":     {"已处理搬入的邮件；其他邮件未动。", "What the move had stored was taken out again; nothing else was touched."},
	"estimate":        {"将复制 {n} 封（{bytes}）。", "{n} messages ({bytes}) would be copied."},
	"estimate.time":   {"大约需要 {time}。", "It would take about {time}."},
	"estimate.days":   {"受每日流量限制，大约需要 {days} 天。", "Daily limits stretch it to about {days} days."},
	"estimate.room":   {"新邮箱剩余 {free}，需要 {needed}。", "The destination has {free} free, {needed} are needed."},
	"total":           {"合计：{done}/{total} 个邮箱完成；{messages} 封，复制 {copied}（{bytes}），已在 {there}，排除 {excluded}，未搬走 {left}。", "Total: {done} of {total} mailboxes done; {messages} messages, {copied} copied ({bytes}), {there} already there, {excluded} excluded, {left} left behind."},

	"folder.renamed": {"文件夹 {source} → {target}", "folder {source} → {target}"},
	"folder.skipped": {"文件夹 {source} 未搬：{why}", "folder {source} left out: {why}"},
	"left.group":     {"未搬走 {n} 封：{why}", "left behind: {n}, {why}"},
	"left.pending":   {"还有 {n} 封尚未搬", "not moved yet: {n}"},

	"mismatch.title":     {"核对发现 {n} 处不同：", "differences found: {n}"},
	"mismatch.missing":   {"{folder}：第 {uid} 号邮件在新邮箱缺失", "{folder}: message {uid} is missing at the destination"},
	"mismatch.size":      {"{folder}：第 {uid} 号邮件大小不同 {detail}", "{folder}: message {uid} has another size {detail}"},
	"mismatch.header":    {"{folder}：第 {uid} 号邮件的邮件头不同 {detail}", "{folder}: message {uid} has another header {detail}"},
	"mismatch.bytes":     {"{folder}：第 {uid} 号邮件内容不同 {detail}", "{folder}: message {uid} has other bytes {detail}"},
	"mismatch.count":     {"{folder}：数量不同 {detail}", "{folder}: the counts differ {detail}"},
	"mismatch.line_ends": {"{folder}：第 {uid} 号邮件只有换行符不同", "{folder}: message {uid} differs in its line ends only"},

	"next.move.0":   {"全部到达。正式切换当天再运行一次，只会补上新邮件。", "All arrived. Run it again on the day of the switch: only what is new is copied."},
	"next.move.1":   {"请按上面的说明处理，然后再次运行同一命令；已搬的邮件不会重复。", "Mend what is said above and run the same command again; nothing is copied twice."},
	"next.move.2":   {"未搬走的邮件见上；处理后再次运行同一命令，只会补上它们。", "See above what was left behind; after mending, run the same command again: only that is copied."},
	"next.move.3":   {"请核对用户名和密码（或授权码）后再次运行同一命令。", "Check the user name and password (or client password), then run the same command again."},
	"next.move.4":   {"再次运行同一命令，就从停下的地方继续。", "Run the same command again; it goes on where it stopped."},
	"next.dry.0":    {"估算完毕，未改动任何一边。去掉 --dry-run 即开始搬家。", "Weighed only, nothing was changed. Leave out --dry-run to begin."},
	"next.dry.1":    {"请按上面的说明处理后重试。", "Mend what is said above and try again."},
	"next.dry.2":    {"估算完毕，未改动任何一边；上面列出的邮件将无法搬走。", "Weighed only, nothing was changed; the messages above would be left behind."},
	"next.dry.3":    {"请核对用户名和密码（或授权码）后重试。", "Check the user name and password (or client password) and try again."},
	"next.dry.4":    {"请检查网络和服务器地址后重试。", "Check the network and the server's address, then try again."},
	"next.verify.0": {"核对一致。", "Everything agrees."},
	"next.verify.1": {"请按上面的说明处理后重试。", "Mend what is said above and try again."},
	"next.verify.2": {"有不一致之处；运行 mailroom move 补齐后再核对。", "Something differs; run mailroom move to complete it and verify again."},
	"next.verify.3": {"请核对用户名和密码（或授权码）后重试。", "Check the user name and password (or client password) and try again."},
	"next.verify.4": {"再次运行同一命令即可继续。", "Run the same command again to go on."},
	"next.undo.0":   {"已撤销。", "Undone."},
	"next.undo.1":   {"请按上面的说明处理后再次运行。", "Mend what is said above and run it again."},
	"next.undo.2":   {"有些邮件没能撤销，见上。", "Some messages could not be taken out, see above."},
	"next.undo.3":   {"请核对新邮箱的用户名和密码后重试。", "Check the destination's user name and password and try again."},
	"next.undo.4":   {"再次运行同一命令即可继续撤销。", "Run the same command again to go on."},

	"practice.start":  {"演练公司「{company}」：{people} 人，{messages} 封邮件（{bytes}），两台邮件服务器在本机运行。", "Practice office \"{company}\": {people} people, {messages} messages ({bytes}), two mail servers on this computer."},
	"practice.title":  {"搬家证书", "Certificate"},
	"practice.head":   {"成员|新邮箱|邮件|复制|已在|未搬走|核对|结果", "Person|New mailbox|Messages|Copied|There|Left|Verified|Result"},
	"practice.total":  {"合计", "Total"},
	"practice.proved": {"每一封邮件都逐字节核对过，与旧邮箱一致。", "Every message was compared byte by byte with the old mailbox."},
	"practice.failed": {"演练没有全部成功，见上。", "The rehearsal did not succeed as a whole, see above."},

	"plain.host":    {"服务器", "the server"},
	"plain.user":    {"该用户", "the user"},
	"plain.file":    {"文件", "the file"},
	"plain.folder":  {"文件夹", "the folder"},
	"plain.mailbox": {"同一个邮箱", "the same mailbox"},
	"plain.detail":  {"", ""},
	"plain.sha256":  {"（未知）", "(unknown)"},
	"plain.subject": {"（未知）", "(unknown)"},
	"plain.column":  {"该列", "the column"},
	"plain.side":    {"", ""},
	"plain.why":     {"", ""},
	"plain.words":   {"", ""},
	"where.row":     {"{file} 第 {row} 行：", "{file}, row {row}: "},
}
