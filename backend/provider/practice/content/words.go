package content

// subjects per theme: Chinese first, English second. %d becomes a number.
var subjects = map[theme][2][]string{
	themeDaily: {
		{"关于下周例会的安排", "请假申请", "办公室空调维修通知", "上周会议纪要", "新同事入职介绍", "请确认送货时间", "国庆放假通知", "打印机又卡纸了", "报销单补交", "访客接待安排"},
		{"Agenda for Monday", "Quick question about the samples", "Holiday schedule", "Minutes of our call", "Meeting room booking", "Lunch on Friday?", "Updated contact details", "Please review"},
	},
	themeDraft: {{"（未完成）年度总结", "给客户的道歉信 草稿", "调价说明"}, {"Draft: price list", "Unfinished thoughts"}},
	themeJunk:  {{"恭喜您中奖了！", "低价代开，量大从优", "您的邮箱即将被停用"}, {"You have won", "Cheap watches", "Your parcel is waiting"}},
	themeOrder: {
		{"订单 PO-%d 确认", "询价：笔记本 %d 本", "发货通知 %d", "样品已寄出", "关于交期的说明", "合同盖章件 %d"},
		{"Order PO-%d", "Quotation %d", "Shipment %d delayed", "Samples received, thank you", "Complaint about lot %d", "Re-order for spring"},
	},
	themeInvoice: {{"发票 %d", "电子发票 %d 请查收", "对账单 %d", "付款水单"}, {"Invoice %d", "Statement of account", "Payment advice %d"}},
	themeProject: {{"官网改版进度", "目录设计第 %d 稿", "会议纪要 %d", "需求变更", "测试反馈"}, {"Catalogue draft %d", "Design review", "Change request %d", "Test feedback"}},
	themeNews:    {{"行业周报 第 %d 期", "本月新品快讯"}, {"Stationery Weekly #%d", "What is new in paper"}},
}

var chinese = []string{
	"您好，附件是上次提到的资料，请查收。", "如有问题请随时与我联系。", "这批货预计下周三到仓，届时请安排验收。", "客户希望把交期提前三天，麻烦确认产线是否来得及。",
	"价格按照去年的协议执行，运费另计。", "会议改到周四下午两点，地点不变。", "请大家在周五下班前把数据汇总给我。", "样品颜色与色卡略有差异，客户可以接受。",
	"财务那边需要补一份盖章的原件。", "辛苦了，谢谢支持！", "我已经和物流确认过，今天下午就能发出。", "发票抬头请写公司全称，税号见签名。",
	"新版目录已经上传，请抽空看一下第十二页。", "上个月的退货率比前一个月下降了百分之二。", "明天我在外面见客户，有急事请打电话。", "这个问题昨天已经解决，请刷新后再试。",
	"请注意：服务器将于周六凌晨维护，期间邮件会延迟。", "合同第三条需要法务再看一遍。",
}

var english = []string{
	"Please find the documents attached.", "Let me know if anything is missing.", "The shipment left the port yesterday and should arrive within two weeks.", "Could you confirm the quantities by Thursday?",
	"We agreed on the prices of last year, freight not included.", "The meeting moves to 2 pm, same room.", "Thank you for the quick answer!", "The colour differs slightly from the sample, but it is fine for us.",
	"I will be out of the office tomorrow; please call if it is urgent.", "Our accountant needs the original with a stamp.", "The new catalogue is online, have a look at page twelve.", "Best regards and a nice weekend.",
	"We found two broken boxes and took pictures of them.", "The second draft looks much better than the first.", "Is there a discount above five hundred pieces?", "I have copied our warehouse so that they can prepare.",
}

var fileNames = [2][]string{
	{"合同-%d.pdf", "报价单 %d.xlsx", "发票_%d.pdf", "对账单%d.xlsx", "产品照片%d.png", "会议纪要%d.pdf"},
	{"contract-%d.pdf", "quotation %d.xlsx", "invoice_%d.pdf", "statement-%d.xlsx", "photo%d.png", "minutes-%d.pdf"},
}
