"""Word lists of the linker: what in a name says little about which thing it is, and what says much.

All entries are folded (lower case, half width, simplified) and without spaces; the longest match wins.
"""

from __future__ import annotations

#: Legal forms and group words at the end of a company's name.
LEGAL_FORMS = (
    "股份有限责任公司 集团股份有限公司 集团有限责任公司 集团有限公司 集团总公司 集团股份公司 集团公司 "
    "股份有限公司 有限责任公司 控股有限公司 股份有限公 股份有限 责任有限公司 (集团)有限公司 (集团)股份有限公司 "
    "有限合伙 (有限合伙) 合伙企业(有限合伙) 合伙企业 有限公司 股份公司 控股公司 总公司 公司 集团 控股 股份 有限 "
    "(集团) 株式会社 系"
).split()

#: Legal forms in Latin letters, as last words.
LATIN_FORMS = (
    "incorporated inc limited ltd corporation corp company co plc llc llp lp gmbh ag nv sa spa pbc pte pty holdings "
    "holding group kg oyj ab as se platforms systems technologies technology"
).split()

#: Marks of a listed share, before or after its name.
SHARE_PREFIXES = ("s*st", "*st", "sst", "st", "xd", "xr", "dr")
SHARE_SUFFIXES = ("-w", "-sw", "-u", "-s", "-b", "-uw")

#: Words for a line of business: 禾赛科技 is 禾赛, so as remainder they weigh little.
INDUSTRY_WORDS = (
    "科技 技术 信息 智能 机器人 汽车 电子 电器 电气 生物 医药 药业 制药 医疗 食品 乳业 饮料 咖啡 餐饮 传媒 文化 影业 影视 "
    "软件 网络 互联网 数据 数字 通信 半导体 微电子 芯片 光电 新材 新材料 材料 化工 石化 化学 能源 新能源 电力 "
    "环保 重工 机械 装备 制造 精密 钢铁 钢 铝业 铜业 矿业 煤业 煤炭 实业 工业 产业 发展 开发 国际 中国 全球 物流 航空 航运 "
    "地产 房地产 置业 商业 贸易 百货 零售 租车 旅行 旅游 教育 服饰 纺织 家居 电商 创新 终端 联合 时代 "
    "ai 人工智能 大模型 资源 水泥 建设 建筑 工程 服务 系统 设备 自动化 仪器 量化 事业部 团队 部门 业务 啤酒 酒业 白酒 酿酒 "
    "技研 精密工业 信息技术 网络技术 网络科技 信息科技 智能科技 电子科技 生物科技 生物技术 文化传媒 新材料科技 科技发展"
).split()

#: Words for a unit, or for another trade under the same brand: 腾讯云 is not 腾讯.
UNIT_WORDS = (
    "云 音乐 研究院 研究所 实验室 证券 银行 基金 资本 保险 人寿 财险 产险 寿险 信托 期货 租赁 投资 创投 财务 金控 金融 "
    "消费金融 支付 健康 游戏 视频 体育 文学 影业 医疗 汽车 物流 地产 分公司 子公司 分行 支行 分部 总部 "
    "工厂 基地 学院 大学 医院 协会 学会 联合会 委员会 中心 基金会 俱乐部 专卖店 门店 旗舰店 商城 电商 小贷 "
    "香港 美国 欧洲 亚太 日本 海外 商旅 会议 文档 阅读 动漫 广告 手机 家电 事业群 云计算 云服务 智算"
).split()

#: Words that name a kind of document; alone they are no name of a policy.
POLICY_HEADS = (
    "条例 办法 规定 通知 意见 方案 规划 计划 纲要 指南 规则 细则 决定 公告 法案 法 法规 规范 标准 协议 协定 "
    "制度 机制 目录 名单 清单 行动 政策 新规 新政 措施 举措 草案 征求意见稿 意见稿 规章 公约 条约 指引 原则 框架 命令 行政令 "
    "指令 批复 治理 改革 工程 试点 关税"
).split()

#: What may stand before a head without making it a name.
GENERIC_QUALIFIERS = (
    "行动 实施 指导 若干 管理 暂行 最终 专项 该 此 本 上述 新 旧 监管 监督 有关 相关 这一 该项 这项 "
    "合作 改革 总体 工作 发展 具体 配套 修订 修正 临时 部门 地方 国家 三年 新版 最新"
).split()

