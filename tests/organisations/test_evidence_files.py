"""What is sent becomes what is kept, or is refused with the reason; nothing hostile stays in it."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, NameObject, PdfObject, TextStringObject

from matchmaker.extensions import clock
from matchmaker.organisations.evidence_files import images, pdfs, store
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError
from tests.organisations import papers
from tests.organisations.papers import SECRET, cleaned, dictionary, pdf, picture, script, together


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "image/png"])
def test_three_kinds_are_taken_by_what_they_hold(kind: str) -> None:
    ending = kind.partition("/")[2].upper()
    found = cleaned(pdf() if ending == "PDF" else picture(ending))
    assert found.media_type == kind
    assert cleaned(found.content).media_type == kind, "what is kept is fit itself"


def test_a_photo_loses_its_notes_and_stands_upright() -> None:
    data = papers.photo_that_knows_where()
    assert SECRET in papers.text_of(data)
    found = cleaned(data).content
    assert SECRET not in papers.text_of(found)
    kept = Image.open(io.BytesIO(found))
    assert kept.size == (40, 60)
    assert not kept.getexif()


def test_photos_of_one_paper_become_the_pages_of_one_pdf() -> None:
    see_through = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(see_through, "PNG")
    found = together(papers.photo_that_knows_where(), see_through.getvalue(), picture())
    assert found.media_type == "application/pdf"
    assert SECRET not in papers.text_of(found.content)
    assert "Pillow" not in papers.text_of(found.content)
    pages = PdfReader(io.BytesIO(found.content)).pages
    assert [(page.images[0].image or Image.Image()).size for page in pages] == [
        (40, 60), (30, 20), (60, 40),
    ]  # fmt: skip
    white = (pages[1].images[0].image or Image.Image()).getpixel((5, 5))
    assert isinstance(white, tuple)
    assert min(white) > 250
    assert cleaned(found.content).media_type == "application/pdf", "what is kept is fit itself"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: [picture(), pdf()], Problem.NOT_ALL_PHOTOS),
        (lambda: [picture(), b""], Problem.EMPTY),
        (lambda: [picture(), picture()[:300]], Problem.BROKEN),
        (lambda: [picture(), papers.png_of(8_000, 8_000)], Problem.TOO_MANY_PIXELS),
        (lambda: [picture()] * 11, Problem.TOO_MANY_PHOTOS),
        (lambda: [picture() + bytes(7 * 1024 * 1024)] * 3, Problem.TOGETHER_TOO_LARGE),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_several_files_are_refused_with_their_reason(
    make: Callable[[], list[bytes]], problem: Problem
) -> None:
    with pytest.raises(UnfitFileError) as refused:
        together(*make())
    assert refused.value.problem is problem


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_is_written_anew(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (8, 8)).save(target, "PNG")
    assert cleaned(target.getvalue()).media_type == "image/png"


def test_a_large_picture_is_made_smaller() -> None:
    found = Image.open(io.BytesIO(cleaned(picture(size=(4000, 40))).content))
    assert found.width == images.LONGEST_SIDE


def test_the_writer_of_a_pdf_and_what_stood_behind_its_pages_stay_behind() -> None:
    writer = PdfWriter()
    writer.add_metadata({"/Author": SECRET})
    writer.root_object[NameObject("/Private")] = TextStringObject(SECRET)
    assert SECRET in papers.text_of(pdf(writer))
    found = cleaned(pdf(writer, pages=2)).content
    assert SECRET not in papers.text_of(found)
    assert len(PdfReader(io.BytesIO(found)).pages) == 3


def _launch() -> bytes:
    return papers.pdf_with(dictionary(S=NameObject("/Launch"), F=TextStringObject("cmd.exe")))


def _named_elsewhere() -> bytes:
    """What the action does stands in an object of its own."""
    writer = PdfWriter()
    kind = writer._add_object(NameObject("/Launch"))
    action = dictionary(S=kind, F=TextStringObject("cmd.exe"))
    link = dictionary(Type=NameObject("/Annot"), Subtype=NameObject("/Link"), A=action)
    page = writer.add_blank_page(72, 72)
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    return pdf(writer)


def _in_disguise() -> bytes:
    """Names written so that a search for them fails: the reader reads them all the same."""
    data = papers.pdf_with(script())
    return data.replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS", b"/#4AS")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: b"", Problem.EMPTY),
        (lambda: b"%PDF-1.7" + b" " * (10 * 1024 * 1024), Problem.TOO_LARGE),
        (lambda: b"<html><script>alert(1)</script></html>", Problem.OTHER_KIND),
        (lambda: b"MZ\x90\0", Problem.OTHER_KIND),
        (lambda: b"GIF89a" + b"\0" * 40, Problem.OTHER_KIND),
        (lambda: picture()[:300], Problem.BROKEN),
        (lambda: b"\xff\xd8\xff" + os.urandom(200), Problem.BROKEN),
        (lambda: papers.png_of(60, 40), Problem.BROKEN),
        (lambda: papers.png_of(60_000, 60_000), Problem.TOO_MANY_PIXELS),
        (lambda: papers.png_of(8_000, 8_000), Problem.TOO_MANY_PIXELS),
        (lambda: papers.png_of(4_000, 4_000), Problem.TOO_MANY_PIXELS),
        (lambda: b"%PDF-1.7\n" + b"garbage " * 50, Problem.BROKEN),
        (lambda: pdf()[:120], Problem.BROKEN),
        (papers.locked_pdf, Problem.ENCRYPTED),
        (lambda: papers.pdf_with(script()), Problem.ACTIVE),
        (lambda: papers.pdf_with(dictionary(WC=script()), "/AA"), Problem.ACTIVE),
        (_launch, Problem.ACTIVE),
        (_in_disguise, Problem.ACTIVE),
        (_named_elsewhere, Problem.ACTIVE),
        (papers.pdf_with_script_on_a_page, Problem.ACTIVE),
        (papers.pdf_with_enclosed_file, Problem.ACTIVE),
        (lambda: pdf(pages=pdfs.MOST_PAGES + 1), Problem.TOO_MANY_PAGES),
    ],
    ids=lambda value: getattr(value, "value", getattr(value, "__name__", "")),
)
def test_what_is_not_fit_is_refused_soon_with_its_reason(
    make: Callable[[], bytes], problem: Problem
) -> None:
    data = make()
    began = time.process_time()
    with pytest.raises(UnfitFileError) as refused:
        cleaned(data)
    assert refused.value.problem is problem
    assert time.process_time() - began < 2


def _linked(*addresses: PdfObject, elsewhere: bool = False) -> bytes:
    """A page with a link to each; the last one also as what comes after another."""
    writer = PdfWriter()
    page = writer.add_blank_page(72, 72)
    links = ArrayObject()
    for address in addresses:
        at = writer._add_object(address) if elsewhere else address
        action = dictionary(S=NameObject("/URI"), URI=at)
        first = dictionary(S=NameObject("/URI"), URI=TextStringObject("tel:1"), Next=action)
        links += [
            dictionary(Type=NameObject("/Annot"), Subtype=NameObject("/Link"), A=each)
            for each in (action, first)
        ]
    page[NameObject("/Annots")] = links
    return pdf(writer)


def _addresses(data: bytes) -> str:
    """All that is left of it; marks are written by their number."""
    number = re.compile(r"\\(\d{3})")
    return number.sub(lambda found: chr(int(found[1], 8)), papers.text_of(cleaned(data).content))


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize(
    "address",
    [
        TextStringObject("file:///C:/Windows/System32/calc.exe"),
        TextStringObject("JavaScript:app.alert(1)"),
        TextStringObject(" java\tscript:app.alert(1)"),
        TextStringObject("\\\\example.org\\share\\x"),
        TextStringObject("../x.exe"),
        ByteStringObject(b"\x81file:///etc/passwd"),
        TextStringObject("data:text/html,<script>"),
    ],
)
def test_links_to_files_and_scripts_are_taken_out(address: PdfObject, elsewhere: bool) -> None:
    found = _addresses(_linked(address, elsewhere=elsewhere))
    for word in ("calc", "alert", "share", "x.exe", "passwd", "script"):
        assert word not in found


def test_links_to_the_web_a_mailbox_and_a_telephone_stay() -> None:
    kept = ("https://example.org/a", "HTTP://example.org", "mailto:a@example.org", "tel:+85620")
    found = _addresses(_linked(*map(TextStringObject, kept)))
    assert all(address in found for address in kept)


def test_pages_that_name_each_other_as_parents_end() -> None:
    """A tree without an end would be walked for ever."""
    kids = re.compile(rb"/Kids \[\s*\d+ 0 R\s*\]")
    data, changed = kids.subn(b"/Kids [ 2 0 R ]", pdf())
    assert changed == 1
    with pytest.raises(UnfitFileError):
        cleaned(data)


def test_a_picture_with_a_program_behind_it_loses_the_program() -> None:
    found = cleaned(picture("PNG") + b"PK\x03\x04<script>").content
    assert b"<script>" not in found


def test_a_file_is_kept_for_the_server_alone_and_under_no_name_of_the_sender(
    tmp_path: Path,
) -> None:
    name = store.put(tmp_path, b"content")
    path = store.path_of(tmp_path, name)
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    for foreign in ("../secrets.json", "", name.upper(), f"{name}/..", "a" * 31):
        with pytest.raises(FileNotFoundError):
            store.path_of(tmp_path, foreign)


def test_only_what_is_old_can_be_loose(tmp_path: Path) -> None:
    new, old = store.put(tmp_path, b"new"), store.put(tmp_path, b"old")
    before = (clock.now() - timedelta(hours=2)).timestamp()
    os.utime(store.path_of(tmp_path, old), (before, before))
    assert store.old_names(tmp_path) == [old]
    assert set(store.names(tmp_path)) == {new, old}
