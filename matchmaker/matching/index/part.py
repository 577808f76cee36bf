"""A part of the index: columns with the records behind them, in memory or mapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from matchmaker.matching.codes import chain, key
from matchmaker.matching.encoding import KnownTexts, Row, encode_all
from matchmaker.matching.model import Model
from matchmaker.matching.postings import Sparse
from matchmaker.matching.records import Record
from matchmaker.matching.side import KINDS, Side


class Records(Protocol):
    """Records by row number."""

    def __getitem__(self, at: int, /) -> Record: ...
    def __len__(self) -> int: ...


#: Codes by feature key, per attribute: what facet counts are labelled with.
Names = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Part:
    """Columns of one side, the records behind them, and which rows still stand."""

    side: Side
    records: Records
    alive: np.ndarray
    names: Names

    @classmethod
    def build(
        cls, records: Sequence[Record], model: Model, known: KnownTexts | None = None
    ) -> Part:
        """Return a part in memory of records, encoded as in ``encode_all``."""
        return cls.of_rows(records, encode_all(records, model, known))

    @classmethod
    def of_rows(cls, records: Sequence[Record], rows: Sequence[Row]) -> Part:
        """Return a part in memory of records that are encoded already."""
        alive = np.ones(len(rows), bool)
        return cls(Side.build(rows), records, alive, names_of(records))

    @cached_property
    def whole(self) -> bool:
        """Whether every row stands."""
        return bool(self.alive.all())

    @cached_property
    def in_kinds(self) -> Mapping[str, np.ndarray]:
        """How many rows of each kind (``Side.gate_kinds``) stand, int64 (kinds,), by ``KINDS``."""
        standing = self.side.gate_kinds.count(np.flatnonzero(self.alive))
        of = self.side.kinds_of_gates
        return {kind: np.where(of == at, standing, 0) for at, kind in enumerate(KINDS)}

    def without(self, ids: Iterable[int]) -> Part:
        """Return the part with the rows of some ids taken out."""
        gone = np.isin(self.side.ids, np.fromiter(ids, np.int64))
        return replace(self, alive=self.alive & ~gone)

    def text(self, key: int) -> Sparse | None:
        """Return the features of a text that some row has, by its key."""
        rows = self.side.by_text.rows(key)
        texts = self.side.features.get("text")
        return texts.row(int(rows[0])) if len(rows) and texts is not None else None

    def counts(self, attr: str, mask: np.ndarray) -> dict[str, int]:
        """Count the rows of a mask per code of an attribute, ancestors included."""
        features = self.side.features.get(f"attr:{attr}")
        if features is None:
            return {}
        names = self.names.get(attr, {})
        return {
            names[at]: total for at, total in features.counts(mask).items() if total and at in names
        }


def names_of(records: Iterable[Record]) -> dict[str, dict[int, str]]:
    """Return every attribute code of the records and its ancestors by feature key."""
    names: dict[str, dict[int, str]] = {}
    for record in records:
        for attr, codes in record.attrs.items():
            known = names.setdefault(attr, {})
            for code in codes:
                for above in chain(code):
                    known[key(attr, above)] = above
    return names


def texts_of(parts: Sequence[Part]) -> KnownTexts:
    """Return the texts of parts by key, for one question."""

    def known(key: int) -> Sparse | None:
        for part in parts:
            found = part.text(key)
            if found is not None:
                return found
        return None

    return known


def all_texts_of(parts: Sequence[Part]) -> KnownTexts:
    """Return the texts of parts by key, for as many questions as there are texts."""
    places = {
        key: (part, at)
        for part in parts
        if "text" in part.side.features
        for at, key in enumerate(part.side.text_keys.tolist())
    }

    def known(key: int) -> Sparse | None:
        if key not in places:
            return None
        part, at = places[key]
        return part.side.features["text"].row(at)

    return known
