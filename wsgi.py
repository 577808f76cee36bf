"""What a WSGI server loads: `gunicorn wsgi:app`."""

import gc
import sys

from matchmaker import create_app
from matchmaker.errors import CommandError

try:
    app = create_app()
except CommandError as error:
    sys.stderr.write(f"matchmaker: {error}\n")
    raise SystemExit(2) from None

# A full collection walks the whole index: a third of a second for whoever asks at that moment.
# The young are looked through often, for at most 3 ms: every 50,000 objects it was 50.
gc.set_threshold(5_000, 20, 100)
gc.collect()
gc.freeze()
