"""Articles kept for other processes are read only if they can be what was worked out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchmaker.matching import topics as topic_space

LANG = "en"


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topic_space, "_kept_in", [folder])
        patch.setattr(topic_space, "_spaces", {})
        topic_space.topics_of("a loan for a rice mill", LANG)
    [file] = folder.iterdir()
    return file


@pytest.fixture
def file(worked_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(topic_space, "_kept_in", [tmp_path])
    return Path(shutil.copy(worked_out, tmp_path))


def planted(file: Path, **changed: np.ndarray) -> None:
    with np.load(file) as kept:
        arrays: dict[str, Any] = dict(kept) | changed
    np.savez(file, **arrays)


HARMS: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:900]),
    "gone": lambda file: file.unlink(),
    "of others": lambda file: file.write_bytes(b"not ours"),
    "evil": lambda file: planted(file, places=np.array([print], dtype=object)),
    "one key": lambda file: planted(file, keys=np.full(3, 7, np.int64)),
    "no keys": lambda file: planted(file, keys=np.empty(0, np.int64)),
    "rows beyond": lambda file: planted(file, row_starts=np.array([0, 9_000_000], np.uint32)),
    "few values": lambda file: planted(file, row_values=np.zeros(5, np.float32)),
    "idf of nothing": lambda file: planted(file, idf_values=np.array([np.nan])),
    "two unseen": lambda file: planted(file, idf_unseen=np.array([1.0, 2.0])),
}


def test_what_was_worked_out_is_read(file: Path) -> None:
    assert topic_space._read(LANG) is not None


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_spoilt_or_planted_is_not_read(file: Path, harm: str) -> None:
    HARMS[harm](file)
    assert topic_space._read(LANG) is None


def test_articles_made_longer_to_be_found_everywhere_are_not_read(file: Path) -> None:
    with np.load(file) as kept:
        values = kept["row_values"]
    planted(file, row_values=values * np.float32(5))
    assert topic_space._read(LANG) is None


def test_a_full_disk_leaves_nothing_behind(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process that starts tries again: what it began would fill the disk for good."""

    def full(part: Path, **arrays: np.ndarray) -> None:
        part.write_bytes(b"begun")
        raise OSError(ENOSPC, "No space left on device")

    space = topic_space._space(LANG)
    monkeypatch.setattr(np, "savez", full)
    topic_space._write(LANG, space)
    assert list(file.parent.iterdir()) == [file]
