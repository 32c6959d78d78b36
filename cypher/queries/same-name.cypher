// title: Entities of one name
// zh: 哪些同类实体共用一个名字？（数据质量：可能应当合并）
// en: Which entities of one type share a name or alias? (data quality: perhaps one thing)
// stores: embedded, neo4j
MATCH (x:Entity)
UNWIND x.aliases AS alias
WITH alias, x.type AS type, collect(DISTINCT x.id) AS ids
WHERE size(ids) > 1
RETURN alias, type, ids
ORDER BY alias, type
