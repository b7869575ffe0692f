"""The only SQL of the house: typed tables, and queries that take a connection and give values, never rows."""

from app.store.field_tables import FIELD as FIELD  # the schema is whole as soon as anybody opens the store
