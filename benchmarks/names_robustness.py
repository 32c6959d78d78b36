"""How many points of names F1 noise costs: traditional script, full width, hard-wrapped lines, spaces in names, ….

usage: python benchmarks/names_robustness.py GOLD.jsonl [--documents N] [--rules-alone] [--limit POINTS]

GOLD.jsonl is in the annotation format (text, mentions with offsets). Every perturbation changes the texts and moves the
gold names along; the exact-span micro F1 on the changed texts is printed with its drop. Ends with 1 where a drop
reaches `--limit` (3 points).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import opencc

from kg.characters import is_han
from kg.extraction import ExtractionSettings, load_pipeline

Name = tuple[int, int, str]
Edit = Callable[[str, list[Name], random.Random], list[str]]

_TRADITIONAL = opencc.OpenCC("s2t")


def unchanged(text: str, names: list[Name], chance: random.Random) -> list[str]:
    return list(text)


def traditional(text: str, names: list[Name], chance: random.Random) -> list[str]:
    pieces = [_TRADITIONAL.convert(c) if is_han(c) else c for c in text]
    return [new if len(new) == 1 else old for new, old in zip(pieces, text, strict=True)]


def full_width(text: str, names: list[Name], chance: random.Random) -> list[str]:
    return [chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c.isalnum() else c for c in text]


def wrapped(text: str, names: list[Name], chance: random.Random) -> list[str]:
    """A line break every 28 characters or so, wherever that falls, names included, but not within Latin words."""
    pieces, width = [], 0
    for i, character in enumerate(text):
        width = 0 if character == "\n" else width + 1
        latin = character.isascii() and text[i + 1 : i + 2].isascii()
        if width >= 28 and not latin:
            pieces.append(character + "\n")
            width = 0
        else:
            pieces.append(character)
    return pieces


def spaced(text: str, names: list[Name], chance: random.Random) -> list[str]:
    """A space within every fifth name of Chinese characters and after every fiftieth character elsewhere."""
    pieces = list(text)
    for start, end, _ in names:
        inner = [i for i in range(start, end - 1) if is_han(text[i]) and is_han(text[i + 1])]
        if inner and chance.random() < 0.2:
            pieces[chance.choice(inner)] += " "
    for i, character in enumerate(text[:-1]):
        if is_han(character) and is_han(text[i + 1]) and chance.random() < 0.02 and pieces[i] == character:
            pieces[i] += " "
    return pieces


def without_full_stops(text: str, names: list[Name], chance: random.Random) -> list[str]:
    """Headlines: full stops and commas are spaces."""
    return [" " if c in "。，" else c for c in text]


def half_width_marks(text: str, names: list[Name], chance: random.Random) -> list[str]:
    return list(text.translate(str.maketrans("，。：；？！（）“”", ',.:;?!()""')))


EDITS: tuple[Edit, ...] = (
    unchanged, traditional, full_width, wrapped, spaced, without_full_stops, half_width_marks,
)  # fmt: skip


def perturb(text: str, names: list[Name], edit: Edit, chance: random.Random) -> tuple[str, list[Name]]:
    """The changed text and the names at their new offsets."""
    pieces = edit(text, names, chance)
    offsets = [0]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    moved = []
    for start, end, type in names:
        last = pieces[end - 1]
        moved.append((offsets[start], offsets[end] - (len(last) - len(last.rstrip())), type))
    return "".join(pieces), moved


def f1(nlp: object, documents: Iterable[tuple[str, list[Name]]]) -> float:
    right = found = gold = 0
    for text, names in documents:
        doc = nlp(text)  # type: ignore[operator]
        spans = {(s.start_char, s.end_char, s.label_) for s in doc.ents}
        right += len(spans & set(names))
        found += len(spans)
        gold += len(set(names))
    return 200 * right / (found + gold) if found + gold else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--documents", type=int, help="the first N documents alone")
    parser.add_argument("--rules-alone", action="store_true")
    parser.add_argument("--limit", type=float, default=3.0, help="largest drop allowed, in points of F1")
    arguments = parser.parse_args()
    lines = arguments.gold.read_text(encoding="utf-8").splitlines()[: arguments.documents]
    documents = [
        (row["text"], [(m["start"], m["end"], m["type"]) for m in row["mentions"]])
        for row in map(json.loads, lines)
    ]
    nlp = load_pipeline(ExtractionSettings(model=not arguments.rules_alone))
    nlp.disable_pipe("relations")
    base = 0.0
    worst = 0.0
    for edit in EDITS:
        chance = random.Random(7)
        score = f1(nlp, [perturb(text, names, edit, chance) for text, names in documents])
        base = base or score
        worst = max(worst, base - score)
        print(f"{edit.__name__.replace('_', ' '):<20} F1 {score:6.2f}   drop {base - score:5.2f}", flush=True)
    print(f"largest drop {worst:.2f} points, allowed below {arguments.limit:g}")
    return int(worst >= arguments.limit)


if __name__ == "__main__":
    sys.exit(main())
