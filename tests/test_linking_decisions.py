"""What people decide stands: over the linker's own view, over rebuilds, until the line is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.linking import Decision, Decisions, Judgement, Linking, append_decisions, link, read_decisions
from kg.schema import EntityType, RelationType
from kg.tables import Claim, Document, Identity, Mention

C, M = EntityType.COMPANY, EntityType.MODEL

TEXTS = {
    "d0": "腾讯控股公布财报，腾讯收入增长。",
    "d1": "腾讯投资了幻境科技。",
    "d2": "幻境公司完成融资。",
}
NAMES = [
    ("d0", "腾讯控股", C),
    ("d0", "腾讯", C),
    ("d1", "腾讯", C),
    ("d1", "幻境科技", C),
    ("d2", "幻境公司", C),
]


def mentions() -> list[Mention]:
    found = []
    for doc_id, name, type_ in NAMES:
        start = TEXTS[doc_id].rfind(name)
        found.append(
            Mention(
                f"{doc_id}:{start}:{start + len(name)}", doc_id, start, start + len(name), type_, name, 1, "t"
            )
        )
    return found


def documents() -> list[Document]:
    return [Document(d, d, "", None, "zh", text, "") for d, text in TEXTS.items()]


def build(*rows: Decision, identities: tuple[Identity, ...] = (), claims: tuple[Claim, ...] = ()) -> Linking:
    return link(mentions(), claims, documents(), Decisions(rows), identities)


def entity_of(linking: Linking, doc_id: str, name: str) -> str:
    mention = next(m for m in mentions() if m.doc_id == doc_id and m.text == name)
    return next(r.entity_id for r in linking.mention_entities if r.mention_id == mention.mention_id)


def same(left: str, right: str) -> Decision:
    return Decision(left, right, "Company", Judgement.SAME)


def different(left: str, right: str) -> Decision:
    return Decision(left, right, "Company", Judgement.DIFFERENT)


def test_different_parts_what_the_linker_joins_and_removing_the_line_undoes_it() -> None:
    before = build()
    assert entity_of(before, "d0", "腾讯控股") == entity_of(before, "d0", "腾讯")
    parted = build(different("Company:腾讯控股@d0", "Company:腾讯@d0"), identities=before.identities)
    assert entity_of(parted, "d0", "腾讯控股") != entity_of(parted, "d0", "腾讯")
    assert entity_of(parted, "d0", "腾讯") == entity_of(parted, "d1", "腾讯")
    after = build(identities=parted.identities)
    assert (
        entity_of(after, "d0", "腾讯控股")
        == entity_of(after, "d0", "腾讯")
        == entity_of(before, "d0", "腾讯")
    )


def test_different_parts_one_name_in_two_documents() -> None:
    parted = build(different("Company:腾讯@d0", "Company:腾讯@d1"))
    assert entity_of(parted, "d0", "腾讯") != entity_of(parted, "d1", "腾讯")


def test_same_joins_and_the_older_id_stays_with_the_other_in_former_ids() -> None:
    before = build(different("Company:幻境科技@d1", "Company:幻境公司@d2"))
    left, right = entity_of(before, "d1", "幻境科技"), entity_of(before, "d2", "幻境公司")
    merged = build(same("Company:幻境科技@d1", "Company:幻境公司@d2"), identities=before.identities)
    order = [row.entity_id for row in before.identities]
    older, younger = sorted((left, right), key=order.index)
    entity = next(e for e in merged.entities if e.entity_id == older)
    assert entity.former_ids == (younger,)
    assert entity_of(merged, "d1", "幻境科技") == entity_of(merged, "d2", "幻境公司") == older
    undone = build(different("Company:幻境科技@d1", "Company:幻境公司@d2"), identities=merged.identities)
    assert (entity_of(undone, "d1", "幻境科技"), entity_of(undone, "d2", "幻境公司")) == (left, right)
    assert all(e.former_ids == () for e in undone.entities)


def test_entity_ids_serve_in_decisions() -> None:
    before = build(different("Company:幻境科技@d1", "Company:幻境公司@d2"))
    left, right = entity_of(before, "d1", "幻境科技"), entity_of(before, "d2", "幻境公司")
    merged = build(same(left, right), identities=before.identities)
    assert entity_of(merged, "d1", "幻境科技") == entity_of(merged, "d2", "幻境公司")
    again = build(same(left, right), identities=())
    assert entity_of(again, "d1", "幻境科技") == entity_of(again, "d2", "幻境公司")


def test_different_blocks_the_cluster_not_only_the_pair() -> None:
    result = build(
        same("Company:幻境科技@d1", "Company:腾讯@d1"),
        different("Company:幻境科技@d1", "Company:腾讯控股@d0"),
    )
    assert entity_of(result, "d1", "幻境科技") == entity_of(result, "d1", "腾讯")
    assert entity_of(result, "d1", "幻境科技") != entity_of(result, "d0", "腾讯控股")


def test_contradicting_and_lost_decisions_are_reported() -> None:
    result = build(
        same("Company:腾讯@d1", "Company:幻境科技@d1"),
        same("Company:幻境科技@d1", "Company:幻境公司@d2"),
        different("Company:腾讯@d1", "Company:幻境公司@d2"),
        same("Company:没有@d9", "Company:腾讯@d1"),
    )
    reasons = sorted(d.reason for d in result.dropped)
    assert reasons == [
        "decision on something not in this build",
        "decision same contradicts a decision different",
    ]


def test_type_and_name_are_what_a_person_says() -> None:
    result = build(
        Decision("Company:幻境科技@d1", "Model", "Company", Judgement.TYPE),
        Decision("Company:腾讯@d1", "Tencent", "Company", Judgement.NAME),
    )
    by_id = {e.entity_id: e for e in result.entities}
    assert by_id[entity_of(result, "d1", "幻境科技")].type is M
    tencent = by_id[entity_of(result, "d1", "腾讯")]
    assert tencent.name == "Tencent"
    assert set(tencent.aliases) == {"腾讯", "腾讯控股"}


def test_a_rejected_claim_makes_no_relation() -> None:
    head, tail = (m.mention_id for m in mentions() if m.doc_id == "d1")
    claim = Claim("d1:c", "d1", 0, 11, RelationType.INVESTS_IN, head, tail, 0.9, "t")
    assert len(build(claims=(claim,)).relations) == 1
    rejected = build(Decision("d1:c", "", "claim", Judgement.REJECT), claims=(claim,))
    assert rejected.relations == ()
    assert [d.reason for d in rejected.dropped] == ["claim rejected by decision"]
    assert rejected.claims[0].claim_id == "d1:c"


def test_decisions_are_written_read_and_edited_as_text(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    rows = [
        Decision(
            "Company:智谱@新闻,一",
            "Company:智谱华章@d2",
            "Company",
            Judgement.SAME,
            "王",
            "2026-01-02",
            "“同一家”",
        ),
        Decision("d1:c", "", "claim", Judgement.REJECT),
    ]
    append_decisions(path, rows[:1])
    append_decisions(path, rows[1:])
    assert read_decisions(path).rows == tuple(rows)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "left,right,type,judgement,who,when,note"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert len(read_decisions(path).rows) == 2
    assert read_decisions(tmp_path / "none.csv") == Decisions()


@pytest.mark.parametrize(
    "line, part",
    [
        ("a,b,Company,perhaps", "unknown judgement perhaps"),
        ("a,a,Company,same", "left and right are both a"),
        (",b,Company,same", "left is empty"),
        ("a,,Company,different", "right is empty"),
        ("a,Firm,Company,type", "unknown type Firm"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, part: str) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(f"left,right,type,judgement\nx,y,Company,same\n{line}\n", encoding="utf-8")
    with pytest.raises(KgError, match="line 3") as error:
        read_decisions(path)
    assert part in str(error.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("left,right\na,b\n", encoding="utf-8")
    with pytest.raises(KgError, match="judgement"):
        read_decisions(path)


def test_the_last_line_on_a_pair_counts_and_unsure_takes_back() -> None:
    rows = (same("a", "b"), different("b", "a"), Decision("x", "y", "", Judgement.UNSURE), same("y", "x"))
    decisions = Decisions((*rows, Decision("a", "b", "", Judgement.UNSURE)))
    assert [(d.left, d.right) for d in decisions.pairs()] == [("y", "x")]
    assert decisions.unsure() == {("a", "b")}


def test_judgements_add_up() -> None:
    s, d, u = Judgement.SAME, Judgement.DIFFERENT, Judgement.UNSURE
    assert (s + s, s + d, d + s, d + d, s + u) == (s, d, d, u, u)


def test_new_documents_do_not_move_ids() -> None:
    before = build()
    extra = Document("a-first", "a", "", None, "zh", "腾讯与幻境公司签约。", "")
    more = [
        Mention("a-first:0:2", "a-first", 0, 2, C, "腾讯", 1, "t"),
        Mention("a-first:3:7", "a-first", 3, 7, C, "幻境公司", 1, "t"),
    ]
    after = link([*mentions(), *more], [], [*documents(), extra], Decisions(), before.identities)
    old = {r.mention_id: r.entity_id for r in before.mention_entities}
    new = {r.mention_id: r.entity_id for r in after.mention_entities}
    assert old.items() <= new.items()
    assert {e.entity_id for e in after.entities} == {e.entity_id for e in before.entities}
