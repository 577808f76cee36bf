"""The migrations make exactly the models, and go down and up again with rows in the tables."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from matchmaker.contacts.models import EvidenceAsk, Meeting
from matchmaker.contacts.services import evidence_asks, meetings
from matchmaker.extensions import db
from matchmaker.extensions.database import Base
from matchmaker.organisations.models import Organisation
from matchmaker.suggestions.models import Side
from tests.contacts.scene import make_scene
from tests.contacts.talking import accepted, propose
from tests.factories import MembershipFactory, NeedFactory, OfferFactory


def test_migration_head_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.slow
def test_down_and_up_again_with_rows_in_the_tables(app: Flask) -> None:
    MembershipFactory()
    NeedFactory()
    OfferFactory()
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 3
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_whom_asks_and_dates_wait_for_is_filled_in_for_rows_of_before(app: Flask) -> None:
    scene = make_scene(db.session())
    request = accepted(scene)
    for side in Side:
        wanted = evidence_asks.Wanted("", f"A question of the {side} side", "To know")
        evidence_asks.ask(scene.session, request, scene.actor(side), wanted)
    # Of dates that are called off nobody asks when the last of them is.
    off = propose(scene, request, Side.OFFER, 2)
    meetings.call_off(scene.session, request, scene.actor(Side.OFFER), off.public_id)
    scene.session.commit()
    open_now = propose(scene, request, Side.NEED, 2, 9, 3)
    last_at = open_now.last_at
    expected = [
        [("NEED", scene.funder.id), ("OFFER", scene.firm.id)],
        [("OFFER", scene.firm.id, None), ("NEED", scene.funder.id, last_at)],
    ]
    db.session.remove()
    downgrade(revision="0018")
    assert "last_at" not in {one["name"] for one in inspect(db.engine).get_columns("meeting")}
    upgrade()
    asks = select(EvidenceAsk.asked_by, EvidenceAsk.asked_organisation_id).order_by(EvidenceAsk.id)
    dates = select(Meeting.side, Meeting.asked_organisation_id, Meeting.last_at)
    found = [db.session.execute(query).all() for query in (asks, dates.order_by(Meeting.id))]
    assert [[(row[0].name, *row[1:]) for row in rows] for rows in found] == expected
