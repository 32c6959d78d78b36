// title: Models, who makes them and who uses them
// zh: 各家研发了哪些模型？谁在使用？
// en: Which models does every developer have, and who uses them?
// stores: embedded, neo4j
MATCH (x:Entity)-[d:DEVELOPS]->(m:Entity)
WHERE NOT d.status IN ['denied', 'ended']
OPTIONAL MATCH (y:Entity)-[u:USES]->(m)
WHERE NOT u.status IN ['denied', 'ended']
RETURN x.name AS developer, m.name AS model, d.first_date AS date,
       collect(DISTINCT y.name) AS users
ORDER BY developer, model
