"""Pictures are decoded and written anew: what a camera noted of place and time stays behind."""

from __future__ import annotations

import io
import warnings

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
QUALITY = 85
_PLAIN = {"JPEG": ("L", "RGB"), "PNG": ("L", "LA", "RGB", "RGBA")}


def rewrite(data: bytes, kind: str) -> bytes:
    """The picture alone, upright, at most `LONGEST_SIDE` pixels long; ``kind``: JPEG or PNG."""
    try:
        with warnings.catch_warnings():
            # Its own word on large pictures: ours comes first and says more.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _written(_read(data, kind), kind)
    except Image.DecompressionBombError as error:
        raise UnfitFileError(Problem.TOO_MANY_PIXELS) from error
    except UnfitFileError:
        raise
    # Decoders fail in as many ways as files are broken.
    except Exception as error:
        raise UnfitFileError(Problem.BROKEN) from error


def _read(data: bytes, kind: str) -> Image.Image:
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
