"""A PDF of ours: every script of the region, our own fonts, and nothing fetched from anywhere."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from matchmaker.web import pdf

pytestmark = pytest.mark.once

TEXTS = {
    "en": "A dryer for our coffee",
    "vi": "Máy sấy cà phê của chúng tôi, đường, nghĩa",
    "lo": "ເຄື່ອງອົບແຫ້ງກາເຟ ນ້ຳໃຫ້ຜູ້ປູກ",
    "th": "เครื่องอบแห้งกาแฟ ที่ผู้น้ำ",
    "km": "ម៉ាស៊ីនសម្ងួតកាហ្វេរបស់យើង ខ្ញុំ",
    "my": "ကျွန်ုပ်တို့၏ ကော်ဖီအခြောက်ခံစက်",
}
#: Letters that no neighbour changes.
_ALONE = set("Adryefoucấủđờĩàêôú")


def document(texts: dict[str, str]) -> str:
    lines = (f'<p lang="{lang}">{text}<b>{text}</b></p>' for lang, text in texts.items())
    return f"<html><head><title>x</title></head><body>{''.join(lines)}</body></html>"


def read(data: bytes) -> str:
    """The words without spaces: where marks are raised, readers see gaps that are not there."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return "".join("".join(pages).split())


@pytest.fixture(scope="module")
def made(shared_app: Any) -> bytes:
    with shared_app.app_context():
        return pdf.as_pdf(document(TEXTS), "b{font-family:var(--strong);font-weight:600}")


@pytest.mark.slow
@pytest.mark.parametrize("lang", TEXTS)
def test_the_words_of_every_script_can_be_taken_out(made: bytes, lang: str) -> None:
    text = "".join(TEXTS[lang].split())
    assert read(made).count(text) == 2


def test_each_letter_is_drawn_with_its_own_glyph_of_our_fonts(made: bytes, shared_app: Any) -> None:
    """Of letters that stand alone; what shaping joins has glyphs that no table of letters names."""
    seen: dict[str, int] = {}
    for font in PdfReader(io.BytesIO(made)).pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        name = font["/BaseFont"].split("+")[1]
        source = next(Path(shared_app.static_folder, "fonts").glob(f"{_file(name)}.woff2"))
        loaded = TTFont(source)
        glyphs = font["/DescendantFonts"][0]["/CIDToGIDMap"].get_data()
        for code, text in _texts(font["/ToUnicode"].get_data().decode()):
            drawn = int.from_bytes(glyphs[2 * code : 2 * code + 2], "big")
            assert drawn != 0, f"{text!r} is an empty box"
            if text in _ALONE:
                assert drawn == loaded.getGlyphID(loaded.getBestCmap()[ord(text)]), (name, text)
                seen[name] = seen.get(name, 0) + 1
    assert {"noto-sans-latin-basic-400", "noto-sans-vietnamese-400-normal"} <= set(seen)
    assert any(name.startswith("noto-sans-latin-basic-600") for name in seen)


def _file(name: str) -> str:
    """Pango adds the weight to the family's name."""
    return name.removesuffix("-Semi-Bold").removesuffix("-Bold")


def _texts(table: str) -> Iterator[tuple[int, str]]:
    for line in table.splitlines():
        code, _, text = line.partition("> <")
        if line.startswith("<") and text and "ffff" not in line:
            yield int(code[1:], 16), bytes.fromhex(text[:-1]).decode("utf-16-be")


def test_chinese_is_set_with_a_font_of_the_machine_or_not_at_all(app: Any) -> None:
    try:
        data = pdf.as_pdf(document({"zh": "我们的咖啡"}), "")
    except pdf.NoLettersError:
        return
    assert "我们的咖啡" in read(data)


def test_what_no_font_can_draw_is_refused(app: Any) -> None:
    with pytest.raises(pdf.NoLettersError, match=r"U\+0378"):
        pdf.as_pdf("<body>\u0378</body>", "")


def test_a_document_may_be_so_long(app: Any) -> None:
    with pytest.raises(pdf.TooLongError):
        pdf.as_pdf("a" * (pdf.MOST_CHARACTERS + 1), "")


def test_without_the_engine_that_is_said(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matchmaker.web.pdf.engine", None)
    monkeypatch.delattr(pdf, "engine", raising=False)
    with pytest.raises(pdf.NoEngineError):
        pdf.as_pdf("<body>a</body>", "")


@contextmanager
def _nobody_calls() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(BlockingIOError):
            server.accept()


def test_nothing_is_fetched_whatever_a_document_names(app: Any, tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    with _nobody_calls() as address:
        names = [address, picture.as_uri(), "our-font:../../wsgi.py", str(picture), "//127.0.0.1/"]
        body = "".join(
            f'<img src="{name}"><object data="{name}"></object><link rel=stylesheet href="{name}">'
            f'<style>@import "{name}";p{{background:url("{name}")}}</style>'
            f'<link rel=attachment href="{name}"><svg><image href="{name}"/></svg><p>words</p>'
            for name in names
        )
        data = pdf.as_pdf(f'<base href="{address}/"><body>{body}</body>', "")
    reader = PdfReader(io.BytesIO(data))
    assert "words" in read(data)
    assert not reader.attachments
    assert not any(page.images for page in reader.pages)


def test_pictures_that_are_cut_off_are_refused_after_a_sheet_was_set(made: bytes) -> None:
    """The engine makes Pillow take them; what people send goes through the same process."""
    whole = io.BytesIO()
    Image.effect_noise((90, 90), 60).save(whole, "PNG")
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(whole.getvalue()[:2000])).load()
