// title: Investors by total
// zh: 各投资方按币种合计投了多少？（同一交易只计一次）
// en: How much has every investor put in, by currency, each deal once?
// parameter: limit integer = 20 | most rows
// stores: embedded, neo4j
MATCH (i:Entity)<-[:HEAD]-(c:Claim)
WHERE c.type = 'INVESTS_IN' AND c.amount IS NOT NULL AND c.status IN ['completed', 'ongoing']
WITH i, coalesce(c.currency, '?') AS currency, coalesce(c.deal_id, c.id) AS deal, max(c.amount) AS amount
RETURN i.name AS investor, currency, sum(amount) AS total, count(deal) AS deals
ORDER BY currency, total DESC, investor
LIMIT $limit
