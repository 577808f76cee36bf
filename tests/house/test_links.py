"""Every page can be reached: some template, or the code that writes links, names its endpoint."""

from __future__ import annotations

import re
from pathlib import Path

from matchmaker import create_app
from matchmaker.web.access import access_of

ROOT = Path(__file__).parents[2]
#: Machines read these; no person is led to them.
FOR_MACHINES = {"static", "health.livez", "health.readyz"}


def named_somewhere() -> set[str]:
    """Quoted names of the form `room.view` in templates and code."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    files += (ROOT / "matchmaker").rglob("*.py")
    quoted = re.compile(r"[\"'](\w*\.\w+)[\"']")
    found: set[str] = set()
    for file in files:
        room = file.relative_to(ROOT).parts[1]
        for name in quoted.findall(file.read_text(encoding="utf-8")):
            found.add(f"{room}{name}" if name.startswith(".") else name)
    return found


def test_every_page_is_linked_from_some_page() -> None:
    app = create_app({"TESTING": True})
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and access_of(app, rule.endpoint) is not None
    }
    assert pages - named_somewhere() - FOR_MACHINES == set()
