// title: Planned and rumoured deals
// zh: 有哪些计划中或传闻中的交易？
// en: Which investments and partnerships are planned or rumoured?
// stores: embedded, neo4j
MATCH (h:Entity)-[r:INVESTS_IN|PARTNERS_WITH|SUBSIDIARY_OF]->(t:Entity)
WHERE r.status IN ['planned', 'rumoured']
RETURN r.status AS status, h.name AS head, r.type AS relation, t.name AS tail,
       r.amount AS amount, r.currency AS currency, r.last_date AS date, r.sentence AS sentence
ORDER BY status, date, head
