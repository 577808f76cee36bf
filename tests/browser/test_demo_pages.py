"""The main pages on demo data: axe and width in both complete languages, weight, and pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import brotli
import pytest
from flask import Flask

from tests.browser.conftest import Arrive
from tests.browser.demo import account, first_need
from tests.page import PageClient

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
#: Later pages, compressed; what a first visit weighs is measured in tests/web.
LATER_PAGE = 12 * 1024


@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.usefixtures("demo")
def test_a_firms_pages(arrive: Arrive, language: str, tmp_path: Path) -> None:
    noy = arrive(360, True, account("noy@demo.example"))
    need = first_need("noy@demo.example")
    for path in ("/start", "/my-business", "/matches", f"/matches/needs/{need}"):
        noy.go(f"{path}?lang={language}")
        noy.check()
    for path in ("/requests", "/catalogue"):
        noy.go(f"{path}?lang={language}")
        noy.check()
    if language == "en":
        noy.go(f"/matches/needs/{need}")
        keep(noy.page.screenshot(path=str(tmp_path / "matches-phone.png")), tmp_path)


@pytest.mark.usefixtures("demo")
def test_what_to_do_next_is_read_at_double_text_size(arrive: Arrive) -> None:
    noy = arrive(360, True, account("noy@demo.example"))
    noy.go("/start")
    noy.page.evaluate("document.documentElement.style.fontSize = '200%'")
    texts = noy.page.locator("#next-lines > li > div:first-of-type").all()
    assert texts
    for text in texts:
        box = text.bounding_box()
        assert box
        assert box["width"] > 250, "the words stand in a column of letters"


@pytest.mark.usefixtures("demo")
def test_an_officers_pages(arrive: Arrive, tmp_path: Path) -> None:
    officer = arrive(1280, True, account("officer@demo.example"))
    for path in ("/programme/reviews", "/programme/requests", "/programme/tasks", "/programme"):
        officer.go(path)
        officer.check()
    shot = tmp_path / "statistics-laptop.png"
    keep(officer.page.screenshot(path=str(shot), clip=_upper_part()), tmp_path)


def _upper_part() -> dict[str, float]:
    return {"x": 0, "y": 0, "width": 1280, "height": 1000}


def keep(picture: bytes, folder: Path) -> None:
    """The README's pictures are these; `MATCHMAKER_SCREENSHOTS=1` puts them in place."""
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    if os.environ.get("MATCHMAKER_SCREENSHOTS"):
        SHOTS.mkdir(parents=True, exist_ok=True)
        for shot in folder.glob("*.png"):
            shutil.copy(shot, SHOTS / shot.name)


@pytest.mark.usefixtures("demo")
def test_later_pages_are_light(app: Flask) -> None:
    weights: dict[str, int] = {}
    for email, paths in {
        "noy@demo.example": (
            "/start", "/my-business", "/matches",
            f"/matches/needs/{first_need('noy@demo.example')}",
            "/requests", "/catalogue", "/notices", "/settings",
        ),
        "officer@demo.example": ("/programme", "/programme/reviews", "/programme/requests"),
    }.items():  # fmt: skip
        page = PageClient(app).sign_in(account(email))
        for path in paths:
            answer = page.client.get(f"{path}?lang=lo", follow_redirects=True)
            assert answer.status_code == 200, path
            weights[path] = len(brotli.compress(answer.get_data(), quality=5))
    heavy = {path: weight for path, weight in weights.items() if weight > LATER_PAGE}
    assert heavy == {}, weights
