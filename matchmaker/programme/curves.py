"""The reliability curve: what points were worth, in steps of ten, with what it takes to draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.organisations.models import Kind
from matchmaker.suggestions.models import PointsBin
from matchmaker.suggestions.services import calibration
from matchmaker.suggestions.services.calibration import Band
from matchmaker.web.filters import percent


@dataclass(frozen=True, slots=True)
class Bar:
    """One bin of the reliability curve: a share with its interval, in per cent."""

    label: str
    asked: int
    share: float
    low: float
    high: float
    said: str
    #: The share on the curve that never falls, worded; empty where requests are too few for one.
    evened: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    title: str
    bars: Sequence[Bar]

    @property
    def evened(self) -> bool:
        return any(bar.evened for bar in self.bars)


def curve(kind: Kind, bins: Sequence[PointsBin]) -> Curve:
    """Yeses by steps of ten points; steps in which nobody asked are left out."""
    found = [band for band in calibration.bands(bins, calibration.BINS) if band.asked]
    smooth = calibration.evened(found)
    told = [""] * len(found) if smooth is None else [percent(share) for share in smooth]
    bars = []
    for band, evened in zip(reversed(found), reversed(told), strict=True):
        low, high = band.interval(band.accepted)
        share = 100 * band.accepted / band.asked
        label = _("%(least)s to %(most)s", least=band.least, most=band.most)
        said = share_words(band, band.accepted)
        bars.append(Bar(label, band.asked, share, 100 * low, 100 * high, said, evened))
    return Curve(_("%(kind)s: answered yes, by points", kind=kind_title(kind)), bars)


def kind_title(kind: Kind) -> str:
    return _("Money") if kind is Kind.FINANCE else _("Services")


def share_words(band: Band, count: int) -> str:
    if not band.asked:
        return "\N{EN DASH}"
    low, high = band.interval(count)
    return _(
        "%(mean)s (%(low)s to %(high)s)",
        mean=percent(count / band.asked),
        low=percent(low),
        high=percent(high),
    )
