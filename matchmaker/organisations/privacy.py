"""What the room holds about a person, for export and erasure.

A firm's data counts as personal data in Laos, so what a person alone looks after goes with them;
what colleagues look after stays with the colleagues.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, func, inspect, select, update
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.extensions.database import Base
from matchmaker.organisations.importing import uploads
from matchmaker.organisations.models import (
    BusinessId,
    EvidenceFile,
    EvidenceOpening,
    FormerMember,
    IntroducerLink,
    JoinRequest,
    Membership,
    MembershipRole,
    Need,
    Offer,
    Organisation,
    OrganisationFact,
    OrganisationState,
    Product,
    ProductPhoto,
    PublicationState,
    SelfCheck,
    SelfCheckSharing,
    Showroom,
)
from matchmaker.organisations.services import consortium_parting, evidence_file, product, self_check
from matchmaker.organisations.services.organisation import note_all

#: Tables of an organisation, exported for whoever owns it.
OWNED: tuple[Any, ...] = (Need, Offer, BusinessId, OrganisationFact, Product)
#: Tables of an organisation, by the column that says who of its people did it.
_DOERS: tuple[Any, ...] = (
    EvidenceFile.uploaded_by_id,
    SelfCheck.filled_by_id,
    Showroom.opened_by_id,
    ProductPhoto.sent_by_id,
)
_UNTOUCHED = {"id", "organisation_id", "search_key", "number_key", "name_key", "reply_bins"}


def register() -> None:
    """The last one registered is erased first: organisations before the memberships they follow."""
    privacy.holder(IntroducerLink.__tablename__, export=_links, erase=_erase_links)
    privacy.holder(JoinRequest.__tablename__, export=_own(JoinRequest), erase=_delete(JoinRequest))
    privacy.holder(Membership.__tablename__, export=_own(Membership), erase=_erase_memberships)
    privacy.holder(
        FormerMember.__tablename__, export=_own(FormerMember), erase=_leave_former_members
    )
    for model in OWNED:
        privacy.holder(model.__tablename__, export=_of_mine(model), erase=_nothing)
    for column in _DOERS:
        model = column.class_
        privacy.holder(model.__tablename__, export=_of_mine(model), erase=_forget(column))
    privacy.holder(
        EvidenceOpening.__tablename__,
        export=_own(EvidenceOpening),
        erase=_forget(EvidenceOpening.account_id),
    )
    privacy.holder(
        SelfCheckSharing.__tablename__, export=_of_mine(SelfCheckSharing), erase=_leave_sharing
    )
    privacy.holder(Organisation.__tablename__, export=_organisations, erase=_erase_organisations)
    privacy.holder("upload", export=_no_rows, erase=_forget_uploads)


def _no_rows(session: Session, account_id: int) -> list[dict[str, Any]]:
    """An upload is what the person sent a day ago at most and has at hand."""
    return []


def _forget_uploads(session: Session, account_id: int) -> int:
    return uploads.forget_of(Path(current_app.config["DATA"]), account_id)


def _row(row: Base) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).columns]
    return {name: getattr(row, name) for name in names if name not in _UNTOUCHED}


def _owned_ids(account_id: int) -> Select[Any]:
    return select(Membership.organisation_id).where(
        Membership.account_id == account_id, Membership.role == MembershipRole.OWNER
    )


def alone_ids(account_id: int) -> Select[int]:
    """Organisations that nobody else signs in for."""
    several = (
        select(Membership.organisation_id)
        .group_by(Membership.organisation_id)
        .having(func.count() > 1)
    )
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id)
    return mine.where(Membership.organisation_id.not_in(several))


def _own(model: Any) -> privacy.Export:
    def export(session: Session, account_id: int) -> list[dict[str, Any]]:
        return [
            _row(row) for row in session.scalars(select(model).filter_by(account_id=account_id))
        ]

    return export


def _of_mine(model: Any) -> privacy.Export:
    def export(session: Session, account_id: int) -> list[dict[str, Any]]:
        query = select(model).where(model.organisation_id.in_(_owned_ids(account_id)))
        return [_row(row) for row in session.scalars(query.order_by(model.id))]

    return export


def _organisations(session: Session, account_id: int) -> list[dict[str, Any]]:
    query = select(Organisation).where(Organisation.id.in_(_owned_ids(account_id)))
    return [_row(row) for row in session.scalars(query.order_by(Organisation.id))]


def _links(session: Session, account_id: int) -> list[dict[str, Any]]:
    query = select(IntroducerLink).where(IntroducerLink.recorded_by_id == account_id)
    return [_row(row) for row in session.scalars(query)]


def _erase_links(session: Session, account_id: int) -> int:
    """The consent is the firm's proof and stays; who typed it goes."""
    return _count(
        session,
        update(IntroducerLink)
        .where(IntroducerLink.recorded_by_id == account_id)
        .values(recorded_by_id=None),
    )


