"""What somebody had written when their session ran out: carried through signing in and sent again, by the same person.

It is carried only when it came with a valid form token of this browser, and sent only by a click: a form that somebody
else's page made up gets no further than before.
"""

from flask import Request
from flask_wtf.csrf import validate_csrf
from msgspec import Struct
from wtforms.validators import ValidationError

from app.store import people
from app.web.language import safe_path
from app.web.tools import tools
from app.web.visitor import secret_of

PREFIX = "kvar-"
OURS = frozenset({"csrf_token"})


class Kept(Struct, frozen=True, kw_only=True):
    """A form on its way: where to, what is in it, whose session had ended, and whether files were in it."""

    path: str
    account: str
    files: bool
    fields: tuple[tuple[str, str], ...]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """As the sign-in form carries it."""
        about = [("path", self.path), ("account", self.account), ("files", "1" if self.files else "")]
        return [(f"{PREFIX}{name}", value) for name, value in about] + [
            (f"{PREFIX}x-{name}", value) for name, value in self.fields
        ]


def of_lost_session(request: Request) -> Kept | None:
    """The form that a visitor without session has just sent, if it is truly theirs."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return None
    account = _whose()
    if account is None:
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name not in OURS)
    files = any(each.filename for each in request.files.values())
    return Kept(path=request.full_path.rstrip("?"), account=account, files=files, fields=fields)


def carried(request: Request) -> Kept | None:
    """What the sign-in form carries."""
    path = safe_path(request.form.get(f"{PREFIX}path"), "")
    if not path:
        return None
    start = f"{PREFIX}x-"
    return Kept(
        path=path,
        account=request.form.get(f"{PREFIX}account", ""),
        files=bool(request.form.get(f"{PREFIX}files")),
        fields=tuple((n.removeprefix(start), v) for n, v in request.form.items(multi=True) if n.startswith(start)),
    )


def _whose() -> str | None:
    """The account of a session that ran out; one that was ended by signing out is nobody's."""
    secret = secret_of("account")
    if not secret:
        return None
    with tools().read() as tx:
        found = people.session(tx, secret)
    return found.account if found else None
