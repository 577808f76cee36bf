"""How long the main pages take on this database, beside a page that reads next to nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from statistics import median, quantiles

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, event, func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.loader import TOKEN
from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.accounts.services import sessions
from matchmaker.contacts.models import ContactRequest, Message
from matchmaker.errors import CommandError
from matchmaker.extensions import db
from matchmaker.organisations.models import (
    Kind,
    Membership,
    Need,
    Offer,
    Organisation,
    PublicationState,
)
from matchmaker.screening.models import PipelineEntry

#: What every page costs: session, layout, navigation.
YARDSTICK = "/help"
WARM = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """A page by a short name, its address, and the browser of somebody who may see it."""

    name: str
    address: str
    client: FlaskClient


@dataclass(frozen=True, slots=True)
class Timing:
    """One page: CPU and wall milliseconds, statements, bytes of its HTML."""

    name: str
    cpu_ms: float
    wall_ms: float
    wall_p95_ms: float
    queries: int
    size: int


def measure(app: Flask, rounds: int) -> list[Timing]:
    """Ask for each page in turn, round after round, so that noise falls on all alike."""
    visits = _visits(app, db.session())
    cpu: dict[str, list[float]] = {visit.name: [] for visit in visits}
    wall: dict[str, list[float]] = {visit.name: [] for visit in visits}
    for number in range(WARM + rounds):
        for visit in visits:
            before = time.process_time(), time.perf_counter()
            _ask(visit)
            if number >= WARM:
                cpu[visit.name].append(1000 * (time.process_time() - before[0]))
                wall[visit.name].append(1000 * (time.perf_counter() - before[1]))
    return [_timing(visit, cpu[visit.name], wall[visit.name]) for visit in visits]


def table(timings: list[Timing]) -> str:
    least = next(one.cpu_ms for one in timings if one.name == YARDSTICK)
    head = f"{'page':28}{'CPU ms':>8}{'times':>7}{'wall ms':>9}{'p95 ms':>8}{'queries':>9}{'KB':>6}"
    lines = [
        f"{one.name:28}{one.cpu_ms:>8.1f}{one.cpu_ms / least:>7.1f}{one.wall_ms:>9.1f}"
        f"{one.wall_p95_ms:>8.1f}{one.queries:>9}{one.size / 1024:>6.0f}"
        for one in timings
    ]
    return "\n".join([head, *lines, f"times: CPU beside {YARDSTICK}"])


def _timing(visit: Visit, cpu: list[float], wall: list[float]) -> Timing:
    with _counting() as statements:
        size = _ask(visit)
    p95 = quantiles(wall, n=20)[-1] if len(wall) > 1 else wall[0]
    return Timing(visit.name, median(cpu), median(wall), p95, len(statements), size)


def _ask(visit: Visit) -> int:
    """In a context of its own, as on a server: inside this one's all pages would share a session,
    and begin no transaction of their own."""
    answer = Context().run(visit.client.get, visit.address, follow_redirects=True)
    if answer.status_code != 200:
        raise CommandError(f"{visit.address} answers {answer.status_code}.")
    return len(answer.data)


@contextmanager
def _counting() -> Iterator[list[str]]:
    statements: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


def _visits(app: Flask, session: Session) -> list[Visit]:
    """The pages of a firm, of the offer most asked for, and of staff."""
    need, owner = _first(session, _needs())
    offer, banker = _first(session, _offers(session))
    talk = session.scalars(_longest_talk(banker)).first()
    desk_of = session.scalars(_offering(offer)).one()
    compared = "&".join(f"need={one}" for one in session.scalars(_in_pipeline(offer)))
    firm, desk, staff = (_browser(app, session, who) for who in (owner, banker, _staff(session)))
    session.commit()
    return [
        Visit(YARDSTICK, YARDSTICK, firm),
        Visit("what to do next", "/start", firm),
        Visit("what a desk does next", "/start", desk),
        Visit("matches, after a redirect", "/matches", firm),
        Visit("matches of a need", f"/matches/needs/{need}", firm),
        Visit("matches of an offer", f"/matches/offers/{offer}", desk),
        Visit("one match", f"/matches/{need}/{offer}", firm),
        Visit("requests of a firm", "/requests", firm),
        Visit("requests of the busiest", "/requests", desk),
        *([Visit("the longest conversation", f"/requests/{talk}", desk)] if talk else []),
        Visit("firms on a desk", f"/desk/{desk_of}/firms?offer={offer}", desk),
        Visit("pipeline, board", f"/desk/{desk_of}/pipeline", desk),
        Visit("pipeline, table", f"/desk/{desk_of}/pipeline?view=table", desk),
        Visit("five firms compared", f"/desk/{desk_of}/compare?offer={offer}&{compared}", desk),
        Visit("catalogue", "/catalogue", firm),
        Visit("statistics", "/programme", staff),
        Visit("stuck requests", "/programme/requests", staff),
        Visit("reviews", "/programme/reviews", staff),
    ]


def _first(session: Session, query: Select[str, int]) -> tuple[str, int]:
    found = session.execute(query).first()
    if found is None:
        raise CommandError("there is nothing to time; fill a database with `flask seed --n` first.")
    return found[0], found[1]


def _needs() -> Select[str, int]:
    """Open needs, and who signs in for them."""
    return (
        select(Need.public_id, Membership.account_id)
        .join(Membership, Membership.organisation_id == Need.organisation_id)
        .where(Need.state == PublicationState.PUBLISHED, Need.kind == Kind.FINANCE)
        .order_by(Need.id)
    )


def _offers(session: Session) -> Select[str, int]:
    """Open offers, those of whoever is asked most first, and who signs in for them."""
    asked = select(ContactRequest.offer_organisation_id).group_by(
        ContactRequest.offer_organisation_id
    )
    busiest = session.scalars(asked.order_by(func.count().desc())).first()
    return (
        select(Offer.public_id, Membership.account_id)
        .join(Membership, Membership.organisation_id == Offer.organisation_id)
        .where(Offer.state == PublicationState.PUBLISHED, Offer.kind == Kind.FINANCE)
        .order_by((Offer.organisation_id == busiest).desc(), Offer.id)
    )


def _longest_talk(account_id: int) -> Select[str]:
    """Of what this person's organisations were asked: the one with most messages."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id)
    return (
        select(ContactRequest.public_id)
        .join(Message, Message.contact_request_id == ContactRequest.id)
        .where(ContactRequest.offer_organisation_id.in_(mine))
        .group_by(ContactRequest.id, ContactRequest.public_id)
        .order_by(func.count().desc(), ContactRequest.id)
        .limit(1)
    )


