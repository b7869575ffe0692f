"""The only SQL of the house: typed tables, and queries that take a connection and give values, never rows."""
