"""What people can do: one module per verb; each call is one transaction and answers with values after commit."""
