"""The regulator's action, by the words around the fact."""

from __future__ import annotations

import re

from kg.schema import Action

# In the order of precedence: a tariff is named with other words of force, supervision is what remains.
_ACTIONS = (
    (Action.SUPERVISE, r"巡视|督导组"),
    (Action.TARIFF, r"关税|反倾销税|反补贴税|税率|加征"),
    (Action.EXPORT_CONTROL, r"出口管制|出口限制|管控名单|两用物项|出口许可|对华出口"),
    (Action.FINE, r"罚款|罚金|处以.{0,12}元|罚没|罚单|被罚|开罚|罚(?=\d)"),
    (Action.SANCTION, r"制裁|实体清单|黑名单|军事企业清单|军事公司|反制|冻结|警告处分|开除|谴责|处分|判处|封锁|sdn"),
    (Action.BAN, r"禁止|禁令|封禁|禁用|下架|叫停|禁售|阻止|封杀|屏蔽"),
    (Action.INVESTIGATE, r"调查|立案|约谈|问询|侦查|提起公诉|起诉|指控|核查|反垄断|反倾销|审查(?!通过)|诉讼|传唤|检查"),
    (Action.PILOT, r"试点|先行先试|示范区|试验区|示范"),
    (Action.LICENSE, r"牌照|许可证|许可|发牌|备案|注册批件|执照|授权"),
    (Action.APPROVE, r"批准|核准|获批|批复|批文|审批|同意|通过|过会|受理|认定|聆讯|注册申请|审核|纳入"),
    (Action.SUPERVISE, r"监管|监督|巡视|督导|指导|警示函|监管函|关注函|责令|整改|主管|通报|要求|检测|规范|管理|评估|部署|领导"),
)  # fmt: skip
_PATTERNS = tuple((action, re.compile(pattern)) for action, pattern in _ACTIONS)


def action_of(words: str) -> Action:
    """What the regulator does according to `words` (folded)."""
    return next((action for action, pattern in _PATTERNS if pattern.search(words)), Action.OTHER)
