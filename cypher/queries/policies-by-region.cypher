// title: Policies of a region
// zh: 某地区有哪些政策？（由其发布，或对其适用）
// en: Which policies does a region issue, or is subject to?
// parameter: name string = 中国 | name, alias or id of the region
// parameter: include_denied boolean = false | show denied and ended policies, too
// stores: embedded, neo4j
MATCH (x:Entity {type: 'Region'})-[r:ISSUES]->(p:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN x.name AS region, 'issues' AS how, p.name AS policy, coalesce(x.name, '') AS issuer, r.status AS status
UNION
MATCH (x:Entity {type: 'Region'})<-[:REGULATES]-(p:Entity {type: 'Policy'})<-[r:ISSUES]-(i:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN x.name AS region, 'is subject to' AS how, p.name AS policy, coalesce(i.name, '') AS issuer,
       r.status AS status
