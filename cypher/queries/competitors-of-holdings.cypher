// title: Competitors of what a company owns
// zh: 某公司投资、控股的公司或研发的模型，有哪些竞争对手？
// en: Whom do a company's holdings, subsidiaries and models compete with?
// parameter: name string = 阿里巴巴 | name, alias or id of the company
// stores: embedded, neo4j
MATCH (x:Entity)-[o:INVESTS_IN|DEVELOPS]->(y:Entity)-[r:COMPETES_WITH]-(z:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND z.id <> x.id
  AND NOT o.status IN ['denied', 'ended'] AND NOT r.status IN ['denied', 'ended']
RETURN x.name AS owner, o.type AS relation, y.name AS holding, z.name AS rival
UNION
MATCH (x:Entity)<-[o:SUBSIDIARY_OF]-(y:Entity)-[r:COMPETES_WITH]-(z:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND z.id <> x.id
  AND NOT o.status IN ['denied', 'ended'] AND NOT r.status IN ['denied', 'ended']
RETURN x.name AS owner, o.type AS relation, y.name AS holding, z.name AS rival
