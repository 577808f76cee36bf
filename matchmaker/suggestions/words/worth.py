"""What points like these were worth so far: counts and an interval, never a probability."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.matching.metrics import wilson
from matchmaker.organisations.models import Kind
from matchmaker.suggestions.services.calibration import Band
from matchmaker.web.filters import number, percent, round_5


def worth_line(kind: Kind, band: Band | None) -> str:
    """What became of requests in a band; empty where too few were asked to say anything.

    All figures, the interval too, are made from counts rounded to 5: nothing finer leaves.
    """
    if band is None:
        return ""
    asked, yes = round_5(band.asked), round_5(band.accepted)
    met, agreed = round_5(band.met), round_5(band.agreed)
    figures = {
        "asked": number(asked),
        "replied": number(round_5(band.replied)),
        "yes": number(yes),
        "yes_range": _range(yes, asked),
        "met": number(met),
        "met_range": _range(met, asked),
        "agreed": number(agreed),
        "agreed_range": _range(agreed, asked),
        "least": band.least,
        "most": band.most,
    }
    if kind is Kind.FINANCE:
        return _(
            "Of about %(asked)s requests for money at %(least)s to %(most)s points, about"
            " %(replied)s were answered, %(yes)s with a yes (%(yes_range)s); in %(met)s the two met"
            " (%(met_range)s), and %(agreed)s ended in an agreement (%(agreed_range)s).",
            **figures,
        )
    return _(
        "Of about %(asked)s requests for services at %(least)s to %(most)s points, about"
        " %(replied)s were answered, %(yes)s with a yes (%(yes_range)s); in %(met)s the two met"
        " (%(met_range)s), and %(agreed)s ended in an agreement (%(agreed_range)s).",
        **figures,
    )


def _range(count: int, asked: int) -> str:
    low, high = wilson(min(count, asked), asked)
    return _("a share between %(low)s and %(high)s", low=percent(low), high=percent(high))
