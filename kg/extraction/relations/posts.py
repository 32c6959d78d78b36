"""WORKS_FOR: titles before names, appointments, founders, reporters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extraction.relations.constructions import Construction, Finding
from kg.extraction.relations.frames import Frame, Name, compile_pattern, overlapping_matches
from kg.schema import EntityType, RelationType
from kg.tables import Span

#: What a post is called; the last word of a title.
TITLE = (
    "(?:董事长|董事会主席|董事会秘书|董秘|独立董事|独董|董事|监事长|监事会主席|监事|主席|总裁|总经理|经理|总监|ceo|cto|cfo|coo|cio|cmo|cso|首席[^,。、]{1,8}?官|首席[^,。、]{0,8}(?:学家|师|家|官|分析师|顾问|研究员|代表)|"
    "创始人|创办人|联创|合伙人|负责人|主管|院长|校长|所长|主任|部长|局长|厅长|司长|处长|行长|会长|秘书长|书记|委员长|委员|总理|首相|总统|市长|省长|州长|县长|区长|大臣|国务卿|议员|议长|发言人|代表|"
    "研究员|分析师|策略师|经济学家|科学家|工程师|架构师|教授|副教授|讲师|博士|院士|学者|专家|顾问|记者|编辑|作者|律师|法官|检察长|检察官|队长|站长|台长|社长|总编辑?|馆长|社长|干事|专员|"
    "高管|领袖|掌门人|掌舵人|一把手|实控人|实际控制人|大股东|老板|法定代表人|法人|员工|研究者|成员|掌门|理事长|理事|总干事|总书记|军官|上校|将军|司令|外长|防长|财长|教练|球员|演员|行政总裁|党组书记|主持人|总编|秘书|助理|副总|总师|村支书|高级副总裁|执行官|运营官)"
)
_PRE = "[^\ue000-\ue005,;:。!?]{0,22}?"

CONSTRUCTIONS = (
    Construction(
        "posts.title",
        RelationType.WORKS_FOR,
        "{t:COR}(?:(?:的|前|原|现任|时任|候任|联合|副|常务|执行|兼)*)"
        + _PRE
        + TITLE
        + "(?:兼[^,。:\ue000-\ue005]{1,14})?(?:、[^,。:\ue000-\ue005]{1,14})?(?:、[^,。:\ue000-\ue005]{1,14})?[:]?{h:P}",
        nearest="t",
    ),
    Construction(
        "posts.title_comma",
        RelationType.WORKS_FOR,
        "{t:CO}" + _PRE + TITLE + "(?:、{x:CO}?[^,。:\ue000-\ue005]{1,14})+{h:P}",
        nearest="t",
    ),
    Construction(
        "posts.two_employers",
        RelationType.WORKS_FOR,
        "{t:CO}" + _PRE + TITLE + "、{x:CO}" + _PRE + TITLE + "{h:P}",
        nearest="t",
    ),
    Construction(
        "posts.serves",
        RelationType.WORKS_FOR,
        "{h:P}<c>(?:担任|出任|任|履新|升任|接任|兼任|就任|当选|继任|入职|加入|调任|加盟|加入了|执掌|掌舵|供职于|就职于|任职于|重返|回归|跳槽至?|出走|离开|离职|创立|创办|创建|共同创立|联合创立|联合创办|辞去|卸任|不再担任|掌管|领导|效力于?|曾任|为|是)(?:了|过|于|为|起)?<s>{t:COR}",
    ),
    Construction(
        "posts.serves_topic",
        RelationType.WORKS_FOR,
        "{h:P}(?:先生|女士|同志)?<g>(?:担任|出任|履新|升任|接任|兼任|就任|当选|继任|调任|辞去|卸任|不再担任|离职|辞职|离任|获任|被任命为|不再兼任|掌舵|退休)",
    ),
    Construction(
        "posts.appoints",
        RelationType.WORKS_FOR,
        "{t:COR}<c>(?:任命|聘任|聘请|选举|提名|委任|挖来|挖走|增聘|聘用|招募|解雇|邀请|推选|解聘|罢免|免去|引进|推举|迎来)(?:了)?{h:P}",
    ),
    Construction(
        "posts.title_topic",
        RelationType.WORKS_FOR,
        "(?:^|[,。:;、称])(?:现任|前|原|时任|联合|公司|集团|本报|共同|据|新任)?"
        + "[^\ue000-\ue005,;:。!?、]{0,8}?"
        + TITLE
        + "(?:兼[^,。:\ue000-\ue005]{1,14})?{h:P}",
    ),
    Construction("posts.of", RelationType.WORKS_FOR, "{h:P}(?:,|(?:是|系|为|-))?<s>{t:CO}<g>" + TITLE),
    Construction(
        "posts.includes", RelationType.WORKS_FOR, "{t:CO}<g>" + TITLE + "(?:包括|为|是|有|:|由)<s>{h:P}"
    ),
    Construction("posts.bracket", RelationType.WORKS_FOR, "{h:P}\\({t:CO}"),
    Construction("posts.own", RelationType.WORKS_FOR, "{t:CO}(?:的|旗下|团队)?{h:P}", nearest="t"),
    Construction(
        "posts.founded",
        RelationType.WORKS_FOR,
        "{h:P}(?:共同|联合|一手|亲手)?(?:创办|创立|创建|掌舵|执掌|领导|主导|旗下|控制)(?:的|了)?<s>{t:CO}",
    ),
    Construction(
        "posts.legal",
        RelationType.WORKS_FOR,
        "(?:法定代表人|法人代表|法人|董事长|负责人|ceo|总经理|执行董事)(?:为|是|变更为|由|:){h:P}",
    ),
    Construction(
        "posts.led_by",
        RelationType.WORKS_FOR,
        "{t:COM}<c>由{h:P}<g>(?:负责|领导|牵头|主导|带领|管理|接任|接替)",
    ),
    Construction(
        "posts.joins_topic",
        RelationType.WORKS_FOR,
        "{h:P}<c>任(?:职)?(?:联合创始人|首席|ceo|董事|总|合伙人|顾问)",
    ),
    Construction("posts.list_of", RelationType.WORKS_FOR, "{t:CO}(?:的)?{h:P}(?=[、等,])", nearest="th"),
    Construction(
        "posts.founded_by",
        RelationType.WORKS_FOR,
        "{t:CO}<c>由{h:P}<g>(?:创立|创办|创建|执掌|担任|领导|出任|掌舵)",
    ),
)

_REPORTER = compile_pattern("本报(?:见习|实习|特约|首席)?记者{h:P}")
_MEDIA = re.compile(r"(?:报|网|社|周刊|杂志|新闻|电视台|观察|财经)$")


def find_reporters(frames: list[Frame]) -> Iterator[Finding]:
    """本报记者 A B: they write for the newspaper that the document names (《…报》, …网), wherever it does so."""
    newspaper = _newspaper(frames)
    if newspaper is None:
        return
    for frame in frames:
        for match in overlapping_matches(_REPORTER, frame.skeleton):
            start, end = frame.offsets[match.start()], frame.offsets[match.end() - 1] + 1
            outside = not frame.start <= newspaper.start < frame.end
            context = (Span(newspaper.start, newspaper.end),) if outside else ()
            for person in frame.slots[match.start("h")].names:
                yield Finding(
                    RelationType.WORKS_FOR, person, newspaper, start, end, "posts.reporter", frame, context
                )


def _newspaper(frames: list[Frame]) -> Name | None:
    counts: dict[int, int] = {}
    first: dict[int, Name] = {}
    for frame in frames:
        for name in frame.names:
            if name.type is EntityType.ORGANIZATION and _MEDIA.search(name.text):
                counts[name.entity] = counts.get(name.entity, 0) + 1
                first.setdefault(name.entity, name)
    if not counts:
        return None
    best = max(counts, key=lambda entity: (counts[entity], -first[entity].start))
    return first[best]
