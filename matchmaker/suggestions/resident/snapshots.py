"""The snapshot folders of this host: named by what they hold, found, opened, thrown away."""

from __future__ import annotations

import fcntl
import hashlib
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from matchmaker.matching.encoder import encoder
from matchmaker.matching.index import Index, IndexUnusable

log = structlog.get_logger()

KEPT = 2
_LOCK = ".building"


@dataclass(frozen=True, slots=True)
class Place:
    """Where this host keeps the snapshots of one database."""

    root: Path
    #: Tells databases apart that share a data folder.
    database: str
    #: What only this installation knows: a snapshot from elsewhere is not opened.
    seal: bytes

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Place:
        database = hashlib.sha256(config["DATABASE_URL"].encode()).hexdigest()[:10]
        seal = hashlib.sha256(b"snapshots\0" + str(config["SECRET_KEY"]).encode()).digest()
        return cls(Path(config["DATA"]) / "index", database, seal)

    def seal_of(self, folder: Path) -> bytes:
        """Of one folder: its name says of which day and number it is, and is under the seal too."""
        return hashlib.blake2b(folder.name.encode(), key=self.seal, digest_size=32).digest()


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
    def new(cls, place: Place, number: int, version: int, as_of: date) -> Snapshot:
        token = secrets.token_hex(4)
        name = f"{place.database}.{number:012d}.{version}.{as_of:%Y%m%d}.{token}"
        return cls(place.root / name, place.database, number, version, as_of)

    @classmethod
    def parse(cls, folder: Path) -> Snapshot | None:
        parts = folder.name.split(".")
        try:
            database, number, version, day, _token = parts
            as_of = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
            return cls(folder, database, int(number), int(version), as_of)
        except ValueError:
            return None


def newest(place: Place, latest: int) -> Iterator[Snapshot]:
    """Snapshots of this database, the newest first; one from a later time is thrown away.

    A database restored from a backup counts on from an older number: what was built after that
    must not be taken for its own when the numbers meet again.
    """
    try:
        found = [Snapshot.parse(folder) for folder in place.root.iterdir()]
    except OSError:
        # Not there, or not ours to read: as if there were none, pages answer all the same.
        found = []
    mine = [one for one in found if one is not None and one.database == place.database]
    for one in mine:
        if one.number > latest:
            log.warning("index_from_another_time", number=one.number, latest=latest)
            shutil.rmtree(one.folder, ignore_errors=True)
    usable = [one for one in mine if one.number <= latest]
    yield from sorted(usable, key=_age, reverse=True)


def _age(one: Snapshot) -> tuple[int, int, date, int]:
    """Of the same number, as after an update, the one that was written last is the newest."""
    try:
        written = one.folder.stat().st_mtime_ns
    except OSError:
        written = 0
    return one.number, one.version, one.as_of, written


def open_newest(place: Place, latest: int) -> tuple[Snapshot, Index] | None:
    """The newest one that is whole; a broken one is reported, thrown away and not asked again.

    One of another release is left to it: what is asked in ours would not find its words there.
    """
    for one in newest(place, latest):
        try:
            index = Index.open(one.folder, seal=place.seal_of(one.folder))
        except IndexUnusable as error:
            log.error("index_unusable", reason=str(error))
            shutil.rmtree(one.folder, ignore_errors=True)
            continue
        if index.encoder == encoder():
            return one, index
        log.info("index_of_another_release", folder=one.folder.name)
    return None


def prune(place: Place, latest: int) -> None:
    """Keep the newest ones: a worker may still hold the one before mapped."""
    for one in list(newest(place, latest))[KEPT:]:
        shutil.rmtree(one.folder, ignore_errors=True)


@contextmanager
def building(place: Place, wait: bool) -> Iterator[bool]:
    """One process of the host builds at a time; the kernel frees the lock if it is killed."""
    place.root.mkdir(parents=True, exist_ok=True)
    with (place.root / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
