"""The folder of evidence: files under random names, readable by the server's account only."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from matchmaker.extensions import clock

FOLDER = "evidence"
#: A file this old without a row never had one, or lost it.
LOOSE_AFTER = timedelta(hours=1)
_NAME = re.compile("[0-9a-f]{32}")


def folder(data: Path) -> Path:
    return data / FOLDER


def put(data: Path, content: bytes) -> str:
    """Write it whole to the disk and give its name; the row that names it comes after."""
    name = secrets.token_hex(16)
    put_as(data, name, content)
    return name


def put_as(data: Path, name: str, content: bytes) -> None:
    """As `put`, under a name that was given before."""
    folder(data).mkdir(mode=0o700, parents=True, exist_ok=True)
    path = path_of(data, name)
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


def path_of(data: Path, name: str) -> Path:
    """Only names that we gave lead to a file."""
    if not is_name(name):
        raise FileNotFoundError(name)
    return folder(data) / name


def is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def remove(data: Path, name: str) -> None:
    path_of(data, name).unlink(missing_ok=True)


def names(data: Path) -> Iterator[str]:
    """All that is kept, rows or not."""
    if folder(data).is_dir():
        yield from (one.name for one in folder(data).iterdir() if is_name(one.name))


def old_names(data: Path) -> list[str]:
    """Those written so long ago that their rows are there, if they are to have any."""
    limit = clock.now() - LOOSE_AFTER
    return [name for name in names(data) if _written_at(data, name) < limit]


def _written_at(data: Path, name: str) -> datetime:
    try:
        seconds = path_of(data, name).stat().st_mtime
    except FileNotFoundError:
        return clock.now()
    return datetime.fromtimestamp(seconds, clock.now().tzinfo)
