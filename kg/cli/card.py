"""The card of an entity, as `kg show` prints it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph import Graph

_ATTRIBUTES = ("role", "round", "stake", "amount_text", "action", "date", "status")


def card_rows(graph: Graph, name: str, limit: int) -> dict[str, Any]:
    """What the card shows: the entity, others of that name, and its best supported relations with a sentence each.

    Raises KgError, with the nearest names, where there is no such entity.
    """
    from kg.graph import records

    entity = graph.find(name)
    others = [e for e in graph.find_all(name) if e.entity_id != entity.entity_id]
    neighbours = graph.neighbours(entity.entity_id)
    shown = list(records(neighbours.head(limit)))
    evidence = graph.evidence() if shown else None
    for relation in shown:
        assert evidence is not None
        own = evidence[evidence["relation_id"] == relation["relation_id"]]
        relation["evidence"] = list(records(own.head(3)))
    return {
        "entity": dataclasses.asdict(entity),
        "same_name": [{"entity_id": e.entity_id, "type": e.type, "name": e.name} for e in others],
        "relations": shown,
        "relations_in_all": len(neighbours),
    }


def print_card(rows: dict[str, Any]) -> None:
    """Print a card that fits 80 columns."""
    from rich.padding import Padding
    from rich.text import Text

    from kg.cli.printing import console, plain

    out = console()
    entity = rows["entity"]
    out.print(Text(f"{plain(entity['name'])}  {entity['type']}", style="bold"))
    aliases = [a for a in entity["aliases"] if a != entity["name"]]
    if aliases:
        out.print(Padding(Text("also " + " · ".join(map(plain, aliases))), (0, 0, 0, 2), expand=False))
    out.print(
        Padding(
            f"{entity['mentions']} mentions in {entity['documents']} documents, id {entity['entity_id']}",
            (0, 0, 0, 2),
        )
    )
    if entity["former_ids"]:
        out.print(Padding("formerly " + ", ".join(entity["former_ids"]), (0, 0, 0, 2), expand=False))
    for other in rows["same_name"]:
        out.print(
            Padding(
                f"same name: {other['type']} {plain(other['name'])} ({other['entity_id']})",
                (0, 0, 0, 2),
                expand=False,
            )
        )
    for relation in rows["relations"]:
        arrow = {"out": "→", "in": "←", "both": "↔"}[relation["direction"]]
        evidence = relation["evidence"]
        head = Text(f"{arrow} {relation['relation']} ", style="bold")
        head.append(Text(plain(relation["name"])))
        details = [plain(evidence[0].get(key)) for key in _ATTRIBUTES if evidence and evidence[0].get(key)]
        details.append(f"{_texts(relation['independent_documents'])}")
        head.append(Text(f"  ({', '.join(details)})", style="dim"))
        out.print()
        out.print(head)
        for item in evidence[:1]:
            for context in item["context"]:
                out.print(
                    Padding(
                        Text("… " + plain(context).replace("\n", " "), style="dim"),
                        (0, 0, 0, 4),
                        expand=False,
                    )
                )
            out.print(
                Padding(Text(plain(item["sentence"]).replace("\n", " ").strip()), (0, 0, 0, 4), expand=False)
            )
            source = "，".join(
                plain(v) for v in (item.get("title"), item.get("document_date"), item["doc_id"]) if v
            )
            out.print(Padding(Text(f"— {source}", style="dim"), (0, 0, 0, 4), expand=False))
    left = rows["relations_in_all"] - len(rows["relations"])
    if left > 0:
        out.print(f"\n… and {left} more relations (--limit shows them)")


def _texts(count: int) -> str:
    return "1 text" if count == 1 else f"{count} texts"
