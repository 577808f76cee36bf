"""What was sent becomes what is kept: the kind by content, never by name, and written anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from matchmaker.organisations.evidence_files import images, pdfs
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError

#: A file as sent, in bytes.
MOST_BYTES = 10 * 1024 * 1024
#: Of photos of one paper, together.
MOST_TOGETHER = 20 * 1024 * 1024
MOST_PHOTOS = 10
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
#: Readers take a PDF whose mark stands a little way in; some scanners write such.
_MARK_WITHIN = 1024


@dataclass(frozen=True, slots=True)
class Cleaned:
    content: bytes
    media_type: str


def read(sent: BinaryIO) -> bytes:
    """All of it; raises UnfitFileError where it is nothing or too much."""
    data = sent.read(MOST_BYTES + 1)
    if not data:
        raise UnfitFileError(Problem.EMPTY)
    if len(data) > MOST_BYTES:
        raise UnfitFileError(Problem.TOO_LARGE)
    return data


def clean_all(sent: Sequence[BinaryIO]) -> Cleaned:
    """One file written anew, or photos of one paper as the pages of a PDF."""
    if len(sent) == 1:
        return clean(sent[0])
    if len(sent) > MOST_PHOTOS:
        raise UnfitFileError(Problem.TOO_MANY_PHOTOS)
    read_all = [read(one) for one in sent]
    if sum(map(len, read_all)) > MOST_TOGETHER:
        raise UnfitFileError(Problem.TOGETHER_TOO_LARGE)
    photos = [(data, kind) for data in read_all if (kind := images.kind_of(data))]
    if len(photos) < len(sent):
        raise UnfitFileError(Problem.NOT_ALL_PHOTOS)
    # Written anew once more: what made the pages notes itself and the hour.
    return Cleaned(pdfs.rewrite(images.as_pages(photos)), PDF)


def clean(sent: BinaryIO) -> Cleaned:
    """The file written anew; raises UnfitFileError with what is wrong with it."""
    data = read(sent)
    kind = images.kind_of(data)
    if kind is not None:
        return Cleaned(images.rewrite(data, kind), {"JPEG": JPEG, "PNG": PNG}[kind])
    if b"%PDF-" in data[:_MARK_WITHIN]:
        return Cleaned(pdfs.rewrite(data), PDF)
    raise UnfitFileError(Problem.OTHER_KIND)
