"""What a WSGI server loads: `gunicorn wsgi:app`."""

import sys

from matchmaker import create_app
from matchmaker.errors import CommandError

try:
    app = create_app()
except CommandError as error:
    sys.stderr.write(f"matchmaker: {error}\n")
    raise SystemExit(2) from None
