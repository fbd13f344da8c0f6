package cli

// contactTexts are the texts of the verbs about shared contacts.
var contactTexts = map[string][2]string{
	"help.contacts_verb":   {"公共联系人：列出、导入、导出。", "Shared contacts of an office: list, import, export."},
	"help.contacts_list":   {"列出公共联系人。", "List the shared contacts."},
	"help.contacts_group":  {"只要这个分组的。", "Only those of this group."},
	"help.contacts_import": {"从 vCard（.vcf）、CSV 或 XLSX 导入公共联系人；通讯录里已有的不会重复，可反复运行。", "Bring shared contacts in from vCard (.vcf), CSV or XLSX; who is in the book is not doubled, so it can be repeated."},
	"help.contacts_update": {"已有的联系人按文件补充、更新；不加则保持原样。", "Fill and update contacts that are there already; otherwise they stay as they are."},
	"help.contacts_into":   {"全部再放进这个分组（须已存在）。", "Put all of them into this group as well; it must be there."},
	"help.contacts_file":   {"vCard 2.1、3.0、4.0，或 CSV、XLSX（Outlook、Google、Foxmail 导出的也可以）。", "vCard 2.1, 3.0 or 4.0, or CSV or XLSX, also as Outlook, Google and Foxmail write it."},
	"help.contacts_export": {"导出公共联系人；格式看扩展名：.vcf、.csv、.xlsx；“-” 输出 vCard。", "Export the shared contacts; the ending says how: .vcf, .csv, .xlsx (- prints vCard)."},
	"help.contacts_vcard":  {"vCard 版本：3（所有手机都认）或 4。", "Version of vCard: 3, which every phone reads, or 4."},
	"help.contacts_out":    {"写到哪个文件（.vcf、.csv、.xlsx）。", "File to write (.vcf, .csv, .xlsx)."},

	"contacts.count":     {"共 {n} 个公共联系人。", "{n} shared contacts."},
	"one.contacts.count": {"共 1 个公共联系人。", "One shared contact."},
	"contacts.local":     {"服务商没有公共联系人的接口，这本通讯录保存在这台电脑上。", "The provider has no public call for shared contacts: this book is kept on this computer."},
	"office.local":       {"保存在这台电脑上（{why}）", "kept on this computer ({why})"},
	"contacts.left":      {"{n} 个联系人通讯录里已有，保持原样（--update 可更新）。", "{n} are in the book already and stay as they are (--update changes them)."},

	"problem.no_group":        {"没有叫“{value}”的分组。", "There is no group {value}."},
	"problem.contacts_format": {"{file}：扩展名须是 .vcf、.csv 或 .xlsx。", "{file}: the name must end in .vcf, .csv or .xlsx."},
	"step.card":               {"第 {row} 张名片", "card {row}"},

	"list.no_contact_columns": {"没有“姓名”或“邮箱地址”列。", "No column holds names or addresses."},
	"list.no_name":            {"没有姓名，也没有单位和地址。", "Neither name, company nor address."},
	"list.duplicate_contact":  {"“{value}”前面（{first}）已经有了。", "“{value}” came before ({first})."},
	"list.several_contacts":   {"“{value}”对应通讯录里的几个联系人，请先合并。", "“{value}” fits several contacts of the book: make one of them first."},
	"list.long_value":         {"{column}太长。", "{column} is too long."},
	"list.bad_order":          {"顺序“{value}”不是数字，不用。", "The order “{value}” is no number and is not used."},
	"list.more_numbers":       {"号码 {value} 放不下：一个联系人只有一个手机和一个电话。", "There is no room for {value}: a contact has one mobile and one other number."},
	"list.card_unclosed":      {"名片不完整（没有 END:VCARD）。", "The card has no end (END:VCARD)."},
	"list.card_encoding":      {"{column} 的文字无法解码。", "The text of {column} cannot be decoded."},
	"list.card_long":          {"{column} 太长，没有读入。", "{column} is too long and was not read."},
	"list.card_many":          {"名片里的内容太多，后面的没有读入。", "The card holds too much; the rest was not read."},
	"list.card_line":          {"有一行看不懂，没有读入。", "A line makes no sense and was not read."},
	"list.card_too_many":      {"名片太多，后面的没有读入。", "Too many cards; the rest was not read."},
	"list.card_none":          {"文件里没有名片。", "There is no card in the file."},
}
