"""Commands at the keyboard."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.accounts.services import has_demo_accounts, identities
from matchmaker.extensions import db
from matchmaker.organisations.models import Membership, MembershipRole
from tests.accounts.people import person, staff_member
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.both


def run(app, *words, ok=True):
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=words)
    db.session.rollback()
    assert (result.exit_code == 0) is ok, result.output + str(result.exception)
    return result.output


def find(identity):
    return identities.find_account(db.session(), identities.parse(identity, "LA"))


def test_staff_are_made_and_changed(app):
    run(app, "accounts", "staff", "boun@example.la", "--role", "officer", "--scope", "LA-LP,LA-VT")
    account = find("boun@example.la")
    assert account.staff_role is StaffRole.OFFICER
    assert (account.scope, account.scope_values) == (Scope.PROVINCE, ["LA-LP", "LA-VT"])
    run(app, "accounts", "staff", "boun@example.la", "--role", "admin")
    assert find("boun@example.la").staff_role is StaffRole.ADMIN
    assert find("boun@example.la").scope is Scope.ALL


@pytest.mark.slow
def test_a_printed_code_lets_the_new_person_in(app, page):
    output = run(app, "accounts", "add", "noy.k", "--name", "Noy")
    code = re.search(r"code (\S+)", output).group(1)
    form = page.get("/link")
    page.submit(form, identity="noy.k", code=code, password="seven green hills")
    page.get("/settings")


def test_a_person_is_added_to_an_organisation_by_any_of_its_names(app):
    organisation = OrganisationFactory(source="ppp", source_key="firm-7")
    db.session.commit()
    for number, name in enumerate((organisation.public_id, str(organisation.id), "firm-7")):
        run(app, "accounts", "add", f"noy{number}@example.la", "--organisation", name)
    rows = db.session.scalars(select(Membership)).all()
    assert [row.role for row in rows] == [MembershipRole.OWNER] * 3


def test_the_code_of_the_second_factor_opens(app, page):
    account = staff_member(email="boun@example.la")
    code = run(app, "accounts", "code", "boun@example.la").strip()
    page.sign_in(account)
    assert re.fullmatch(r"\d{6}", code)


def test_passwords_on_the_line_and_codes_are_for_the_demo_only(app, monkeypatch):
    staff_member(email="boun@example.la")
    monkeypatch.setitem(app.config, "MODE", "production")
    run(app, "accounts", "code", "boun@example.la", ok=False)
    line = ("accounts", "staff", "x@example.la", "--role", "admin", "--password", "a b c d e f")
    run(app, *line, ok=False)


def test_accounts_with_a_demo_password_are_known(app):
    assert not has_demo_accounts(db.session())
    line = ("accounts", "staff", "x@example.la", "--role", "admin", "--password", "a b c d e f")
    run(app, *line)
    assert has_demo_accounts(db.session())


def test_suspending_and_resuming(app):
    person(email="noy@example.la")
    run(app, "accounts", "suspend", "noy@example.la")
    assert not find("noy@example.la").active
    run(app, "accounts", "resume", "noy@example.la")
    assert find("noy@example.la").active


def test_the_list_names_everybody(app):
    person(email="noy@example.la", name="Noy")
    staff_member(email="boun@example.la")
    lines = run(app, "accounts", "list").splitlines()
    assert len(lines) == 2
    assert "officer" in lines[1]


def test_somebodys_data_is_exported_and_erased(app):
    account = person(email="noy@example.la", name="Noy")
    held = json.loads(run(app, "privacy", "export", "noy@example.la"))
    assert held["account"][0]["email"] == "noy@example.la"
    run(app, "privacy", "erase", account.public_id, "--yes")
    assert db.session.get(Account, account.id).email is None


def test_words_that_name_nobody_get_one_line(app):
    for line in (
        ("accounts", "suspend", "nobody@example.la"),
        ("accounts", "add", "?"),
        ("accounts", "add", "noy.k", "--organisation", "no-such"),
        ("accounts", "staff", "noy.k", "--role", "viewer", "--scope", "LA-XX"),
    ):
        result = app.test_cli_runner().invoke(args=line)
        assert result.exit_code == 2
        assert len(result.stderr.strip().splitlines()) == 1
