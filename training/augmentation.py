"""New versions of annotated texts: other names in the same places, and the noise of extracted text."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from training.documents import Annotated, Name
from training.english import NAMES, names_of

PUNCTUATION = set("，。、；：,.;:！？!?")


POLICY_HEADS = (
    "", "关于", "国务院关于", "推动", "促进", "支持", "加快", "上海市", "深圳市", "浙江省", "“十五五”",
    "国家",
)  # fmt: skip
POLICY_THEMES = (
    "人工智能", "数字经济", "低空经济", "数据要素", "新能源汽车", "集成电路产业", "算力基础设施",
    "银行业", "跨境数据流动", "生成式人工智能服务", "网络安全", "个人信息保护", "消费品以旧换新",
    "制造业数字化转型", "具身智能机器人", "绿色金融", "民营经济", "未来产业", "养老服务", "资本市场",
    "上市公司并购重组", "专利", "碳排放权交易", "人工智能终端",
)  # fmt: skip
POLICY_ENDINGS = (
    "发展规划", "行动方案", "三年行动计划（2025—2027年）", "管理办法", "管理暂行办法", "条例",
    "实施意见", "指导意见", "若干措施", "的若干意见", "发展的通知", "高质量发展行动计划", "法", "促进法",
    "实施细则", "监督管理规定", "白名单", "专项行动", "试点方案",
)  # fmt: skip


def versioned(brand: str, chooser: random.Random) -> str:
    """A made-up version of a model's name: Qwen-3.5-Max, Grok 7, R4."""
    number = chooser.choice(
        ("2", "3", "4", "5", "1.5", "2.5", "3.1", "4.5", "5.2", "V2", "V4", "R2", "K2", "o4", "M1")
    )
    size = chooser.choice(
        ("", "", "", "-7B", "-32B", "-mini", "-Max", " Pro", " Flash", "-Turbo", " Ultra", "-VL", "-Coder")
    )
    return brand + chooser.choice((" ", "-", "-", "")) + number + size


def policy(chooser: random.Random) -> str:
    """A made-up name of a policy: 推动低空经济发展行动方案."""
    return "".join(chooser.choice(part) for part in (POLICY_HEADS, POLICY_THEMES, POLICY_ENDINGS))


@dataclass(frozen=True)
class Pools:
    """Names to put in the place of others, by type."""

    names: dict[str, list[str]]

    @classmethod
    def gather(cls, documents: list[Annotated], data: Path, known: dict[str, int]) -> Pools:
        """Names of the training documents and of the open sets; `known` are words of a general dictionary."""
        names: dict[str, set[str]] = defaultdict(set)
        for document in documents:
            for name in document.names:
                names[name.type].add(document.text[name.start : name.end])
        brands = [
            line
            for line in (data / "company_short_names/company_short_names.txt")
            .read_text(encoding="utf-8")
            .splitlines()
            if 2 <= len(line) <= 6 and line not in known
        ]
        chooser = random.Random(7)
        names["Company"] |= set(chooser.sample(brands, 6000))
        for line in (data / "finre/train.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            names["Company"] |= {row["head"], row["tail"]}
        for file in ("provinces", "cities", "areas"):
            rows = (data / f"cn_divisions/{file}.csv").read_text(encoding="utf-8").splitlines()[1:]
            for row in chooser.sample(rows, min(len(rows), 400)):
                division = row.split(",")[1].strip('"')
                names["Region"].add(division)
                if len(division) > 2 and division[-1] in "省市":
                    names["Region"].add(division[:-1])
        for line in (data / "models_dev/models.jsonl").read_text(encoding="utf-8").splitlines():
            names["Model"].add(json.loads(line)["name"])
        for line in (data / "llms_in_china/llms.jsonl").read_text(encoding="utf-8").splitlines():
            names["Model"].add(json.loads(line)["model"].split("/")[0])
        surnames = [
            json.loads(line)
            for line in (data / "person_names/family_names_中文姓氏1074个.jsonl")
            .read_text(encoding="utf-8")
            .splitlines()[1:]
        ]
        given = [n[1:] for n in sorted(names["Person"]) if len(n) == 3 and "·" not in n and not n.isascii()]
        weights = [int(count) for _, count in surnames]
        for surname, _ in chooser.choices(surnames, weights, k=3000):
            tail = chooser.choice(given)
            names["Person"].add(surname + (tail if chooser.random() < 0.8 else chooser.choice(tail)))
        for kind in NAMES:
            names[kind] |= {name.removeprefix("the ") for name in names_of(kind)}
        brands_of_models = [name for name in sorted(names["Model"]) if name.isascii() and name.isalpha()]
        for _ in range(400):
            names["Model"].add(versioned(chooser.choice(brands_of_models), chooser))
        for _ in range(400):
            names["Policy"].add(policy(chooser))
        return cls({kind: sorted(values) for kind, values in sorted(names.items())})


def replace_names(document: Annotated, pools: Pools, rate: float, chooser: random.Random) -> Annotated:
    """Replace a share `rate` of the distinct names by others of their type, the same everywhere in the text."""
    text = document.text
    swaps: dict[tuple[str, str], str] = {}
    for key in sorted({(text[n.start : n.end], n.type) for n in document.names}):
        if chooser.random() < rate:
            swaps[key] = chooser.choice(pools.names[key[1]])
    if not swaps:
        return document
    parts: list[str] = []
    names: list[Name] = []
    length = position = 0
    for name in document.names:
        before = text[position : name.start]
        surface = text[name.start : name.end]
        surface = swaps.get((surface, name.type), surface)
        parts += [before, surface]
        start = length + len(before)
        length = start + len(surface)
        names.append(replace(name, start=start, end=length))
        position = name.end
    return replace(document, text="".join(parts) + text[position:], names=tuple(names))


def add_noise(document: Annotated, chooser: random.Random) -> Annotated:
    """Hard-wrap lines, spread spaces, or drop punctuation; names keep their characters, perhaps with breaks inside."""
    text = document.text
    kind = chooser.choice(("wrap", "spaces", "punctuation", "join"))
    inserted: list[str] = []
    width = chooser.randint(15, 45)
    line_break = chooser.choice(("\n", "\n", "\n\n", " "))
    rate = chooser.choice((0.02, 0.05, 0.3))
    column = 0
    starts = {n.start for n in document.names} | {n.end - 1 for n in document.names}
    for i, character in enumerate(text):
        out = character
        latin = character.isascii() and character.isalnum()
        column = 0 if character == "\n" else column + 1
        if kind == "wrap" and column >= width and not latin:
            out, column = character + line_break, 0
        elif kind == "spaces" and not latin and not character.isspace() and chooser.random() < rate:
            out = character + " "
        elif (
            kind == "punctuation" and character in PUNCTUATION and i not in starts and chooser.random() < 0.7
        ) or (kind == "join" and character == "\n" and i not in starts):
            out = " " if kind == "punctuation" else ""
        inserted.append(out)
    position, moved = 0, []
    for out in inserted:
        moved.append(position)
        position += len(out)
    names = []
    for name in document.names:
        last = inserted[name.end - 1]
        names.append(
            replace(name, start=moved[name.start], end=moved[name.end - 1] + max(1, len(last.rstrip())))
        )
    return replace(document, text="".join(inserted), names=tuple(names))


def vary(
    document: Annotated, pools: Pools, chooser: random.Random, replacing: float, noise: float
) -> Annotated:
    """One training version: names replaced in half of the versions, noise in a share `noise` of them."""
    if chooser.random() < 0.5:
        document = replace_names(document, pools, replacing, chooser)
    if chooser.random() < noise:
        document = add_noise(document, chooser)
    return document
