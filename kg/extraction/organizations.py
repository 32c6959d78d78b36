"""Non-commercial bodies by their last word: …委员会, …局, …大学, …协会."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate, known_starts
from kg.extraction.boundaries import anchored_start, name_start
from kg.schema import EntityType

MADE_BY = "organizations"

_ENDING = re.compile(
    r"(?:委员会|管理局|监管局|监督局|总局|分局|办公厅|办公室|人民政府|政府|法院|检察院|公安局|税务局|[财教商科工农]\w?厅|"
    r"证监局|银保监局|经信局|发改委|发改局|卫健委|国资委|网信办|网信局|市委|省委|区委|交通委|工委|党委|常委会|人大|政协|"
    r"海关|总领馆|领事馆|大使馆|使馆|使团|预算处|议会|国会|参议院|众议院|参院|众院|大学|学院|研究院|研究所|研究中心|创新中心|"
    r"发展中心|信息中心|技术中心|实验室|科学院|社科院|信通院|科协|协会|学会|商会|总会|联合会|联盟|基金会|理事会|促进会|"
    r"交易所|出版社|电视台|卫视|日报|晚报|早报|商报|时报|周刊|通讯社|新闻社|新闻网|门户网|医院|中学|小学|博物馆|图书馆|"
    r"总统府|总理府|[国防外交财政商务司法能源教育农业内政卫生工信交通]{1,2}部|(?:防卫|经济产业|经产|财务|国土交通|厚生劳动)省|"
    r"央行|智库|论坛|警方|军方|空军|海军|陆军|军队|武装部队|当局|法庭|仲裁院|仲裁委|总工会|银行业协会|平台|机关|党)"
)


#: A country and the acronym of its body, written together (美国 FCC).
_ACRONYM = re.compile(r" ?[A-Z]{3,6}(?![A-Za-z0-9])")


@Language.component(MADE_BY)
def organizations(doc: Doc) -> Doc:
    """Propose names that end like a public body: surely from a known name on, less surely from where words stop."""
    text = doc._.text
    anchors = known_starts(doc)
    for match in _ENDING.finditer(text):
        start = name_start(text, match.start(), longest=20)
        anchor = anchored_start(start, match.start(), anchors)
        if anchor is not None:
            add_candidate(doc, anchor, match.end(), EntityType.ORGANIZATION, 0.85, f"{MADE_BY}:anchored")
        if start != anchor and match.start() - start >= 2:
            add_candidate(doc, start, match.end(), EntityType.ORGANIZATION, 0.3, f"{MADE_BY}:ending")
    for candidate in [c for c in doc._.candidates if c.type is EntityType.REGION and c.confidence > 0.5]:
        acronym = _ACRONYM.match(text, candidate.end)
        if acronym:
            add_candidate(
                doc, candidate.start, acronym.end(), EntityType.ORGANIZATION, 0.5, f"{MADE_BY}:ending"
            )
    return doc
