"""The doors for browsers: reads are store queries, writes are actions, and no key or paper machinery is loaded."""

from flask import Blueprint

from app.web.public import bp as public
from app.web.sign_in import bp as sign_in

BLUEPRINTS: tuple[Blueprint, ...] = (public, sign_in)
