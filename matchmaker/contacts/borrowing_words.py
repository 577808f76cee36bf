"""What a loan costs and whether to leave it alone, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _

from matchmaker.contacts.borrowing.terms import Open
from matchmaker.contacts.borrowing.verdict import Against, Look
from matchmaker.contacts.services.borrowing import BeforeYouSign
from matchmaker.contacts.ways_on import adviser_words
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations import loan_words
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.cards import title_of
from matchmaker.web import filters
from matchmaker.web.filters import ngettext

#: A cost above this says no more than that it is beyond all measure.
MOST_YEARLY = 10.0
_FIGURES = 3


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
        figures=_figures(found),
        no_figures=_no_figures(found),
        for_what=_for_what(found),
        burden=_burden(found) if mine else "",
        tell_url=_tell_url(need) if mine and not need.organisation.turnover_minor else "",
        against=[_against(one, found) for one in found.verdict.against],
        looks=[{"icon": "alert", "text": _look(one, found)} for one in found.verdict.looks],
        licence=loan_words.licence(found.offer.organisation),
        assumed=_assumed(found),
        unsaid=[{"icon": "unknown", "text": one} for one in _unsaid(found)],
        limits=_limits(found),
        cheaper=[_other(need, one.offer, _percent(one.yearly)) for one in found.cheaper],
        helpers=[_other(need, one) for one in found.helpers],
        adviser=adviser_words(found.adviser, need),
    )


def _for_what(found: BeforeYouSign) -> str:
    if found.asked.amount is None:
        return ""
    return ngettext(
        "For %(amount)s, paid back in %(num)s month:",
        "For %(amount)s, paid back in %(num)s months:",
        found.asked.months,
        amount=filters.money(found.asked.amount, found.asked.currency),
    )


def _figures(found: BeforeYouSign) -> list[tuple[str, str]]:
    if found.low is None or found.high is None:
        return []
    low, high = found.low, found.high
    lines = [(_("You pay each month"), _money(found, low.monthly, high.monthly))]
    if low.loan.grace:
        grace = _money(found, low.in_grace, high.in_grace)
        lines.append((_("In the months of grace"), grace))
    if low.loan.fees:
        given = max(low.loan.amount - low.loan.fees, 0)
        lines.append((_("After fees you are left with"), _money(found, given, given)))
    lines += [
        (_("You pay back in all"), _money(found, low.paid_back, high.paid_back)),
        (_("So the loan costs you"), _money(found, low.total, high.total)),
        (_("Cost a year, all counted in"), _percents(low.yearly, high.yearly)),
    ]
    return lines


def _money(found: BeforeYouSign, low: int, high: int) -> str:
    if low == high:
        return filters.money(low, found.asked.currency)
    return filters.money_band(_about(low), _about(high), found.asked.currency)


def _about(minor: int) -> int:
    """An end of a range is as good as three figures."""
    return int(round(Decimal(minor), _FIGURES - len(str(minor))))


def _percents(low: float | None, high: float | None) -> str:
    first, last = _percent(low), _percent(high)
    return first if first == last else _("%(low)s to %(high)s", low=first, high=last)


def _percent(yearly: float | None) -> str:
    if yearly is None or yearly > MOST_YEARLY:
        return _("more than %(rate)s%%", rate=filters.number(MOST_YEARLY * 100))
    return _("%(rate)s%%", rate=filters.number(yearly * 100, 1))


def _no_figures(found: BeforeYouSign) -> str:
    if Open.INTEREST in found.terms.left_open:
        return _("The offer does not say its interest, so nobody can tell what it costs. Ask.")
    return _("Write an amount, and you see what it costs.") if not found.asked.amount else ""


def _burden(found: BeforeYouSign) -> str:
    share = found.burden
    if share is None:
        return ""
    low = filters.percent(share.low)
    if share.high is None:
        return _("The payment takes %(low)s of your sales in a month, or more.", low=low)
    high = filters.percent(share.high)
    if low == high:
        return _("The payment takes about %(share)s of your sales in a month.", share=low)
    if not share.low:
        return _("The payment takes at most %(high)s of your sales in a month.", high=high)
    return _("The payment takes %(low)s to %(high)s of your sales in a month.", low=low, high=high)


def _tell_url(need: Need) -> str:
    firm = need.organisation.public_id
    return url_for("organisations.profile_step", public_id=firm, step_key="size")


def _against(reason: Against, found: BeforeYouSign) -> str:
    share = filters.percent(found.limits.burden_share)
    return {
        Against.FEE_BEFORE: _(
            "They ask for a fee before they give the loan. That is not allowed here. Pay nothing"
            " before the money is in your hands."
        ),
        Against.NO_LICENCE: _(
            "They do not say who licensed them to lend. Ask for the licence and its number first."
        ),
        Against.LICENCE_ENDED: _(
            "The licence they name has ended. Ask for the new one before you sign."
        ),
        Against.BURDEN: _(
            "Even at best the payments take more than %(share)s of what you sell in a month, and"
            " all your other costs come on top. Up to about %(amount)s they would not.",
            share=share,
            amount=_bearable(found),
        ),
        Against.COST: _(
            "Even at best it costs far more than other loans that fit you: %(cost)s a year. The"
            " middle of the others is %(middle)s.",
            cost=_percent(found.low.yearly if found.low else None),
            middle=_percent(found.verdict.middle),
        )
        if found.verdict.middle is not None
        else _("The fees eat up the whole loan."),
    }[reason]


def _bearable(found: BeforeYouSign) -> str:
    """The amount whose payments stay below the limit at best, rounded down to two figures."""
    if not found.burden or not found.burden.low or not found.asked.amount:
        return ""
    most = int(found.asked.amount * found.limits.burden_share / found.burden.low)
    step = 10 ** max(len(str(most)) - 2, 0)
    return filters.money(most // step * step, found.asked.currency)


def _look(look: Look, found: BeforeYouSign) -> str:
    offer = found.offer
    return {
        Look.LAND: _(
            "They ask for land or a house as security. If you cannot pay, you can lose it. Ask"
            " whether machines, a group or a guarantee would do."
        ),
        Look.UNCHECKED: _("They name a licence, but nobody has checked it. Ask to see it."),
        Look.BURDEN: _(
            "The payments may take more than %(share)s of what you sell in a month. Look at your"
            " weakest month: would you still have enough?",
            share=filters.percent(found.limits.burden_share),
        ),
        Look.COST: _(
            "At worst it costs far more than other loans that fit you. Ask which end is meant"
            " for you."
        ),
        Look.CURRENCY: _(
            "The loan is in %(currency)s and you earn in another currency. If yours loses value,"
            " the loan costs you more.",
            currency=offer.currency,
        ),
        Look.OUTSIDE: _(
            "These numbers lie outside what they offer: %(range)s.", range=_range(offer)
        ),
    }[look]


def _range(offer: Offer) -> str:
    amount = filters.money_band(offer.amount_min_minor, offer.amount_max_minor, offer.currency)
    return loan_words.listed([part for part in (amount, loan_words.months(offer)) if part])


def _assumed(found: BeforeYouSign) -> list[str]:
    """How it was counted where the offer leaves something open."""
    left, said = found.terms.left_open, []
    if found.low is None:
        return []
    if Open.COUNTED in left:
        said.append(
            _(
                "They do not say how interest is counted. The low figures count it on what you"
                " still owe, the high ones on the first amount, to the end."
            )
        )
    if Open.FEES in left:
        said.append(_("They do not say their fees in figures: none are counted in."))
    if Open.GRACE in left or Open.MONTHS in left:
        said.append(_("Where they do not say the months, we took an example without grace."))
    if Open.AT_ONCE in left:
        said.append(
            _("It is counted as if you took all of it at once and paid it back month by month.")
        )
    if found.asked.currency != found.offer.currency:
        said.append(_("Amounts are turned into your currency at our latest rate."))
    said.append(_("Roundings of the lender can move each payment a little."))
    return said


def _unsaid(found: BeforeYouSign) -> list[str]:
    """What to ask, one question each."""
    left = found.terms.left_open
    asks = (
        (Open.INTEREST, _("What is the interest a year?")),
        (Open.COUNTED, _("Is the interest counted on what I still owe, or on the first amount?")),
        (Open.FEES, _("Which fees are there, and how much are they?")),
        (Open.FEE_WHEN, _("When are the fees paid?")),
        (Open.MONTHS, _("How many months do I have to pay back?")),
        (Open.GRACE, _("Are there months of grace at the start?")),
        (Open.SECURITY, _("What security do you ask for?")),
    )
    return [words for code, words in asks if code in left]


def _limits(found: BeforeYouSign) -> str:
    """What these warnings go by; nobody is to take them for certain."""
    return _(
        "We advise against a loan when its payments surely take more than %(share)s of a month's"
        " sales, when it costs %(times)s times the middle of at least %(num)s others, when a fee"
        " is asked beforehand, or when no licence is named. These are this programme's own"
        " limits of %(day)s; they know less of your business than you do.",
        share=filters.percent(found.limits.burden_share),
        times=filters.number(found.limits.cost_times_median, 1),
        num=filters.number(found.limits.comparable_offers),
        day=filters.on_day(found.limits.since),
    )


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
