"""What speaks for and against each candidate name, as numbers.

One row a candidate: who proposed it and how surely, what overlaps it, how its surface fares in the rest of the
document, and the characters around it. `FEATURES` names the columns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kg.characters import is_han
from kg.extraction.annotations import Candidate
from kg.schema import EntityType

TYPES = tuple(EntityType)
ENCODER = "encoder"
#: Components and their rules whose confidence is a column of its own.
MAKERS = (
    ENCODER,
    "gazetteer",
    "policies",
    "companies:legal_form",
    "companies:legal_form_anchored",
    "companies:trade_word",
    "companies:trade_word_anchored",
    "companies:latin_form",
    "organizations:anchored",
    "organizations:ending",
    "models",
    "persons:title",
    "persons:saying",
    "persons:foreign",
    "persons:latin",
    "persons:byline",
    "definitions:explicit",
    "definitions:bracket",
    "repeats",
)
_MAKER_COLUMN = {maker: i for i, maker in enumerate(MAKERS)}
_AFTER = tuple(
    re.compile(pattern)
    for pattern in (
        r"公司|集团|股份|科技|银行|旗下|股价|CEO|创始人",
        r"大?模型|App|助手|版本|系列|API",
        r"政府|市|省|县|区|州|地区|当局|军|人|队|籍|产|特色|式|元",
        r"表示|称|说|认为|指出|先生|女士|博士|教授",
        r"发布|推出|宣布|开源|上线|收购|投资|完成|成立|签署",
        r"[，。、；：！？）》”,.;:!?)]|\Z|\s",
        r"的|和|与|及|等|在|是|将",
    )
)
_BEFORE = tuple(
    re.compile(pattern + r"\Z")
    for pattern in (
        r"[“\"「‘]",
        r"《",
        r"模型|助手|版本|使用|基于|开源",
        r"[，。、；：！？（《“,.;:!?(\s]|\A",
        r"的|在|与|和|由|对|从",
    )
)
FEATURES = (
    *MAKERS,
    *(f"is {type}" for type in TYPES),
    "tags agree",
    "tags begin",
    "tags end",
    "tags of type",
    "tags outside",
    "tags begin before",
    "tags end after",
    "tags aligned",
    "encoder other type",
    "encoder overlapping",
    "encoder overlapping is longer",
    "rules other type",
    "rules containing",
    "rules contained",
    "rules crossing",
    "makers",
    "characters",
    "latin",
    "digit",
    "han before",
    "han after",
    "latin after",
    "places in document",
    "encoder most in document",
    "encoder mean in document",
    "encoder other type in document",
    "rules most in document",
    "encoder found in document",
    *(f"after {i}" for i in range(len(_AFTER))),
    *(f"before {i}" for i in range(len(_BEFORE))),
)


@dataclass(slots=True)
class Proposal:
    """One stretch with one type, and what each component said of it."""

    start: int
    end: int
    type: EntityType
    confidence: dict[str, float] = field(default_factory=dict)

    @property
    def encoder(self) -> float:
        return self.confidence.get(ENCODER, 0.0)

    @property
    def rules(self) -> float:
        return max((c for maker, c in self.confidence.items() if maker != ENCODER), default=0.0)


def proposals(candidates: Sequence[Candidate]) -> list[Proposal]:
    """Candidates of one stretch and type together, in reading order."""
    found: dict[tuple[int, int, EntityType], Proposal] = {}
    for c in candidates:
        proposal = found.setdefault((c.start, c.end, c.type), Proposal(c.start, c.end, c.type))
        proposal.confidence[c.made_by] = max(c.confidence, proposal.confidence.get(c.made_by, 0.0))
    return sorted(found.values(), key=lambda p: (p.start, p.end, p.type))


@dataclass(frozen=True, slots=True)
class TagScores:
    """The encoder's tags: `offsets` [pieces, 2] in code points, `probabilities` [pieces, 1 + 4 types].

    The columns are outside, then begin, inside, end and single for each type in the order of `EntityType`.
    """

    offsets: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]

    @classmethod
    def of_emissions(cls, offsets: npt.NDArray[np.int64], emissions: npt.NDArray[np.float32]) -> TagScores:
        """Softmax of the network's scores [pieces, 1 + 4 types]."""
        scores = np.exp(emissions - emissions.max(axis=1, keepdims=True), dtype=np.float64)
        return cls(offsets, scores / scores.sum(axis=1, keepdims=True))


def evidence(
    text: str, folded: str, found: Sequence[Proposal], tags: TagScores | None = None
) -> npt.NDArray[np.float32]:
    """The matrix [len(found), len(FEATURES)] for the proposals of one document (as `proposals` gives them)."""
    rows = np.zeros((len(found), len(FEATURES)), dtype=np.float32)
    surfaces = ["".join(folded[p.start : p.end].split()) for p in found]
    by_surface: dict[str, _Places] = defaultdict(_Places)
    for proposal, surface in zip(found, surfaces, strict=True):
        by_surface[surface].add(proposal)
    for i, (proposal, surface) in enumerate(zip(found, surfaces, strict=True)):
        row = [0.0] * len(MAKERS)
        for maker, confidence in proposal.confidence.items():
            row[_MAKER_COLUMN[maker]] = confidence
        row += [float(proposal.type is type) for type in TYPES]
        row += _tagged(proposal, tags) if tags is not None and len(tags.offsets) else [0.0] * 8
        row += _neighbours(found, i)
        first, after = text[proposal.start], text[proposal.end : proposal.end + 1]
        before = text[proposal.start - 1 : proposal.start]
        row += [
            float(len(proposal.confidence)),
            float(len(surface)),
            float(surface.isascii()),
            float(any(map(str.isdigit, surface))),
            float(bool(before) and is_han(before) and is_han(first)),
            float(bool(after) and is_han(after)),
            float(after.isascii() and after.isalpha()),
        ]
        row += by_surface[surface].elsewhere(proposal)
        row += [float(bool(pattern.match(text, proposal.end))) for pattern in _AFTER]
        window = text[max(0, proposal.start - 3) : proposal.start]
        row += [float(bool(pattern.search(window))) for pattern in _BEFORE]
        rows[i] = row
    return rows


