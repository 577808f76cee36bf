"""Folders of files that people sent: under random names, for the server's account only.

One of evidence, one of photos in showrooms; every function takes the first unless told otherwise.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from matchmaker.extensions import clock

FOLDER = "evidence"
PHOTOS = "showroom"
FOLDERS = (FOLDER, PHOTOS)
#: A file this old without a row never had one, or lost it.
LOOSE_AFTER = timedelta(hours=1)
_NAME = re.compile("[0-9a-f]{32}")


def put(data: Path, content: bytes, folder: str = FOLDER) -> str:
    """Write it whole to the disk and give its name; the row that names it comes after."""
    name = secrets.token_hex(16)
    put_as(data, name, content, folder)
    return name


def put_as(data: Path, name: str, content: bytes, folder: str = FOLDER) -> None:
    """As `put`, under a name that was given before."""
    path = path_of(data, name, folder)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    # By the one clock, which a demo may have moved.
    now = clock.now().timestamp()
    os.utime(path, (now, now))


def path_of(data: Path, name: str, folder: str = FOLDER) -> Path:
    """Only names that we gave lead to a file."""
    if not is_name(name):
        raise FileNotFoundError(name)
    return data / folder / name


def is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def remove(data: Path, name: str, folder: str = FOLDER) -> None:
    path_of(data, name, folder).unlink(missing_ok=True)


def names(data: Path, folder: str = FOLDER) -> Iterator[str]:
    """All that is kept, rows or not."""
    if (data / folder).is_dir():
        yield from (one.name for one in (data / folder).iterdir() if is_name(one.name))


def old_names(data: Path, folder: str = FOLDER) -> list[str]:
    """Those written so long ago that their rows are there, if they are to have any."""
    limit = clock.now() - LOOSE_AFTER
    found = ((name, path_of(data, name, folder)) for name in names(data, folder))
    return [name for name, path in found if _written_at(path) < limit]


def _written_at(path: Path) -> datetime:
    try:
        seconds = path.stat().st_mtime
    except FileNotFoundError:
        return clock.now()
    return datetime.fromtimestamp(seconds, clock.now().tzinfo)
