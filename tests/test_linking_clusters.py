"""Clustering and ids obey their laws on whatever comes."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.linking.clustering import cluster
from kg.linking.identity import name_clusters
from kg.linking.normalise import name_key, take_apart
from kg.linking.strings import is_subsequence, runs
from kg.schema import EntityType
from kg.tables import Identity

PAIRS = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1])
SCORES = st.dictionaries(PAIRS, st.floats(-8, 8, allow_nan=False), max_size=30)


@given(SCORES, st.sets(PAIRS, max_size=6), st.sets(PAIRS, max_size=4))
def test_what_must_stay_apart_is_apart_and_what_belongs_together_is_unless_forbidden(
    scores: dict[tuple[int, int], float], apart: set[tuple[int, int]], together: set[tuple[int, int]]
) -> None:
    clusters, refused = cluster(10, scores, 0.0, together, apart)
    assert all(clusters[a] != clusters[b] for a, b in apart)
    assert all(clusters[a] == clusters[b] for a, b in together if (a, b) not in refused)
    assert all(clusters[root] == root for root in clusters)


@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(scores: dict[tuple[int, int], float], rng: random.Random) -> None:
    items = list(scores.items())
    rng.shuffle(items)
    assert cluster(10, dict(items), 0.0) == cluster(10, scores, 0.0)


def test_a_chain_of_weak_links_does_not_join_its_ends() -> None:
    clusters, _ = cluster(3, {(0, 1): 3.0, (1, 2): 2.0, (0, 2): -6.0}, 0.0)
    assert clusters == [0, 0, 2]


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=5), min_size=1, max_size=8), st.data())
@settings(max_examples=60)
def test_ids_are_unique_and_survive_any_rearrangement(parts: list[list[int]], data: st.DataObject) -> None:
    def clusters_of(groups: list[list[int]]) -> list[tuple[EntityType, list[str]]]:
        seen: set[int] = set()
        found = []
        for group in groups:
            fresh = sorted(set(group) - seen)
            seen.update(fresh)
            if fresh:
                found.append((EntityType.COMPANY, sorted(f"Company:n{k}@d" for k in fresh)))
        return found

    first = name_clusters(clusters_of(parts), [])
    assert len(set(first.ids)) == len(first.ids)
    again = name_clusters(clusters_of(parts), first.identities)
    assert (again.ids, again.identities) == (first.ids, first.identities)
    shuffled = data.draw(st.permutations(parts))
    other = name_clusters(clusters_of(list(shuffled)), first.identities)
    assert len(set(other.ids)) == len(other.ids)
    back = name_clusters(clusters_of(parts), other.identities)
    assert len(set(back.ids)) == len(back.ids)
    former = {i for ids in other.former_ids for i in ids}
    assert former.isdisjoint(other.ids)


def test_of_two_entities_that_meet_the_older_keeps_its_id() -> None:
    identities = [Identity("old", "Company:乙@d"), Identity("young", "Company:甲@d")]
    result = name_clusters([(EntityType.COMPANY, ["Company:乙@d", "Company:甲@d"])], identities)
    assert (result.ids, result.former_ids) == (("old",), (("young",),))
    assert result.identities == tuple(identities)


def test_when_an_entity_splits_the_larger_part_keeps_the_id() -> None:
    identities = [Identity("e", f"Company:{n}@d") for n in "甲乙丙"]
    result = name_clusters(
        [(EntityType.COMPANY, ["Company:乙@d"]), (EntityType.COMPANY, ["Company:丙@d", "Company:甲@d"])],
        identities,
    )
    assert result.ids[1] == "e" and result.ids[0] != "e"


@given(st.text(max_size=30), st.sampled_from(EntityType))
def test_any_text_has_a_key_and_parts(text: str, type_: EntityType) -> None:
    parts = take_apart(type_, text)
    assert parts.key == name_key(text)
    assert name_key(f" {text} ") == name_key(text) or not text.strip()


@given(st.text("甲乙丙", max_size=6), st.text("甲乙丙", max_size=12))
def test_runs_are_found_exactly_for_subsequences(short: str, long: str) -> None:
    found = runs(short, long)
    assert bool(found) == (bool(short) and is_subsequence(short, long))
    assert (found == 1) == (bool(short) and short in long)
