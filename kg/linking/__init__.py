"""Linking: which mentions are one thing, and what the claims about it add up to.

`link` is a pure function. The partition depends on mentions, documents and decisions; `identities`, what the last build
called its entities, only gives the clusters their ids.
"""

from kg.linking.decisions import Decision, Decisions, Judgement, append_decisions, read_decisions
from kg.linking.linker import Linking, link
from kg.linking.memory import Memory, memory_from_bytes
from kg.linking.settings import LinkingSettings

__all__ = [
    "Decision",
    "Decisions",
    "Judgement",
    "Linking",
    "LinkingSettings",
    "Memory",
    "append_decisions",
    "link",
    "memory_from_bytes",
    "read_decisions",
]
