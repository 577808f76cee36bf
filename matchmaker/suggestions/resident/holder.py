"""The index of one worker: opened once, brought up to date at every question."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matchmaker.errors import MatchmakerError
from matchmaker.extensions import changes, clock, db, transactions
from matchmaker.extensions.changes import ChangeKind
from matchmaker.matching.index import MOST_CHANGED
from matchmaker.suggestions.resident import building, snapshots
from matchmaker.suggestions.resident.building import Resident
from matchmaker.suggestions.resident.snapshots import Place

#: More changes than these are not taken in while somebody waits for a page.
MOST_IN_A_REQUEST = 500
EXTENSION = "matchmaker_index"


class IndexHolder:
    """Keeps one resident index in step with the database; safe for the threads of a worker."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place
        self._lock = RLock()
        self._resident: Resident | None = None
        #: A new snapshot is due; whoever answers a request may ask for the job.
        self.rebuild_due = False

    def current(self, session: Session) -> Resident:
        """The index with every change committed before this question (but for a large import)."""
        latest = changes.latest(session)
        with self._lock:
            if self._resident is None or self._resident.index.number > latest:
                self._resident = self._open_or_build(session, latest)
            if self._resident.index.number < latest:
                self._resident = self._follow(self._resident, latest)
            return self._resident

    def _open_or_build(self, session: Session, latest: int) -> Resident:
        found = snapshots.open_newest(self._place, latest)
        if found is not None:
            return building.opened(found)
        transactions.let_idle(session)
        try:
            with snapshots.building(self._place, wait=True):
                # Whoever was building while we waited has built ours too.
                found = snapshots.open_newest(self._place, latest)
                return building.opened(found) if found is not None else self._build()
        except OSError:
            return self._build()

    def _build(self) -> Resident:
        return building.build(self._engine, self._place, clock.today())

    def _follow(self, resident: Resident, latest: int) -> Resident:
        with building.own_reading_session(self._engine) as session:
            rows = self._since(session, resident)
            if self._should_look(rows):
                resident = self._newer(resident, latest)
                rows = self._since(session, resident)
            if len(rows) > MOST_IN_A_REQUEST:
                self.rebuild_due = True
                return resident
            found = building.records_changed(session, rows, resident.as_of)
        number = max([resident.index.number, *(row.n for row in rows)])
        resident.index.apply(found, number)
        self.rebuild_due = resident.index.changed >= MOST_CHANGED
        return resident

    def _since(self, session: Session, resident: Resident) -> Sequence[changes.Change]:
        return changes.since(session, resident.index.number, MOST_IN_A_REQUEST + 1)

    def _should_look(self, rows: Sequence[changes.Change]) -> bool:
        """A rebuild ends with a change of its own, which sends every worker to the new folder."""
        return len(rows) > MOST_IN_A_REQUEST or any(row.kind is ChangeKind.MODEL for row in rows)

    def _newer(self, resident: Resident, latest: int) -> Resident:
        for snapshot in snapshots.newest(self._place, latest):
            if (snapshot.number, snapshot.version) <= (resident.base, resident.version):
                break
            found = snapshots.open_newest(self._place, latest)
            return building.opened(found) if found is not None else resident
        return resident


def holder() -> IndexHolder:
    """The one of this process and app."""
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        made = IndexHolder(db.engine, Place.of(current_app.config))
        found = current_app.extensions.setdefault(EXTENSION, made)
    kept: IndexHolder = found
    return kept


def resident(session: Session) -> Resident:
    return holder().current(session)


class IndexNotWrittenError(MatchmakerError):
    """There is no room for a snapshot, or no right to its folder."""


def rebuild() -> bool:
    """Build a new snapshot unless another process is at it; the one before serves meanwhile.

    IndexNotWrittenError where it cannot be kept: a job tries again later.
    """
    place = Place.of(current_app.config)
    try:
        with snapshots.building(place, wait=False) as mine:
            reason = building.build(db.engine, place, clock.today()).not_written if mine else ""
    except OSError as error:
        raise IndexNotWrittenError(str(error)) from error
    if reason:
        raise IndexNotWrittenError(reason)
    return mine
