"""Is a document what it says? Hostile files are opened in a child of their own, and nothing is fetched unasked."""
