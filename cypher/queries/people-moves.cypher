// title: People who changed posts
// zh: 哪些人离开一家机构、加入了另一家？
// en: Which people left one company or body and joined another?
// stores: embedded, neo4j
MATCH (a:Entity)<-[:TAIL]-(old:Claim)-[:HEAD]->(p:Entity)<-[:HEAD]-(new:Claim)-[:TAIL]->(b:Entity)
WHERE old.type = 'WORKS_FOR' AND new.type = 'WORKS_FOR' AND a.id <> b.id
  AND old.status = 'ended' AND NOT new.status IN ['denied', 'ended']
  AND (old.date IS NULL OR new.date IS NULL OR old.date <= new.date)
RETURN DISTINCT p.name AS person, a.name AS left_post, old.role AS old_role, old.date AS left_on,
       b.name AS joined, new.role AS new_role, new.date AS joined_on
ORDER BY person, joined_on, left_post, joined
