"""What must hold when many press at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask

from matchmaker.errors import StaleVersion
from matchmaker.extensions import clock, db
from matchmaker.extensions.transactions import writing_session
from matchmaker.organisations import services
from matchmaker.organisations.models import Membership, Offer, Organisation
from matchmaker.organisations.services import leaving
from matchmaker.organisations.services.errors import LastOwnerError, NoPlaceLeftError
from tests.factories import MembershipFactory, OfferFactory, OrganisationFactory

AT_ONCE = 8


def together(app: Flask, work: Callable[[int], str]) -> list[str]:
    """The answers of many threads that begin at the same moment, each on its own session."""
    answers: list[str] = []
    start = Barrier(AT_ONCE)

    def run(number: int) -> None:
        with app.app_context():
            start.wait()
            answers.append(work(number))
            db.session.remove()

    threads = [Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_many_who_want_the_last_places_exactly_as_many_get_one(app: Flask) -> None:
    offer_id = OfferFactory(places=3).id
    db.session.commit()

    def take(_number: int) -> str:
        try:
            with writing_session(db.engine) as session:
                services.take_place(session, offer_id, clock.now())
        except NoPlaceLeftError:
            return "full"
        return "taken"

    answers = together(app, take)
    db.session.rollback()
    assert sorted(answers) == ["full"] * (AT_ONCE - 3) + ["taken"] * 3
    used = db.session.get(Offer, offer_id)
    assert used is not None
    assert used.used == 3


def test_no_update_is_lost_when_two_save_at_once(app: Flask) -> None:
    firm = OrganisationFactory(staff=0)
    db.session.commit()
    firm_id, version = firm.id, firm.version

    def save(number: int) -> str:
        try:
            with writing_session(db.engine) as session:
                row = session.get_one(Organisation, firm_id)
                services.update_organisation(session, row, None, version=version, staff=number + 1)
        except StaleVersion:
            return "overtaken"
        return "saved"

    answers = together(app, save)
    assert answers.count("saved") == 1
    assert answers.count("overtaken") == AT_ONCE - 1


def test_two_owners_who_leave_at_once_do_not_leave_an_organisation_without_one(
    app: Flask,
) -> None:
    firm = OrganisationFactory()
    ids = [MembershipFactory(organisation=firm).id for _ in range(AT_ONCE)]
    db.session.commit()

    def leave(number: int) -> str:
        try:
            with writing_session(db.engine) as session:
                row = session.get_one(Membership, ids[number])
                leaving.leave(session, row, row.account_id)
        except LastOwnerError:
            return "stays"
        return "left"

    assert together(app, leave).count("stays") == 1


def test_a_need_sent_many_times_at_once_is_made_once(app: Flask) -> None:
    firm_id = OrganisationFactory().id
    db.session.commit()

    def make(_number: int) -> str:
        with writing_session(db.engine) as session:
            firm = session.get_one(Organisation, firm_id)
            need = services.create_need(session, firm, None, kind="finance", title="A dryer")
            session.flush()
            return str(need.id)

    assert len(set(together(app, make))) == 1
