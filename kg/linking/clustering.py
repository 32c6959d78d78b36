"""Clusters from scored pairs: best pair first, no cluster against a cannot-link or against its average evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Pair = tuple[int, int]

#: Log-odds from which evidence outweighs a contradiction between the names.
SURE = 5.0


def cluster(
    count: int,
    scores: Mapping[Pair, float],
    threshold: float,
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
    contradicts: Callable[[int, int], bool] = lambda left, right: False,
) -> tuple[list[int], list[Pair]]:
    """The cluster of each of `count` items, as the smallest item in it, and the pairs of `together` refused.

    `together` is joined first, whatever the scores say, unless `apart` forbids it. Then pairs are taken by falling
    score down to `threshold`, and two clusters are joined unless a pair of `apart` runs between them, two of their
    items contradict each other, or the scored pairs between them say no on average. The result depends on the pairs,
    not on their order: ties are broken by position, and positions come from sorted names.
    """
    merger = _Merger(count, scores, apart)
    refused = []
    for left, right in sorted(together):
        if merger.find(right) in merger.enemies.get(merger.find(left), ()):
            refused.append((left, right))
        else:
            merger.join(left, right)
    order = sorted(
        (pair for pair, score in scores.items() if score > threshold), key=lambda p: (-scores[p], p)
    )
    for left, right in order:
        merger.join_if(left, right, threshold, contradicts)
    return [merger.find(i) for i in range(count)], refused


class _Merger:
    """Disjoint sets whose roots are their smallest members, with the pairs that keep them apart."""

    def __init__(self, count: int, scores: Mapping[Pair, float], apart: Iterable[Pair]) -> None:
        self.parent = list(range(count))
        self.members: dict[int, list[int]] = {}
        self.neighbours: dict[int, set[int]] = {}
        self.scores = scores
        self.enemies: dict[int, set[int]] = {}
        for left, right in apart:
            self.enemies.setdefault(left, set()).add(right)
            self.enemies.setdefault(right, set()).add(left)

    def find(self, item: int) -> int:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, left: int, right: int) -> None:
        a, b = sorted((self.find(left), self.find(right)))
        if a == b:
            return
        self.parent[b] = a
        self.members[a] = self.of(a) + self.members.pop(b, [b])
        hostile = self.enemies.pop(b, set())
        for other in hostile:
            self.enemies[other].discard(b)
            self.enemies[other].add(a)
        if hostile:
            self.enemies.setdefault(a, set()).update(hostile)

    def of(self, root: int) -> list[int]:
        return self.members.get(root, [root])

    def join_if(
        self, left: int, right: int, threshold: float, contradicts: Callable[[int, int], bool]
    ) -> None:
        a, b = self.find(left), self.find(right)
        if a == b or b in self.enemies.get(a, ()):
            return
        total, pairs = 0.0, 0
        for x in self.of(a):
            for y in self.of(b):
                score = self.scores.get((x, y) if x < y else (y, x))
                if (score is None or score < SURE) and contradicts(x, y):
                    return
                if score is not None:
                    total += score - threshold
                    pairs += 1
        if pairs and total / pairs > 0:
            self.join(left, right)
