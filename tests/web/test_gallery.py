"""Every component in every state passes the lints of a page."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.page import Page as Fetched
from tests.page import lint


def linted(app: Flask, path: str) -> Fetched:
    """The page as a client without script sees it, after the lints that every page passes."""
    response = app.test_client().get(path)
    page = Fetched(response, BeautifulSoup(response.get_data(as_text=True), "html.parser"))
    lint(page, whole=True)
    return page


@pytest.mark.parametrize("language", ["en", "lo", "zh"])
def test_every_component_passes_the_page_lints(web_app: Flask, language: str) -> None:
    page = linted(web_app, f"/gallery?lang={language}")
    assert page.one("html")["lang"] == language


def test_every_icon_a_page_uses_is_drawn(web_app: Flask) -> None:
    page = linted(web_app, "/gallery")
    drawn = {f"#{symbol['id']}" for symbol in page.all("symbol")}
    assert {use["href"] for use in page.all("use")} <= drawn


def test_points_are_never_per_cent(web_app: Flask) -> None:
    page = linted(web_app, "/gallery")
    fits = page.all(".fit")
    assert fits
    assert all("%" not in fit.get_text() and "of 100" in fit.get_text() for fit in fits)
    assert not any(re.search(r"\d\.\d", fit.get_text()) for fit in fits)


def test_states_are_said_in_words_and_by_shape(web_app: Flask) -> None:
    page = linted(web_app, "/gallery")
    for state, words in (("met", "Met"), ("unmet", "Not met"), ("unknown", "Not known")):
        chips = page.all(f".chip.{state}")
        assert chips
        assert all(words in chip.get_text() for chip in chips)
        assert all(chip.select_one(f'use[href="#i-{state}"]') for chip in chips)


def test_links_in_other_scripts_say_their_language(web_app: Flask) -> None:
    page = linted(web_app, "/gallery")
    assert {link["lang"] for link in page.all(".langs a")} == {
        "en",
        "lo",
        "km",
        "my",
        "th",
        "vi",
        "zh",
    }
