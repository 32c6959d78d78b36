// title: Competitors
// zh: 某公司或模型的竞争对手有哪些？
// en: Whom does a company or model compete with?
// parameter: name string = OpenAI | name, alias or id
// stores: embedded, neo4j
MATCH (x:Entity)-[r:COMPETES_WITH]-(y:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids) AND NOT r.status IN ['denied', 'ended']
RETURN x.name AS name, y.name AS rival, y.type AS type,
       r.independent_documents AS independent_sources, r.sentence AS sentence
ORDER BY independent_sources DESC, rival
