"""How often one address may knock; it only slows down floods, what guards an account is counted in the database."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

LIMITER = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False, default_limits=[])
"""Use as `@LIMITER.limit("30/minute", methods=["POST"])`; the address comes from trusted proxies only."""
