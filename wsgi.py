"""What a WSGI server loads: `gunicorn wsgi:app`."""

import sys

from matchmaker import create_app
from matchmaker.errors import CommandError

try:
    app = create_app()
except CommandError as error:
    print(f"matchmaker: {error}", file=sys.stderr)
    raise SystemExit(2) from None
