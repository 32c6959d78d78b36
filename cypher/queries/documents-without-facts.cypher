// title: Documents without any fact
// zh: 哪些文章没有抽取出任何事实？（数据质量）
// en: From which documents was no fact taken? (data quality)
// stores: embedded, neo4j
MATCH (d:Document)
OPTIONAL MATCH (c:Claim)-[:STATED_IN]->(d)
WITH d, count(c) AS facts
WHERE facts = 0
RETURN d.id AS document, d.title AS title, d.date AS date
ORDER BY document
