"""The graph as RDF triples, in published vocabularies where one fits.

Entities are schema.org things and W3C Org organizations. A relation that holds is one triple of such a vocabulary,
and every relation, also one that is planned or denied, is a reified statement with its attributes, derived (PROV)
from the documents that its claims, quoted, appear in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from rdflib import Graph as Triples
from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import ORG, PROV, RDF, RDFS, SDO, XSD

from kg.exports.dates import first_day, last_day
from kg.graph import Graph, records
from kg.schema import ENTITIES, RELATIONS, EntityType, RelationType, Status

#: Names of our own: the schema's types and attributes that no vocabulary has.
KG = Namespace("urn:kg:schema:")

_CLASSES: dict[EntityType, tuple[URIRef, ...]] = {
    EntityType.COMPANY: (SDO.Corporation, ORG.FormalOrganization),
    EntityType.PERSON: (SDO.Person,),
    EntityType.REGION: (SDO.Place,),
    EntityType.MODEL: (SDO.SoftwareApplication,),
    EntityType.POLICY: (SDO.Legislation,),
    EntityType.ORGANIZATION: (SDO.Organization, ORG.Organization),
}
#: Predicates from head to tail, and from tail to head; relations that are not here have one of our own.
_FORWARD = {
    RelationType.WORKS_FOR: SDO.worksFor,
    RelationType.SUBSIDIARY_OF: ORG.subOrganizationOf,
    RelationType.LOCATED_IN: SDO.location,
}
_BACKWARD = {
    RelationType.INVESTS_IN: SDO.funder,
    RelationType.DEVELOPS: SDO.creator,
    RelationType.ISSUES: SDO.legislationPassedBy,
}
_HOLDS = (Status.COMPLETED, Status.ONGOING)
_ATTRIBUTES = ("amount_text", "amount", "amount_max", "currency", "stake", "round", "role", "action", "date")


def triples(graph: Graph) -> Triples:
    """Every entity, relation, claim and cited document of the graph."""
    result = Triples()
    for prefix, namespace in {"kg": KG, "schema": SDO, "org": ORG, "prov": PROV}.items():
        result.bind(prefix, namespace, replace=True)
    _schema(result)
    for entity in records(graph.entities):
        _entity(result, entity)
    for relation in records(graph.relations):
        _relation(result, relation)
    cited = set()
    for claim in records(graph.evidence()):
        _claim(result, claim)
        cited.add(claim["doc_id"])
    for document in records(graph.documents[graph.documents["doc_id"].isin(cited)]):
        _document(result, document)
    return result


def _node(kind: str, identifier: str) -> URIRef:
    return URIRef(f"urn:kg:{kind}:{quote(identifier, safe='')}")


def _schema(result: Triples) -> None:
    for entity in ENTITIES.values():
        result.add((KG[entity.type], RDF.type, RDFS.Class))
        result.add((KG[entity.type], RDFS.label, Literal(entity.chinese, lang="zh")))
        result.add((KG[entity.type], RDFS.comment, Literal(entity.meaning, lang="en")))
    for relation in RELATIONS.values():
        result.add((KG[relation.type], RDF.type, RDF.Property))
        result.add((KG[relation.type], RDFS.label, Literal(relation.chinese, lang="zh")))
        result.add((KG[relation.type], RDFS.comment, Literal(relation.meaning, lang="en")))


def _entity(result: Triples, entity: dict[str, Any]) -> None:
    node = _node("entity", entity["entity_id"])
    for kind in (KG[entity["type"]], *_CLASSES[EntityType(entity["type"])]):
        result.add((node, RDF.type, kind))
    result.add((node, SDO.name, Literal(entity["name"])))
    result.add((node, RDFS.label, Literal(entity["name"])))
    result.add((node, SDO.identifier, Literal(entity["entity_id"])))
    for alias in entity["aliases"]:
        if alias != entity["name"]:
            result.add((node, SDO.alternateName, Literal(alias)))


def _relation(result: Triples, relation: dict[str, Any]) -> None:
    kind = RelationType(relation["type"])
    head, tail = _node("entity", relation["head"]), _node("entity", relation["tail"])
    if relation["status"] in _HOLDS:
        if kind in _BACKWARD:
            result.add((tail, _BACKWARD[kind], head))
        else:
            result.add((head, _FORWARD.get(kind, KG[kind]), tail))
            if RELATIONS[kind].symmetric:
                result.add((tail, KG[kind], head))
    node = _node("relation", relation["relation_id"])
    result.add((node, RDF.type, RDF.Statement))
    result.add((node, RDF.subject, head))
    result.add((node, RDF.predicate, KG[kind]))
    result.add((node, RDF.object, tail))
    result.add((node, KG.status, Literal(relation["status"])))
    if "first_date" in relation:
        result.add((node, SDO.startDate, Literal(first_day(relation["first_date"]), datatype=XSD.date)))
    if "last_date" in relation:
        result.add((node, SDO.endDate, Literal(last_day(relation["last_date"]), datatype=XSD.date)))
    _attributes(result, node, relation)
    result.add((node, KG.independent_documents, Literal(relation["independent_documents"])))


def _claim(result: Triples, claim: dict[str, Any]) -> None:
    node = _node("claim", claim["claim_id"])
    document = _node("document", claim["doc_id"])
    statement = _node("relation", claim["relation_id"])
    result.add((node, RDF.type, SDO.Claim))
    result.add((node, RDF.type, PROV.Entity))
    result.add((node, SDO.text, Literal(claim["sentence"])))
    result.add((node, SDO.appearance, document))
    result.add((node, PROV.wasQuotedFrom, document))
    result.add((node, KG.status, Literal(claim["status"])))
    result.add((node, KG.confidence, Literal(claim["confidence"])))
    _attributes(result, node, claim)
    result.add((statement, PROV.wasDerivedFrom, node))


def _attributes(result: Triples, node: URIRef, row: dict[str, Any]) -> None:
    for name in _ATTRIBUTES:
        if name in row:
            result.add((node, SDO.currency if name == "currency" else KG[name], Literal(row[name])))


def _document(result: Triples, document: dict[str, Any]) -> None:
    node = _node("document", document["doc_id"])
    result.add((node, RDF.type, SDO.Article))
    result.add((node, RDF.type, PROV.Entity))
    result.add((node, SDO.name, Literal(document["title"])))
    result.add((node, SDO.identifier, Literal(document["doc_id"])))
    result.add((node, SDO.publisher, Literal(document["source"])))
    if "date" in document:
        result.add((node, SDO.datePublished, Literal(document["date"], datatype=XSD.date)))
    if "duplicate_of" in document:
        result.add((node, PROV.wasDerivedFrom, _node("document", document["duplicate_of"])))
