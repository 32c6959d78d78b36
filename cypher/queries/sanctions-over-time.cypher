// title: Sanctions over time
// zh: 制裁、禁令、出口管制、罚款等措施随时间如何变化？
// en: How do sanctions, bans, export controls, tariffs, investigations and fines come month by month?
// parameter: since string = 2024-01-01 | first date, ISO
// stores: embedded, neo4j
MATCH (g:Entity)-[r:REGULATES]->(x:Entity)
WHERE r.first_date >= $since AND NOT r.status IN ['denied', 'ended']
  AND r.action IN ['sanction', 'ban', 'export-control', 'tariff', 'investigate', 'fine']
RETURN left(r.first_date, 7) AS month, r.action AS action, count(*) AS measures,
       collect(DISTINCT g.name) AS regulators, collect(DISTINCT x.name) AS targets
ORDER BY month, action
