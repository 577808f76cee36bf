"""The sentences about what came of a request: each side's word, amounts, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.contacts.models import Outcome
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import outcomes
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary import rates
from matchmaker.vocabulary.bands import BANDS, Band
from matchmaker.vocabulary.reasons import OUTCOMES, WHY_NOT
from matchmaker.web.filters import money, money_about, on_day, usd_band
from matchmaker.web.locale import locale_code


@dataclass(frozen=True, slots=True)
class Saying:
    """One word of one side, as a reader sees it."""

    sentence: str
    when: str
    amount: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """What stands now, what was said before, and a kind word where the two differ."""

    now: list[Saying]
    before: list[Saying]
    differ: str = ""


def came_of_it(said: Sequence[Outcome], viewer: Side, currency: str) -> CameOfIt:
    """What one side reads: its own word first."""
    now = outcomes.present(said)
    mine, theirs = now.get(viewer), now.get(other(viewer))
    standing = [row for row in (mine, theirs) if row is not None]
    earlier = [row for row in reversed(said) if not row.current]
    return CameOfIt(
        now=[_saying(row, row.side is viewer, currency) for row in standing],
        before=[_saying(row, row.side is viewer, currency) for row in earlier],
        differ=_difference(mine, theirs),
    )


def bands_in(currency: str) -> list[tuple[str, str]]:
    """The bands to choose from, in dollars and about what that is in this currency."""
    return [(band.key, band_words(band, currency)) for band in BANDS]


def band_words(band: Band, currency: str) -> str:
    dollars = usd_band(band)
    about = _in_currency(band, currency)
    return _("%(dollars)s (about %(amount)s)", dollars=dollars, amount=about) if about else dollars


def amount_words(row: Outcome, currency: str) -> str:
    """The exact amount where it was said, else the band."""
    if row.amount_minor is not None:
        return money(row.amount_minor, row.currency)
    return band_words(row.band, currency) if row.band else ""


def outcome_word(code: str) -> str:
    return OUTCOMES.label(code, locale_code())


def reason_word(code: str) -> str:
    return WHY_NOT.label(code, locale_code()) if code else ""


def for_staff(said: Sequence[Outcome], names: Mapping[Side, str], currency: str) -> list[Saying]:
    """The last word of each side by name: amounts as bands only, and no words of their own."""
    return [
        Saying(
            sentence=_("%(name)s: %(outcome)s", name=names[side], outcome=outcome_word(row.code)),
            when=on_day(row.at),
            amount=band_words(row.band, currency) if row.band else "",
            reason=reason_word(row.reason),
        )
        for side, row in outcomes.present(said).items()
    ]


def differ_for_staff(said: Sequence[Outcome]) -> str:
    """The same, said to somebody who stands beside the two."""
    now = outcomes.present(said)
    need, offer = now.get(Side.NEED), now.get(Side.OFFER)
    if need is None or offer is None:
        return ""
    if outcomes.differ(need, offer):
        return _("The two sides tell it differently. A call to each may help.")
    if outcomes.amounts_differ(need, offer):
        return _("The two sides name different amounts.")
    return ""


def _saying(row: Outcome, own: bool, currency: str) -> Saying:
    word = outcome_word(row.code)
    say = _("You say: %(outcome)s", outcome=word)
    their = _("They say: %(outcome)s", outcome=word)
    return Saying(
        sentence=say if own else their,
        when=on_day(row.at),
        amount=amount_words(row, currency),
        reason=reason_word(row.reason),
        note=row.note,
    )


def _difference(mine: Outcome | None, theirs: Outcome | None) -> str:
    if mine is None or theirs is None:
        return ""
    if outcomes.differ(mine, theirs):
        return _(
            "You say “%(mine)s”, they say “%(theirs)s”. That happens: talk to each other, and"
            " change your answer here if you see it differently by then.",
            mine=outcome_word(mine.code),
            theirs=outcome_word(theirs.code),
        )
    if outcomes.amounts_differ(mine, theirs):
        return _(
            "You both agreed, but name different amounts. Perhaps one of you counts something"
            " else: ask each other."
        )
    return ""


def _in_currency(band: Band, currency: str) -> str:
    """The ends of a band in another currency at today's rate, in round figures."""
    if currency in ("", "USD"):
        return ""
    try:
        rate = rates.rate_on(currency, clock.today())
    except rates.UnknownCurrencyError:
        return ""
    return money_about(band, rate.per_usd, currency)
