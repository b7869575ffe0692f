"""One linear history of the schema, the same on both databases: expand, migrate, contract."""
