"""The migrations make exactly the models, and go down and up again with rows in the tables."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from matchmaker.extensions import db
from matchmaker.extensions.database import Base
from matchmaker.organisations.models import Organisation
from tests.factories import MembershipFactory, NeedFactory, OfferFactory


def test_migration_head_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


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
