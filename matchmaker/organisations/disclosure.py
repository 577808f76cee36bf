"""Who sees which field: the one place that decides, for every page, list, mail and export.

DESIGN "Who sees what" in code. A template or a mail is handed a card and nothing else, so what a
reader may not see never reaches it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from matchmaker.language.masking import mask_contacts
from matchmaker.notifications import firm_in
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.services.reply_time import median_hours
from matchmaker.vocabulary.bands import Band
from matchmaker.vocabulary.ownership import women_band


class Viewer(enum.StrEnum):
    VISITOR = "visitor"
    #: Signed in, for an organisation of the other side.
    OTHER_SIDE = "other_side"
    #: Programme staff with the organisation in scope.
    STAFF = "staff"
    #: Those who act for it.
    OWN = "own"


#: What a firm can release to one counterpart after acceptance, by name.
RELEASABLE = (
    "contact_name",
    "contact_telephone",
    "contact_email",
    "contact_address",
    "website",
    "business_ids",
    "amount",
)
#: Released item by item, and revocable: never ticked beforehand.
SENSITIVE = ("turnover",)

#: So many requests in a row without an answer, and others read that none came lately.
UNANSWERED = 2

Released = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Card:
    """What one reader may know of an organisation; None or empty = not for this reader."""

    roles: tuple[str, ...] = ()
    name: str | None = None
    name_lang: str = ""
    name_latin: str = ""
    country: str = ""
    province: str = ""
    sector: str = ""
    plain_sector: str = ""
    size_class: str = ""
    women_band: str = ""
    languages: tuple[str, ...] = ()
    about: str | None = None
    about_lang: str = ""
    last_active_at: datetime | None = None
    reply_hours: float | None = None
    #: Its last requests ended without an answer.
    unanswered: bool = False
    #: Several firms that ask together.
    is_group: bool = False
    #: Released name -> value.
    contact: Mapping[str, str] = field(default_factory=dict)
    #: (scheme, number, checked on, checked by).
    business_ids: tuple[tuple[str, str, date | None, str], ...] = ()
    #: Minor units and currency.
    turnover: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class NeedCard:
    """What one reader may know of a need."""

    kind: str
    code: str
    purpose: str
    title: str
    lang: str
    band: Band | None
    needed_by: date | None
    text: str | None = None
    amount: tuple[int, str] | None = None


def unnamed(organisation: Organisation) -> dict[str, str]:
    """A fact in place of its name: where it is, and whether it is one firm or several."""
    return firm_in(organisation.province, group=organisation.is_group)


def visible_fields(
    organisation: Organisation,
    viewer: Viewer,
    accepted: Released = None,
    *,
    as_offerer: bool | None = None,
) -> Card:
    """Give the card of an organisation; `accepted` = what it released to this very reader.

    Who offers is public by name, who looks for something is not. An organisation that does both is
    shown as a firm unless `as_offerer` says that the page is about its offers.
    """
    offerer = is_offerer(organisation) if as_offerer is None else as_offerer
    if viewer is Viewer.VISITOR and not offerer:
        return Card()
    named = offerer or shows_identity(organisation, viewer, accepted)
    return Card(
        roles=organisation.roles,
        name=organisation.name if named else None,
        name_lang=organisation.name_lang if named else "",
        name_latin=organisation.name_latin if named else "",
        country=organisation.country,
        province=organisation.province,
        sector=organisation.sector,
        plain_sector=organisation.plain_sector,
        size_class="" if offerer else organisation.size_class,
        women_band="" if offerer else _women_band(organisation),
        languages=tuple(organisation.languages) if offerer else (),
        about=mask_contacts(organisation.about) if named and organisation.about else None,
        about_lang=organisation.about_lang if named else "",
        last_active_at=organisation.last_active_at,
        reply_hours=median_hours(organisation.reply_bins),
        unanswered=organisation.missed >= UNANSWERED,
        is_group=organisation.is_group,
        contact=_contact(organisation, viewer, accepted),
        business_ids=_ids(organisation, viewer, accepted),
        turnover=_turnover(organisation, viewer, accepted),
    )


def is_offerer(organisation: Organisation) -> bool:
    """Whether it is known by what it offers only; such a one has nothing of a firm to hide."""
    offers = organisation.is_funder or organisation.is_provider or organisation.is_introducer
    return offers and not organisation.is_firm


def shows_identity(organisation: Organisation, viewer: Viewer, accepted: Released = None) -> bool:
    """Whether this reader learns a firm's name and reads its words."""
    if viewer in (Viewer.STAFF, Viewer.OWN) or accepted is not None:
        return True
    return viewer is Viewer.OTHER_SIDE and organisation.show_name


def need_fields(need: Need, viewer: Viewer, accepted: Released = None) -> NeedCard | None:
    """Give the card of a need; visitors see none."""
    if viewer is Viewer.VISITOR:
        return None
    own = viewer is Viewer.OWN
    exact = own or (accepted is not None and "amount" in accepted)
    known = exact and need.amount_minor is not None
    readable = shows_identity(need.organisation, viewer, accepted)
    return NeedCard(
        kind=need.kind,
        code=need.code,
        purpose=need.purpose,
        title=need.title if own else mask_contacts(need.title),
        lang=need.lang,
        band=need_band(need),
        needed_by=need.needed_by,
        text=(need.text if own else mask_contacts(need.text)) if readable else None,
        amount=(need.amount_minor, need.currency) if known and need.amount_minor else None,
    )


def need_band(need: Need) -> Band | None:
    """The range of the amount that stands on the card, in US dollars."""
    if need.band_low is None:
        return None
    high = None if need.band_high is None else int(need.band_high)
    return Band(int(need.band_low), high)


def offer_text(offer: Offer) -> str:
    """An offer is public, but nobody is to be reached past the programme."""
    return mask_contacts(offer.text)


def party(organisation: Organisation, viewer: Viewer, accepted: Released = None) -> str | None:
    """The name to show, None where the page says "a firm in ..." instead."""
    return visible_fields(organisation, viewer, accepted).name


def _women_band(organisation: Organisation) -> str:
    return "" if organisation.women_share is None else women_band(organisation.women_share)


def _contact(organisation: Organisation, viewer: Viewer, accepted: Released) -> dict[str, str]:
    names = ("contact_name", "contact_telephone", "contact_email", "contact_address", "website")
    allowed = names if viewer is Viewer.OWN else tuple(n for n in names if n in (accepted or ()))
    return {name: value for name in allowed if (value := getattr(organisation, name))}


def _ids(
    organisation: Organisation, viewer: Viewer, accepted: Released
) -> tuple[tuple[str, str, date | None, str], ...]:
    if viewer not in (Viewer.OWN, Viewer.STAFF) and "business_ids" not in (accepted or ()):
        return ()
    return tuple(
        (row.scheme, row.number, row.checked_on, row.checked_by)
        for row in organisation.business_ids
    )


def _turnover(
    organisation: Organisation, viewer: Viewer, accepted: Released
) -> tuple[int, str] | None:
    allowed = viewer is Viewer.OWN or "turnover" in (accepted or ())
    if not allowed or organisation.turnover_minor is None:
        return None
    return organisation.turnover_minor, organisation.currency
