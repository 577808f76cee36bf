"""The resident index: a snapshot plus what changed since, answering for needs and for offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np

from matchmaker.matching.encoding import KnownTexts, Row, encode
from matchmaker.matching.fast import loops_for
from matchmaker.matching.index import snapshot
from matchmaker.matching.index.filters import Filters
from matchmaker.matching.index.part import Part, all_texts_of, texts_of
from matchmaker.matching.index.question import Order, Question
from matchmaker.matching.index.ranking import Ranking, rank
from matchmaker.matching.index.snapshot import IndexUnusable
from matchmaker.matching.index.standing import Standing, standing
from matchmaker.matching.index.uncollected import uncollected
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord, Record

__all__ = [
    "Change",
    "Filters",
    "Index",
    "IndexUnusable",
    "Order",
    "Question",
    "Ranking",
    "Standing",
]

#: Changed rows from which a new snapshot is worth making.
MOST_CHANGED = 4096
SideName = Literal["need", "offer"]


@dataclass(frozen=True, slots=True)
class Change:
    """A record saved (``record``) or gone (None) under a change number."""

    number: int
    side: SideName
    id: int
    record: Record | None


@dataclass(frozen=True)
class _State:
    """All that a query reads, replaced as one."""

    number: int
    base: dict[str, Part]
    changed: dict[str, dict[int, tuple[Record, Row] | None]]
    parts: dict[str, tuple[Part, ...]]


class Index:
    """Needs and offers under one model version; readers never wait, one writer at a time."""

    def __init__(
        self, needs: Part, offers: Part, model: Model, number: int, encoder: str = ""
    ) -> None:
        base = {"need": needs, "offer": offers}
        self.model = model
        #: Names the code that encoded the texts of a snapshot, "" where nobody said.
        self.encoder = encoder
        loops_for(max(len(needs.side), len(offers.side)))  # Not while somebody waits for a page.
        for part in (needs, offers):
            # Worked out here for the same reason.
            _ = part.in_kinds, part.side.by_organisation, part.side.by_text
        self._lock = Lock()
        self._state = _State(
            number, base, {"need": {}, "offer": {}}, {name: (base[name],) for name in base}
        )

    @classmethod
    @uncollected()
    def of(
        cls,
        needs: Sequence[NeedRecord],
        offers: Sequence[OfferRecord],
        model: Model,
        number: int = 0,
    ) -> Index:
        """Return an index in memory of records that hold every change up to ``number``."""
        return cls(Part.build(needs, model), Part.build(offers, model), model, number)

    @classmethod
    @uncollected()
    def build(
        cls,
        needs: Sequence[NeedRecord],
        offers: Sequence[OfferRecord],
        model: Model,
        folder: Path,
        number: int = 0,
        encoder: str = "",
        before: Index | None = None,
        seal: bytes = b"",
    ) -> Index:
        """Write a snapshot of the records to ``folder`` in one step and return it opened.

        ``encoder`` names the code that encodes texts. Those of ``before`` are taken over if the
        same code encoded them under the same model. ``seal`` as in :meth:`open`.
        """
        known = before.texts() if before and before.made_alike(model, encoder) else None
        parts = {
            "needs": Part.build(needs, model, known),
            "offers": Part.build(offers, model, known),
        }
        snapshot.write(folder, parts, model, number, encoder, seal)
        return cls.open(folder, model.digest(), seal)

    @classmethod
    def open(cls, folder: Path, model_digest: str | None = None, seal: bytes = b"") -> Index:
        """Open a snapshot, mapped; IndexUnusable if it is not sound or not of that model.

        ``seal``: at most 64 bytes, under which it was built, so that no planted one is opened.
        """
        found = snapshot.read(Path(folder), model_digest, seal)
        needs, offers = found.parts["needs"], found.parts["offers"]
        return cls(needs, offers, found.model, found.number, found.encoder)

    def made_alike(self, model: Model, encoder: str) -> bool:
        """Whether texts are encoded here as they would be by an encoder under a model."""
        return bool(encoder) and self.encoder == encoder and self.model.digest() == model.digest()

    def texts(self) -> KnownTexts:
        """Return every text that is encoded in the index, by its key."""
        return all_texts_of([part for parts in self._state.parts.values() for part in parts])

    @property
    def number(self) -> int:
        """The change number up to which every change is in."""
        return self._state.number

    @property
    def changed(self) -> int:
        """How many records differ from the snapshot; from 4,096 on make a new one."""
        return sum(len(rows) for rows in self._state.changed.values())

    def __len__(self) -> int:
        return sum(int(part.alive.sum()) for parts in self._state.parts.values() for part in parts)

    def apply(self, changes: Iterable[Change], number: int | None = None) -> None:
        """Take in changes newer than ``self.number``, all at once for readers.

        Of several changes to one record the one with the greatest number holds. ``number``: up to
        which the caller has looked, if that is past the last change.
        """
        with self._lock:
            state = self._state
            newer = sorted(
                (change for change in changes if change.number > state.number),
                key=lambda change: change.number,
            )
            changed = {name: dict(rows) for name, rows in state.changed.items()}
            for change in newer:
                known = texts_of(state.parts[change.side])
                row = None if change.record is None else encode(change.record, self.model, known)
                changed[change.side][change.id] = (
                    None if change.record is None or row is None else (change.record, row)
                )
            touched = {change.side for change in newer}
            parts = {
                name: _parts(state.base[name], changed[name]) if name in touched else parts
                for name, parts in state.parts.items()
            }
            last = max([state.number, number or 0, *(change.number for change in newer)])
            self._state = _State(last, state.base, changed, parts)

    def top(
        self,
        record: Record,
        filters: Filters | None = None,
        n: int = 20,
        *,
        after: tuple[float, int] | None = None,
        closed: Collection[int] = (),
        closed_organisations: Collection[int] = (),
        near: int = 0,
        count: tuple[str, ...] = (),
        day: int | None = None,
        order: Order = "score",
    ) -> Ranking:
        """Return the best ``n`` of the other side for a need or an offer, exactly.

        The record need not be in the index: its own values are used, so that an edit counts at
        once. Pairs of one organisation never appear. See :class:`Question` for the rest.
        """
        question = Question(
            filters or Filters(), n, after, closed, closed_organisations, near, count, day, order
        )
        own, other = _sides(record)
        parts = self._state.parts
        return rank(record, parts[other], self.model, question, texts_of(parts[own]))

    def standing(
        self, record: Record, among: np.ndarray | None = None, question: Question | None = None
    ) -> Standing:
        """Return everybody of the other side that stands for a record, with points, unordered.

        ``among``: ids of the other side to look at, None for all. ``question``: who is filtered
        or closed; the rest of it does not matter here.
        """
        own, other = _sides(record)
        parts, asked = self._state.parts, question or Question()
        return standing(record, parts[other], self.model, among, texts_of(parts[own]), asked)

    def records(self, side: SideName) -> Iterator[Record]:
        """Go through the records of one side, as they are now."""
        for part in self._state.parts[side]:
            for at in np.flatnonzero(part.alive).tolist():
                yield part.records[at]

    def record(self, side: SideName, record_id: int) -> Record | None:
        """Return a record of the index by id, None if it is not (or no longer) in it."""
        for part in self._state.parts[side]:
            rows = np.flatnonzero((part.side.ids == record_id) & part.alive)
            if len(rows):
                return part.records[int(rows[0])]
        return None


def _sides(record: Record) -> tuple[SideName, SideName]:
    return ("need", "offer") if isinstance(record, NeedRecord) else ("offer", "need")


def _parts(base: Part, changed: dict[int, tuple[Record, Row] | None]) -> tuple[Part, ...]:
    """Return the base without what changed, and the changed records that still stand."""
    kept = [entry for entry in changed.values() if entry is not None]
    overlay = Part.of_rows([record for record, _ in kept], [row for _, row in kept])
    return base.without(changed), overlay
