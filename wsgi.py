"""What a WSGI server loads: `wsgi:app`, with the settings of its environment."""

import os

from app import create_app
from app.settings import from_env

app = create_app(from_env(os.environ))
