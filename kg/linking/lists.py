"""Many short lists of numbers in two arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.linking.occurrences import Numbers


@dataclass(frozen=True)
class Lists:
    """Lists of different numbers below `limit`, each sorted: list i stands between starts[i] and starts[i + 1]."""

    starts: Numbers
    values: Numbers
    limit: int

    def __getitem__(self, i: int) -> Numbers:
        return self.values[self.starts[i] : self.starts[i + 1]]

    def in_common(self, left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
        """What the lists of each pair have in common: positions of pairs, and the numbers."""
        lengths = np.diff(self.starts)
        turned = lengths[left] > lengths[right]
        small, large = np.where(turned, right, left), np.where(turned, left, right)
        pair = np.repeat(np.arange(len(left)), lengths[small])
        value = self.values[stretches(self.starts[small], lengths[small])]
        listed = np.repeat(np.arange(len(lengths)), lengths) * self.limit + self.values
        found = is_in(large[pair] * self.limit + value, listed)
        return pair[found], value[found]


def make_lists(owner: Numbers, value: Numbers, count: int, limit: int) -> Lists:
    """By owner (0 to `count`), the different values, which are below `limit`."""
    listed = unique(owner * limit + value)
    return Lists(np.searchsorted(listed, np.arange(count + 1) * limit), listed % limit, limit)


def unique(numbers: Numbers) -> Numbers:
    """The different numbers, sorted; many times faster than `np.unique`, which goes by hashes that meet too often."""
    ordered: Numbers = np.sort(numbers)
    first: Numbers = ordered[np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)]]
    return first


def stretches(starts: Numbers, lengths: Numbers) -> Numbers:
    """All positions in stretches that begin at `starts`, one stretch after the other."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


def is_in(wanted: Numbers, listed: Numbers) -> npt.NDArray[np.bool_]:
    """Which of `wanted` are in `listed`, which is sorted."""
    if not len(listed):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(listed, wanted), len(listed) - 1)
    found: npt.NDArray[np.bool_] = listed[at] == wanted
    return found
