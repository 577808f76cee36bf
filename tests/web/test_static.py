"""What is shipped to browsers: vendored files as recorded, light enough, nothing inline."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import brotli
import pytest

from tests.factories import AccountFactory
from tests.page import PageClient

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
EVERY_VISIT = (
    "css/pico.trim.min.css",
    "css/tokens.css",
    "css/matchmaker.css",
    "js/htmx.min.js",
    "js/matchmaker.js",
)
KILOBYTE = 1024


def read(path: str) -> str:
    return (STATIC / path).read_text(encoding="utf-8")


def recorded() -> dict[str, str]:
    rows = re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", read("VENDOR.md"), re.MULTILINE)
    return dict(rows)


def weight(path: str) -> int:
    data = (STATIC / path).read_bytes()
    return len(data) if path.endswith(".woff2") else len(brotli.compress(data))


def first_visit(language: str) -> int:
    """Bytes of everything but the page itself, on the screen that loads most."""
    sheet = f"css/fonts-{language}.css"
    if not (STATIC / sheet).exists():
        return sum(map(weight, EVERY_VISIT))
    fonts = re.findall(r"url\(\.\./(fonts/[^?)]+)", read(sheet))
    return sum(map(weight, (*EVERY_VISIT, sheet, *fonts)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "kilobytes"),
    [("en", 60), ("lo", 60), ("km", 60), ("th", 60), ("vi", 60), ("zh", 60), ("my", 95)],
)
def test_a_first_visit_stays_within_its_weight(language: str, kilobytes: int) -> None:
    page = 5 * KILOBYTE
    assert first_visit(language) + page <= kilobytes * KILOBYTE


def test_every_vendored_file_is_the_recorded_one() -> None:
    for path, digest in recorded().items():
        assert hashlib.sha256((STATIC / path).read_bytes()).hexdigest() == digest, path


def test_nothing_is_vendored_without_a_record() -> None:
    foreign = {f"fonts/{path.name}" for path in (STATIC / "fonts").glob("*.woff2")}
    foreign |= {f"{path.parent.name}/{path.name}" for path in STATIC.rglob("*.min.*")}
    assert foreign == set(recorded())


def test_our_script_is_tiny() -> None:
    assert len(read("js/matchmaker.js").encode()) < 2 * KILOBYTE


def test_both_dark_blocks_hold_the_same_values() -> None:
    sheet = read("css/tokens.css")
    preferred = re.search(r"dark\)\{:root:not\(\[data-theme\]\)\{(.*?)\n\}\}", sheet, re.DOTALL)
    chosen = re.search(r"\n\[data-theme=dark\]\{(.*?)\n\}", sheet, re.DOTALL)
    assert preferred
    assert chosen
    assert preferred[1].split() == chosen[1].split()


def test_light_and_dark_name_the_same_colours() -> None:
    sheet = read("css/tokens.css")
    light, dark = (
        re.search(start + r"\{(.*?)\n\}", sheet, re.DOTALL)
        for start in (r"\[data-theme=light\]", r"\n\[data-theme=dark\]")
    )
    assert light
    assert dark
    assert re.findall(r"--mm-[\w-]+:", light[1]) == re.findall(r"--mm-[\w-]+:", dark[1])


def test_every_token_used_is_defined() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in SHEETS)
    defined = set(re.findall(r"(--mm-[\w-]+)\s*:", sheets))
    assert set(re.findall(r"var\((--mm-[\w-]+)", sheets)) <= defined


def test_every_file_a_sheet_names_is_there() -> None:
    for sheet in SHEETS:
        for path in re.findall(r"url\(\.\./([^?)]+)", sheet.read_text(encoding="utf-8")):
            assert (STATIC / path).is_file(), f"{sheet.name}: {path}"


def test_web_fonts_carry_a_version_so_that_caches_may_keep_them() -> None:
    for sheet in (STATIC / "css").glob("fonts-*.css"):
        addresses = re.findall(r"url\(([^)]+)\)", sheet.read_text(encoding="utf-8"))
        assert addresses
        assert all("?v=" in address for address in addresses)


def test_chinese_has_no_web_font() -> None:
    assert not (STATIC / "css/fonts-zh.css").exists()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.name))
def test_no_template_holds_an_inline_style_or_handler(template: Path) -> None:
    if {"email", "print"} & set(template.parts):
        assert "<script" not in template.read_text(encoding="utf-8")
        return
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle\s*=|<style", text)
    assert not re.search(r"<[^>%{]*\son[a-z]+\s*=", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.name))
def test_every_icon_named_in_a_template_is_in_the_sprite(template: Path) -> None:
    sprite = (ROOT / "templates/components/_sprite.html").read_text(encoding="utf-8")
    drawn = set(re.findall(r'^  "([\w-]+)": ', sprite, re.MULTILINE))
    named = set(re.findall(r'\bicon\("([\w-]+)"', template.read_text(encoding="utf-8")))
    assert named <= drawn, f"not drawn: {named - drawn}"


@pytest.mark.parametrize("path", EVERY_VISIT)
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_texts_are_sent_compressed_and_kept_for_good(
    page: PageClient, path: str, encoding: str
) -> None:
    answer = page.client.get(f"/static/{path}?v=1", headers={"Accept-Encoding": f"zz, {encoding}"})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 0.5 * (STATIC / path).stat().st_size


def test_what_everybody_may_keep_carries_nobodys_session(page: PageClient) -> None:
    page.sign_in(AccountFactory())
    with page.client.session_transaction() as session:
        session.permanent = True
    assert "Set-Cookie" in page.get("/help").response.headers
    shared = page.client.get("/static/css/tokens.css?v=1")
    assert shared.cache_control.public
    assert "Set-Cookie" not in shared.headers
    assert "Cookie" not in shared.vary


def test_a_static_address_without_a_version_is_not_kept_for_good(page: PageClient) -> None:
    answer = page.client.get("/static/css/tokens.css")
    assert "immutable" not in answer.headers["Cache-Control"]
    assert answer.data == (STATIC / "css/tokens.css").read_bytes()
    again = page.client.get(
        "/static/css/tokens.css", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "css/nothing.css", "css", "%2e%2e/README.md"]
)
def test_nothing_outside_the_folder_is_sent(page: PageClient, path: str) -> None:
    assert page.client.get(f"/static/{path}").status_code == 404


def test_the_first_visit_as_served_is_within_its_weight(page: PageClient) -> None:
    headers = {"Accept-Encoding": "br"}
    home = page.client.get("/?lang=lo", headers=headers)
    html = brotli.decompress(home.data).decode()
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', html)
    fonts = [
        f"/static/{path}" for path in re.findall(r"\.\./(fonts/[^)]+)", read("css/fonts-lo.css"))
    ]
    assert len(addresses) >= len(EVERY_VISIT)
    sizes = [len(page.client.get(each, headers=headers).data) for each in (*addresses, *fonts)]
    assert len(home.data) + sum(sizes) <= 60 * KILOBYTE
