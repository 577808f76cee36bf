"""Pictures are decoded and written anew: what a camera noted of place and time stays behind."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageOps

from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError

#: Read from the header before anything is decoded: a small file can hold a picture of gigabytes.
MOST_PIXELS = 36_000_000
#: Pixels times channels once decoded: making one with see-through parts smaller takes several
#: times as much memory.
MOST_SAMPLES = {"JPEG": 64_000_000, "PNG": 32_000_000}
#: A page of A4 at 250 dots an inch.
LONGEST_SIDE = 3000
#: What a decoder that can read at a half or a quarter is asked for at least.
DRAFT_SIDE = 2000
#: Of one of several photos of a paper: they are all in memory at once.
PAGE_SIDE = 2000
QUALITY = 85
_PAPER = "white"
_PLAIN = {"JPEG": ("L", "RGB"), "PNG": ("L", "LA", "RGB", "RGBA")}
_MARKS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


def kind_of(data: bytes) -> str | None:
    """JPEG or PNG, by what it holds; None for anything else."""
    return next((kind for mark, kind in _MARKS.items() if data.startswith(mark)), None)


def rewrite(data: bytes, kind: str) -> bytes:
    """The picture alone, upright, at most `LONGEST_SIDE` pixels long; ``kind``: JPEG or PNG."""
    with refused_when_broken():
        return _written(read(data, kind), kind)


def as_pages(photos: Sequence[tuple[bytes, str]]) -> bytes:
    """One PDF, a page for each (data, kind), in their order."""
    with refused_when_broken():
        first, *rest = [on_paper(read(data, kind), PAGE_SIDE) for data, kind in photos]
        target = io.BytesIO()
        first.save(target, "PDF", save_all=True, append_images=rest, quality=QUALITY)
        return target.getvalue()


def on_paper(picture: Image.Image, side: int) -> Image.Image:
    """Upright, at most ``side`` long, in red, green and blue, white where it was see-through,
    nothing of its notes."""
    # First, because colours of a palette cannot be mixed.
    upright = picture.convert("RGBA") if picture.mode in ("P", "PA") else picture
    # Before the copies that follow.
    upright.thumbnail((side, side))
    upright = ImageOps.exif_transpose(upright)
    if upright.mode in ("LA", "RGBA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, _PAPER)
        upright = Image.alpha_composite(paper, upright)
    upright = upright.convert("RGB")
    upright.info.clear()
    return upright


@contextmanager
def refused_when_broken() -> Iterator[None]:
    """Around all that decodes: raises UnfitFileError with what is wrong with the picture."""
    try:
        with warnings.catch_warnings():
            # Its own word on large pictures: ours comes first and says more.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            yield
    except Image.DecompressionBombError as error:
        raise UnfitFileError(Problem.TOO_MANY_PIXELS) from error
    except UnfitFileError:
        raise
    # Decoders fail in as many ways as files are broken.
    except Exception as error:
        raise UnfitFileError(Problem.BROKEN) from error


def read(data: bytes, kind: str) -> Image.Image:
    """Decoded, within the bounds that its header is held to first."""
    picture: Image.Image = Image.open(io.BytesIO(data), formats=(kind,))
    if picture.width * picture.height > MOST_PIXELS:
        raise UnfitFileError(Problem.TOO_MANY_PIXELS)
    picture.draft("RGB", (DRAFT_SIDE, DRAFT_SIDE))
    channels = 4 if picture.mode == "P" else len(picture.getbands())
    if picture.width * picture.height * channels > MOST_SAMPLES[kind]:
        raise UnfitFileError(Problem.TOO_MANY_PIXELS)
    picture.load()
    return picture


def _written(picture: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    # First, because colours of a palette cannot be mixed.
    if upright.mode not in _PLAIN[kind]:
        see_through = kind == "PNG" and "transparency" in upright.info
        upright = upright.convert("RGBA" if see_through else "RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # Profiles, comments and the like are written from here.
    upright.info.clear()
    target = io.BytesIO()
    upright.save(target, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return target.getvalue()
