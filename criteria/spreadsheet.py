"""Workbooks in both directions: what goes out comes back as the same edition, whatever people do to the looks."""

from criteria.spreadsheet_read import CellFinding, examine, read
from criteria.spreadsheet_write import write

__all__ = ["CellFinding", "examine", "read", "write"]