def _offering(offer: str) -> Select[str]:
    joined = select(Organisation.public_id).join(Offer, Offer.organisation_id == Organisation.id)
    return joined.where(Offer.public_id == offer)


def _in_pipeline(offer: str) -> Select[str]:
    """Five firms that stand in the pipeline for it."""
    return (
        select(Need.public_id)
        .join(PipelineEntry, PipelineEntry.need_id == Need.id)
        .join(Offer, Offer.id == PipelineEntry.offer_id)
        .where(Offer.public_id == offer, Need.state == PublicationState.PUBLISHED)
        .order_by(PipelineEntry.id)
        .limit(5)
    )


def _staff(session: Session) -> int:
    """An officer who sees everything; made where the database has none."""
    query = select(Account.id).where(Account.staff_role.is_not(None), Account.scope == Scope.ALL)
    found = session.scalars(query.order_by(Account.id)).first()
    if found is not None:
        return found
    made = Account(
        name="Bench", email="bench@demo.example", fs_uniquifier="bench", language="en",
        staff_role=StaffRole.OFFICER, scope=Scope.ALL, tf_primary_method="authenticator",
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def _browser(app: Flask, session: Session, account_id: int) -> FlaskClient:
    account = session.get_one(Account, account_id)
    token = sessions.begin(
        session, account, user_agent="bench", second_factor=account.needs_second_factor
    )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client
