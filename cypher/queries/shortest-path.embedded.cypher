MATCH path = (one:Entity)-[:INVESTS_IN|REGULATES|COMPETES_WITH|DEVELOPS|USES|ISSUES|WORKS_FOR|PARTNERS_WITH|SUBSIDIARY_OF|LOCATED_IN* SHORTEST 1..6 (r, _ | WHERE NOT r.status IN ['denied', 'ended'])]-(two:Entity)
WHERE (one.name = $name OR $name IN one.aliases) AND (two.name = $other OR $other IN two.aliases)
RETURN length(path) AS steps, properties(nodes(path), 'name') AS names, properties(rels(path), 'type') AS relations
