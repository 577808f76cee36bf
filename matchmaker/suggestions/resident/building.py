"""Making a snapshot from the database, and the changes that came after one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matchmaker.extensions import changes, transactions
from matchmaker.extensions.changes import ChangeKind
from matchmaker.matching.encoder import encoder
from matchmaker.matching.index import Change, Index
from matchmaker.suggestions import versions
from matchmaker.suggestions.resident import loading, snapshots
from matchmaker.suggestions.resident.snapshots import Place, Snapshot

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Resident:
    """What one worker answers from."""

    index: Index
    #: Number of the model version in it.
    version: int
    as_of: date
    #: Change number of the snapshot under it.
    base: int
    #: Why its snapshot is in memory only.
    not_written: str = ""


@contextmanager
def own_reading_session(engine: Engine) -> Iterator[Session]:
    """Beside the request's session: nothing that is not committed gets into the index."""
    with transactions.reading_session(engine) as session:
        yield session


def build(engine: Engine, place: Place, today: date) -> Resident:
    """Build from the database as it is now; stays in memory if the folder cannot be written."""
    with own_reading_session(engine) as session:
        # The number first: what is saved while we read comes again as a change.
        number = changes.latest(session)
        in_force = versions.in_force(session)
        needs = list(loading.all_needs(session, today))
        offers = list(loading.all_offers(session, today))
    snapshot = Snapshot.new(place, number, in_force.number, today)
    model = in_force.model()
    found, not_written = snapshots.open_newest(place, number), ""
    before = found[1] if found else None
    try:
        seal = place.seal_of(snapshot.folder)
        index = Index.build(needs, offers, model, snapshot.folder, number, encoder(), before, seal)
        snapshots.prune(place, number)
    except OSError as error:
        log.error("index_not_written", reason=str(error))
        index, not_written = Index.of(needs, offers, model, number), str(error)
    log.info("index_built", number=number, needs=len(needs), offers=len(offers))
    return Resident(index, in_force.number, today, number, not_written)


def opened(found: tuple[Snapshot, Index]) -> Resident:
    snapshot, index = found
    return Resident(index, snapshot.version, snapshot.as_of, snapshot.number)


def records_changed(session: Session, rows: Iterable[changes.Change], as_of: date) -> list[Change]:
    """The records behind changed rows; an organisation's change is that of all it holds."""
    numbers: dict[ChangeKind, dict[int, int]] = {kind: {} for kind in ChangeKind}
    for row in rows:
        numbers[row.kind][row.row_id] = row.n
    needs, offers = numbers[ChangeKind.NEED], numbers[ChangeKind.OFFER]
    for organisation_id, n in numbers[ChangeKind.ORGANISATION].items():
        of_needs, of_offers = loading.ids_of_organisations(session, [organisation_id])
        needs.update({one: max(n, needs.get(one, 0)) for one in of_needs})
        offers.update({one: max(n, offers.get(one, 0)) for one in of_offers})
    need_records = {one.id: one for one in loading.needs_by_id(session, needs, as_of)}
    offer_records = {one.id: one for one in loading.offers_by_id(session, offers, as_of)}
    return [
        *(Change(n, "need", one, need_records.get(one)) for one, n in needs.items()),
        *(Change(n, "offer", one, offer_records.get(one)) for one, n in offers.items()),
    ]
