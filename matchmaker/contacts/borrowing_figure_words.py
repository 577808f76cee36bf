"""What a loan costs and which share of the sales it takes, in the reader's words."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from matchmaker.contacts.borrowing.terms import Open
from matchmaker.contacts.services.borrowing import BeforeYouSign
from matchmaker.web import filters
from matchmaker.web.filters import ngettext

#: A cost above this says no more than that it is beyond all measure.
MOST_YEARLY = 10.0
_FIGURES = 3


def for_what(found: BeforeYouSign) -> str:
    if found.asked.amount is None:
        return ""
    return ngettext(
        "For %(amount)s, paid back in %(num)s month:",
        "For %(amount)s, paid back in %(num)s months:",
        found.asked.months,
        amount=filters.money(found.asked.amount, found.asked.currency),
    )


def figures(found: BeforeYouSign) -> list[tuple[str, str]]:
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
    first, last = percent(low), percent(high)
    return first if first == last else _("%(low)s to %(high)s", low=first, high=last)


def percent(yearly: float | None) -> str:
    if yearly is None or yearly > MOST_YEARLY:
        return _("more than %(rate)s%%", rate=filters.number(MOST_YEARLY * 100))
    return _("%(rate)s%%", rate=filters.number(yearly * 100, 1))


def no_figures(found: BeforeYouSign) -> str:
    if Open.INTEREST in found.terms.left_open:
        return _("The offer does not say its interest, so nobody can tell what it costs. Ask.")
    if found.terms.only_grace(found.asked.months):
        return ngettext(
            "They give %(num)s month of grace, so nothing would be paid back in so short a time."
            " Try more months.",
            "They give %(num)s months of grace, so nothing would be paid back in so short a time."
            " Try more months.",
            found.terms.grace or 0,
        )
    return _("Write an amount, and you see what it costs.") if not found.asked.amount else ""


def burden(found: BeforeYouSign) -> str:
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
