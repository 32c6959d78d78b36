"""What many claims add up to: relations, their status and sums, and deals that count once."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from kg.linking import Decisions, Linking, link
from kg.schema import EntityType, RelationType, Status
from kg.tables import Claim, Document, Mention

C, R = EntityType.COMPANY, EntityType.REGION


class World:
    """Documents with the names and claims that a test puts into them."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.mentions: list[Mention] = []
        self.claims: list[Claim] = []

    def says(
        self,
        head: str,
        type_: RelationType,
        tail: str,
        date: str | None = "2026-03-01",
        tail_type: EntityType = C,
        duplicate_of: str | None = None,
        **attributes: object,
    ) -> str:
        """A document that makes one claim; returns its id."""
        doc_id = f"d{len(self.documents):02}"
        text = f"{head}与{tail}。"
        self.documents.append(Document(doc_id, doc_id, "", date, "zh", text, "", duplicate_of))
        ids = []
        for name, start, kind in ((head, 0, C), (tail, len(head) + 1, tail_type)):
            end = start + len(name)
            ids.append(f"{doc_id}:{start}:{end}")
            self.mentions.append(Mention(ids[-1], doc_id, start, end, kind, name, 1.0, "t"))
        claim = Claim(f"{doc_id}:claim", doc_id, 0, len(text), type_, ids[0], ids[1], 0.8, "t")
        self.claims.append(dataclasses.replace(claim, **attributes))
        return doc_id

    def link(self) -> Linking:
        return link(self.mentions, self.claims, self.documents, Decisions(), [])


def deals(result: Linking) -> list[set[str]]:
    """The documents of each deal."""
    found: dict[str, set[str]] = {}
    for claim in result.claims:
        if claim.deal_id:
            found.setdefault(claim.deal_id, set()).add(claim.doc_id)
    return sorted(found.values(), key=min)


def invests(world: World, head: str, amount: float | None, **more: object) -> str:
    attributes: dict[str, object] = {"amount": amount, "currency": "CNY" if amount else None, **more}
    return world.says(head, RelationType.INVESTS_IN, "幻境科技", **attributes)  # type: ignore[arg-type]


def only(items: Sequence[object]) -> object:
    assert len(items) == 1
    return items[0]


def test_one_purchase_told_twice_counts_once() -> None:
    world = World()
    invests(world, "腾讯", 5e8)
    invests(world, "腾讯控股", 5e8, date="2026-03-03")
    result = world.link()
    relation = result.relations[0]
    assert (len(result.relations), relation.claims, relation.amount, relation.currency) == (1, 2, 5e8, "CNY")
    assert relation.first_date == "2026-03-01" and relation.last_date == "2026-03-03"
    assert deals(result) == [{"d00", "d01"}]


def test_two_rounds_are_two_deals_and_add_up() -> None:
    world = World()
    invests(world, "腾讯", 5e8, round="A轮")
    invests(world, "腾讯", 9e8, round="B轮", date="2026-08-01")
    result = world.link()
    assert deals(result) == [{"d00"}, {"d01"}]
    assert result.relations[0].amount == 14e8


def test_the_investors_of_one_round_share_a_deal() -> None:
    world = World()
    for investor in ("腾讯", "红杉中国", "美团"):
        invests(world, investor, 5e8, round="B轮融资" if investor == "美团" else "B轮")
    assert deals(world.link()) == [{"d00", "d01", "d02"}]


def test_look_alike_deals_stay_apart() -> None:
    world = World()
    invests(world, "腾讯", 5e8)
    invests(world, "腾讯", 5e8, date="2027-03-01")
    invests(world, "腾讯", 7e8, date="2026-03-02")
    assert len(deals(world.link())) == 3


def test_sums_stay_within_one_currency_and_denials_do_not_count() -> None:
    world = World()
    invests(world, "腾讯", 5e8)
    invests(world, "腾讯", 1e8, currency="USD", date="2026-04-01")
    invests(world, "腾讯", 2e8, date="2026-06-20")
    invests(world, "腾讯", 9e9, status=Status.DENIED, date="2026-10-01")
    relation = world.link().relations[0]
    assert (relation.amount, relation.currency) == (7e8, "CNY")


def test_the_latest_document_says_how_far_it_has_come() -> None:
    world = World()
    invests(world, "腾讯", 5e8, status=Status.RUMOURED, date="2026-01-01")
    invests(world, "腾讯", 5e8, status=Status.COMPLETED, date="2026-02-01")
    assert world.link().relations[0].status is Status.COMPLETED


