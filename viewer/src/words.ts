// The interface in Chinese and English, and numbers, money and dates as each reads them.

export type Language = "zh" | "en";

const WORDS = {
  search: ["搜索名称、别名、拼音首字母", "Search names, aliases, pinyin initials"],
  noResult: ["没有匹配的实体", "No entity matches"],
  entities: ["实体", "Entities"],
  relations: ["关系", "Relations"],
  status: ["状态", "Status"],
  period: ["时间", "Period"],
  evidence: ["独立来源不少于", "Independent documents, at least"],
  sources: ["来源", "Sources"],
  filterSources: ["筛选来源", "Filter sources"],
  undated: ["含无日期的关系", "Include undated relations"],
  isolated: ["显示没有关系的实体", "Show entities without relations"],
  reset: ["清除筛选", "Clear filters"],
  all: ["全选", "All"],
  none: ["全不选", "None"],
  shown: ["显示", "Showing"],
  of: ["共", "of"],
  aliases: ["别名", "Also known as"],
  mentions: ["提及", "Mentions"],
  documents: ["文档", "Documents"],
  relationCount: ["关系", "Relations"],
  invested: ["对外投资", "Invested"],
  raised: ["获得投资", "Received"],
  focus: ["只看邻域", "Focus"],
  unfocus: ["退出邻域", "Leave focus"],
  depth: ["步数", "Steps"],
  path: ["找路径", "Path"],
  pathFrom: ["起点", "From"],
  pathTo: ["终点", "To"],
  pathTitle: ["两点之间的路径", "Path between two entities"],
  pathNone: ["在当前筛选下，两者之间没有路径", "With these filters, no path joins the two"],
  pathChoose: ["选择两个实体，查看它们如何相连", "Choose two entities to see how they are joined"],
  steps: ["步", "steps"],
  close: ["关闭", "Close"],
  copyLink: ["复制链接", "Copy link"],
  copied: ["已复制", "Copied"],
  sentences: ["原文证据", "Evidence"],
  independent: ["独立来源", "independent documents"],
  claims: ["条陈述", "statements"],
  more: ["显示更多", "Show more"],
  copy: ["转载", "copy"],
  page: ["第{}页", "p. {}"],
  confidence: ["置信度", "confidence"],
  noRelations: ["没有关系", "No relations"],
  hiddenRelations: ["另有 {} 条关系被筛选隐藏", "{} more relations are hidden by the filters"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["缩小", "Zoom out"],
  fit: ["适应窗口", "Fit"],
  theme: ["深色 / 浅色", "Dark / light"],
  language: ["English", "中文"],
  help: ["快捷键", "Keyboard"],
  picture: ["保存图片", "Save picture"],
  filters: ["筛选", "Filters"],
  amount: ["金额", "Amount"],
  stake: ["持股比例", "Stake"],
  date: ["日期", "Date"],
  round: ["轮次", "Round"],
  role: ["职务", "Role"],
  action: ["监管行动", "Action"],
  legend: ["图例", "Legend"],
  noWebGL: [
    "此浏览器没有 WebGL，无法画图；搜索和详情仍可使用。",
    "This browser has no WebGL, so the graph cannot be drawn; search and details still work.",
  ],
  keySearch: ["搜索", "Search"],
  keyFocus: ["只看所选实体的邻域", "Focus on the neighbourhood of the chosen entity"],
  keyPath: ["从所选实体找路径", "Find a path from the chosen entity"],
  keyZoom: ["缩放", "Zoom"],
  keyFit: ["适应窗口", "Fit to window"],
  keyPan: ["平移", "Move the view"],
  keyEscape: ["退一步：关闭面板、邻域、路径", "One step back: panel, focus, path"],
  keyTheme: ["深色 / 浅色", "Dark / light"],
  keyLanguage: ["中文 / English", "Chinese / English"],
  keyHelp: ["显示快捷键", "Show this help"],
} as const;

const VALUES: Record<string, readonly [string, string]> = {
  completed: ["已完成", "completed"],
  planned: ["计划", "planned"],
  ongoing: ["进行中", "ongoing"],
  rumoured: ["传闻", "rumoured"],
  denied: ["已否认", "denied"],
  ended: ["已结束", "ended"],
  sanction: ["制裁", "sanction"],
  ban: ["禁止", "ban"],
  approve: ["批准", "approve"],
  license: ["许可", "license"],
  investigate: ["调查", "investigate"],
  tariff: ["关税", "tariff"],
  "export-control": ["出口管制", "export control"],
  supervise: ["监督", "supervise"],
  pilot: ["试点", "pilot"],
  fine: ["罚款", "fine"],
  other: ["其他", "other"],
};

export type Word = keyof typeof WORDS;

export class Words {
  constructor(public language: Language) {}

  word(name: Word, value?: string | number): string {
    const text: string = WORDS[name][this.language === "zh" ? 0 : 1];
    return value === undefined ? text : text.replace("{}", String(value));
  }

  /** A status or action. */
  value(name: string): string {
    return VALUES[name]?.[this.language === "zh" ? 0 : 1] ?? name;
  }

  type(info: { type: string; chinese: string }): string {
    if (this.language === "zh") return info.chinese;
    const words = info.type.toLowerCase().replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  number(value: number): string {
    return value.toLocaleString(this.language === "zh" ? "zh-CN" : "en");
  }

  money(amount: number, currency: string | null): string {
    const locale = this.language === "zh" ? "zh-CN" : "en";
    const options: Intl.NumberFormatOptions = { notation: "compact", maximumFractionDigits: 2 };
    try {
      if (currency) return new Intl.NumberFormat(locale, { ...options, style: "currency", currency }).format(amount);
    } catch {
      // A currency the browser does not know is written as it stands.
    }
    return `${new Intl.NumberFormat(locale, options).format(amount)} ${currency ?? ""}`.trim();
  }
}
