// title: Investors that two rivals share
// zh: 两家竞争对手有哪些共同的投资方？
// en: Which investors do two companies share?
// parameter: name string = 智谱 | name, alias or id of one company
// parameter: rival string = 月之暗面 | name, alias or id of the other
// stores: embedded, neo4j
MATCH (a:Entity)<-[first:INVESTS_IN]-(i:Entity)-[second:INVESTS_IN]->(b:Entity)
WHERE ($name IN [a.name, a.id] OR $name IN a.aliases OR $name IN a.former_ids) AND ($rival IN [b.name, b.id] OR $rival IN b.aliases OR $rival IN b.former_ids)
  AND NOT first.status IN ['denied', 'ended'] AND NOT second.status IN ['denied', 'ended']
RETURN i.name AS investor, a.name AS one, first.last_date AS one_date,
       b.name AS other, second.last_date AS other_date
ORDER BY investor
