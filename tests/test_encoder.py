"""The trained name model as a component: what it finds, and that nothing but the text decides it."""

from __future__ import annotations

import itertools
import json
import pickle
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.extraction import encoder
from kg.extraction.encoder import MODEL_FOLDER, NameModel
from kg.extraction.encoder_input import CHANNELS, LONGEST_WINDOW, EncoderInput, owned, windows
from kg.extraction.encoder_tags import TagModel, decode

MODEL = NameModel()
TO_TRADITIONAL = opencc.OpenCC("s2t")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "gold"

TEXTS = (
    "北京智谱华章科技有限公司宣布完成新一轮融资，由华发集团领投，本轮融资金额为5亿元。",
    "阿里巴巴在杭州发布新一代大模型通义千问，称其性能超过GPT-4o。",
    "国家互联网信息办公室发布《生成式人工智能服务管理暂行办法》，自8月15日起施行。",
    "英伟达首席执行官黄仁勋表示，公司将继续向中国市场供货。",
    "OpenAI and Microsoft said on Monday that they would expand their partnership in Japan.",
    "美国商务部将多家中国企业列入实体清单，上海证券交易所当日收盘下跌。",
)


def names(text: str, model: NameModel = MODEL) -> list[tuple[str, str, float]]:
    return [(text[s:e], t.value, c) for s, e, t, c in model.names(model.encode(text))]


def found(text: str) -> set[tuple[str, str]]:
    return {(surface, kind) for surface, kind, _ in names(text)}


def test_finds_full_names_with_exact_boundaries() -> None:
    assert {("北京智谱华章科技有限公司", "Company"), ("华发集团", "Company")} <= found(TEXTS[0])
    assert {("英伟达", "Company"), ("黄仁勋", "Person"), ("中国", "Region")} <= found(TEXTS[3])
    assert {("美国商务部", "Organization"), ("上海证券交易所", "Organization")} <= found(TEXTS[5])


def test_a_policy_stands_without_its_marks() -> None:
    assert ("生成式人工智能服务管理暂行办法", "Policy") in found(TEXTS[2])


def test_names_in_english_sentences() -> None:
    assert {("OpenAI", "Company"), ("Microsoft", "Company"), ("Japan", "Region")} <= found(TEXTS[4])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The European Commission fined Apple and Meta under the Digital Markets Act.",
            {
                ("European Commission", "Organization"),
                ("Apple", "Company"),
                ("Digital Markets Act", "Policy"),
            },
        ),
        (
            "Anthropic's Claude 3.7 Sonnet beats OpenAI's o3-mini, Dario Amodei said in San Francisco.",
            {("Anthropic", "Company"), ("Claude 3.7 Sonnet", "Model"), ("Dario Amodei", "Person")},
        ),
        (
            "TSMC will spend another $100 billion on plants in Arizona, Donald Trump announced at the White House.",
            {("TSMC", "Company"), ("Arizona", "Region"), ("Donald Trump", "Person")},
        ),
        (
            "百度CEO李彦宏 said Ernie 4.5 would be open-sourced; Alibaba answered with Qwen2.5-VL.",
            {("百度", "Company"), ("李彦宏", "Person"), ("Ernie 4.5", "Model"), ("Qwen2.5-VL", "Model")},
        ),
    ],
)
def test_english_and_mixed_text(text: str, expected: set[tuple[str, str]]) -> None:
    assert expected <= found(text)


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("英伟达首席执行官黄仁勋访问上海。", "英偉達首席執行官黃仁勳訪問上海。"),
        ("英伟达首席执行官黄仁勋访问上海。", "英伟达首席执行官黄仁勋访问上\n海。"),
        ("英伟达首席执行官黄仁勋访问上海。", "英伟达 首席 执行官 黄仁勋 访问 上海 。"),
        ("微软向OpenAI投资，谷歌发布Gemini。", "微软向ＯｐｅｎＡＩ投资，谷歌发布Ｇｅｍｉｎｉ。"),
    ],
)
def test_width_script_and_line_breaks_change_nothing(plain: str, written: str) -> None:
    kinds = [kind for _, kind, _ in names(plain)]
    assert [kind for _, kind, _ in names(written)] == kinds
    assert len(kinds) >= 3


