"""What was sent becomes what is kept: the kind by content, never by name, and written anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from matchmaker.organisations.evidence_files import images, pdfs
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError

#: A file as sent, in bytes.
MOST_BYTES = 10 * 1024 * 1024
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


def clean(sent: BinaryIO) -> Cleaned:
    """The file written anew; raises UnfitFileError with what is wrong with it."""
    data = read(sent)
    kind = images.kind_of(data)
    if kind is not None:
        return Cleaned(images.rewrite(data, kind), {"JPEG": JPEG, "PNG": PNG}[kind])
    if b"%PDF-" in data[:_MARK_WITHIN]:
        return Cleaned(pdfs.rewrite(data), PDF)
    raise UnfitFileError(Problem.OTHER_KIND)
