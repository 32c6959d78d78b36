"""Investments as deals: the claims that report one event count once, whoever retells it."""

from __future__ import annotations

import pandas as pd

from kg.graph import Graph
from kg.schema import RelationType, Status

#: States in which the money has been, or is being, paid.
PAID = (Status.COMPLETED.value, Status.ONGOING.value)


def deals(graph: Graph) -> pd.DataFrame:
    """One row a deal, largest amounts first within each currency.

    deal_id (or the relation id, where linking found no deal), status, amount, amount_max, currency, amount_text,
    stake, round, date, heads and tails (tuples of entity ids), claims (a count), and of the best claim: sentence,
    doc_id, title, source, document_date.
    """
    stated = graph.evidence()
    stated = stated[stated["type"] == RelationType.INVESTS_IN.value]
    stated = stated.assign(deal_id=stated["deal_id"].fillna(stated["relation_id"]))
    by_deal = stated.groupby("deal_id", sort=False)
    taken = ("status", "amount", "amount_max", "currency", "amount_text", "stake", "round", "date")
    shown = ("sentence", "doc_id", "title", "source", "document_date")
    # `first` takes the first value that is there, and claims come best first.
    table = by_deal[[*taken, *shown]].first()
    table["heads"] = by_deal["head"].agg(_distinct)
    table["tails"] = by_deal["tail"].agg(_distinct)
    table["claims"] = by_deal.size()
    return table.reset_index().sort_values(
        ["currency", "amount", "deal_id"],
        ascending=[True, False, True],
        na_position="last",
        ignore_index=True,
    )


def totals(table: pd.DataFrame, side: str) -> dict[str, dict[str, float]]:
    """What each entity paid (`side` "heads") or received ("tails"), by currency, over the deals that are paid."""
    paid = table[table["status"].isin(PAID) & table["amount"].notna() & table["currency"].notna()]
    sums: dict[str, dict[str, float]] = {}
    for entities, currency, amount in zip(paid[side], paid["currency"], paid["amount"], strict=True):
        for entity in entities:
            of_entity = sums.setdefault(entity, {})
            of_entity[currency] = of_entity.get(currency, 0.0) + amount
    return sums


def _distinct(ids: pd.Series[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
