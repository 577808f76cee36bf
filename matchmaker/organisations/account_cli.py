"""`flask accounts add`: a person for an organisation that is here already, an imported one say."""

from __future__ import annotations

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matchmaker.accounts.cli import account_for, first_way_in, group
from matchmaker.errors import CommandError
from matchmaker.extensions import db
from matchmaker.organisations.importing.benchmark import partner_key
from matchmaker.organisations.models import MembershipRole, Organisation
from matchmaker.organisations.services import membership


@group.command("add")
@click.argument("identity")
@click.option(
    "--organisation",
    default="",
    help="Public id, number, or key (of a benchmark: org_key, partner_id).",
)
@click.option("--name", default="")
@click.option("--password", default="", help="Demo only; else a one-time code is printed.")
def add(identity: str, organisation: str, name: str, password: str) -> None:
    """Make an account for IDENTITY, as an owner of the organisation when one is named."""
    session = db.session()
    account = account_for(session, identity, name)
    if organisation:
        found = find_organisation(session, organisation)
        if membership.membership_of(session, account.id, found.id) is None:
            membership.add_member(session, found, None, account.id, MembershipRole.OWNER)
        click.echo(f"{account.identity} is an owner of {found.name} ({found.public_id})")
    first_way_in(session, account, password)
    session.commit()


def find_organisation(session: Session, text: str) -> Organisation:
    keys = text, partner_key(text)
    ways = [Organisation.public_id == text, Organisation.source_key.in_(keys)]
    if text.isascii() and text.isdecimal() and len(text) < 10:
        ways.append(Organisation.id == int(text))
    rows = list(session.scalars(select(Organisation).where(or_(*ways)).limit(3)))
    if not rows:
        raise CommandError(f"there is no organisation {text!r}.")
    if len(rows) > 1:
        ids = ", ".join(row.public_id for row in rows)
        raise CommandError(f"{text!r} names several organisations; use the public id: {ids}.")
    return rows[0]
