"""`python -m app.cli`: how the supervisor starts its parts, independent of where scripts were installed."""

from app.cli import main

main()
