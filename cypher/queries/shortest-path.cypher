// title: How two entities hang together
// zh: 两个实体之间最短的关系链是什么？
// en: What is the shortest chain of relations between two entities?
// parameter: name string = 智谱 | name, alias or id of one
// parameter: other string = 梁文锋 | name, alias or id of the other
// stores: embedded, neo4j
MATCH (one:Entity), (two:Entity)
WHERE ($name IN [one.name, one.id] OR $name IN one.aliases OR $name IN one.former_ids) AND ($other IN [two.name, two.id] OR $other IN two.aliases OR $other IN two.former_ids)
MATCH path = shortestPath((one)-[:INVESTS_IN|REGULATES|COMPETES_WITH|DEVELOPS|USES|ISSUES|WORKS_FOR|PARTNERS_WITH|SUBSIDIARY_OF|LOCATED_IN*1..6]-(two))
WHERE all(r IN relationships(path) WHERE NOT r.status IN ['denied', 'ended'])
RETURN length(path) AS steps, [n IN nodes(path) | n.name] AS names,
       [r IN relationships(path) | r.type] AS relations
