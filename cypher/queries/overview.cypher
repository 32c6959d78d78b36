// title: What the graph holds
// zh: 图中各类实体和关系各有多少？
// en: How many entities and relations of every type are there?
// stores: embedded, neo4j
MATCH (x:Entity)
RETURN 'entity' AS kind, x.type AS type, count(*) AS number
UNION ALL
MATCH (:Entity)-[r]->(:Entity)
RETURN 'relation' AS kind, r.type AS type, count(*) AS number
