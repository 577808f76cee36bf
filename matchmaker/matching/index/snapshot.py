"""Snapshots: an immutable folder of .npy arrays and JSON, checked before it is used; no pickle."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from matchmaker.errors import MatchmakerError
from matchmaker.matching.codes import key
from matchmaker.matching.index.part import Part, StoredRecords
from matchmaker.matching.model import Model
from matchmaker.matching.postings import Postings
from matchmaker.matching.record_json import dumps
from matchmaker.matching.side import RuleColumns, Side

FORMAT = 3
MANIFEST, MODEL, LAYOUT = "manifest.json", "model.json", "layout.json"
SIDES = ("needs", "offers")
#: Arrays of a posting list and their types.
_PARTS = {
    "keys": "<i8",
    "starts": "<i8",
    "rows": "<i4",
    "values": "<f4",
    "row_starts": "<i8",
    "places": "<i4",
    "row_values": "<f4",
}


class IndexUnusable(MatchmakerError):
    """The snapshot is missing, broken, of another format or of another model: build it anew."""


def write(folder: Path, parts: dict[str, Part], model: Model, number: int) -> None:
    """Write a snapshot beside ``folder`` and put it there in one step, replacing what stood there.

    ``number`` is the change number up to which the parts hold every change.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        layout = {name: _write_part(new, name, parts[name]) for name in SIDES}
        (new / MODEL).write_text(model.to_json(), encoding="utf-8")
        (new / LAYOUT).write_text(json.dumps(layout, ensure_ascii=False), encoding="utf-8")
        manifest = {
            "format": FORMAT,
            "number": number,
            "model": model.digest(),
            "files": {file.name: _digest(file) for file in sorted(new.iterdir())},
        }
        (new / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        _put_in_place(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put_in_place(new: Path, folder: Path) -> None:
    """Swap folders; whoever has the old one mapped keeps it until it lets go."""
    new.chmod(0o755)
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        folder.rename(old / "was")
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        new.rename(folder)


def _write_part(folder: Path, name: str, part: Part) -> dict[str, Any]:
    side = part.side
    arrays = {"ids": side.ids, "organisations": side.organisations, "kinds": side.kinds}
    arrays["numbers"] = np.array(list(side.numbers.values()), np.float64).reshape(
        len(side.numbers), len(side)
    )
    for at, postings in enumerate([*side.features.values(), side.rules.codes]):
        arrays |= {f"{at}-{piece}": getattr(postings, piece) for piece in _PARTS}
    arrays |= {f"rule-{piece}": getattr(side.rules, piece) for piece in _rule_pieces()}
    lines = [f"{dumps(part.records[at])}\n".encode() for at in range(len(side))]
    arrays["lines"] = np.frombuffer(b"".join(lines), np.uint8)
    arrays["starts"] = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int64)
    for piece, array in arrays.items():
        np.save(folder / f"{name}-{piece}.npy", np.ascontiguousarray(array), allow_pickle=False)
    return {
        "numbers": list(side.numbers),
        "features": list(side.features),
        "rules": list(side.rules.names),
        "names": {attr: list(known.values()) for attr, known in part.names.items()},
    }


def _rule_pieces() -> list[str]:
    return [item.name for item in fields(RuleColumns) if item.name not in ("codes", "names")]


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read(folder: Path, model_digest: str | None = None) -> tuple[dict[str, Part], Model, int]:
    """Return the parts, model and change number of a snapshot, arrays mapped read-only.

    IndexUnusable if anything is missing, truncated, altered, of another format or (where
    ``model_digest`` is given) of another model. Nothing in the folder is ever executed.
    """
    try:
        return _read(folder, model_digest)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise IndexUnusable(f"snapshot {folder.name}: {error}") from error


def _read(folder: Path, model_digest: str | None) -> tuple[dict[str, Part], Model, int]:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']!r} is not {FORMAT}")
    if model_digest is not None and manifest["model"] != model_digest:
        raise ValueError("made for another model version")
    for name, digest in manifest["files"].items():
        if "/" in name or name.startswith(".") or _digest(folder / name) != digest:
            raise ValueError(f"{name} is not the file that was written")
    model = Model.from_json((folder / MODEL).read_text(encoding="utf-8"))
    layout = json.loads((folder / LAYOUT).read_text(encoding="utf-8"))
    parts = {name: _read_part(folder, name, layout[name]) for name in SIDES}
    return parts, model, int(manifest["number"])


def _load(folder: Path, name: str, dtype: str | None = None) -> np.ndarray:
    mapped = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    # A plain view of the mapped file: np.memmap runs Python at each of thousands of slices.
    array = mapped.view(np.ndarray)
    if array.dtype.kind not in "iufb" or (dtype is not None and array.dtype != np.dtype(dtype)):
        raise ValueError(f"{name} holds {array.dtype}")
    return array


def _read_part(folder: Path, name: str, layout: dict[str, Any]) -> Part:
    ids = _load(folder, f"{name}-ids", "<i8")
    numbers = _load(folder, f"{name}-numbers", "<f8")
    if numbers.shape != (len(layout["numbers"]), len(ids)):
        raise ValueError(f"{name}-numbers has shape {numbers.shape}")
    features = {
        family: _read_postings(folder, f"{name}-{at}", len(ids))
        for at, family in enumerate(layout["features"])
    }
    pieces = {piece: _load(folder, f"{name}-rule-{piece}") for piece in _rule_pieces()}
    codes = _read_postings(folder, f"{name}-{len(features)}", len(pieces["row"]))
    side = Side(
        ids=ids,
        organisations=_same(_load(folder, f"{name}-organisations", "<i8"), len(ids)),
        kinds=_same(_load(folder, f"{name}-kinds"), len(ids)),
        numbers={number: numbers[at] for at, number in enumerate(layout["numbers"])},
        features=features,
        rules=RuleColumns(**pieces, codes=codes, names=tuple(layout["rules"])),
    )
    starts = _same(_load(folder, f"{name}-starts", "<i8"), len(ids) + 1)
    records = StoredRecords(_load(folder, f"{name}-lines", "|u1"), starts)
    return Part(side, records, np.ones(len(ids), bool), _keyed(layout["names"]))


def _read_postings(folder: Path, name: str, size: int) -> Postings:
    pieces = {piece: _load(folder, f"{name}-{piece}", dtype) for piece, dtype in _PARTS.items()}
    found = Postings(**pieces)
    entries = len(found.rows)
    sound = (
        len(found.starts) == len(found.keys) + 1
        and found.size == size
        and found.starts[-1] == found.row_starts[-1] == entries
        and entries == len(found.values) == len(found.places) == len(found.row_values)
    )
    if not sound or not (_below(found.rows, size) and _below(found.places, len(found.keys))):
        raise ValueError(f"{name} is not a posting list over {size} rows")
    return found


def _below(numbers: np.ndarray, end: int) -> bool:
    return not len(numbers) or 0 <= int(numbers.min()) <= int(numbers.max()) < end


def _same(array: np.ndarray, size: int) -> np.ndarray:
    if array.shape != (size,):
        raise ValueError(f"an array of {size} entries has shape {array.shape}")
    return array


def _keyed(names: dict[str, list[str]]) -> dict[str, dict[int, str]]:
    return {attr: {key(attr, code): code for code in codes} for attr, codes in names.items()}
