"""Where a graph is kept and asked: the embedded store (LadybugDB) and Neo4j."""
