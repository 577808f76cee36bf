"""The other side as this reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from matchmaker.organisations import disclosure
from matchmaker.organisations.disclosure import Card
from matchmaker.organisations.models import Kind, Need, Offer, Organisation
from matchmaker.vocabulary import places, sectors
from matchmaker.vocabulary.ownership import WOMEN_BANDS
from matchmaker.vocabulary.sectors import PLAIN
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.web import filters
from matchmaker.web.locale import locale_code


@dataclass(frozen=True, slots=True)
class Party:
    """A name with its language, or a description in the reader's words (lang empty)."""

    words: str
    lang: str
    card: Card


def party_of(organisation: Organisation, *, as_offerer: bool) -> Party:
    """An organisation may give and look for things: only what it gives is public by name."""
    other = disclosure.Viewer.OTHER_SIDE
    card = disclosure.visible_fields(organisation, other, as_offerer=as_offerer)
    if card.name:
        return Party(card.name, card.name_lang, card)
    return Party(anonymous(card), "", card)


def anonymous(card: Card) -> str:
    """A firm that does not show its name: what it does and where."""
    sector, place = sector_words(card), place_words(card)
    if card.is_group:
        return _group(sector, place)
    if sector and place:
        return _("A firm: %(sector)s, %(place)s", sector=sector, place=place)
    return _("A firm in %(place)s", place=place) if place else _("A firm")


def _group(sector: str, place: str) -> str:
    """Who decides about a ticket for all of them reads that they are several."""
    if sector and place:
        return _("A group of firms: %(sector)s, %(place)s", sector=sector, place=place)
    return _("A group of firms in %(place)s", place=place) if place else _("A group of firms")


def sector_words(card: Card) -> str:
    if card.plain_sector:
        return PLAIN.label(card.plain_sector, locale_code())
    return sectors.words(card.sector, locale_code()) if card.sector else ""


def place_words(card: Card) -> str:
    return place_name(card.province or card.country)


def place_name(code: str) -> str:
    return places.label(places.current(code), locale_code()) if code else ""


def firm_facts(card: Card) -> list[str]:
    """What stands on a firm's card beside its need: size, who owns it."""
    found = []
    if card.size_class:
        found.append(_("%(size)s firm", size=SIZES.label(card.size_class, locale_code())))
    if card.women_band and card.women_band != "none":
        found.append(WOMEN_BANDS.label(card.women_band, locale_code()))
    return found


def kind_words(row: Need | Offer) -> str:
    if row.code:
        scheme = "instrument" if row.kind is Kind.FINANCE else "service"
        return filters.code_label(row.code, scheme)
    return _("Finance") if row.kind is Kind.FINANCE else _("Service")


def active_words(card: Card) -> str | None:
    if card.last_active_at is None:
        return None
    return _("Active %(when)s", when=filters.ago(card.last_active_at))


def reply_words(card: Card) -> str | None:
    if card.unanswered:
        return _("Has not answered lately")
    if card.reply_hours is None:
        return None
    time = filters.duration(timedelta(hours=card.reply_hours))
    return _("Usually answers in %(time)s", time=time)
