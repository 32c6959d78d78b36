"""What can be evaluated on its own."""

from enum import StrEnum


class Stage(StrEnum):
    """`all` sees the text alone and does everything; the others are given what comes before them."""

    ALL = "all"
    NAMES = "names"
    RELATIONS = "relations"
    LINKING = "linking"
