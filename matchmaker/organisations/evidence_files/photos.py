"""A photo of a product: decoded, and written anew in two sizes that a slow line carries."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from matchmaker.organisations.evidence_files import cleaning, images
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError

MEDIA_TYPE = "image/webp"
KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Size:
    """At most so many pixels long and so many bytes."""

    side: int
    most_bytes: int


#: For lists: two fit beside each other on a phone with a sharp screen.
SMALL = Size(480, 30 * KILOBYTE)
LARGE = Size(1280, 120 * KILOBYTE)
#: Tried in turn, then with fewer pixels: grain costs more than it shows.
_QUALITIES = (78, 60, 42)
_SMALLER = 0.75


@dataclass(frozen=True, slots=True)
class Photo:
    """Both sizes, and the pixels of the small one."""

    small: bytes
    large: bytes
    width: int
    height: int


def clean(sent: BinaryIO) -> Photo:
    """Raises UnfitFileError with what is wrong with it."""
    data = cleaning.read(sent)
    kind = images.kind_of(data)
    if kind is None:
        raise UnfitFileError(Problem.OTHER_KIND)
    with images.refused_when_broken():
        picture = images.on_paper(images.read(data, kind), LARGE.side)
        large, _pixels = _written(picture, LARGE)
        small, (width, height) = _written(picture, SMALL)
    return Photo(small, large, width, height)


def _written(picture: Image.Image, size: Size) -> tuple[bytes, tuple[int, int]]:
    """As fine as its bytes allow, and the pixels it came to."""
    side: float = size.side
    while True:
        smaller = picture.copy()
        smaller.thumbnail((round(side), round(side)))
        for quality in _QUALITIES:
            target = io.BytesIO()
            smaller.save(target, "WEBP", quality=quality, method=4)
            if target.tell() <= size.most_bytes:
                return target.getvalue(), smaller.size
        side *= _SMALLER
