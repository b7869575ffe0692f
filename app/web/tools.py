"""Where a view finds the tools that `create_app` was given."""

from typing import cast

from flask import current_app

from app.tools import Tools


def tools() -> Tools:
    """Settings, database, clock and ids of this application."""
    return cast("Tools", current_app.extensions["intyga"])
