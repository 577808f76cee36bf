"""What an organisation opens, shares and finishes while it closes, stops and starts again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import Account
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Organisation, Product, SelfCheck
from matchmaker.organisations.services import product, self_check, showroom
from tests.contacts.test_races import at_once, count
from tests.factories import OrganisationFactory
from tests.organisations.papers import put_in_showroom
from tests.organisations.people import owner_of
from tests.organisations.test_self_check import DIGITAL, POINTS

pytestmark = pytest.mark.slow

ROUNDS = 5
Step = Callable[[], object]


@pytest.fixture
def firm(app: Flask) -> Organisation:
    made: Organisation = OrganisationFactory(readiness=None, readiness_answers={})
    db.session.commit()
    return made


@pytest.fixture
def owner(firm: Organisation) -> Account:
    return owner_of(firm)


def told(firm_id: int) -> Counter[str]:
    """How often the log says what."""
    query = select(AuditEvent.event).where(AuditEvent.subject_id == firm_id)
    return Counter(db.session.scalars(query.where(AuditEvent.subject == "organisation")))


def row(firm_id: int) -> Organisation:
    return db.session.get_one(Organisation, firm_id)


def test_a_check_finished_twice_while_it_is_shared_counts_once_and_is_seen(
    app: Flask, firm: Organisation, owner: Account
) -> None:
    """Whichever is first: matches read the answers of the day."""
    firm_id, by, today = firm.id, owner.id, clock.today()
    for number in range(ROUNDS):
        self_check.save(db.session(), firm, by, "digital", DIGITAL)
        finish: Step = lambda: self_check.finish(db.session(), row(firm_id), by, today)  # noqa: E731
        share: Step = lambda: self_check.share(db.session(), row(firm_id), by)  # noqa: E731
        found = at_once(app, [finish, share, finish, share])
        assert Counter(found[::2]) == {"done": 1, "WrongState": 1}
        assert found[1::2] == ["done", "done"]
        assert count(SelfCheck) == 1
        db.session.refresh(firm)
        assert firm.readiness == POINTS
        log = told(firm_id)
        assert (log["self_check.finished"], log["self_check.shared"]) == (number + 1, number + 1)
        self_check.stop_sharing(db.session(), firm, by)
        assert firm.readiness is None


def test_shared_and_not_shared_at_once_matches_read_what_stands(
    app: Flask, firm: Organisation, owner: Account
) -> None:
    firm_id, by = firm.id, owner.id
    self_check.save(db.session(), firm, by, "digital", DIGITAL)
    self_check.finish(db.session(), firm, by, clock.today())
    steps: list[Step] = [
        lambda: self_check.share(db.session(), row(firm_id), by),
        lambda: self_check.stop_sharing(db.session(), row(firm_id), by),
    ]
    for _ in range(ROUNDS):
        assert set(at_once(app, steps * 3)) == {"done"}
        db.session.refresh(firm)
        shared = self_check.is_shared(db.session(), firm) is not None
        assert firm.readiness == (POINTS if shared else None)
        log = told(firm_id)
        assert log["self_check.shared"] - log["self_check.unshared"] == shared


def test_a_showroom_opened_and_closed_at_once_is_what_its_log_says(
    app: Flask, firm: Organisation, owner: Account
) -> None:
    firm_id, by = firm.id, owner.id
    put_in_showroom(firm, by)
    steps: list[Step] = [
        lambda: showroom.open_to_all(db.session(), row(firm_id), by),
        lambda: showroom.close(db.session(), row(firm_id), by),
    ]
    for _ in range(ROUNDS):
        assert set(at_once(app, steps * 3)) == {"done"}
        held = showroom.of(db.session(), firm)
        assert held is not None
        log = told(firm_id)
        assert log["showroom.opened"] - log["showroom.closed"] == (held.open_since is not None)
        assert (held.opened_by_id == by) == (held.open_since is not None)


def test_a_showroom_is_not_opened_under_its_last_product_that_goes(
    app: Flask, firm: Organisation, owner: Account
) -> None:
    firm_id, by = firm.id, owner.id
    for _ in range(ROUNDS):
        product_id = put_in_showroom(firm, by).id
        db.session.commit()

        def remove(product_id: int = product_id) -> None:
            at = row(firm_id)
            product.remove(db.session(), at, db.session.get_one(Product, product_id), by)

        opening: Step = lambda: showroom.open_to_all(db.session(), row(firm_id), by)  # noqa: E731
        found = at_once(app, [opening, remove])
        assert found[1] == "done"
        assert found[0] in ("done", "WrongState")
        held = showroom.of(db.session(), firm)
        assert held is not None
        assert held.products == []
        assert held.open_since is None
        log = told(firm_id)
        assert log["showroom.opened"] == log["showroom.closed"]