#: Words at the end of a model's name that only say what it is.
MODEL_WORDS = "大语言模型 大模型 语言模型 多模态模型 推理模型 模型 ai app 助手 系列 智能体 基座".split()

#: Words that by themselves name no model family, only a variant.
MODEL_VARIANTS = (
    "pro max mini ultra flash lite turbo plus base chat instruct thinking preview exp opus sonnet haiku nano air "
    "vision coder vl omni high low medium large small xl xs highspeed fast realtime audio image video speech"
).split()

#: Ends of region names.
REGION_SUFFIXES = (
    "特别行政区 维吾尔自治区 壮族自治区 回族自治区 自治区 自治州 自治县 自治旗 地区 新区 省 市 县 区 州 盟 旗 镇 乡 岛 "
    "共和国 王国 联邦 合众国"
).split()

#: Countries and territories with the one character that stands for them, where there is one.
COUNTRIES = {
    "中国": "中",
    "美国": "美",
    "英国": "英",
    "法国": "法",
    "德国": "德",
    "日本": "日",
    "韩国": "韩",
    "朝鲜": "朝",
    "俄罗斯": "俄",
    "乌克兰": "乌",
    "印度": "印",
    "加拿大": "加",
    "澳大利亚": "澳",
    "意大利": "意",
    "西班牙": "西",
    "葡萄牙": "葡",
    "荷兰": "荷",
    "比利时": "比",
    "瑞士": "",
    "瑞典": "",
    "挪威": "挪",
    "芬兰": "芬",
    "丹麦": "丹",
    "波兰": "波",
    "奥地利": "奥",
    "希腊": "希",
    "土耳其": "土",
    "以色列": "以",
    "伊朗": "伊",
    "伊拉克": "",
    "沙特": "沙",
    "沙特阿拉伯": "",
    "阿联酋": "",
    "卡塔尔": "",
    "埃及": "埃",
    "南非": "",
    "巴西": "巴",
    "阿根廷": "",
    "墨西哥": "墨",
    "智利": "",
    "越南": "越",
    "泰国": "泰",
    "新加坡": "新",
    "马来西亚": "马",
    "印度尼西亚": "",
    "印尼": "",
    "菲律宾": "菲",
    "巴基斯坦": "",
    "哈萨克斯坦": "哈",
    "新西兰": "",
    "爱尔兰": "",
    "捷克": "捷",
    "匈牙利": "匈",
    "罗马尼亚": "",
    "叙利亚": "叙",
    "黎巴嫩": "黎",
    "也门": "",
    "古巴": "古",
    "委内瑞拉": "委",
    "蒙古": "蒙",
    "缅甸": "缅",
    "柬埔寨": "柬",
    "老挝": "老",
    "欧盟": "欧",
    "联合国": "",
}

#: Province-level abbreviations, as in 皖天然气 or 沪农商行.
PROVINCE_CHARACTERS = {
    "京": "北京市",
    "津": "天津市",
    "冀": "河北省",
    "晋": "山西省",
    "蒙": "内蒙古自治区",
    "辽": "辽宁省",
    "吉": "吉林省",
    "黑": "黑龙江省",
    "沪": "上海市",
    "申": "上海市",
    "苏": "江苏省",
    "浙": "浙江省",
    "皖": "安徽省",
    "闽": "福建省",
    "赣": "江西省",
    "鲁": "山东省",
    "豫": "河南省",
    "鄂": "湖北省",
    "湘": "湖南省",
    "粤": "广东省",
    "桂": "广西壮族自治区",
    "琼": "海南省",
    "渝": "重庆市",
    "川": "四川省",
    "蜀": "四川省",
    "黔": "贵州省",
    "贵": "贵州省",
    "滇": "云南省",
    "云": "云南省",
    "藏": "西藏自治区",
    "陕": "陕西省",
    "秦": "陕西省",
    "甘": "甘肃省",
    "陇": "甘肃省",
    "青": "青海省",
    "宁": "宁夏回族自治区",
    "新": "新疆维吾尔自治区",
    "港": "香港特别行政区",
    "澳": "澳门特别行政区",
    "台": "台湾省",
    "深": "深圳市",
    "甬": "宁波市",
    "穗": "广州市",
    "杭": "杭州市",
    "宁波": "宁波市",
}
