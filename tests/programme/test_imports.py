"""What one import brought in is published together, but for what has an open question."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker import tasks
from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.audit.models import AuditEvent
from matchmaker.jobs import Job
from matchmaker.organisations.importing.importer import Importer
from matchmaker.organisations.models import Need, Organisation, OrganisationState, PublicationState
from matchmaker.organisations.services import twins_of
from matchmaker.programme.services import imports
from matchmaker.tasks import TaskKind
from tests.background import run_jobs
from tests.contacts.test_queries import counted
from tests.factories import MembershipFactory, OrganisationFactory, StaffFactory
from tests.organisations.importing.sheets import EVERYTHING, FIRM, firms, taken
from tests.page import PageClient

OFFICER = Importer("import", scope=EVERYTHING)


def taken_in(session: Session, number: int, *more: dict[str, Any]) -> list[Organisation]:
    """An import of firms that wait for review, in the order of the file."""
    before = session.scalar(select(func.max(Organisation.id))) or 0
    taken(*firms(number), *more, importer=OFFICER)
    query = select(Organisation).where(Organisation.id > before).order_by(Organisation.id)
    return list(session.scalars(query))


def states(session: Session) -> dict[OrganisationState, int]:
    session.expire_all()
    query = select(Organisation.state, func.count()).group_by(Organisation.state)
    return {row[0]: row[1] for row in session.execute(query)}


def officer(*provinces: str) -> Account:
    scope: dict[str, Any] = {"scope": Scope.PROVINCE, "scope_values": list(provinces)}
    account: Account = StaffFactory(staff_role=StaffRole.OFFICER, **(scope if provinces else {}))
    return account


def publish(page: PageClient, import_id: str | None) -> Any:
    shown = page.get(f"/programme/imports/{import_id}")
    return page.follow(page.submit(shown, "form[action$=publish]"))


def test_an_officer_publishes_all_of_an_import_at_once(
    page: PageClient, db_session: Session
) -> None:
    rows = taken_in(db_session, 3)
    page.sign_in(officer())
    queue = page.get("/programme/reviews")
    assert "3 organisations wait" in queue.text
    address = f"/programme/imports/{rows[0].import_id}"
    assert queue.all(f"a[href='{address}']")
    assert "Publish these 3" in page.get(address).text
    after = publish(page, rows[0].import_id)
    assert "3 organisations were published." in after.text
    assert "Nothing of this import waits any more." in after.text
    assert states(db_session) == {OrganisationState.PUBLISHED: 3}
    needs = db_session.scalars(select(Need.state)).all()
    assert set(needs) == {PublicationState.PUBLISHED}
    events = select(AuditEvent.subject_id).where(AuditEvent.event == "organisation.published")
    assert sorted(db_session.scalars(events)) == [row.id for row in rows]
    assert tasks.waiting(db_session) == []
    assert address not in page.get("/programme/reviews").text


def test_what_has_an_open_question_is_left_and_the_page_says_why(
    page: PageClient, db_session: Session
) -> None:
    OrganisationFactory(name="Coffee 0 shop", province="LA-LP")
    _twin, no_sector, reported, own, fine = taken_in(db_session, 5)
    no_sector.sector = ""
    staff = officer()
    MembershipFactory(account=staff, organisation=own)
    tasks.open(
        db_session, TaskKind.REPORT, "organisation", reported.id, organisation_id=reported.id
    )
    db_session.commit()
    page.sign_in(staff)
    shown = page.get(f"/programme/imports/{fine.import_id}")
    assert "1 can be published as it is" in shown.text
    assert "4 are left out" in shown.text
    after = publish(page, fine.import_id)
    assert "1 organisation was published." in after.text
    for words in ("It may be here already", "must say is missing", "Somebody reported it",
                  "You belong to it"):  # fmt: skip
        assert f"{words}: 1" in " ".join(after.text.split()), words
    db_session.refresh(fine)
    assert fine.state is OrganisationState.PUBLISHED
    assert states(db_session)[OrganisationState.IN_REVIEW] == 4
    assert not after.all("form[action$=publish]")


def test_two_alike_in_one_file_are_both_left(page: PageClient, db_session: Session) -> None:
    rows = taken_in(db_session, 1, FIRM | {"key": "again", "name": "COFFEE 0 Shop"})
    found = imports.sort_out(db_session, EVERYTHING, rows[0].import_id or "", 0)
    assert (found.ready, [why for _row, why in found.left]) == ([], [imports.Open.TWIN] * 2)


@pytest.mark.parametrize("number", ["", "01-00012345"])
def test_the_condition_on_many_finds_what_the_reviewer_is_shown(
    db_session: Session, number: str
) -> None:
    OrganisationFactory(name="Coffee 1 shop", province="LA-LP")
    OrganisationFactory(name="Coffee 2 shop", province="LA-CH")
    OrganisationFactory(name="Coffee 3 shop", province="LA-LP", state=OrganisationState.SUSPENDED)
    ids = {"business_ids": f"LA-ERC:{number}"} if number else {}
    rows = taken_in(db_session, 4, *({**FIRM, **ids, "key": k, "name": k} for k in "xy"))
    found = imports.sort_out(db_session, EVERYTHING, rows[0].import_id or "", 0)
    left = {row.id for row, why in found.left if why is imports.Open.TWIN}
    assert left == {row.id for row in rows if twins_of(db_session, row)}
    assert len(left) == (3 if number else 1)


@pytest.mark.slow
def test_more_than_fifty_are_a_job(app: Flask, page: PageClient, db_session: Session) -> None:
    rows = taken_in(db_session, 51)
    import_id = rows[0].import_id
    page.sign_in(officer())
    after = publish(page, import_id)
    assert "They are being published" in after.text
    assert states(db_session) == {OrganisationState.IN_REVIEW: 51}
    page.post(f"/programme/imports/{import_id}/publish", {}, 303)
    jobs = select(func.count(Job.id)).where(Job.name == imports.PUBLISH)
    assert db_session.scalar(jobs) == 1
    run_jobs(app)
    assert states(db_session) == {OrganisationState.PUBLISHED: 51}


def test_the_job_of_somebody_who_is_no_officer_any_more_does_nothing(
    app: Flask, page: PageClient, db_session: Session
) -> None:
    rows = taken_in(db_session, 51)
    staff = officer()
    page.sign_in(staff)
    publish(page, rows[0].import_id)
    staff.staff_role = StaffRole.VIEWER
    run_jobs(app)
    assert states(db_session) == {OrganisationState.IN_REVIEW: 51}


def test_only_what_is_in_scope_is_listed_counted_and_published(
    page: PageClient, db_session: Session
) -> None:
    rows = taken_in(db_session, 3)
    for row in rows[:2]:
        row.province = "LA-SV"
    db_session.commit()
    page.sign_in(officer("LA-SV"))
    assert "2 organisations wait" in page.get("/programme/reviews").text
    publish(page, rows[0].import_id)
    assert states(db_session)[OrganisationState.IN_REVIEW] == 1
    page.sign_in(officer("LA-VT"))
    page.get(f"/programme/imports/{rows[0].import_id}", 404)


def test_the_page_costs_the_same_for_three_and_for_sixty(
    page: PageClient, db_session: Session
) -> None:
    page.sign_in(officer())
    seen = []
    for rows in (taken_in(db_session, 3), taken_in(db_session, 60)):
        page.get(f"/programme/imports/{rows[0].import_id}")
        with counted() as statements:
            page.get(f"/programme/imports/{rows[0].import_id}")
        seen.append(len(statements))
    assert seen[0] == seen[1]
