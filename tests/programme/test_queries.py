"""Staff pages cost the same number of queries for ten needs and for a thousand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker import tasks
from matchmaker.accounts.models import StaffRole
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Organisation
from matchmaker.programme.services import gaps
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.tasks import TaskKind
from tests.contacts.test_queries import counted
from tests.factories import StaffFactory
from tests.page import PageClient
from tests.programme.worlds import fill

pytestmark = pytest.mark.slow

MOST = 12


def world(needs: int) -> None:
    fill(needs, now=clock.now(), offerers=8, each=1)
    session = db.session()
    for organisation_id in session.scalars(select(Organisation.id).limit(needs // 5)):
        tasks.open(
            session, TaskKind.REVIEW, "organisation", organisation_id,
            organisation_id=organisation_id,
        )  # fmt: skip
    session.commit()
    roll_up(session, db.engine)
    gaps.count(session, db.engine)
    session.commit()


@pytest.fixture
def admin(page: PageClient) -> PageClient:
    return page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))


def queries(page: PageClient, path: str) -> list[str]:
    page.get(path)
    with counted() as seen:
        page.get(path)
    return seen


PATHS = (
    "/programme",
    "/programme?province=LA-SV&women=women",
    "/programme/requests?show=all",
    "/programme/tasks",
    "/programme/reviews",
    "/programme/staff",
)


@pytest.mark.once
def test_staff_pages_take_the_same_queries_however_much_there_is(admin: PageClient) -> None:
    world(10)
    few = {path: queries(admin, path) for path in PATHS}
    world(1000)
    many = {path: queries(admin, path) for path in PATHS}
    assert {path: len(seen) for path, seen in few.items()} == {
        path: len(seen) for path, seen in many.items()
    }
    assert max(map(len, many.values())) <= MOST, "\n\n".join(many["/programme"])


@pytest.mark.once
def test_the_numbers_touch_no_growing_table_but_for_the_short_list_of_who_waits(
    admin: PageClient,
) -> None:
    world(10)
    raw = ("FROM need", "FROM contact_request", "FROM shown", "FROM outcome", "FROM feedback")
    touched = [
        query
        for query in queries(admin, "/programme")
        if any(table in query for table in raw) and "LIMIT" not in query
    ]
    assert touched == []
