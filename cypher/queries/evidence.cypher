// title: The sentences behind a relation
// zh: 某条关系出自哪些文章的哪些句子？
// en: Which sentences of which documents state a relation?
// parameter: head string = 杭州城投产业基金 | name, alias or id of one end
// parameter: tail string = 智谱 | name, alias or id of the other end
// parameter: relation string = INVESTS_IN | relation type
// stores: embedded, neo4j
MATCH (h:Entity)<-[:HEAD]-(c:Claim)-[:TAIL]->(t:Entity)
MATCH (c)-[:STATED_IN]->(d:Document)
WHERE c.type = $relation
  AND ((($head IN [h.name, h.id] OR $head IN h.aliases OR $head IN h.former_ids) AND ($tail IN [t.name, t.id] OR $tail IN t.aliases OR $tail IN t.former_ids))
    OR (c.type IN ['COMPETES_WITH', 'PARTNERS_WITH']
        AND ($tail IN [h.name, h.id] OR $tail IN h.aliases OR $tail IN h.former_ids) AND ($head IN [t.name, t.id] OR $head IN t.aliases OR $head IN t.former_ids)))
RETURN d.date AS date, d.title AS document, d.source AS source, c.sentence AS sentence, c.status AS status,
       c.amount_text AS amount, c.confidence AS confidence, d.duplicate_of AS copy_of
ORDER BY date, document
