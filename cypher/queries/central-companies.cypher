// title: Most central companies
// zh: 哪些公司在图中最核心？
// en: Which companies are most central: by neighbours, by relations, by independent sources?
// parameter: limit integer = 10 | most rows
// stores: embedded, neo4j
MATCH (x:Entity {type: 'Company'})-[r]-(y:Entity)
WHERE NOT r.status IN ['denied', 'ended']
RETURN x.name AS company, count(DISTINCT y.id) AS neighbours, count(*) AS relations,
       sum(r.independent_documents) AS independent_sources
ORDER BY neighbours DESC, relations DESC, company
LIMIT $limit
