"""Time and memory of linking: 10,000, 100,000 and 1,000,000 mentions of a fifth as many distinct names.

usage: python benchmarks/linking_scale.py [--shared ../shared] [MENTIONS ...]

The names are made from the company short names and surnames that may ship (Apache-2.0): short names, legal names with
places, trades and forms, group names, persons. A name is mentioned by a Zipf-like law in documents of ten mentions.
Each size runs in a process of its own, so that its peak memory is its own. Exit status 1 if the largest default size
takes longer than 90 s or more than 4 GB.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from kg.linking import Decisions, link
from kg.resources.gazetteers import surnames
from kg.schema import EntityType
from kg.tables import Document, Mention

PLACES = [
    "北京",
    "上海",
    "深圳市",
    "广州",
    "杭州",
    "南京",
    "苏州",
    "成都",
    "武汉",
    "西安",
    "江苏",
    "浙江",
    "山东",
    "福建",
    "四川",
    "湖北",
]
TRADES = [
    "科技",
    "信息技术",
    "智能",
    "机器人",
    "生物科技",
    "医药",
    "新材料",
    "新能源",
    "半导体",
    "电子",
    "网络",
    "数据",
    "软件",
    "食品",
    "文化传媒",
    "环保",
]
FORMS = ["有限公司", "股份有限公司", "集团有限公司", "有限责任公司"]
GIVEN = [
    "伟",
    "芳",
    "娜",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "建国",
    "志强",
    "晓东",
    "海燕",
    "文博",
    "子涵",
    "一鸣",
    "浩然",
    "欣怡",
]
SIZES = (10_000, 100_000, 1_000_000)
SECONDS, GIGABYTES = 90, 4


def names(count: int, shared: Path, rng: random.Random) -> list[tuple[EntityType, str]]:
    """Distinct names, two thirds of companies in several spellings and a third of persons."""
    path = shared / "data" / "company_short_names" / "company_short_names.txt"
    if path.exists():
        brands = [line for line in path.read_text(encoding="utf-8").split() if len(line) > 1]
        rng.shuffle(brands)
    else:
        characters = "天华盛安泰和兴隆恒信达远中鼎瑞丰金诚宏博海德源通"
        brands = ["".join(rng.choices(characters, k=3)) for _ in range(count)]
    found: dict[tuple[EntityType, str], None] = {}
    families = sorted(surnames())
    for brand in brands:
        trade, place = rng.choice(TRADES), rng.choice(PLACES)
        spellings = [brand, f"{brand}{trade}", f"{place}{brand}{trade}{rng.choice(FORMS)}", f"{brand}集团"]
        found.update(dict.fromkeys((EntityType.COMPANY, s) for s in spellings[: rng.randint(1, 4)]))
        if rng.random() < 0.9:
            found[
                EntityType.PERSON, rng.choice(families) + "".join(rng.choices(GIVEN, k=rng.randint(1, 2)))
            ] = None
        if len(found) >= count:
            break
    return list(found)[:count]


def measure(count: int, shared: Path) -> None:
    rng = random.Random(20260101)
    known = names(count // 5, shared, rng)
    weights = [1.0 / (10 + rank) for rank in range(len(known))]
    rest = rng.choices(range(len(known)), weights, k=count - len(known))
    chosen = [*range(len(known)), *rest]
    rng.shuffle(chosen)
    mentions, documents = [], []
    for number in range(0, len(chosen), 10):
        doc_id, parts, offset = f"d{number // 10:07}", [], 0
        for index in chosen[number : number + 10]:
            type_, name = known[index]
            end = offset + len(name)
            mentions.append(
                Mention(f"{doc_id}:{offset}:{end}", doc_id, offset, end, type_, name, 1.0, "bench")
            )
            parts.append(name + "表示，")
            offset = end + 3
        documents.append(Document(doc_id, "", "", None, "zh", "".join(parts), ""))
    before, busy = time.perf_counter(), time.process_time()
    result = link(mentions, [], documents, Decisions(), [])
    seconds, busy = time.perf_counter() - before, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    gigabytes = peak / (1 << 30 if sys.platform == "darwin" else 1 << 20)
    print(
        f"{count:>9,} mentions {len(known):>8,} names {len(result.entities):>8,} entities "
        f"{seconds:7.1f} s ({busy:.1f} s of CPU) {count / seconds:>9,.0f} mentions/s {gigabytes:5.2f} GB",
        flush=True,
    )
    if count == SIZES[-1] and (seconds > SECONDS or gigabytes > GIGABYTES):
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mentions", type=int, nargs="*", default=SIZES)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parent.parent.parent / "shared")
    arguments = parser.parse_args()
    if len(arguments.mentions) == 1:
        measure(arguments.mentions[0], arguments.shared)
        return
    status = 0
    for count in arguments.mentions:
        command = [sys.executable, __file__, str(count), "--shared", str(arguments.shared)]
        status = max(status, subprocess.run(command, check=False).returncode)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
