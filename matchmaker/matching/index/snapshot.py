"""Snapshots: an immutable folder of arrays and JSON, checked before it is used; no pickle."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matchmaker.errors import MatchmakerError
from matchmaker.matching.columns import Alike, Column, Family
from matchmaker.matching.index.arrays import Arrays, write_arrays
from matchmaker.matching.index.part import Part
from matchmaker.matching.index.reading import read_part
from matchmaker.matching.index.stored import Lines
from matchmaker.matching.model import Model
from matchmaker.matching.postings import Postings
from matchmaker.matching.rules import RuleColumns

FORMAT = 9
MANIFEST, MODEL, LAYOUT, ARRAYS = "manifest.json", "model.json", "layout.json", "arrays.bin"
#: All that a snapshot is read from, but for the manifest that vouches for them.
FILES = (ARRAYS, LAYOUT, MODEL)
SIDES = ("needs", "offers")


class IndexUnusable(MatchmakerError):
    """The snapshot is missing, broken, of another format or of another model: build it anew."""


def write(
    folder: Path,
    parts: dict[str, Part],
    model: Model,
    number: int,
    encoder: str = "",
    seal: bytes = b"",
) -> None:
    """Write a snapshot beside ``folder`` and put it there in one step, replacing what stood there.

    ``number`` is the change number up to which the parts hold every change, ``encoder`` names the
    code that encoded the texts. ``seal``: at most 64 bytes; only who knows them can write a
    snapshot that :func:`read` takes for its own.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        table = write_arrays(
            new / ARRAYS,
            {
                f"{name}-{piece}": array
                for name in SIDES
                for piece, array in _arrays_of(parts[name]).items()
            },
        )
        layout = {"arrays": table} | {name: _layout_of(parts[name]) for name in SIDES}
        (new / MODEL).write_text(model.to_json(), encoding="utf-8")
        (new / LAYOUT).write_text(json.dumps(layout, ensure_ascii=False), encoding="utf-8")
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "number": number,
            "encoder": encoder,
            "model": model.digest(),
            "files": {name: _digest(new / name) for name in FILES},
        }
        manifest["seal"] = sealed(manifest, seal)
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


def _arrays_of(part: Part) -> dict[str, np.ndarray]:
    side = part.side
    lines = Lines.of([part.records[at] for at in range(len(side))])
    arrays = {"ids": side.ids, "organisations": side.organisations, "kinds": side.kinds}
    arrays["text_keys"] = side.text_keys
    arrays |= {f"lines-{piece}": getattr(lines, piece) for piece in _names(Lines)}
    for at, column in enumerate(side.numbers.values()):
        arrays |= {f"number-{at}": column.values} | _shared(f"number-{at}", column)
    for at, family in enumerate(side.features.values()):
        arrays |= _postings(f"feature-{at}", family.sets) | _shared(f"feature-{at}", family)
    for at, alike in enumerate(side.alike.values()):
        arrays |= {f"alike-{at}": alike.first} | _shared(f"alike-{at}", alike)
    arrays |= {f"rule-{piece}": getattr(side.rules, piece) for piece in _RULE_ARRAYS}
    return arrays | _postings("rule-codes", side.rules.codes)


def _layout_of(part: Part) -> dict[str, Any]:
    side = part.side
    return {
        "numbers": list(side.numbers),
        "features": list(side.features),
        "alike": list(side.alike),
        "rules": list(side.rules.names),
        "names": {attr: list(known.values()) for attr, known in part.names.items()},
    }


def _names(kind: Any) -> list[str]:
    return [item.name for item in fields(kind)]


_RULE_ARRAYS = [name for name in _names(RuleColumns) if name not in ("codes", "names", "size")]


def _postings(name: str, postings: Postings) -> dict[str, np.ndarray]:
    return {f"{name}-{piece}": getattr(postings, piece) for piece in _names(Postings)}


def _shared(name: str, column: Column | Family | Alike) -> dict[str, np.ndarray]:
    """Return which of the values each row has; nothing where all rows have the same."""
    alone = column.of is None or not column.of.strides[0]
    return {} if column.of is None or alone else {f"{name}-of": column.of}


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sealed(manifest: dict[str, Any], seal: bytes) -> str:
    """Return what a manifest bears where it was written by who knows the seal: keyed BLAKE2b."""
    told = {name: value for name, value in manifest.items() if name != "seal"}
    return hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), key=seal).hexdigest()


class Read(NamedTuple):
    """What a snapshot holds."""

    parts: dict[str, Part]
    model: Model
    number: int
    encoder: str


def read(folder: Path, model_digest: str | None = None, seal: bytes = b"") -> Read:
    """Return what a snapshot holds, arrays mapped read-only.

    IndexUnusable if anything is missing, truncated, altered, of another format, under another
    ``seal`` or (where ``model_digest`` is given) of another model. Nothing in the folder is ever
    executed.
    """
    try:
        return _read(folder, model_digest, seal)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise IndexUnusable(f"snapshot {folder.name}: {error}") from error


def _read(folder: Path, model_digest: str | None, seal: bytes) -> Read:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']!r} is not {FORMAT}")
    if not hmac.compare_digest(str(manifest["seal"]), sealed(manifest, seal)):
        raise ValueError("it was not written here, or altered since")
    if model_digest is not None and manifest["model"] != model_digest:
        raise ValueError("made for another model version")
    for name in FILES:
        if _digest(folder / name) != manifest["files"][name]:
            raise ValueError(f"{name} is not the file that was written")
    model = Model.from_json((folder / MODEL).read_text(encoding="utf-8"))
    layout = json.loads((folder / LAYOUT).read_text(encoding="utf-8"))
    arrays = Arrays(folder / ARRAYS, layout["arrays"])
    parts = {name: read_part(arrays, name, layout[name]) for name in SIDES}
    return Read(parts, model, int(manifest["number"]), str(manifest["encoder"]))
