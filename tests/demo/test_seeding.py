"""Seeding a database, signing in as those it prints, and any size for benches."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import passwords, second_factor
from matchmaker.contacts.models import ContactRequest, Meeting, Message, RequestState
from matchmaker.demo import accounts, seeding
from matchmaker.demo.parties import DOMAIN
from matchmaker.extensions import db
from matchmaker.jobs import Job
from matchmaker.organisations.models import (
    EvidenceFile,
    Membership,
    Need,
    Organisation,
    Product,
    SelfCheck,
)
from matchmaker.screening.models import PipelineEntry
from matchmaker.vocabulary.evidence import EVIDENCE
from tests.databases import TestDatabase
from tests.factories import OrganisationFactory
from tests.kept import kept
from tests.page import PageClient

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("seeded")]

FIRMS = 60
SIZED = 150


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def seeded(app: Flask, database: TestDatabase) -> Session:
    kept(app, database, "seeded", lambda: seeding.seed_standard(db.session(), firms=FIRMS))
    return db.session()


def account(session: Session, person: accounts.Person) -> Account:
    return session.scalars(select(Account).where(Account.email == person.email)).one()


@pytest.mark.once
def test_everybody_of_the_table_opens_their_first_page(
    seeded: Session, new_page: Callable[[], PageClient]
) -> None:
    for person in accounts.PEOPLE:
        page = new_page().sign_in(account(seeded, person))
        answer = page.client.get("/", follow_redirects=True)
        assert answer.status_code == 200, person.handle
        assert page.get(answer.request.path).one("h1"), person.handle


@pytest.mark.once
def test_noy_and_her_funders_find_what_follows_a_yes(
    seeded: Session, new_page: Callable[[], PageClient]
) -> None:
    account_id = {
        handle: seeded.scalars(
            select(Account.id).where(Account.email == f"{handle}@{DOMAIN}")
        ).one()
        for handle in ("noy", "sophie")
    }
    talks = seeded.scalars(select(Message.contact_request_id).distinct()).all()
    assert len(talks) == 2
    live = seeded.scalars(select(Meeting)).one()
    noy = new_page().sign_in(seeded.get_one(Account, account_id["noy"]))
    talk = noy.get(f"/requests/{seeded.get_one(ContactRequest, live.contact_request_id).public_id}")
    assert EVIDENCE.label("accounts_1y", "lo") in talk.one("#messages").get_text()
    assert talk.all("#dates")
    waits = [str(link["href"]) for link in noy.get("/start").all("#next-lines a.btn")]
    assert [part for part in ("#dates", "#evidence") if any(part in url for url in waits)] == [
        "#dates",
        "#evidence",
    ]
    file = seeded.scalars(select(EvidenceFile)).one()
    owner = noy.client.get(
        f"/organisations/{_noys(seeded, account_id['noy'])}/evidence/{file.fact}/file"
    )
    assert owner.data.startswith(b"%PDF")
    scores = seeded.scalars(select(SelfCheck.score).order_by(SelfCheck.day)).all()
    assert len(scores) == 2
    assert scores[0] < scores[1]
    assert seeded.scalar(select(func.count()).select_from(Product)) == 4
    stands = seeded.scalars(select(PipelineEntry.stage_id)).all()
    assert (len(stands), len(set(stands))) == (8, 4)


def _noys(session: Session, account_id: int) -> str:
    query = select(Organisation.public_id).join(Membership)
    return session.scalars(query.where(Membership.account_id == account_id)).one()


@pytest.mark.once
def test_everybodys_password_is_the_printed_one_and_staff_have_a_key(seeded: Session) -> None:
    lines = "\n".join(accounts.table(seeded))
    assert accounts.PASSWORD in lines
    assert passwords.problem(accounts.PASSWORD) is None
    for person in accounts.PEOPLE:
        row = account(seeded, person)
        assert row.is_demo
        assert person.email in lines
        assert passwords.verify(accounts.PASSWORD, row.password)
        if person.staff:
            assert second_factor.key_of(str(row.tf_totp_secret)) in lines


def test_a_row_made_after_the_seed_gets_an_id_of_its_own(seeded: Session) -> None:
    before = seeded.scalar(select(func.max(Organisation.id)))
    assert before is not None
    assert OrganisationFactory().id == before + 1


def test_index_statistics_and_gaps_are_asked_for(seeded: Session) -> None:
    names = set(seeded.scalars(select(Job.name)))
    assert {"suggestions.rebuild", "programme.roll_up_all", "programme.count_gaps"} <= names


def test_seeding_is_refused_where_somebody_is_already(app: Flask, db_session: Session) -> None:
    OrganisationFactory()
    db_session.commit()
    for words in (("seed",), ("seed", "--n", "10")):
        result = run(app, *words)
        db_session.rollback()
        assert result.exit_code == 2, result.output
        assert len(result.output.strip().splitlines()) == 1, result.output
    assert db_session.scalar(select(func.count(Organisation.id))) == 1


def test_seeding_is_refused_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MODE", "production")
    result = run(app, "seed")
    assert result.exit_code == 2
    assert "demo" in result.output


def test_any_size_has_its_needs_and_one_funder_with_most_requests(db_session: Session) -> None:
    written: list[int] = []
    seeding.seed_sized(db_session, SIZED, 2 * SIZED, 5, written.append)
    db_session.commit()
    assert db_session.scalar(select(func.count(Need.id))) == SIZED
    per = select(func.count(ContactRequest.id)).group_by(ContactRequest.offer_organisation_id)
    counts = sorted(db_session.scalars(per))
    assert 0.9 * 2 * SIZED <= sum(counts) <= 2 * SIZED
    assert 0.5 <= counts[-1] / sum(counts) <= 0.7
    assert written == sorted(written)


def test_any_size_keeps_one_open_request_a_pair_and_none_after_the_end(
    db_session: Session,
) -> None:
    seeding.seed_sized(db_session, SIZED, 3 * SIZED, 6, lambda rows: None)
    db_session.commit()
    pairs = (
        select(func.count())
        .select_from(ContactRequest)
        .where(ContactRequest.state.in_((RequestState.SENT, RequestState.ACCEPTED)))
        .group_by(ContactRequest.need_id, ContactRequest.offer_organisation_id)
    )
    assert max(db_session.scalars(pairs)) == 1
    late = (
        select(func.count())
        .select_from(ContactRequest)
        .join(Need, Need.id == ContactRequest.need_id)
        .where(ContactRequest.sent_at >= func.coalesce(Need.closed_at, Need.expires_at))
    )
    assert db_session.scalar(late) == 0
