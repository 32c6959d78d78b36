"""Names that are known to be one thing: the shipped list and the user's watch list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.linking.nodes import Nodes
from kg.linking.normalise import name_key
from kg.linking.occurrences import Name
from kg.schema import EntityType


@dataclass(frozen=True, slots=True)
class KnownName:
    """One thing with its names, the best one first."""

    type: EntityType
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Entries by name. A name that several entries bear says nothing by itself."""

    by_name: Mapping[Name, frozenset[int]] = field(default_factory=dict)

    def entries(self, nodes: Nodes) -> dict[int, frozenset[int]]:
        """By position of the node, the numbers of the entries that bear its name."""
        names = nodes.occurrences.names
        listed: dict[int, frozenset[int]] = {}
        for i, number in enumerate(nodes.name.tolist()):
            type_, key = names[number]
            found = self.by_name.get((type_, key))
            if found is None and key.endswith("公司") and nodes[i].parts.form == "公司":
                # 葛兰素史克公司 is listed as 葛兰素史克; other legal forms may be another company's.
                found = self.by_name.get((type_, key.removesuffix("公司")))
            if found:
                listed[i] = found
        return listed

    def pairs(self, listed: Mapping[int, frozenset[int]]) -> set[tuple[int, int]]:
        """Pairs of the nodes that share an entry; `listed` are those of `entries`."""
        members: dict[int, list[int]] = defaultdict(list)
        for i, entries in listed.items():
            for entry in entries:
                members[entry].append(i)
        return {(group[0], other) for group in members.values() for other in group[1:]} | {
            (a, b)
            for group in members.values()
            if len(group) <= 12
            for k, a in enumerate(group)
            for b in group[k + 1 :]
        }


def known_names(entries: Iterable[KnownName]) -> KnownNames:
    """Index entries by the key of each of their names."""
    by_name: dict[Name, set[int]] = defaultdict(set)
    for number, entry in enumerate(entries):
        for name in entry.names:
            by_name[entry.type, name_key(name)].add(number)
    return KnownNames({name: frozenset(numbers) for name, numbers in by_name.items()})
