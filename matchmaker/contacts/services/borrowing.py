"""What a loan offer would cost a need's firm, held against its sales and against other offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from matchmaker.contacts.borrowing import verdict
from matchmaker.contacts.borrowing.payments import Cost, Loan, costs
from matchmaker.contacts.borrowing.terms import LINES, Counted, Terms
from matchmaker.contacts.borrowing.verdict import Burden, Verdict
from matchmaker.extensions import clock
from matchmaker.organisations.models import FeeWhen, Kind, Need, Offer, Organisation, Security
from matchmaker.organisations.services import money
from matchmaker.organisations.services.adviser import Adviser, adviser_for
from matchmaker.organisations.services.licence import Licence, licence_of
from matchmaker.suggestions.helping import Category
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.alike import offers_alike
from matchmaker.suggestions.services.helpers import offers_in
from matchmaker.vocabulary import bands, rates
from matchmaker.vocabulary.borrowing import Limits, limits_on
from matchmaker.vocabulary.currencies import from_minor, to_minor
from matchmaker.vocabulary.instruments import loan_codes

MOST_CHEAPER = 3
#: Offers named beside a refusal: money that is not paid back, or what stands in for security.
MOST_HELPERS = 2
_HELP = (
    Category(Kind.FINANCE, "MATCHING_GRANT"),
    Category(Kind.FINANCE, "GRANT"),
    Category(Kind.FINANCE, "GUARANTEE"),
)
#: A difference in cost that the page would not show is none.
_SHOWN = 0.001


@dataclass(frozen=True, slots=True)
class Asked:
    """For how much, over how long; None without an amount to start from."""

    amount: int | None
    currency: str
    months: int


@dataclass(frozen=True, slots=True)
class Cheaper:
    offer: Offer
    yearly: float
    monthly: int


@dataclass(frozen=True, slots=True)
class BeforeYouSign:
    offer: Offer
    side: Side
    asked: Asked
    terms: Terms
    #: Cheapest and dearest reading; None without an amount, interest or months beyond the grace.
    low: Cost | None
    high: Cost | None
    burden: Burden | None
    licence: Licence
    verdict: Verdict
    limits: Limits
    cheaper: Sequence[Cheaper] = ()
    helpers: Sequence[Offer] = ()
    adviser: Adviser | None = None


def usual(need: Need, offer: Offer, side: Side) -> Asked:
    """What the page begins with: the firm's own amount; for the funder an amount of its offer."""
    amount, currency = offer.amount_min_minor or offer.amount_max_minor, offer.currency
    if side is Side.NEED and need.amount_minor:
        amount, currency = need.amount_minor, need.currency
    return Asked(amount or None, currency, _terms(offer, currency).usual_months)


def look(session: Session, need: Need, offer: Offer, side: Side, asked: Asked) -> BeforeYouSign:
    """Everything the page tells; what the firm earns and who is cheaper is for its own side."""
    limits, terms = limits_on(clock.today()), _terms(offer, asked.currency)
    licence = licence_of(offer.organisation, clock.today())
    others = _others(session, need, offer, asked) if side is Side.NEED and asked.amount else []
    readings = _costs(terms, asked)
    low, high = readings or (None, None)
    burden, figures = None, None
    if low and high:
        burden = _burden(need.organisation, low, high, asked) if side is Side.NEED else None
        rest = [one.yearly for one in others]
        figures = verdict.Figures(low.yearly, high.yearly, burden, rest)
    judged = verdict.judge(_facts(need, offer, side, asked, licence), figures, limits)
    found = BeforeYouSign(
        offer, side, asked, terms, low, high, burden, licence, judged, limits,
        cheaper=_cheaper(others, low),
    )  # fmt: skip
    return found if side is Side.OFFER or not judged.against else _with_ways(session, need, found)


def _with_ways(session: Session, need: Need, found: BeforeYouSign) -> BeforeYouSign:
    """What does not have to be paid back or stands in for security, and somebody to ask."""
    by_category = offers_in(session, need.organisation, _HELP)
    given = [offers[0] for one in _HELP if (offers := by_category.get(one))]
    adviser = adviser_for(session, need.organisation)
    return replace(found, helpers=given[:MOST_HELPERS], adviser=adviser)


def in_currency(minor: int, currency: str, wanted: str) -> int | None:
    """An amount in another currency at the newest rates; None where one has no rate."""
    if currency == wanted:
        return minor
    try:
        per_usd = [Decimal(str(rates.latest(code).per_usd)) for code in (currency, wanted)]
    except rates.UnknownCurrencyError:
        return None
    return to_minor(from_minor(minor, currency) / per_usd[0] * per_usd[1], wanted)


