"""What a WSGI server loads: `wsgi:app`, with the settings of its environment and the wake-up call to the worker."""

import os

from app import create_app
from app.queue import waker
from app.settings import from_env
from app.tools import tools_for

settings = from_env(os.environ)
app = create_app(settings, tools_for(settings, waker(settings)))
