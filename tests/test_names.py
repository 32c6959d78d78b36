"""Which names the pipeline finds: every type, aliases, repeats, English text, noise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.characters import fold
from kg.errors import KgError
from kg.extraction import ExtractionSettings, load_pipeline
from kg.extraction.annotations import Candidate
from kg.extraction.boundaries import name_start
from kg.extraction.choosing import best_sum_indexes, choose
from kg.extraction.definitions import definitions_in
from kg.extraction.matching import NameMatcher
from kg.extraction.policies import titles
from kg.extraction.tokenizer import tokenize
from kg.schema import EntityType
from kg.tables import Document, Section

GOLD = Path(__file__).parents[2] / "shared" / "gold"

Names = set[tuple[str, str]]


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline(ExtractionSettings())


@pytest.fixture(scope="module")
def rules():
    return load_pipeline(ExtractionSettings(model=False))


def read(nlp, text: str):
    doc = nlp.make_doc(text)
    doc._.document = Document("d", "s", "", None, "zh", text, "")
    doc._.sections = [Section("d", 0, len(text), "paragraph")]
    for _, component in nlp.pipeline[:-1]:  # names alone, relations have their own tests
        doc = component(doc)
    return doc


def names(nlp, text: str) -> Names:
    return {(span.text, span.label_) for span in read(nlp, text).ents}


# Every type, by the whole pipeline and by the rules alone.

SENTENCES = [
    (
        "市场监管总局7月3日宣布，对宁波星河精密制造有限公司作出行政处罚。",
        {("市场监管总局", "Organization"), ("宁波星河精密制造有限公司", "Company")},
    ),
    (
        "国家网信办等部门公布《生成式人工智能服务管理暂行办法》，自8月15日起施行。",
        {("国家网信办", "Organization"), ("生成式人工智能服务管理暂行办法", "Policy")},
    ),
    (
        "阿里巴巴开源Qwen3-Coder，称其表现超过GPT-4.1和Claude Opus 4。",
        {
            ("阿里巴巴", "Company"),
            ("Qwen3-Coder", "Model"),
            ("GPT-4.1", "Model"),
            ("Claude Opus 4", "Model"),
        },
    ),
    (
        "英伟达创始人黄仁勋在台北表示，公司将在德国建设工厂。",
        {("英伟达", "Company"), ("黄仁勋", "Person"), ("台北", "Region"), ("德国", "Region")},
    ),
    (
        "微软首席执行官萨提亚·纳德拉访问了清华大学。",
        {("微软", "Company"), ("萨提亚·纳德拉", "Person"), ("清华大学", "Organization")},
    ),
    (
        "美国商务部将两家企业列入“实体清单”，中国商务部回应称坚决反对。",
        {("美国商务部", "Organization"), ("中国商务部", "Organization"), ("实体清单", "Policy")},
    ),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
@pytest.mark.parametrize("pipeline", ["nlp", "rules"])
def test_finds_every_type_with_exact_boundaries(pipeline, text, expected, request):
    assert names(request.getfixturevalue(pipeline), text) >= expected


ENGLISH = [
    (
        "OpenAI and Microsoft will invest in a data center in Ohio, CEO Sam Altman said.",
        {("OpenAI", "Company"), ("Microsoft", "Company"), ("Sam Altman", "Person")},
    ),
    (
        "Nvidia said Tuesday that China is testing DeepSeek-R1 on its own chips.",
        {("Nvidia", "Company"), ("China", "Region"), ("DeepSeek-R1", "Model")},
    ),
    (
        "The European Commission fined Meta, and Reuters reported that Google may be next.",
        {("European Commission", "Organization"), ("Meta", "Company"), ("Google", "Company")},
    ),
    (
        "Anthropic released Claude Opus 4.5 in San Francisco.",
        {("Anthropic", "Company"), ("Claude Opus 4.5", "Model"), ("San Francisco", "Region")},
    ),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_finds_names_in_english_sentences(nlp, text, expected):
    assert names(nlp, text) >= expected


def test_a_word_in_small_letters_is_no_name(nlp):
    assert not names(nlp, "The team used meta learning and a flash drive to seed the model.")


@pytest.mark.parametrize(
    ("plain", "noisy"),
    [
        ("国家数据局在北京发布通知。", "國家數據局在北京發布通知。"),
        ("特斯拉上海工厂恢复生产，马斯克表示满意。", "特斯拉上海工\n厂恢复生产，马斯\n克表示满意。"),
        ("OpenAI发布GPT-4o。", "ＯｐｅｎＡＩ发布ＧＰＴ－４ｏ。"),
    ],
)
def test_noise_in_the_text_does_not_hide_names(nlp, plain, noisy):
    clean = {(fold(text), label) for text, label in names(nlp, plain)}
    assert clean
    assert {("".join(fold(text).split()), label) for text, label in names(nlp, noisy)} >= clean


# Aliases and repeats.


def test_an_alias_defined_in_brackets_counts_everywhere_and_joins_its_name(nlp):
    text = (
        "苏州晨星微电子股份有限公司（以下简称“晨星微”）昨日公告。分析师认为，此次扩产对晨星微影响有限。"
        "美国证券交易委员会（SEC）也在关注，SEC没有回应。"
    )
    doc = read(nlp, text)
    by_text = {}
    for span in doc.ents:
        by_text.setdefault(span.text, set()).add(doc._.clusters[f"d:{span.start_char}:{span.end_char}"])
    assert by_text["晨星微"] == by_text["苏州晨星微电子股份有限公司"]
    assert len(by_text["晨星微"]) == 1
    assert by_text["SEC"] == by_text["美国证券交易委员会"]
    assert sum(span.text == "晨星微" for span in doc.ents) == 2


def test_definitions_leave_out_what_is_no_alias():
    text = "甲公司（以下简称“公司”）净利润（单位：亿元）增长，工厂（一期）投产，该行（601398.SH）上涨。"
    assert [text[d.start : d.end] for d in definitions_in(text)] == []


def test_every_name_says_who_found_it_and_how_surely(nlp):
    doc = read(nlp, SENTENCES[0][0])
    assert doc.ents
    for span in doc.ents:
        assert 0 < span._.confidence <= 1
        assert span._.made_by


# The watch list.


def write_list(folder: Path, *rows: str) -> Path:
    path = folder / "names.csv"
    path.write_text("name,aliases,type,ticker,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_watch_list_always_wins(tmp_path):
    path = write_list(tmp_path, "青禾,青禾智造|Qinghe,Organization,,", "北京,,Company,,我们的客户")
    nlp = load_pipeline(ExtractionSettings(watch_list=path, model=False, min_confidence=0.99))
    text = "青禾与QINGHE是一家，青禾智造昨天在北京签约，上海也在谈。"
    found = [(s.text, s.label_, s._.made_by) for s in read(nlp, text).ents if s._.made_by == "watch_list"]
    assert found == [
        ("青禾", "Organization", "watch_list"),
        ("QINGHE", "Organization", "watch_list"),
        ("青禾智造", "Organization", "watch_list"),
        ("北京", "Company", "watch_list"),
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("青禾,,Firm,,", "line 2: unknown type 'Firm'"),
        (",青禾,Company,,", "line 2: the name is empty"),
        ("青禾,,Company,,note, with a comma", "line 2: more cells than columns"),
        ("青禾,,Company,,\n青禾,,Model,,", "line 3: '青禾' already stands in line 2"),
    ],
)
def test_a_bad_row_of_the_watch_list_is_named_by_its_line(tmp_path, row, complaint):
    with pytest.raises(KgError, match=r"names\.csv"):
        load_pipeline(ExtractionSettings(watch_list=write_list(tmp_path, row), model=False))
    with pytest.raises(KgError) as error:
        load_pipeline(ExtractionSettings(watch_list=write_list(tmp_path, row), model=False))
    assert complaint in str(error.value)


def test_a_watch_list_without_its_columns_or_file_is_refused(tmp_path):
    path = tmp_path / "names.csv"
    with pytest.raises(KgError, match="cannot be read"):
        load_pipeline(ExtractionSettings(watch_list=path, model=False))
    path.write_text("company\n华为\n", encoding="utf-8")
    with pytest.raises(KgError, match="no column name or type"):
        load_pipeline(ExtractionSettings(watch_list=path, model=False))
    path.write_bytes("name,type\n华为,Company\n".encode("utf-16"))
    with pytest.raises(KgError, match="UTF-8"):
        load_pipeline(ExtractionSettings(watch_list=path, model=False))


# The parts.


@given(st.text(alphabet=st.sampled_from("华为GPT-4o.5亿元 \n\u3000Ａé“”（）CEO"), max_size=40))
def test_tokens_spell_the_text(text):
    words, spaces = tokenize(text)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text
    assert all(words)


def test_tokens_line_up_with_every_annotated_name(rules):
    if not GOLD.exists():
        pytest.skip("the annotated documents are not here (../shared/gold)")
    misfits = []
    for file in ("train.jsonl", "dev.jsonl"):
        for line in (GOLD / file).read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            doc = rules.make_doc(document["text"])
            assert doc.text == document["text"]
            for mention in document["mentions"]:
                if doc.char_span(mention["start"], mention["end"]) is None:
                    misfits.append((document["doc_id"], mention["text"]))
    assert misfits == []


def test_tokens_of_names_and_numbers():
    assert tokenize("Qwen2.5-Max融资5亿元")[0] == ["Qwen", "2.5", "-", "Max", "融", "资", "5", "亿", "元"]
    assert tokenize("UnityCEO")[0] == ["Unity", "CEO"]


def test_matching_tolerates_spaces_but_not_halves_of_words():
    matcher = NameMatcher([("中芯国际", "c"), ("Meta", "m"), ("Hugging Face", "h"), ("GPT-4", "g")])

    def found(text: str) -> list[str]:
        return [text[start:end] for start, end, _ in matcher.find(text, fold(text))]

    assert found("中芯\n国际") == ["中芯\n国际"]
    assert found("Metaverse, meta and Meta") == ["Meta"]
    assert found("HuggingFace, Hugging Face, hugging face") == ["HuggingFace", "Hugging Face"]
    assert found("GPT-4o, GPT-4") == ["GPT-4"]


def test_the_start_of_a_name_is_found_past_the_words_before_it():
    for text, name in (
        ("公司拟收购上海晨光文具", "上海晨光"),
        ("由国家发展和改革", "国家发展和改革"),
        ("记者从中国汽车工业", "中国汽车工业"),
        ("成立于成都的成都银河", "成都银河"),
    ):
        end = text.index(name) + len(name) if not text.endswith("文具") else text.index("文具")
        end = len(text) - len("文具") if text.endswith("文具") else len(text)
        assert text[name_start(text, end) : end] == name


def test_titles_may_hold_titles():
    text = "印发《关于实施《公司法》的规定》和《通知》"
    assert [text[start:end] for start, end in titles(text)] == ["关于实施《公司法》的规定", "通知"]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 8), st.floats(0.01, 1.0)).map(
            lambda t: (t[0], t[0] + t[1], t[2])
        ),
        max_size=9,
    )
)
def test_the_choice_never_overlaps_and_weighs_most(intervals):
    import itertools

    def apart(chosen) -> bool:
        ordered = sorted(chosen)
        return all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))

    taken = [intervals[i] for i in best_sum_indexes(intervals)]
    assert apart(taken)
    best = max(
        sum(weight for *_, weight in subset)
        for size in range(len(intervals) + 1)
        for subset in itertools.combinations(intervals, size)
        if apart(subset)
    )
    assert sum(weight for *_, weight in taken) == pytest.approx(best)


def test_no_name_reaches_into_the_next_cell_of_a_table(nlp):
    text = "模型\t发布日期\t公司\nGPT-4o\t2024.5.14\tOpenAI\nQwen2.5-Max\t2025.1.29\t阿里巴巴\n"
    found = names(nlp, text)
    assert found >= {("GPT-4o", "Model"), ("OpenAI", "Company"), ("阿里巴巴", "Company")}
    assert not any("\t" in name for name, _ in found)


def test_of_overlapping_candidates_the_surer_wins_unless_watched():
    company, region = EntityType.COMPANY, EntityType.REGION
    sure, unsure = Candidate(0, 4, company, 0.9, "rule"), Candidate(0, 2, region, 0.6, "rule")
    assert choose([unsure, sure]) == [sure]
    watched = Candidate(1, 3, region, 1.0, "watch_list")
    assert choose([unsure, sure, watched]) == [watched]