def _tagged(proposal: Proposal, tags: TagScores) -> list[float]:
    """Columns from `tags agree` to `tags aligned`: what the encoder's tags say of this very stretch and type."""
    offsets, probabilities = tags.offsets, tags.probabilities
    first = int(np.searchsorted(offsets[:, 1], proposal.start, side="right"))
    last = int(np.searchsorted(offsets[:, 0], proposal.end, side="left")) - 1
    if last < first:
        return [-20.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
    begin = 1 + 4 * TYPES.index(proposal.type)
    inside, end, single = begin + 1, begin + 2, begin + 3
    rows = probabilities[first : last + 1]
    if first == last:
        agree = float(rows[0, single])
    else:
        agree = float(rows[0, begin] * rows[1:-1, inside].prod() * rows[-1, end])
    before = probabilities[first - 1] if first else None
    after = probabilities[last + 1] if last + 1 < len(probabilities) else None
    return [
        max(-20.0, float(np.log(agree + 1e-12))),
        float(rows[0, begin] + rows[0, single]),
        float(rows[-1, end] + rows[-1, single]),
        float(rows[:, begin : single + 1].sum() / len(rows)),
        float(rows[:, 0].mean()),
        float(before[1::4].sum() + before[2::4].sum()) if before is not None else 0.0,
        float(after[2::4].sum() + after[3::4].sum()) if after is not None else 0.0,
        float(offsets[first, 0] == proposal.start and offsets[last, 1] == proposal.end),
    ]


def _neighbours(found: Sequence[Proposal], index: int) -> list[float]:
    """Columns from `encoder other type` to `rules crossing`."""
    this = found[index]
    other_type = overlapping = longer = rules_type = containing = contained = crossing = 0.0
    for other in _overlapping(found, index):
        if (other.start, other.end) == (this.start, this.end):
            other_type = max(other_type, other.encoder)
            rules_type = max(rules_type, other.rules)
            continue
        if other.encoder > overlapping:
            overlapping = other.encoder
            longer = 1.0 if other.end - other.start > this.end - this.start else -1.0
        if other.start <= this.start and other.end >= this.end:
            containing = max(containing, other.rules)
        elif other.start >= this.start and other.end <= this.end:
            contained = max(contained, other.rules)
        else:
            crossing = max(crossing, other.rules)
    return [other_type, overlapping, longer, rules_type, containing, contained, crossing]


#: No name is longer than this; proposals further apart do not overlap.
_REACH = 220


def _overlapping(found: Sequence[Proposal], index: int) -> list[Proposal]:
    this = found[index]
    others: list[Proposal] = []
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(found):
            other = found[at]
            if (step > 0 and other.start >= this.end) or (step < 0 and other.start < this.start - _REACH):
                break
            if other.start < this.end and this.start < other.end:
                others.append(other)
            at += step
    return others


class _Most:
    """The greatest of the values at many places, and the greatest of those at all but one."""

    def __init__(self) -> None:
        self._best = self._second = (0.0, -1)

    def add(self, value: float, place: int) -> None:
        if place == self._best[1]:
            self._best = max(self._best, (value, place))
        elif value > self._best[0]:
            self._best, self._second = (value, place), self._best
        elif value > self._second[0]:
            self._second = (value, place)

    def without(self, place: int) -> float:
        return (self._second if place == self._best[1] else self._best)[0]


class _Places:
    """The proposals of one surface, counted so that each can be compared with all others in one step."""

    def __init__(self) -> None:
        self._at: dict[int, list[Proposal]] = defaultdict(list)
        self._encoder: dict[EntityType, _Most] = defaultdict(_Most)
        self._rules: dict[EntityType, _Most] = defaultdict(_Most)
        self._sums: dict[EntityType, float] = defaultdict(float)
        self._found = 0

    def add(self, proposal: Proposal) -> None:
        self._at[proposal.start].append(proposal)
        self._encoder[proposal.type].add(proposal.encoder, proposal.start)
        self._rules[proposal.type].add(proposal.rules, proposal.start)
        self._sums[proposal.type] += proposal.encoder
        self._found += proposal.encoder > 0.5

    def elsewhere(self, this: Proposal) -> list[float]:
        """Columns from `places in document` to `encoder found in document`: this surface at other places."""
        others = len(self._at) - 1
        if not others:
            return [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        here = self._at[this.start]
        own = self._sums[this.type] - sum(p.encoder for p in here if p.type is this.type)
        return [
            float(min(others + 1, 20)),
            self._encoder[this.type].without(this.start),
            max(own, 0.0) / others,
            max((m.without(this.start) for t, m in self._encoder.items() if t is not this.type), default=0.0),
            self._rules[this.type].without(this.start),
            (self._found - sum(p.encoder > 0.5 for p in here)) / others,
        ]
