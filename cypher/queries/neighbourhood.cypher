// title: Everything around one entity
// zh: 某个实体与谁有什么关系？
// en: What is an entity related to, in either direction?
// parameter: name string = 深度求索 | name, alias or id
// parameter: include_denied boolean = false | show denied and ended relations, too
// stores: embedded, neo4j
MATCH (x:Entity)-[r]->(other:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN x.name AS head, r.type AS relation, other.name AS tail, other.type AS neighbour_type,
       r.status AS status, r.independent_documents AS independent_sources
UNION
MATCH (x:Entity)<-[r]-(other:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN other.name AS head, r.type AS relation, x.name AS tail, other.type AS neighbour_type,
       r.status AS status, r.independent_documents AS independent_sources
