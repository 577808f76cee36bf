"""Each test begins with an empty mailbox."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _empty_mailbox(request):
    if "app" in request.fixturenames:
        request.getfixturevalue("app").extensions["mailman"].outbox = []