def _terms(offer: Offer, currency: str) -> Terms:
    fixed = offer.fee_fixed_minor
    return Terms(
        code=offer.code,
        interest_low=_exact(offer.interest_min),
        interest_high=_exact(offer.interest_max),
        counted=Counted(offer.interest_counted) if offer.interest_counted else None,
        fee_percent=_exact(offer.fee_percent),
        fee_fixed=None if fixed is None else in_currency(fixed, offer.currency, currency),
        fee_when=offer.fee_when,
        months_min=offer.months_min,
        months_max=offer.months_max,
        grace=offer.grace_months,
        security=tuple(offer.security),
    )


def _exact(per_cent: float | None) -> Decimal | None:
    """As it was written: 7.1 per cent, and not the nearest binary number."""
    return None if per_cent is None else Decimal(repr(float(per_cent)))


def _costs(terms: Terms, asked: Asked) -> tuple[Cost, Cost] | None:
    loans = terms.loans(asked.amount, asked.months) if asked.amount else None
    if loans is None:
        return None
    low, high = costs(loans)
    return low, high


def _burden(firm: Organisation, low: Cost, high: Cost, asked: Asked) -> Burden | None:
    """Against the band of the firm's own sales, never against their amount."""
    if not firm.turnover_minor:
        return None
    sales = money.in_usd(firm.turnover_minor, firm.currency, clock.today())
    ends = [money.in_usd(cost.monthly, asked.currency, clock.today()) for cost in (low, high)]
    if sales is None or ends[0] is None or ends[1] is None:
        return None
    return verdict.burden(ends[0].usd, ends[1].usd, bands.usd_band(sales.usd))


def _facts(need: Need, offer: Offer, side: Side, asked: Asked, licence: Licence) -> verdict.Facts:
    earns = need.organisation.currency if side is Side.NEED else offer.currency
    return verdict.Facts(
        fee_before=offer.fee_when == FeeWhen.BEFORE,
        licence_said=licence is not Licence.NOT_SAID,
        licence_ended=licence is Licence.ENDED,
        licence_checked=licence is Licence.CHECKED,
        land=Security.LAND in offer.security,
        other_currency=offer.currency != earns,
        outside=_outside(offer, asked) or _terms(offer, asked.currency).only_grace(asked.months),
    )


def _outside(offer: Offer, asked: Asked) -> bool:
    if not (offer.months_min or 1) <= asked.months <= (offer.months_max or asked.months):
        return True
    amount = asked.amount and in_currency(asked.amount, asked.currency, offer.currency)
    if not amount:
        return False
    low, high = offer.amount_min_minor or 0, offer.amount_max_minor
    return amount < low or (high is not None and amount > high)


def _others(session: Session, need: Need, offer: Offer, asked: Asked) -> list[Cheaper]:
    """Loans of the same sort that fit the firm too and may be taken: each at its cheapest."""
    alike = {offer.code} if offer.code in LINES else set(loan_codes()) - LINES
    found = offers_alike(session, need, alike, but=offer.organisation_id)
    readings = [
        (one, loans[0])
        for one in found
        if _may_be_taken(one, asked) and (loans := _loans_of(one, asked)) is not None
    ]
    priced = costs([loan for _offer, loan in readings])
    return [
        Cheaper(one, cost.yearly, cost.monthly)
        for (one, _loan), cost in zip(readings, priced, strict=True)
        if cost.yearly is not None
    ]


def _loans_of(offer: Offer, asked: Asked) -> tuple[Loan, Loan] | None:
    terms = _terms(offer, asked.currency)
    months = max(terms.months_min or 1, min(asked.months, terms.months_max or asked.months))
    return terms.loans(asked.amount or 0, months)


def _may_be_taken(offer: Offer, asked: Asked) -> bool:
    """No offer is named as a better one that the page would itself advise against."""
    ended = offer.organisation.licence_until
    licensed = offer.organisation.licence_number and (ended is None or ended >= clock.today())
    within = Asked(asked.amount, asked.currency, offer.months_min or offer.months_max or 1)
    return bool(licensed) and offer.fee_when != FeeWhen.BEFORE and not _outside(offer, within)


def _cheaper(others: Sequence[Cheaper], low: Cost | None) -> list[Cheaper]:
    """The cheapest first; with no figures of its own, whatever can be counted is offered."""
    limit = float("inf") if low is None or low.yearly is None else low.yearly - _SHOWN
    found = sorted((one for one in others if one.yearly < limit), key=lambda one: one.yearly)
    return found[:MOST_CHEAPER]
