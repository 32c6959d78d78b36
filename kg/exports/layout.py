"""Where each node stands in a picture of the graph, the same from one build to the next.

Connected parts are laid out by the spring algorithm of rustworkx, one by one, and packed around the largest.
The positions of a build are kept in its folder by entity id: what has a place keeps it, and only new entities
look for one, beside those they are related to.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kg.exports.files import replacing
from kg.graph import Graph

if TYPE_CHECKING:
    import rustworkx

Position = tuple[float, float]

_FILE = "layout.parquet"
_SEED = 20250101
#: A spring step costs the square of the nodes; as many are made as this many pairs of nodes allow.
_PAIRS, _FEWEST_STEPS, _MOST_STEPS = 1_000_000_000, 10, 400


def positions(graph: Graph) -> dict[str, Position]:
    """A place for every entity; about one unit between neighbours.

    The places of a whole build are read from and written to its folder. A selection is laid out for itself.
    """
    kept = _read(graph.folder / _FILE) if graph.is_whole else {}
    ids = [str(i) for i in graph.entities["entity_id"]]
    pairs = zip(graph.relations["head"], graph.relations["tail"], strict=True)
    placed = arrange(ids, pairs, kept)
    if graph.is_whole and placed != kept:
        with contextlib.suppress(OSError):  # a build that cannot be written can still be looked at
            _write(graph.folder / _FILE, placed)
    return placed


def arrange(
    ids: Iterable[str], edges: Iterable[tuple[str, str]], kept: dict[str, Position]
) -> dict[str, Position]:
    """Places for `ids`, joined by `edges`; those in `kept` stay there. The order of the input has no effect."""
    nodes = sorted(set(ids))
    neighbours: dict[str, set[str]] = {node: set() for node in nodes}
    for head, tail in edges:
        if head != tail:
            neighbours[head].add(tail)
            neighbours[tail].add(head)
    placed = {node: kept[node] for node in nodes if node in kept}
    fresh = []
    for part in _parts(neighbours):
        known = {node: placed[node] for node in part if node in placed}
        if known:
            placed |= _extend(part, neighbours, known)
        else:
            fresh.append(_spring(part, neighbours))
    return placed | _pack(fresh, placed)


def _parts(neighbours: dict[str, set[str]]) -> list[list[str]]:
    """The connected parts, largest first."""
    seen: set[str] = set()
    parts = []
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for node in part:  # grows while we walk
            for other in sorted(neighbours[node]):
                if other not in seen:
                    seen.add(other)
                    part.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _spring(part: list[str], neighbours: dict[str, set[str]]) -> dict[str, Position]:
    """A connected part around the origin."""
    import rustworkx

    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    size = math.sqrt(len(part))
    steps = max(_FEWEST_STEPS, min(_MOST_STEPS, _PAIRS // len(part) ** 2))
    start = {i: (x / size, y / size) for i, (x, y) in enumerate(_by_community(part, neighbours))}
    found = rustworkx.spring_layout(_indexed(part, neighbours), pos=start, num_iter=steps, seed=_SEED)
    return _lying({part[i]: (x * 0.7 * size, y * 0.7 * size) for i, (x, y) in found.items()})


def _by_community(part: list[str], neighbours: dict[str, set[str]]) -> list[Position]:
    """First places: communities as discs around a circle, so that the springs start from a clear picture."""
    import networkx as nx

    view = nx.Graph([(a, b) for a in part for b in sorted(neighbours[a]) if a < b])
    view.add_nodes_from(part)
    communities = nx.community.louvain_communities(view, seed=_SEED)
    ordered = sorted((sorted(c) for c in communities), key=lambda c: (-len(c), c[0]))
    radius = math.sqrt(len(part)) / 2
    first: dict[str, Position] = {}
    for number, community in enumerate(ordered):
        # The golden angle spreads discs evenly, large ones in the middle.
        away = radius * math.sqrt(number / max(1, len(ordered) - 1))
        x, y = away * math.cos(2.4 * number), away * math.sin(2.4 * number)
        for index, node in enumerate(community):
            out = 0.5 * math.sqrt(index)
            first[node] = (x + out * math.cos(2.4 * index), y + out * math.sin(2.4 * index))
    return [first[node] for node in part]


def _extend(
    part: list[str], neighbours: dict[str, set[str]], known: dict[str, Position]
) -> dict[str, Position]:
    """A part of which some nodes have a place: the others start beside their neighbours and move alone."""
    import rustworkx

    start = dict(known)
    new = [node for node in part if node not in known]
    waiting = new
    while waiting:
        later = []
        for number, node in enumerate(waiting):
            near = [start[other] for other in sorted(neighbours[node]) if other in start]
            if near:
                x, y = np.mean(near, axis=0)
                start[node] = (float(x) + math.cos(2.4 * number), float(y) + math.sin(2.4 * number))
            else:
                later.append(node)
        waiting = later
    if not new:
        return start
    size = math.sqrt(len(part))
    found = rustworkx.spring_layout(
        _indexed(part, neighbours),
        pos={i: (start[node][0] / size, start[node][1] / size) for i, node in enumerate(part)},
        fixed={i for i, node in enumerate(part) if node in known},
        num_iter=60,
        seed=_SEED,
    )
    moved = {part[i]: (x * size, y * size) for i, (x, y) in found.items()}
    return {node: known.get(node, moved[node]) for node in part}


def _indexed(part: list[str], neighbours: dict[str, set[str]]) -> rustworkx.PyGraph[str, None]:
    import rustworkx

    index = {node: i for i, node in enumerate(part)}
    view: rustworkx.PyGraph[str, None] = rustworkx.PyGraph(multigraph=False)
    view.add_nodes_from(part)
    view.add_edges_from_no_data([(index[a], index[b]) for a in part for b in sorted(neighbours[a]) if a < b])
    return view


def _lying(placed: dict[str, Position]) -> dict[str, Position]:
    """The part around the origin, its longest extent across, as screens are wide."""
    points = np.array(list(placed.values()))
    points = points - points.mean(axis=0)
    if len(points) > 1:
        axis = np.linalg.eigh(points.T @ points)[1][:, 1]
        axis = axis if axis[0] >= 0 else -axis  # either direction would do; always the same one
        points = points @ np.array([[axis[0], -axis[1]], [axis[1], axis[0]]])
    return {node: (float(x), float(y)) for node, (x, y) in zip(placed, points, strict=True)}


_CELL = 1.0
"""Parts are packed by the squares of this side that they touch."""


def _pack(parts: list[dict[str, Position]], placed: dict[str, Position]) -> dict[str, Position]:
    """The parts side by side, each as near to the middle as what stands there already lets it."""
    taken = _cells(placed, 0, 0)
    packed: dict[str, Position] = {}
    spiral: Iterator[tuple[int, int]] = iter(())
    previous = 0
    for part in parts:
        if (
            len(part) != previous
        ):  # parts come largest first; an equal one finds no room where the last had none
            spiral, previous = _spiral(), len(part)
        for column, row in spiral:
            if not _around(_cells(part, column, row)) & taken:
                taken |= _cells(part, column, row)
                packed |= {node: (x + column * _CELL, y + row * _CELL) for node, (x, y) in part.items()}
                break
    return packed


def _cells(placed: dict[str, Position], column: int, row: int) -> set[tuple[int, int]]:
    return {(round(x / _CELL) + column, round(y / _CELL) + row) for x, y in placed.values()}


def _around(cells: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The squares and those beside them; more of them across, where labels stand."""
    return {(x + dx, y + dy) for x, y in cells for dx in (-2, -1, 0, 1, 2) for dy in (-1, 0, 1)}


def _spiral() -> Iterator[tuple[int, int]]:
    """Squares by their distance from the middle, in a picture half as wide again as high; without end."""
    for ring in itertools.count():
        inner, outer = ring * 8, (ring + 1) * 8
        width = int(outer * 1.5)
        of_ring = [
            (math.hypot(x / 1.5, y), x, y)
            for x in range(-width, width + 1)
            for y in range(-outer, outer + 1)
            if inner <= math.hypot(x / 1.5, y) < outer
        ]
        for _, x, y in sorted(of_ring):
            yield x, y


def _read(path: Path) -> dict[str, Position]:
    if not path.is_file():
        return {}
    try:
        table = pd.read_parquet(path)
        return dict(zip(table["entity_id"], zip(table["x"], table["y"], strict=True), strict=True))
    except (OSError, ValueError, KeyError):  # a damaged file costs the old places, nothing else
        return {}


def _write(path: Path, placed: dict[str, Position]) -> None:
    ids = sorted(placed)
    table = pd.DataFrame(
        {"entity_id": ids, "x": [placed[i][0] for i in ids], "y": [placed[i][1] for i in ids]}
    )
    with replacing(path) as (temporary,):
        table.to_parquet(temporary, index=False)
