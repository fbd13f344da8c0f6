package lookup

import "strings"

// surnames are those of one character that are common in China, collected for Mailroom:
// a word is taken for a name only where it stands like one.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文" +
	"施洪严章倪温俞柳安葛樊兰向殷庞邢翟庄申岳齐莫梅颜耿关焦左柯甘宁祝尚童艾詹欧麦凌霍纪裴覃翁曲包聂季牛单解古辛管瞿盛涂骆游阮裘"

// longSurnames are those of two characters.
var longSurnames = strings.Fields("欧阳 司马 上官 诸葛 皇甫 东方 慕容 夏侯 尉迟 令狐 司徒 端木 公孙 轩辕 南宫 长孙")

// speltSurnames are frequent ones in Latin letters, usualCountries the ends of domains that are
// no given name.
var (
	speltSurnames = strings.Fields(`li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng
		cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang
		mao qiu qin gu hou shao meng long wan duan lei qian yin chang qiao lai gong wen`)
	usualCountries = strings.Fields("cn hk tw mo jp kr sg my th vn ph id us uk ca au nz de fr nl it es ch at be pl se no dk fi ru ua tr br mx eu ai io co me tv cc")
)

// noNames are words of an office's mail that begin like a name.
var noNames = strings.Fields(`方案 方式 方法 单据 单价 金额 余额 余款 安排 安全 安装 高管 高新 高级 时间 文件 文档 文本 文案 温州 常州 常见 江苏 江西 成都 金融 金属 许可 石油 石家庄
	白酒 白皮 包装 包裹 包括 钱款 计划 明细 程序 程控 项目 任务 任命 管理 管道 申请 申报 向导 应收 应付 宣传 海报 党费 洪水 商务 商标 商品 年假 年会 年报 毛利 毛坯 麦克 马上 平台 平安 华东 华南
	顾问 支付 支票 季度 季报 古籍 解释 解约 解决 童装 颜色 关于 关联 关税 施工 章程 严格 盛大 盛会 欧洲 欧元 万元 万份 段落 史料 武汉 汤料 易货 宁波 尚未 童车 游戏 游客 甘肃 兰州 安徽 贺卡 贺信 黄金
	雷达 龙头 任何 何时 何处 何事 余下 张贴 陈列 陈述 高速 高校 高考 林业 胡同 曾经 程度 叶片 夏季 钟点 田地 石材 白天 白板 康复 毛衣 江山 秦皇岛 左右 单位 单号 单子 纪要 纪念 纪律 牛奶 辛苦 管家 盛典 曲线 庄园
	申通 申购 申诉 祝贺 祝福 尚品 许多 谢谢 感谢 唐山 苏州 杭州 郑州 广州 沈阳 徐州 梁柱 宋体 石化 范围 范本 范例 方向 方便 任职 姜汁 金卡 金条 万一 常务 常规 文字 文化 文员 文献 文号 温馨 温度`)
