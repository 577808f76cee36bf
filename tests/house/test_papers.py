"""What a newcomer and a package manager read: lock files, ranges, the table of settings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_pin_hashes_and_name_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|(^|\s)/\w|--(extra-)?index-url|--find-links", text)
    pinned = re.findall(r"^([\w.\[\]-]+)==\S+(.*(?:\n +--hash=.*)+)?", text, re.MULTILINE)
    assert pinned
    assert [package for package, hashes in pinned if "--hash=sha256:" not in hashes] == []
    assert not re.findall(r"^[\w-]+\s*(?!==)[<>~@]", text, re.MULTILINE)


def test_what_we_depend_on_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + extras["postgres"] + extras["pdf"] + extras["redis"]
    assert [one for one in wanted if ">=" not in one or ",<" not in one] == []


def test_every_setting_stands_in_the_readme() -> None:
    source = (ROOT / "matchmaker" / "config.py").read_text(encoding="utf-8")
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Settings")[2]
    names = set(re.findall(r'env\.(?!prefixed)\w+\(\s*"([A-Z_]+)"', source))
    assert len(names) > 15
    # "`MATCHMAKER_PROGRAMME_EMAIL`, `_TELEPHONE`" names two.
    told = re.findall(r"`_?(?:MATCHMAKER_)?([A-Z_]+)`", table)
    assert [name for name in names if not any(name.endswith(one) for one in told)] == []