def test_a_long_text_gives_what_its_paragraphs_give() -> None:
    paragraph = "".join(TEXTS[:4])
    text = (paragraph + "\n") * 12
    surfaces = [surface for surface, _, _ in names(text)]
    assert len(MODEL.inputs.pieces(text).ids) > 2 * LONGEST_WINDOW
    for name in ("北京智谱华章科技有限公司", "黄仁勋", "生成式人工智能服务管理暂行办法"):
        assert surfaces.count(name) == 12


def test_result_depends_on_the_text_alone() -> None:
    texts = [*TEXTS, "".join(TEXTS) * 6, "", "\n\n", "。" * 1500]
    alone = [names(text) for text in texts]
    order = list(range(len(texts)))
    random.Random(5).shuffle(order)
    again = {i: names(texts[i], NameModel()) for i in order}
    assert [again[i] for i in range(len(texts))] == alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(names, texts, [pickle.loads(pickle.dumps(MODEL))] * len(texts))) == alone


@settings(max_examples=30, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("中国华为发布OpenAI 《》“”\n\t·，。①ﬁ𠀀é１Ａ\u200b[MASK]"), max_size=80)
)
def test_names_lie_in_the_text_in_order_and_apart(text: str) -> None:
    last = 0
    for start, end, _, confidence in MODEL.names(MODEL.encode(text)):
        assert last <= start < end <= len(text)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert 0 <= confidence <= 1
        last = end


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 3000), st.lists(st.integers(1, 2999), max_size=80))
def test_windows_cover_every_piece_once(count: int, breaks: list[int]) -> None:
    starts = tuple(sorted({b for b in breaks if b < count}))
    spans = windows(count, starts)
    own = owned(spans)
    assert [i for start, end in own for i in range(start, end)] == list(range(count))
    for (start, end), (own_start, own_end) in zip(spans, own, strict=True):
        assert start <= own_start <= own_end <= end <= start + LONGEST_WINDOW


def test_decoding_agrees_with_going_through_all_paths() -> None:
    tags = ("O", "B-X", "I-X", "E-X", "S-X")
    random_numbers = np.random.default_rng(3)
    follows = {"O": "OBS", "E": "OBS", "S": "OBS", "B": "IE", "I": "IE"}
    step = np.array([[0.0 if b[0] in follows[a[0]] else -1e4 for b in tags] for a in tags])
    step += random_numbers.normal(size=step.shape)
    start = np.array([0.0 if tag[0] in "OBS" else -1e4 for tag in tags])
    end = np.array([0.0 if tag[0] in "OES" else -1e4 for tag in tags])
    model = TagModel(tags, step, start, end)
    for length in (1, 2, 5):
        emissions = random_numbers.normal(scale=2, size=(length, len(tags))).astype(np.float32)
        best, total, mass = (-np.inf, ()), 0.0, {}
        for path in np.ndindex(*[len(tags)] * length):
            score = start[path[0]] + end[path[-1]] + sum(emissions[i, t] for i, t in enumerate(path))
            score += sum(step[a, b] for a, b in pairwise(path))
            weight = float(np.exp(score))
            total += weight
            spans, begin = [], 0
            for i, t in enumerate(path):
                begin = i if tags[t][0] in "BS" else begin
                if tags[t][0] in "ES":
                    spans.append((begin, i))
            for span in spans:
                mass[span] = mass.get(span, 0.0) + weight
            if score > best[0]:
                best = (score, tuple(spans))
        decoded = decode(model, emissions, np.zeros(length, dtype=bool), least=0.02)
        assert tuple((s.first, s.last) for s in decoded if s.best) == best[1]
        for span in decoded:
            assert span.probability == pytest.approx(mass[span.first, span.last] / total, rel=1e-6)
        likely = {span for span, weight in mass.items() if weight / total >= 0.02}
        assert likely <= {(s.first, s.last) for s in decoded}


