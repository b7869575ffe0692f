"""What every answer says to the browser: run nothing that is not ours, tell nobody where you were, keep no copy."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from app.settings import Settings

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
"""Nothing inline, nothing from elsewhere."""
POLICY = "; ".join(f"{name} {source}" for name, source in DIRECTIVES.items())
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
INDEXED = frozenset({"public.home", "public.accessibility", "public.privacy"})
"""Only these may be found by search engines."""
A_YEAR = 31_536_000


def install(flask: Flask, settings: Settings) -> None:
    """A view that says something itself is not contradicted."""
    # The throw-away authority of the local network is no reason to promise https for a year.
    tablets = urlsplit(settings.tablet_url).netloc

    @flask.after_request
    def say(response: Response) -> Response:
        if request.endpoint == "static":
            fresh = f"public, max-age={A_YEAR}, immutable" if "v" in request.args else "no-cache"
            response.headers["Cache-Control"] = fresh
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint in INDEXED and response.status_code == 200:
            del response.headers["X-Robots-Tag"]
        if request.is_secure and request.host != tablets:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        return response
