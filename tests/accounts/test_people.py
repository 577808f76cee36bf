"""Staff help people who have no mail: within their scope, never other staff, never themselves."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from tests.accounts.people import person, staff_member
from tests.factories import MembershipFactory, OrganisationFactory


def code_on(page):
    return re.search(r"[0-9b-z]{4}-[0-9b-z]{4}-[0-9b-z]{4}", page.text).group()


def test_an_officer_makes_an_account_and_the_sheet_opens_it(app, page, new_page):
    page.sign_in(staff_member())
    sheet = page.submit(page.get("/people/new"), status=200, name="Noy", identity="020 5555 1234")
    other = new_page()
    form = other.get("/link")
    other.submit(form, identity="020 5555 1234", code=code_on(sheet), password="seven green hills")
    assert "+8562055551234" in other.get("/settings").text


def test_an_officer_finds_somebody_and_prints_a_new_code(app, page, new_page):
    noy = person(username="noy.k", email=None)
    page.sign_in(staff_member())
    found = page.follow(page.submit(page.get("/people"), identity="noy.k"))
    sheet = page.submit(found, status=200)
    other = new_page()
    form = other.get("/link")
    other.submit(form, identity="noy.k", code=code_on(sheet), password="seven green hills")
    events = db.session.scalars(select(AuditEvent.event)).all()
    assert "accounts.code_printed" in events
    assert noy.id


@pytest.mark.parametrize(("province", "status"), [("LA-LP", 200), ("LA-CH", 404)])
def test_an_officer_of_a_province_helps_the_people_of_its_organisations(
    app, page, province, status
):
    noy = person()
    MembershipFactory(account=noy, organisation=OrganisationFactory(province=province))
    officer = staff_member(scope=Scope.PROVINCE, scope_values=["LA-LP"])
    page.sign_in(officer)
    page.get(f"/people/{noy.public_id}", status=status)
    page.post(f"/people/{noy.public_id}/code", status=status)


def test_nobody_prints_a_code_for_staff_but_an_administrator_of_all(app, page, new_page):
    other = staff_member()
    page.sign_in(staff_member(staff_role=StaffRole.OFFICER))
    page.post(f"/people/{other.public_id}/code", status=404)
    admin = new_page().sign_in(staff_member(staff_role=StaffRole.ADMIN))
    admin.post(f"/people/{other.public_id}/code", status=200)


def test_nobody_prints_a_code_for_themselves(app, page):
    admin = staff_member(staff_role=StaffRole.ADMIN)
    page.sign_in(admin)
    page.post(f"/people/{admin.public_id}/code", status=404)


def test_a_stopped_or_erased_person_gets_no_code(app, page):
    stopped = person(active=False)
    page.sign_in(staff_member())
    page.post(f"/people/{stopped.public_id}/code", status=409)
    db.session.rollback()


def test_somebody_missing_looks_like_somebody_out_of_scope(app, page):
    noy = person(username="noy.k")
    page.sign_in(staff_member(scope=Scope.PROVINCE, scope_values=["LA-LP"]))
    hidden = page.get(f"/people/{noy.public_id}", status=404)
    missing = page.get("/people/bcdfghjkmnpq", status=404)
    assert hidden.text == missing.text
    form = page.get("/people")
    first = page.submit(form, status=422, identity="noy.k")
    second = page.submit(form, status=422, identity="keo.k")
    assert first.text == second.text


@pytest.mark.parametrize("url", ["/people", "/people/new"])
def test_the_desk_is_not_there_for_others(app, page, url):
    page.sign_in(person())
    page.get(url, status=404)


def test_viewers_only_look(app, page):
    page.sign_in(staff_member(staff_role=StaffRole.VIEWER))
    page.get("/people", status=403)
    assert db.session.scalar(select(Account.id)) is not None
