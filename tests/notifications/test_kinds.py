"""Nobody is offered a switch for a mail that nothing sends."""

from __future__ import annotations

import re
from pathlib import Path

import matchmaker
from matchmaker.notifications import kinds

ROOM = Path(matchmaker.__file__).parent


def test_each_kind_is_named_where_something_is_told() -> None:
    own = Path(kinds.__file__).parent
    files = [path for path in ROOM.rglob("*.py") if own not in path.parents]
    named = set()
    for path in files:
        named.update(re.findall(r'"([a-z]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert set(kinds.KINDS) - named == set()
