"""A colleague is let in by a code on paper, or invited when they have an account already."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.accounts.services import codes, identities, sign_up
from matchmaker.organisations.models import Membership, MembershipRole, Organisation
from matchmaker.organisations.services import notice
from matchmaker.organisations.services.membership import add_member, invite


def let_in(
    session: Session,
    organisation: Organisation,
    by: int,
    identity: identities.Identity,
    *,
    name: str,
    language: str,
) -> str:
    """Give a code to print.

    When the identity has an account already, that account is invited and the code opens nothing:
    the answer must not tell who has an account. The first one let in becomes the owner.
    """
    if identities.is_taken(session, identity):
        known = identities.find_account(session, identity)
        if known is not None:
            invite(session, organisation, by, known)
        return codes.no_code()
    account = sign_up.make_account(
        session, identity, name=name, hashed_password=None, language=language, made_by_id=by
    )
    first = not notice.owners(session, organisation.id)
    role = MembershipRole.OWNER if first else MembershipRole.MEMBER
    add_member(session, organisation, by, account.id, role)
    return codes.make_printed(session, account, made_by_id=by)


def new_code(session: Session, membership: Membership, by: int) -> str | None:
    """A fresh code for somebody who never signed in; None for whoever has a password."""
    if membership.account.password:
        return None
    return codes.make_printed(session, membership.account, made_by_id=by)
