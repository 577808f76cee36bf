"""The snapshot folders of this host: named by what they hold, found, opened, thrown away."""

from __future__ import annotations

import fcntl
import hashlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import structlog

from matchmaker.matching.index import Index, IndexUnusable

log = structlog.get_logger()

KEPT = 2
_LOCK = ".building"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One folder; its name says of which database, change number, model version and day it is."""

    folder: Path
    database: str
    number: int
    version: int
    #: The day ages were counted from: all workers of the host count from the same.
    as_of: date

    @classmethod
    def new(cls, root: Path, database: str, number: int, version: int, as_of: date) -> Snapshot:
        token = secrets.token_hex(4)
        name = f"{database}.{number:012d}.{version}.{as_of:%Y%m%d}.{token}"
        return cls(root / name, database, number, version, as_of)

    @classmethod
    def parse(cls, folder: Path) -> Snapshot | None:
        parts = folder.name.split(".")
        try:
            database, number, version, day, _token = parts
            as_of = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
            return cls(folder, database, int(number), int(version), as_of)
        except ValueError:
            return None


def database_key(url: str) -> str:
    """Tells databases apart that share a data folder."""
    return hashlib.sha256(url.encode()).hexdigest()[:10]


def newest(root: Path, database: str, latest: int) -> Iterator[Snapshot]:
    """Snapshots of this database, the newest first; one from a later time is thrown away.

    A database restored from a backup counts on from an older number: what was built after that
    must not be taken for its own when the numbers meet again.
    """
    found = [Snapshot.parse(folder) for folder in root.iterdir()] if root.is_dir() else []
    mine = [one for one in found if one is not None and one.database == database]
    for one in mine:
        if one.number > latest:
            log.warning("index_from_another_time", number=one.number, latest=latest)
            shutil.rmtree(one.folder, ignore_errors=True)
    usable = [one for one in mine if one.number <= latest]
    yield from sorted(usable, key=lambda one: (one.number, one.version, one.as_of), reverse=True)


def open_newest(root: Path, database: str, latest: int) -> tuple[Snapshot, Index] | None:
    """The newest one that is whole; a broken one is reported, thrown away and not asked again."""
    for one in newest(root, database, latest):
        try:
            return one, Index.open(one.folder)
        except IndexUnusable as error:
            log.error("index_unusable", reason=str(error))
            shutil.rmtree(one.folder, ignore_errors=True)
    return None


def prune(root: Path, database: str, latest: int) -> None:
    """Keep the newest ones: a worker may still hold the one before mapped."""
    for one in list(newest(root, database, latest))[KEPT:]:
        shutil.rmtree(one.folder, ignore_errors=True)


@contextmanager
def building(root: Path, wait: bool) -> Iterator[bool]:
    """One process of the host builds at a time; the kernel frees the lock if it is killed."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
