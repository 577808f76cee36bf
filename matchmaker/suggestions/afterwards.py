"""What is done once the answer has gone: counting what was shown, asking for a new snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import structlog
from flask import Response, after_this_request
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock, db, transactions
from matchmaker.matching.exposure import LIST
from matchmaker.organisations.models import Kind, Need, Offer, Organisation
from matchmaker.suggestions.resident.holder import holder
from matchmaker.suggestions.services import budget
from matchmaker.suggestions.services.ahead import Ahead
from matchmaker.suggestions.services.match import is_live
from matchmaker.suggestions.services.ranking import ListPage
from matchmaker.suggestions.services.shown import LOCK_MS, Sight, count_shown
from matchmaker.suggestions.versions import REBUILD

log = structlog.get_logger()

VERSION_HEADER = "X-Model-Version"


def name_version(version: int) -> None:
    """Say in a header under which model version the answer was made."""

    @after_this_request
    def add(response: Response) -> Response:
        response.headers[VERSION_HEADER] = str(version)
        return response


def count_page(row: Need | Offer, page: ListPage, tab: str, *, to_staff: bool) -> None:
    """Count what this page shows, unless to staff; the reader does not wait for it."""
    listed = [] if to_staff else {"fit": page.fit, "near": page.near}.get(tab, [])
    today, weighs = clock.today(), _weighs(row)
    sights = [
        Sight(
            one.need.id,
            one.offer.id,
            page.side,
            today,
            page.version,
            one.position,
            top_ten=tab == "fit" and page.order == "score" and one.position <= LIST,
            weighs=weighs,
        )
        for one in listed
    ]
    sights += [] if to_staff else _of_sets(page, today, weighs)
    engine, due = db.engine, holder().rebuild_due

    _once_answered(lambda: _finish(engine, sights, due))


def _weighs(row: Need | Offer) -> bool:
    """Feedback of such firms is not learned from either. An offerer that changed its profile is
    still one that firms wait for a turn with."""
    waits = isinstance(row, Need) and row.organisation.second_look_at is not None
    return is_live(row) and not waits


def _of_sets(page: ListPage, today: date, weighs: bool) -> list[Sight]:
    """Parts of sets that no single card of the page shows; those of one set share its place.

    A service is not among them: with a need of finance it makes no pair that anybody learns from.
    """
    single = {one.offer.id for one in page.fit}
    return [
        Sight(one.need_id, offer.id, page.side, today, page.version, one.after + 1, weighs=weighs)
        for one in page.sets
        for offer in one.offers
        if offer.kind is Kind.FINANCE and offer.id not in single
    ]


def count_new(ahead: Ahead) -> None:
    """Count the new matches of the first page at the places that they have in their lists."""
    today = clock.today()
    sights = [
        Sight(one.need.id, one.offer.id, ahead.side, today, ahead.version, one.place, top_ten=True)
        for one in ahead.new
    ]
    engine, due = db.engine, holder().rebuild_due

    _once_answered(lambda: _finish(engine, sights, due))


def count_partners(organisation_id: int, need_ids: Sequence[int]) -> None:
    """Count the cards of firms to ask with, against the same day's budget as those of lists."""
    engine = db.engine

    def count(session: Session) -> None:
        budget.count_together(session, organisation_id, need_ids)

    _once_answered(lambda: _write(engine, count, failed="partners_not_counted"))


def tell_of_many_seen(organisation: Organisation) -> None:
    """Open a task for staff; a page of reading writes nothing of its own."""
    engine, organisation_id, province = db.engine, organisation.id, organisation.province
    log.warning("many_seen", organisation=organisation_id)

    def tell(session: Session) -> None:
        budget.tell_staff(session, organisation_id, province)

    _once_answered(lambda: _write(engine, tell, failed="many_seen_not_told"))


def _once_answered(work: Callable[[], None]) -> None:
    @after_this_request
    def later(response: Response) -> Response:
        response.call_on_close(work)
        return response


def _write(engine: Engine, write: Callable[[Session], object], *, failed: str) -> None:
    """In a short transaction of its own; what waits too long for the lock is logged, not done."""
    try:
        with transactions.writing_session(engine, lock_ms=LOCK_MS) as session:
            write(session)
    except DBAPIError as error:
        log.warning(failed, reason=type(error.orig).__name__)


def _finish(engine: Engine, sights: Sequence[Sight], rebuild_due: bool) -> None:
    if sights:
        count_shown(engine, sights)
    if rebuild_due:
        _write(engine, _ask_for_rebuild, failed="rebuild_not_asked_for")


def _ask_for_rebuild(session: Session) -> None:
    jobs.enqueue(session, REBUILD, key=REBUILD)
