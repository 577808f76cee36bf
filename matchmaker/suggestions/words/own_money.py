"""Amounts of a match in the currency of the firm that reads: nobody thinks of kip in dollars."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.organisations.disclosure import need_band
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.web.filters import money_about, money_band


@dataclass(frozen=True, slots=True)
class OwnMoney:
    #: The offer's public range, as its owner wrote it.
    offered: str
    #: About the need's band: reasons and rules do not read its exact amount.
    amount: str

    @property
    def rule(self) -> str:
        return _("an amount of %(range)s", range=self.offered)

    @property
    def have(self) -> str:
        return _("an amount of %(range)s", range=self.amount)


def own_money(need: Need, offer: Offer, side: Side) -> OwnMoney | None:
    """None where dollars are right: two currencies, or a reader who may not know the need's."""
    band = need_band(need)
    if side is not Side.NEED or band is None or not need.rate:
        return None
    if need.currency == "USD" or need.currency != offer.currency:
        return None
    offered = money_band(offer.amount_min_minor, offer.amount_max_minor, offer.currency)
    about = money_about(band, need.rate, need.currency)
    return OwnMoney(offered, _("about %(amount)s", amount=about)) if offered else None
