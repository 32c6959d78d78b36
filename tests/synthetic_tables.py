"""A build of any size, made from a seed: for loads that are killed, and for the benchmark.

Ten entities and 25 facts a document; every fact is a claim and a relation of its own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kg.schema import EntityType, RelationType
from kg.tables import TABLES, arrow_schema

_SENTENCE = "据公开资料，甲方第{:07d}号宣布与乙方就人工智能大模型业务达成新的安排，双方未披露细节。"
_ENTITIES_A_DOCUMENT, _FACTS_A_DOCUMENT = 10, 25


def write(folder: Path, entities: int, facts: int, seed: int = 1) -> Path:
    """Write the tables of `entities` entities, `facts` claims and as many relations; returns the folder.

    `seed` changes which entities are joined, and by what; keys stay the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    documents = -(-facts // _FACTS_A_DOCUMENT)
    named = random.integers(0, entities, size=(documents, _ENTITIES_A_DOCUMENT))
    document = np.repeat(np.arange(documents), _FACTS_A_DOCUMENT)[:facts]
    first = random.integers(0, _ENTITIES_A_DOCUMENT, facts)
    second = (first + random.integers(1, _ENTITIES_A_DOCUMENT, facts)) % _ENTITIES_A_DOCUMENT
    relation_types = np.array([str(t.value) for t in RelationType])[
        random.integers(0, len(RelationType), facts)
    ]
    amount = np.where(random.random(facts) < 0.3, random.integers(1, 900, facts) * 1e6, np.nan)
    length = len(_SENTENCE.format(0))
    start = (np.arange(facts) % _FACTS_A_DOCUMENT) * length
    doc_ids = _names("d", document)
    claim_ids = _names("c", np.arange(facts))
    sentences = [_SENTENCE.format(i) for i in range(facts)]
    texts = ["".join(sentences[i : i + _FACTS_A_DOCUMENT]) for i in range(0, facts, _FACTS_A_DOCUMENT)]
    mention_ids = _names("m", np.arange(documents * _ENTITIES_A_DOCUMENT))
    entity_of = named.reshape(-1)
    entity_types = np.array([str(t.value) for t in EntityType])[np.arange(entities) % len(EntityType)]
    names = [f"公司{i:07d}" for i in range(entities)]
    amounts = pa.array(amount, from_pandas=True)
    money = [None if np.isnan(value) else "CNY" for value in amount]
    _write(
        folder,
        "documents",
        documents,
        doc_id=_names("d", np.arange(documents)),
        source=["synthetic"] * documents,
        title=[f"第{i}篇" for i in range(documents)],
        date=[f"2025-{i % 12 + 1:02d}-{i % 28 + 1:02d}" for i in range(documents)],
        language=["zh"] * documents,
        text=texts,
        content_hash=_names("h", np.arange(documents)),
    )
    _write(
        folder,
        "entities",
        entities,
        entity_id=_names("e", np.arange(entities)),
        type=entity_types,
        name=names,
        aliases=[[name] for name in names],
        former_ids=[[]] * entities,
        mentions=np.bincount(entity_of, minlength=entities),
        documents=np.bincount(entity_of, minlength=entities),
    )
    _write(
        folder,
        "mentions",
        len(mention_ids),
        mention_id=mention_ids,
        doc_id=_names("d", np.repeat(np.arange(documents), _ENTITIES_A_DOCUMENT)),
        start=np.zeros(len(mention_ids), int),
        end=np.ones(len(mention_ids), int),
        type=entity_types[entity_of],
        text=["甲"] * len(mention_ids),
        confidence=np.full(len(mention_ids), 0.9),
        made_by=["synthetic"] * len(mention_ids),
    )
    _write(
        folder,
        "mention_entities",
        len(mention_ids),
        mention_id=mention_ids,
        entity_id=_names("e", entity_of),
    )
    head, tail = document * _ENTITIES_A_DOCUMENT + first, document * _ENTITIES_A_DOCUMENT + second
    _write(
        folder,
        "claims",
        facts,
        claim_id=claim_ids,
        doc_id=doc_ids,
        start=start,
        end=start + length,
        type=relation_types,
        head_mention=_names("m", head),
        tail_mention=_names("m", tail),
        confidence=np.full(facts, 0.9),
        made_by=["synthetic"] * facts,
        status=["completed"] * facts,
        context=[[]] * facts,
        amount=amounts,
        currency=money,
    )
    _write(
        folder,
        "relations",
        facts,
        relation_id=_names("r", np.arange(facts)),
        type=relation_types,
        head=_names("e", entity_of[head]),
        tail=_names("e", entity_of[tail]),
        status=["completed"] * facts,
        amount=amounts,
        currency=money,
        claims=np.ones(facts, int),
        independent_documents=np.ones(facts, int),
        best_claim=claim_ids,
    )
    for name in ("sections", "dropped", "identities"):
        _write(folder, name, 0)
    return folder


def _names(prefix: str, numbers: np.ndarray) -> list[str]:
    return [f"{prefix}{number:07d}" for number in numbers.tolist()]


def _write(folder: Path, name: str, count: int, /, **columns: object) -> None:
    """A table with the given columns; those that are not given hold no value."""
    schema = arrow_schema(TABLES[name])
    arrays = []
    for field in schema:
        given = columns.get(field.name)
        if given is None:
            arrays.append(pa.nulls(count, field.type))
        else:
            arrays.append(given if isinstance(given, pa.Array) else pa.array(given, type=field.type))
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), folder / f"{name}.parquet")
