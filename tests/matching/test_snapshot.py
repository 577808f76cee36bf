"""Snapshots that are broken, foreign or planted are refused, and nothing in them is run."""

from __future__ import annotations

import ast
import json
import pickle
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchmaker.matching.index import Index, IndexUnusable
from matchmaker.matching.index.arrays import Arrays, write_arrays
from matchmaker.matching.index.snapshot import sealed
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
    (folder / "arrays.bin").write_bytes(b"")


def truncated(folder: Path) -> None:
    file = folder / "arrays.bin"
    file.write_bytes(file.read_bytes()[:-9])


def without_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def nonsense(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]")


def other_format(folder: Path) -> None:
    rewrite(folder, format=99)


def vouching_for_another(folder: Path) -> None:
    rewrite(folder, files={"../elsewhere": "00"})


def rewrite(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    _seal(folder, manifest | values)


def _seal(folder: Path, manifest: dict[str, Any], seal: bytes = b"") -> None:
    manifest["seal"] = sealed(manifest, seal)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def plant(folder: Path, name: str, content: bytes) -> None:
    """Put a file in place of another with a manifest that vouches for it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = sha256(content).hexdigest()
    _seal(folder, manifest)


def plant_array(folder: Path, name: str, array: np.ndarray) -> None:
    """Put an array in place of another, with a table and a manifest that vouch for it."""
    layout = json.loads((folder / "layout.json").read_text())
    arrays = Arrays(folder / "arrays.bin", layout["arrays"])
    assert name in arrays
    told = {one: arrays[one].copy() for one in layout["arrays"]} | {name: array}
    layout["arrays"] = write_arrays(folder / "arrays.bin", told)
    plant(folder, "arrays.bin", (folder / "arrays.bin").read_bytes())
    plant(folder, "layout.json", json.dumps(layout).encode())


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.write_text, (self.path, "run")


@pytest.mark.parametrize(
    "spoil",
    [missing, empty, truncated, without_manifest, nonsense, other_format, vouching_for_another],
)
def test_a_spoilt_snapshot_is_refused(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    with pytest.raises(IndexUnusable):
        Index.open(folder)


def test_a_snapshot_of_another_model_is_refused(folder: Path) -> None:
    assert Index.open(folder, MODEL.digest()).number == 3
    with pytest.raises(IndexUnusable, match="another model"):
        Index.open(folder, programme_model("programme-2").digest())


def test_a_manifest_with_any_letter_changed_is_refused(folder: Path) -> None:
    file = folder / "manifest.json"
    sound = file.read_bytes()
    for at in range(0, len(sound), 7):
        file.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        with pytest.raises(IndexUnusable):
            Index.open(folder)
    file.write_bytes(sound)
    assert Index.open(folder).number == 3


def test_who_does_not_know_the_seal_plants_nothing(folder: Path, tmp_path: Path) -> None:
    own, other = b"of this installation", b"of another"
    Index.build([mill()], [lender()], MODEL, folder, 3, seal=own)
    assert Index.open(folder, seal=own).number == 3
    for seal in (b"", other):
        with pytest.raises(IndexUnusable, match="not written here"):
            Index.open(folder, seal=seal)
    layout = json.loads((folder / "layout.json").read_text())
    layout["offers"]["alike"] = [7 for _ in layout["offers"]["alike"]]
    plant(folder, "layout.json", json.dumps(layout).encode())
    with pytest.raises(IndexUnusable, match="not written here"):
        Index.open(folder, seal=own)


def test_a_planted_pickle_is_refused_and_not_run(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    array = np.array([Bomb(trace)], dtype=object)
    np.save(tmp_path / "evil.npy", array, allow_pickle=True)
    for content in ((tmp_path / "evil.npy").read_bytes(), pickle.dumps(Bomb(trace))):
        plant(folder, "arrays.bin", content)
        with pytest.raises(IndexUnusable):
            Index.open(folder)
    assert not trace.exists()


@pytest.mark.parametrize(
    "place",
    [
        ["|O8", 1, 0],
        ["<M8[s]", 1, 0],
        ["<i8,<i8", 1, 0],
        ["<i8", 1 << 40, 0],
        ["<i8", 1, 1 << 40],
        ["<i8", -1, 64],
        ["<i8", 1, -8],
        ["<i8", 1, 4],
        ["<i8", True, 0],
        ["<i8", 1.0, 0],
        ["<i8", "1", 0],
        ["<i8", 1],
        None,
    ],
)
def test_planted_places_are_refused(folder: Path, place: list[object] | None) -> None:
    layout = json.loads((folder / "layout.json").read_text())
    assert layout["arrays"]["offers-ids"][:2] == ["<i8", 1]
    layout["arrays"]["offers-ids"] = place
    plant(folder, "layout.json", json.dumps(layout).encode())
    with pytest.raises(IndexUnusable):
        Index.open(folder)


def test_only_plain_numbers_of_one_dimension_are_written(tmp_path: Path) -> None:
    for array in (np.zeros((2, 2)), np.array([object()]), np.array(["a"])):
        with pytest.raises(ValueError, match="dimensions"):
            write_arrays(tmp_path / "arrays.bin", {"wrong": array})


@pytest.fixture
def large(folder: Path) -> Path:
    """A snapshot of so many offers that what they have in common is kept once."""
    pool = [lender(id=at, organisation_id=2 + at % 7, text=f"loan {at}") for at in range(99)]
    Index.build([mill()], [*pool, lender(id=99, attrs={}, criteria=())], MODEL, folder, 3)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    "array",
    [
        np.array([700], np.int32),
        np.array([0, 900], np.int64),
        np.zeros(2),
        np.array([200], "u1"),
        np.array([], "u1"),
    ],
)
@pytest.mark.parametrize(
    "name", ["ids", "feature-0-row_starts", "feature-1-places", "alike-0", "rule-row", "rule-test"]
)
def test_planted_arrays_of_the_wrong_type_length_or_range_are_refused(
    large: Path, name: str, array: np.ndarray
) -> None:
    plant_array(large, f"offers-{name}", array)
    with pytest.raises(IndexUnusable):
        Index.open(large)


@pytest.mark.parametrize(
    "array",
    [np.full(100, 2, np.uint8), np.zeros(99, np.uint8), np.zeros(100), np.full(100, -1, np.int8)],
)
def test_planted_arrays_that_point_beyond_what_is_shared_are_refused(
    large: Path, array: np.ndarray
) -> None:
    layout = json.loads((large / "layout.json").read_text())
    sides = layout["offers"]
    arrays = Arrays(large / "arrays.bin", layout["arrays"])
    for kind, name in (("number", "k:place"), ("feature", "attr:place"), ("alike", "place")):
        listed = sides[f"{kind}s" if kind != "alike" else kind]
        which = f"offers-{kind}-{listed.index(name)}-of"
        sound = arrays[which].copy()
        plant_array(large, which, array)
        with pytest.raises(IndexUnusable):
            Index.open(large)
        plant_array(large, which, sound)
    assert Index.open(large).top(mill()).total == 100


def test_an_array_that_the_table_does_not_name_is_not_read(large: Path) -> None:
    layout = json.loads((large / "layout.json").read_text())
    del layout["arrays"]["offers-ids"]
    plant(large, "layout.json", json.dumps(layout).encode())
    with pytest.raises(IndexUnusable, match="not in the table"):
        Index.open(large)


@pytest.mark.parametrize("file", ["arrays.bin", "layout.json", "model.json"])
def test_a_file_that_the_manifest_does_not_name_is_not_read(folder: Path, file: str) -> None:
    files = json.loads((folder / "manifest.json").read_text())["files"]
    rewrite(folder, files={name: digest for name, digest in files.items() if name != file})
    with pytest.raises(IndexUnusable, match=file):
        Index.open(folder)


def test_a_line_that_would_fill_the_memory_is_refused() -> None:
    lines = Lines._joined([zlib.compress(b"0" * (1 << 23), wbits=-15)], b"")
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
