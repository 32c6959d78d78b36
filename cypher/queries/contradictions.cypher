// title: Contradictions
// zh: 同一交易有哪些互相矛盾的金额？
// en: For which deals do documents give different amounts?
// stores: embedded, neo4j
MATCH (i:Entity)<-[:HEAD]-(c:Claim)-[:TAIL]->(x:Entity)
WHERE c.amount IS NOT NULL AND c.deal_id IS NOT NULL
WITH c.deal_id AS deal, coalesce(c.currency, '?') AS currency, min(c.amount) AS lowest, max(c.amount) AS highest,
     collect(DISTINCT c.amount_text) AS amounts, collect(DISTINCT i.name) AS investors,
     collect(DISTINCT x.name) AS targets
WHERE lowest < highest
RETURN deal, investors, targets, currency, lowest, highest, amounts
ORDER BY deal, currency
