// title: Search by name
// zh: 按名字的一部分查找实体
// en: Find entities by a part of their name (full text, for Chinese too)
// parameter: text string = 智谱 | words or part of a name
// parameter: limit integer = 10 | most rows
// stores: neo4j
CALL db.index.fulltext.queryNodes('entity_names', $text) YIELD node, score
RETURN node.name AS name, node.type AS type, node.aliases AS aliases, node.documents AS documents,
       round(score, 2) AS score
ORDER BY score DESC, documents DESC, name
LIMIT $limit
