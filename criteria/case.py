"""CASE packages in both directions; experimental until checked against the published schema."""

from criteria.case_read import examine, read
from criteria.case_write import encoded, package

__all__ = ["encoded", "examine", "package", "read"]
