// title: Documents about an entity
// zh: 哪些文章提到了某个实体？
// en: Which documents name an entity?
// parameter: name string = 智谱 | name, alias or id
// stores: embedded, neo4j
MATCH (x:Entity)-[m:MENTIONED_IN]->(d:Document)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids)
RETURN d.date AS date, d.title AS title, d.source AS source, m.mentions AS mentions,
       d.duplicate_of AS copy_of, d.id AS document
ORDER BY date DESC, document
