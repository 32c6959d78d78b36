// title: Investors that two rivals share
// zh: 两家竞争对手有哪些共同的投资方？
// en: Which investors do two companies share?
// parameter: name string = 智谱 | name or alias of one company
// parameter: rival string = 月之暗面 | name or alias of the other
// stores: embedded, neo4j
MATCH (a:Entity)<-[first:INVESTS_IN]-(i:Entity)-[second:INVESTS_IN]->(b:Entity)
WHERE (a.name = $name OR $name IN a.aliases) AND (b.name = $rival OR $rival IN b.aliases)
  AND NOT first.status IN ['denied', 'ended'] AND NOT second.status IN ['denied', 'ended']
RETURN i.name AS investor, a.name AS one, first.last_date AS one_date,
       b.name AS other, second.last_date AS other_date
ORDER BY investor
