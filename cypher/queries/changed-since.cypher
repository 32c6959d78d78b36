// title: What is new since a date
// zh: 某日以来出现了哪些新的事实？
// en: Which relations are first reported by documents dated on or after a day?
// parameter: since string = 2025-03-31 | date, ISO
// stores: embedded, neo4j
MATCH (h:Entity)<-[:HEAD]-(c:Claim)-[:TAIL]->(t:Entity)
MATCH (c)-[:STATED_IN]->(d:Document)
WITH h, c.type AS relation, t, min(d.date) AS first_reported, max(d.date) AS last_reported,
     count(DISTINCT coalesce(d.duplicate_of, d.id)) AS independent_sources
WHERE first_reported >= $since
RETURN h.name AS head, relation, t.name AS tail, first_reported, last_reported, independent_sources
ORDER BY first_reported, head, relation, tail
