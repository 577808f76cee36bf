"""Whether to leave a loan alone, what to look at twice and what to ask, in the reader's words."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.contacts.borrowing.terms import Open
from matchmaker.contacts.borrowing.verdict import Against, Look
from matchmaker.contacts.borrowing_figure_words import percent
from matchmaker.contacts.services.borrowing import BeforeYouSign
from matchmaker.organisations import loan_words
from matchmaker.web import filters


def against(reason: Against, found: BeforeYouSign) -> str:
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
            cost=percent(found.low.yearly if found.low else None),
            middle=percent(found.verdict.middle),
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


def look(look: Look, found: BeforeYouSign) -> str:
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
            "These numbers lie outside what they offer: %(range)s.", range=_range(found)
        ),
    }[look]


def _range(found: BeforeYouSign) -> str:
    offer = found.offer
    amount = filters.money_band(offer.amount_min_minor, offer.amount_max_minor, offer.currency)
    parts = [amount, loan_words.months(offer)]
    if found.terms.only_grace(found.asked.months):
        parts.append(_("%(months)s of grace", months=loan_words.grace(offer)))
    return loan_words.listed([part for part in parts if part])


def assumed(found: BeforeYouSign) -> list[str]:
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


def unsaid(found: BeforeYouSign) -> list[str]:
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


def limits(found: BeforeYouSign) -> str:
    """What these warnings go by; nobody is to take them for certain."""
    return _(
        "We advise against a loan when its payments surely take more than %(share)s of a month's"
        " sales, when it costs %(times)s times the middle of at least %(num)s others and at least"
        " %(points)s points above it, when a fee is asked beforehand, or when no licence is named."
        " These are this programme's own limits of %(day)s; they know less of your business than"
        " you do.",
        share=filters.percent(found.limits.burden_share),
        times=filters.number(found.limits.cost_times_median, 1),
        num=filters.number(found.limits.comparable_offers),
        points=filters.number(found.limits.cost_over_median * 100, 1),
        day=filters.on_day(found.limits.since),
    )
