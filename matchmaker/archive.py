"""A backup is one file: the database's own copy, and beside it what people sent."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from matchmaker.errors import CommandError
from matchmaker.organisations.evidence_files import store

_DATABASE = "database"


def pack(target: Path, database: Path, data: Path) -> None:
    """Not compressed: PDFs and pictures are, and the copy of PostgreSQL is too."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        tar.add(database, _DATABASE)
        for folder in store.FOLDERS:
            for name in sorted(store.names(data, folder)):
                with suppress(FileNotFoundError):
                    tar.add(store.path_of(data, name, folder), f"{folder}/{name}")


@contextmanager
def database_of(file: Path) -> Iterator[Path]:
    """The database's copy by itself; a backup of an earlier release is nothing else."""
    if not tarfile.is_tarfile(file):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="matchmaker-restore-") as folder:
        with _opened(file) as tar:
            if _DATABASE not in tar.getnames():
                raise CommandError(f"{file} holds no database; name one that `flask backup` wrote.")
            tar.extract(_DATABASE, folder, filter="data")
        yield Path(folder) / _DATABASE


def put_files_back(file: Path, data: Path) -> None:
    """Those that are there already are the same; what the database no longer names is swept up."""
    if not tarfile.is_tarfile(file):
        return
    with _opened(file) as tar:
        for member in tar:
            folder, _slash, name = member.name.partition("/")
            if not (member.isfile() and folder in store.FOLDERS and store.is_name(name)):
                continue
            kept = tar.extractfile(member)
            if kept is not None and not store.path_of(data, name, folder).exists():
                store.put_as(data, name, kept.read(), folder)


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file) as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise CommandError(f"{file} is damaged; take another backup.") from error
