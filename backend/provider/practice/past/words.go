package past

// What the practice office writes and hears about. All names are invented.
var (
	subjects = []string{
		"十一月发票 %d 请查收", "关于%s的报价", "采购订单 PO-%d", "合同 %d 终稿", "会议纪要（周一）", "出货通知 %d", "付款申请单 %d", "%s样品确认", "对账单 %d",
		"人事通知：考勤统计", "放假安排", "月度报表", "客户投诉处理 %d", "招标文件 %d", "%s图纸修改", "质检报告 %d", "培训安排", "差旅费报销 %d", "年会活动报名", "系统维护通知",
		"物流信息更新 %d", "询价：%s", "生产计划 %d", "税务资料", "社保缴纳证明", "项目进度周报", "展会邀请函", "催款函 %d", "%s价格调整", "新员工入职",
		"Invoice %d", "Quotation for %s", "Purchase order %d", "Shipment %d delayed", "Meeting on Thursday", "Contract %d, final version", "Sample of %s",
		"Payment received %d", "Weekly report", "Complaint %d", "Delivery schedule", "Price list", "Holiday notice", "Drawing %d rev. B", "Exhibition invitation",
	}
	goods = []string{
		"钢笔", "笔记本", "文件夹", "打印纸", "订书机", "白板笔", "档案盒", "计算器", "胶带", "便签纸", "水彩颜料", "图画本",
		"fountain pens", "notebooks", "folders", "copy paper", "staplers", "markers", "archive boxes", "labels",
	}
	spam = []string{
		"恭喜您中奖了", "代开发票，税点优惠", "贷款当天到账", "您的邮箱即将停用，请立即验证", "Cheap watches", "You have won", "Your mailbox is full, sign in now", "Investment opportunity",
		"免费领取礼品", "兼职日结", "Urgent: unpaid invoice attached", "SEO services",
	}
	firms   = []string{"harbor", "lotus", "summit", "river", "golden", "bright", "eastern", "union", "pearl", "maple", "orient", "prime", "silver", "willow", "anchor", "crane", "delta", "evergreen"}
	remarks = []string{"电话确认", "应本人要求", "入职", "离职交接", "requested by phone", "quarterly review", "按流程审批"}
)
