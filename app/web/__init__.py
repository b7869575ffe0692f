"""The doors for browsers: reads are store queries, writes are actions, and no key or paper machinery is loaded."""

from flask import Blueprint

from app.web.account import bp as account
from app.web.admin import bp as admin
from app.web.assessor import bp as assessor
from app.web.awards import bp as awards
from app.web.candidate import bp as candidate
from app.web.compare import bp as compare
from app.web.confirm import bp as confirm
from app.web.coordinator import bp as coordinator
from app.web.decision import bp as decision
from app.web.devices import bp as devices
from app.web.editor import bp as editor
from app.web.field import bp as field
from app.web.field_api import bp as field_api
from app.web.public import bp as public
from app.web.quality import bp as quality
from app.web.quarantine import bp as quarantine
from app.web.sign_in import bp as sign_in
from app.web.start import bp as start
from app.web.verification import bp as verification

BLUEPRINTS: tuple[Blueprint, ...] = (
    public,
    verification,
    candidate,
    sign_in,
    start,
    account,
    coordinator,
    assessor,
    decision,
    quality,
    awards,
    field,
    field_api,
    devices,
    confirm,
    quarantine,
    editor,
    compare,
    admin,
)
