// title: Communities
// zh: 图中有哪些紧密的群体？
// en: Which groups hang together? (every entity joins its best connected neighbour, or leads a group itself)
// parameter: smallest integer = 3 | least members of a group
// parameter: limit integer = 20 | most groups
// stores: neo4j
MATCH (x:Entity)-[r]-(:Entity)
WHERE NOT r.status IN ['denied', 'ended']
WITH x, count(r) AS degree
WITH collect({node: x, degree: degree}) AS ranked
UNWIND ranked AS entry
WITH entry.node AS x, entry.degree AS own, ranked
UNWIND ranked AS candidate
WITH x, own, candidate.node AS hub, candidate.degree AS degree
WHERE hub = x OR EXISTS { MATCH (x)-[r]-(hub) WHERE NOT r.status IN ['denied', 'ended'] }
ORDER BY degree DESC, hub.id
WITH x, head(collect(hub)) AS hub
WITH hub, collect(x.name) AS members
WHERE size(members) >= $smallest
RETURN hub.name AS hub, size(members) AS size, members
ORDER BY size DESC, hub
LIMIT $limit
