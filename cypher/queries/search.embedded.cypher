MATCH (x:Entity)
UNWIND x.aliases AS alias
WITH x, alias
WHERE alias CONTAINS $text OR x.name CONTAINS $text
RETURN DISTINCT x.name AS name, x.type AS type, x.aliases AS aliases, x.documents AS documents
ORDER BY documents DESC, name
LIMIT $limit
