"""Snapshots that are broken, foreign or planted are refused, and nothing in them is run."""

from __future__ import annotations

import ast
import json
import pickle
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from matchmaker.matching.index import Index, IndexUnusable
from matchmaker.matching.index.stored import Lines
from matchmaker.matching.programme import programme_model
from tests.matching.markets import lender, mill

MODEL = programme_model()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Index.build([mill()], [lender()], MODEL, tmp_path / "index", 3)
    return tmp_path / "index"


def missing(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def empty(folder: Path) -> None:
    (folder / "offers-ids.npy").write_bytes(b"")


def truncated(folder: Path) -> None:
    file = folder / "offers-lines-told.npy"
    file.write_bytes(file.read_bytes()[:-9])


def without_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def nonsense(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]")


def other_format(folder: Path) -> None:
    rewrite(folder, format=99)


def escaping(folder: Path) -> None:
    rewrite(folder, files={"../elsewhere": "00"})


def rewrite(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | values))


def plant(folder: Path, name: str, content: bytes) -> None:
    """Put a file in place of another with a manifest that vouches for it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.write_text, (self.path, "run")


@pytest.mark.parametrize(
    "spoil",
    [missing, empty, truncated, without_manifest, nonsense, other_format, escaping],
)
def test_a_spoilt_snapshot_is_refused(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    with pytest.raises(IndexUnusable):
        Index.open(folder)


def test_a_snapshot_of_another_model_is_refused(folder: Path) -> None:
    assert Index.open(folder, MODEL.digest()).number == 3
    with pytest.raises(IndexUnusable, match="another model"):
        Index.open(folder, programme_model("programme-2").digest())


def test_a_planted_pickle_is_refused_and_not_run(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    array = np.array([Bomb(trace)], dtype=object)
    np.save(tmp_path / "evil.npy", array, allow_pickle=True)
    for content in ((tmp_path / "evil.npy").read_bytes(), pickle.dumps(Bomb(trace))):
        plant(folder, "offers-ids.npy", content)
        with pytest.raises(IndexUnusable):
            Index.open(folder)
    assert not trace.exists()


@pytest.mark.parametrize(
    "array",
    [np.array([7], np.int32), np.array([0, 900], np.int64), np.zeros((2, 2)), np.array([9], "u1")],
)
def test_planted_arrays_of_the_wrong_shape_or_range_are_refused(
    folder: Path, tmp_path: Path, array: np.ndarray
) -> None:
    np.save(tmp_path / "wrong.npy", array)
    for name in ("feature-0-row_starts", "feature-1-places", "alike-0", "rule-row", "rule-test"):
        plant(folder, f"offers-{name}.npy", (tmp_path / "wrong.npy").read_bytes())
        with pytest.raises(IndexUnusable):
            Index.open(folder)


@pytest.fixture
def large(folder: Path) -> Path:
    """A snapshot of so many offers that what they have in common is kept once."""
    pool = [lender(id=at, organisation_id=2 + at % 7, text=f"loan {at}") for at in range(99)]
    Index.build([mill()], [*pool, lender(id=99, attrs={}, criteria=())], MODEL, folder, 3)
    return folder


@pytest.mark.parametrize(
    "array",
    [np.full(100, 2, np.uint8), np.zeros(99, np.uint8), np.zeros(100), np.full(100, -1, np.int8)],
)
def test_planted_arrays_that_point_beyond_what_is_shared_are_refused(
    large: Path, tmp_path: Path, array: np.ndarray
) -> None:
    layout = json.loads((large / "layout.json").read_text())["offers"]
    np.save(tmp_path / "wrong.npy", array)
    content = (tmp_path / "wrong.npy").read_bytes()
    for kind, name in (("number", "k:place"), ("feature", "attr:place"), ("alike", "place")):
        file = f"offers-{kind}-{layout[f'{kind}s' if kind != 'alike' else kind].index(name)}-of.npy"
        sound = (large / file).read_bytes()
        plant(large, file, content)
        with pytest.raises(IndexUnusable):
            Index.open(large)
        plant(large, file, sound)
    assert Index.open(large).top(mill()).total == 100


def test_an_array_that_the_manifest_does_not_name_is_not_read(large: Path) -> None:
    manifest = json.loads((large / "manifest.json").read_text())
    files = {name: digest for name, digest in manifest["files"].items() if "ids" not in name}
    rewrite(large, files=files)
    with pytest.raises(IndexUnusable, match="manifest"):
        Index.open(large)


def test_a_line_that_would_fill_the_memory_is_refused() -> None:
    lines = Lines._joined([zlib.compress(b"0" * (1 << 23))], b"")
    with pytest.raises(ValueError, match="longer"):
        lines.read(0)


def test_a_planted_model_with_wrong_weights_is_refused(folder: Path) -> None:
    model = json.loads((folder / "model.json").read_text())
    model["weights"]["finance"]["forward"]["text"] = 500
    plant(folder, "model.json", json.dumps(model).encode())
    with pytest.raises(IndexUnusable):
        Index.open(folder)


def test_building_again_replaces_the_folder_while_the_old_one_answers(folder: Path) -> None:
    old = Index.open(folder)
    new = Index.build([mill()], [lender(id=2)], MODEL, folder, 4)
    assert [match.offer_id for match in old.top(mill()).matches] == [1]
    assert [match.offer_id for match in new.top(mill()).matches] == [2]
    assert [child.name for child in folder.parent.iterdir()] == ["index"]


def test_a_model_survives_its_json() -> None:
    again = type(MODEL).from_json(MODEL.to_json())
    assert again.digest() == MODEL.digest()
    with pytest.raises(ValueError, match="format"):
        type(MODEL).from_json(MODEL.to_json().replace('"format": 1', '"format": 2'))


def test_reading_has_python_parse_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CPython's parser may fail when a connection is collected meanwhile; np.load calls it."""
    folder = tmp_path / "index"
    Index.build([mill()], [lender()], MODEL, folder, 3)

    def fail(*_arguments: object) -> None:
        raise SystemError("AST constructor recursion depth mismatch")

    monkeypatch.setattr(ast, "literal_eval", fail)
    assert Index.open(folder, MODEL.digest()).number == 3
