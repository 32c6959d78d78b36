"""AI models: a known family with its version (Qwen2.5-Max, o3-mini), and the short forms of versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick
from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate
from kg.resources import gazetteers
from kg.schema import EntityType

MADE_BY = "models"

_WORD_BEFORE = re.compile(r"[A-Za-z0-9.-]")
_WORD_AFTER = re.compile(r"[A-Za-z0-9]")

_NUMBER = r"[vVrRkKmM]?\d+(?:\.\d+)*(?:[a-z]{1,2}\b|[A-Z]\d*\b)?"
_SUFFIX = (
    r"(?:Max|Pro|Plus|Flash|Turbo|Mini|mini|Lite|Nano|nano|Air|Ultra|Preview|preview|Thinking|Instruct|Chat|Coder|Code|"
    r"Codex|Vision|VL|Omni|Audio|Image|Video|Music|Reasoner|Reasoning|Sol|Luna|Terra|Opus|Sonnet|Haiku|Large|Medium|"
    r"Small|Base|High|Low|Cyber|Live|Transcribe|Realtime|TTS|Exp|Next|Math|Distill|Deep Research|Advanced|Fast|Speed|"
    r"Highspeed|Edit|Embedding|Robotics|Nova|Spark|\d+(?:\.\d+)?[BM](?:-A\d+B)?|A\d+B|v\d+(?:\.\d+)*|\d{4})"
)
_VERSION = rf"(?:[-‑ ]?{_NUMBER})?(?:[-‑ ]?{_SUFFIX}(?![a-z]))*"
_CHINESE_VERSION = (
    r"(?:大模型|模型)?\s?(?:[vV]?\d+(?:\.\d+)*(?:版)?)?(?:[- ]?(?:Pro|Max|Lite|Turbo|Plus|Mini|Flash))*"
)
_QUOTED = re.compile(
    r"[“\"「]([^“”\"「」，。\n]{2,12})[”\"」](?:AI|人工智能|行业|垂直|多模态|语音|语言)?(?:大模型|模型)"
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = gazetteers.sections("models.txt")
    doubtful = gazetteers.ambiguous()

    def either(names: list[str]) -> str:
        return "|".join(re.escape(name) for name in sorted(set(names), key=lambda n: (-len(n), n)))

    known = [name for name in lists["latin"] if name not in doubtful]
    versioned = lists["version"] + [name for name in lists["latin"] if name in doubtful]
    return (
        re.compile(rf"(?<![A-Za-z0-9-])(?:{either(known)})(?![a-z]){_VERSION}(?![A-Za-z])", re.IGNORECASE),
        re.compile(
            rf"(?<![A-Za-z0-9-])(?:{either(versioned)})[-‑ ]?{_NUMBER}(?:[-‑ ]?{_SUFFIX}(?![a-z]))*(?![A-Za-z0-9])"
        ),
        re.compile(rf"(?:{either(lists['chinese'])}){_CHINESE_VERSION}"),
    )


@Language.component(MADE_BY)
def models(doc: Doc) -> Doc:
    """Propose model families with their versions, and later short forms of a version that the text has named."""
    text = doc._.text
    known, versioned, chinese = _patterns()
    full: list[str] = []
    for match in known.finditer(text):
        add_candidate(doc, match.start(), match.end(), EntityType.MODEL, 0.8, MADE_BY)
        full.append(match[0])
    for match in versioned.finditer(text):
        add_candidate(doc, match.start(), match.end(), EntityType.MODEL, 0.7, MADE_BY)
        full.append(match[0])
    doubtful = gazetteers.ambiguous()
    for match in chinese.finditer(text):
        sure = match[0] not in doubtful
        add_candidate(doc, match.start(), match.end(), EntityType.MODEL, 0.8 if sure else 0.3, MADE_BY)
    for match in _QUOTED.finditer(text):
        add_candidate(doc, match.start(1), match.end(1), EntityType.MODEL, 0.55, MADE_BY)
    for start, end in _places(text, {tail for name in full if (tail := short_form(name))}):
        add_candidate(doc, start, end, EntityType.MODEL, 0.75, MADE_BY)
    return doc


def _places(text: str, words: set[str]) -> Iterator[tuple[int, int]]:
    """Where one of the words stands by itself, in one pass however many there are."""
    if words:
        for _, start, end in AhoCorasick(sorted(words)).find_matches_as_indexes(text, overlapping=True):
            if not _WORD_BEFORE.match(text[start - 1 : start]) and not _WORD_AFTER.match(text, end):
                yield start, end


def short_form(name: str) -> str | None:
    """R1 for DeepSeek-R1, Opus 4.7 for Claude Opus 4.7: the version alone, where it has letter and digit."""
    match = re.search(r"[-‑ ]((?:[A-Z][a-z]+ )?[A-Za-z]+[- ]?\d+(?:\.\d+)*\S*(?: \w+)?)\Z", name)
    return match[1] if match else None
