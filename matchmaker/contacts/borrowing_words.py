"""Everything the page "before you sign" tells, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from matchmaker.contacts import borrowing_figure_words as figures
from matchmaker.contacts import borrowing_look_words as looks
from matchmaker.contacts.services.borrowing import BeforeYouSign
from matchmaker.contacts.ways_on import adviser_words
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations import loan_words
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.cards import title_of


@dataclass(frozen=True, slots=True)
class OtherLoan:
    title: str
    lang: str
    party: str
    party_lang: str
    url: str
    cost: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Everything `before_you_sign.html` and its region read."""

    i_offer: bool
    #: (label, value).
    figures: list[tuple[str, str]]
    #: For whom figures cannot be counted: why.
    no_figures: str
    for_what: str
    burden: str
    tell_url: str
    against: list[str]
    #: Items of `points_list`.
    looks: list[dict[str, str]]
    licence: str
    assumed: list[str]
    unsaid: list[dict[str, str]]
    limits: str
    cheaper: list[OtherLoan]
    helpers: list[OtherLoan]
    adviser: str


def view(need: Need, found: BeforeYouSign) -> View:
    mine = found.side is Side.NEED
    return View(
        i_offer=not mine,
        figures=figures.figures(found),
        no_figures=figures.no_figures(found),
        for_what=figures.for_what(found),
        burden=figures.burden(found) if mine else "",
        tell_url=_tell_url(need) if mine and not need.organisation.turnover_minor else "",
        against=[looks.against(one, found) for one in found.verdict.against],
        looks=[{"icon": "alert", "text": looks.look(one, found)} for one in found.verdict.looks],
        licence=loan_words.licence(found.offer.organisation),
        assumed=looks.assumed(found),
        unsaid=[{"icon": "unknown", "text": one} for one in looks.unsaid(found)],
        limits=looks.limits(found),
        cheaper=[_other(need, one.offer, figures.percent(one.yearly)) for one in found.cheaper],
        helpers=[_other(need, one) for one in found.helpers],
        adviser=adviser_words(found.adviser, need),
    )


def _tell_url(need: Need) -> str:
    firm = need.organisation.public_id
    return url_for("organisations.profile_step", public_id=firm, step_key="size")


def _other(need: Need, offer: Offer, cost: str = "") -> OtherLoan:
    return OtherLoan(
        title=title_of(offer),
        lang=offer.lang,
        party=offer.organisation.name,
        party_lang=offer.organisation.name_lang,
        url=url_for("suggestions.match_page", need_id=need.public_id, offer_id=offer.public_id),
        cost=_("%(cost)s a year", cost=cost) if cost else "",
    )


def fees_written(offer: Offer) -> str:
    """What they write of fees in their own words."""
    return mask_contacts(offer.fees)


def terms_said(offer: Offer) -> list[tuple[str, ...]]:
    rate = loan_words.interest(offer)
    lines: list[tuple[str, ...]] = [(_("Interest a year"), rate)] if rate else []
    lines += loan_words.term_lines(offer)
    if offer.fees:
        lines.append((_("Fees, in their words"), fees_written(offer), offer.lang))
    return lines
