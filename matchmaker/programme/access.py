"""What the staff member of this request may open: out of scope and missing look the same."""

from __future__ import annotations

from flask import abort
from sqlalchemy import select

from matchmaker.accounts.access import StaffScope, current_account, scope_of
from matchmaker.accounts.models import Account
from matchmaker.extensions import db
from matchmaker.organisations.access import in_scope
from matchmaker.organisations.models import Organisation
from matchmaker.programme.services import desk, staffing, waiting
from matchmaker.programme.services.desk import Item
from matchmaker.programme.services.scopes import organisations_in
from matchmaker.programme.services.waiting import Waiting


def own_scope() -> StaffScope:
    return scope_of(current_account())


def organisation(public_id: str) -> Organisation:
    query = select(Organisation).where(
        Organisation.public_id == public_id, organisations_in(own_scope())
    )
    return db.session.scalar(query) or abort(404)


def covers(organisation: Organisation) -> bool:
    return in_scope(db.session(), current_account(), organisation)


def request(public_id: str) -> Waiting:
    return waiting.find(db.session(), own_scope(), public_id) or abort(404)


def task(public_id: str) -> Item:
    return desk.find(db.session(), own_scope(), public_id) or abort(404)


def staff_account(public_id: str) -> Account:
    """Of programme staff whom this administrator may look after, or the administrator."""
    rows = staffing.staff_accounts(db.session(), current_account())
    return next((row for row in rows if row.public_id == public_id), None) or abort(404)
