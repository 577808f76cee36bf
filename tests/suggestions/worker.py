"""A worker process of its own, as gunicorn runs them: answers lists over a pipe.

Run with the settings as JSON on the first line; then each line names a need; each answer is the
titles of the offers on its page, with the model version.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any


def main() -> None:
    from matchmaker import create_app
    from matchmaker.accounts.models import Account
    from matchmaker.extensions import db
    from tests.page import PageClient

    settings: dict[str, Any] = json.loads(sys.stdin.readline())
    settings["DATA"] = Path(settings["DATA"])
    settings["CLOCK_SHIFT"] = timedelta()
    app = create_app(settings)
    client = PageClient(app)
    say("ready")
    for line in sys.stdin:
        account_id, url = json.loads(line)
        with app.app_context():
            client.sign_in(db.session.get(Account, account_id))
            found = client.get(url)
        titles = [card.h3.get_text() for card in found.all("article.card")]
        found.response.close()
        say({"titles": titles, "version": found.response.headers["X-Model-Version"]})


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
