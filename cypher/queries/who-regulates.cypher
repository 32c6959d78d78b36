// title: Regulators and what they did
// zh: 谁在监管某公司？采取了什么措施？
// en: Who regulates a company, and how?
// parameter: name string = 英伟达 | name, alias or id of the company, model, person or region
// parameter: include_denied boolean = false | show denied and ended measures, too
// stores: embedded, neo4j
MATCH (g:Entity)-[r:REGULATES]->(x:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids)
  AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN g.name AS regulator, g.type AS type, coalesce(r.action, 'other') AS action,
       r.first_date AS date, r.status AS status, r.amount_text AS amount, r.sentence AS sentence
ORDER BY date DESC, regulator
