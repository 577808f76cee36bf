"""Every text is in the catalogues, every Lao text is there, and compiled is what is written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from matchmaker.vocabulary.languages import UI_LANGUAGES
from tests.page import PageClient

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "translations"
COMPLETE = ("lo",)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def catalogue(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def extracted(folder: Path) -> Catalog:
    file = folder / "now.pot"
    words = "-q extract -F babel.cfg -k _l -k lazy_gettext -k ngettext:1,2 --no-location -o"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *words.split(), str(file), "."],
        cwd=ROOT, check=True,
    )  # fmt: skip
    return catalogue(file)


def key(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """One shape for both file formats, which differ in lists and tuples."""
    return (text,) if isinstance(text, str) else tuple(text)


def forms(message_id: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else message_id


@pytest.mark.slow
def test_the_template_holds_every_text_of_the_code(tmp_path: Path) -> None:
    now = {message.id for message in extracted(tmp_path) if message.id}
    kept = {message.id for message in catalogue(FOLDER / "messages.pot") if message.id}
    assert now == kept, "run `make catalogues`, then translate what is new"


@pytest.mark.parametrize("locale", COMPLETE)
@pytest.mark.parametrize("domain", ["messages", "wtforms"])
def test_a_complete_language_leaves_nothing_in_english(locale: str, domain: str) -> None:
    found = catalogue(FOLDER / locale / "LC_MESSAGES" / f"{domain}.po", locale)
    missing = [m.id for m in found if m.id and (not m.string or not all(forms(m.string)))]
    unsure = [m.id for m in found if m.id and m.fuzzy]
    assert missing == []
    assert unsure == []


@pytest.mark.parametrize("locale", COMPLETE)
def test_a_translation_has_the_placeholders_of_its_text(locale: str) -> None:
    found = catalogue(FOLDER / locale / "LC_MESSAGES" / "messages.po", locale)
    wrong = []
    for message in found:
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(" ".join(forms(message.id))))
        for text in forms(message.string):
            got = set(PLACEHOLDER.findall(text))
            # A language of one plural form may leave the number out of neither.
            if got != wanted:
                wrong.append((message.id, text))
    assert wrong == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/LC_MESSAGES/*.po")), ids=str)
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    written = {
        key(m.id): key(m.string) for m in catalogue(path, path.parts[-3]) if m.id and m.string
    }
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {key(m.id): key(m.string) for m in read_mo(file) if m.id}
    assert compiled == written, "run `make catalogues`"


def test_lao_pages_speak_lao(app: Flask) -> None:
    page = PageClient(app).get("/?lang=lo")
    assert page.one("html")["lang"] == "lo"
    heading = page.one("h1").text
    assert re.search("[\u0e80-\u0eff]", heading)
    assert not re.search("[A-Za-z]{4}", heading)


def test_what_no_native_speaker_has_read_says_so(app: Flask) -> None:
    assert PageClient(app).get("/?lang=lo").all(".unreviewed")
    assert not PageClient(app).get("/?lang=en").all(".unreviewed")


def test_pages_that_are_not_in_a_language_say_so(app: Flask) -> None:
    written = {path.parts[-3] for path in FOLDER.glob("*/LC_MESSAGES/messages.po")} | {"en"}
    for language in UI_LANGUAGES:
        page = PageClient(app).get(f"/?lang={language}")
        assert ("not been put into this language" in page.text) == (language not in written)
