"""kg evaluate, kg schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.parameters import Json, MinConfidence, Quiet
from kg.evaluation.stage import Stage


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Judge and describe"
    app.command(rich_help_panel=panel)(evaluate)
    app.command(rich_help_panel=panel)(schema)


def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated documents.", show_default=False)
    ],
    predictions: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Also write the predictions, in the same format.")
    ] = None,
    stage: Annotated[
        Stage, typer.Option(help="What to evaluate; the others are given from the annotation.")
    ] = (Stage.ALL),
    config: Annotated[
        Path | None, typer.Option(metavar="kg.toml", help="Settings of names and linking.")
    ] = None,
    min_confidence: MinConfidence = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the pipeline over annotated documents and print precision, recall and F1."""
    from kg.building import settings
    from kg.cli.printing import print_json, progress
    from kg.evaluation.attributes import score_attributes
    from kg.evaluation.documents import read_annotated, write_annotated
    from kg.evaluation.figures import applicable
    from kg.evaluation.predict import predict
    from kg.evaluation.score import score

    configuration = settings.read_configuration(config) if config else settings.Configuration()
    if min_confidence is not None:
        configuration.names["min_confidence"] = min_confidence
    documents = read_annotated(gold)
    with progress(quiet or json) as bars:
        found = predict(
            documents,
            stage,
            settings.extraction_settings(configuration),
            settings.linking_settings(configuration),
            bars,
        )
    if predictions:
        write_annotated(predictions, found)
    by_id = {d.doc_id: d for d in found}
    figures = applicable(score(documents, by_id), score_attributes(documents, by_id), stage)
    if json:
        print_json(figures)
    else:
        _print_figures(figures)


def _print_figures(figures: dict[str, Any]) -> None:
    from kg.cli.printing import console, table

    linking = figures["linking"]
    rows = [(f"names {name}", *_cells(f)) for name, f in figures["entities"].items()]
    rows.append(("linking B-cubed", *_cells(linking and {**linking, "tp": None, "pred": None, "gold": None})))
    rows.append(("linking alias pairs", *_cells(linking and linking["alias_pairs"])))
    rows += [(f"relations {name}", *_cells(f)) for name, f in figures["relations"].items()]
    rows += [(f"attributes {name}", *_cells(f)) for name, f in figures["attributes"].items()]
    console().print(table(("", "P", "R", "F1", "right", "found", "gold"), rows))


def _cells(figure: dict[str, Any] | None) -> list[str]:
    if figure is None:
        return ["-"] * 6
    counts = ("-" if figure[key] is None else str(figure[key]) for key in ("tp", "pred", "gold"))
    return [*(f"{figure[key]:.3f}" for key in ("p", "r", "f1")), *counts]


def schema(
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown.")] = False,
    cypher: Annotated[bool, typer.Option("--cypher", help="As Neo4j constraints and indexes.")] = False,
    json: Json = False,
) -> None:
    """Print the entity types, the relation types and what they may join."""
    from kg import schema as definitions

    entities = definitions.ENTITIES.values()
    relations = definitions.RELATIONS.values()

    def names(types: frozenset[definitions.EntityType]) -> str:
        return ", ".join(t for t in definitions.EntityType if t in types)

    entity_columns = ("type", "中文", "what it is")
    entity_rows = [(e.type.value, e.chinese, e.meaning) for e in entities]
    relation_columns = ("relation", "中文", "from", "to", "when", "attributes")
    relation_rows = [
        (
            r.type.value + (" (symmetric)" if r.symmetric else ""),
            r.chinese,
            names(r.heads),
            names(r.tails),
            r.meaning,
            ", ".join(r.attributes),
        )
        for r in relations
    ]
    if cypher:
        from kg.stores.statements import schema as statements

        typer.echo("\n".join(f"{statement};" for statement in statements()))
    elif json:
        from kg.cli.printing import print_json

        print_json(
            {
                "entities": [
                    dict(zip(("type", "chinese", "meaning"), row, strict=True)) for row in entity_rows
                ],
                "relations": [
                    {
                        "type": r.type,
                        "chinese": r.chinese,
                        "heads": sorted(r.heads),
                        "tails": sorted(r.tails),
                        "symmetric": r.symmetric,
                        "core": r.core,
                        "meaning": r.meaning,
                        "attributes": r.attributes,
                    }
                    for r in relations
                ],
            }
        )
    elif markdown:
        for columns, rows in ((entity_columns, entity_rows), (relation_columns, relation_rows)):
            typer.echo("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
            for row in rows:
                typer.echo("| " + " | ".join(row) + " |")
            typer.echo("")
    else:
        from kg.cli.printing import console, table

        console().print(table(entity_columns, entity_rows))
        joins = (
            (f"{name}\n{chinese}", f"{heads}\n{'—' if '(symmetric)' in name else '→'} {tails}", meaning)
            for name, chinese, heads, tails, meaning, _ in relation_rows
        )
        console().print(table(("relation", "joins", "when"), joins))