def _delete(model: Any) -> privacy.Erase:
    def erase(session: Session, account_id: int) -> int:
        return _count(session, delete(model).where(model.account_id == account_id))

    return erase


def _nothing(session: Session, account_id: int) -> int:
    """These go with their organisation, or stay with its other members."""
    return 0


def _forget(column: Any) -> privacy.Erase:
    """The row is the organisation's, or what its owner keeps; who did it goes."""

    def erase(session: Session, account_id: int) -> int:
        mine = update(column.class_).where(column == account_id)
        return _count(session, mine.values({column: None}))

    return erase


def _leave_former_members(session: Session, account_id: int) -> int:
    """That somebody left stays; who it was, who ended it and who took over goes."""
    done = 0
    for column in (
        FormerMember.account_id,
        FormerMember.ended_by_id,
        FormerMember.handed_to_id,
    ):
        mine = update(FormerMember).where(column == account_id)
        done += _count(session, mine.values({column: None}))
    return done


def _leave_sharing(session: Session, account_id: int) -> int:
    """When it was agreed is the organisation's proof and stays; who ticked it goes."""
    done = 0
    for column in (SelfCheckSharing.given_by_id, SelfCheckSharing.ended_by_id):
        mine = update(SelfCheckSharing).where(column == account_id)
        done += _count(session, mine.values({column: None}))
    return done


def _erase_memberships(session: Session, account_id: int) -> int:
    """Where colleagues stay without an owner, the one who came first becomes it."""
    for organisation_id in session.scalars(_owned_ids(account_id)).all():
        others = session.scalars(
            select(Membership)
            .where(
                Membership.organisation_id == organisation_id, Membership.account_id != account_id
            )
            .order_by(Membership.id)
        ).all()
        if others and all(row.role is not MembershipRole.OWNER for row in others):
            others[0].role = MembershipRole.OWNER
    session.flush()
    return _count(session, delete(Membership).where(Membership.account_id == account_id))


def _erase_organisations(session: Session, account_id: int) -> int:
    rows = session.scalars(
        select(Organisation).where(Organisation.id.in_(alone_ids(account_id)))
    ).all()
    for row in rows:
        _erase_organisation(session, row)
    return len(rows)


def _erase_organisation(session: Session, organisation: Organisation) -> None:
    """Its id stays, so that the other side's history holds together; all that it said goes."""
    consortium_parting.erase(session, organisation)
    for need in organisation.needs:
        need.title, need.text, need.amount_minor = need.public_id, "", None
        need.state, need.attributes, need.struck_concepts = PublicationState.CLOSED, {}, []
        need.band_low = need.band_high = None
    for offer in organisation.offers:
        offer.title, offer.text, offer.fees = offer.public_id, "", ""
        offer.state, offer.search_key = PublicationState.CLOSED, ""
        offer.struck_concepts = []
    organisation.business_ids.clear()
    organisation.facts.clear()
    evidence_file.drop(session, evidence_file.of(session, [organisation.id]))
    self_check.drop(session, organisation.id)
    product.drop_all(session, organisation)
    for name, blank in _BLANK.items():
        setattr(organisation, name, blank() if callable(blank) else blank)
    organisation.name = organisation.public_id
    organisation.state = OrganisationState.SUSPENDED
    session.flush()
    note_all(session, organisation)


#: Column -> what is left of it.
_BLANK: dict[str, Any] = {
    **dict.fromkeys(
        ("name_latin", "name_key", "district", "about", "website", "contact_name", "review_note"),
        "",
    ),
    **dict.fromkeys(("contact_email", "contact_telephone", "contact_address"), ""),
    **dict.fromkeys(("turnover_minor", "capital_minor", "staff", "founded_year", "women_share")),
    **dict.fromkeys(("women_decide", "exports", "export_share", "readiness")),
    **dict.fromkeys(("ownership", "export_countries", "certificates", "impact"), list),
    **dict.fromkeys(("readiness_answers", "attributes"), dict),
    **dict.fromkeys(("licence_authority", "licence_number"), ""),
    "licence_until": None,
    "show_name": False,
}


def _count(session: Session, statement: Any) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
