"""What tests of every floor lean on: a real database server, a real browser, and a look at what was left running."""
