// title: The sentences behind a relation
// zh: 某条关系出自哪些文章的哪些句子？
// en: Which sentences of which documents state a relation?
// parameter: head string = 杭州城投产业基金 | name or alias of one end
// parameter: tail string = 智谱 | name or alias of the other end
// parameter: relation string = INVESTS_IN | relation type
// stores: embedded, neo4j
MATCH (h:Entity)<-[:HEAD]-(c:Claim)-[:TAIL]->(t:Entity)
MATCH (c)-[:STATED_IN]->(d:Document)
WHERE c.type = $relation
  AND (((h.name = $head OR $head IN h.aliases) AND (t.name = $tail OR $tail IN t.aliases))
    OR (c.type IN ['COMPETES_WITH', 'PARTNERS_WITH']
        AND (h.name = $tail OR $tail IN h.aliases) AND (t.name = $head OR $head IN t.aliases)))
RETURN d.date AS date, d.title AS document, d.source AS source, c.sentence AS sentence, c.status AS status,
       c.amount_text AS amount, c.confidence AS confidence, d.duplicate_of AS copy_of
ORDER BY date, document
