package cli

// oauthTexts are the sentences for sign-ins without people's passwords.
var oauthTexts = map[string][2]string{
	"class.oauth-delegation":      {"服务账号还不能打开 {user} 的邮箱。请在 Google 管理控制台的“全网域授权”里添加客户端 {client}，范围填 {scope}，几分钟后再运行。", "The service account may not open the mailbox of {user} yet. In Google's admin console, under domain-wide delegation, add client {client} with {scope}, then run again after some minutes."},
	"class.oauth-key":             {"服务账号的密钥不被接受：可能已被删除。请新建一个密钥文件。", "The service account's key is not accepted; it may have been deleted. Make a new key file."},
	"class.oauth-user-unknown":    {"对方那里没有 {user}。请检查地址。", "There is no {user} at the vendor. Check the address."},
	"class.oauth-app-secret":      {"客户端密钥不对。请检查环境变量里的值（要填密钥的值，不是它的 ID）。", "The client secret is not accepted. Check the environment variable (the secret's value, not its ID)."},
	"class.oauth-secret-expired":  {"客户端密钥过期了。请在应用页面新建一个。", "The client secret has expired. Make a new one on the app's page."},
	"class.oauth-app-unknown":     {"对方不认识这个客户端 ID。请核对。", "The vendor does not know this client ID. Compare it with the app's page."},
	"class.oauth-wrong-tenant":    {"租户（目录）不对。请核对 --{side}-auth 里的租户。", "The tenant (directory) is wrong. Check it in --{side}-auth."},
	"class.oauth-wrong-cloud":     {"这家公司的邮件在另一朵云上（国际版与世纪互联版彼此独立）。", "This organisation's mail is in another cloud; global Microsoft 365 and 21Vianet's are separate."},
	"class.oauth-admin-consent":   {"要先由管理员同意应用的权限。", "An administrator has to grant the app's permissions first."},
	"class.oauth-consent-missing": {"应用没有读取邮件的权限。请管理员补上并同意。", "The app has no permission to read mail. Have an administrator add and grant it."},
	"class.oauth-policy":          {"公司的规定不允许这样登录。请问管理员。", "The organisation's rules forbid this sign-in. Ask its administrator."},
	"class.clock-wrong":           {"这台电脑的时间差了 {off} 分钟，所以它签发的内容没有人相信。请校准时间后再运行。", "This computer's clock is off by {off} minutes, so what it signs is not believed. Set it right and run again."},
}