def test_copies_of_one_text_are_one_witness() -> None:
    world = World()
    first = invests(world, "腾讯", 5e8)
    invests(world, "腾讯", 5e8, duplicate_of=first)
    invests(world, "腾讯", 5e8)
    relation = world.link().relations[0]
    assert (relation.claims, relation.independent_documents) == (3, 2)


def test_symmetric_relations_have_one_direction() -> None:
    world = World()
    world.says("华为", RelationType.COMPETES_WITH, "英伟达")
    world.says("英伟达", RelationType.COMPETES_WITH, "华为")
    result = world.link()
    assert len(result.relations) == 1
    assert result.relations[0].head < result.relations[0].tail


def test_what_the_schema_forbids_and_loops_are_dropped_with_a_reason() -> None:
    world = World()
    world.says("华为", RelationType.LOCATED_IN, "深圳", tail_type=C)
    world.says("腾讯", RelationType.INVESTS_IN, "腾讯控股")
    result = world.link()
    assert result.relations == ()
    assert sorted(d.reason for d in result.dropped) == [
        "both ends are one entity",
        "schema: Company LOCATED_IN Company",
    ]


def test_the_best_claim_is_the_surest() -> None:
    world = World()
    invests(world, "腾讯", None, confidence=0.5)
    best = invests(world, "腾讯", 5e8, confidence=0.9)
    assert world.link().relations[0].best_claim == f"{best}:claim"


def test_claims_keep_their_order() -> None:
    world = World()
    for investor in ("美团", "腾讯"):
        invests(world, investor, 5e8, round="A轮")
    assert [c.claim_id for c in world.link().claims] == [c.claim_id for c in world.claims]


def test_a_plan_and_its_completion_are_one_deal_however_long_it_took() -> None:
    world = World()
    invests(world, "腾讯", 5e8, status=Status.RUMOURED, date="2025-11-01")
    invests(world, "腾讯", 5e8, status=Status.PLANNED, date="2026-01-01")
    invests(world, "腾讯控股", 5.1e8, status=Status.COMPLETED, date="2026-11-20")
    result = world.link()
    assert deals(result) == [{"d00", "d01", "d02"}]
    assert result.relations[0].amount == 5e8


def test_a_plan_that_was_given_up_counts_once() -> None:
    world = World()
    invests(world, "英伟达", 4e10, currency="USD", status=Status.PLANNED, date="2020-09-14")
    invests(world, "英伟达", 4e10, currency="USD", status=Status.ENDED, date="2022-02-08")
    result = world.link()
    assert deals(result) == [{"d00", "d01"}]
    assert (result.relations[0].amount, result.relations[0].status) == (4e10, Status.ENDED)


def test_a_plan_after_a_purchase_is_another_deal() -> None:
    world = World()
    invests(world, "腾讯", 5e8, status=Status.COMPLETED, date="2025-01-01")
    invests(world, "腾讯", 5e8, status=Status.PLANNED, date="2026-01-01")
    assert len(deals(world.link())) == 2


def test_a_round_retold_as_background_a_year_later_is_no_second_round() -> None:
    world = World()
    invests(world, "腾讯", 5e8, round="A轮", date="2025-01-01")
    invests(world, "红杉中国", 5e8, round="A轮", date="2026-02-01")
    invests(world, "腾讯", 5e8, round="A+轮", date="2025-01-20")
    invests(world, "腾讯", 5e8, round="定向增发", date="2025-06-01")
    invests(world, "腾讯", 5e8, round="定向增发", date="2026-06-01")
    assert deals(world.link()) == [{"d00", "d01"}, {"d02"}, {"d03"}, {"d04"}]


def test_founders_with_stakes_of_their_own_share_one_deal() -> None:
    world = World()
    invests(world, "腾讯", 1e9, stake=51.0)
    invests(world, "联想", 1e9, stake=49.0)
    assert deals(world.link()) == [{"d00", "d01"}]


def test_two_purchases_of_one_buyer_on_one_day_are_two() -> None:
    world = World()
    invests(world, "腾讯", None, stake=20.0)
    invests(world, "腾讯", None, stake=5.0)
    assert len(deals(world.link())) == 2


def test_a_purchase_retold_months_later_with_its_sum_counts_once() -> None:
    world = World()
    invests(world, "腾讯", 5e8, date="2026-01-10")
    invests(world, "腾讯", 5e8, date="2026-05-10")
    invests(world, "美团", 5e8, date="2026-11-10")
    assert deals(world.link()) == [{"d00", "d01"}, {"d02"}]
