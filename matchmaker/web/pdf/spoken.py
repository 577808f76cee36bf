"""The words behind the glyphs of a PDF, so that they can be searched, copied and read aloud.

A PDF says for each glyph of a font which text it stands for, once for the whole document. In Lao,
Thai, Khmer and Burmese one glyph stands for different texts: a vowel sign is part of this cluster
here and of that one there. WeasyPrint keeps the first (70.0), and what is taken out of its PDFs is
then another word. Here each pair of a glyph and a text gets a code of its own: the code says the
text, a table in the font says which glyph it draws.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import pydyf

#: As `break_opportunities` sets it: for the line breaker, not for the reader.
_BREAK = "\u200b"
_HEX = re.compile(rb"<([0-9a-f]+)>")
_FONT = re.compile(rb"/(\S+) \S+ Tf")
_DIGITS = 4
_MARKS = ("Mn", "Mc")
#: So many lines a block of a character map may have.
_BLOCK = 100

Drawn = tuple[str, int, str]


class _Glyphs(dict[int, str]):
    """A font's glyphs with their texts; says no glyph is known, so that each use is told."""

    def __init__(self, font: str, drawn: list[Drawn]) -> None:
        super().__init__()
        self._font, self._drawn = font, drawn

    def __contains__(self, glyph: object) -> bool:
        return False

    def __setitem__(self, glyph: int, text: str) -> None:
        self._drawn.append((self._font, glyph, text))
        super().__setitem__(glyph, text)


class Fonts(dict[str, Any]):
    """In the place of `Document.fonts`: what each glyph stood for, in the order drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Drawn] = []

    def __setitem__(self, key: str, font: Any) -> None:
        font.to_unicode = _Glyphs(font.hash, self.drawn)
        super().__setitem__(key, font)

    @property
    def missing(self) -> set[int]:
        """Code points that no font has a glyph for."""
        return {code for font in self.values() for code in font.missing}

    def widths(self, font: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for one in self.values():
            if one.hash == font:
                found.update(one.widths)
        return found


class _Codes:
    """The codes of one font: a pair of glyph and text -> its number, from 1."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[int, str], int] = {}

    def of(self, glyph: int, text: str) -> int:
        return self.pairs.setdefault((glyph, text.replace(_BREAK, "")), len(self.pairs) + 1)

    def glyphs(self) -> bytes:
        """CIDToGIDMap: two bytes a code, code 0 first."""
        return b"".join(glyph.to_bytes(2, "big") for glyph, _ in [(0, ""), *self.pairs])

    def texts(self) -> Iterator[bytes]:
        yield b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
        yield b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
        yield b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def"
        yield b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange"
        lines = [
            f"<{code:04x}> <{text.encode('utf-16-be').hex()}>".encode()
            for (_, text), code in self.pairs.items()
        ]
        for start in range(0, len(lines), _BLOCK):
            block = lines[start : start + _BLOCK]
            yield b"\n".join([b"%d beginbfchar" % len(block), *block, b"endbfchar"])
        yield b"endcmap CMapName currentdict /CMap defineresource pop end end"


def write_texts(fonts: Fonts, pdf: Any) -> None:
    """Give the document's texts codes of their own. A finisher of `Document.write_pdf`."""
    drawn, codes = iter(_from_the_left(fonts.drawn)), dict[str, _Codes]()
    for made in pdf.objects:
        if isinstance(made, pydyf.Stream) and any(_shows(line) for line in made.stream):
            made.stream = list(_recoded(made.stream, drawn, codes))
    for made in list(pdf.objects):
        if isinstance(made, pydyf.Dictionary) and made.get("Subtype") == "/Type0":
            name = made["BaseFont"][1:].split(b"+")[0].decode()
            if name in codes:
                _rewrite(pdf, made, codes[name], fonts.widths(name))


def _from_the_left(drawn: Sequence[Drawn]) -> list[Drawn]:
    """A cluster's first glyph says it whole, its marks too; the other glyphs say nothing.

    WeasyPrint gives the text of a cluster to its last glyph. Readers sort by place on the line, and
    would put a mark that stands left of its letter, or above it, with the word before.
    """
    found = [(font, glyph, "") for font, glyph, _ in drawn]
    said, first = -1, 0
    for at, (font, _, text) in enumerate(drawn):
        if not text:
            continue
        marks = unicodedata.category(text[0]) in _MARKS
        if not (marks and said >= 0 and found[said][0] == font):
            said = first
        found[said] = (*found[said][:2], found[said][2] + text)
        first = at + 1
    return found


def _shows(line: Any) -> bool:
    return isinstance(line, bytes) and line.endswith(b"] TJ")


def _recoded(lines: list[Any], drawn: Iterator[Drawn], codes: dict[str, _Codes]) -> Iterator[Any]:
    font = ""
    for line in lines:
        chosen = _FONT.fullmatch(line) if isinstance(line, bytes) else None
        font = chosen[1].decode() if chosen else font
        if not _shows(line):
            yield line
            continue
        # A name of its own for each line: the last font chosen draws it.
        yield _HEX.sub(lambda found, font=font: _codes(found[1], font, drawn, codes), line)  # type: ignore[misc]


def _codes(digits: bytes, font: str, drawn: Iterator[Drawn], codes: dict[str, _Codes]) -> bytes:
    found = []
    for at in range(0, len(digits), _DIGITS):
        glyph = int(digits[at : at + _DIGITS], 16)
        told, its, text = next(drawn)
        if (told, its) != (font, glyph):
            raise RuntimeError(f"{font} draws glyph {glyph}, but {told} told of {its}")
        found.append(codes.setdefault(font, _Codes()).of(glyph, text))
    return b"<%s>" % b"".join(b"%04x" % code for code in found)


def _rewrite(pdf: Any, font: Any, codes: _Codes, widths: dict[int, float]) -> None:
    texts = pydyf.Stream(list(codes.texts()), compress=True)
    glyphs = pydyf.Stream([codes.glyphs()], compress=True)
    for made in (texts, glyphs):
        pdf.add_object(made)
    font["ToUnicode"] = texts.reference
    [number] = re.findall(rb"(\d+) 0 R", font["DescendantFonts"].data)
    inner = pdf.objects[int(number)]
    inner["CIDToGIDMap"] = glyphs.reference
    inner["W"] = pydyf.Array([1, pydyf.Array([widths[glyph] for glyph, _ in codes.pairs])])
