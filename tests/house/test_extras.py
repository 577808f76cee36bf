"""An extra is there for something: nobody installs what no line of ours uses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What the suite and the checks need is named in tests and the Makefile.
FOR_US = "dev"


def extras() -> dict[str, list[str]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = tomllib.loads(text)["project"]["optional-dependencies"]
    return {name: asked for name, asked in found.items() if name != FOR_US}


@pytest.mark.parametrize("extra", sorted(extras()))
def test_each_extra_is_used(extra: str) -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "matchmaker").rglob("*.py")
    ).lower()
    packages = [re.split(r"[\[<>=]", asked)[0] for asked in extras()[extra]]
    assert packages
    assert [name for name in packages if name not in code] == []
