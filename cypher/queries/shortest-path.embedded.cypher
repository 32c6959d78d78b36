MATCH path = (one:Entity)-[:INVESTS_IN|REGULATES|COMPETES_WITH|DEVELOPS|USES|ISSUES|WORKS_FOR|PARTNERS_WITH|SUBSIDIARY_OF|LOCATED_IN* SHORTEST 1..6 (r, _ | WHERE NOT r.status IN ['denied', 'ended'])]-(two:Entity)
WHERE ($name IN [one.name, one.id] OR $name IN one.aliases OR $name IN one.former_ids) AND ($other IN [two.name, two.id] OR $other IN two.aliases OR $other IN two.former_ids)
RETURN length(path) AS steps, properties(nodes(path), 'name') AS names, properties(rels(path), 'type') AS relations
