"""What points like these were worth so far: counts, never a probability."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.organisations.models import Kind
from matchmaker.suggestions.services.calibration import Band
from matchmaker.web.filters import number, round_5


def worth_line(kind: Kind, band: Band | None) -> str:
    """One line under the points; empty where too few were asked to say anything."""
    if band is None:
        return ""
    figures = {
        "asked": number(round_5(band.asked)),
        "yes": number(round_5(band.accepted)),
        "least": band.least,
        "most": band.most,
    }
    if kind is Kind.FINANCE:
        return _(
            "Of about %(asked)s requests for money at %(least)s to %(most)s points,"
            " about %(yes)s were answered yes.",
            **figures,
        )
    return _(
        "Of about %(asked)s requests for services at %(least)s to %(most)s points,"
        " about %(yes)s were answered yes.",
        **figures,
    )
