"""Commands that are loaded when they are asked for: checking a file must not wait for databases, sheets and paper."""

from collections import UserDict
from importlib import import_module

import click


class Shelf(UserDict[str, click.Command]):
    """Name of a command to the command; it is fetched from `module:name` the first time."""

    def __init__(self, here: dict[str, click.Command], elsewhere: dict[str, str]) -> None:
        super().__init__(here)
        self._elsewhere = dict(elsewhere)
        self.data |= dict.fromkeys(elsewhere)  # type: ignore[arg-type] # filled in by the first look

    def __getitem__(self, name: str) -> click.Command:
        """Load it, if nobody has asked before."""
        if name in self._elsewhere:
            module, _, attribute = self._elsewhere.pop(name).partition(":")
            self.data[name] = getattr(import_module(module), attribute)
        return self.data[name]
