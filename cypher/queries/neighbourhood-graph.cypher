// title: The picture around one entity
// zh: 画出某个实体周围的关系图
// en: Draw the relations around an entity (for Neo4j Browser)
// parameter: name string = 深度求索 | name, alias or id
// parameter: texts integer = 1 | fewest independent texts behind an arrow
// parameter: limit integer = 100 | most relations
// stores: neo4j
MATCH path = (x:Entity)-[r]-(other:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids)
  AND NOT r.status IN ['denied', 'ended'] AND r.independent_documents >= $texts
RETURN path
ORDER BY r.independent_documents DESC, r.id
LIMIT $limit
