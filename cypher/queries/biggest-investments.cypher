// title: Biggest investments of a period
// zh: 某段时间内金额最大的投资有哪些？（同一交易只计一次，按币种）
// en: Which investments of a period are the biggest, each deal once, by currency?
// parameter: since string = 2024-01-01 | first date, ISO
// parameter: until string = 2026-12-31 | last date, ISO
// parameter: limit integer = 20 | most rows
// stores: embedded, neo4j
MATCH (i:Entity)<-[:HEAD]-(c:Claim)-[:TAIL]->(x:Entity)
MATCH (c)-[:STATED_IN]->(d:Document)
WHERE c.type = 'INVESTS_IN' AND c.amount IS NOT NULL AND NOT c.status IN ['denied', 'ended']
  AND coalesce(c.date, d.date) >= $since AND coalesce(c.date, d.date) <= $until
RETURN max(c.amount) AS amount, coalesce(c.currency, '?') AS currency,
       collect(DISTINCT i.name) AS investors, collect(DISTINCT x.name) AS targets,
       min(coalesce(c.date, d.date)) AS date, min(c.status) AS status,
       count(DISTINCT coalesce(d.duplicate_of, d.id)) AS independent_sources,
       coalesce(c.deal_id, c.id) AS deal
ORDER BY currency, amount DESC, deal
LIMIT $limit
