// title: Indirect investors
// zh: 谁通过其他公司间接投资了某公司？
// en: Who invests in a company through others: as an investor in, or the parent of, one of its investors?
// parameter: name string = 智谱 | name, alias or id of the company
// stores: embedded, neo4j
MATCH (i:Entity)-[first:INVESTS_IN]->(m:Entity)-[second:INVESTS_IN]->(x:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND i.id <> x.id
  AND NOT first.status IN ['denied', 'ended'] AND NOT second.status IN ['denied', 'ended']
RETURN i.name AS investor, 'invests in' AS how, m.name AS through, x.name AS target
UNION
MATCH (i:Entity)<-[first:SUBSIDIARY_OF]-(m:Entity)-[second:INVESTS_IN]->(x:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND i.id <> x.id
  AND NOT first.status IN ['denied', 'ended'] AND NOT second.status IN ['denied', 'ended']
RETURN i.name AS investor, 'is the parent of' AS how, m.name AS through, x.name AS target
