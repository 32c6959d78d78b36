// title: Entities without any relation
// zh: 哪些实体没有任何关系？（数据质量）
// en: Which entities have no relation at all? (data quality)
// stores: embedded, neo4j
MATCH (x:Entity)
OPTIONAL MATCH (x)-[r]-(other:Entity)
WITH x, count(r) AS relations
WHERE relations = 0
RETURN x.name AS name, x.type AS type, x.mentions AS mentions, x.documents AS documents
ORDER BY mentions DESC, name
