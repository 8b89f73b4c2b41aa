"""The WSGI entry point: `gunicorn wsgi:app`, and where `flask …` finds the app."""

import sys

from gallery import create_app
from gallery.errors import InvalidInput
from gallery.settings import Settings

try:
    app = create_app(Settings.from_env())
except InvalidInput as error:
    sys.exit(f"{error}")
