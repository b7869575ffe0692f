"""How a file says what it is."""

PDF = b"%PDF-"
"""At the very beginning; what other readers find further in is not searched for."""
