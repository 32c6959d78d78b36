// title: Regulators and what they did
// zh: 谁在监管某公司？采取了什么措施？
// en: Who regulates a company, and how?
// parameter: name string = 英伟达 | name or alias of the company, model, person or region
// parameter: include_denied boolean = false | show denied and ended measures, too
// stores: embedded, neo4j
MATCH (g:Entity)-[r:REGULATES]->(x:Entity)
WHERE (x.name = $name OR $name IN x.aliases)
  AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN g.name AS regulator, g.type AS type, coalesce(r.action, 'other') AS action,
       r.first_date AS date, r.status AS status, r.amount_text AS amount, r.sentence AS sentence
ORDER BY date DESC, regulator