def test_a_sentence_is_decoded_as_it_is_in_a_text_of_any_length() -> None:
    text = "".join(TEXTS[:4])
    alone, among = names(text), names(text * 20)
    assert {(surface, kind) for surface, kind, _ in alone} <= {(surface, kind) for surface, kind, _ in among}


def test_states_of_a_huge_text_lie_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = MODEL.encode(TEXTS[0])
    monkeypatch.setattr(encoder, "LARGEST_IN_MEMORY", 0)
    found = MODEL.encode(TEXTS[0])
    assert isinstance(found.hidden, np.memmap)
    assert np.array_equal(found.hidden, expected.hidden)


def test_word_lists_are_found_across_line_breaks() -> None:
    lexicon = EncoderInput(MODEL_FOLDER).lexicon
    starts, ends = 1 << 3 * CHANNELS.index("region"), 4 << 3 * CHANNELS.index("region")
    codes = lexicon.codes("黑\n龙江")
    assert int(codes[0]) & starts
    assert int(codes[3]) & ends


def test_latin_words_are_found_whole() -> None:
    lexicon = EncoderInput(MODEL_FOLDER).lexicon
    starts = 1 << 3 * CHANNELS.index("model")
    assert int(lexicon.codes("gpt-4o发布")[0]) & starts
    assert not int(lexicon.codes("gptx")[0]) & starts


@pytest.mark.parametrize("file", ["names.onnx", "names.json", "tokenizer.json", "lexicon.txt.gz"])
@pytest.mark.parametrize("damage", ["missing", "cut", "nonsense"])
def test_a_damaged_model_is_named(tmp_path: Path, file: str, damage: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    path = folder / file
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_bytes(b"\x00nonsense")
    with pytest.raises(KgError, match=file):
        names(TEXTS[0], NameModel(folder))


def test_what_ships_stays_small() -> None:
    assert sum(path.stat().st_size for path in MODEL_FOLDER.iterdir()) < 40_000_000


annotated = pytest.mark.skipif(not SHARED.exists(), reason="needs the annotated documents in ../shared/gold")


def wrap(character: str, column: int) -> str:
    return character + ("\n" if column % 31 == 30 and not character.isascii() else "")


def drop_punctuation(character: str, column: int) -> str:
    return " " if character in "，。；" else character


def write_differently(character: str, column: int) -> str:
    """Full width and traditional script, one character for one."""
    if "!" <= character <= "~":
        return chr(ord(character) + 0xFEE0)
    traditional = TO_TRADITIONAL.convert(character)
    return traditional if len(traditional) == 1 else character


def dev_score(change: Callable[[str, int], str] | None = None) -> tuple[float, list[tuple[float, bool]]]:
    """Exact F1 on dev.jsonl, each character of its texts changed, and every name's confidence and rightness."""
    right = guessed = gold = 0
    judged = []
    for line in (SHARED / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        parts = [change(c, i) if change else c for i, c in enumerate(document["text"])]
        starts = [0, *itertools.accumulate(map(len, parts))]
        truth = {(starts[m["start"]], starts[m["end"] - 1] + 1, m["type"]) for m in document["mentions"]}
        text = "".join(parts)
        found = {(s, e, kind.value): c for s, e, kind, c in MODEL.names(MODEL.encode(text))}
        judged += [(confidence, name in truth) for name, confidence in found.items()]
        right, guessed, gold = right + len(truth & set(found)), guessed + len(found), gold + len(truth)
    return 2 * right / (guessed + gold), judged


@annotated
def test_names_of_the_annotated_documents() -> None:
    """The encoder alone, before word lists and patterns; and noise costs less than three points."""
    plain, judged = dev_score()
    assert plain > 0.85
    for change in (wrap, drop_punctuation, write_differently):
        assert dev_score(change)[0] > plain - 0.03, change.__name__
    confidence = np.array([c for c, _ in judged])
    right = np.array([float(r) for _, r in judged])
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean()) for b in set(bins)
    )
    assert error < 0.05
