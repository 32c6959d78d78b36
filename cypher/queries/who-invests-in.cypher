// title: Direct investors
// zh: 谁直接投资了某公司？
// en: Who invests directly in a company?
// parameter: name string = 智谱 | name, alias or id of the company
// parameter: include_denied boolean = false | show denied and ended investments, too
// stores: embedded, neo4j
MATCH (i:Entity)-[r:INVESTS_IN]->(x:Entity)
WHERE ($name IN [x.name, x.id] OR $name IN x.aliases OR $name IN x.former_ids)
  AND ($include_denied OR NOT r.status IN ['denied', 'ended'])
RETURN i.name AS investor, x.name AS target, r.status AS status, r.last_date AS date,
       r.amount AS amount, r.currency AS currency, r.amount_text AS as_written, r.stake AS stake,
       r.independent_documents AS independent_sources
ORDER BY independent_sources DESC, investor
