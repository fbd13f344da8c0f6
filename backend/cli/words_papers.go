package cli

// paperTexts are the texts about certificates, invitations and results.
var paperTexts = map[string][2]string{
	"help.certificate": {"另存搬家证书；格式看扩展名：.html、.pdf、.csv、.xlsx。", "Save a certificate as well; its ending says how: .html, .pdf, .csv, .xlsx."},
	"help.lang":        {"证书的语言（默认随系统）。", "Language of the certificate (default: as the terminal)."},
	"help.invite":      {"按邀请文件搬自己的邮箱，代替 --from 和 --to。密码取自 MAILROOM_FROM_PASSWORD、MAILROOM_TO_PASSWORD 或运行时输入。", "Move your own mailbox by an invitation, in place of --from and --to. Passwords come from MAILROOM_FROM_PASSWORD, MAILROOM_TO_PASSWORD or a prompt."},
	"help.result":      {"配合 --invite：把结果存成文件，发回给邀请方。", "With --invite: save the result, to be sent back to the office."},

	"invited":           {"{office}邀请{person}：从 {from} 搬到 {to}。邀请上的数字：{digits}（不放心就打电话核对）。", "{office} invites {person}: from {from} to {to}. Digits of the invitation: {digits} (compare them by telephone if in doubt)."},
	"saved.certificate": {"证书已存到 {file}", "The certificate is in {file}"},
	"saved.result":      {"结果已存到 {file}，请发回给邀请方。", "The result is in {file}; send it back to the office."},
	"plain.office":      {"贵公司", "your office"},
	"plain.person":      {"您", "you"},
	"plain.until":       {"当天", "that day"},

	"problem.certificate_format": {"--certificate {file}：扩展名须是 .html、.pdf、.csv 或 .xlsx。", "--certificate {file}: the name must end in .html, .pdf, .csv or .xlsx."},
	"problem.certificate_folder": {"--certificate {file}：没有这个文件夹。请先建好，或换一个位置。", "--certificate {file}: there is no such folder. Make it first, or name another place."},
	"problem.result_alone":       {"--result 只与 --invite 一起使用。", "--result goes with --invite."},
	"problem.invite_alone":       {"--invite 已说明从哪里搬到哪里，请去掉 --from、--to 和 --people。", "--invite says from where to where: leave out --from, --to and --people."},

	"class.invite-unreadable": {"{file} 不是邀请，或者内容不完整。请对方重新发一次，最好作为附件。", "{file} is no invitation, or only a part of one. Ask for it to be sent again, best as an attachment."},
	"class.invite-changed":    {"{file} 做好之后被改动过，签名对不上。请不要输入密码，向公司要一份新的。", "{file} was changed after it was made: its signature does not fit. Type no password; ask your office for a new one."},
	"class.invite-newer":      {"{file} 是用更新的版本做的。请安装最新的 Mailroom 再试。", "{file} was made by a newer Mailroom. Install the newest version and try again."},
	"class.invite-expired":    {"{file} 的有效期到 {until} 为止。请向公司要一份新的；已经搬过去的不受影响。", "{file} was good until {until}. Ask your office for a new one; what was moved stays moved."},
	"class.invite-result":     {"{file} 是结果，不是邀请。请打开收到的那份邀请。", "{file} is a result, not an invitation. Name the invitation that you were sent."},
}
