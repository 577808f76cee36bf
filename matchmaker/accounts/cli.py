"""`flask accounts`: make people, staff and codes at the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.accounts.services import (
    codes,
    identities,
    passwords,
    second_factor,
    sign_up,
    staff,
)
from matchmaker.accounts.services.identities import EMAIL, BadIdentityError, Identity
from matchmaker.errors import CommandError
from matchmaker.extensions import clock, db
from matchmaker.vocabulary import places

group = AppGroup("accounts", help="People who sign in.")
ROLES = click.Choice([role.value for role in StaffRole])


@group.command("list")
def list_accounts() -> None:
    """One line an account: what it signs in with, role, state."""
    for row in db.session.scalars(select(Account).order_by(Account.id)):
        marks = [row.staff_role or "", "" if row.active else "stopped", "demo" * row.is_demo]
        click.echo("\t".join((row.public_id, row.identity or "-", row.name, *filter(None, marks))))


@group.command("staff")
@click.argument("identity")
@click.option("--role", type=ROLES, required=True)
@click.option("--scope", default="all", help="all, provinces (LA-LP,LA-VT) or members:ID,ID")
@click.option("--name", default="")
@click.option("--password", default="", help="Demo only; else a one-time code is printed.")
def make_staff(identity: str, role: str, scope: str, name: str, password: str) -> None:
    """Make IDENTITY programme staff; prints how to sign in for the first time."""
    session = db.session()
    account = account_for(session, identity, name)
    kind, values = _scope(scope)
    staff.set_role(session, account, StaffRole(role), scope=kind, scope_values=values)
    first_way_in(session, account, password)
    session.commit()


@group.command("code")
@click.argument("identity")
def code(identity: str) -> None:
    """Print the present code of IDENTITY's second factor; in demo only."""
    if current_app.config["MODE"] != "demo":
        raise CommandError("codes are printed in demo only; use the authenticator app.")
    account = find(db.session(), identity)
    if not account.tf_totp_secret:
        second_factor.enrol(db.session(), account, second_factor.new_secret())
        db.session.commit()
        click.echo(f"key  {second_factor.key_of(str(account.tf_totp_secret))}", err=True)
    click.echo(second_factor.code_now(account))


@group.command("printed-code")
@click.argument("identity")
def printed_code(identity: str) -> None:
    """Print a one-time code that opens IDENTITY's account once, within 14 days."""
    account = find(db.session(), identity)
    first_way_in(db.session(), account, "")
    db.session.commit()


@group.command("suspend")
@click.argument("identity")
def suspend(identity: str) -> None:
    """Stop IDENTITY from signing in; open sessions end at once."""
    staff.suspend(db.session(), find(db.session(), identity), by_id=None)
    db.session.commit()


@group.command("resume")
@click.argument("identity")
def resume(identity: str) -> None:
    """Let IDENTITY sign in again."""
    staff.resume(db.session(), find(db.session(), identity), by_id=None)
    db.session.commit()


def parse(identity: str) -> Identity:
    try:
        return identities.parse(identity, current_app.config["PROGRAMME_COUNTRY"])
    except BadIdentityError as error:
        raise CommandError(
            f"{identity!r} is no e-mail address, telephone number or user name."
        ) from error


def find(session: Session, identity: str) -> Account:
    """By what the person signs in with, or by public id."""
    account = session.scalar(select(Account).where(Account.public_id == identity))
    account = account or identities.find_account(session, parse(identity))
    if account is None or account.erased_at is not None:
        raise CommandError(f"there is no account {identity!r}; see `flask accounts list`.")
    return account


def account_for(session: Session, identity: str, name: str) -> Account:
    """The account of this identity, made when there is none."""
    parsed = parse(identity)
    account = identities.find_account(session, parsed)
    if account is None:
        account = sign_up.make_account(
            session, parsed, name=name, hashed_password=None, language="en"
        )
        # Whoever sits at this keyboard vouches for the address.
        account.confirmed_at = clock.now() if parsed.kind == EMAIL else None
    return account


def first_way_in(session: Session, account: Account, password: str) -> None:
    """Set the demo's password, or print a one-time code."""
    if password and current_app.config["MODE"] != "demo":
        raise CommandError("--password is for the demo; leave it out to get a one-time code.")
    if password:
        problem = passwords.problem(password)
        if problem:
            raise CommandError(problem)
        account.password, account.is_demo = passwords.hash(password), True
        click.echo(f"{account.identity} signs in with the given password")
        return
    code = codes.make_printed(session, account, made_by_id=None)
    url = f"{current_app.config['BASE_URL']}/link"
    click.echo(f"{account.identity} opens {url} within 14 days with the code {code}")


def _scope(text: str) -> tuple[Scope, Sequence[Any]]:
    if text == "all":
        return Scope.ALL, ()
    if text.startswith("members:"):
        ids = text.removeprefix("members:").split(",")
        if not all(each.isdecimal() for each in ids):
            raise CommandError("--scope members:ID,ID takes numbers of introducing organisations.")
        return Scope.MEMBERS, [int(each) for each in ids]
    codes_given = text.split(",")
    unknown = [code for code in codes_given if code not in places.PROVINCES]
    if unknown:
        raise CommandError(f"{unknown[0]!r} is no province code; write such as LA-LP.")
    return Scope.PROVINCE, codes_given
